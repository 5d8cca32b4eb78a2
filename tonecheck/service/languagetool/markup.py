"""Text with markup in it: what is checked, and where each place of that is in the whole.

There are three ways to count here. *Read* positions are code points of the text as it is checked, *whole* positions
code points of the original with its markup, and *units* UTF-16 code units of the original, as clients count.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

_BEYOND = "\uffff"


@dataclass(frozen=True)
class Piece:
    """``source``: as it stands in the original. ``read``: as what it is checked, ``source`` itself for plain text."""

    source: str
    read: str
    is_markup: bool = False


class MarkedText:
    """The pieces of a text in their order. Halves of a surrogate pair become U+FFFD, which has the same length."""

    def __init__(self, pieces: Iterable[Piece]) -> None:
        self._pieces = tuple(
            Piece(_whole_characters(piece.source), _whole_characters(piece.read), piece.is_markup)
            for piece in pieces
        )
        self.whole = "".join(piece.source for piece in self._pieces)
        self.read = "".join(piece.read for piece in self._pieces)

    @cached_property
    def _is_plain(self) -> bool:
        return not any(piece.is_markup for piece in self._pieces)

    @cached_property
    def _places(self) -> tuple[Sequence[int], Sequence[int]]:
        """Where each character of ``read`` starts and ends in ``whole``; all of a markup's reading stands for all of the markup."""
        if self._is_plain:
            return range(len(self.whole)), range(1, len(self.whole) + 1)
        starts: list[int] = []
        ends: list[int] = []
        at = 0
        for piece in self._pieces:
            after = at + len(piece.source)
            if piece.is_markup:
                starts += [at] * len(piece.read)
                ends += [after] * len(piece.read)
            else:
                starts += range(at, after)
                ends += range(at + 1, after + 1)
            at = after
        return starts, ends

    @cached_property
    def _markup(self) -> tuple[list[int], list[int]]:
        """Starts and ends in ``whole`` of the markup that an edit must not touch: all but white space."""
        starts: list[int] = []
        ends: list[int] = []
        at = 0
        for piece in self._pieces:
            after = at + len(piece.source)
            if piece.is_markup and (piece.source.strip() or piece.read.strip()):
                starts.append(at)
                ends.append(after)
            at = after
        return starts, ends

    @cached_property
    def _units(self) -> Sequence[int]:
        """The UTF-16 offset of each character of ``whole``, and of its end."""
        if self.whole.isascii():
            return range(len(self.whole) + 1)
        return list(accumulate((2 if character > _BEYOND else 1 for character in self.whole), initial=0))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The whole positions of the read span; markup before its first and after its last character stays outside."""
        starts, ends = self._places
        if start >= end:
            place = starts[start] if start < len(starts) else len(self.whole)
            return place, place
        return starts[start], ends[end - 1]

    def editable(self, start: int, end: int) -> bool:
        """Whether a client can put other text in place of the read span without losing markup."""
        first, last = self.span(start, end)
        starts, ends = self._markup
        before = bisect_left(starts, last) - 1
        return before < 0 or ends[before] <= first

    def units(self, first: int, last: int) -> tuple[int, int]:
        """Offset and length in UTF-16 code units of the whole positions."""
        return self._units[first], self._units[last] - self._units[first]


def _whole_characters(text: str) -> str:
    """JSON can escape half a character; UTF-8, in which reports go out, cannot."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return "".join("\ufffd" if "\ud800" <= character <= "\udfff" else character for character in text)
    return text


def units(text: str) -> int:
    """The length of ``text`` in UTF-16 code units."""
    return len(text) + sum(character > _BEYOND for character in text)
