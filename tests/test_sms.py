"""Text messages on the air: the alphabet of 3GPP TS 23.038 and where the parts end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tonecheck.sms import GSM_BASIC, GSM_EXTENSION, sms_parts, ucs2_characters


def test_the_alphabet_has_127_characters_and_ten_in_the_extension() -> None:
    # 128 positions, one of which is the escape to the extension; the extension as printed, with the form feed
    assert len(GSM_BASIC) == 127
    assert frozenset("^{}\\[]~|€\f") == GSM_EXTENSION
    assert not GSM_BASIC & GSM_EXTENSION


@pytest.mark.parametrize("sign", "@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà\n\r €{}[]~^|\\")
def test_these_stay_in_the_short_alphabet(sign: str) -> None:
    assert ucs2_characters(sign) == []


@pytest.mark.parametrize("sign", "‘’“”–—…\xa0•™®`çáíóúê😊½\u200b")
def test_these_switch_the_message_to_ucs2(sign: str) -> None:
    assert ucs2_characters("a" + sign) == [sign]


def test_the_listed_characters_are_distinct_and_in_order() -> None:
    assert ucs2_characters("“a” – “b”") == ["“", "”", "–"]


@pytest.mark.parametrize(
    ("length", "parts"), [(0, 0), (1, 1), (160, 1), (161, 2), (306, 2), (307, 3), (459, 3), (460, 4)]
)
def test_the_gsm_boundaries(length: int, parts: int) -> None:
    assert sms_parts("a" * length) == parts


@pytest.mark.parametrize(
    ("length", "parts"), [(1, 1), (70, 1), (71, 2), (134, 2), (135, 3), (201, 3), (202, 4)]
)
def test_the_ucs2_boundaries(length: int, parts: int) -> None:
    assert sms_parts("–" * length) == parts


def test_an_extension_character_costs_two() -> None:
    assert sms_parts("€" * 80) == 1
    assert sms_parts("€" * 80 + "a") == 2


def test_an_extension_pair_is_not_split() -> None:
    # 152 septets leave room for one more, which the pair cannot use: it moves to the second part,
    # and the rest no longer fits there.
    assert sms_parts("a" * 152 + "€" + "a" * 151) == 2
    assert sms_parts("a" * 152 + "€" + "a" * 152) == 3
    assert sms_parts("a" * 153 + "€" + "a" * 151) == 2


def test_an_emoji_costs_two_units_and_is_not_split() -> None:
    assert sms_parts("😊" * 35) == 1
    assert sms_parts("😊" * 36) == 2
    assert sms_parts("–" * 66 + "😊" + "–" * 65) == 2
    assert sms_parts("–" * 66 + "😊" + "–" * 66) == 3


def test_one_curly_quote_more_than_doubles_the_parts() -> None:
    text = "a" * 160
    assert sms_parts(text) == 1
    assert sms_parts(text[:-1] + "’") == 3


@given(st.text(max_size=400), st.text(max_size=40))
def test_more_text_never_takes_fewer_parts(text: str, more: str) -> None:
    assert sms_parts(text) <= sms_parts(text + more)


@given(st.text(min_size=1, max_size=400))
def test_the_parts_are_enough_and_not_one_too_many(text: str) -> None:
    wide = bool(ucs2_characters(text))
    units = (
        len(text.encode("utf-16-le", "surrogatepass")) // 2
        if wide
        else len(text) + sum(c in GSM_EXTENSION for c in text)
    )
    single, joined = (70, 67) if wide else (160, 153)
    parts = sms_parts(text)
    if units <= single:
        assert parts == 1
    else:
        # a pair that moves to the next part wastes one unit at most
        assert units / joined <= parts <= units / (joined - 1) + 1
