"""Markdown as its readers see it."""

import pytest

from tonecheck.readers import read


@pytest.mark.parametrize(
    ("draft", "shown"),
    [
        ("# Hello *you* ##", "Hello you"),
        ("Title\n=====\ntext", "Title\n\ntext"),
        ("a *b* __c__ ***d*** ~~e~~", "a b c d e"),
        ("snake_case_name 2 * 3 * 4 a*", "snake_case_name 2 * 3 * 4 a*"),
        ("f*ck this", "fuck this"),
        (r"\*a\* 1\. \\", "*a* 1. \\"),
        ("`INV-1` and ``a`b`` and `open", "INV-1 and a`b and `open"),
        ("[the portal](https://x.example/a_b_c 'title') now", "the portal (https://x.example/a_b_c) now"),
        ("[https://x.example](https://x.example)", "https://x.example"),
        ("[a *b*](<u(1)>) ![logo](l.png) [c][d] [AMOUNT]", "a b (u(1)) logo c [AMOUNT]"),
        (
            "<https://x.example> <a@b.example> <AMOUNT> <link>",
            "https://x.example a@b.example <AMOUNT> <link>",
        ),
        ("&amp; &copy; <b>x</b><br>y<!-- z -->", "& © x\ny"),
        ("* a\n+ b\n- c\n1. d", "- a\n- b\n- c\n1. d"),
        ("a\n\n***\n\nb", "a\n\n\n\nb"),
        ("| a | b |\n|---|:-:|\n| 1 | 2 |", "| a | b |\n\n| 1 | 2 |"),
        (
            "a line that is wide enough to have been wrapped by\nSomebody",
            "a line that is wide enough to have been wrapped by Somebody",
        ),
        (
            "a line that is wide enough to have been wrapped by  \nSomebody",
            "a line that is wide enough to have been wrapped by  \nSomebody",
        ),
        ("**bold\nover lines**", "bold\nover lines"),
    ],
)
def test_what_is_shown(draft: str, shown: str) -> None:
    assert read(draft, format="markdown").text == shown


def test_kinds_of_segment() -> None:
    draft = (
        "---\nto: x\n---\n# Hello\n\n> old *words*\n> more\n\n```py\nx = 1\n```\n\nBody\n\nSecond\n------\n"
    )
    document = read(draft, format="markdown")

    assert [(kind, document.text[start:end]) for kind, start, end in document.segments] == [
        ("code", "---\nto: x\n---"),
        ("heading", "Hello"),
        ("quote", "old words"),
        ("quote", "more"),
        ("code", "x = 1"),
        ("heading", "Second"),
    ]
    assert document.spoken.split() == ["Hello", "Body", "Second"]


def test_a_match_maps_to_its_marks() -> None:
    draft = "Pay **no**w at [our *desk*](https://x.example)."
    document = read(draft, format="markdown")

    at = document.text.index("now")
    desk = document.text.index("desk")

    assert document.quote(at, at + 3) == "no**w"
    assert document.quote(desk, desk + 4) == "desk"


def test_a_signature_line_is_kept() -> None:
    assert (
        read("Hello\n-- \nJane", format="markdown").segments
        == read("Hello\n-- \nJane", format="text").segments
    )
