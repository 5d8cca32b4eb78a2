"""Rules and model decide together. See docs/MODEL.md, "How rules and model decide".

- A sure rule's finding stands, whatever the model says; a model that agrees makes any rule surer.
- A weak rule's finding goes where the model is all but certain that there is nothing.
- What the model alone sees is a finding of its own, unless a rule found the same category in the same sentence.

A weak finding alone in a message is a hint (see ``weighed``), and one place has one finding of a category (``distinct``).
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


def weighed(pairs: list[Judged]) -> list[Judged]:
    """A weak finding of tone stands at its severity only where a finding elsewhere in the message bears it out; alone it is
    a hint, of severity 1. Mending one finding can thus only lower the severity of another."""

    def is_grave(finding: Finding) -> bool:
        return finding.category in TONE_CATEGORIES and finding.severity > 1

    grave = [finding for _, finding in pairs if is_grave(finding)]

    def borne_out(finding: Finding) -> bool:
        span = Span(finding.start or 0, finding.end or 0)
        return any(not span.overlaps(Span(other.start or 0, other.end or 0)) for other in grave)

    return [
        (rule, replace(finding, severity=1))
        if is_weak(finding) and is_grave(finding) and not borne_out(finding)
        else (rule, finding)
        for rule, finding in pairs
    ]


def distinct(pairs: Iterable[Judged]) -> list[Judged]:
    """One finding per place and category: of findings that share half of the shorter one, the gravest, then the
    surest, then the longest, then the first id stays."""

    def rank(pair: Judged) -> tuple[object, ...]:
        finding = pair[1]
        length = (finding.end or 0) - (finding.start or 0)
        return (-finding.severity, -finding.confidence, -length, finding.rule)

    kept: list[Judged] = []
    taken: dict[str, list[Span]] = {}  # by category, in order of start
    for rule, finding in sorted(pairs, key=rank):
        if finding.category in TONE_CATEGORIES and finding.start is not None and finding.end is not None:
            span = Span(finding.start, finding.end)
            rivals = taken.setdefault(finding.category, [])
            at = bisect_left(rivals, span)
            # What is kept overlaps by less than half, so the nearest few on either side are all that can matter.
            if any(_same_place(span, rival) for rival in rivals[max(0, at - 3) : at + 3]):
                continue
            rivals.insert(at, span)
        kept.append((rule, finding))
    return kept


def _same_place(one: Span, other: Span) -> bool:
    shared = min(one.end, other.end) - max(one.start, other.start)
    return shared * 2 >= min(one.end - one.start, other.end - other.start) and shared > 0
