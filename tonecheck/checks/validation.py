"""The validation notice of the United States (12 CFR 1006.34): its sum, its last day, its link."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from tonecheck.analysis import Analysis, View
from tonecheck.checks.business_days import add_business_days
from tonecheck.checks.dates import deadlines_before
from tonecheck.checks.facts import (
    BY,
    REACH,
    Doubt,
    day_of,
    facts,
    in_words,
    letter_date,
    money_of,
    sentence_text,
    text_before,
)
from tonecheck.entities import Entity

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
    for entity in facts(analysis, view, "amount"):
        stretch = view.plain[max(at, entity.start - REACH) : entity.start]
        at = entity.end
        money = money_of(entity)
        labels = list(_ITEM.finditer(stretch))
        if money is None or not labels:
            continue
        # "between 1 May and today, you paid or were credited": the figure belongs to the last thing named, but a
        # total of several things to the total.
        kinds = [label.lastgroup or "" for label in labels]
        kind = "total" if "total" in kinds else kinds[-1]
        items.setdefault(kind, []).append((entity, money[0]))
    return items


def itemization_sum(analysis: Analysis, view: View) -> Iterator[Doubt]:
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
        yield Doubt.about(entity, f"{steps} = {expected:,.2f}, not {total:,.2f}")


_DISPUTE = re.compile(r"\b(?:disput\w+|validation period|original creditor|write to us|verif\w+)\b", re.I)


def _validation_ends(analysis: Analysis, view: View) -> list[tuple[Entity, date]]:
    """The stated days on which the period for disputing ends."""
    return [
        (entity, day)
        for entity in facts(analysis, view, "date")
        if (day := day_of(entity))
        and BY.search(text_before(view, entity.start))
        and _DISPUTE.search(sentence_text(analysis, view, entity.start))
    ]


def validation_end_early(analysis: Analysis, view: View) -> Iterator[Doubt]:
    """An end of the validation period less than 30 days after the day of writing."""
    written = letter_date(analysis, view)
    for entity, day in _validation_ends(analysis, view) if written else ():
        if written and day < written + timedelta(30):
            yield Doubt.about(entity, f"{(day - written).days} days after {in_words(written)}")
            return


def validation_end_close(analysis: Analysis, view: View) -> Iterator[Doubt]:
    """An end that leaves 30 days, but not the five business days that a letter may take."""
    written = letter_date(analysis, view)
    if written is None:
        return
    earliest = add_business_days(written, 5) + timedelta(30)
    for entity, day in _validation_ends(analysis, view):
        if written + timedelta(30) <= day < earliest:
            detail = f"{in_words(earliest)} or later, for a letter of {in_words(written)}"
            yield Doubt.about(entity, detail)
            return


def deadline_within_validation(analysis: Analysis, view: View) -> Iterator[Doubt]:
    """A day to pay by that lies before the end of the validation period."""
    ends = _validation_ends(analysis, view)
    if ends:
        yield from deadlines_before(analysis, view, max(day for _, day in ends))


def cfpb_link_missing(analysis: Analysis, view: View) -> Iterator[Doubt]:
    """No pointer to the CFPB's page (links are masked for phrases, so that ``absent`` cannot ask for one of them)."""
    if "cfpb.gov/debt-collection" not in view.plain.lower():
        yield Doubt(None, None, "cfpb.gov/debt-collection")
