"""What a terminal can show: safe characters, their width in cells, colour, and lines that fit.

A draft is hostile: a control character in it could move the cursor, change colours or turn the direction of writing.
Everything that comes from outside goes through ``Terminal.cells`` or ``Terminal.plain``, which write such characters out.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

_SGR = {
    "bold": "1",
    "dim": "2",
    "red": "31",
    "green": "32",
    "yellow": "33",
    "blue": "34",
    "magenta": "35",
    "cyan": "36",
}
_TAB = 4
_JOINER = "\u200d"
_EMOJI_STYLE = "\ufe0f"
# What to write for the signs of our own texts where the terminal's encoding lacks them.
_ASCII = {
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "–": "-",
    "—": "-",
    "…": "...",
    "·": "-",
    "│": "|",
    "✓": "+",
    "✗": "x",
    "●": "!",
    "○": ".",
    "\u00a0": " ",
    "\u202f": " ",
    "\u2011": "-",
    "•": "*",
    "§": "s.",
}
# Categories that a terminal would obey or not show: control, format, surrogate, line and paragraph separator.
_UNSHOWN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


class Cell(NamedTuple):
    """What is written for one character of a text, and how many cells it takes."""

    text: str
    width: int


@dataclass(frozen=True, slots=True)
class Terminal:
    """How wide the lines may be (in cells), whether to colour, and which characters can be written."""

    width: int = 88
    colour: bool = False
    encoding: str = "utf-8"

    def paint(self, text: str, *styles: str) -> str:
        if not self.colour or not text:
            return text
        return f"\x1b[{';'.join(_SGR[style] for style in styles)}m{text}\x1b[0m"

    def cells(self, text: str) -> list[Cell]:
        """One cell for each code point of ``text``. Tabs become spaces; unsafe characters are written out."""
        found: list[Cell] = []
        column = 0
        for at, char in enumerate(text):
            previous = found[-1] if found else Cell("", 0)
            if " " <= char <= "~":
                cell = Cell(char, 1)
            elif char == "\t":
                gap = _TAB - column % _TAB
                cell = Cell(" " * gap, gap)
            elif (char == _JOINER and _joins(text, at)) or (previous.text == _JOINER and at):
                cell = self._encoded(char, 0)
            elif char == _EMOJI_STYLE and previous.width == 1 and unicodedata.category(text[at - 1]) == "So":
                cell = self._encoded(char, 1)  # it makes the sign before it an emoji, which is two cells wide
            else:
                cell = self._cell(char, previous)
            found.append(cell)
            column += cell.width
        return found

    def _cell(self, char: str, previous: Cell) -> Cell:
        category = unicodedata.category(char)
        if category in _UNSHOWN:
            return _written_out(char)
        if category in ("Mn", "Me") or "\u1160" <= char <= "\u11ff":
            return self._encoded(char, 0)
        if "\U0001f3fb" <= char <= "\U0001f3ff" and previous.width == 2:
            return self._encoded(char, 0)  # a skin tone belongs to the emoji before it
        return self._encoded(char, 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1)

    def _encoded(self, char: str, width: int) -> Cell:
        try:
            char.encode(self.encoding)
        except UnicodeEncodeError:
            if char in _ASCII:
                return Cell(_ASCII[char], len(_ASCII[char]))
            return _written_out(char)
        return Cell(char, width)

    def plain(self, text: str) -> str:
        """``text`` as it is safe to write."""
        return text if _is_simple(text) else "".join(cell.text for cell in self.cells(text))

    def columns(self, text: str) -> int:
        """How many cells ``text`` takes."""
        return len(text) if _is_simple(text) else sum(cell.width for cell in self.cells(text))

    def wrap(self, text: str, first: str = "", rest: str | None = None) -> Iterator[str]:
        """``text`` in lines that fit, white space folded; ``first`` begins the first line, ``rest`` the others."""
        rest = " " * len(first) if rest is None else rest
        line, used, empty = first, self.columns(first), True
        for word in text.split():
            width = self.columns(word)
            if not empty and used + 1 + width > self.width:
                yield line
                line, used, empty = rest, self.columns(rest), True
            line += ("" if empty else " ") + self.plain(word)
            used += width + (not empty)
            empty = False
        yield line

    def shortened(self, text: str, cells: int) -> str:
        """``text`` on one line, white space folded, cut to a number of cells. Raw: give it to ``plain`` or ``wrap``."""
        # No more than this much of a long text is looked at, so that the cost does not depend on its length.
        head = " ".join(text[: cells * 4].split())
        kept = fit(self.cells(head), cells)
        return (
            head if len(kept) == len(head) and len(text) <= cells * 4 else head[: max(0, len(kept) - 1)] + "…"
        )


def _is_simple(text: str) -> bool:
    """Printable ASCII, most of what is ever written: a cell for each character, nothing to be written out."""
    return text.isascii() and text.isprintable()


def _joins(text: str, at: int) -> bool:
    """Whether the joiner at ``at`` stands between two parts of an emoji, where it is no disguise."""
    around = text[at - 1 : at] if at else "", text[at + 1 : at + 2]
    return all(char and unicodedata.category(char) in ("So", "Sk", "Mn") for char in around)


def fit(cells: Iterable[Cell], width: int) -> list[Cell]:
    """The first cells that fit into ``width``."""
    kept: list[Cell] = []
    for cell in cells:
        width -= cell.width
        if width < 0:
            break
        kept.append(cell)
    return kept


def _written_out(char: str) -> Cell:
    code = ord(char)
    text = f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
    return Cell(text, len(text))
