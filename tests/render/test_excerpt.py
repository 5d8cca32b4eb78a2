"""The underline stands under the exact characters, whatever stands before them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tonecheck.render.excerpt import excerpt
from tonecheck.render.terminal import Terminal


def shown(source: str, words: str, terminal: Terminal | None = None) -> tuple[str, str]:
    """The excerpt of the first ``words`` in ``source``."""
    start = source.index(words)
    line_start = max(source.rfind("\n", 0, start), source.rfind("\r", 0, start)) + 1
    line = source.count("\n", 0, start) + 1
    first, second = excerpt(
        terminal or Terminal(), source, start, start + len(words), line, start - line_start + 1, ""
    )
    return first, second


def underlined(terminal: Terminal, first: str, second: str) -> str:
    """The part of the first line that the marks of the second stand under."""
    column = 0
    result = ""
    for char in first:
        width = terminal.columns(char)
        if second[column : column + 1] == "^" or (width == 0 and result and second[column - 1] == "^"):
            result += char
        column += width
    return result


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("Pay now, please.", "Pay now"),
        ("\tPay now, please.", "now"),
        ("a\tb\tPay\tnow!", "Pay\tnow"),
        ("中文字 Pay now", "Pay now"),
        ("😀😀 Pay 😀 now", "Pay 😀 now"),
        ("cafe\u0301 Pay now", "Pay now"),
        ("ｆｕｌｌ Pay", "Pay"),
        ("\x1b[31m Pay", "Pay"),
        ("P\u200bAY NOW", "AY"),
        ("ok\r\nPay now\r\n", "Pay now"),
    ],
)
def test_the_marks_stand_under_the_words(source: str, words: str) -> None:
    terminal = Terminal()
    first, second = shown(source, words)
    assert underlined(terminal, first, second).replace(" ", "") == terminal.plain(words).replace(" ", "")
    assert second.replace("^", "").strip(" │") == ""


def test_a_short_line_is_shown_whole_with_its_number() -> None:
    assert shown("Hello\nPay now, please.\nBye", "now") == ("2 │ Pay now, please.", "  │     ^^^")


def test_of_several_lines_the_first_is_shown() -> None:
    assert shown("You failed\nto pay.", "failed\nto") == ("1 │ You failed…", "  │     ^^^^^^")


def test_a_long_line_is_cut_to_what_is_around_the_words() -> None:
    source = "before " * 100 + "PAY NOW" + " after" * 100
    terminal = Terminal(width=60)
    first, second = shown(source, "PAY NOW", terminal)
    assert terminal.columns(first) <= 60
    assert first.count("…") == 2
    assert first.index("PAY NOW") == second.index("^")
    assert second.count("^") == 7


def test_words_longer_than_the_terminal_are_cut() -> None:
    source = "start " + "x" * 500 + " end"
    terminal = Terminal(width=50)
    first, second = shown(source, "x" * 500, terminal)
    assert terminal.columns(first) <= 50
    assert first.endswith("x…")
    assert second.count("^") == first.count("x")


def test_a_terminal_without_unicode_is_aligned_too() -> None:
    terminal = Terminal(encoding="ascii")
    first, second = shown("“Well” – é pay", "pay", terminal)
    assert first == '1 | "Well" - \\xe9 pay'
    assert second.index("^") == first.index("pay")


@given(
    st.text(st.characters(exclude_characters="\r\n"), max_size=200),
    st.text(st.characters(exclude_characters="\r\n"), min_size=1, max_size=120),
    st.text(max_size=200),
    st.integers(40, 100),
)
def test_any_line_fits_and_the_marks_end_within_it(before: str, words: str, after: str, width: int) -> None:
    terminal = Terminal(width=width)
    source = before + words + after
    first, second = excerpt(terminal, source, len(before), len(before) + len(words), 1, len(before) + 1, "  ")
    assert terminal.columns(first) <= width
    assert second.count("^") >= 1
    assert len(second) <= max(terminal.columns(first), second.index("^") + 1)
