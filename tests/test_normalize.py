"""Folding: what is made plain, what is left alone, and that every character keeps its place."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tonecheck.document import Edit, edited
from tonecheck.normalize import fold, fold_text, words


def folded(text: str) -> str:
    return fold_text(text).text


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("don\u2019t \u201cstop\u201d", 'don\'t "stop"'),
        ("a \u2013 b \u2014 c\u2011d", "a - b - c-d"),
        ("wait\u2026", "wait..."),
        ("a\u00a0b\u2009c\u3000d\te", "a b c d e"),
        ("a\r\nb\rc\u2028d\x0ce", "a\nb\nc\nd\ne"),
        ("co\u200burt co\u00adurt \ufeffpay\u2060", "court court pay"),
        ("cafe\u0301", "café"),
        ("s\u0336u\u0336e\u0336", "sue"),
        ("x\u0351\u0352\u0353\u0354", "x\u0351\u0352"),
        ("\uff50\uff41\uff59 \U0001d429\U0001d41a\U0001d432 \u24c5\u24d0\u24e8 \ufb01ne", "pay pay Pay fine"),
        ("\U0001f15f\U0001f150\U0001f168", "PAY"),
        ("a\ufe0f", "a"),
    ],
)
def test_typography_is_made_plain(text: str, plain: str) -> None:
    assert folded(text) == plain


@pytest.mark.parametrize(
    "text",
    [
        "½ ² ³ ™ € £ ¥ ª º №",
        "👨\u200d👩\u200d👧 ❤\ufe0f 1\ufe0f\u20e3",
        "José Müller, Łódź, Nguyễn",
        "Привет, мир",
        "Ελλάδα",
        "שלום",
    ],
)
def test_what_carries_meaning_stays(text: str) -> None:
    assert folded(text) == text


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("p\u0430y", "pay"),  # Cyrillic а among Latin letters
        ("\u0440\u0430\u0443", "pay"),  # wholly Cyrillic, and a listed word
        ("p\u00e2y", "pay"),
        ("\u1d18\u1d00\u028f", "pay"),
    ],
)
def test_look_alike_letters_become_latin(text: str, plain: str) -> None:
    assert folded(text) == plain


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Pay n0w.", "Pay now."),
        ("you l0s3r", "you loser"),
        ("see you in c0urt", "see you in court"),
        ("p@y, $cum", "pay, scum"),
        ("sh1t, sh!t", "shit, shit"),
        ("f*ck f**king b*tch", "fuck fucking bitch"),
        ("P4Y N0W!!", "PAY NOW!!"),
        ("*n0w*", "*now*"),
        ("L1AR", "LIAR"),
    ],
)
def test_leetspeak_is_read_as_the_listed_word(text: str, plain: str) -> None:
    assert folded(text) == plain


@pytest.mark.parametrize(
    "text",
    [
        "account AB12CD34, invoice INV-1001, card x1234",
        "ref N0W, code: p4y, #n0w",
        "SW1A 5UE, flat 4SS on the A55",
        "$400 now, 2day, 3rd, 1st, b2b, 24x7",
        "help@now.com and www.example.com/n0w",
        "5 * 3 * 2 and *now* and **pay**",
        "Yahoo! Pay!now",
    ],
)
def test_references_amounts_and_addresses_are_not_leetspeak(text: str) -> None:
    assert folded(text) == text


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("P A Y  N O W", "PAY  NOW"),
        ("P A Y N O W!", "PAY NOW!"),
        ("P.A.Y", "PAY"),
        ("p-a-y n-o-w", "pay now"),
        ("C O U R T date", "COURT date"),
        ("W E  W I L L  S U E  Y O U", "WE  WILL  SUE  YOU"),
    ],
)
def test_spaced_letters_are_joined(text: str, plain: str) -> None:
    assert folded(text) == plain


@pytest.mark.parametrize(
    "text",
    [
        "P A Young and N O Wells both hold this account",
        "U.S.A. and F.B.I.",
        "options A B C or D E F",
        "J. R. R. Tolkien",
        "I a m",
        "9 a.m. to 5 p.m.",
    ],
)
def test_initials_and_lists_are_not_joined(text: str) -> None:
    assert folded(text) == text


def test_a_disguised_word_maps_to_all_of_its_disguise() -> None:
    text = "Then C O U R T and co\u200burt."
    mapped = fold_text(text)

    first = mapped.text.index("COURT")
    second = mapped.text.index("court")

    assert text[slice(*mapped.source_span(first, first + 5))] == "C O U R T"
    assert text[slice(*mapped.source_span(second, second + 5))] == "co\u200burt"


def test_a_wide_line_that_goes_on_in_lower_case_is_joined() -> None:
    wide = "This line is long enough to have been broken by its editor"

    assert folded(f"{wide}\nand goes on.") == f"{wide} and goes on."


@pytest.mark.parametrize(
    "text",
    [
        "Short line\nand another.",
        "This line is long enough but it ends with a full stop here.\nand another.",
        "This line is long enough and the next one starts a new\nSentence.",
        "This line is long enough and an empty line comes after it\n\nand another.",
    ],
)
def test_other_line_breaks_stay(text: str) -> None:
    assert folded(text) == text


def test_fold_maps_through_to_the_source_of_the_visible_text() -> None:
    source = "n&#48;w or n\u200bever"
    visible = edited(source, [Edit(1, 6, "0")])

    mapped = fold(visible)

    assert mapped.text == "now or never"
    assert source[slice(*mapped.source_span(0, 3))] == "n&#48;w"


def test_the_word_list_holds_plain_words_only() -> None:
    assert len(words()) > 150
    assert all(word.isascii() and word.isalpha() and word.islower() and len(word) >= 3 for word in words())


DISGUISES = st.lists(
    st.sampled_from(
        [
            "pay",
            " ",
            "\n",
            "\r\n",
            "n0w",
            "P A Y",
            "  ",
            "c\u0336",
            "\u200b",
            "👍\u200d",
            "\ufe0f",
            "\u0430",
            "…",
            "&",
            "ﬁ",
            "e\u0301",
            "*",
            "$",
            "\ud800",
            "\x00",
            "\t",
            "x" * 50,
        ]
    )
).map("".join)


@given(st.one_of(st.text(), DISGUISES))
@example("\u0301")
@example("a\u0301\u0301\u0301")
@example("\ud800\udc00")
def test_every_character_keeps_a_place_in_order(text: str) -> None:
    mapped = fold_text(text)

    assert len(mapped.text) == len(mapped.starts) == len(mapped.ends)
    assert list(mapped.starts) == sorted(mapped.starts)
    assert list(mapped.ends) == sorted(mapped.ends)
    assert all(0 <= start < end <= len(text) for start, end in zip(mapped.starts, mapped.ends, strict=True))


@given(st.text(), st.text())
def test_a_plain_word_keeps_its_exact_place(before: str, after: str) -> None:
    text = f"{before}\n\nqzjxkv\n\n{after}"
    mapped = fold_text(text)

    at = mapped.text.index("qzjxkv", 0)

    assert text[slice(*mapped.source_span(at, at + 6))] == "qzjxkv"


@given(st.text())
def test_folding_twice_changes_no_length_of_plain_text(text: str) -> None:
    plain = "".join(char for char in text if char.isascii() and char.isalpha())

    assert folded(plain) == plain
