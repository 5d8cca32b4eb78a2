"""What a span of a message tells, and for what it can be told again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cached_property

from tonecheck.analysis import Analysis
from tonecheck.checks.facts import money_of
from tonecheck.document import Span
from tonecheck.entities import Entity
from tonecheck.rewrite.around import Around, Found
from tonecheck.rewrite.facts import Fact, facts_of
from tonecheck.rewrite.intents import CONSEQUENCES
from tonecheck.rewrite.people import People
from tonecheck.rewrite.sums import what_for, whose
from tonecheck.rewrite.units import is_headline
from tonecheck.rewrite.whens import (
    is_a_day,
    is_deadline,
    is_due,
    is_in_a_row,
    is_sent,
    is_time_left,
    names_a_payment,
    told_in,
    whens_joined,
)

# Phrasings for these tell a date as that on which something was due; all others as a day that is to come.
_TELL_WHEN_DUE = frozenset({"state_balance", "missed_promise", "agreement"})
# A sum that is a fee or a saving is no balance that could be asked for.
_TELL_FEES = frozenset({"fees", "offer", "plan", "plan_terms"})
_OF_A_FEE = re.compile(
    r"(?i)\b(?:fees?|compensation|interest|penalty|charges?|costs|surcharge|per (?:day|week|month)|a (?:day|week|month)|/ ?(?:day|week|month|wk|mo)|off|discount|worth|statutory|adds?|added|on top)\b"
)
_A_DAY_EACH = re.compile(r"(?i) ?(?:/|per|a|each) ?(?:day|night|week|wk)\b")
_EACH = re.compile(
    r"(?i) ?(?:ea|each|apiece|a (?:piece|pop|go|time|visit|lesson|session)|per (?:person|item|visit|lesson|session|collection|head|child))\b"
)
_NOT_FOUND = re.compile(
    r"(?i)\b(?:(?:cannot|can't|couldn't|could not|unable to|won't|never) (?:\w+ )?(?:find|spare|manage|scrape|part with|afford)|as (?:little|much) as|for the sake of|over a)\b[^.!?]*\Z"
)
# What the sender tells of: "I saw your husband on Saturday".
_HAPPENED = re.compile(
    r"(?i)\b(?:i|we|you|he|she|they) (?:\w+ )?(?:saw|met|was|were|had|did|went|came|drove|called|rang|spoke|told|asked|heard|noticed|passed|ran into|bumped into|watched|stopped by)\b[^.!?;]*\Z"
)
_ASK_FOR_MONEY = frozenset({"ask_payment", "deadline", "how_to_pay", "state_balance", "missed_promise"})
_HOUR = re.compile(r"(?i)\d ?(?:[ap]\.?m\b|o'clock)|\d:\d\d")
_ENDING = re.compile(r"(?i)\b(?:ending|ends)(?: in| with)? \Z")
SPEAKS_OF_MONEY = re.compile(
    r"(?i)\b(?:balance|payments?|amount|account|invoice|bill|rent|instal?lments?|pay|paid|settle|transfer|cash|card|cheque|check|money|funds|owe|due|clear|(?:send|pay) (?:it|them))\b|\d down\b"
)

# What else than paying should it be for?
_TIME_IS_GIVEN = re.compile(r"(?i)you(?:['\u2019]ve| have)(?: got)? (?:till|until|to)\b")
# "An officer will be in your street between 14 and 18 May", "other parents manage to pay by the 5th": no days for the reader.
_BETWEEN = re.compile(r"(?i)\bbetween(?: the)? \Z")
# "He's due his boosters on the 28th": not when something is to be paid.
_DUE_SOMETHING = re.compile(
    r"(?i)\bdue (?:for )?(?:his|her|their|its|a|an|another|back|out|in for)\b[^.!?;]*\Z"
)
_OF_OTHERS = re.compile(
    r"(?i)\b(?:others?|everyone|everybody|most|neighbou?rs|families|parents|tenants|customers|members|people|clients|borrowers)\b[^.!?;]*\b(?:pays?|paid|settles?|managed?|manages)\b[^.!?;]*\Z"
)
_WAS_PAID = re.compile(
    r"(?i)\byou (?:have )?(?:already )?(?:made|paid|sent|managed)\b(?! (?:no|not|none|nothing|zero)\b)|\b(?:received|posted|arrived|reached us)\b(?<!not received)"
)
# "The 1 May payment" was due on 1 May.
_OF_THE_DAY = re.compile(r"(?i)\Athe (?=\d{1,2} [a-z]{3})")


# "Send it tonight or the deal's off and you owe the whole $480": not asked for now.
_OWED_ELSE = re.compile(r"(?i)\b(?:or|otherwise)\b[^.!?]*\b(?:owe|due|payable|full|whole)\b[^.!?]*\Z")
# "One missed payment and it's over": nothing was missed.
_ONE_MAY_MISS = re.compile(
    r"(?i)\b(?:if|should|when|one|any|a single|another) (?:\w+ ){0,3}(?:miss|slip|skip|bounce|late)|\b(?:miss|skip) (?:one|a|any|even|it|this)\b"
)
# "The van goes unless I get $600 by", "We need the $240 by": the last day for the reader, in a threat.
_IF_PAID_BY = re.compile(
    r"(?i)(?:(?:\A|\bunless )(?:(?:i|we) (?:get|receive|see|have|hear)|you (?:pay|send|settle|clear|find|bring))\b"
    r"|\b(?:i|we)(?: \w+)? (?:need|want|expect|require)\b)[^.!?;]{0,50}\b(?:by|before) \Z"
)


class Told:
    """``facts``: those of the whole message. ``found``: what was found in it; what it holds may change."""

    def __init__(
        self, analysis: Analysis, facts: Counter[Fact], found: Found, around: Around, people: People
    ) -> None:
        self.analysis = analysis
        self.text = analysis.document.text
        self._facts = facts
        self._found = found
        self._around = around
        self._people = people

    def facts(self, span: Span) -> list[dict[str, list[str]]]:
        """What the sentence says, by kind and in its order, each fact once: with the time that it gives, without, and only what no other
        sentence says. The last is what has to be said at least."""
        found: dict[str, list[str]] = {}
        inside = facts_of(self.text[slice(*span)])
        least: dict[str, list[str]] = {}
        seen = set()
        for kind, place in self.told(span):
            said = self._with_what_for(kind, place, span)
            if (kind, said.lower()) not in seen:
                seen.add((kind, said.lower()))
                found.setdefault(kind, []).append(said)
                alone = facts_of(_as_said(kind, said))
                if kind != "period" and (
                    not alone or any(self._facts[fact] <= inside[fact] for fact in alone)
                ):
                    least.setdefault(kind, []).append(said)
        before = self.text[slice(*span)]
        periods = [period for period in found.pop("period", []) if is_time_left(before, period)]
        ways = ([{**found, "period": periods[:1]}] if periods else []) + [found, least]
        return [way for number, way in enumerate(ways) if way not in ways[:number]]

    def _with_what_for(self, kind: str, place: Span, span: Span) -> str:
        """A fact as it is told; a sum with what it is for and to whom it is owed, "£310 for your old contract", unless something was found in
        that."""
        end = place.end
        if kind == "amount" and (after := what_for(self.text, place.end, span.end)) is not None:
            hurts = any(one.overlaps(after) for _, one in self._found if one.start >= place.start)
            end = place.end if hurts else after.end
        said = " ".join(self.text[place.start : end].split())
        if kind == "period" and said.isupper():
            said = said.lower()
        if kind == "date":
            said = _OF_THE_DAY.sub("", said)
        if kind == "amount" and (owner := whose(self.text, span)) and owner in self._people.only_in(span):
            return said if owner in said else f"{said} owed to {owner}"
        return said

    def told(self, span: Span) -> Iterator[tuple[str, Span]]:
        """The facts in ``span``; a day on which the sender wrote is of kind ``sent``, the last digits of a card of kind ``ending``: nothing is
        said for these as for a deadline or a reference."""
        for kind, place in whens_joined(self.text, self._all_told, span):
            before = self._before(place, span)
            said = self.text[slice(*place)]
            if kind == "date" and any(map(str.isdigit, said)) and not _HOUR.search(said) and is_sent(before):
                kind = "sent"
            elif kind == "reference" and _ENDING.search(before):
                kind = "ending"
            yield kind, place

    @cached_property
    def _all_told(self) -> list[tuple[str, Span]]:
        return told_in(self.text, self.analysis.entities)

    def _before(self, place: Span, span: Span) -> str:
        return self.text[max(span.start, place.start - 60) : place.start]

    def means_the_same(self, intent: str, span: Span) -> bool:
        """Whether every date and sum of the sentence means what phrasings for ``intent`` would make of it."""
        text = self.text
        dates = [place for kind, place in self.told(span) if kind == "date"]
        if any(self._is_for_others(place, span) for place in dates):
            return False
        threatened = [place for place in dates if self._is_threatened(place)]
        only_threatened = intent not in CONSEQUENCES and self._is_only_threatened(threatened, span)
        if (intent == "next_contact") != only_threatened:
            return False
        if intent == "next_contact":
            return dates == threatened
        befores = [
            "by "
            if place in threatened
            else "due on "
            if names_a_payment(text[place.end : span.end])
            else self._before(place, span)
            for place in dates
        ]
        if intent in _ASK_FOR_MONEY and (_WAS_PAID.search(text, *span) or self._is_another_sum(span)):
            return False
        if intent in _ASK_FOR_MONEY and self._is_in_passing(span):
            return False
        if intent == "missed_promise" and _ONE_MAY_MISS.search(text, *span):
            return False
        if intent in _ASK_FOR_MONEY and any(
            kind == "amount" and _OWED_ELSE.search(text, span.start, place.start)
            for kind, place in self.told(span)
        ):
            return False
        if befores and self._is_a_time(span):
            befores = ["by "]
        if intent in _ASK_FOR_MONEY and not self._speaks_of_money(span):
            return False
        if intent == "ask_payment" and self._less_is_offered(span):
            return False
        if intent == "balance_at_issue" and (not self._is_largest_sum(span) or self._is_in_passing(span)):
            return False
        if intent not in _TELL_FEES and any(
            _OF_A_FEE.search(text, max(span.start, place.start - 12), min(span.end, place.end + 30))
            for kind, place in self.told(span)
            if kind == "amount"
        ):
            return False
        if intent in _TELL_WHEN_DUE:
            return all(map(is_due, befores))
        return all(map(is_deadline, befores))

    def _is_for_others(self, date: Span, span: Span) -> bool:
        """Whether a date is no day for the reader: one of two between which something happens, one of a row, one on which others pay or are
        due something else."""
        before = self._before(date, span)
        return (
            is_in_a_row(before)
            or _BETWEEN.search(before) is not None
            or _OF_OTHERS.search(self.text, span.start, date.start) is not None
            or _DUE_SOMETHING.search(before) is not None
        )

    def only_threatens(self, span: Span) -> bool:
        """Whether all that ``span`` tells are days on which something bad is to happen."""
        told = list(self.told(span))
        return bool(told) and all(
            kind == "date" and is_a_day(self.text[slice(*place)]) and self._is_threatened(place)
            for kind, place in told
        )

    def is_a_rate(self, span: Span) -> bool:
        """Whether a sum in ``span`` is what each day costs: "storage $50/day"."""
        return any(
            kind == "amount" and _A_DAY_EACH.match(self.text, place.end, span.end)
            for kind, place in self.told(span)
        )

    def _less_is_offered(self, span: Span) -> bool:
        """Whether ``span`` tells a sum in a message that offers to settle for a smaller one."""
        return self.analysis.profile.stage == "settlement" and any(
            span.start <= entity.start < span.end and value > min(self._sums)
            for value, entity in self._sums.items()
        )

    def _is_another_sum(self, span: Span) -> bool:
        """Whether the sums in ``span`` are no balance: smaller than another one, in a sentence that says nothing of money."""
        inside = [value for value, entity in self._sums.items() if span.start <= entity.start < span.end]
        return (
            bool(inside)
            and max(inside) < max(self._sums)
            and SPEAKS_OF_MONEY.search(self.text, *span) is None
        )

    def _is_in_passing(self, span: Span) -> bool:
        """Whether the sums in ``span`` are no balance: the price of one of several, or one smaller than another which nobody asks for there:
        "people who cannot find £20 for what they owe"."""
        inside = [
            (value, entity) for value, entity in self._sums.items() if span.start <= entity.start < span.end
        ]
        if not inside:
            return False
        if all(_EACH.match(self.text, entity.end) for _, entity in inside):
            return True
        return max(inside, key=lambda one: one[0])[0] < max(self._sums) and all(
            _NOT_FOUND.search(self.text, span.start, entity.start) for _, entity in inside
        )

    def _is_largest_sum(self, span: Span) -> bool:
        """Whether the largest sum of the message stands in ``span``: the balance, not what the reader spent on lunch."""
        return bool(self._sums) and span.start <= self._sums[max(self._sums)].start < span.end

    @cached_property
    def _sums(self) -> dict[tuple[Decimal, str], Entity]:
        return {
            value: entity
            for entity in self.analysis.entities
            if entity.kind == "amount" and (value := money_of(entity)) is not None
        }

    def _is_only_threatened(self, dates: Sequence[Span], span: Span) -> bool:
        """Whether ``dates`` are days of a threat, and no last day for the reader, who is told of one elsewhere."""
        return (
            bool(dates)
            and all(
                is_a_day(self.text[slice(*place)]) and not _IF_PAID_BY.search(self._before(place, span))
                for place in dates
            )
            and self._around.is_said_elsewhere("deadline", span)
        )

    def _is_threatened(self, date: Span) -> bool:
        """Whether something bad is to happen on a day: until then the reader has time to answer."""
        if _HAPPENED.search(self.text, max(0, date.start - 60), date.start):
            return False
        return any(
            finding.severity >= 2
            and finding.category == "threat"
            and self.analysis.clause(place).overlaps(date)
            for finding, place in self._found
        )

    def _is_a_time(self, span: Span) -> bool:
        """Whether all that is said is a day or an hour, which is then the reader's last: "4pm tomorrow." On a line of its own it is that of
        the letter."""
        text = self.text[slice(*span)].strip(" .!?,")
        return not is_headline(self.text, span) and any(
            kind == "date" and " ".join(self.text[slice(*place)].split()) == text
            for kind, place in self.told(span)
        )

    def _speaks_of_money(self, span: Span) -> bool:
        """Whether what is asked for by a day in ``span`` may be a payment; without a day nothing is asked for by then."""
        told = {kind for kind, _ in self.told(span)}
        return (
            "date" not in told
            or bool(told & {"amount", "link", "bank", "reference"})
            or SPEAKS_OF_MONEY.search(self.text, *span) is not None
            or _TIME_IS_GIVEN.match(self.text, *span) is not None
        )


def _as_said(kind: str, said: str) -> str:
    """A fact in words in which it is recognised again: "by tonight", "pay 410"."""
    return f"by {said}" if kind in ("date", "sent") else f"pay {said}" if kind == "amount" else said
