"""Dates against each other: weekdays, and the days by which to pay."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from tonecheck.analysis import Analysis, View
from tonecheck.checks.facts import (
    Doubt,
    day_of,
    facts,
    in_words,
    letter_date,
    quote,
    sentence_text,
    text_before,
    unlike_the_first,
)
from tonecheck.entities import Entity

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def weekday_differs(analysis: Analysis, view: View) -> Iterator[Doubt]:
    """A weekday that the stated date does not fall on."""
    for entity in facts(analysis, view, "date"):
        day = day_of(entity)
        named = entity.value["weekday"] if isinstance(entity.value, dict) else None
        if day is not None and named is not None and day.weekday() != named:
            detail = f"{in_words(day)} is a {_WEEKDAYS[day.weekday()]}, not a {_WEEKDAYS[named]}"
            yield Doubt.about(entity, detail)


_PAY = (
    r"(?:pay|paid|payment|settle[d]?|clear(?:ed)?|remit|balance|amount|total|funds|reach(?:es)? us|arrives?)"
)
_DEADLINE = re.compile(
    rf"(?:\b{_PAY}\b[^.!?;:]{{0,60}}\b(?:by|before|no later than)"
    r"|\b(?:payment|reply|response) (?:deadline|date)(?: is|:| of)?|\bdeadline(?: for payment| to pay)?(?: is|:| of)?)"
    r"(?: or before)?(?: the)?\s*\Z",
    re.I,
)
# One of these in the sentence, and its date is one of several: an instalment, an alternative, a former term.
_ONE_OF_SEVERAL = re.compile(
    r"\b(?:or|if|unless|otherwise|instal?ments?|plan|first|second|third|next|then|half|part|rest|remaining|remainder|each"
    r"|every|monthly|weekly|discount(?:ed)?|settlement|offer|reduced|extend(?:ed)?|extension|moved?|originally|was|were"
    r"|had|did|agreed|promised|instead|latest|reply|respond|call|contact|dispute|avoid|after|once|late fee|until)\b",
    re.I,
)


class Deadline(NamedTuple):
    """A day to pay by; of its year not every message speaks."""

    entity: Entity
    day: int
    month: int
    year: int | None

    def differs(self, other: Deadline) -> bool:
        """Where one of them names no year, day and month decide."""
        years_differ = bool(self.year and other.year and self.year != other.year)
        return (self.day, self.month) != (other.day, other.month) or years_differ


def deadlines(analysis: Analysis, view: View) -> Iterator[Deadline]:
    """The days by which the whole is to be paid, without condition or choice."""
    for entity in facts(analysis, view, "date"):
        value = entity.value
        if not isinstance(value, dict) or value["kind"] != "day" or not value["day"] or not value["month"]:
            continue
        label = _DEADLINE.search(text_before(view, entity.start))
        if label and not _ONE_OF_SEVERAL.search(sentence_text(analysis, view, entity.start)):
            yield Deadline(entity, value["day"], value["month"], value["year"])


def deadlines_before(analysis: Analysis, view: View, limit: date, what_it_is: str = "") -> Iterator[Doubt]:
    """The days to pay by that lie before another day."""
    for deadline in deadlines(analysis, view):
        day = day_of(deadline.entity)
        if day is not None and day < limit:
            detail = f"{quote(view, deadline.entity)} is before {in_words(limit)}{what_it_is}"
            yield Doubt.about(deadline.entity, detail)


def deadlines_differ(analysis: Analysis, view: View) -> Iterator[Doubt]:
    """Two different days by which to pay the same thing."""
    return unlike_the_first(view, deadlines(analysis, view), Deadline.differs)


def deadline_past(analysis: Analysis, view: View) -> Iterator[Doubt]:
    """A day to pay by that lies before the day of writing."""
    written = letter_date(analysis, view)
    if written is not None:
        yield from deadlines_before(analysis, view, written, ", the date of the message")
