"""What the masked text of a stretch says by itself, wherever it stands, kept from one message to the next.

Mail merges and templates say the same sentences over and over. Nothing here is ever written to disk, and what is
kept is bounded in number and in characters.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple, Protocol

from tonecheck.anchors import AnchorIndex, words_of
from tonecheck.linear import Encoded

# At most a million characters are kept, with what is known about them: 5 MB for usual sentences, 40 MB for the longest.
MOST_KEPT = 1000
LONGEST_KEPT = 1000


class Place(NamedTuple):
    """Where a phrase stands: its number with its owner, and ``[start, end)`` in code points of the wording."""

    number: int
    start: int
    end: int


class Phrases(Protocol):
    """The owner of some phrases, which can look for them."""

    def search(self, wording: Wording, numbers: Iterable[int] | None) -> Iterable[Place]:
        """Where they stand, phrase by phrase. ``numbers``: those that the words allow, in order, where that is known."""
        ...


class Wording:
    """A masked text that phrases are looked for in. Each is looked for when first asked for, and once.

    Threads may share it: they can at worst find the same thing twice.
    """

    def __init__(self, masked: str) -> None:
        self.masked = masked
        self._possible: tuple[AnchorIndex, Mapping[Phrases, Sequence[int]]] | None = None
        self._places: dict[Phrases, tuple[Place, ...]] = {}

    @cached_property
    def words(self) -> frozenset[str]:
        return words_of(self.masked)

    @cached_property
    def encoded(self) -> Encoded:
        return Encoded(self.masked)

    def possible(self, index: AnchorIndex) -> Mapping[Phrases, Sequence[int]]:
        """The numbers of the phrases that the words allow, by owner; without owners known to stand nowhere here."""
        latest = self._possible
        allowed = latest[1] if latest and latest[0] is index else index.possible(self.words)
        left = {owner: numbers for owner, numbers in allowed.items() if self._places.get(owner, True)}
        self._possible = (index, left)
        return left

    def places(self, phrases: Phrases, numbers: Iterable[int] | None = None) -> tuple[Place, ...]:
        """Where the phrases stand, as ``Phrases.search`` gives them."""
        known = self._places.get(phrases)
        if known is None:
            known = self._places[phrases] = tuple(phrases.search(self, numbers))
        return known


class Wordings:
    """The wordings met last. Safe to share between threads."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._kept = lru_cache(maxsize=most)(Wording)

    def of(self, masked: str) -> Wording:
        return self._kept(masked) if len(masked) <= LONGEST_KEPT else Wording(masked)

    def __len__(self) -> int:
        return self._kept.cache_info().currsize
