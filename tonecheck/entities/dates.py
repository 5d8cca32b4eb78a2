"""Dates: "14 May", "Fri 22nd", "06/30/2026", "the 15th", "next Friday", "end of the month", "by June"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tonecheck.entities.entity import Entity
from tonecheck.entities.patterns import GAP, compile_re2, stands_alone, word_after, word_before

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LONG_MONTHS = frozenset(
    "january february march april may june july august september october november december".split()
)

_MONTH = (
    r"(?:jan(?:uary|\.)?|feb(?:ruary|\.)?|mar(?:ch|\.)?|apr(?:il|\.)?|may|june?\.?|july?\.?|aug(?:ust|\.)?"
    r"|sept?(?:ember|\.)?|oct(?:ober|\.)?|nov(?:ember|\.)?|dec(?:ember|\.)?)"
)
_LONG_WEEKDAY = r"(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
_SHORT_WEEKDAY = r"(?:mon|tues?|weds?|thu(?:rs?)?|fri|sat|sun)"
_WEEKDAY = rf"(?:{_LONG_WEEKDAY}|{_SHORT_WEEKDAY}\.?)"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_ORDINAL = r"(?:[1-9]|[12]\d|3[01])(?:st|nd|rd|th)"
_YEAR = r"(?:(?:19|20)\d\d)"
_WHICH = rf"(?:(?:this coming|this|next|last|coming|following){GAP})"

# The longer forms stand first: of two that start at the same place the first wins.
_DATE = compile_re2(
    r"(?i)\b(?:"
    # Monday to Friday, Mon-Fri: opening days
    rf"({_WEEKDAY}(?: ?- ?| to | through | thru |/){_WEEKDAY})\b"
    # next Monday 16 June 2026, the 1st of June, 14-16 May, 14-May-26
    rf"|(?:{_WHICH}?{_WEEKDAY},?{GAP})?(?:the )?(?:{_DAY}(?: ?- ?| to | and ))?"
    rf"{_DAY}(?:-|{GAP}?(?:(?:day )?of{GAP})?){_MONTH}\b(?:[,.]?(?:-|{GAP}){_YEAR}\b|[ -]?'?\d\d\b)?"
    # Monday, June 16, 2026; May 14th
    rf"|(?:{_WHICH}?{_WEEKDAY},?{GAP})?{_MONTH}{GAP}(?:the )?{_DAY}\b(?:,?{GAP}{_YEAR}\b)?"
    # July 2026
    rf"|{_MONTH},?(?:-|{GAP}(?:of )?){_YEAR}\b"
    # 2026-06-30, 14/05/2026
    rf"|{_YEAR}[-/.](?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12]\d|3[01])\b"
    rf"|(?:{_WEEKDAY},?{GAP})?(?:0?[1-9]|[12]\d|3[01])(?:/(?:0?[1-9]|[12]\d|3[01])/|-(?:0?[1-9]|[12]\d|3[01])-"
    rf"|\.(?:0?[1-9]|[12]\d|3[01])\.)(?:{_YEAR}|\d\d)\b"
    rf"|(?:{_WEEKDAY},?{GAP})?(?:0?[1-9]|[12]\d|3[01])/(?:0?[1-9]|[12]\d|3[01])\b"
    # Friday the 22nd, Fri 22
    rf"|{_WHICH}?{_WEEKDAY},?{GAP}(?:the )?(?:{_ORDINAL}|[12]\d|3[01])\b"
    rf"|(?:the )?{_ORDINAL}(?:{GAP}of{GAP}(?:the|this|next|each|every){GAP}(?:following )?month)?\b"
    rf"|((?:the )?end{GAP}of{GAP}(?:(?:the|this|next){GAP})?(?:(?:calendar|working|business) )?"
    rf"(?:month|week|year|quarter)|(?:(?:the|this) )?month[ -]end)\b"
    rf"|{_WHICH}?{_LONG_WEEKDAY}\b"
    rf"|{_SHORT_WEEKDAY}\b"
    rf"|{_MONTH}"
    r")"
)

_FILLERS = frozenset("the of day month to and this next last coming following each every".split())
_PARTS = re.compile(r"[A-Za-z]+|[0-9]+")
_SLASHED = re.compile(r"([0-9]{1,4})([/.-])([0-9]{1,2})(?:\2([0-9]{2,4}))?\Z")

# Behind these words a bare month or a short weekday is a date.
_DATE_CUES = frozenset(
    "in by since for of until till through from before after during last next this early late mid on due about "
    "about around to and or every coming between dated both your our previous following".split()
)
_ONLY_WEEKDAYS = frozenset({"tues", "weds", "thur", "thurs"})
_NOT_WEEKDAY_CUES = frozenset("and or to of for your our both in through".split())
# In front of these a month names a payment: "the March payment".
_MONTH_NOUNS = frozenset(
    "payment payments instalment instalments installment installments statement bill invoice rent balance premium "
    "due fee fees charges account".split()
)
# In front of these an ordinal counts, and is no day: "1st reminder", "3rd party".
_COUNTED = frozenset(
    "party parties floor avenue ave street st road notice notices reminder letter time times attempt payment "
    "payments instalment instalments installment installments call calls email emails e message messages request "
    "warning class quarter line step week month year century offence offense contact visit demand stage missed "
    "failed late invoice bill account default person one chance text".split()
)
# Behind these two numbers with a slash are no day and month.
_FRACTION_CUES = frozenset(
    "page pages p pp section unit apt apartment flat suite room part item step line question clause phase "
    "instalment installment payment payments version open ref reference invoice account order code".split()
)
_FRACTIONS = frozenset({"1/2", "1/3", "2/3", "1/4", "3/4", "24/7", "9/11", "50/50"})
_DAY_CUES = frozenset("by on before until till from after due since dated of for".split())


def find_dates(text: str) -> Iterator[Entity]:
    """The dates of ``text``. Opening days ("Monday to Friday") come as kind ``time``: nobody has to act by them."""
    for match in _DATE.finditer(text):
        start, end = match.span()
        written = match.group()
        if written[-1] == ".":
            end -= 1
            written = written[:-1]
        if not stands_alone(text, start, end, "/-_#."):
            continue
        opening_days, end_of = match.groups()
        if opening_days:
            if written[0].isupper():
                yield Entity("time", start, end)
            continue
        if end_of:
            yield Entity("date", start, end, _value("end"))
            continue
        value = _read(text, start, end, written)
        if value is not None:
            yield Entity("date", start, end, value)


def _value(
    kind: str,
    day: int | None = None,
    month: int | None = None,
    year: int | None = None,
    weekday: int | None = None,
) -> dict[str, object]:
    return {"kind": kind, "day": day, "month": month, "year": year, "weekday": weekday}


def _read(text: str, start: int, end: int, written: str) -> dict[str, object] | None:
    """What the words say, or ``None`` when they are no date here."""
    words, numbers, ordinal = [], [], False
    for part in _PARTS.findall(written):
        if part.isdigit():
            numbers.append(part)
        elif part.lower() in ("st", "nd", "rd", "th"):
            ordinal = True
        elif part.lower() not in _FILLERS:
            words.append(part)
    month = next((_MONTHS.index(word[:3].lower()) + 1 for word in words if _is_month(word)), None)
    weekday = next((_WEEKDAYS.index(word[:3].lower()) for word in words if not _is_month(word)), None)
    if month:
        name = next(word for word in words if _is_month(word))
        if not numbers:
            return _value("month", month=month) if _month_stands(text, start, end, name) else None
        return _spelled(text, end, numbers, month, weekday, name)
    slashed = _SLASHED.search(written) if numbers else None
    if slashed:
        return _numeric(text, start, end, slashed, weekday)
    if ordinal or numbers:
        day = int(numbers[-1])
        if weekday is None and word_after(text, end) in _COUNTED:
            return None
        if weekday is not None and not ordinal and not written[0].isupper():
            return None  # "the sun 20"
        return _value("day", day=day, weekday=weekday)
    return _value("weekday", weekday=weekday) if _weekday_stands(text, start, end, written) else None


def _is_month(word: str) -> bool:
    return word[:3].lower() in _MONTHS and (len(word) < 5 or word.lower() in _LONG_MONTHS)


def _spelled(
    text: str, end: int, numbers: list[str], month: int, weekday: int | None, name: str
) -> dict[str, object] | None:
    """A month in words with numbers around it."""
    years = [int(number) for number in numbers if len(number) == 4]
    days = [int(number) for number in numbers if len(number) < 4]
    if len(years) == 1 and not days:
        return _value("month", month=month, year=years[0])
    if name in ("may", "march", "mar") and word_after(text, end) in (
        "days",
        "weeks",
        "months",
        "hours",
        "of",
    ):
        return None  # "you may 30 days later"
    if not days or not 1 <= days[0] <= 31:
        return None
    if not years and len(days) > 1 and days[-1] > 31:
        years = [2000 + days.pop()]
    day = days[0] if len(days) == 1 else None  # "14-16 May" says no single day
    return _value("day", day=day, month=month, year=years[0] if years else None, weekday=weekday)


def _numeric(
    text: str, start: int, end: int, match: re.Match[str], weekday: int | None
) -> dict[str, object] | None:
    """A date in figures. Day and month are told apart only where one of them is above 12."""
    first, second, third = match[1], int(match[3]), match[4]
    if len(first) == 4:
        return _value("day", day=int(third), month=second, year=int(first)) if third else None
    one = int(first)
    if one > 12 and second > 12:
        return None
    if third is None:
        before = word_before(text, start)
        if before in _FRACTION_CUES or (match[0] in _FRACTIONS and before not in _DAY_CUES):
            return None
        if text[end : end + 1] == "%" or word_after(text, end) in ("of", "off"):
            return None
    year = None if third is None else int(third) if len(third) == 4 else 2000 + int(third)
    if one > 12 or one == second:
        return _value("day", day=one, month=second, year=year, weekday=weekday)
    if second > 12:
        return _value("day", day=second, month=one, year=year, weekday=weekday)
    return _value("day", year=year, weekday=weekday)


def _month_stands(text: str, start: int, end: int, name: str) -> bool:
    """Whether a month alone is meant as one: "in June", "the March payment", but not "you may", "we march"."""
    short_or_verb = name.lower() in ("may", "march") or name.lower() not in _LONG_MONTHS
    if short_or_verb and not name[0].isupper():
        return False
    if text[end : end + 2] == "'s" and name.lower() in _LONG_MONTHS:
        return True
    after = word_after(text, end)
    if after in _MONTH_NOUNS:
        return True
    if name.lower() in ("may", "march") and after in ("i", "we", "you", "they", "he", "she", "it"):
        return False
    before = word_before(text, start)
    return before in _DATE_CUES and not (name.lower() in ("may", "march") and before in ("and", "or"))


def _weekday_stands(text: str, start: int, end: int, written: str) -> bool:
    """A full name always, and a short one that is nothing else; another short one only behind a word that leads to a date, or in front of a
    time of day."""
    name = written.split()[-1]
    if name.lower().endswith("day") or name.lower() in _ONLY_WEEKDAYS:
        return True
    if not name[0].isupper() and name.lower() in ("sat", "sun", "mon"):
        return False
    before = word_before(text, start)
    return (before in _DATE_CUES and before not in _NOT_WEEKDAY_CUES) or (
        name[0].isupper()
        and bool(re.match(r" (?:at\b|[0-9]{1,2}(?:[:.][0-9]{2})? ?[ap]\.?m)", text[end : end + 12]))
    )
