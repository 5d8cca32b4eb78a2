"""A draft made fit to send: suggestions applied until nothing more can be mended."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from tonecheck import readers
from tonecheck.errors import DraftError
from tonecheck.finding import TONE_CATEGORIES, Finding, Suggestion
from tonecheck.report import VERDICTS, Report
from tonecheck.rewrite.doubts import FEWEST_WORDS, HURTS, WELL_MEANT, doubts, places_of
from tonecheck.rewrite.facts import FIGURES, NAMES, Fact, facts_of
from tonecheck.rewrite.units import WARM, says_more_than_who_writes

if TYPE_CHECKING:
    from tonecheck.analysis import Analysis
    from tonecheck.document import Document
    from tonecheck.engine import Checker
    from tonecheck.profile import Profile
    from tonecheck.rewrite.account import Account

MOST_PASSES = 5
# As many checks are spent in one pass on finding out which edits do no harm.
MOST_TRIALS = 40
# From this confidence on a hint of the model's is mended as if it were no mere hint.
_SURE = 0.6
_FAIR_AMONG_KIND_WORDS = ("threat", "pressure")


@dataclass(frozen=True)
class Fixed:
    """``text`` is ``source``, the draft, with ``applied`` edits in all passes (offsets are those of the pass); ``before`` and ``after`` are the
    reports on the draft and on ``text``."""

    source: str
    text: str
    before: Report
    after: Report
    applied: tuple[tuple[Finding, Suggestion], ...]

    @property
    def left(self) -> tuple[Finding, ...]:
        """What a person has to look at: findings of severity 2 or 3, and those on the draft that were left to a person and whose words still
        stand there, even if they are not found among kinder neighbours any more."""
        now = [finding for finding in self.after.findings if finding.severity >= 2]
        told = [finding.quote for finding in now if finding.quote]
        for finding in self.before.findings:
            quote = finding.quote
            if not quote or finding.severity < 2 or finding.suggestions or quote not in self.text:
                continue
            if not any(quote in one or one in quote for one in told):
                now.append(finding)
        return tuple(now)


def fix(
    checker: Checker,
    draft: str | bytes,
    profile: Profile | None = None,
    *,
    unsafe: bool = False,
    format: str | None = None,
    name: str | None = None,
    account: Account | None = None,
) -> Fixed:
    """Apply safe suggestions, or all of them with ``unsafe``, at most ``MOST_PASSES`` times. There are never more findings than before.

    Raises ``DraftError`` for a draft that cannot be read, or cannot be written back as text (docx).
    """
    document = readers.read(draft, format=format, name=name)
    if document.format == "docx":
        raise DraftError("a .docx cannot be mended in place; save it as text, Markdown or HTML first")
    kind = document.format
    facts = _facts(document)

    def version(read: Document) -> Version:
        analysis = checker.analyse(read, profile)
        return Version(analysis, checker.check_analysis(analysis, account))

    def judged(changed: str) -> Version | None:
        if not changed.strip():
            return None
        if not document.source.startswith("\n"):
            changed = changed.lstrip("\n")  # of a heading that is gone
        read = readers.read(changed, format=kind)
        if not facts <= _facts(read):
            return None
        judged = version(read)
        return judged if says_more_than_who_writes(judged.analysis) or not said else None

    first = last = version(document)
    said = says_more_than_who_writes(first.analysis)
    applied: list[Edit] = []
    for _ in range(MOST_PASSES):
        findings: Sequence[Finding] = last.report.findings
        if unsafe and first.report.verdict != "send":
            findings = _harsh_throughout(checker, first, last, account)
        # What has been inserted is not inserted once more, even if it was not recognised.
        inserted = {finding.rule for finding, _ in applied if finding.is_absence}
        open_findings = [
            _without_what_is_said(one, applied)
            for one in findings
            if not (one.is_absence and one.rule in inserted) and not _is_ours(one, applied)
        ]
        accepted, last = _applied(last, _edits(open_findings, unsafe=unsafe), judged, unsafe=unsafe)
        if not accepted:
            break
        applied += accepted
    return Fixed(document.source, last.text, first.report, last.report, tuple(applied))


def _is_ours(finding: Finding, applied: Sequence[Edit]) -> bool:
    """Whether a finding is about an approved sentence that was put in before: what stands around it makes it sound so."""
    return bool(finding.quote) and any(
        suggestion.kind != "delete" and str(finding.quote) in suggestion.text for _, suggestion in applied
    )


class Version(NamedTuple):
    """The draft after some edits, and what is known about it."""

    analysis: Analysis
    report: Report

    @property
    def text(self) -> str:
        return self.analysis.document.source


Edit = tuple[Finding, Suggestion]
# A changed draft, judged; ``None`` if it has lost a fact or says nothing any more.
Judge = Callable[[str], Version | None]


def _is_harsh(report: Report) -> bool:
    """Whether more than one place of a message hurts, or one gravely: what else is doubted there is then likely to hurt, too."""
    severities = [
        one.severity for one in report.findings if one.category in TONE_CATEGORIES and one.severity >= 2
    ]
    return len(severities) > 1 or 3 in severities


def _harsh_throughout(
    checker: Checker, first: Version, version: Version, account: Account | None
) -> Sequence[Finding]:
    """The findings, and what the model doubts in a message that is not fit to send, advised together. What hurt among other harsh words hurts
    as much when those are mended: a finding is as severe as it was at first, even if it is none any more; and a hint is more than that in a
    message that is not fit to send, if the message is harsh or the model is sure: of such hints, most hurt."""
    harsh = _is_harsh(first.report)
    was = {(one.rule, one.quote): one.severity for one in first.report.findings}

    def severity(finding: Finding) -> int:
        sure = harsh or ("model" in finding.detectors and finding.confidence >= _SURE)
        hurts = sure and finding.category in HURTS and not finding.is_absence and not _is_kind(finding)
        return max(finding.severity, was.get((finding.rule, finding.quote), 0), 2 if hurts else 0)

    at_first = [replace(one, severity=severity(one)) for one in first.report.findings]
    findings = [replace(one, severity=severity(one)) for one in version.report.findings]
    doubted = [*doubts(version.analysis, findings, harsh=harsh)]
    if version is not first:
        doubted += _still_there(first, at_first, version, (*findings, *doubted), harsh=harsh)
    if not doubted and all(
        one.severity == other.severity for one, other in zip(findings, version.report.findings, strict=True)
    ):
        return version.report.findings
    return checker.advised((*findings, *doubted), version.analysis, account)


def _is_kind(finding: Finding) -> bool:
    """Whether a hint is about words that a kind writer uses: "He was a pleasure to have." """
    quote = finding.quote or ""
    if finding.detectors != ("model",) or finding.severity >= 2:
        return False
    is_warm = finding.confidence < _SURE and WARM.search(quote) is not None
    return is_warm or WELL_MEANT.search(quote) is not None


def _still_there(
    first: Version, at_first: Sequence[Finding], version: Version, found: Sequence[Finding], *, harsh: bool
) -> Iterator[Finding]:
    """What hurt or was doubted in the draft, stands in a version of it as it was, and is not among what is ``found`` there. ``at_first``: the
    findings on the draft, as severe as they are taken."""
    places = places_of(found)
    document = version.analysis.document
    for one in (*at_first, *doubts(first.analysis, at_first, harsh=harsh)):
        quote = one.quote or ""
        if one.severity < 2 or one.category not in HURTS or len(quote.split()) < FEWEST_WORDS:
            continue
        # What rules see as a threat or as pressure may be fair warning among kind words.
        if one.category in _FAIR_AMONG_KIND_WORDS and "model" not in one.detectors:
            continue
        at = document.text.find(quote)
        place = document.source_span(at, at + len(quote)) if at >= 0 else None
        if place is not None and not any(place.overlaps(other) for other in places):
            yield replace(one, suggestions=()).at(document, place)


def _without_what_is_said(finding: Finding, applied: Sequence[Edit]) -> Finding:
    """The finding without suggestions that say again what one that was ``applied`` before says. What is missing all the same is inserted."""
    if finding.is_absence:
        return finding
    new = [one for one in finding.suggestions if not any(_says_the_same(one, other) for _, other in applied)]
    # Rather another request with a number than one like that which stands there.
    new.sort(key=lambda one: any(_asks_alike(one, other) for _, other in applied))
    return replace(finding, suggestions=tuple(new))


def _edits(findings: Sequence[Finding], *, unsafe: bool) -> list[Edit]:
    """The first usable suggestion of each finding, the gravest finding first and the widest edit; such as overlap come, too."""
    found: dict[Suggestion, Edit] = {}
    for finding in findings:
        first = next((one for one in finding.suggestions if unsafe or one.safe), None)
        if first is not None:
            found.setdefault(first, (finding, first))
    return sorted(found.values(), key=lambda edit: (-edit[0].severity, edit[1].start - edit[1].end))


def _apart(edits: Sequence[Edit]) -> list[Edit]:
    """Those that do not overlap one before them, in the order in which they stand in a letter."""
    chosen: list[Edit] = []
    for edit in edits:
        if not _overlaps(edit[1], chosen):
            chosen.append(edit)
    return sorted(chosen, key=_turn)


# Two sentences for one of these in a message would press.
_SAID_ONCE = frozenset({"ask_payment", "state_balance", "ask_contact"})
_NUMBER = re.compile(r"\d+")
_ASKS_TO_ANSWER = re.compile(
    r"(?i)(?<!to pay by phone, )\b(?:please|could|would|can) \b[^.?!]*\b(?:reply|call|get in touch|let us know|let me know|get back|contact|write back|ring)\b"
)
_HOW_TO_PAY = re.compile(r"(?i)\bto pay\b|\byou can pay\b")
_FEELS = re.compile(
    r"(?i)\bwe (?:would like to|are here to) help\b|\b(?:we are|i am) sorry\b|\bwe (?:understand|know) that\b|\bhard time"
)
_NOTHING_CAME = re.compile(
    r"(?i)\bnot (?:yet )?(?:received|arrived|reached us|come in|had) ?(?:a |any |your |the )?(?:payment|yet|[.!])"
)


# What is inserted at one place comes in the order of a letter.
_ORDER = (
    "empathy",
    "balance",
    "account_reference",
    "due_date",
    "payment_instructions",
    "payment_options",
    "contact",
    "support_resources",
    "dispute_rights",
    "collector_disclosure",
    "already_paid",
    "courtesy",
    "sender_identity",
    "opt_out",
)


def _turn(edit: Edit) -> int:
    finding, _ = edit
    element = finding.insert or finding.element
    return _ORDER.index(element) if finding.is_absence and element in _ORDER else -1


def _applied(
    version: Version, edits: Sequence[Edit], judged: Judge, *, unsafe: bool
) -> tuple[list[Edit], Version]:
    """The edits made and what comes of them: all at once if that adds no finding; else one by one, each that adds none."""
    if not edits:
        return [], version
    apart = _apart(edits)
    after = judged(with_edits(version.text, [suggestion for _, suggestion in apart]))
    if after is not None and not _is_worse(version.report, after.report):
        return apart, after
    return _Trials(version, judged, unsafe=unsafe).accepted(edits)


class _Trials:
    """Finds the edits that add no finding by halves, with a bound to the checks."""

    def __init__(self, version: Version, judged: Judge, *, unsafe: bool) -> None:
        self._text = version.text
        self._unsafe = unsafe
        self._judged = judged
        self._kept: list[Edit] = []
        self._after = version
        self._left = MOST_TRIALS

    def accepted(self, edits: Sequence[Edit]) -> tuple[list[Edit], Version]:
        apart = _apart(edits)
        self._halve(apart)
        # What did harm among harsh neighbours may do none now, so that it is tried again before anything else is.
        for edit in edits:
            if edit not in self._kept and not _overlaps(edit[1], self._kept):
                self._one(*edit)
        self._kept.sort(key=_turn)
        return self._kept, self._after

    def _halve(self, edits: Sequence[Edit]) -> None:
        if len(edits) == 1:
            return
        middle = len(edits) // 2
        for half in (edits[:middle], edits[middle:]):
            if not self._try(half):
                self._halve(half)

    def _one(self, finding: Finding, first: Suggestion) -> None:
        """The first of the finding's suggestions that does no harm."""
        for suggestion in dict.fromkeys((first, *finding.suggestions)):
            allowed = (suggestion.safe or self._unsafe) and not _overlaps(suggestion, self._kept)
            if allowed and self._try([(finding, suggestion)]):
                return

    def _try(self, edits: Sequence[Edit]) -> bool:
        if self._left == 0:
            return False
        self._left -= 1
        together = sorted((*self._kept, *edits), key=_turn)
        after = self._judged(with_edits(self._text, [suggestion for _, suggestion in together]))
        if after is None or _is_worse(self._after.report, after.report):
            return False
        self._kept, self._after = together, after
        return True


def _overlaps(suggestion: Suggestion, kept: Sequence[Edit]) -> bool:
    """Whether an edit touches the place of another one, or says the same thing once more."""
    return any(
        (suggestion.start < other.end and other.start < suggestion.end)
        or (suggestion != other and _says_the_same(suggestion, other))
        for _, other in kept
    )


def _says_the_same(one: Suggestion, other: Suggestion) -> bool:
    """The same words, or two requests of which one adds no fact."""
    if one.text == other.text:
        return " " in one.text.strip()
    if not set(_NUMBER.findall(one.text)) <= set(_NUMBER.findall(other.text)):
        return False
    return _asks_alike(one, other) or one.intent == other.intent in _SAID_ONCE


def _asks_alike(one: Suggestion, other: Suggestion) -> bool:
    """Whether two edits, not both of them insertions, ask for an answer, or tell how to pay, or that nothing has come, or feel with the reader. What is
    inserted beside
    such a sentence may be needless: the next pass sees."""
    if "rephrase" not in (one.kind, other.kind):
        return False
    # Two answers in a script may both feel with who gives them.
    once = (_FEELS,) if "insert" in (one.kind, other.kind) else ()
    return any(
        said.search(one.text) and said.search(other.text)
        for said in (_ASKS_TO_ANSWER, _NOTHING_CAME, _HOW_TO_PAY, *once)
    )


def with_edits(text: str, suggestions: Sequence[Suggestion]) -> str:
    """``text`` with suggestions applied that do not overlap; insertions at one place keep their order, and share a paragraph."""
    pieces, at, last = [], 0, -1
    for suggestion in sorted(suggestions, key=lambda one: (one.start, one.end)):
        new = suggestion.text
        if suggestion.start == suggestion.end == last and new.startswith("\n\n") and "\n" not in new[2:]:
            new = " " + new[2:]
        # What is more than a sentence, "Kind regards" and a name, is a paragraph of its own.
        is_sentence = suggestion.start == suggestion.end and "\n" not in suggestion.text.strip()
        last = suggestion.end if is_sentence else -1
        pieces += [text[at : suggestion.start], new]
        at = max(at, suggestion.end)
    return "".join([*pieces, text[at:]])


def _facts(document: Document) -> set[Fact]:
    """What has to stay. A suggestion may leave out a fact that stands elsewhere, two may not leave out both. The guard sees to names, addresses and
    figures."""
    return {fact for fact in facts_of(document.text) if fact.kind not in NAMES | FIGURES}


def _is_worse(before: Report, after: Report) -> bool:
    """Whether there are more findings than before, or the verdict or the score is lower, or a category has more findings of severity 2 or 3
    without there being fewer in all: what stays may be seen in another light when what stood beside it is gone. What is missing now and can
    be inserted does not count: it is, in the next pass."""
    grave_before, grave_after = _grave(before), _grave(after)
    is_better = grave_after.total() < grave_before.total() and after.score > before.score
    return (
        len(_open(after)) > len(_open(before))
        or (bool(grave_after - grave_before) and not is_better)
        or VERDICTS.index(after.verdict) > VERDICTS.index(before.verdict)
        or after.score < before.score
    )


def _grave(report: Report) -> Counter[str]:
    return Counter(finding.category for finding in _open(report) if finding.severity >= 2)


def _open(report: Report) -> list[Finding]:
    return [
        finding
        for finding in report.findings
        if not (finding.is_absence and any(one.kind == "insert" for one in finding.suggestions))
    ]
