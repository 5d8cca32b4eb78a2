"""Rules and model decide together. See docs/MODEL.md, "How rules and model decide".

- A sure rule's finding stands, whatever the model says; a model that agrees makes any rule surer.
- A weak rule's finding goes where the model is all but certain that there is nothing.
- What the model alone sees is a finding of its own, unless a rule found the same category in the same sentence.

A weak finding alone in a message is a hint (see ``is_weak``, and ``tonecheck.engine``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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


def fuse(pairs: Iterable[Judged], opinions: Opinions, sentences: dict[int, Span]) -> Iterator[Judged]:
    """The findings of rules and model made one set, in the order given.

    ``sentences``: the span in the draft of each sentence that the model judged, by its number.
    """
    pairs = list(pairs)
    by_rule = [pair for pair in pairs if pair[0].verb != "model"]
    for rule, finding in pairs:
        if finding.category not in TONE_CATEGORIES or finding.start is None or finding.end is None:
            yield rule, finding
            continue
        touched = _touched(finding, sentences)
        if rule.verb == "model":
            if not any(_shares(other, finding.category, touched, sentences) for _, other in by_rule):
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


def _touched(finding: Finding, sentences: dict[int, Span]) -> list[int]:
    place = Span(finding.start or 0, finding.end or 0)
    return [number for number, sentence in sentences.items() if sentence.overlaps(place)]


def _shares(other: Finding, category: str, touched: list[int], sentences: dict[int, Span]) -> bool:
    if other.category != category or other.start is None or other.end is None:
        return False
    place = Span(other.start, other.end)
    return any(sentences[number].overlaps(place) for number in touched)
