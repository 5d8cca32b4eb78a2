"""One rule on one message: where it applies, guards and conditions considered, and the findings that this makes."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace

from tonecheck.analysis import Analysis, View
from tonecheck.document import Span
from tonecheck.errors import BrokenRule, TonecheckError
from tonecheck.finding import Finding, Trace
from tonecheck.matchers import Hit
from tonecheck.rulepack import Rule
from tonecheck.scope import GUARDS


def places(rule: Rule, analysis: Analysis) -> Iterator[tuple[Span | None, Trace]]:
    """Where a rule applies in the message (``None``: an absence), guards and conditions considered."""
    for hit, span, guards, refused in attempts(rule, analysis):
        if refused is None:
            yield span, Trace(_matched(analysis, hit), hit.pattern, guards)


def attempts(
    rule: Rule, analysis: Analysis
) -> Iterator[tuple[Hit, Span | None, tuple[tuple[str, bool], ...], str | None]]:
    """Every raw match of a rule with the reported span, the guards tried and, if it does not count, why not."""
    view = analysis.views[rule.view]
    try:
        hits = rule.matcher.find(analysis, view)
        if not hits or not _message_fits(rule, view):
            return
        exempt = _exempt(rule, view, hits)
        for hit in hits:
            if hit.start is None or hit.end is None:
                yield hit, None, (), None
                continue
            span = Span(hit.start, hit.end)
            guards, refused = (
                ((), "it is part of an exception")
                if _overlaps_any(span, exempt)
                else _guarded(rule, analysis, view.masked, span)
            )
            yield hit, _reported(rule, analysis, span), guards, refused
    except TonecheckError:
        raise
    except Exception as err:
        raise BrokenRule(rule.id, f"{type(err).__name__}: {err}") from err


def _exempt(rule: Rule, view: View, hits: Sequence[Hit]) -> list[Span]:
    """Where the phrases stand that the rule excepts, as far as it matters for ``hits``."""
    exceptions = rule.conditions.get("exceptions")
    return (
        []
        if exceptions is None
        else exceptions.spans(view, {hit.start for hit in hits if hit.start is not None})
    )


def _overlaps_any(span: Span, others: list[Span]) -> bool:
    """``others`` are in order and do not overlap each other."""
    at = bisect_left(others, span.end, key=lambda other: other.start)
    return at > 0 and others[at - 1].end > span.start


def _message_fits(rule: Rule, view: View) -> bool:
    has, lacks = rule.conditions.get("message_has"), rule.conditions.get("message_lacks")
    return (has is None or has.stands_in(view)) and (lacks is None or not lacks.stands_in(view))


def _guarded(
    rule: Rule, analysis: Analysis, text: str, span: Span
) -> tuple[tuple[tuple[str, bool], ...], str | None]:
    sentence = analysis.sentence(span.start)
    around = text[sentence.start : max(sentence.end, span.end)]
    has, lacks = rule.conditions.get("sentence_has"), rule.conditions.get("sentence_lacks")
    if has is not None and not has.found_in(around, analysis.wordings):
        return (), "its sentence lacks what the rule asks for"
    if lacks is not None and lacks.found_in(around, analysis.wordings):
        return (), "its sentence has what the rule excludes"
    tried: list[tuple[str, bool]] = []
    for name in rule.unless:
        held = GUARDS[name](analysis, span)
        tried.append((name, held))
        if held:
            return tuple(tried), f"guard {name!r} holds"
    for name in rule.only_if:
        held = GUARDS[name](analysis, span)
        tried.append((name, held))
        if not held:
            return tuple(tried), f"guard {name!r} does not hold"
    return tuple(tried), None


def _reported(rule: Rule, analysis: Analysis, span: Span) -> Span:
    if rule.report == "match":
        return span
    if rule.report == "clause":
        return analysis.clause(span)
    sentence = analysis.sentence(span.start)
    return Span(min(sentence.start, span.start), max(sentence.end, span.end))


def _matched(analysis: Analysis, hit: Hit) -> str:
    return "" if hit.start is None else analysis.document.text[hit.start : hit.end]


def findings_of(rule: Rule, analysis: Analysis) -> Iterator[Finding]:
    """The findings of one rule; overlapping places of the same rule are one finding."""
    document = analysis.document
    last_end = -1
    for hit, span, guards, refused in attempts(rule, analysis):
        if refused is not None:
            continue
        base = Finding(
            rule=rule.id,
            category=rule.category,
            severity=rule.severity if hit.severity is None or rule.own_severity else hit.severity,
            message=rule.message.replace("{detail}", hit.detail),
            why=rule.why,
            element=rule.argument.get("element")
            if rule.verb == "absent" and isinstance(rule.argument, dict)
            else None,
            citation=rule.citation,
            confidence=rule.confidence if hit.confidence is None else round(hit.confidence, 2),
            instead=rule.instead,
            insert=rule.insert,
            trace=Trace(_matched(analysis, hit), hit.pattern, guards),
        )
        if span is None:
            yield base
            return
        if span.start < last_end:
            continue
        last_end = span.end
        message = base.message.replace("{quote}", document.text[slice(*span)])
        yield replace(base, message=message).at(document, document.source_span(*span))
