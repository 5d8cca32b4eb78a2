"""The line of the draft that a finding stands in, its exact characters underlined."""

from __future__ import annotations

import re

from tonecheck.render.terminal import Cell, Terminal, fit

_NEWLINE = re.compile(r"[\r\n]")
_LEAD = 24  # cells of a long line that are shown before the finding


def excerpt(
    terminal: Terminal, source: str, start: int, end: int, line: int, column: int, indent: str
) -> list[str]:
    """Two lines of text for ``source[start:end]``, which begins at ``line`` and ``column`` (from 1).

    Of a finding over several lines the first is shown, and "…". A long line is cut to what is around the finding; the
    cost does not depend on its length.
    """
    gutter = f"{line} {terminal.plain('│')} "
    room = max(16, terminal.width - len(indent) - len(gutter))
    line_start = start - (column - 1)
    # Code points may take no cell at all, so more of them than cells are looked at; but never all of a long line.
    low, high = max(line_start, start - 2 * room), min(len(source), start + 3 * room)
    newline = _NEWLINE.search(source, start, high)
    line_goes_on = newline is None and high < len(source)
    high = newline.start() if newline else high
    more_lines = newline is not None and end > high
    cells = terminal.cells(source[low:high])
    before, rest = cells[: start - low], cells[start - low :]
    inside, after = rest[: min(end, high) - start], rest[min(end, high) - start :]

    ellipsis = Cell(terminal.plain("…"), len(terminal.plain("…")))
    cut_before, cut_after = low > line_start, line_goes_on
    if cut_before or cut_after or _width(cells) > room - ellipsis.width * more_lines:
        lead = min(_LEAD, room // 3)
        if cut_before or _width(before) > lead:
            before = [ellipsis, *reversed(fit(reversed(before), lead))]
        left = room - _width(before) - ellipsis.width
        whole = fit(inside, left)
        if len(whole) < len(inside):
            inside, after, more_lines = whole, [], True
        else:
            shown = fit(after, left - _width(inside))
            cut_after = cut_after or len(shown) < len(after)
            after = [*shown, ellipsis] if cut_after else shown
    if more_lines:
        after = [ellipsis]
    blank = " " * len(str(line)) + " " + terminal.plain("│") + " "
    marks = "^" * max(1, _width(inside))
    return [
        indent
        + terminal.paint(gutter, "dim")
        + _text(before)
        + terminal.paint(_text(inside), "bold")
        + _text(after),
        indent + terminal.paint(blank, "dim") + " " * _width(before) + terminal.paint(marks, "red", "bold"),
    ]


def _width(cells: list[Cell]) -> int:
    return sum(cell.width for cell in cells)


def _text(cells: list[Cell]) -> str:
    return "".join(cell.text for cell in cells)
