"""Which phrases can match at all, from the words of a text alone.

A phrase can only match where each of its mandatory parts finds one of its words, and neighbouring parts a pair of
neighbours. ``Needs`` lists the ways to say it, each a row of such parts, and each part a set of words and of pairs
(``"no choice"``); nothing is listed where nothing is certain. With thousands of phrases nearly all are ruled out this way before
any pattern runs. A word that ends in ``*`` stands for all that begin so.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence, Set
from functools import cache, lru_cache
from typing import Any, NamedTuple

Part = frozenset[str]
Way = tuple[Part, ...]
Needs = tuple[Way, ...]

_MOST_PARTS = 4
# What stands in a row has no more ways; a class of wordings may have more.
_MOST_WAYS = 100
_MOST_WORDINGS = 600
_MOST_PAIRS = 64
_PREFIX = 3  # letters by which prefixes are looked up
# Words that are in nearly every message tell nothing; a part with one of them is the last choice.
_COMMON = frozenset(
    "a an and are as at be but by can do for from have i if in is it me my no not of on or our so that the there "
    "this to us was we will with would you your".split()
)
_TOKEN = re.compile("[a-z0-9']+|[&\x0e-\x17]")
# How text messages spell the small words. A phrase that has the word finds these, too.
SHORTHAND: dict[str, tuple[str, ...]] = {
    "and": ("and", "&", "n"),
    "are": ("are", "r"),
    "because": ("because", "cos", "coz", "cuz", "bc"),
    "before": ("before", "b4"),
    "for": ("for", "4"),
    "people": ("people", "ppl"),
    "please": ("please", "pls", "plz"),
    "thanks": ("thanks", "thx", "tnx"),
    "to": ("to", "2"),
    "tomorrow": ("tomorrow", "tmrw", "tmw", "2moro"),
    "tonight": ("tonight", "tonite", "2nite"),
    "you": ("you", "u", "ya"),
    "you're": ("you're", "youre", "ur"),
    "your": ("your", "ur", "yr"),
}
UNKNOWN: Part = frozenset()


class Anchors(NamedTuple):
    """What is certain about a piece of a phrase: its needs, and the words that it can begin and end with (if known)."""

    needs: Needs = ()
    first: Part = UNKNOWN
    last: Part = UNKNOWN


NOTHING = Anchors()


def words_of(masked: str) -> frozenset[str]:
    """The words of a text with its facts masked, without apostrophes and in lower case, the signs of the facts, and
    all pairs of neighbours."""
    found: set[str] = set()
    before: tuple[str, ...] = ()
    for token in _TOKEN.findall(masked.lower()):
        # "court's" has "court", and "'now'" has "now"
        forms = (token.replace("'", ""), *filter(None, token.split("'"))) if "'" in token else (token,)
        if token != before[:1] or token > "\x17":
            for form in forms:
                found.add(form)
                for neighbour in before:
                    found.add(f"{neighbour} {form}")
        before = forms
    return frozenset(found)


@lru_cache(maxsize=8192)
def of_word(word: str) -> Anchors:
    """What a word of a phrase needs; it may hold several runs of letters and digits (``past-due``)."""
    if word.lower() in SHORTHAND:
        spellings = frozenset(spelling.replace("'", "") for spelling in SHORTHAND[word.lower()])
        return Anchors(((spellings,),), spellings, spellings)
    pieces: list[str] = re.findall("[a-z0-9]+", word.lower().replace("'", "").replace("’", ""))
    if not pieces:
        return NOTHING
    pairs = [frozenset({f"{one} {two}"}) for one, two in itertools.pairwise(pieces)]
    if not word.endswith("*"):
        whole = pairs if pairs else [frozenset({max(pieces, key=len)})]
        return Anchors((tuple(whole),), frozenset({pieces[0]}), frozenset({pieces[-1]}))
    *plain, open_end = pieces
    way: Way = (frozenset({max(plain, key=len)}),) if plain else ()
    if len(open_end) >= _PREFIX and not plain:
        way = (frozenset({open_end + "*"}),)
    return Anchors((way,) if way else (), frozenset({plain[0]}) if plain else UNKNOWN, UNKNOWN)


def any_of(options: Iterable[Anchors]) -> Anchors:
    """What is certain about one of several: all ways of all of them, those of a single part as one."""
    options = list(options)
    needs = [anchors.needs for anchors in options]
    if sum(map(len, needs)) > _MOST_WORDINGS:
        needs = [(_in_short(one),) if one else () for one in needs]
    single = frozenset(word for ways in needs for way in ways if len(way) == 1 for word in way[0])
    # What needs one of these words and others needs one of these words.
    several = dict.fromkeys(way for ways in needs for way in ways if not any(part <= single for part in way))
    return Anchors(
        (*several, *([(single,)] if single else [])) if all(needs) else (),
        _known(anchors.first for anchors in options),
        _known(anchors.last for anchors in options),
    )


def _known(sides: Iterable[Part]) -> Part:
    """The words of all, if those of each are known."""
    known = list(sides)
    return frozenset().union(*known) if all(known) else UNKNOWN


def _in_short(needs: Needs) -> Way:
    """One part that any of the ways needs: a word of its most telling part."""
    return needs[0] if len(needs) == 1 else (frozenset().union(*(way[0] for way in needs)),)


def all_of(sequence: Sequence[Anchors | None]) -> Anchors:
    """What is certain about several in a row; ``None`` stands for something optional or a gap between them."""
    parts: set[Part] = set()
    for one, two in itertools.pairwise(sequence):
        if one and two and one.last and two.first and len(one.last) * len(two.first) <= _MOST_PAIRS:
            parts.add(frozenset(f"{last} {first}" for last in one.last for first in two.first))
    # The ways of one are multiplied by those of the next as long as they stay few.
    ways: list[set[Part]] = [parts]
    for needs in sorted((anchors.needs for anchors in sequence if anchors and anchors.needs), key=len):
        most = _MOST_WAYS if len(ways) > 1 else _MOST_WORDINGS
        several = needs if len(needs) * len(ways) <= most else (_in_short(needs),)
        ways = [{*known, *way} for known in ways for way in several]
    first = sequence[0].first if sequence and sequence[0] else UNKNOWN
    last = sequence[-1].last if sequence and sequence[-1] else UNKNOWN
    telling = dict.fromkeys(tuple(sorted(way, key=_rank)[:_MOST_PARTS]) for way in ways)
    return Anchors(() if () in telling else tuple(telling), first, last)


@cache
def _rank(part: Part) -> tuple[int, int, list[str]]:
    """The most telling first: few words, none of them common; a pair tells more than any word."""
    common = len(part & _COMMON)
    pairs = sum(" " in word for word in part)
    return (common * 50 + 4 * (len(part) - pairs) + pairs, len(part), sorted(part))


def may_match(needs: Needs, words: Set[str]) -> bool:
    """Whether each part of one of the ways finds one of its words among ``words``."""
    return not needs or any(all(_found(part, words) for part in way) for way in needs)


def _found(part: Part, words: Set[str]) -> bool:
    return not part.isdisjoint(words) or any(
        word.startswith(prefix[:-1]) for prefix in part if prefix.endswith("*") for word in words
    )


class AnchorIndex:
    """Answers ``may_match`` for many phrases at once: from the words of a text to the phrases that they allow.

    A phrase is known by its owner and its number there.
    """

    def __init__(self) -> None:
        self.owners: set[object] = set()
        self._always: list[tuple[object, int]] = []
        # word → (phrase, the other parts that it needs), under each word of its most telling part
        self._by_word: dict[str, list[tuple[tuple[object, int], Way]]] = {}
        self._by_prefix: dict[str, list[tuple[str, tuple[object, int], Way]]] = {}

    def add(self, owner: object, number: int, needs: Needs) -> None:
        """Make a phrase known."""
        self.owners.add(owner)
        phrase = (owner, number)
        if not needs:
            self._always.append(phrase)
            return
        for way in needs:
            # A part with prefixes cannot be looked up at once; it is let through.
            rest = tuple(part for part in way[1:] if not any(word.endswith("*") for word in part))
            for word in way[0]:
                if word.endswith("*"):
                    self._by_prefix.setdefault(word[:_PREFIX], []).append((word[:-1], phrase, rest))
                else:
                    self._by_word.setdefault(word, []).append((phrase, rest))

    def possible(self, words: Set[str]) -> dict[Any, list[int]]:
        """The phrases that may match a text with these words: their numbers, in order, by owner."""
        found = set(self._always)
        for word in self._by_word.keys() & words:
            for phrase, rest in self._by_word[word]:
                for part in rest:
                    if part.isdisjoint(words):
                        break
                else:
                    found.add(phrase)
        for word in words if self._by_prefix else ():
            for prefix, phrase, rest in self._by_prefix.get(word[:_PREFIX], ()):
                if word.startswith(prefix) and not any(part.isdisjoint(words) for part in rest):
                    found.add(phrase)
        by_owner: dict[Any, list[int]] = {}
        for owner, number in found:
            by_owner.setdefault(owner, []).append(number)
        for numbers in by_owner.values():
            numbers.sort()
        return by_owner
