"""What comes in and goes out, as typed models: requests are checked against them, and ``/openapi.json`` is made of them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from tonecheck.finding import TONE_CATEGORIES
from tonecheck.profile import AUDIENCES, CHANNELS, FLAGS, JURISDICTIONS, SENDERS, STAGES, Profile, parse_flags
from tonecheck.rewrite.account import FIELDS, Account

# Literal takes no variables for a type checker, but it does at run time; the values stay in one place.
Channel = Literal[*CHANNELS]  # type: ignore[valid-type]
Stage = Literal[*STAGES]  # type: ignore[valid-type]
Jurisdiction = Literal[*JURISDICTIONS]  # type: ignore[valid-type]
Sender = Literal[*SENDERS]  # type: ignore[valid-type]
Audience = Literal[*AUDIENCES]  # type: ignore[valid-type]
Category = Literal[(*TONE_CATEGORIES, "missing", "compliance", "clarity")]  # type: ignore[valid-type]
Verdict = Literal["send", "revise", "block"]
# A name that was mistyped at most: an error about it may quote it.
Word = Annotated[str, Field(pattern=r"^[A-Za-z_-]{1,40}$")]
Share = Annotated[float, Field(ge=0, le=1)]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Out(BaseModel):
    model_config = ConfigDict(extra="allow")


class CheckIn(_In):
    """A draft and who sends it to whom, how and when."""

    text: str = Field(
        min_length=1,
        description="The draft: plain text, Markdown, HTML or an e-mail (RFC 5322).",
        examples=["Hello Sam, $40 is due on 3 May. Questions? Call 555-0142."],
    )
    channel: Channel | None = Field(
        None, description="How it is sent; by default as configured, else `email`."
    )
    stage: Stage | None = Field(None, description="When it is sent; `overdue` by default.")
    jurisdiction: Jurisdiction | None = Field(None, description="Whose law and idiom; `us` by default.")
    sender: Sender | None = Field(None, description="For whom the sender collects; `first_party` by default.")
    audience: Audience | None = Field(None, description="Who reads it; `consumer` by default.")
    flags: list[Word] | None = Field(
        None,
        max_length=len(FLAGS),
        description=f"Circumstances that no text shows, of: {', '.join(FLAGS)}.",
        json_schema_extra={"items": {"type": "string", "enum": list(FLAGS)}},
    )
    format: Literal["text", "markdown", "html", "eml"] | None = Field(
        None, description="How to read the draft; by default its content says."
    )
    context: dict[Word, str | int | float] | None = Field(
        None,
        description=f"What is known about the account, to fill gaps and to be held against the draft: {', '.join(FIELDS)}.",
        json_schema_extra={"propertyNames": {"enum": list(FIELDS)}},
    )

    def profile(self, default: Profile) -> Profile:
        """The profile: these fields over ``default``. Raises ``ProfileError``."""
        return default.changed(
            channel=self.channel,
            stage=self.stage,
            jurisdiction=self.jurisdiction,
            sender=self.sender,
            audience=self.audience,
            flags=None if self.flags is None else parse_flags(self.flags),
        )

    def account(self) -> Account | None:
        """What is known about the account. Raises ``ContextError``."""
        if self.context is None:
            return None
        return Account.read(self.context)


class FixIn(CheckIn):
    unsafe: bool = Field(
        False,
        description="Apply all suggestions, also deletions, insertions and new offers; not only safe ones.",
    )


class Suggestion(_Out):
    """Write `text` at `start` to `end` of the draft."""

    start: int
    end: int
    text: str
    kind: Literal["rephrase", "insert", "delete"]
    safe: bool
    source: str


class Finding(_Out):
    """One place, or one absence, that a reviewer would raise. Offsets are Unicode code points into the draft; null for an absence."""

    rule: str
    category: Category
    severity: Literal[1, 2, 3]
    start: int | None
    end: int | None
    line: int | None
    column: int | None
    quote: str | None
    element: str | None
    message: str
    why: str
    citation: str | None
    confidence: Share
    detectors: list[str]
    suggestions: list[Suggestion]
    instead: str | None


class Evidence(_Out):
    start: int
    end: int
    quote: str


class Element(_Out):
    """A piece of content: whether it is there, whether this profile requires it, and where it is."""

    present: bool
    required: bool
    evidence: list[Evidence]


class ProfileOut(_Out):
    channel: Channel
    stage: Stage
    jurisdiction: Jurisdiction
    sender: Sender
    audience: Audience
    flags: list[str] = Field(default_factory=list)


class Readability(_Out):
    words: int
    sentences: int
    flesch_reading_ease: float
    flesch_kincaid_grade: float


class SentenceTone(_Out):
    start: int
    end: int
    probabilities: dict[str, Share]


class Tone(_Out):
    """The tone model's opinion; empty without a model."""

    probabilities: dict[str, Share]
    by_sentence: list[SentenceTone]


class Report(_Out):
    """Everything tonecheck has to say about one draft."""

    version: str
    profile: ProfileOut
    verdict: Verdict
    score: int = Field(ge=0, le=100)
    reasons: list[str]
    findings: list[Finding]
    elements: dict[str, Element]
    readability: Readability
    tone: Tone
    format: str
    suppressed: list[dict[str, Any]]


class Applied(_Out):
    rule: str
    suggestion: Suggestion


class FixOut(_Out):
    """The mended draft, the edits in the order of the passes, and the reports before and after."""

    text: str
    changed: bool
    applied: list[Applied]
    before: Report
    after: Report


class Rule(_Out):
    id: str
    category: str
    severity: int | None
    enabled: bool
    message: str | None
    why: str | None
    instead: str | None
    citation: str | None


class Rules(_Out):
    rules: list[Rule]


class RulePath(BaseModel):
    id: str = Field(description="The rule's id, such as `threat/court`, or a former id.")


class Health(_Out):
    status: Literal["ok", "loading"]
    version: str


class FieldError(BaseModel):
    path: str = Field(description="Where, such as `text` or `context.balance`.")
    detail: str


class Problem(BaseModel):
    """An error as RFC 9457 has it. It never quotes the draft."""

    type: str
    title: str
    status: int
    detail: str
    request_id: str | None = None
    errors: list[FieldError] | None = None
