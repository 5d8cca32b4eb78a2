"""The balance against itself: one figure, in one currency."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from typing import NamedTuple

from tonecheck.analysis import Analysis, View
from tonecheck.checks.facts import Doubt, facts, money_of, sentence_text, text_before, unlike_the_first
from tonecheck.entities import Entity

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
    """The figures that are called the balance, or what is owed, now and as a whole; none where all figures are alike."""
    found: list[_Balance] = []
    amounts = facts(analysis, view, "amount")
    if len({money_of(entity) for entity in amounts}) < 2:
        return found
    for entity in islice(amounts, _MOST_AMOUNTS):
        money = money_of(entity)
        if money is None or not money[0]:
            continue
        label = _BALANCE.search(text_before(view, entity.start))
        if label is None or label["former"]:
            continue
        if not _NOT_THE_BALANCE.search(sentence_text(analysis, view, entity.start)):
            found.append(_Balance(entity, *money))
    return found


def _several_debts(analysis: Analysis, view: View) -> bool:
    """Whether the message is about more than one account, so that each may have a balance."""
    return len({entity.value for entity in facts(analysis, view, "reference")}) > 1


def balances_differ(analysis: Analysis, view: View) -> Iterator[Doubt]:
    """Two different figures for what is owed, in one currency, with nothing in the message that explains it."""
    balances = _balances(analysis, view)
    if len(balances) < 2 or _several_debts(analysis, view):
        return
    stated = {money[0] for entity in facts(analysis, view, "amount") if (money := money_of(entity))}

    def differ(first: _Balance, other: _Balance) -> bool:
        # Of $120 and $420 nothing is wrong where $300 are spoken of, too.
        return (
            other.currency == first.currency
            and other.value != first.value
            and abs(first.value - other.value) not in stated
        )

    yield from unlike_the_first(view, balances, differ)


_CONVERTED = re.compile(
    r"\b(?:equivalent|equals?|about|around|approx\w*|exchange|convert\w*|rate|or)\b|[≈=(]", re.I
)


def currencies_differ(analysis: Analysis, view: View) -> Iterator[Doubt]:
    """The balance in two currencies, not as a conversion."""
    balances = _balances(analysis, view)
    if len({balance.currency for balance in balances}) < 2 or _several_debts(analysis, view):
        return

    def differ(first: _Balance, other: _Balance) -> bool:
        return other.currency != first.currency and not _CONVERTED.search(
            sentence_text(analysis, view, other.entity.start)
        )

    yield from unlike_the_first(view, balances, differ)
