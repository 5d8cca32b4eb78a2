"""Rules and model decide together. See docs/MODEL.md, "How rules and model decide".

- A sure rule's finding stands, whatever the model says; a model that agrees makes any rule surer.
- A weak rule's finding goes where the model is all but certain that there is nothing.
- What the model alone sees is a finding of its own, unless a rule found the same category in the same sentence.

A weak finding alone in a message is a hint (see ``is_weak``, and ``tonecheck.engine``).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from tonecheck.document import Span
from tonecheck.finding import TONE_CATEGORIES, Finding
from tonecheck.model.opinions import Opinions
from tonecheck.rulepack import Rule

# A rule less sure than this is weak: many a plain sentence looks like what it finds.
SURE = 0.7
# Below this probability the model is all but certain that a category is not there.
RULED_OUT = 0.02
# The model alone is weak below this probability.
SURE_ALONE = 0.96

Judged = tuple[Rule, Finding]


def fuse(pairs: Iterable[Judged], opinions: Opinions, sentences: Sequence[Span]) -> Iterator[Judged]:
    """The findings of rules and model made one set, in the order given.

    ``sentences``: the span in the draft of each sentence that the model judged, in order.
    """
    pairs = list(pairs)
    by_rule = {
        (finding.category, number)
        for rule, finding in pairs
        if rule.verb != "model"
        for number in _touched(finding, sentences)
    }
    for rule, finding in pairs:
        if finding.category not in TONE_CATEGORIES or finding.is_absence:
            yield rule, finding
            continue
        touched = _touched(finding, sentences)
        if rule.verb == "model":
            if not any((finding.category, number) in by_rule for number in touched):
                yield rule, replace(finding, detectors=("model",))
            continue
        probability = max(
            (opinions.rows[number].probabilities.get(finding.category, 0.0) for number in touched),
            default=None,
        )
        if probability is None:
            yield rule, finding
        elif probability >= opinions.model.calibration.threshold(finding.category):
            both = round(1 - (1 - finding.confidence) * (1 - probability), 2)
            yield rule, replace(finding, confidence=both, detectors=("rule", "model"))
        elif finding.confidence >= SURE or probability >= RULED_OUT:
            yield rule, finding


def is_weak(finding: Finding) -> bool:
    """Whether a finding of tone needs another one elsewhere in the message to be taken at its severity."""
    return finding.confidence < (SURE_ALONE if finding.detectors == ("model",) else SURE)


def _touched(finding: Finding, sentences: Sequence[Span]) -> range:
    """The numbers of the sentences that a finding overlaps; none for an absence."""
    if finding.start is None or finding.end is None:
        return range(0)
    first = bisect_right(sentences, finding.start, key=lambda sentence: sentence.end)
    return range(first, bisect_left(sentences, finding.end, key=lambda sentence: sentence.start))
