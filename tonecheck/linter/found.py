"""A finding of the linter: what is wrong, where in the templates, on which paths and how it got there."""

from __future__ import annotations

from dataclasses import dataclass, replace
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
    """A finding, with what only the linter knows of it. ``place`` is ``None`` for an absence. ``counts``: whether it is held against the
    template. ``chain``: the calls and includes from the template to the place, as ``path:line``, the outermost first. ``paths``: those
    on which it shows, as bits, for ``when``; ``None`` where that has not been worked out."""

    finding: Finding
    kind: str
    place: Place | None = None
    when: str = ALWAYS
    chain: tuple[str, ...] = ()
    counts: bool = True
    paths: int | None = None

    @property
    def rule(self) -> str:
        return self.finding.rule

    @property
    def severity(self) -> int:
        return self.finding.severity

    def to_dict(self) -> dict[str, Any]:
        return {
            **self.finding.to_dict(),
            "kind": self.kind,
            "when": self.when,
            "chain": list(self.chain),
            "counts": self.counts,
        }

    def placed(self, path: str, **where: Any) -> dict[str, Any]:
        """The row of the finding in the file ``path``. ``where``: start, end, line, column and quote, if they are not known yet."""
        return {**replace(self, finding=replace(self.finding, **where)).to_dict(), "path": path}


def found(
    rule: str,
    kind: str,
    severity: int,
    message: str,
    why: str,
    place: Place | None,
    *,
    chain: tuple[str, ...] = (),
    instead: str | None = None,
    counts: bool = True,
) -> Found:
    """What the linter finds by itself, without the checker."""
    return Found(
        Finding(rule, "clarity", severity, message, why, instead=instead),
        kind,
        place,
        chain=chain,
        counts=counts,
    )


def kind_of(finding: Finding) -> str:
    """The kind of a finding of the checker."""
    if finding.category in ("missing", "compliance", "shouting"):
        return finding.category
    if finding.rule.startswith("clarity/sms-"):
        return "sms"
    if finding.rule.startswith(_CONTRADICTIONS):
        return "contradiction"
    return "tone"
