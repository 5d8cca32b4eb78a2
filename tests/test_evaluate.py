"""The scores on cases small enough to be worked out by hand."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tonecheck.evaluate import (
    Score,
    Share,
    auc,
    evaluate,
    score_sets,
    score_spans,
    spans_match,
)
from tonecheck.labels import Label, Record
from tonecheck.predictions import Prediction, Span
from tonecheck.profile import Profile
from tonecheck.render.evaluation import comparison_dict, render_comparison
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
    assert set(result.measures.values()) == {None}


# --- systems side by side ------------------------------------------------------------------------------------------

HARSH = record("block", label("threat", (0, 9), severity=3), elements=("balance",))
CLEAN = record("send")


def test_the_measures_of_a_system_that_says_everything() -> None:
    measures = evaluate(
        [
            (HARSH, prediction("send", 50, span("blame", 0, 9), elements=("balance",))),
            (CLEAN, prediction("send", 90, span("blame", 0, 9))),
        ]
    ).measures
    assert measures == {
        "elements_f1": 1.0,
        "clean_with_serious_finding": Share(1, 1),
        "spans_precision": 0.5,
        "spans_recall": 1.0,
        "spans_f1": pytest.approx(2 / 3),
        "spans_same_category_precision": 0.0,
        "spans_same_category_recall": 0.0,
        "spans_same_category_f1": 0.0,
        "categories_f1": 0.0,
        "verdict_accuracy": 0.5,
        "blocked_judged_send": Share(1, 1),
        "auc": 1.0,
    }


SCORE = {"auc"}
VERDICT = {"verdict_accuracy", "blocked_judged_send"}
SPANS = {"spans_precision", "spans_recall", "spans_f1"}
CATEGORIES = {
    "categories_f1",
    *(f"spans_same_category_{name}" for name in ("precision", "recall", "f1")),
}
SEVERITIES = {"clean_with_serious_finding"}


@pytest.mark.parametrize(
    ("said", "given"),
    [
        (Prediction(None, None, None, 0.5), SCORE),
        (Prediction(None, None, "send", None), VERDICT),
        (Prediction((Span("threat", 1, 0, 9),), None, None, None), SPANS | CATEGORIES | SEVERITIES),
        (Prediction((Span(None, 1, 0, 9),), None, None, None), SPANS | SEVERITIES),
        (Prediction((Span("threat", None, 0, 9),), None, None, None), SPANS | CATEGORIES),
        (Prediction((Span(None, None, 0, 9),), None, None, None), SPANS),
    ],
)
def test_what_a_system_does_not_say_has_no_measure(said: Prediction, given: set[str]) -> None:
    measures = evaluate([(HARSH, said), (CLEAN, said)]).measures
    assert {name for name, value in measures.items() if value is not None} == given


def test_one_span_without_a_category_leaves_no_measure_of_categories() -> None:
    named = Prediction((Span("threat", 2, 0, 9),), None, None, None)
    unnamed = Prediction((Span("threat", 2, 0, 9), Span(None, 2, 20, 29)), None, None, None)
    assert evaluate([(HARSH, named), (CLEAN, named)]).measures["categories_f1"] is not None
    measures = evaluate([(HARSH, named), (CLEAN, unnamed)]).measures
    assert measures["categories_f1"] is None
    assert measures["spans_precision"] == pytest.approx(1 / 3)


def test_the_table_has_a_row_a_measure_and_a_column_a_system() -> None:
    ours = evaluate(
        [
            (HARSH, prediction("send", 50, span("threat", 0, 9), elements=("balance",))),
            (CLEAN, prediction("send", 90)),
        ]
    )
    other = Prediction(None, None, None, 0.5)
    systems = {"ours": ours, "theirs": evaluate([(HARSH, other), (CLEAN, other)])}
    assert (
        render_comparison(systems, {"date": "today"})
        == """# Evaluation

- date: today
- messages: 2

| measure | ours | theirs |
| --- | ---: | ---: |
| tone categories per message, micro-F1 | 1.000 | – |
| tone spans of any category, precision | 1.000 | – |
| tone spans of any category, recall | 1.000 | – |
| tone spans of any category, F1 | 1.000 | – |
| tone spans with the same category, F1 | 1.000 | – |
| verdict, accuracy | 0.500 | – |
| messages to block that were judged fit to send | 1 of 1 (100.0 %) | – |
| messages without a tone label that get a tone finding of severity 2 or 3 | 0 of 1 (0.0 %) | – |
| score, AUC for a tone problem of severity 2 or 3 | 1.000 | 0.500 |
| elements, micro-F1 | 1.000 | – |
"""
    )
    figures = json.loads(json.dumps(comparison_dict(systems)))
    assert figures["ours"]["blocked_judged_send"] == {"number": 1, "of": 1}
    assert (figures["ours"]["verdict_accuracy"], figures["theirs"]["verdict_accuracy"]) == (0.5, None)
