"""Report → text for people: the verdict and why, each finding with its place in the draft, a checklist, readability."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tonecheck.finding import TONE_CATEGORIES, Finding, Suggestion
from tonecheck.profile import VALUES, Profile
from tonecheck.readability import MINIMUM_WORDS
from tonecheck.render.excerpt import excerpt
from tonecheck.render.terminal import Terminal
from tonecheck.report import Element, Report

VERDICT_WORDS = {
    "send": ("SEND", "it is fit to send", "green"),
    "revise": ("REVISE", "it should be changed before it is sent", "yellow"),
    "block": ("BLOCK", "it must not be sent as it is", "red"),
}
# In the order in which a writer will want to deal with them.
_GROUPS = (
    ("Tone", frozenset(TONE_CATEGORIES)),
    ("Missing", frozenset({"missing"})),
    ("Law", frozenset({"compliance"})),
    ("Clarity", frozenset({"clarity"})),
)
_SEVERITY = {3: ("●●●", "red"), 2: ("●●○", "yellow"), 1: ("●○○", "cyan")}
_INDENT = "      "
_LABEL = 9  # cells for "instead" and its like
# A message quotes the draft; what is longer than this is told by the excerpt.
_LONGEST_MESSAGE = 400
_LONGEST_EVIDENCE = 44
_AROUND_EVIDENCE = 16  # cells for the sign, the quotation marks and "+12 more"
_MAX_REASONS = 5
# Below this number of words the grades are noise.


def render(report: Report, source: str, path: str, terminal: Terminal, *, explain: bool = False) -> str:
    """The whole report. ``source`` is the draft as read (``Document.source``)."""
    lines = [*_header(report, path, terminal)]
    for title, categories in _GROUPS:
        members = [finding for finding in report.findings if finding.category in categories]
        if members:
            lines += ["", terminal.paint(title, "bold")]
            for finding in members:
                lines += _finding(finding, source, terminal, explain)
    lines += ["", terminal.paint("Content", "bold"), *_checklist(report, terminal)]
    lines += ["", *terminal.wrap(_readability(report), "Readability: ", "  ")]
    lines += _suppressed(report, terminal)
    return "\n".join(line.rstrip() for line in lines) + "\n"


def render_line(report: Report, path: str, terminal: Terminal) -> str:
    """The verdict on one line, for ``--quiet``."""
    count = len(report.findings)
    word, _, colour = VERDICT_WORDS[report.verdict]
    verdict = terminal.paint(word, colour, "bold")
    return f"{terminal.plain(path)}: {verdict} (score {report.score}, {count} finding{'' if count == 1 else 's'})\n"


def summary(reports: Iterable[Report]) -> str:
    """How many drafts got which verdict."""
    verdicts = [report.verdict for report in reports]
    counts = [
        f"{verdicts.count(verdict)} {verdict}" for verdict in reversed(VERDICT_WORDS) if verdict in verdicts
    ]
    return f"{len(verdicts)} drafts: {', '.join(counts)}\n"


def profile_line(profile: Profile) -> str:
    """The profile as one line: ``email · overdue · us · first_party · consumer``."""
    return " · ".join([*(getattr(profile, name) for name in VALUES), *sorted(profile.flags)])


def _header(report: Report, path: str, terminal: Terminal) -> Iterator[str]:
    shown, profile = terminal.plain(path), terminal.plain(profile_line(report.profile))
    if terminal.columns(shown) + 2 + terminal.columns(profile) <= terminal.width:
        yield f"{terminal.paint(shown, 'bold')}  {terminal.paint(profile, 'dim')}"
    else:
        yield terminal.paint(shown, "bold")
        yield from (terminal.paint(line, "dim") for line in terminal.wrap(profile, "  "))
    word, meaning, colour = VERDICT_WORDS[report.verdict]
    first, *rest = terminal.wrap(f"— {meaning} (score {report.score} of 100)", word + " ", "  ")
    yield terminal.paint(word, colour, "bold") + first[len(word) :]
    yield from rest
    for reason in report.reasons[:_MAX_REASONS]:
        yield from terminal.wrap(reason, f"  {terminal.plain('•')} ", "    ")
    if len(report.reasons) > _MAX_REASONS:
        yield f"  {terminal.plain('•')} and {len(report.reasons) - _MAX_REASONS} more of this kind"


def _finding(finding: Finding, source: str, terminal: Terminal, explain: bool) -> Iterator[str]:
    mark, colour = _SEVERITY[finding.severity]
    place = "" if finding.line is None else f"  {finding.line}:{finding.column}"
    yield f"  {terminal.paint(terminal.plain(mark), colour)} {terminal.paint(finding.rule, 'bold')}{place}"
    yield from terminal.wrap(terminal.shortened(finding.message, _LONGEST_MESSAGE), _INDENT)
    if finding.start is not None and finding.end is not None and finding.line and finding.column:
        yield from excerpt(
            terminal, source, finding.start, finding.end, finding.line, finding.column, _INDENT
        )
    better = (
        _suggested(finding.suggestions[0], source) if finding.suggestions else ("instead", finding.instead)
    )
    for label, text in (("why", finding.why), better, ("law", finding.citation)):
        if text:
            yield from _labelled(terminal, label, text)
    if explain:
        yield from _trace(finding, terminal)


def _suggested(suggestion: Suggestion, source: str) -> tuple[str, str]:
    """What to do, in a word, and with what."""
    new = " ".join(suggestion.text.split())
    old = " ".join(source[suggestion.start : suggestion.end].split())
    if suggestion.kind == "insert":
        return "add", f"“{new}”"
    if suggestion.kind == "delete":
        return "cut", f"“{old}”"
    return "write", f"“{new}” for “{old}”" if new else f"nothing for “{old}”"


def _labelled(terminal: Terminal, label: str, text: str) -> Iterator[str]:
    first, *rest = terminal.wrap(text, _INDENT + label.ljust(_LABEL))
    start = len(_INDENT) + _LABEL
    yield _INDENT + terminal.paint(label.ljust(_LABEL), "dim") + first[start:]
    yield from rest


def _trace(finding: Finding, terminal: Terminal) -> Iterator[str]:
    yield from _labelled(
        terminal, "sure", f"{finding.confidence:.2f}, seen by {', '.join(finding.detectors)}"
    )
    if finding.trace is None:
        return
    if finding.trace.matched:
        yield from _labelled(terminal, "matched", terminal.shortened(finding.trace.matched, _LONGEST_MESSAGE))
    yield from _labelled(terminal, "pattern", terminal.shortened(finding.trace.pattern, _LONGEST_MESSAGE))
    if finding.trace.guards:
        guards = ", ".join(
            f"{name} {'held' if held else 'did not hold'}" for name, held in finding.trace.guards
        )
        yield from _labelled(terminal, "guards", guards)


def _checklist(report: Report, terminal: Terminal) -> Iterator[str]:
    widest = max(map(len, report.elements), default=0)
    optional = []
    for name, element in report.elements.items():
        label = name.replace("_", " ").ljust(widest)
        if element.present:
            sign = terminal.paint(terminal.plain("✓"), "green")
            yield f"  {sign} {label}  {_evidence(element, terminal, terminal.width - widest - _AROUND_EVIDENCE)}"
        elif element.required:
            yield f"  {terminal.paint(terminal.plain('✗'), 'red')} {label}  {terminal.paint('required and not there', 'red')}"
        else:
            optional.append(name.replace("_", " "))
    if optional:
        yield from terminal.wrap(
            "not there, not required: " + ", ".join(optional), f"  {terminal.plain('·')} ", "    "
        )


def _evidence(element: Element, terminal: Terminal, width: int) -> str:
    if not element.evidence:
        return ""
    first, *others = element.evidence
    quote = terminal.plain(f"“{terminal.shortened(first.quote, min(width, _LONGEST_EVIDENCE))}”")
    return terminal.paint(f"{quote} +{len(others)} more" if others else quote, "dim")


def _readability(report: Report) -> str:
    prose = report.readability
    words = f"{prose.words} word{'' if prose.words == 1 else 's'} in {prose.sentences} sentence{'' if prose.sentences == 1 else 's'}"
    if prose.words < MINIMUM_WORDS:
        return f"{words}, too short to grade"
    return f"{words}, reading ease {prose.flesch_reading_ease:.0f} of 100, school grade {prose.flesch_kincaid_grade:.1f}"


def _suppressed(report: Report, terminal: Terminal) -> Iterator[str]:
    if not report.suppressed:
        return
    count = len(report.suppressed)
    yield ""
    yield f"{count} finding{'' if count == 1 else 's'} suppressed by comments in the draft:"
    for row in report.suppressed:
        place = f" (line {row['line']})" if row["line"] else ""
        yield from terminal.wrap(
            f"{row['rule']}{place}: {row['reason']}", f"  {terminal.plain('·')} ", "    "
        )
