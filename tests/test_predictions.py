"""Predictions of other systems: read by id, and refused with file and line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tonecheck.errors import UserError
from tonecheck.predictions import Prediction, Span, read_predictions

LENGTHS = {"a": 20, "b": 10}
GOOD: dict[str, Any] = {
    "id": "a",
    "score": -0.25,
    "verdict": "revise",
    "tone": [{"category": "demand", "severity": 2, "start": 3, "end": 20}],
}


def read(folder: Path, *rows: object) -> dict[str, Prediction]:
    path = folder / "other.jsonl"
    path.write_text(
        "".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows), encoding="utf-8"
    )
    return read_predictions(path, LENGTHS)


def test_predictions_are_read_by_id_in_the_order_of_the_messages(tmp_path: Path) -> None:
    found = read(tmp_path, {**GOOD, "id": "b", "score": 1, "tone": []}, "", GOOD)
    assert found == {
        "a": Prediction((Span("demand", 2, 3, 20),), None, "revise", -0.25),
        "b": Prediction((), None, "revise", 1.0),
    }
    assert list(found) == ["a", "b"]


def test_what_is_not_said_is_none(tmp_path: Path) -> None:
    assert read(tmp_path, {"id": "a", "score": 1}, {"id": "b", "score": 2})["b"] == Prediction(
        None, None, None, 2.0
    )
    found = read(tmp_path, {"id": "a", "tone": [{"start": 0, "end": 1}]}, {"id": "b", "tone": []})
    assert found["a"] == Prediction((Span(None, None, 0, 1),), None, None, None)


def test_a_prediction_for_another_message_is_left_out(tmp_path: Path) -> None:
    other = {**GOOD, "id": "z", "tone": [{"start": 0, "end": 9_999}]}
    assert list(read(tmp_path, other, GOOD, {**GOOD, "id": "b", "tone": []})) == ["a", "b"]


def tone(**change: object) -> dict[str, Any]:
    return {"tone": [{"start": 0, "end": 5, **change}]}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"id": 3}, "'id' is a text"),
        ({"scores": 1}, "key 'scores' does not exist; did you mean 'score'?"),
        ({"score": "1"}, "'score' is a finite number"),
        ({"score": True}, "'score' is a finite number"),
        ({"score": None}, "'score' is a finite number"),
        ({"score": float("nan")}, "'score' is a finite number"),
        ({"score": float("inf")}, "'score' is a finite number"),
        ({"score": 10**400}, "'score' is a finite number"),
        ({"verdict": "stop"}, "verdict 'stop' does not exist"),
        ({"verdict": None}, "'verdict' is a text"),
        ({"tone": {}}, "'tone' is a list"),
        ({"tone": ["x"]}, "an entry of 'tone' is an object"),
        (tone(quote="x"), "key of an entry of 'tone' 'quote' does not exist"),
        (tone(category="demnd"), "did you mean 'demand'?"),
        (tone(category="missing"), "category 'missing' does not exist"),
        (tone(severity=4), "'severity' is 1, 2 or 3"),
        (tone(severity=True), "'severity' is a whole number"),
        (tone(start=1.0), "'start' is a whole number"),
        (tone(start=-1), "'start' is 0 or more, and less than 'end'"),
        (tone(start=5), "'start' is 0 or more, and less than 'end'"),
        (tone(end=11), "'end' is 11, but the text has 10 characters"),
        ({"tone": [{"start": 1}]}, "an entry of 'tone' lacks 'end'"),
    ],
)
def test_a_wrong_prediction_is_refused_with_file_and_line(
    tmp_path: Path, change: dict[str, Any], message: str
) -> None:
    with pytest.raises(UserError) as caught:
        read(tmp_path, GOOD, {**GOOD, "id": "b", "tone": [], **change})
    assert str(caught.value).startswith(f"{tmp_path / 'other.jsonl'}:2: ")
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", ":2: not JSON: "),
        ("[" * 100_000, ":2: not JSON: nested too deeply"),
        ('{"score": ' + "9" * 10_000 + "}", ":2: not JSON: a number is too long"),
        ("[]", ":2: a prediction is a JSON object"),
        ('{"score": 1, "verdict": "send", "tone": []}', ":2: the prediction lacks 'id'"),
        ('{"id": "b"}', ":2: the prediction has none of 'score', 'verdict', 'tone'"),
        (
            '{"id": "b", "score": 1, "tone": []}',
            ":2: the prediction lacks 'verdict', which the first one has",
        ),
    ],
)
def test_a_line_that_is_no_prediction_is_refused(tmp_path: Path, line: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        read(tmp_path, GOOD, line)


def test_a_line_that_says_more_than_the_first_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=":2: the prediction has 'verdict', which the first one lacks"):
        read(tmp_path, {"id": "a", "score": 1}, {"id": "b", "score": 1, "verdict": "send"})


def test_an_id_that_stands_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=":2: the id 'a' stands twice"):
        read(tmp_path, GOOD, GOOD)


def test_a_message_without_a_prediction_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"other\.jsonl: there is no prediction for the message 'b'"):
        read(tmp_path, GOOD)


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read: No such file"):
        read_predictions(tmp_path / "gone.jsonl", LENGTHS)
    (tmp_path / "latin.jsonl").write_bytes(b'{"id": "\xe9"}')
    with pytest.raises(UserError, match="is not UTF-8 text"):
        read_predictions(tmp_path / "latin.jsonl", LENGTHS)
