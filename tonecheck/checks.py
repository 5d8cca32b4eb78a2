"""Arithmetic and comparisons for ``match: {check: name}`` rules: totals, dates against each other, contradictions.

Every check reports only what the message itself proves. A date counts when its day, month and year are stated, the day
of writing is the one that the message gives on a line of its own (never the clock), and a figure counts as the balance
when it is labelled as one. All of it is linear in the length of the message.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice
from typing import NamedTuple

from tonecheck.analysis import Analysis, View
from tonecheck.document import Span
from tonecheck.entities import Entity


class Doubt(NamedTuple):
    """What a check found: a place in ``Document.text`` (``None``: the whole message) and words for {detail}."""

    start: int | None
    end: int | None
    detail: str


Check = Callable[[Analysis, View], Iterator[Doubt]]

# How far before a figure or a date its label may begin, in code points.
_REACH = 120


# --- what is stated ---------------------------------------------------------------------------------------------------


def _stated(analysis: Analysis, view: View, kind: str) -> list[Entity]:
    """The facts of one kind that stand in the view, in order."""
    return [e for e in analysis.entities if e.kind == kind and view.plain[e.start] != "\n"]


def _day(entity: Entity) -> date | None:
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


def _money(entity: Entity) -> tuple[Decimal, str] | None:
    """Value and currency of an amount, or ``None`` for a blank to be filled in."""
    value = entity.value
    if not isinstance(value, tuple) or value[0] is None or value[1] is None:
        return None
    return abs(value[0]), value[1]


def _days(entity: Entity) -> int | None:
    """A period in calendar days, where its unit is days or weeks."""
    value = entity.value
    if not isinstance(value, tuple) or value[0] is None:
        return None
    factor = {"day": 1, "week": 7, "fortnight": 14}.get(value[1])
    return None if factor is None else value[0] * factor


def _line(text: str, start: int, end: int) -> Span:
    return Span(text.rfind("\n", 0, start) + 1, (text.find("\n", end) + 1 or len(text) + 1) - 1)


def _before(view: View, start: int) -> str:
    """What stands before an offset in its paragraph, at most ``_REACH`` code points, line ends as spaces."""
    around = view.plain[max(0, start - _REACH) : start]
    return around.rpartition("\n\n")[2].replace("\n", " ")


def _sentence_text(analysis: Analysis, view: View, offset: int) -> str:
    start, end = analysis.sentence(offset)
    return view.plain[start:end]


def _quote(view: View, entity: Entity) -> str:
    return view.plain[entity.start : entity.end]


_DATE_LINE = re.compile(r"\W*(?:(?:date(?: of (?:this )?(?:letter|notice))?|dated)\s*:?)?\W*\Z", re.I)
_LETTER_TOP = 1500


def _letter_date(analysis: Analysis, view: View) -> date | None:
    """The day the message says it was written: the first full date that has a line near the top to itself."""
    for entity in _stated(analysis, view, "date"):
        if entity.start > _LETTER_TOP:
            return None
        day = _day(entity)
        line = _line(view.plain, entity.start, entity.end)
        if day is None or line.end - line.start > 80:
            continue
        around = view.plain[line.start : entity.start] + view.plain[entity.end : line.end]
        if _DATE_LINE.match(around):
            return day
    return None


# --- the calendar -----------------------------------------------------------------------------------------------------


def _nth(year: int, month: int, weekday: int, nth: int) -> date:
    first = date(year, month, 1)
    return first + timedelta((weekday - first.weekday()) % 7 + 7 * (nth - 1))


def _legal_holidays(year: int) -> frozenset[date]:
    """The legal public holidays of 5 USC 6103(a) in one year, moved off weekends as they are observed."""
    last_monday = date(year, 5, 31) - timedelta(date(year, 5, 31).weekday())
    fixed = [date(year, 1, 1), date(year, 6, 19), date(year, 7, 4), date(year, 11, 11), date(year, 12, 25)]
    observed = [
        day - timedelta(1) if day.weekday() == 5 else day + timedelta(day.weekday() == 6) for day in fixed
    ]
    moving = [
        _nth(year, 1, 0, 3),
        _nth(year, 2, 0, 3),
        last_monday,
        _nth(year, 9, 0, 1),
        _nth(year, 10, 0, 2),
        _nth(year, 11, 3, 4),
    ]
    return frozenset([*observed, *moving])


def _add_business_days(day: date, count: int) -> date:
    """``day`` plus ``count`` days that are no Saturday, Sunday or legal public holiday."""
    while count:
        day += timedelta(1)
        if day.weekday() < 5 and day not in _legal_holidays(day.year):
            count -= 1
    return day


_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _written(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _weekday_differs(analysis: Analysis, view: View) -> Iterator[Doubt]:
    """A weekday that the stated date does not fall on."""
    for entity in _stated(analysis, view, "date"):
        day = _day(entity)
        named = entity.value["weekday"] if isinstance(entity.value, dict) else None
        if day is not None and named is not None and day.weekday() != named:
            detail = f"{_written(day)} is a {_WEEKDAYS[day.weekday()]}, not a {_WEEKDAYS[named]}"
            yield Doubt(entity.start, entity.end, detail)


# --- deadlines --------------------------------------------------------------------------------------------------------

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


class _Deadline(NamedTuple):
    entity: Entity
    day: int
    month: int
    year: int | None


def _deadlines(analysis: Analysis, view: View) -> Iterator[_Deadline]:
    """The days by which the whole is to be paid, without condition or choice."""
    for entity in _stated(analysis, view, "date"):
        value = entity.value
        if not isinstance(value, dict) or value["kind"] != "day" or not value["day"] or not value["month"]:
            continue
        label = _DEADLINE.search(_before(view, entity.start))
        if label and not _ONE_OF_SEVERAL.search(_sentence_text(analysis, view, entity.start)):
            yield _Deadline(entity, value["day"], value["month"], value["year"])


def _deadlines_differ(analysis: Analysis, view: View) -> Iterator[Doubt]:
    """Two different days by which to pay the same thing."""
    first: _Deadline | None = None
    for deadline in _deadlines(analysis, view):
        if first is None:
            first = deadline
            continue
        years_differ = first.year and deadline.year and first.year != deadline.year
        if (first.day, first.month) != (deadline.day, deadline.month) or years_differ:
            detail = f"{_quote(view, first.entity)} and {_quote(view, deadline.entity)}"
            yield Doubt(deadline.entity.start, deadline.entity.end, detail)


def _deadline_past(analysis: Analysis, view: View) -> Iterator[Doubt]:
    """A day to pay by that lies before the day of writing."""
    written = _letter_date(analysis, view)
    if written is None:
        return
    for deadline in _deadlines(analysis, view):
        day = _day(deadline.entity)
        if day is not None and day < written:
            detail = f"{_quote(view, deadline.entity)} is before {_written(written)}, the date of the message"
            yield Doubt(deadline.entity.start, deadline.entity.end, detail)


# --- balances ---------------------------------------------------------------------------------------------------------

_BALANCE = re.compile(
    r"\b(?P<former>(?:original|previous|opening|starting|remaining|new|reduced|updated|old|prior|past[- ]due|overdue|credit"
    r"|minimum|statement|principal|deposit|average|half|part)\s+(?:\w+\s+)?)?"
    r"(?:(?:account |outstanding |current |total |full |open |unpaid )*balance"
    r"|total (?:amount )?(?:now )?(?:due|owed|owing|outstanding)|amount (?:now |currently )?(?:due|owed|owing|outstanding)"
    r"|total amount of the debt(?: now)?|you (?:now |currently |still )?owe(?: us)?)"
    r"(?: (?:on|for) (?:your|the|this|our) (?:\w+ ){0,2}?account)?"
    r"(?: (?:now|currently|still|outstanding|due|owing|owed|today|in full|left|remains|remaining))*"
    r"(?: (?:of|is|stands at|comes to|at|totals))?[ :]*(?:now |still |currently |exactly )?\Z",
    re.I,
)
# Words in the sentence that make its figure another one than what is owed now.
_NOT_THE_BALANCE = re.compile(
    r"\b(?:was|were|had|if|after|once|would|originally|previous(?:ly)?|instal?ments?|plan|settle(?:ment)?|discount|each"
    r"|per|month(?:ly)?|week(?:ly)?|leav(?:es|ing)|reduc(?:e|es|ed|ing)|from|before|between|plus|including|includes?|of which"
    r"|fees?|charges?|interest|separate(?:ly)?|both|another|second|other|correct(?:ed|ion)?|instead of|not)\b",
    re.I,
)


class _Balance(NamedTuple):
    entity: Entity
    value: Decimal
    currency: str


# A message with more sums than this is a ledger, and its balances are not compared.
_MOST_AMOUNTS = 300


def _balances(analysis: Analysis, view: View) -> list[_Balance]:
    """The figures that are called the balance, or what is owed, now and as a whole."""
    found = []
    for entity in islice(_stated(analysis, view, "amount"), _MOST_AMOUNTS):
        money = _money(entity)
        if money is None or not money[0]:
            continue
        label = _BALANCE.search(_before(view, entity.start))
        if label is None or label["former"]:
            continue
        if not _NOT_THE_BALANCE.search(_sentence_text(analysis, view, entity.start)):
            found.append(_Balance(entity, *money))
    return found


def _several_debts(analysis: Analysis, view: View) -> bool:
    """Whether the message is about more than one account, so that each may have a balance."""
    return len({entity.value for entity in _stated(analysis, view, "reference")}) > 1


def _explained(one: Decimal, other: Decimal, parts: Iterable[Decimal]) -> bool:
    """Whether the difference, or the share, is itself a figure of the message."""
    stated = set(parts)
    return abs(one - other) in stated


def _balances_differ(analysis: Analysis, view: View) -> Iterator[Doubt]:
    """Two different figures for what is owed, in one currency, with nothing in the message that explains it."""
    balances = _balances(analysis, view)
    if len(balances) < 2 or _several_debts(analysis, view):
        return
    stated = [money[0] for entity in _stated(analysis, view, "amount") if (money := _money(entity))]
    first = balances[0]
    for other in balances[1:]:
        if other.currency != first.currency or other.value == first.value:
            continue
        if not _explained(first.value, other.value, stated):
            detail = f"{_quote(view, first.entity)} and {_quote(view, other.entity)}"
            yield Doubt(other.entity.start, other.entity.end, detail)


_CONVERTED = re.compile(
    r"\b(?:equivalent|equals?|about|around|approx\w*|exchange|convert\w*|rate|or)\b|[≈=(]", re.I
)


def _currencies_differ(analysis: Analysis, view: View) -> Iterator[Doubt]:
    """The balance in two currencies, not as a conversion."""
    balances = _balances(analysis, view)
    if len({balance.currency for balance in balances}) < 2 or _several_debts(analysis, view):
        return
    first = balances[0]
    for other in balances[1:]:
        converted = _CONVERTED.search(_sentence_text(analysis, view, other.entity.start))
        if other.currency != first.currency and not converted:
            detail = f"{_quote(view, first.entity)} and {_quote(view, other.entity)}"
            yield Doubt(other.entity.start, other.entity.end, detail)


# --- the US validation notice -----------------------------------------------------------------------------------------

# The last of these in front of a figure says what it is (12 CFR 1006.34(c)(2)(vii)-(ix)).
_ITEM = re.compile(
    r"\b(?:(?P<total>total amount of the debt|total (?:amount )?(?:now|due|owed)|(?:current|new) (?:amount|balance|total)"
    r"|amount (?:now|due now)|balance now|you (?:now|currently) owe)"
    r"|(?P<start>you owed|as of|balance on|amount on|owed on)"
    r"|(?P<interest>interest)|(?P<fees>fees?|charges?|costs?)|(?P<paid>paid|credited|payments?|credits?))\b",
    re.I,
)


def _itemization(analysis: Analysis, view: View) -> dict[str, list[tuple[Entity, Decimal]]]:
    """The figures of a notice by what they are; what is not labelled is left out."""
    items: dict[str, list[tuple[Entity, Decimal]]] = {}
    at = 0
    for entity in _stated(analysis, view, "amount"):
        stretch = view.plain[max(at, entity.start - _REACH) : entity.start]
        at = entity.end
        money = _money(entity)
        labels = list(_ITEM.finditer(stretch))
        if money is None or not labels:
            continue
        # "between 1 May and today, you paid or were credited": the figure belongs to the last thing named, but a
        # total of several things to the total.
        kinds = [label.lastgroup or "" for label in labels]
        kind = "total" if "total" in kinds else kinds[-1]
        items.setdefault(kind, []).append((entity, money[0]))
    return items


def _itemization_sum(analysis: Analysis, view: View) -> Iterator[Doubt]:
    """Start + interest + fees - payments is not the current amount."""
    items = _itemization(analysis, view)
    starts, totals = items.get("start", []), items.get("total", [])
    others = [name for name in ("interest", "fees", "paid") if name in items]
    if len(starts) != 1 or len({value for _, value in totals}) != 1 or not others:
        return
    added = {
        name: sum((value for _, value in items.get(name, [])), Decimal())
        for name in ("interest", "fees", "paid")
    }
    start = starts[0][1]
    expected = start + added["interest"] + added["fees"] - added["paid"]
    entity, total = totals[0]
    if expected != total:
        steps = f"{start:,.2f} + {added['interest']:,.2f} + {added['fees']:,.2f} - {added['paid']:,.2f}"
        yield Doubt(entity.start, entity.end, f"{steps} = {expected:,.2f}, not {total:,.2f}")


_DISPUTE = re.compile(r"\b(?:disput\w+|validation period|original creditor|write to us|verif\w+)\b", re.I)
_BY = re.compile(r"\b(?:by|until|before|ends?(?: on)?|no later than|on or before)\s*\Z", re.I)


def _validation_ends(analysis: Analysis, view: View) -> list[tuple[Entity, date]]:
    """The stated days on which the period for disputing ends."""
    return [
        (entity, day)
        for entity in _stated(analysis, view, "date")
        if (day := _day(entity))
        and _BY.search(_before(view, entity.start))
        and _DISPUTE.search(_sentence_text(analysis, view, entity.start))
    ]


def _validation_end_early(analysis: Analysis, view: View) -> Iterator[Doubt]:
    """An end of the validation period less than 30 days after the day of writing."""
    written = _letter_date(analysis, view)
    for entity, day in _validation_ends(analysis, view) if written else ():
        if written and day < written + timedelta(30):
            yield Doubt(entity.start, entity.end, f"{(day - written).days} days after {_written(written)}")
            return


def _validation_end_close(analysis: Analysis, view: View) -> Iterator[Doubt]:
    """An end that leaves 30 days, but not the five business days that a letter may take."""
    written = _letter_date(analysis, view)
    if written is None:
        return
    earliest = _add_business_days(written, 5) + timedelta(30)
    for entity, day in _validation_ends(analysis, view):
        if written + timedelta(30) <= day < earliest:
            yield Doubt(
                entity.start,
                entity.end,
                f"{_written(earliest)} or later, for a letter of {_written(written)}",
            )
            return


def _deadline_within_validation(analysis: Analysis, view: View) -> Iterator[Doubt]:
    """A day to pay by that lies before the end of the validation period."""
    ends = _validation_ends(analysis, view)
    if not ends:
        return
    end = max(day for _, day in ends)
    for deadline in _deadlines(analysis, view):
        day = _day(deadline.entity)
        if day is not None and day < end:
            detail = f"{_quote(view, deadline.entity)} is before {_written(end)}"
            yield Doubt(deadline.entity.start, deadline.entity.end, detail)


def _cfpb_link_missing(analysis: Analysis, view: View) -> Iterator[Doubt]:
    """No pointer to the CFPB's page (links are masked for phrases, so that ``absent`` cannot ask for one of them)."""
    if "cfpb.gov/debt-collection" not in view.plain.lower():
        yield Doubt(None, None, "cfpb.gov/debt-collection")


# --- UK notices -------------------------------------------------------------------------------------------------------

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
    written = _letter_date(analysis, view)
    for entity in _stated(analysis, view, "period") + _stated(analysis, view, "date"):
        index = analysis.sentence_index(entity.start)
        if not any(relevant[index : index + 1 + nearby]):
            continue
        before = _before(view, entity.start)
        if entity.kind == "period":
            days = _days(entity)
            if days is not None and days < least and _WITHIN.search(before):
                yield Doubt(entity.start, entity.end, f"{days} days")
        elif written is not None and (day := _day(entity)) is not None and _BY.search(before):
            days = (day - written).days
            if 0 <= days < least:
                yield Doubt(entity.start, entity.end, f"{days} days after {_written(written)}")


def _first(doubts: Iterator[Doubt]) -> Iterator[Doubt]:
    """The doubt that stands first in the message."""
    found = sorted(doubts, key=lambda doubt: doubt.start or 0)
    yield from found[:1]


def _default_notice_short(analysis: Analysis, view: View) -> Iterator[Doubt]:
    """A default notice that gives less than 14 days."""
    yield from _first(_too_short(analysis, view, _REMEDY, 14))


def _court_within_30_days(analysis: Analysis, view: View) -> Iterator[Doubt]:
    """Court proceedings announced for less than 30 days from the letter."""
    doubts = [
        doubt
        for doubt in _too_short(analysis, view, _COURT, 30, nearby=1)
        if doubt.start is not None and _RESPONSE.search(_sentence_text(analysis, view, doubt.start))
    ]
    yield from _first(iter(doubts))


# --- late payment of commercial debts ---------------------------------------------------------------------------------

_ACT = re.compile(
    r"\b(?:late payment of commercial debts|statutory (?:compensation|fixed sum|interest)|section 5A)\b", re.I
)
_FIXED = re.compile(
    r"(?:compensation|fixed sum|debt recovery (?:cost|costs|fee|sum|charge)|late payment (?:fee|charge|compensation))"
    r"[^.;\n]{0,40}\Z",
    re.I,
)
_FIXED_AFTER = re.compile(r"\s*(?:\w+ ){0,3}(?:compensation|fixed sum|debt recovery)\b", re.I)
_NOT_THE_DEBT = re.compile(
    r"\b(?:interest|compensation|fixed|fee|charge|cost|total|per day|daily|rate|vat)\b[^.;\n]{0,30}\Z", re.I
)


def fixed_sum(debt: Decimal) -> Decimal:
    """The fixed sum in pounds for one debt, section 5A of the 1998 Act."""
    if debt < 1000:
        return Decimal(40)
    return Decimal(70) if debt < 10000 else Decimal(100)


def _late_payment_sum(analysis: Analysis, view: View) -> Iterator[Doubt]:
    """A fixed sum that does not belong to the one debt stated."""
    if not _ACT.search(view.plain):
        return
    sums: list[tuple[Entity, Decimal]] = []
    debts: set[Decimal] = set()
    for entity in _stated(analysis, view, "amount"):
        money = _money(entity)
        if money is None or money[1] != "GBP":
            continue
        before = _before(view, entity.start)
        if _FIXED.search(before) or _FIXED_AFTER.match(view.plain, entity.end, entity.end + _REACH):
            sums.append((entity, money[0]))
        elif not _NOT_THE_DEBT.search(before) and "%" not in view.plain[entity.end : entity.end + 2]:
            debts.add(money[0])
    if len(debts) != 1 or len(sums) != 1:
        return  # several invoices: each has a sum of its own
    (entity, stated), debt = sums[0], debts.pop()
    due = fixed_sum(debt)
    if stated != due:
        yield Doubt(
            entity.start, entity.end, f"for a debt of £{debt:,.2f} it is £{due}, not {_quote(view, entity)}"
        )


_RATE = re.compile(r"(?<![\d.])(\d{1,2}(?:\.\d{1,2})?)\s?(?:%|per ?cent)", re.I)
_STATUTORY = re.compile(
    r"\b(?:statutory|late payment of commercial debts|under the (?:late payment )?act)\b", re.I
)
_BASE = re.compile(r"\bbase\b|\bcontract(?:ual)?\b", re.I)


def _late_payment_rate(analysis: Analysis, view: View) -> Iterator[Doubt]:
    """Statutory interest at a rate that is neither 8% nor said to be over the base rate."""
    for sentence in analysis.sentences:
        words = view.plain[sentence.start : sentence.end]
        if "interest" not in words.lower() or not _STATUTORY.search(words) or _BASE.search(words):
            continue
        for match in _RATE.finditer(words):
            if Decimal(match[1]) < 8:
                start, end = sentence.start + match.start(), sentence.start + match.end()
                yield Doubt(start, end, f"{match.group()} instead of 8% over the Bank of England base rate")


CHECKS: dict[str, Check] = {
    "balances_differ": _balances_differ,
    "cfpb_link_missing": _cfpb_link_missing,
    "court_within_30_days": _court_within_30_days,
    "currencies_differ": _currencies_differ,
    "deadline_past": _deadline_past,
    "deadline_within_validation": _deadline_within_validation,
    "deadlines_differ": _deadlines_differ,
    "default_notice_short": _default_notice_short,
    "itemization_sum": _itemization_sum,
    "late_payment_rate": _late_payment_rate,
    "late_payment_sum": _late_payment_sum,
    "validation_end_close": _validation_end_close,
    "validation_end_early": _validation_end_early,
    "weekday_differs": _weekday_differs,
}
