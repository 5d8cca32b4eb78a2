"""One place, or one absence, that a reviewer would raise."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tonecheck.document import Document, Span

TONE_CATEGORIES = (
    "threat",
    "pressure",
    "demand",
    "blame",
    "shame",
    "insult",
    "sarcasm",
    "dismissive",
    "deception",
    "disclosure",
    "shouting",
    "negative_wording",
)
OTHER_CATEGORIES = ("missing", "compliance", "clarity")
CATEGORIES = TONE_CATEGORIES + OTHER_CATEGORIES


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A proposed edit: replace ``draft[start:end]`` by ``text``. ``kind``: rephrase, insert or delete. ``intent``: what the approved phrasing behind it
    is for; no part of the report."""

    start: int
    end: int
    text: str
    kind: str = "rephrase"
    safe: bool = True
    source: str = "tonecheck"  # or "llm": a language model that the configuration names
    intent: str = field(default="", compare=False)

    def to_dict(self) -> dict[str, Any]:
        return {
            "start": self.start,
            "end": self.end,
            "text": self.text,
            "kind": self.kind,
            "safe": self.safe,
            "source": self.source,
        }


@dataclass(frozen=True, slots=True)
class Trace:
    """How a finding came about, for ``--explain``: what matched, and which guards were tried."""

    matched: str
    pattern: str
    guards: tuple[tuple[str, bool], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return {
            "matched": self.matched,
            "pattern": self.pattern,
            "guards": [{"guard": name, "held": held} for name, held in self.guards],
        }


@dataclass(frozen=True, slots=True)
class Finding:
    """See the report contract. ``start``/``end`` are code points into the draft as handed in, ``None`` for an
    absence; ``line`` and ``column`` count from 1."""

    rule: str
    category: str
    severity: int
    message: str
    why: str
    start: int | None = None
    end: int | None = None
    line: int | None = None
    column: int | None = None
    quote: str | None = None
    element: str | None = None
    citation: str | None = None
    confidence: float = 1.0
    detectors: tuple[str, ...] = ("rule",)
    suggestions: tuple[Suggestion, ...] = ()
    instead: str | None = None
    insert: str | None = None  # the element whose phrasings mend an absence
    trace: Trace | None = field(default=None, compare=False)

    @property
    def is_absence(self) -> bool:
        return self.start is None

    def at(self, document: Document, place: Span) -> Finding:
        """The same finding at ``place``, a slice of the draft as it was handed in."""
        line, column = document.position(place.start)
        return replace(
            self,
            start=place.start,
            end=place.end,
            line=line,
            column=column,
            quote=document.source[slice(*place)],
        )

    def sort_key(self) -> tuple[Any, ...]:
        """Order of the draft, absences last, then by id."""
        if self.start is None or self.end is None:
            return (1, 0, 0, self.rule, self.message)
        return (0, self.start, self.end, self.rule, self.message)

    def to_dict(self, *, explain: bool = False) -> dict[str, Any]:
        result: dict[str, Any] = {
            "rule": self.rule,
            "category": self.category,
            "severity": self.severity,
            "start": self.start,
            "end": self.end,
            "line": self.line,
            "column": self.column,
            "quote": self.quote,
            "element": self.element,
            "message": self.message,
            "why": self.why,
            "citation": self.citation,
            "confidence": self.confidence,
            "detectors": list(self.detectors),
            "suggestions": [suggestion.to_dict() for suggestion in self.suggestions],
            "instead": self.instead,
        }
        if explain and self.trace is not None:
            result["trace"] = self.trace.to_dict()
        return result
