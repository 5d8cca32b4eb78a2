"""Why a rule did not fire on a draft, for ``--explain-miss``."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from tonecheck.analysis import Analysis
from tonecheck.anchors import may_match
from tonecheck.document import Document, Span
from tonecheck.engine import Checker
from tonecheck.finding import Finding
from tonecheck.profile import Profile
from tonecheck.report import Report
from tonecheck.rulehits import attempts, findings_of
from tonecheck.rulepack import Rule

_SHOWN_ANCHORS = 8
_SHOWN_QUOTE = 60


def why_not(rule: Rule, checker: Checker, document: Document, report: Report) -> list[str]:
    """One or more sentences: what kept ``rule`` from being among the report's findings, or that it is there.

    ``rule`` may be one that the configuration switches off. The report is the checker's for this document.
    """
    if any(finding.rule == rule.id for finding in report.findings):
        return ["it fired: see the findings"]
    off = [pattern for pattern in checker.config.disable if rule.is_named(pattern)]
    if off:
        return [f"the configuration switches it off: rules.disable has {off[0]!r}"]
    if outside := list(_outside(rule, report.profile, date.today())):
        return outside
    analysis = checker.analyse(document, report.profile)
    if rule.is_element:
        present = bool(analysis.elements.get(rule.category))
        tried = list(_tried(rule, analysis))
        return tried or [
            f"it gives evidence of {rule.category}, which is {'there' if present else 'not there'}"
        ]
    return list(_tried(rule, analysis)) or list(_lost(rule, analysis, report))


def _outside(rule: Rule, profile: Profile, today: date) -> Iterator[str]:
    """The fields of the profile, and the dates, that the rule is not for."""
    for name, values in rule.applies.items():
        if name == "flags":
            for flag in sorted(set(values) - profile.flags):
                yield f"it is only for drafts with the flag {flag}, which is not declared"
        elif name == "not_flags":
            for flag in sorted(set(values) & profile.flags):
                yield f"it is not for drafts with the flag {flag}, which is declared"
        elif getattr(profile, name) not in values:
            yield f"it is for {name} {' or '.join(values)}; the profile says {getattr(profile, name)}"
    if rule.effective_from and today < rule.effective_from:
        yield f"it is in force from {rule.effective_from}"
    if rule.effective_until and today > rule.effective_until:
        yield f"it expired on {rule.effective_until}"


def _tried(rule: Rule, analysis: Analysis) -> Iterator[str]:
    """What stood in the way while the rule looked at the message; nothing if it has hits that count."""
    found = list(attempts(rule, analysis))
    if any(refused is None for _, _, _, refused in found):
        return
    for hit, span, _, refused in found:
        yield f"{_place(analysis, span)}: {hit.pattern!r} matches {_quote(analysis, span)}, but {refused}"
    if found:
        return
    view = analysis.views[rule.view]
    needs = rule.matcher.needs
    if not may_match(needs, view.words):
        shown = sorted(
            {word for way in needs for part in way if part.isdisjoint(view.words) for word in part}
        )
        more = f" and {len(shown) - _SHOWN_ANCHORS} more" if len(shown) > _SHOWN_ANCHORS else ""
        yield f"words that it needs do not stand in the message: {', '.join(shown[:_SHOWN_ANCHORS])}{more}"
        yield from _elsewhere(rule, analysis)
        return
    for name, wanted in (("message_has", True), ("message_lacks", False)):
        condition = rule.conditions.get(name)
        if condition is not None and any(True for _ in condition.find(analysis, view)) is not wanted:
            yield f"the whole message {'lacks what' if wanted else 'has what'} the rule {'asks for' if wanted else 'excludes'}"
            return
    if rule.verb == "absent":
        yield "what it would miss is there"
        return
    if rule.verb in ("tokens", "dependency") and analysis.parse(0) is None:
        yield "it needs a statistical pipeline, and language.pipeline is none"
        return
    yield f"its {rule.verb} did not match anywhere"
    yield from _elsewhere(rule, analysis)


def _elsewhere(rule: Rule, analysis: Analysis) -> Iterator[str]:
    """Matches in words that are not the sender's own, which the rule does not read."""
    if rule.view == "text" or rule.verb == "absent":
        return
    own = analysis.views[rule.view].plain
    for hit in rule.matcher.find(analysis, analysis.views["text"]):
        if hit.start is not None and hit.end is not None and not own[hit.start : hit.end].strip():
            span = Span(hit.start, hit.end)
            yield f"{_place(analysis, span)}: {_quote(analysis, span)} matches, but is not the sender speaking"


def _lost(rule: Rule, analysis: Analysis, report: Report) -> Iterator[str]:
    """The rule has hits that count, but the report does not have them."""
    lines = sorted({row["line"] for row in report.suppressed if row["rule"] == rule.id and row["line"]})
    if any(row["rule"] == rule.id for row in report.suppressed):
        yield "a comment in the draft suppresses it" + (
            f" (line {', '.join(map(str, lines))})" if lines else ""
        )
    for lost in findings_of(rule, analysis):
        if lost.line in lines:
            continue
        winners = [
            other.rule
            for other in report.findings
            if other.category == rule.category and _overlap(lost, other)
        ]
        yield f"line {lost.line}: it matches, and {_either(winners)} at the same place is reported instead"


def _overlap(one: Finding, other: Finding) -> bool:
    if one.start is None or one.end is None or other.start is None or other.end is None:
        return False
    return one.start < other.end and other.start < one.end


def _either(rules: list[str]) -> str:
    return " or ".join(rules) if rules else "a graver finding"


def _place(analysis: Analysis, span: Span | None) -> str:
    if span is None:
        return "whole message"
    line, column = analysis.document.position(analysis.document.source_span(*span).start)
    return f"{line}:{column}"


def _quote(analysis: Analysis, span: Span | None) -> str:
    if span is None:
        return "the message"
    quote = " ".join(analysis.document.quote(*span).split())
    return f"“{quote}”" if len(quote) <= _SHOWN_QUOTE else f"“{quote[:_SHOWN_QUOTE]}…”"
