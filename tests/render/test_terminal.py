"""What reaches a terminal: nothing that it would obey, in the right number of cells."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tonecheck.render.terminal import Terminal

UTF8 = Terminal()
PLAIN = Terminal(encoding="ascii")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\x07\x00\x7f\x9b1m", "a\\x07\\x00\\x7f\\x9b1m"),
        ("\u202eevil\u2066", "\\u202eevil\\u2066"),
        ("P\u200bAY", "P\\u200bAY"),
        ("a\u200db", "a\\u200db"),
        ("line\u2028break\r\n", "line\\u2028break\\x0d\\x0a"),
        ("\ud800", "\\ud800"),
        ("\U000e0041", "\\U000e0041"),
        ("a\tb", "a   b"),
        ("café 中文 😀", "café 中文 😀"),
    ],
)
def test_what_a_terminal_would_obey_is_written_out(text: str, shown: str) -> None:
    assert UTF8.plain(text) == shown


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("abc", 3),
        ("中文", 4),
        ("ｆｕｌｌ", 8),
        ("e\u0301", 1),
        ("😀", 2),
        ("👍\U0001f3fd", 2),  # a skin tone
        ("👨\u200d👩\u200d👧", 2),  # one family
        ("🇬🇧", 2),
        ("❤\ufe0f", 2),
        ("각", 2),
        ("\u1100\u1161\u11a8", 2),  # the same syllable in its three parts
        ("\t", 4),
        ("ab\t", 4),
        ("\x1b", 4),
        ("“”", 2),
    ],
)
def test_columns_are_those_of_a_terminal(text: str, columns: int) -> None:
    assert UTF8.columns(text) == columns


def test_an_encoding_without_our_signs_gets_plain_ones() -> None:
    assert PLAIN.plain("“don’t” – wait… ✓ ✗ │ €") == '"don\'t" - wait... + x | \\u20ac'


@given(st.text())
def test_any_text_at_all_becomes_safe_and_writable(text: str) -> None:
    for terminal in (UTF8, PLAIN, Terminal(encoding="cp1252")):
        shown = terminal.plain(text)
        assert shown.encode(terminal.encoding).decode(terminal.encoding) == shown
        # The joiner is the one invisible character that may stay, inside an emoji.
        left = {unicodedata.category(char) for char in shown if char != "\u200d"}
        assert left & {"Cc", "Cf", "Cs", "Zl", "Zp"} == set()
        assert len(terminal.cells(text)) == len(text)


@given(st.text(alphabet="ab \n\t中😀", min_size=1), st.integers(16, 60))
def test_wrapped_lines_fit_and_keep_every_word(text: str, width: int) -> None:
    terminal = Terminal(width=width)
    lines = list(terminal.wrap(text, "  - ", "    "))
    assert " ".join(lines).split() == ["-", *text.split()]
    longest_word = max((terminal.columns(word) for word in text.split()), default=0)
    assert all(terminal.columns(line) <= max(width, 4 + longest_word) for line in lines)


@pytest.mark.parametrize(
    ("text", "cells", "shortened"),
    [
        ("short", 10, "short"),
        ("exactly 10", 10, "exactly 10"),
        ("eleven char", 10, "eleven ch…"),
        ("  white \n space ", 20, "white space"),
        ("中文中文中文", 6, "中文…"),
        ("x" * 1_000_000, 5, "xxxx…"),
    ],
)
def test_a_text_is_cut_to_a_number_of_cells(text: str, cells: int, shortened: str) -> None:
    assert UTF8.shortened(text, cells) == shortened
    assert UTF8.columns(shortened) <= cells


def test_colour_is_written_only_when_wanted() -> None:
    assert UTF8.paint("x", "red", "bold") == "x"
    assert Terminal(colour=True).paint("x", "red", "bold") == "\x1b[31;1mx\x1b[0m"
