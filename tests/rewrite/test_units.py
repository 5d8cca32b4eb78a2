"""What falls with a sentence that is rewritten, and what stays."""

from __future__ import annotations

import pytest

from tonecheck import Checker, Config, readers
from tonecheck.document import Span
from tonecheck.rewrite.edits import text_span
from tonecheck.rewrite.units import is_headline, label_before, leans, units_of


@pytest.fixture(scope="module")
def checker():
    return Checker(Config(suggestions=False))


def units(checker, text):
    document = readers.read(text, format="text")
    findings = [one for one in checker.check(text).findings if not one.is_absence and one.severity >= 2]
    return units_of(checker.analyse(document), [(one, text_span(document, one)) for one in findings])


def test_a_sentence_that_speaks_of_the_one_before_falls_with_it(checker):
    text = (
        "The invoice came on Monday. You are a liar and a thief. That is your choice. Please call 555-0142."
    )
    (unit,) = units(checker, text)
    assert text[slice(*unit.span)] == "You are a liar and a thief."
    assert text[slice(*unit.around)] == "You are a liar and a thief. That is your choice."


@pytest.mark.parametrize(
    "neighbour",
    ["That was due on 3 May.", "They can help you; call 555-0142.", "It helps us, thank you."],
)
def test_a_sentence_that_says_something_stays(checker, neighbour):
    (unit,) = units(checker, f"You are a liar and a thief. {neighbour}")
    assert unit.around == unit.span


def test_a_paragraph_ends_what_falls(checker):
    unit, *_ = units(checker, "You are a liar and a thief.\n\nThat is your choice.")
    assert unit.around == unit.span


@pytest.mark.parametrize("text", ["That is on you.", "And so it goes.", "They know.", "Your pick."])
def test_leaning_sentences(text):
    assert leans(text)


@pytest.mark.parametrize("text", ["The balance is $40.", "Please call us.", "Thatcham Motors wrote."])
def test_standing_sentences(text):
    assert not leans(text)


def test_a_label_wants_something_to_be_said():
    text = "Hello there.\nIf customer asks for time: No way."
    assert label_before(text, text.index("No way")) == "If customer asks for time: "
    assert label_before(text, text.index("If")) == ""


@pytest.mark.parametrize(
    ("line", "expected"),
    [("FINAL NOTICE", True), ("Your account", True), ("Please pay now.", False), ("Dear Sam,", False)],
)
def test_headlines_are_lines_that_are_no_sentences(line, expected):
    text = f"{line}\n\nSomething follows."
    assert is_headline(text, Span(0, len(line))) is expected
