"""Every frame does what its examples say; what it writes is clean."""

from __future__ import annotations

import pytest

from tonecheck import Checker, Config
from tonecheck.document import Span
from tonecheck.entities import find_entities, mask
from tonecheck.rewrite.facts import facts_of
from tonecheck.rewrite.frames import fitted, frames

FITS = [
    ("please pay", "You must pay now.", (0, 12), "Please pay now."),
    ("", "Pay up immediately, please.", (6, 18), "Pay up, please."),
    ("there is a balance of $5", "So you owe us $5.", (3, 16), "So there is a balance of $5."),
    ("your your", "Pay your bill.", (4, 8), "Pay your bill."),
]


@pytest.mark.parametrize(("text", "sentence", "span", "expected"), FITS)
def test_what_is_written_fits_its_place(text, sentence, span, expected):
    assert fitted(text, sentence, Span(*span)) == expected


def made(frame, before):
    masked = mask(before, find_entities(before))
    return [
        text[:1].upper() + text[1:] if frame.whole else fitted(text, before, span)
        for span, texts in frame.places(masked, before)
        for text in texts
    ]


def test_every_frame_has_examples_and_does_what_they_say():
    wrong = []
    for frame in frames():
        assert len(frame.examples) >= 2, frame.source
        for before, after in frame.examples:
            if after not in made(frame, before):
                wrong.append(f"{frame.source}: {before!r} -> {made(frame, before)}, not {after!r}")
    assert not wrong, "\n".join(wrong)


def test_no_frame_changes_a_fact_in_its_examples():
    wrong = [
        f"{frame.source}: {before!r} -> {after!r}"
        for frame in frames()
        for before, after in frame.examples
        if {fact for fact in facts_of(before) if fact.kind != "name"}
        != {fact for fact in facts_of(after) if fact.kind != "name"}
    ]
    assert not wrong, "\n".join(wrong)


def test_what_frames_write_is_clean_in_most_of_their_examples():
    """Examples may hold another finding beside the frame's own, so not all can be."""
    checker = Checker(Config(suggestions=False))
    afters = [after for frame in frames() for _, after in frame.examples if after]
    clean = sum(checker.is_clean(after) for after in afters)
    assert clean / len(afters) >= 0.9
