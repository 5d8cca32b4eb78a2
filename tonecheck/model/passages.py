"""What the tone model reads: a few sentences in a row, each judged among its neighbours, and their clauses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from tonecheck.document import Span
from tonecheck.entities import Entity
from tonecheck.model.stock import Stocked
from tonecheck.sentences import clauses_of

# A passage takes sentences up to this many code points, and ends earlier at a paragraph's end once it has this many.
MOST_CHARACTERS = 450
ENOUGH_CHARACTERS = 200
# A closing or a heading shorter than this is no passage's beginning: alone it would cost as much as it does with its context.
SHORT_CHARACTERS = 40
# What is read of the sentence before a passage, in code points.
MOST_BEFORE = 60
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
        next_length = other.end - other.start
        new_paragraph = "\n" in text[one.end : other.start].strip(" ")[1:]
        if length + next_length > MOST_CHARACTERS or (
            new_paragraph and length >= ENOUGH_CHARACTERS and next_length >= SHORT_CHARACTERS
        ):
            yield number
            length = 0
    if sentences:
        yield len(sentences)


# As many stock sentences are remembered, none longer than ``MAX_SENTENCE``: those of a mail merge differ in nothing.
_MOST_KEPT = 2048


@lru_cache(maxsize=_MOST_KEPT)
def _clauses(sentence: str) -> tuple[tuple[int, int], ...]:
    if sentence.count(" ") < _SHORT - 1:
        return ()
    clauses = clauses_of(sentence, Span(0, len(sentence)))
    return tuple((clause.start, clause.end) for clause in clauses) if len(clauses) > 1 else ()
