"""Which phrases can match at all, from the words of a text alone.

A phrase can only match where each of its mandatory parts finds one of its words. ``Needs`` lists those parts, each a set of
words; nothing is listed where nothing is certain. With thousands of phrases nearly all are ruled out this way before any
pattern runs. A word that ends in ``*`` stands for all that begin so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from functools import lru_cache

Part = frozenset[str]
Needs = tuple[Part, ...]

_MOST_PARTS = 4
_PREFIX = 3  # letters by which prefixes are looked up
# Words that are in nearly every message tell nothing; a part with one of them is the last choice.
_COMMON = frozenset(
    "a an and are as at be but by can do for from have i if in is it me my no not of on or our so that the there "
    "this to us was we will with would you your".split()
)


@lru_cache(maxsize=8192)
def of_word(word: str) -> Needs:
    """What a word of a phrase needs: its longest run of letters and digits."""
    pieces: list[str] = re.findall("[a-z0-9]+", word.lower().replace("'", "").replace("’", ""))
    if not pieces:
        return ()
    piece = max(pieces, key=len)
    if not word.endswith("*") or (len(pieces) > 1 and piece is not pieces[-1]):
        return (frozenset({piece}),)
    return (frozenset({piece + "*"}),) if len(piece) >= _PREFIX else ()


def any_of(options: Iterable[Needs]) -> Needs:
    """What is needed by one of several: a word of the most telling part of any."""
    union: set[str] = set()
    for needs in options:
        if not needs:
            return ()
        union |= needs[0]
    return (frozenset(union),)


def all_of(sequence: Iterable[Needs]) -> Needs:
    """What is needed by several, all of which must stand; the most telling part first."""
    parts = {part for needs in sequence for part in needs}
    ranked = sorted(parts, key=lambda words: (len(words & _COMMON), len(words), sorted(words)))
    return tuple(ranked[:_MOST_PARTS])


def may_match(needs: Needs, words: Set[str]) -> bool:
    """Whether each part finds one of its words among ``words``."""
    return all(_found(part, words) for part in needs)


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
        self._by_word: dict[str, list[tuple[tuple[object, int], Needs]]] = {}
        self._by_prefix: dict[str, list[tuple[str, tuple[object, int], Needs]]] = {}

    def add(self, owner: object, number: int, needs: Needs) -> None:
        """Make a phrase known."""
        self.owners.add(owner)
        phrase = (owner, number)
        if not needs:
            self._always.append(phrase)
            return
        # A part with prefixes cannot be looked up at once; it is let through.
        rest = tuple(part for part in needs[1:] if not any(word.endswith("*") for word in part))
        for word in needs[0]:
            if word.endswith("*"):
                self._by_prefix.setdefault(word[:_PREFIX], []).append((word[:-1], phrase, rest))
            else:
                self._by_word.setdefault(word, []).append((phrase, rest))

    def possible(self, words: Set[str]) -> set[tuple[object, int]]:
        """The phrases that may match a text with these words."""
        found = set(self._always)
        for word in words:
            for phrase, rest in self._by_word.get(word, ()):
                for part in rest:
                    if part.isdisjoint(words):
                        break
                else:
                    found.add(phrase)
            for prefix, phrase, rest in self._by_prefix.get(word[:_PREFIX], ()):
                if word.startswith(prefix) and not any(part.isdisjoint(words) for part in rest):
                    found.add(phrase)
        return found
