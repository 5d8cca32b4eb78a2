"""The guard that every suggestion passes: no fact changed, dropped or invented, nothing promised or taken back, still clean, no harder
to read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection
from functools import cached_property

from tonecheck.entities import find_entities
from tonecheck.readability import MINIMUM_WORDS, Counts, counts
from tonecheck.rewrite.facts import BLANK, Fact, commitments_of, facts_of, remembered

# A suggestion may raise the reading grade of the message by as much, where grades mean something.
MOST_HARDER = 2.0

Check = Callable[[str], bool]
"""Whether a sentence is free of findings of tone of severity 2 or 3."""


class Guard:
    """Guards the suggestions for one message. ``message`` is its text, ``is_clean`` asks the checker."""

    def __init__(self, message: str, is_clean: Check, account: Collection[str] = ()) -> None:
        self._message = message
        self._is_clean = is_clean
        self._account = tuple(account)

    @cached_property
    def facts(self) -> Counter[Fact]:
        """Those of the message."""
        return facts_of(self._message)

    @cached_property
    def _lowered(self) -> str:
        return self._message.lower()

    @cached_property
    def _counts(self) -> Counts:
        return counts(self._message)

    @cached_property
    def _given(self) -> frozenset[Fact]:
        return frozenset(fact for text in self._account for fact in facts_of(text))

    def refuses(
        self,
        before: str,
        after: str,
        *,
        kept: str = "",
        offers: bool = False,
        approved: bool = False,
        may_go: Collection[str] = (),
    ) -> str | None:
        """Why ``after`` must not stand in the place of ``before`` (``""`` inserts or deletes), or ``None``.

        ``kept``: the part of ``before`` in which nothing was found, whose undertakings have to stay. ``offers``: the suggestion
        says that it undertakes something. ``approved``: it is a phrasing that the tests have found clean. ``may_go``: kinds of
        facts that are told there to hurt ("your sister Ana will hear of it").
        """
        return (
            does_not_read(before, after)
            or self._changes_facts(before, after, may_go)
            or self._changes_undertakings(before, after, kept, offers)
            or self._is_harder(before, after)
            or (None if approved or not after or self._is_clean(after) else "it is not clean itself")
        )

    def _changes_facts(self, before: str, after: str, may_go: Collection[str]) -> str | None:
        old, new = facts_of(before), facts_of(after)
        for fact in old:
            if fact.kind in may_go:
                continue
            if fact not in new and self.facts[fact] <= old[fact] and not self._stands_elsewhere(fact, before):
                return f"it drops the {fact.kind} {fact.value!r}"
        for fact in new:
            if not (fact in old or fact in self._given or self._may_bring(fact, inserted=not before)):
                return f"it brings in the {fact.kind} {fact.value!r}"
        return None

    def _stands_elsewhere(self, fact: Fact, before: str) -> bool:
        """Whether a name is told elsewhere as a part of another one: "Pembury" of "Pembury Lowe"."""
        return fact.kind == "name" and self._lowered.count(fact.value) > before.lower().count(fact.value)

    def _may_bring(self, fact: Fact, *, inserted: bool) -> bool:
        """Whether a fact that the place did not have is known from the rest of the message, or is a blank to be filled in."""
        if inserted:
            return fact in self.facts or fact.kind in ("name", "placeholder", "period") or _is_blank(fact)
        return fact.kind == "name" and fact in self.facts

    def _changes_undertakings(self, before: str, after: str, kept: str, offers: bool) -> str | None:
        said = commitments_of(after)
        for commitment in commitments_of(kept):
            if commitment not in said:
                return f"it takes back {commitment!r}"
        if not offers:
            for commitment in said:
                if commitment not in commitments_of(before):
                    return f"it undertakes {commitment!r}"
        return None

    def _is_harder(self, before: str, after: str) -> str | None:
        if not after:
            return None
        changed = self._counts.changed(counts(before), counts(after))
        if min(changed.words, self._counts.words) < MINIMUM_WORDS:
            return None
        harder = changed.grade - self._counts.grade
        return f"it raises the reading grade by {harder:.1f}" if harder > MOST_HARDER else None


# What a cut leaves behind: "free and .", "and, ", a sign at the beginning, two signs in a row, a word twice.
_TORN = re.compile(
    r"(?<!take it )\b(?:and|but|or|so|because|if|unless|until|to|the|a|an|of|for|with|by|is|are|was|your|our|in|on|at)\s*(?:[.!?,;:]|\Z)"
    r"|\A\s*[.,;:!?)]|[,;:]\s*[.,;:!?]| [,;:.!?](?=\s|\Z)|(?<!\.)\.\.(?!\.)|[?!]\.|\(\s*\)|\b(?:and|but|or) (?:and|but|or)\b"
    r"|\bon your account (?:on|for your account|under)\b|\bto which (?:we have not yet|please|could you)\b"
    r"|\b(?:the|a|an|of|that's|it's|been|be|them before|before) (?:please|could you|we would)\b|\b(?:(?<!as )before|until|because|unless)\s*[.!?]|\bwe have not yet received [^.!?\n]{0,60} or (?:troubled|bothered|replied|answered|contacted|got|called|rung|responded)\b|\b(\w{2,}) \1\b"
    # "We have not heard back about our calls and refused to pay": it is not we who refused.
    r"|\bwe (?:have not (?:yet )?(?:heard|received|had)|may have missed)\b[^.!?,\n]{0,60} (?:and|but) (?:then )?(?:\w+ed|chose|left|kept|let|made|went|took|gave|broke)\b"
    # "We have received nothing but excuses"
    r"|\bheard (?:back )?from you (?:but|except|other than)\b|\byet (?:received|had) (?:but|except|other than)\b"
    # "No one is going to pull it, and if you keep this up without paying."
    r"|, (?:and|but|or|so) (?:if|when|once|unless|until)\b[^,;:.!?]*[.!?]?\Z",
    re.IGNORECASE,
)


def does_not_read(before: str, after: str) -> str | None:
    """Why ``after`` is no English: an end that hangs, half a pair of quotes."""
    if after.count('"') % 2 != before.count('"') % 2:
        return "it leaves half a pair of quotation marks"
    if after.count("(") != after.count(")") and before.count("(") == before.count(")"):
        return "it leaves half a pair of brackets"
    if after.count("[") - after.count("]") != before.count("[") - before.count("]"):
        return "it leaves half a pair of square brackets"
    torn = _torn(after)
    return f"it leaves {torn!r}" if torn and torn not in before else None


@remembered
def _torn(text: str) -> str:
    """The first place that is torn; empty if there is none. The same phrasings are asked for again and again."""
    torn = _TORN.search(text)
    return torn[0] if torn is not None else ""


def _is_blank(fact: Fact) -> bool:
    """Whether a fact is a placeholder that says what goes there, such as ``[BALANCE]``."""
    return any(entity.value is None and fact.value[:1] in BLANK for entity in find_entities(fact.value))
