"""Where something stands in a template's file."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import NamedTuple

_LINE_END = re.compile(r"\r\n|\r|\n")


class Place(NamedTuple):
    """``[start, end)`` in code points of the file ``path`` (as it is named in the output)."""

    path: str
    start: int
    end: int


@dataclass
class Lines:
    """The lines of a text, by offset."""

    text: str
    _starts: list[int] = field(default_factory=list)

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both from 1. CR, LF and CRLF each end one line."""
        self._find()
        index = bisect_right(self._starts, offset) - 1
        return index + 1, offset - self._starts[index] + 1

    def offset(self, line: int) -> int:
        """Where a line (from 1) begins."""
        self._find()
        return self._starts[min(line, len(self._starts)) - 1]

    def _find(self) -> None:
        if not self._starts:
            self._starts.append(0)
            self._starts += [match.end() for match in _LINE_END.finditer(self.text)]
