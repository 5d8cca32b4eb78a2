"""Readability of the sender's own prose: textstat counts syllables, sentences are ours.

Reading ease: Flesch (1948), ``206.835 - 1.015 words/sentences - 84.6 syllables/words``. Grade: Kincaid et al. (1975),
``0.39 words/sentences + 11.8 syllables/words - 15.59``.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from types import ModuleType
from typing import NamedTuple

from tonecheck.document import Span
from tonecheck.report import Readability
from tonecheck.sentences import MAX_SENTENCE, sentence_spans

# Below this many words the grades are noise; rules that set a limit ask for more.
MINIMUM_WORDS = 30

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


@cache
def _count_syllables() -> Callable[[str, str], int]:
    """textstat's syllable counter, kept off the network.

    textstat imports nltk only to download a pronouncing dictionary when it first counts. It gets an empty module
    in its place while it is imported (which also saves a second), and then counts by hyphenation, its own fallback.
    """
    stand_in = "nltk" not in sys.modules
    if stand_in:
        sys.modules["nltk"] = ModuleType("nltk")
    try:
        from textstat.backend.counts import _count_syllables as counter
    finally:
        if stand_in:
            del sys.modules["nltk"]
    counter.get_cmudict = lambda lang: None
    count: Callable[[str, str], int] = counter.count_syllables
    return count


@lru_cache(maxsize=20_000)
def syllables(word: str) -> int:
    """Syllables of one lower-case word, at least 1."""
    return max(1, _count_syllables()(word, "en_US"))


@lru_cache(maxsize=1024)
def _count(sentence: str) -> tuple[int, int]:
    """Words and syllables. What is kept is bounded, since no sentence is longer than ``MAX_SENTENCE``."""
    words = _WORD.findall(sentence)
    return len(words), sum(syllables(word.lower()) for word in words if len(word) < 40)


class Counts(NamedTuple):
    """What the formulas need. ``sentences``: those with a word in them."""

    words: int
    sentences: int
    syllables: int

    def changed(self, before: Counts, after: Counts) -> Counts:
        """The counts of a text in which one piece stands for another."""
        return Counts(*(all - old + new for all, old, new in zip(self, before, after, strict=True)))

    @property
    def ease(self) -> float:
        return 206.835 - 1.015 * self.words / self.sentences - 84.6 * self.syllables / self.words

    @property
    def grade(self) -> float:
        return 0.39 * self.words / self.sentences + 11.8 * self.syllables / self.words - 15.59


def counts(text: str, sentences: Sequence[Span] | None = None) -> Counts:
    """The counts of ``text``, whose sentences are found if they are not given."""
    if sentences is None and len(text) <= MAX_SENTENCE:
        return _counts_of_piece(text)
    return _counts(text, sentence_spans(text) if sentences is None else sentences)


@lru_cache(maxsize=2048)
def _counts_of_piece(text: str) -> Counts:
    """Suggestions are tried again and again in one place."""
    return _counts(text, sentence_spans(text))


def _counts(text: str, sentences: Sequence[Span]) -> Counts:
    words = counted = total = 0
    for start, end in sentences:
        found, heard = _count(text[start:end])
        words += found
        counted += found > 0
        total += heard
    return Counts(words, counted, total)


def readability(text: str, sentences: Sequence[Span]) -> Readability:
    """Words, sentences with a word in them, and both grades, rounded to one decimal."""
    found = counts(text, sentences)
    if not found.words:
        return Readability(0, 0, 0.0, 0.0)
    return Readability(found.words, found.sentences, round(found.ease, 1), round(found.grade, 1))


def forget() -> None:
    """Empty the caches."""
    syllables.cache_clear()
    _count.cache_clear()
    _counts_of_piece.cache_clear()
