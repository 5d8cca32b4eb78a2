"""What a message states, as every check reads it: days, sums, periods, and what stands around them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple, Protocol, TypeVar

from tonecheck.analysis import Analysis, View
from tonecheck.document import Span
from tonecheck.entities import Entity

# How far before a figure or a date its label may begin, in code points.
REACH = 120
# In front of a last day.
BY = re.compile(r"\b(?:by|until|before|ends?(?: on)?|no later than|on or before)\s*\Z", re.I)


class Doubt(NamedTuple):
    """What a check found: a place in ``Document.text`` (``None``: the whole message) and words for {detail}."""

    start: int | None
    end: int | None
    detail: str

    @classmethod
    def about(cls, entity: Entity, detail: str) -> Doubt:
        return cls(entity.start, entity.end, detail)


Check = Callable[[Analysis, View], Iterator[Doubt]]


class Labelled(Protocol):
    """A fact that its label says the meaning of, such as a figure that is called the balance."""

    @property
    def entity(self) -> Entity: ...


F = TypeVar("F", bound=Labelled)


def unlike_the_first(view: View, found: Iterable[F], differ: Callable[[F, F], bool]) -> Iterator[Doubt]:
    """What contradicts the first of several facts that should be one: ``differ(first, other)`` says what does."""
    found = iter(found)
    first = next(found, None)
    if first is None:
        return
    for other in found:
        if differ(first, other):
            yield Doubt.about(other.entity, f"{quote(view, first.entity)} and {quote(view, other.entity)}")


def facts(analysis: Analysis, view: View, kind: str) -> list[Entity]:
    """The facts of one kind that stand in the view, in order."""
    return [e for e in analysis.entities if e.kind == kind and view.plain[e.start] != "\n"]


def day_of(entity: Entity) -> date | None:
    """The calendar day that a date states in full, or ``None``."""
    value = entity.value
    if not isinstance(value, dict) or value.get("kind") != "day":
        return None
    year, month, day = value["year"], value["month"], value["day"]
    if not (year and month and day):
        return None
    try:
        return date(year, month, day)
    except ValueError:  # 30 February
        return None


def money_of(entity: Entity) -> tuple[Decimal, str] | None:
    """Value and currency of an amount, or ``None`` for a blank to be filled in."""
    value = entity.value
    if not isinstance(value, tuple) or value[0] is None or value[1] is None:
        return None
    return abs(value[0]), value[1]


def days_of(entity: Entity) -> int | None:
    """A period in calendar days, where its unit is days or weeks."""
    value = entity.value
    if not isinstance(value, tuple) or value[0] is None:
        return None
    factor = {"day": 1, "week": 7, "fortnight": 14}.get(value[1])
    return None if factor is None else value[0] * factor


def _line(text: str, start: int, end: int) -> Span:
    return Span(text.rfind("\n", 0, start) + 1, (text.find("\n", end) + 1 or len(text) + 1) - 1)


def text_before(view: View, start: int) -> str:
    """What stands before an offset in its paragraph, at most ``REACH`` code points, line ends as spaces."""
    around = view.plain[max(0, start - REACH) : start]
    return around.rpartition("\n\n")[2].replace("\n", " ")


def sentence_text(analysis: Analysis, view: View, offset: int) -> str:
    """The sentence that an offset stands in."""
    start, end = analysis.sentence(offset)
    return view.plain[start:end]


def quote(view: View, entity: Entity) -> str:
    return view.plain[entity.start : entity.end]


_DATE_LINE = re.compile(r"\W*(?:(?:date(?: of (?:this )?(?:letter|notice))?|dated)\s*:?)?\W*\Z", re.I)
_LETTER_TOP = 1500


def letter_date(analysis: Analysis, view: View) -> date | None:
    """The day the message says it was written: the first full date that has a line near the top to itself."""
    for entity in facts(analysis, view, "date"):
        if entity.start > _LETTER_TOP:
            return None
        day = day_of(entity)
        line = _line(view.plain, entity.start, entity.end)
        if day is None or line.end - line.start > 80:
            continue
        around = view.plain[line.start : entity.start] + view.plain[entity.end : line.end]
        if _DATE_LINE.match(around):
            return day
    return None


def in_words(day: date) -> str:
    """``14 May 2026``."""
    return f"{day.day} {day:%B %Y}"
