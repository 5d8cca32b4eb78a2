"""What is remembered about a sentence changes no result, and there is a bound to it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tonecheck.analysis import View
from tonecheck.anchors import AnchorIndex
from tonecheck.entities import find_entities
from tonecheck.matchers.phrase import PhraseMatcher
from tonecheck.phrase import Lexicon
from tonecheck.wording import LONGEST_KEPT, MOST_KEPT, Wordings

LEXICON = Lexicon(classes={"reader": ("you", "u")})
MATCHERS = [
    PhraseMatcher(argument, LEXICON)
    for argument in (["{reader} failed", "failed to pay"], "pay {AMOUNT}", "pay*", "court", "^ pay _")
]
PIECES = st.sampled_from(
    ["you failed to pay", "u failed", "pay £40", "pay $1,000", "court", "é 😀", "paying now", "please", ".", "!", "\n", "\n\n"]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=12).map(" ".join)
KEPT, INDEX = Wordings(), AnchorIndex()
for _matcher in MATCHERS:
    _matcher.prepare(INDEX)


def hits(text, index, wordings):
    view = View(text, find_entities(text), index, wordings)
    return [(matcher.find(None, view), matcher.stands_in(view)) for matcher in MATCHERS]


@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_when_texts_are_met_again_then_the_same_is_found_as_without_memory(texts):
    for text in texts * 2:
        fresh = hits(text, INDEX, Wordings())
        assert hits(text, INDEX, KEPT) == fresh
        assert hits(text, None, KEPT) == fresh


def test_when_a_sentence_stands_elsewhere_then_its_hits_move_with_it():
    wordings = Wordings()
    first, second = "You failed to pay.", "Hello again.\n\nYou failed to pay."
    near, far = (MATCHERS[0].find(None, View(text, [], INDEX, wordings)) for text in (first, second))
    assert [(hit.start, hit.end) for hit in near] == [(0, 10), (4, 17)]
    assert [(hit.start, hit.end) for hit in far] == [(14, 24), (18, 31)]
    assert len(wordings) == 2


def test_when_a_sentence_is_met_again_then_no_phrase_is_looked_for_again(monkeypatch):
    wordings = Wordings()
    first = hits("You failed to pay. See you in court.", INDEX, wordings)
    monkeypatch.setattr(PhraseMatcher, "search", lambda *_: pytest.fail("looked for again"))
    assert hits("See you in court.\n\nYou failed to pay.", INDEX, wordings) != first


def test_when_profiles_take_turns_then_each_index_is_answered_for_itself():
    other = AnchorIndex()
    MATCHERS[3].prepare(other)
    wording = Wordings().of("you failed to pay; see you in court")
    for _ in range(2):
        assert set(wording.possible(other)) == {MATCHERS[3]}
        assert {MATCHERS[0], MATCHERS[3]} <= set(wording.possible(INDEX))


def test_when_phrases_turned_out_to_stand_nowhere_then_they_are_possible_no_more():
    starts_with_pay, wording = MATCHERS[4], Wordings().of("please pay it")
    assert starts_with_pay in wording.possible(INDEX)
    assert wording.places(starts_with_pay) == ()
    assert starts_with_pay not in wording.possible(INDEX)
    assert MATCHERS[2] in wording.possible(INDEX)


def test_when_there_are_many_or_long_texts_then_no_more_than_the_bound_is_kept():
    wordings = Wordings()
    for number in range(MOST_KEPT + 50):
        wordings.of(f"sentence {number}")
    assert len(wordings) == MOST_KEPT
    long = "x" * (LONGEST_KEPT + 1)
    assert wordings.of(long) is not wordings.of(long)
    assert wordings.of(long[1:]) is wordings.of(long[1:])
    assert len(wordings) == MOST_KEPT


def test_when_threads_share_what_is_kept_then_each_finds_the_same():
    texts = [f"You failed to pay £{n}. Court! Pay it, {'é' * n} you failed." for n in range(40)] * 5
    expected = [hits(text, INDEX, Wordings()) for text in texts]
    shared = Wordings(most=10)
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda text: hits(text, INDEX, shared), texts)) == expected
    assert len(shared) == 10
