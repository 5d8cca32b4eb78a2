"""The judgement on one draft, as every face of tonecheck hands it out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tonecheck.finding import Finding
from tonecheck.profile import Profile

ELEMENTS = (
    "balance",
    "due_date",
    "account_reference",
    "fees_interest",
    "payment_instructions",
    "payment_options",
    "contact",
    "sender_identity",
    "empathy",
    "courtesy",
    "support_resources",
    "consequences",
    "already_paid",
    "dispute_rights",
    "opt_out",
    "collector_disclosure",
)
VERDICTS = ("send", "revise", "block")


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where an element was found: ``draft[start:end] == quote``."""

    start: int
    end: int
    quote: str

    def to_dict(self) -> dict[str, Any]:
        return {"start": self.start, "end": self.end, "quote": self.quote}


@dataclass(frozen=True, slots=True)
class Element:
    """Whether a piece of content is there, whether this profile requires it, and where it is."""

    present: bool
    required: bool
    evidence: tuple[Evidence, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return {
            "present": self.present,
            "required": self.required,
            "evidence": [place.to_dict() for place in self.evidence],
        }


@dataclass(frozen=True, slots=True)
class Readability:
    """Counts and grades of the sender's own prose. Below 30 words the grades are noise and no rule uses them."""

    words: int
    sentences: int
    flesch_reading_ease: float
    flesch_kincaid_grade: float

    def to_dict(self) -> dict[str, Any]:
        return {
            "words": self.words,
            "sentences": self.sentences,
            "flesch_reading_ease": self.flesch_reading_ease,
            "flesch_kincaid_grade": self.flesch_kincaid_grade,
        }


@dataclass(frozen=True, slots=True)
class Tone:
    """The tone model's opinion: probabilities per category, for the whole and by sentence. Empty without a model."""

    probabilities: dict[str, float]
    by_sentence: tuple[dict[str, Any], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return {
            "probabilities": dict(self.probabilities),
            "by_sentence": [dict(row) for row in self.by_sentence],
        }


@dataclass(frozen=True, slots=True)
class Report:
    """Everything tonecheck has to say about one draft. ``reasons`` says in words why the verdict is what it is;
    ``suppressed`` counts findings that a comment in the draft waved through."""

    version: str
    profile: Profile
    verdict: str
    score: int
    findings: tuple[Finding, ...]
    elements: dict[str, Element]
    readability: Readability
    tone: Tone
    reasons: tuple[str, ...] = ()
    format: str = "text"
    suppressed: tuple[dict[str, Any], ...] = ()

    def to_dict(self, *, explain: bool = False) -> dict[str, Any]:
        """The report as the contract's JSON object."""
        return {
            "version": self.version,
            "profile": self.profile.to_dict(),
            "verdict": self.verdict,
            "score": self.score,
            "reasons": list(self.reasons),
            "findings": [finding.to_dict(explain=explain) for finding in self.findings],
            "elements": {name: element.to_dict() for name, element in self.elements.items()},
            "readability": self.readability.to_dict(),
            "tone": self.tone.to_dict(),
            "format": self.format,
            "suppressed": [dict(row) for row in self.suppressed],
        }
