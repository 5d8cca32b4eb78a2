"""The scores on cases small enough to be worked out by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tonecheck.errors import UserError
from tonecheck.evaluate import (
    Label,
    Prediction,
    Record,
    Score,
    Span,
    auc,
    evaluate,
    read_records,
    score_sets,
    score_spans,
    spans_match,
)
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


GOOD: dict[str, Any] = {
    "id": "a",
    "channel": "sms",
    "stage": "final",
    "jurisdiction": "uk",
    "sender": "third_party",
    "audience": "consumer",
    "text": "Pay now. Pay now.",
    "tone": [{"category": "demand", "quote": "Pay now", "severity": 2}],
    "elements": dict.fromkeys(ELEMENTS, False),
    "verdict": "revise",
}


def read(folder: Path, *rows: object) -> list[Record]:
    path = folder / "labels.jsonl"
    path.write_text(
        "".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows), encoding="utf-8"
    )
    return list(read_records(path))


def test_a_record_is_read_with_every_place_of_its_quote(tmp_path: Path) -> None:
    (found,) = read(tmp_path, GOOD, "")
    assert found.profile == Profile("sms", "final", "uk", "third_party", "consumer")
    assert found.tone == (Label("demand", 2, ((0, 7), (9, 16))),)
    assert found.serious


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"text": 3}, "'text' is a text"),
        ({"id": None}, "'id' is a text"),
        ({"verdict": "stop"}, "verdict 'stop' does not exist"),
        ({"channel": "emial"}, "did you mean 'email'?"),
        ({"tone": "none"}, "'tone' is a list"),
        ({"tone": ["x"]}, "an entry of 'tone' is an object"),
        ({"tone": [{"category": "demnd", "quote": "Pay", "severity": 1}]}, "did you mean 'demand'?"),
        ({"tone": [{"category": "demand", "quote": "Pay", "severity": 4}]}, "'severity' is 1, 2 or 3"),
        ({"tone": [{"category": "demand", "quote": "", "severity": 1}]}, "the quote of a demand label"),
        ({"tone": [{"category": "demand", "severity": 1}]}, "the record lacks 'quote'"),
        ({"elements": {}}, "'elements' lacks 'balance'"),
        ({"elements": {**GOOD["elements"], "balanse": True}}, "did you mean 'balance'?"),
        ({"elements": {**GOOD["elements"], "balance": 1}}, "the element 'balance' is true or false"),
    ],
)
def test_a_wrong_record_is_refused_with_file_and_line(
    tmp_path: Path, change: dict[str, Any], message: str
) -> None:
    with pytest.raises(UserError) as caught:
        read(tmp_path, GOOD, {**GOOD, "id": "b", **change})
    assert str(caught.value).startswith(f"{tmp_path / 'labels.jsonl'}:2: ")
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", ":2: not JSON: "),
        ("[" * 100_000, ":2: not JSON: nested too deeply"),
        ("[]", ":2: a record is a JSON object"),
    ],
)
def test_a_line_that_is_no_record_is_refused(tmp_path: Path, line: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        read(tmp_path, GOOD, line)


def test_an_id_that_stands_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=":2: the id 'a' stands twice"):
        read(tmp_path, GOOD, GOOD)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read: No such file"):
        list(read_records(tmp_path / "gone.jsonl"))
