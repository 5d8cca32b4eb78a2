"""Whatever the text: ordered spans inside it, a mask of the same length, and no crash."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tonecheck.entities import KINDS, MASKS, find_entities, mask

# Pieces that recognisers look at; joined at random they reach far more of them than plain noise does.
WORDS = (
    "$ £ € 1 0 12 1,000 .50 400 k p % USD dollars two hundred and pounds 14 May 5/14 / - . , : ( ) [ ] { } {{ }} "
    "< > « » ____ * •• # x XX the 15th Friday Mon next end of month days working weeks pm 17:00 noon +44 020 7946 "
    "0155 555-0142 call account ref invoice INV-0076 no ending sort code 20-45-12 routing 021000021 GB82 WEST "
    "iban @ a.com https:// www. é 😀 \x0e name amount [DATE]"
)
PIECES = [*WORDS.split(), " ", "\n", "\t", "'", '"']

texts = st.one_of(
    st.text(max_size=200),
    st.text(alphabet=st.characters(), max_size=60),
    st.lists(st.sampled_from([*PIECES, " ", " ", " "]), max_size=40).map("".join),
    st.lists(st.sampled_from(PIECES), max_size=30).map(" ".join),
)


@settings(max_examples=400, deadline=None)
@given(texts)
def test_spans_are_ordered_inside_the_text_and_do_not_overlap(text: str) -> None:
    at = 0
    for entity in find_entities(text):
        assert entity.kind in KINDS
        assert at <= entity.start < entity.end <= len(text)
        at = entity.end


@settings(max_examples=200, deadline=None)
@given(texts)
def test_mask_keeps_the_length_and_everything_outside(text: str) -> None:
    entities = find_entities(text)
    masked = mask(text, entities)
    assert len(masked) == len(text)
    covered = {place for entity in entities for place in range(entity.start, entity.end)}
    for place, (before, after) in enumerate(zip(text, masked, strict=True)):
        if place in covered:
            assert after in MASKS.values()
        else:
            assert after == before or (before in MASKS.values() and after == "\x7f")


@pytest.mark.parametrize(
    "seed", ["1", "$", "[", "{{", "$1,", "1.", "a.", "a@", "____", "**", "one ", "12-34-56 ", "AB-", "GB82"]
)
def test_a_megabyte_of_one_thing_comes_back(seed: str) -> None:
    """A pattern that went back over what it had read would not return within the hour."""
    text = seed * (1_000_000 // len(seed))
    entities = find_entities(text)
    assert all(entity.end <= len(text) for entity in entities)
