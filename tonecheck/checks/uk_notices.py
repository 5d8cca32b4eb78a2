"""Notices of the United Kingdom: how long they leave until something follows."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tonecheck.analysis import Analysis, View
from tonecheck.checks.facts import (
    BY,
    Doubt,
    day_of,
    days_of,
    facts,
    in_words,
    letter_date,
    sentence_text,
    text_before,
)

_COURT = re.compile(
    r"\b(?:(?:county|high|sheriff|civil|small claims|to|in|through|the) court\b|court (?:action|claim|papers|proceedings|order)"
    r"|legal (?:action|proceedings|claim)|start proceedings|issue (?:a claim|proceedings)|claim form|ccj|litigation|sue)\b",
    re.I,
)
_REMEDY = re.compile(
    r"\b(?:pay|paid|payment|action required|remed(?:y|ied)|put (?:it |this )?right|required by this notice|arrears|breach"
    r"|default|do this|must be (?:done|taken))\b",
    re.I,
)
_WITHIN = re.compile(r"\b(?:within|in|have|inside|next|give you)(?: the)?(?: next)?\s*\Z", re.I)
_RESPONSE = re.compile(
    r"\b(?:pay|paid|payment|repl(?:y|ied)|respon[ds]e?d?|contact|hear|heard|settled?|clear)\b", re.I
)


def _too_short(
    analysis: Analysis, view: View, subject: re.Pattern[str], least: int, nearby: int = 0
) -> Iterator[Doubt]:
    """Periods and dates below ``least`` days in sentences about ``subject``, or up to ``nearby`` sentences before one."""
    sentences = analysis.sentences
    relevant = [bool(subject.search(view.plain, span.start, span.end)) for span in sentences]
    written = letter_date(analysis, view)
    for entity in facts(analysis, view, "period") + facts(analysis, view, "date"):
        index = analysis.sentence_index(entity.start)
        if not any(relevant[index : index + 1 + nearby]):
            continue
        before = text_before(view, entity.start)
        if entity.kind == "period":
            days = days_of(entity)
            if days is not None and days < least and _WITHIN.search(before):
                yield Doubt.about(entity, f"{days} days")
        elif written is not None and (day := day_of(entity)) is not None and BY.search(before):
            days = (day - written).days
            if 0 <= days < least:
                yield Doubt.about(entity, f"{days} days after {in_words(written)}")


def _first(doubts: Iterator[Doubt]) -> Iterator[Doubt]:
    """The doubt that stands first in the message."""
    found = sorted(doubts, key=lambda doubt: doubt.start or 0)
    yield from found[:1]


def default_notice_short(analysis: Analysis, view: View) -> Iterator[Doubt]:
    """A default notice that gives less than 14 days."""
    yield from _first(_too_short(analysis, view, _REMEDY, 14))


def court_within_30_days(analysis: Analysis, view: View) -> Iterator[Doubt]:
    """Court proceedings announced for less than 30 days from the letter."""
    doubts = [
        doubt
        for doubt in _too_short(analysis, view, _COURT, 30, nearby=1)
        if doubt.start is not None and _RESPONSE.search(sentence_text(analysis, view, doubt.start))
    ]
    yield from _first(iter(doubts))
