"""What a suggestion must not touch: the facts of a text, who is named in it, and what its sender undertakes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache, wraps
from typing import NamedTuple, TypeVar

from tonecheck.entities import Entity, find_entities, is_free
from tonecheck.model.names import CAPITALISED, name_in
from tonecheck.model.stock import ADDRESS
from tonecheck.rewrite.offices import TITLES
from tonecheck.rewrite.sums import bare_sums
from tonecheck.rewrite.whens import is_hour_of_toil, is_month, relative_whens

_NAME = re.compile(rf"\b{CAPITALISED}")
_ADDRESS = re.compile(ADDRESS)
_SPACE = re.compile(r"\s+")
# "1.5% a month", "30 per cent"; who is "100% sure" tells no rate.
_RATE = re.compile(r"(?i)(?<![\w.,])(?!1[01]0\b)(\d{1,3}(?:\.\d+)?) ?(?:%|per ?cent\b|pct\b)")
# Numbers of things that no word before them names: "chart 10437", "serials 4471, 4478".
_NUMBER = re.compile(r"(?<![\w$£€.,:/#+-])(?!(?:19|20)\d\d\b)\d{4,12}(?![\w/%]|[.,:-]\d)")
# What the sender binds itself to, or refuses: "we will not add fees", "I have agreed to wait", "our team won't call".
_COMMITMENT = re.compile(
    r"(?<!if )\b(?:we|i|our \w+|my \w+|the (?:company|firm|team))(?:"
    r"(?:'ll| will| shall| can| cannot| can't| won't)(?: not)?(?: (?:also|always|never|gladly|happily|now|just|only|be|be happy to|be glad to))?"
    r"(?! (?:need|want|expect|require|see|know|have to|hear|(?:only |well )?(?:assume|imagine|hope|think|guess|suppose|wonder))\b)(?! only) \w+"
    r"|(?:'ve| have| has) (?:agreed|waived|paused|frozen|stopped|removed|cancelled|canceled|decided|promised|put on hold)"
    r"| (?:agree|promise|guarantee|undertake|waive) \w+"
    r"|(?: do not| don't| does not) (?:add|charge|report|share|contact|call|ask for|pass|sell|sue|take|tell) \w+)",
    re.IGNORECASE,
)
# What begins a sentence before a name, and is none; and capitals that are no name.
_NO_NAME = re.compile(
    r"\A(?:(?:alright|right|okay|ok|oi|yo|look|listen|morning|evening|afternoon|last|hiya|ah|oh|well|so|"
    r"what|how|when|where|why|who|which|whose|whether|whatever|while) )+",
    re.IGNORECASE,
)
_TITLE = re.compile(rf"(?:mr|mrs|ms|miss|mx|dr|prof|{TITLES})\.? ")
# Kinds of facts that are told for no other reason than to hurt, where they stand in a jibe or a threat ("your sister Ana", "men like you are
# why others pay 29%"), and may then go.
NAMES, FIGURES = frozenset({"name", "address"}), frozenset({"rate", "number"})
# How a placeholder begins.
BLANK = tuple("{[<%«*_$£€&")
_TITLE_ALONE = frozenset("mr mrs ms miss mx dr prof".split())


class Fact(NamedTuple):
    """``kind`` is that of an entity, or ``name``; ``value`` tells two facts of a kind apart."""

    kind: str
    value: str


def fact_of(entity: Entity, text: str) -> Fact:
    """Two spellings of one sum, date or number are one fact; a placeholder is what it says."""
    words = _SPACE.sub(" ", text[entity.start : entity.end]).strip()
    if entity.kind == "amount" and isinstance(entity.value, tuple):
        sum_, currency = entity.value
        return Fact(entity.kind, f"{sum_.normalize():f} {currency or ''}".strip())
    if entity.kind in ("phone", "reference", "bank") and entity.value is not None:
        return Fact(entity.kind, str(entity.value).lower())
    exact = entity.kind in ("link", "email") or words[:1] in BLANK
    said = words if exact else words.lower()
    return Fact(entity.kind, said.removeprefix("the ") if entity.kind == "date" else said)


_MOST_KEPT = 4096
_LONGEST_KEPT = 1000


T = TypeVar("T")
_clear: list[Callable[[], None]] = []


def forget() -> None:
    """Empty what is remembered."""
    for clear in _clear:
        clear()


def remembered(function: Callable[[str], T]) -> Callable[[str], T]:
    """``function`` of a text, whose answers to short ones are remembered in memory, as those of ``find_entities`` are: sentences and phrasings
    are asked about again and again."""
    kept = lru_cache(maxsize=_MOST_KEPT)(function)
    _clear.append(kept.cache_clear)

    @wraps(function)
    def of(text: str) -> T:
        return kept(text) if len(text) <= _LONGEST_KEPT else function(text)

    return of


@remembered
def facts_of(text: str) -> Counter[Fact]:
    """All facts of ``text``, how often each, names included. Periods are no facts here: "ten times a day", "for seven years"
    come and go with the wording, and a deadline keeps its own (see ``suggest``)."""
    entities = find_entities(text)
    found = Counter(
        fact_of(entity, text)
        for entity in entities
        if entity.kind != "period" and not is_month(entity, text) and not is_hour_of_toil(entity, text)
    )
    found.update(Fact("date", text[slice(*when)].lower()) for when in relative_whens(text, entities))
    found.update(Fact("amount", text[slice(*bare)].replace(",", "")) for bare in bare_sums(text, entities))
    found.update(Fact("rate", match[1]) for match in _RATE.finditer(text))
    found.update(
        Fact("number", match[0]) for match in _NUMBER.finditer(text) if is_free(entities, *match.span())
    )
    found.update(Fact("address", _SPACE.sub(" ", match[0]).lower()) for match in _ADDRESS.finditer(text))
    found.update(Fact("name", name) for name in names_of(text, entities))
    return found


def tells_figures(text: str) -> bool:
    """Whether ``text`` tells a rate, or the number of a thing."""
    return any(fact.kind in FIGURES for fact in facts_of(text))


def names_of(text: str, entities: Sequence[Entity]) -> Iterator[str]:
    """The names of persons, firms and places in ``text``, in lower case, as far as capitals show them."""
    return (name for _, name in names_at(text, entities))


def names_at(text: str, entities: Sequence[Entity]) -> Iterator[tuple[int, str]]:
    """The same, each with the offset where it begins, a title or "well" before it included."""
    return ((start, name) for start, end, name in _all_names(text) if is_free(entities, start, end))


@remembered
def _all_names(text: str) -> tuple[tuple[int, int, str], ...]:
    """With their ends, those in facts of another kind included."""
    names = []
    for match in _NAME.finditer(text):
        found = name_in(match[0])
        if found is None:
            continue
        start, end = match.start() + found[0], match.start() + found[1]
        name = _NO_NAME.sub("", _SPACE.sub(" ", text[start:end]).lower().removesuffix("'s"), count=1)
        name = _TITLE.sub("", name)
        if name and name not in _TITLE_ALONE and not _is_acronym(text[start:end]):
            names.append((start, end, name))
    return tuple(names)


def _is_acronym(name: str) -> bool:
    """ "PRs", "ID", "USA": no name by itself."""
    return name.removesuffix("s").isupper() and len(name) <= 4


@remembered
def commitments_of(text: str) -> Counter[str]:
    """What the sender says that it will, can, cannot or does not do, in its own words."""
    return Counter(_SPACE.sub(" ", match[0]).lower() for match in _COMMITMENT.finditer(text))
