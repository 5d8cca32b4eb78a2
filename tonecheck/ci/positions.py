"""Offsets in a file as lines and columns, in the two units that formats ask for."""

from __future__ import annotations

from typing import NamedTuple

from tonecheck.document import Lines


class Place(NamedTuple):
    """A half-open range of a file. ``start`` and ``end`` are code points from 0; lines and columns count from 1.

    ``end_column`` is the column after the last character. ``byte_column`` and ``byte_end_column`` are the same columns
    counted in bytes of UTF-8.
    """

    start: int
    end: int
    line: int
    column: int
    end_line: int
    end_column: int
    byte_column: int
    byte_end_column: int


class Positions:
    """The lines of one file. CR, LF and CRLF each end a line, as in the reports."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._lines = Lines(source)

    def place(self, start: int, end: int) -> Place:
        """The range ``source[start:end]``; what lies beyond the file is taken to be its end."""
        start = min(max(start, 0), len(self.source))
        end = min(max(end, start), len(self.source))
        line, column, byte_column = self._position(start)
        end_line, end_column, byte_end_column = self._position(end)
        return Place(start, end, line, column, end_line, end_column, byte_column, byte_end_column)

    def offset(self, line: int, column: int) -> int:
        """The offset of a line and column, both from 1; the nearest one in the file if there is no such place."""
        return min(self._lines.start(line) + max(column, 1) - 1, len(self.source))

    def _position(self, offset: int) -> tuple[int, int, int]:
        line, column = self._lines.position(offset)
        before = self.source[offset - column + 1 : offset]
        # A lone surrogate stands for what could not be read; it must not stop the report.
        return line, column, len(before.encode("utf-8", "surrogatepass")) + 1
