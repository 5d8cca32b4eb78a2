"""The phrase language: what matches, what does not, and what is refused with which mend."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tonecheck.analysis import View
from tonecheck.anchors import may_match
from tonecheck.entities import find_entities
from tonecheck.matchers.phrase import PhraseMatcher
from tonecheck.phrase import Lexicon, PhraseError, compile_phrase, regular_forms

LEXICON = Lexicon(
    classes={
        "reader": ("you", "u", "you guys"),
        "cash": ("money", "(the|your) balance", "{AMOUNT}"),
        "loop": ("{loop} again",),
    },
    verbs={"pay": ("pay", "pays", "paid", "paying")},
)


def found(phrase: str, text: str) -> list[str]:
    view = View(text, find_entities(text))
    return [text[hit.start : hit.end] for hit in PhraseMatcher([phrase], LEXICON).find(None, view)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("phrase", "text", "expected"),
    [
        ("you failed to", "And YOU, failed\nto pay.", ["YOU, failed\nto"]),
        ("you failed to", "you failed\n\nto pay", []),
        ("you failed to", "thank you. Failed to pay", []),
        ("don't bother", "dont bother; don't bother", ["dont bother", "don't bother"]),
        ("past-due", "past due and past-due", ["past due", "past-due"]),
        (
            "you (have|had)? (failed|neglected)",
            "you had neglected it; you failed",
            ["you had neglected", "you failed"],
        ),
        ("{reader} <pay>", "you guys paid; u pay", ["you guys paid", "u pay"]),
        ("<ignore> us", "ignoring us, ignores us", ["ignoring us", "ignores us"]),
        ("going to your house and", "going 2 ur house & more", ["going 2 ur house &"]),
        ("garnish*", "garnishment of wages", ["garnishment"]),
        ("fees?", "fee, fees, feel", ["fee", "fees"]),
        ("pay ... now", "pay every last penny of it now", ["pay every last penny of it now"]),
        ("pay ...2 now", "pay every last penny now", []),
        ("pay ... now", "pay the bill. Do it now", []),
        ("pay _ now", "pay up now; pay now", ["pay up now"]),
        ("pay {AMOUNT}", "pay $1,000.00 please", ["pay $1,000.00"]),
        ("pay {cash} by {DATE}", "pay your balance by 14 May", ["pay your balance by 14 May"]),
        ("^ pay now", "Please pay now. Pay now", ["Pay now"]),
        ("pay now $", "pay now or else. Pay now!", ["Pay now"]),
        ("really\\?", "Really?", ["Really?"]),
        ("pay now", "paying nowhere", []),
        ("ünpaid", "It is ünpaid €5", ["ünpaid"]),
    ],
)
def test_when_a_phrase_is_run_then_exactly_these_places_match(phrase, text, expected):
    assert found(phrase, text) == expected


@pytest.mark.parametrize(
    ("phrase", "mend"),
    [
        ("(a|b", "not closed"),
        ("a) b", "too many"),
        ("a | b", "parentheses"),
        ("(a|)", "empty alternative"),
        ("(now)?", "optional"),
        ("{nobody} pays", "no class"),
        ("{loop}", "contains itself"),
        ("a ^ b", "goes first"),
        ("a ...99 b", "1 to 12"),
        ("what ?", "literal sign"),
    ],
)
def test_when_a_phrase_cannot_be_read_then_the_message_says_how_to_mend_it(phrase, mend):
    with pytest.raises(PhraseError, match=mend):
        compile_phrase(phrase, LEXICON)


@pytest.mark.parametrize(
    ("verb", "forms"),
    [
        ("fail", ("fail", "fails", "failed", "failing")),
        ("ignore", ("ignore", "ignores", "ignored", "ignoring")),
        ("deny", ("deny", "denies", "denied", "denying")),
        ("stop", ("stop", "stops", "stopped", "stopping")),
        ("reach", ("reach", "reaches", "reached", "reaching")),
    ],
)
def test_when_a_verb_is_regular_then_its_forms_are_derived(verb, forms):
    assert regular_forms(verb) == forms


@pytest.mark.parametrize(
    "phrase", ["{reader} (failed|refused) ... to {cash}", "(the|your) balance", "<pay> {AMOUNT}?"]
)
def test_when_a_phrase_needs_words_then_every_match_has_them(phrase):
    compiled = compile_phrase(phrase, LEXICON)
    assert compiled.needs
    texts = ["you refused flatly to pay the balance", "your balance", "paying £5", "u failed to $5"]
    for text in texts:
        if hits := found(phrase, text):
            words = View(text, find_entities(text)).words
            assert hits and may_match(compiled.needs, words)


def test_when_alternatives_are_marked_then_each_is_captured_on_its_own():
    branches = dict(compile_phrase("you (failed|refused (flatly)?) to", LEXICON).branches())
    assert set(branches) == {"failed", "refused (flatly)?", "flatly"}
    assert re.search(branches["failed"], "you failed to")[1] == "failed"
    assert re.search(branches["failed"], "you refused to")[1] is None


@given(st.text(max_size=80))
def test_when_text_is_arbitrary_then_matches_lie_inside_it(text):
    for piece in found("(a|the)? ... <pay>", text):
        assert piece in text
