"""From a text that a template becomes back to the pieces of the templates that it is made of."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate

from tonecheck.linter.explore import Explored
from tonecheck.linter.places import Place
from tonecheck.linter.tree import Leaf


class SourceMap:
    """From offsets of one text back to the pieces that it was put together from."""

    def __init__(self, explored: Explored, number: int) -> None:
        self.number = number
        self.pieces: list[Leaf] = []
        self.owners: list[int] = []
        for block in explored.ways[number]:
            for piece in explored.blocks[block].pieces:
                self.pieces.append(piece)
                self.owners.append(block)
        self.starts = [0, *accumulate(len(piece.text) for piece in self.pieces)]

    def pieces_in(self, start: int, end: int) -> list[int]:
        """The numbers of the pieces that have text in ``[start, end)``, white space aside."""
        first = max(0, bisect_right(self.starts, start) - 1)
        found: list[int] = []
        for number in range(first, len(self.pieces)):
            at = self.starts[number]
            if at >= end and found:
                break
            text = self.pieces[number].text[max(0, start - at) : max(0, end - at)]
            if text.strip():
                found.append(number)
            if at >= end:
                break
        return found or [min(first, len(self.pieces) - 1)]

    def place(self, start: int, end: int) -> tuple[Place, tuple[str, ...], frozenset[int]]:
        """Where ``[start, end)`` stands in the template, the way there, and the blocks that it is made of."""
        numbers = self.pieces_in(start, end)
        first = self.pieces[numbers[0]]
        place = self._part(numbers[0], start, end)
        for number in numbers[1:]:
            part = self._part(number, start, end)
            if part.path != place.path or part.start < place.start:
                break
            place = Place(place.path, place.start, max(place.end, part.end))
        return place, first.chain, frozenset(self.owners[number] for number in numbers)

    def _part(self, number: int, start: int, end: int) -> Place:
        piece, at = self.pieces[number], self.starts[number]
        if not piece.verbatim:
            return piece.place
        inner = max(0, start - at)
        lead = len(piece.text[inner : end - at]) - len(piece.text[inner : end - at].lstrip())
        return Place(
            piece.place.path,
            piece.place.start + inner + lead,
            piece.place.start + min(len(piece.text), end - at),
        )
