"""What the tone model reads: a few sentences in a row, each judged among its neighbours, and their clauses.

Facts are replaced by stock facts of their kind, so that neither a sum, a date nor the name of an account can move the
judgement, and so that the paragraphs of a mail merge are one paragraph to the cache.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate, pairwise
from pathlib import Path
from typing import NamedTuple

from tonecheck.document import Span
from tonecheck.entities import Entity
from tonecheck.sentences import clauses_of

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
# Who somebody is makes no difference: names of people, firms and places, titles, he and she.
WORDS = Path(__file__).parents[1] / "data" / "words.txt"
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
_PARTICLE = r"(?:(?:of|de|del|della|di|da|la|le|los|las|van|von|der|den|y|al|el|bin|ibn|ap|the) ){0,2}"
_CAPITAL = r"(?:(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof)\b\.?|[^\W\d_a-z][\w'-]*[^\WA-Z\d_][\w'-]*|(?!I\b)[A-Z]\b\.?)"
_RUN = rf"{_CAPITAL}(?:(?: | & |-){_PARTICLE}{_CAPITAL})*"
# Shouted words (short ones are mostly acronyms), signs of alarm, words that may be names, words that stand for others.
_SPECIAL = re.compile(
    r"(?P<loud>\b(?=[A-Z']*[A-Z]{3})[A-Z][A-Z']+\b|"
    "[\u26a0\u203c\u2757\u2755\U0001f6a8\U0001f621\U0001f92c\U0001f6d1\u26d4]\ufe0f?)"
    rf"|(?P<capital>\b{_RUN})|\b(?P<alike>{'|'.join(_ALIKE)})\b"
)
CAPITALS_SIGN = "^"
_LETTERS = re.compile(r"[^\W\d_]+")
# How firms are called whose names are ordinary words ("Granite State Credit"), and what offices are called.
_FIRMS = frozenset(
    "agency airlines apartments appliance appliances associates auto autos bakery bank barbers books broadband builders capital "
    "cards carpets cars catalogue catering cleaners cleaning clinic collections college company cooling credit dental design "
    "designs digital electric energy enterprises equipment estates events farm farms feeds fencing finance financial flooring "
    "florist flowers foods freight fuels furnishings furniture gas grocers group gym haulage health heating hire holdings homes "
    "hotel hotels housing inn insurance jewelers jewellers kitchens labs landscaping laundry leasing lending lettings limited "
    "loans lodge logistics ltd market markets mattress media mobile mortgages motors movers music networks nurseries nursery "
    "opticians parking partners payday pharmacy photography plumbing pool pools power print printing properties property realty "
    "recoveries removals rentals resort roofing salon scaffolding services solar solutions spa storage stores studio supplies "
    "supply systems telecom tires tools towing traders trading travel trust tyres utilities ventures veterinary vets water "
    "wholesale windows".split()
)
_OFFICIAL = frozenset(
    "attorney bailiff bailiffs bureau council county court department district division enforcement federal government judge "
    "justice legal ministry national office officer police prosecutor revenue security sheriff supreme tax tribunal warrant".split()
)
_TITLED = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof)\b")
_GREETING = re.compile(
    r"(?:Dear|Hi|Hello|Hey|Good (?:Morning|Afternoon|Evening)|Morning|Afternoon|Evening) (?=\w)"
)
# Who is greeted by one of these is not greeted by name.
_NO_NAME = re.compile(
    r"(?i)\b(?:debtors?|deadbeats?|delinquents?|defaulters?|liars?|losers?|thie(?:f|ves)|cheats?|crooks?|scroungers?|freeloaders?|"
    r"chancers?|idiots?|morons?|fools?|clowns?|bums?|scum|scammers?|fraudsters?|trash|snakes?|parasites?|leech(?:es)?|"
    r"procrastinators?|payers?|genius|einstein|majesty|highness|princess|superstar|moneybags|stranger|ghost|houdini)\b"
)
# What a sentence begins with, capitalised, before a name.
_SENTENCE_STARTS = frozenset(
    "a an and as at but by call dear for from good hello hey hi if in is it my no not of on or our please so subject thank thanks "
    "that the this to we when will with your yours you i sorry regards sincerely re fao attention tell ask pay".split()
)
# A passage takes sentences up to this many code points, and ends earlier at a paragraph's end once it has this many.
MOST_CHARACTERS = 450
ENOUGH_CHARACTERS = 200
# What is read of the sentence before a passage, in code points.
MOST_BEFORE = 120
# A sentence with fewer words is one clause.
_SHORT = 9


class Sentence(NamedTuple):
    """A sentence with stock facts, and its clauses as ``(start, end)`` in ``text``; none for a short sentence."""

    text: str
    clauses: tuple[tuple[int, int], ...] = ()


class Passage(NamedTuple):
    """Consecutive sentences that are judged, and the end of the one before them, which is only read."""

    sentences: tuple[Sentence, ...]
    before: str = ""


class Piece(NamedTuple):
    """A piece of stock text and the place that it stands for: sign by sign if ``verbatim``, else as a whole."""

    text: str
    source: Span
    verbatim: bool = False


def _verbatim(text: str, start: int, end: int) -> Piece:
    return Piece(text[start:end].replace("\n", " "), Span(start, end), True)


class Stocked:
    """A stretch of text with stock facts for facts, on one line, capitals marked; knows where everything came from."""

    def __init__(self, text: str, entities: Sequence[Entity], span: Span) -> None:
        self._pieces = list(_pieces(text, entities, span))
        self.text = "".join(piece.text for piece in self._pieces)
        self._starts = [0, *accumulate(len(piece.text) for piece in self._pieces)]

    def source(self, start: int, end: int) -> Span:
        """The place in the original text of a slice of ``self.text``; a fact that is touched belongs to it whole."""
        return Span(self._original(start)[0], self._original(end - 1)[1])

    def _original(self, at: int) -> tuple[int, int]:
        """The characters of the original behind the one at ``at``."""
        number = bisect_right(self._starts, at) - 1
        piece = self._pieces[number]
        if not piece.verbatim:
            return piece.source.start, piece.source.end
        place = piece.source.start + at - self._starts[number]
        return place, place + 1


def _pieces(text: str, entities: Sequence[Entity], span: Span) -> Iterator[Piece]:
    """The stock text, in order."""
    at = span.start
    first = bisect_left(entities, at, key=lambda entity: entity.end)
    for entity in entities[first:]:
        if entity.start >= span.end:
            break
        if entity.start < at or entity.end > span.end or entity.kind == "period":
            continue
        yield from _plain(text, Span(at, entity.start))
        yield Piece(_stock_fact(entity), Span(entity.start, entity.end))
        at = entity.end
    yield from _plain(text, Span(at, span.end))


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
        if match["capital"]:
            name = _name_in(match[0])
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


def _name_in(run: str) -> tuple[int, int] | None:
    """Where in a run of capitalised words a name stands: from its first word that is not ordinary, or the title before it, to
    the end of the run without a possessive; ``None`` if all are ordinary."""
    greeting = _GREETING.match(run)
    if greeting is not None and not _NO_NAME.search(run):
        return greeting.end(), _without_possessive(run)
    if (title := _TITLED.search(run)) is not None:
        return title.start(), _without_possessive(run)
    ordinary = _ordinary_words()
    words = list(_LETTERS.finditer(run))
    unknown = [word for word in words if len(word[0]) > 1 and word[0].lower() not in ordinary]
    if not unknown:
        if (
            len(words) < 2
            or words[-1][0].lower() not in _FIRMS
            or any(word[0].lower() in _OFFICIAL for word in words)
        ):
            return None
        unknown = words[1:]
    start = (
        words[0].start()
        if unknown[0] is words[0] or words[0][0].lower() not in _SENTENCE_STARTS
        else words[1].start()
    )
    return start, _without_possessive(run)


def _without_possessive(run: str) -> int:
    """Where ``run`` ends without its "'s"."""
    return len(run) - (2 if run.endswith("'s") else 0)


@cache
def _ordinary_words() -> frozenset[str]:
    return frozenset(WORDS.read_text(encoding="utf-8").split())


def passages_of(
    text: str, entities: Sequence[Entity], sentences: Sequence[Span]
) -> Iterator[tuple[Passage, list[Stocked]]]:
    """The sentences in groups, with what leads from each stock sentence back to ``text``.

    ``entities`` and ``sentences`` are ordered and index ``text``.
    """
    stocked = [Stocked(text, entities, sentence) for sentence in sentences]
    start = 0
    for end in _group_ends(text, sentences):
        group = stocked[start:end]
        before = stocked[start - 1].text[-MOST_BEFORE:] if start else ""
        yield Passage(tuple(Sentence(each.text, _clauses(each.text)) for each in group), before), group
        start = end


def _group_ends(text: str, sentences: Sequence[Span]) -> Iterator[int]:
    """Where groups of sentences end, as numbers of the sentence after."""
    length = 0
    for number, (one, other) in enumerate(pairwise(sentences), 1):
        length += one.end - one.start
        new_paragraph = "\n" in text[one.end : other.start].strip(" ")[1:]
        if length + other.end - other.start > MOST_CHARACTERS or (
            new_paragraph and length >= ENOUGH_CHARACTERS
        ):
            yield number
            length = 0
    if sentences:
        yield len(sentences)


def _clauses(sentence: str) -> tuple[tuple[int, int], ...]:
    if sentence.count(" ") < _SHORT - 1:
        return ()
    clauses = clauses_of(sentence, Span(0, len(sentence)))
    return tuple((clause.start, clause.end) for clause in clauses) if len(clauses) > 1 else ()
