"""A draft made fit to send: suggestions applied until nothing more can be mended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tonecheck import readers
from tonecheck.errors import DraftError
from tonecheck.finding import Finding, Suggestion
from tonecheck.report import VERDICTS, Report

if TYPE_CHECKING:
    from tonecheck.engine import Checker
    from tonecheck.profile import Profile
    from tonecheck.rewrite.account import Account

MOST_PASSES = 5
# As many checks are spent in one pass on finding out which edits do no harm.
MOST_TRIALS = 40


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
        """What a person has to look at: findings of severity 2 or 3."""
        return tuple(finding for finding in self.after.findings if finding.severity >= 2)


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
    """Apply safe suggestions, or all of them with ``unsafe``, at most ``MOST_PASSES`` times. No finding is ever added.

    Raises ``DraftError`` for a draft that cannot be read, or cannot be written back as text (docx).
    """
    document = readers.read(draft, format=format, name=name)
    if document.format == "docx":
        raise DraftError("a .docx cannot be mended in place; save it as text, Markdown or HTML first")
    kind = document.format
    before = report = checker.check_document(document, profile, account)
    text = document.source
    applied: list[tuple[Finding, Suggestion]] = []

    def judged(changed: str) -> Report:
        return checker.check_document(readers.read(changed, format=kind), profile, account)

    for _ in range(MOST_PASSES):
        edits = list(_edits(report, unsafe=unsafe))
        if not edits:
            break
        changed, accepted, after = _applied(text, report, edits, judged)
        if not accepted:
            break
        text, report = changed, after
        applied += accepted
    return Fixed(document.source, text, before, report, tuple(applied))


Edit = tuple[Finding, Suggestion]


def _edits(report: Report, *, unsafe: bool) -> Iterator[Edit]:
    """The first usable suggestion of each finding, in order, none overlapping another."""
    taken: list[tuple[int, int]] = []
    seen: set[Suggestion] = set()
    for finding in report.findings:
        for suggestion in finding.suggestions:
            if not (unsafe or suggestion.safe):
                continue
            if suggestion in seen:
                break
            if any(suggestion.start < end and start < suggestion.end for start, end in taken):
                break
            seen.add(suggestion)
            taken.append((suggestion.start, suggestion.end))
            yield finding, suggestion
            break


def _applied(
    text: str, report: Report, edits: Sequence[Edit], judged: Callable[[str], Report]
) -> tuple[str, list[Edit], Report]:
    """All edits at once if that adds no finding; else one by one, each that adds none."""
    changed = with_edits(text, [suggestion for _, suggestion in edits])
    after = judged(changed)
    if not _is_worse(report, after):
        return changed, list(edits), after
    return _Trials(text, report, judged).accepted(edits)


class _Trials:
    """Finds the edits that add no finding by halves, with a bound to the checks."""

    def __init__(self, text: str, report: Report, judged: Callable[[str], Report]) -> None:
        self._text = text
        self._judged = judged
        self._kept: list[Edit] = []
        self._changed, self._after = text, report
        self._left = MOST_TRIALS

    def accepted(self, edits: Sequence[Edit]) -> tuple[str, list[Edit], Report]:
        self._halve(edits)
        return self._changed, self._kept, self._after

    def _halve(self, edits: Sequence[Edit]) -> None:
        if len(edits) == 1:
            self._one(*edits[0])
            return
        middle = len(edits) // 2
        for half in (edits[:middle], edits[middle:]):
            if half and not (len(half) > 1 and self._try(half)):
                self._halve(half)

    def _one(self, finding: Finding, first: Suggestion) -> None:
        """The first of the finding's suggestions that does no harm."""
        for suggestion in dict.fromkeys((first, *finding.suggestions)):
            harmless = suggestion.safe >= first.safe and not _overlaps(suggestion, self._kept)
            if harmless and self._try([(finding, suggestion)]):
                return

    def _try(self, edits: Sequence[Edit]) -> bool:
        if self._left == 0:
            return False
        self._left -= 1
        together = [*self._kept, *edits]
        changed = with_edits(self._text, [suggestion for _, suggestion in together])
        after = self._judged(changed)
        if _is_worse(self._after, after):
            return False
        self._kept, self._changed, self._after = together, changed, after
        return True


def _overlaps(suggestion: Suggestion, kept: Sequence[Edit]) -> bool:
    return any(suggestion.start < other.end and other.start < suggestion.end for _, other in kept)


def with_edits(text: str, suggestions: Sequence[Suggestion]) -> str:
    """``text`` with suggestions applied that do not overlap; insertions at one place keep their order."""
    pieces, at = [], 0
    for suggestion in sorted(suggestions, key=lambda one: (one.start, one.end)):
        pieces += [text[at : suggestion.start], suggestion.text]
        at = max(at, suggestion.end)
    return "".join([*pieces, text[at:]])


def _is_worse(before: Report, after: Report) -> bool:
    """Whether a category has more findings than before, or the verdict or the score is lower."""
    more = _counts(after) - _counts(before)
    return (
        bool(more)
        or VERDICTS.index(after.verdict) > VERDICTS.index(before.verdict)
        or after.score < before.score
    )


def _counts(report: Report) -> Counter[str]:
    return Counter(finding.category for finding in report.findings)
