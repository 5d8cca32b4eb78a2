"""Edits of the draft: as small as words allow, white space and markup kept whole."""

from __future__ import annotations

import pytest

from tonecheck import readers
from tonecheck.document import Span
from tonecheck.rewrite.edits import replacing
from tonecheck.rewrite.fix import with_edits


def edited(draft, old, new, format="text"):
    document = readers.read(draft, format=format)
    start = document.text.index(old)
    suggestion = replacing(document, Span(start, start + len(old)), new, "rephrase", safe=True)
    return suggestion, with_edits(draft, [suggestion]) if suggestion else None


def test_words_that_stay_are_not_touched():
    suggestion, text = edited("Hello. You must pay today. Bye.", "You must pay today.", "You can pay today.")
    assert (suggestion.text, text) == ("can", "Hello. You can pay today. Bye.")


def test_no_space_is_left_before_the_mark_that_closes_a_quotation():
    _, text = edited('Say: "It is due today. You fool." Then wait.', "You fool.", "")
    assert text == 'Say: "It is due today." Then wait.'


@pytest.mark.parametrize(
    ("draft", "gone", "expected"),
    [
        ("One. Two. Three.", "Two.", "One. Three."),
        ("One. Two.\nThree.", "Two.", "One.\nThree."),
        ("One.\n\nTwo.\n\nThree.", "Two.", "One.\n\nThree."),
        ("One.\nTwo.\nThree.", "Two.", "One.\nThree."),
    ],
)
def test_what_goes_takes_its_white_space_along(draft, gone, expected):
    assert edited(draft, gone, "")[1] == expected


def test_a_tag_whose_partner_stands_outside_stays():
    _, text = edited("<p><b>PAY</b> now.</p>", "PAY now.", "Please pay.", format="html")
    assert text == "<p><b></b>Please pay.</p>"
