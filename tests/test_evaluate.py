"""The scores on cases small enough to be worked out by hand."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tonecheck.evaluate import (
    Prediction,
    Score,
    Span,
    auc,
    evaluate,
    score_sets,
    score_spans,
    spans_match,
)
from tonecheck.labels import Label, Record
from tonecheck.profile import Profile
from tonecheck.report import ELEMENTS


@pytest.mark.parametrize(
    ("one", "other", "match"),
    [
        ((0, 10), (0, 10), True),
        ((0, 10), (5, 15), True),  # half of ten
        ((0, 10), (6, 16), False),
        ((0, 100), (40, 44), True),  # the shorter one is inside
        ((0, 3), (2, 5), False),  # one of three
        ((0, 3), (1, 4), True),
        ((0, 10), (10, 20), False),
        ((0, 1), (0, 1), True),
        ((5, 5), (0, 10), False),  # an empty span has no half
    ],
)
def test_spans_match_when_they_share_half_of_the_shorter_one(one, other, match) -> None:
    assert spans_match(one, other) is match
    assert spans_match(other, one) is match


def label(category: str, *places: tuple[int, int], severity: int = 2) -> Label:
    return Label(category, severity, places)


def span(category: str, start: int, end: int, severity: int = 2) -> Span:
    return Span(category, severity, start, end)


def test_spans_of_any_category_and_of_the_same_one() -> None:
    labels = [label("threat", (0, 10)), label("blame", (20, 30)), label("shame", (50, 60))]
    spans = [span("threat", 0, 10), span("demand", 21, 29), span("insult", 80, 90), span("blame", 22, 28)]
    assert score_spans(labels, spans) == Score(right=3, predicted=4, found=2, labelled=3)
    assert score_spans(labels, spans, same_category=True) == Score(right=2, predicted=4, found=2, labelled=3)


def test_a_quote_that_stands_twice_is_found_at_either_place() -> None:
    twice = [label("threat", (0, 10), (40, 50))]
    assert score_spans(twice, [span("threat", 41, 49)]) == Score(1, 1, 1, 1)
    assert score_spans(twice, [span("threat", 0, 10), span("threat", 41, 49)]) == Score(2, 2, 1, 1)


def test_precision_recall_and_f1() -> None:
    score = Score(right=3, predicted=4, found=1, labelled=2)
    assert (score.precision, score.recall) == (0.75, 0.5)
    assert score.f1 == pytest.approx(0.6)
    assert score + Score(1, 1, 1, 2) == Score(4, 5, 2, 4)


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        (Score(), (None, None, None)),
        (Score(0, 2, 0, 0), (0.0, None, 0.0)),
        (Score(0, 0, 0, 2), (None, 0.0, 0.0)),
        (Score(0, 2, 0, 2), (0.0, 0.0, 0.0)),
    ],
)
def test_nothing_to_measure_is_no_number(score, expected) -> None:
    assert (score.precision, score.recall, score.f1) == expected


def test_sets_are_scored_by_what_they_share() -> None:
    assert score_sets({"a", "b", "c"}, {"b", "c", "d", "e"}) == Score(2, 4, 2, 3)


@pytest.mark.parametrize(
    ("positive", "negative", "expected"),
    [
        ([3, 4], [1, 2], 1.0),
        ([1, 2], [3, 4], 0.0),
        ([1, 1], [1, 1], 0.5),
        ([1, 3], [2, 2], 0.5),
        ([2, 3], [1, 2], 0.875),  # three wins and a tie of four
        ([], [1], None),
        ([1], [], None),
    ],
)
def test_auc_of_cases_worked_out_by_hand(positive, negative, expected) -> None:
    assert auc(positive, negative) == expected


@given(
    st.lists(st.integers(0, 5), min_size=1, max_size=12),
    st.lists(st.integers(0, 5), min_size=1, max_size=12),
)
def test_auc_is_the_share_of_pairs_that_are_won(positive: list[int], negative: list[int]) -> None:
    won = sum((p > n) + (p == n) / 2 for p in positive for n in negative)
    assert auc(positive, negative) == pytest.approx(won / (len(positive) * len(negative)))


def record(verdict: str, *labels: Label, elements: tuple[str, ...] = ()) -> Record:
    return Record("x", Profile(), "text", labels, {name: name in elements for name in ELEMENTS}, verdict)


def prediction(verdict: str, score: int, *spans: Span, elements: tuple[str, ...] = ()) -> Prediction:
    return Prediction(spans, {name: name in elements for name in ELEMENTS}, verdict, score)


def test_an_evaluation_of_four_messages() -> None:
    result = evaluate(
        [
            (record("send", elements=("balance",)), prediction("send", 97, span("blame", 0, 5, severity=1), elements=("balance",))),
            (record("send", elements=("contact",)), prediction("revise", 80, span("threat", 0, 5), elements=("balance",))),
            (record("block", label("threat", (0, 9), severity=3), label("threat", (20, 29))), prediction("block", 40, span("threat", 0, 9, 3), span("blame", 20, 29))),
            (record("block", label("shame", (0, 9), severity=1)), prediction("send", 100)),
        ]
    )  # fmt: skip
    assert result.messages == 4
    assert (result.clean, result.false_alarms) == (2, 1)
    assert result.elements["balance"] == Score(1, 2, 1, 1)
    assert result.elements["contact"] == Score(0, 0, 0, 1)
    assert result.elements_micro.f1 == pytest.approx(0.5)
    assert result.spans == Score(right=2, predicted=4, found=2, labelled=3)
    assert result.spans_same_category == Score(right=1, predicted=4, found=1, labelled=3)
    # Per message: {} / {blame}, {} / {threat}, {threat} / {threat, blame}, {shame} / {}
    assert result.categories_micro == Score(1, 4, 1, 2)
    assert result.categories["threat"] == Score(1, 2, 1, 1)
    assert result.accuracy == 0.5
    assert result.confusion == {
        ("send", "send"): 1,
        ("send", "revise"): 1,
        ("block", "block"): 1,
        ("block", "send"): 1,
    }
    assert (result.blocked, result.blocked_judged_send) == (2, 1)
    assert result.auc == 1.0  # the one message with a label of severity 2 or 3 has the lowest score
    json.dumps(result.to_dict())


def test_an_evaluation_of_nothing_has_no_figures() -> None:
    result = evaluate([])
    assert (result.messages, result.accuracy, result.auc, result.spans.f1) == (0, None, None, None)
