"""Late payment of commercial debts in the United Kingdom: the fixed sum and the rate of the 1998 Act."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from tonecheck.analysis import Analysis, View
from tonecheck.checks.facts import REACH, Doubt, facts, money_of, quote, text_before
from tonecheck.entities import Entity

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


def late_payment_sum(analysis: Analysis, view: View) -> Iterator[Doubt]:
    """A fixed sum that does not belong to the one debt stated."""
    if not _ACT.search(view.plain):
        return
    sums: list[tuple[Entity, Decimal]] = []
    debts: set[Decimal] = set()
    for entity in facts(analysis, view, "amount"):
        money = money_of(entity)
        if money is None or money[1] != "GBP":
            continue
        before = text_before(view, entity.start)
        if _FIXED.search(before) or _FIXED_AFTER.match(view.plain, entity.end, entity.end + REACH):
            sums.append((entity, money[0]))
        elif not _NOT_THE_DEBT.search(before) and "%" not in view.plain[entity.end : entity.end + 2]:
            debts.add(money[0])
    if len(debts) != 1 or len(sums) != 1:
        return  # several invoices: each has a sum of its own
    (entity, stated), debt = sums[0], debts.pop()
    due = fixed_sum(debt)
    if stated != due:
        yield Doubt.about(entity, f"for a debt of £{debt:,.2f} it is £{due}, not {quote(view, entity)}")


_RATE = re.compile(r"(?<![\d.])(\d{1,2}(?:\.\d{1,2})?)\s?(?:%|per ?cent)", re.I)
_STATUTORY = re.compile(
    r"\b(?:statutory|late payment of commercial debts|under the (?:late payment )?act)\b", re.I
)
_BASE = re.compile(r"\bbase\b|\bcontract(?:ual)?\b", re.I)


def late_payment_rate(analysis: Analysis, view: View) -> Iterator[Doubt]:
    """Statutory interest at a rate that is neither 8% nor said to be over the base rate."""
    for sentence in analysis.sentences:
        words = view.plain[sentence.start : sentence.end]
        if "interest" not in words.lower() or not _STATUTORY.search(words) or _BASE.search(words):
            continue
        for match in _RATE.finditer(words):
            if Decimal(match[1]) < 8:
                start, end = sentence.start + match.start(), sentence.start + match.end()
                yield Doubt(start, end, f"{match.group()} instead of 8% over the Bank of England base rate")
