"""What the tone model reads: stock facts, capitals, greetings, grouping, and the way back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tonecheck.document import Span
from tonecheck.entities import find_entities, mask
from tonecheck.model.passages import MOST_CHARACTERS, passages_of
from tonecheck.model.stock import Stocked
from tonecheck.sentences import sentence_spans

STOCK = {
    "You owe us £1,204.50 now": "You owe us $100 now",
    "Call 555-0142 by 5 March 2026.": "Call 555-0100 by May 5.",
    "Pay {{ amount_due }} to {{ company_name }}, {{ first_name }}": "Pay $100 to Northfield, Sam",
    "within 24 hours": "within 24 hours",
    "Pay NOW or ELSE": "Pay ^now or ^else",
    "Dear Mr and Mrs Okafor,": "Dear Sam and Sam,",
    "Granite State Credit and Energía del Sol wrote to Emily's wife": "Sam and Sam wrote to Sam's partner",
    "She told Xin Yi that he called": "She told Sam that they called",
    "The Sheriff of Cook County signed it": "The Sheriff of Cook County signed it",
    "Tell DeShawn I said hi": "Tell Sam I said hi",
    "Hi Priya - your bill": "Hi Sam - your bill",
    "Dear Deadbeat,": "Dear Deadbeat,",
    "hello there, friend": "hello there, friend",
}


def stocked(text: str) -> Stocked:
    return Stocked(text, find_entities(text), Span(0, len(text)))


@pytest.mark.parametrize(("text", "expected"), STOCK.items())
def test_facts_names_and_capitals_are_made_stock(text: str, expected: str) -> None:
    assert stocked(text).text == expected


def test_the_way_back_leads_to_the_words_and_to_whole_facts() -> None:
    text = "Dear Anneliese, pay £1,204.50 NOW please"
    made = stocked(text)
    for word in ("pay", "NOW", "please"):
        shown = word if word != "NOW" else "^now"
        start = made.text.index(shown)
        assert text[slice(*made.source(start, start + len(shown)))] == word
    start = made.text.index("100")
    assert text[slice(*made.source(start, start + 3))] == "£1,204.50"


@given(st.text(alphabet="aB $1£9.,!\n^'É—N OWé⚠", max_size=80))
def test_every_slice_leads_back_inside_the_text(text: str) -> None:
    made = stocked(text)
    for start in range(len(made.text)):
        span = made.source(start, start + 1)
        assert 0 <= span.start < span.end <= len(text)


def grouped(text: str) -> list[list[str]]:
    entities = find_entities(text)
    sentences = sentence_spans(mask(text, entities))
    return [
        [sentence.text for sentence in passage.sentences]
        for passage, _ in passages_of(text, entities, sentences)
    ]


def test_short_paragraphs_are_read_together_and_long_ones_are_divided() -> None:
    assert grouped("Hello Sam,\n\nA note.\n\nThanks") == [["Hello Sam,", "A note.", "Thanks"]]
    long = "We would like to hear from you about the March account soon. " * 20
    groups = grouped(long)
    assert len(groups) > 1
    assert all(sum(map(len, group)) <= MOST_CHARACTERS for group in groups)
    assert sum(map(len, groups)) == 20


def test_a_passage_begins_with_the_end_of_the_sentence_before() -> None:
    text = "We would like to hear from you about the March account soon. " * 20
    entities = find_entities(text)
    passages = [passage for passage, _ in passages_of(text, entities, sentence_spans(text))]
    assert passages[0].before == ""
    assert passages[1].before == passages[0].sentences[-1].text


def test_clauses_of_a_long_sentence_are_judged_too() -> None:
    text = "We know that the winter was hard for you, but pay by Friday or we come to your door."
    ((passage, source),) = passages_of(text, [], sentence_spans(text))
    found = [text[slice(*source[0].source(*clause))] for clause in passage.sentences[0].clauses]
    assert found == ["We know that the winter was hard for you", "pay by Friday", "we come to your door."]


def test_nothing_gives_nothing() -> None:
    assert grouped("") == []


def test_an_address_is_read_as_any_other():
    text = "Ms Whitfield\n27 Example Court\nWe will see you in court."
    stocked = Stocked(text, find_entities(text), Span(0, len(text)))
    assert "12 High Street" in stocked.text and "Example Court" not in stocked.text
    assert "in court" in stocked.text
