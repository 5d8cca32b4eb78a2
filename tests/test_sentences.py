"""Sentences and clauses."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tonecheck.document import Span
from tonecheck.sentences import MAX_SENTENCE, clause_around, clause_breaks, sentence_at, sentence_spans


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("Dear Mr. Rowe, hello. Bye.", ["Dear Mr. Rowe, hello.", "Bye."]),
        ("We are at 9 a.m. on Friday. Yes.", ["We are at 9 a.m. on Friday.", "Yes."]),
        ("Write to Acme Ltd. Thank you.", ["Write to Acme Ltd.", "Thank you."]),
        ("Line one\nline two\n\n", ["Line one", "line two"]),
        ('He said "pay." Then left.', ['He said "pay."', "Then left."]),
        ("pls pay. thx", ["pls pay.", "thx"]),
        ("Really?! Yes...", ["Really?!", "Yes..."]),
        ("All good? \U0001f60a See you on Friday", ["All good?", "\U0001f60a", "See you on Friday"]),
        ("lol \U0001f602 Pay here", ["lol \U0001f602", "Pay here"]),
        ("Hi \U0001f44b Sam, how are you", ["Hi \U0001f44b Sam, how are you"]),
        ("", []),
        (" \n ", []),
    ],
)
def test_when_text_is_split_then_these_are_the_sentences(text, sentences):
    assert [text[start:end] for start, end in sentence_spans(text)] == sentences


@pytest.mark.parametrize(
    ("text", "inner", "clause"),
    [
        ("Sorry, but you failed to pay, so call us.", "you failed", "you failed to pay"),
        ("You failed to pay.", "failed", "You failed to pay"),
        ("If you call, we can help and you can pay.", "we can", "we can help"),
        ("no end", "end", "no end"),
    ],
)
def test_when_a_clause_is_asked_for_then_punctuation_and_conjunctions_bound_it(text, inner, clause):
    at, sentence = text.index(inner), sentence_spans(text)[0]
    start, end = clause_around(text, sentence, clause_breaks(text, sentence), Span(at, at + len(inner)))
    assert text[start:end] == clause


@given(st.text(alphabet="ab .!?\n,Mr😀", max_size=300))
def test_when_text_is_arbitrary_then_sentences_are_ordered_and_hold_everything_but_space(text):
    spans = sentence_spans(text)
    covered = set()
    for before, after in itertools.pairwise(spans):
        assert before.end <= after.start
    for number, (start, end) in enumerate(spans):
        assert 0 <= start < end <= len(text)
        assert sentence_at(spans, start) == number
        covered.update(range(start, end))
    assert all(text[at].isspace() for at in range(len(text)) if at not in covered)


def test_when_there_is_no_punctuation_then_no_sentence_is_endless():
    spans = sentence_spans("word " * 50_000)
    assert spans and max(end - start for start, end in spans) <= MAX_SENTENCE
