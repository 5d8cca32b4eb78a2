"""From findings to a verdict and a score.

The verdict follows section 4 of the annotation guide: *block* for any severity 3, a disclosure to a third party or a
deception; *revise* for any severity 2 or three findings of tone of severity 1; else *send*. Findings whose rule says
``verdict: false`` (legal points that depend on facts outside the text, clarity) are reported and not counted.

The score is ``100 x product of (1 - weight)`` over all findings, so that fixing one never lowers it. The weights:
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tonecheck.finding import TONE_CATEGORIES, Finding

WEIGHTS = {1: 0.03, 2: 0.12, 3: 0.35}
# A point that the verdict does not count weighs this share of the above.
UNCOUNTED = 0.5
LIGHT_FINDINGS_FOR_REVISE = 3
BLOCKING_CATEGORIES = frozenset({"disclosure", "deception"})


@dataclass(frozen=True, slots=True)
class Judgement:
    """``verdict``, and the ``reasons`` for it in words, the gravest first."""

    verdict: str
    reasons: tuple[str, ...]


def _named(finding: Finding) -> str:
    place = f"line {finding.line}" if finding.line else "missing" if finding.element else "whole message"
    return f"{finding.rule} ({place})"


def judge(counted: Sequence[Finding]) -> Judgement:
    """The verdict over the findings that count."""
    blocking = [
        finding
        for finding in counted
        if finding.severity == 3 or (finding.category in BLOCKING_CATEGORIES and finding.severity == 2)
    ]
    if blocking:
        return Judgement("block", tuple(f"must not be sent: {_named(finding)}" for finding in blocking))
    serious = [finding for finding in counted if finding.severity == 2]
    if serious:
        return Judgement("revise", tuple(f"should be changed: {_named(finding)}" for finding in serious))
    light = [finding for finding in counted if finding.category in TONE_CATEGORIES]
    if len(light) >= LIGHT_FINDINGS_FOR_REVISE:
        names = ", ".join(_named(finding) for finding in light)
        return Judgement("revise", (f"{len(light)} small points of tone add up: {names}",))
    return Judgement("send", ("nothing in the tone or the content holds it back",))


def aside(uncounted: Sequence[Finding]) -> tuple[str, ...]:
    """What the verdict leaves out and the writer should still look at, in words."""
    legal = sum(finding.category == "compliance" and finding.severity >= 2 for finding in uncounted)
    if not legal:
        return ()
    return (f"{legal} legal point{'s' if legal > 1 else ''} to settle, which the verdict does not count",)


def score(counted: Sequence[Finding], uncounted: Sequence[Finding]) -> int:
    """0 to 100; 100 without findings."""
    result = 100.0
    for finding in counted:
        result *= 1 - WEIGHTS[finding.severity]
    for finding in uncounted:
        result *= 1 - UNCOUNTED * WEIGHTS[finding.severity]
    return round(result)
