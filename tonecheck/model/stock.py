"""Stock facts for facts, and one name for all names: neither a sum, a date nor who somebody is can move the judgement, and
the paragraphs of a mail merge are one paragraph to the cache."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from tonecheck.document import Span
from tonecheck.entities import Entity
from tonecheck.model.names import CAPITALISED, name_in

# Words of the encoder's vocabulary that read like the real thing. Periods stay: "in 24 hours" is part of the tone.
STOCK_FACTS = {
    "amount": "$100",
    "date": "May 5",
    "time": "5pm",
    "phone": "555-0100",
    "email": "help@example.com",
    "link": "example.com",
    "bank": "12345678",
    "reference": "A1234",
}
# Placeholders, by the word that their name holds; the first that fits.
_STOCK_PLACEHOLDERS = (
    (re.compile(r"amount|balance|total|sum|fee|price|due$|owed|payment$"), "$100"),
    (re.compile(r"date|deadline|day"), "May 5"),
    (re.compile(r"phone|tel|number to call"), "555-0100"),
    (re.compile(r"link|url|site|portal"), "example.com"),
    (re.compile(r"mail"), "help@example.com"),
    (re.compile(r"ref|account|invoice|number|id$"), "A1234"),
    (re.compile(r"company|creditor|business|sender|agency|organisation|organization"), "Northfield"),
)
_STOCK_NAME = "Sam"
# Who somebody is makes no difference: titles, he and she.
_ALIKE = {
    **dict.fromkeys(("he", "she"), "they"),
    # "her" is "him" or "his", so that all of these have to be one.
    **dict.fromkeys(("him", "his", "her", "hers", "their", "theirs"), "them"),
    **dict.fromkeys(("himself", "herself", "themself"), "themselves"),
    **dict.fromkeys(
        "husband wife spouse mother father mum mom dad brother sister grandmother grandfather grandma grandad grandpa".split(),
        "partner",
    ),
}
# A number and a street: "27 Example Court" is no court.
ADDRESS = (
    r"\b\d{1,5}[A-Za-z]? (?:[A-Z][\w'\u2019]{0,20} ){1,3}"
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Court|Ct|Drive|Dr|Way|Close|Place|Square|Terrace|Crescent|Boulevard|Blvd|Plaza|Gardens|Row|Hill)\b"
)
_STOCK_ADDRESS = "12 High Street"
# Addresses, shouted words (short ones are mostly acronyms), signs of alarm, words that may be names, words that stand for others.
_SPECIAL = re.compile(
    rf"(?P<address>{ADDRESS})|"
    r"(?P<loud>\b(?=[A-Z']*[A-Z]{3})[A-Z][A-Z']+\b|"
    "[\u26a0\u203c\u2757\u2755\U0001f6a8\U0001f621\U0001f92c\U0001f6d1\u26d4]\ufe0f?)"
    rf"|(?P<capital>\b{CAPITALISED})|\b(?P<alike>{'|'.join(_ALIKE)})\b"
)
CAPITALS_SIGN = "^"


class Piece(NamedTuple):
    """A piece of stock text and the place in its sentence that it stands for: sign by sign if ``verbatim``, else as a whole."""

    text: str
    source: Span
    verbatim: bool = False


def _verbatim(text: str, start: int, end: int) -> Piece:
    return Piece(text[start:end].replace("\n", " "), Span(start, end), True)


class Stocked:
    """A stretch of text with stock facts for facts, on one line, capitals marked; knows where everything came from."""

    def __init__(self, text: str, entities: Sequence[Entity], span: Span) -> None:
        self._at = span.start
        inside = list(_facts(entities, span))
        # What holds no fact is the same in every letter of a mail merge.
        written = text[slice(*span)]
        self.text, self._pieces, self._starts = (
            _row(_pieces(written, inside, span.start))
            if inside or len(written) > _LONGEST_KEPT
            else _without_facts(written)
        )

    def source(self, start: int, end: int) -> Span:
        """The place in the original text of a slice of ``self.text``; a fact that is touched belongs to it whole."""
        return Span(self._at + self._original(start)[0], self._at + self._original(end - 1)[1])

    def _original(self, at: int) -> tuple[int, int]:
        """The characters of the stretch behind the one at ``at``."""
        number = bisect_right(self._starts, at) - 1
        piece = self._pieces[number]
        if not piece.verbatim:
            return piece.source.start, piece.source.end
        place = piece.source.start + at - self._starts[number]
        return place, place + 1


class _Row(NamedTuple):
    """Pieces, their texts in a row, and where each begins there."""

    text: str
    pieces: tuple[Piece, ...]
    starts: tuple[int, ...]


def _row(pieces: Iterable[Piece]) -> _Row:
    pieces = tuple(pieces)
    return _Row(
        "".join(piece.text for piece in pieces),
        pieces,
        (0, *accumulate(len(piece.text) for piece in pieces)),
    )


# As many sentences without facts are remembered, none longer than ``_LONGEST_KEPT`` code points: 3 MB.
_MOST_KEPT = 2048
_LONGEST_KEPT = 600


@lru_cache(maxsize=_MOST_KEPT)
def _without_facts(text: str) -> _Row:
    return _row(_plain(text, Span(0, len(text))))


def _facts(entities: Sequence[Entity], span: Span) -> Iterator[Entity]:
    """Those in ``span`` that stock facts stand for, in order."""
    at = span.start
    first = bisect_left(entities, at, key=lambda entity: entity.end)
    for entity in entities[first:]:
        if entity.start >= span.end:
            return
        if at <= entity.start and entity.end <= span.end and entity.kind != "period":
            yield entity
            at = entity.end


def _pieces(text: str, facts: Iterable[Entity], shift: int) -> Iterator[Piece]:
    """The stock text, in order. ``facts`` stand ``shift`` code points further on than in ``text``."""
    at = 0
    for fact in facts:
        start, end = fact.start - shift, fact.end - shift
        yield from _plain(text, Span(at, start))
        yield Piece(_stock_fact(fact), Span(start, end))
        at = end
    yield from _plain(text, Span(at, len(text)))


def _stock_fact(entity: Entity) -> str:
    if entity.kind != "placeholder":
        return STOCK_FACTS[entity.kind]
    name = str(entity.value or "")
    return next((fact for pattern, fact in _STOCK_PLACEHOLDERS if pattern.search(name)), _STOCK_NAME)


def _plain(text: str, span: Span) -> Iterator[Piece]:
    """Text without facts: names made one, he and she made they; capitals and alarm made visible to an encoder that knows
    neither."""
    at = span.start
    for match in _SPECIAL.finditer(text, *span):
        start, end = match.span()
        if match["address"]:
            shown = _STOCK_ADDRESS
        elif match["capital"]:
            name = name_in(match[0])
            if name is None:
                continue
            start, end, shown = start + name[0], start + name[1], _STOCK_NAME
        elif match["alike"]:
            shown = _ALIKE[match[0]]
        else:
            shown = CAPITALS_SIGN + match[0].lower() if match[0][0].isalpha() else " !! "
        if start > at:
            yield _verbatim(text, at, start)
        yield Piece(shown, Span(start, end))
        at = end
    if at < span.end:
        yield _verbatim(text, at, span.end)
