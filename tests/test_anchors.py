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
        "(pay now|{reader} (paid|not paid)|over* court)",
    )
]
PATTERNS = [compile_linear(phrase.pattern) for phrase in PHRASES]
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
    for phrase, (regex, wide) in zip(PHRASES, PATTERNS, strict=True):
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


def test_when_words_belong_to_different_ways_then_the_phrase_is_ruled_out():
    phrase = compile_phrase("(settle ... court|sue ... bailiff)", LEXICON)
    assert may_match(phrase.needs, words_of("we may sue and send a bailiff"))
    assert not may_match(phrase.needs, words_of("we may sue and settle"))


@given(st.integers(2, 40), st.integers(1, 6))
def test_when_a_phrase_has_too_many_ways_then_it_is_still_found(wordings, rows):
    lexicon = Lexicon(classes={"many": tuple(f"one{n} two{n}" for n in range(wordings))})
    phrase = compile_phrase(" ... ".join(["{many}"] * rows), lexicon)
    text = " and ".join(f"one{n % wordings} two{n % wordings}" for n in range(rows))
    index = AnchorIndex()
    index.add("rule", 0, phrase.needs)
    assert may_match(phrase.needs, words_of(text))
    assert index.possible(words_of(text)) == {"rule": [0]}
