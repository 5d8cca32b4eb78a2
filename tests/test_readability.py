"""Readability: counts, formulas, and no network."""

import subprocess
import sys

import pytest

from tonecheck.readability import readability, syllables
from tonecheck.sentences import sentence_spans


@pytest.mark.parametrize(
    ("word", "count"), [("pay", 1), ("payment", 2), ("instalment", 3), ("the", 1), ("x", 1), ("", 1)]
)
def test_when_a_word_is_counted_then_its_syllables_are_right(word, count):
    assert syllables(word) == count


@pytest.mark.parametrize(
    ("text", "words", "sentences"),
    [
        ("", 0, 0),
        ("12 34.", 0, 0),
        ("Please pay. Thank you!", 4, 2),
        ("One\n\ntwo", 2, 2),
        ("don't worry", 2, 1),
    ],
)
def test_when_text_is_measured_then_words_and_sentences_are_counted(text, words, sentences):
    result = readability(text, sentence_spans(text))
    assert (result.words, result.sentences) == (words, sentences)


def test_when_the_formulas_are_applied_then_they_give_the_published_values():
    # 8 words of one syllable in 2 sentences: 206.835 - 1.015 * 4 - 84.6 and 0.39 * 4 + 11.8 - 15.59
    text = "We can help you. Please call us now."
    result = readability(text, sentence_spans(text))
    assert (result.flesch_reading_ease, result.flesch_kincaid_grade) == (118.2, -2.2)


def test_when_syllables_are_counted_then_nltk_is_neither_imported_nor_left_behind():
    code = "import sys; from tonecheck.readability import syllables; syllables('pay'); print('nltk' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        == "False\n"
    )
