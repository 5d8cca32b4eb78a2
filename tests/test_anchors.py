"""Anchors never rule out what matches, and the index answers as the plain question does."""

from hypothesis import given
from hypothesis import strategies as st

from tonecheck.anchors import AnchorIndex, may_match, words_of
from tonecheck.linear import Encoded, compile_linear
from tonecheck.phrase import Lexicon, compile_phrase

LEXICON = Lexicon(
    classes={"reader": ("you", "u", "you guys"), "late": ("late", "past-due", "over* due", "not (yet)? paid")}
)
PHRASES = [
    compile_phrase(source, LEXICON)
    for source in (
        "{reader} (are|is)? {late}",
        "pay {AMOUNT} now",
        "garnish*",
        "don't (ever)? pay",
        "^ pay $",
        "_ late",
        "{late} ... {reader}",
        "court",
    )
]
WORDS = st.sampled_from(
    ["you", "guys", "u", "are", "late", "past-due", "Past Due", "overly", "due", "not", "yet", "paid", "pay", "\x0e\x0e", "now",
     "garnishing", "don't", "dont", "ever", "court's", "'court'", ",", ".", "-", "\n", "(", "...", "é"]
)  # fmt: skip
TEXTS = st.lists(st.tuples(WORDS, st.sampled_from([" ", "", ", ", "\n"])), max_size=12).map(
    lambda pieces: "".join(word + gap for word, gap in pieces)
)


@given(TEXTS)
def test_when_a_phrase_matches_then_its_anchors_allow_it(text):
    words = words_of(text)
    for phrase in PHRASES:
        regex, wide = compile_linear(phrase.pattern)
        if regex.search(Encoded(text).data(wide)):
            assert may_match(phrase.needs, words), (phrase.source, text)


@given(TEXTS)
def test_when_the_index_is_asked_then_it_lets_through_at_least_what_may_match(text):
    index, owner = AnchorIndex(), object()
    for number, phrase in enumerate(PHRASES):
        index.add(owner, number, phrase.needs)
    words = words_of(text)
    allowed = set(index.possible(words).get(owner, ()))
    assert {number for number, phrase in enumerate(PHRASES) if may_match(phrase.needs, words)} <= allowed


def test_when_nothing_fits_then_the_index_lets_nothing_through():
    index = AnchorIndex()
    for number, phrase in enumerate(PHRASES):
        if phrase.needs:
            index.add("rule", number, phrase.needs)
    assert index.possible(words_of("thank you for the kind letter")) == {}
