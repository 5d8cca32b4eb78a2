"""Offsets: from the text as read back to the draft as handed in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tonecheck.document import Builder, Document, Edit, MappedText, Segment, Span, edited


def test_a_replaced_stretch_maps_to_all_of_its_source() -> None:
    mapped = edited("a &amp; b", [Edit(2, 7, "&")])

    assert mapped.text == "a & b"
    assert mapped.source_span(2, 3) == Span(2, 7)
    assert mapped.source_span(0, 5) == Span(0, 9)


def test_a_deleted_stretch_belongs_to_the_match_around_it() -> None:
    mapped = edited("co<i></i>urt", [Edit(2, 9, "")])

    assert mapped.text == "court"
    assert mapped.source_span(0, 5) == Span(0, 12)
    assert mapped.source_span(0, 2) == Span(0, 2)


def test_no_edits_give_the_identity() -> None:
    assert edited("abc", []).source_span(1, 3) == Span(1, 3)


def test_an_empty_slice_maps_to_an_empty_slice() -> None:
    mapped = edited("x&lt;", [Edit(1, 5, "<")])

    assert mapped.source_span(1, 1) == Span(1, 1)
    assert mapped.source_span(2, 2) == Span(5, 5)
    assert MappedText.identity("").source_span(0, 0) == Span(0, 0)


def test_maps_compose() -> None:
    inner = edited("a&amp;b", [Edit(1, 6, "&")])
    outer = edited(inner.text, [Edit(1, 2, " and ")])

    composed = outer.after(inner)

    assert composed.text == "a and b"
    assert composed.source_span(1, 6) == Span(1, 6)
    assert composed.source_span(6, 7) == Span(6, 7)


def test_a_changed_text_of_the_same_length_keeps_the_inner_map() -> None:
    inner = edited("a&amp;b", [Edit(1, 6, "&")])

    composed = MappedText("A+B", range(3), range(1, 4)).after(inner)

    assert (composed.text, composed.source_span(1, 2)) == ("A+B", Span(1, 6))


def test_maps_compose_where_a_character_stands_for_nothing() -> None:
    inner = edited("xx&lt;", [Edit(2, 6, "<")])
    builder = Builder()
    builder.replace("!", 3, 3)

    assert builder.build().after(inner).source_span(0, 1) == Span(6, 6)


def test_a_map_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="one entry per character"):
        MappedText("abc", range(2), range(2))


@given(
    st.text("ab<>&\n", max_size=30),
    st.lists(st.tuples(st.integers(0, 30), st.text("xy", max_size=3)), max_size=5),
)
def test_every_character_of_an_edited_text_has_a_place(text: str, changes: list[tuple[int, str]]) -> None:
    starts = sorted({at for at, _ in changes if at < len(text)})
    edits = [Edit(at, at + 1, new) for at, (_, new) in zip(starts, changes, strict=False)]

    mapped = edited(text, edits)

    assert list(mapped.starts) == sorted(mapped.starts)
    assert all(start < end <= len(text) for start, end in zip(mapped.starts, mapped.ends, strict=True))


@pytest.mark.parametrize(
    ("offset", "expected"), [(0, (1, 1)), (2, (1, 3)), (4, (2, 1)), (6, (3, 1)), (8, (4, 1)), (9, (5, 1))]
)
def test_position_counts_every_kind_of_line_break_once(offset: int, expected: tuple[int, int]) -> None:
    source = "ab\r\nc\nd\r\nx"
    source = "ab\r\nc\rd\n\nx"
    document = Document(source, MappedText.identity(source), (), "text")

    assert document.position(offset) == expected


def test_spoken_and_sent_blank_what_is_not_the_senders() -> None:
    text = "body quote foot"
    document = Document(
        text, MappedText.identity(text), (Segment("quote", 5, 10), Segment("footer", 11, 15)), "text"
    )

    assert document.spoken == "body " + "\n" * 5 + " " + "\n" * 4
    assert document.sent == "body " + "\n" * 5 + " foot"
    assert [segment.kind for segment in document.segments_of(["quote"])] == ["quote"]
