"""Patterns find in one byte a sign what they find in UTF-8."""

from __future__ import annotations

import pytest
import re2
from hypothesis import given
from hypothesis import strategies as st

from tonecheck.linear import Encoded, Screen, compile_linear

PATTERNS = {
    r"(?i)\bpay (now|today)\b": False,
    r"\p{Lu}\p{L}+ \p{N}": False,
    r"[^\p{L}\p{N}_\s]+": False,
    r"[’'“”–—…€£]\w?": False,
    r"(?:é|ï)\S": False,
    r"(?i)(?:é|ï)\S": True,
    r"[^\s.!?;()]+": False,
    "[⏰⏳]|\U0001f6a8 ?": True,
    r"\x{1F6A8}": True,
    r"\p{Greek}+": True,
    "zł": True,
}
SIGNS = st.text(
    st.one_of(
        st.sampled_from("aZé ÉïþÞÿ€£’“”–—…⏰⏳\U0001f6a8łŁλΛ中²٣\u2003\u0301\x85\ufe0f.'\n pay now"),
        st.characters(max_codepoint=0x2000),  # beyond, versions of Unicode differ
    ),
    max_size=60,
)


def found(pattern: str, text: str) -> list[tuple[int, int]]:
    regex, wide = compile_linear(pattern)
    encoded = Encoded(text)
    return [tuple(encoded.span(match.span(), wide)) for match in regex.finditer(encoded.data(wide))]


@pytest.mark.parametrize(("pattern", "wide"), PATTERNS.items())
def test_a_pattern_runs_on_utf_8_only_where_it_tells_signs_apart_that_share_a_byte(pattern, wide):
    assert compile_linear(pattern).wide is wide


@given(SIGNS)
def test_offsets_and_matches_are_those_of_utf_8(text):
    for pattern in PATTERNS:
        assert found(pattern, text) == [match.span() for match in re2.finditer(pattern, text)], pattern


@given(SIGNS)
def test_one_byte_a_code_point(text):
    assert len(Encoded(text).data(wide=False)) == len(text)


@pytest.mark.parametrize("pattern", ["(?=x)", "(", r"(a)\1", r"\p{Nonsense}"])
def test_what_re2_cannot_read_is_refused_with_its_reason(pattern):
    with pytest.raises(ValueError, match="RE2 cannot read"):
        compile_linear(pattern)


@given(SIGNS)
def test_a_screen_lets_through_every_text_in_which_a_pattern_stands(text):
    for pattern in PATTERNS:
        if found(pattern, text):
            assert Screen([pattern, "no such words"]).lets_through(Encoded(text)), pattern


def test_a_screen_keeps_out_a_text_in_which_none_stands():
    assert not Screen([r"(?i)\bpay (now|today)\b", r"(?i)(?:é|ï)\S", "zł"]).lets_through(
        Encoded("Could you call us?")
    )


def test_a_screen_without_room_lets_everything_through(monkeypatch):
    monkeypatch.setattr("tonecheck.linear._ROOMS", (1 << 12,))
    assert Screen([r"(?i)\p{L}{1,200} [^\n]{0,300} pay"]).lets_through(Encoded("Hello"))
