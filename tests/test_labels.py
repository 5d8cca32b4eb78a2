"""Labelled records: read with every place of a quote, and refused with file and line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tonecheck.errors import UserError
from tonecheck.labels import Label, Record, read_records
from tonecheck.profile import Profile
from tonecheck.report import ELEMENTS

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
