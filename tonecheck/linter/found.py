"""A finding of the linter: what is wrong, where in the templates, on which paths and how it got there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tonecheck.finding import Finding
from tonecheck.linter.places import Place

KINDS = (
    "tone",
    "missing",
    "undefined",
    "syntax",
    "blank",
    "sms",
    "compliance",
    "contradiction",
    "unsafe",
    "shouting",
    "subject",
)
ALWAYS = "always"
_CONTRADICTIONS = ("clarity/contradicting", "clarity/deadline-past", "clarity/wrong-weekday")


@dataclass(frozen=True)
class Found:
    """``place`` is ``None`` for an absence. ``counts``: whether it is held against the template. ``chain``: the calls and includes from
    the template to the place, as ``path:line``, the outermost first."""

    rule: str
    category: str
    severity: int
    message: str
    why: str
    kind: str
    place: Place | None = None
    element: str | None = None
    citation: str | None = None
    confidence: float = 1.0
    detectors: tuple[str, ...] = ("rule",)
    instead: str | None = None
    when: str = ALWAYS
    chain: tuple[str, ...] = ()
    counts: bool = True

    def to_dict(self) -> dict[str, Any]:
        """The finding without its place, which needs the text of the file."""
        return {
            "rule": self.rule,
            "category": self.category,
            "severity": self.severity,
            "element": self.element,
            "message": self.message,
            "why": self.why,
            "citation": self.citation,
            "confidence": self.confidence,
            "detectors": list(self.detectors),
            "suggestions": [],
            "instead": self.instead,
            "kind": self.kind,
            "when": self.when,
            "chain": list(self.chain),
            "counts": self.counts,
        }


def kind_of(finding: Finding) -> str:
    """The kind of a finding of the checker."""
    if finding.category in ("missing", "compliance", "shouting"):
        return finding.category
    if finding.rule.startswith("clarity/sms-"):
        return "sms"
    if finding.rule.startswith(_CONTRADICTIONS):
        return "contradiction"
    return "tone"
