"""Sums without a currency ("you owe 9,300", "venmo me the 410 tonight"), and what a sum is for.

No recogniser of the entities takes a bare number for a sum, since most are none; but a suggestion that lost one would lose what is owed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tonecheck.document import Span
from tonecheck.entities import Entity, is_free
from tonecheck.entities.numbers import NUMBER_WORDS

_GROUPED = r"\d{1,3}(?:,\d{3})+(?:\.\d\d)?"
_OWED = (
    r"(?:(?:owes?|owed|owing|balance|total|amount|sum|payment)(?: \w+)?(?: of| is| at)?"
    r"|(?:pay|send|venmo|zelle|transfer|wire|paypal|bring|settle|clear)(?: \w+)?)(?: the| my| your)?(?: whole| full| entire| remaining)?"
)
_NO_SUM = r"(?![\w:/]|[.,-]\d|\s?(?:%|am\b|pm\b|[ap]\.m|days?\b|weeks?\b|months?\b|years?\b|hours?\b|hrs?\b|min|times\b|instal|payments\b|of (?:the|us|you)\b))"
_SUM = re.compile(rf"(?i)(?<![\w$£€.,:/#-])(?:({_GROUPED})|(?<=\s)(?P<bare>\d{{2,6}}(?:\.\d\d)?)){_NO_SUM}")
_BEFORE = re.compile(rf"(?i)\b(?:{_OWED}) \Z")
_MOST_BEFORE = 40
# "the 480 may become payable"
_PAYABLE = re.compile(r" (?:may|will|would|is|becomes?|falls?)\b(?: \w+){0,2} (?:payable|due|owed)\b")
# "$206.51 + 50 reconnect"
_PLUS = re.compile(r" ?(?:\+|plus|and|&) \Z")
_IN_WORDS = re.compile(rf"(?i)\b{NUMBER_WORDS}\b{_NO_SUM}")
# What follows a sum; "three hundred customers" is none.
_AFTER = re.compile(r"\s*(?:[.,;:!?)\"]|\Z)")
# A lone "a hundred" is mostly a manner of speaking: "a hundred times".
_SCALE = re.compile(r"(?i)hundred|thousand")
_LARGE = re.compile(r"(?i)\w[ -]+(?:hundred|thousand)\b[ -]+\w|\b(?!an?\b)\w+[ -]+(?:hundred|thousand)\b")


def bare_sums(text: str, entities: Sequence[Entity]) -> Iterator[Span]:
    """Sums in figures alone or in words from a hundred on, in order; ``entities`` are those of ``text``."""
    found = set(_in_words(text)) if _SCALE.search(text) else set()
    ends = {entity.end for entity in entities if entity.kind == "amount"}
    for match in _SUM.finditer(text):
        start, end = match.span()
        before = text[max(0, start - _MOST_BEFORE) : start]
        added = (plus := _PLUS.search(before)) is not None and start - len(plus[0]) in ends
        if not match["bare"] or added or _BEFORE.search(before) or _PAYABLE.match(text, end):
            found.add((start, end))
    for start, end in sorted(found):
        if is_free(entities, start, end):
            yield Span(start, end)


def _in_words(text: str) -> Iterator[tuple[int, int]]:
    for match in _IN_WORDS.finditer(text):
        if _LARGE.search(match[0]) and (
            _AFTER.match(text, match.end())
            or _BEFORE.search(text[max(0, match.start() - _MOST_BEFORE) : match.start()])
        ):
            yield match.span()


# Names of firms, people and places; days are none.
_NAME = (
    r"(?!(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Satur|Sun)(?:day)?\b|(?:January|February|March|April|May|June|July|August|September|October|November|December)\b)"
    r"[A-Z][\w'-]+(?: (?:(?:of|and|&|the) )?[A-Z][\w'-]+){0,4}"
)
# What a sum is for: a few plain words; and whose it is.
_WHAT_FOR = re.compile(
    r" (for (?:the|your|our|my|that|this|[A-Z]\w+'s) (?:[a-z][\w'-]*|[A-Z]\w+)(?: (?!(?:and|or|but|is|was|are|were|still|on|by|which|that|who|has|have|had|due|from|since|in|at|to|not|isn't|"
    r"hasn't|now|you|we|i|it|as|with|until|before|after|today|tonight|tomorrow|within|please|when|if|because|so|remains?|stands?|came|comes|paid|sent|made|\w+ed)\b)[a-z][\w'-]*){0,3})(?=[\s.,;:!?)]|\Z)"
    rf"| ((?:for|with|at|(?:originally )?(?:owed|owing|due|payable) to) {_NAME})(?=[\s.,;:!?)]|\Z)"
)


def what_for(text: str, start: int, end: int) -> Span | None:
    """What the sum that ends at ``start`` is for, if the words right after it say so and end before ``end``: "for the sunroom"."""
    match = _WHAT_FOR.match(text, start, end)
    return None if match is None else Span(*match.span(match.lastindex or 0))


_WHOSE = re.compile(rf"\b(?:in favou?r of|owed to|payable to|owing to|[Oo]ur client,?) ({_NAME})")
_ON_AN_ACCOUNT = re.compile(rf"\bon (?:a|an|your|the) ({_NAME}) (?:account|card|loan|bill|contract)\b")


def whose(text: str, span: Span) -> str:
    """To whom a sum in ``span`` is owed, by the words there: "judgment in favor of Unity Card Bank", "on a Unity Card account"; empty if they do
    not say so."""
    match = _WHOSE.search(text, *span) or _ON_AN_ACCOUNT.search(text, *span)
    return match[1] if match is not None else ""
