"""JSON output: the contract's fields, the same bytes each time, always valid UTF-8."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tonecheck.finding import Finding, Trace
from tonecheck.profile import Profile
from tonecheck.render.json import dumps, render, render_many
from tonecheck.report import ELEMENTS, Element, Readability, Report, Tone

REPORT = Report(
    version="1",
    profile=Profile(flags=frozenset({"texas", "california"})),
    verdict="revise",
    score=80,
    findings=(Finding("blame/x", "blame", 2, "“é”", "why", 0, 1, 1, 1, "é", trace=Trace("é", "e")),),
    elements={name: Element(False, False) for name in ELEMENTS},
    readability=Readability(1, 1, 100.0, 0.0),
    tone=Tone({}),
)


def test_one_report_has_the_fields_of_the_contract() -> None:
    text = render(REPORT)
    data = json.loads(text)
    assert {"version", "profile", "verdict", "score", "findings", "elements", "readability", "tone"} <= set(
        data
    )
    assert list(data["elements"]) == list(ELEMENTS)
    assert data["profile"]["flags"] == ["california", "texas"]
    assert "“é”" in text
    assert text.endswith("}\n")
    assert "trace" not in data["findings"][0]
    assert json.loads(render(REPORT, explain=True))["findings"][0]["trace"]["matched"] == "é"


def test_several_reports_are_a_list_with_their_paths() -> None:
    rows = json.loads(render_many([("a.txt", REPORT, {}), ("b.txt", REPORT, {"more": 1})]))
    assert [row["path"] for row in rows] == ["a.txt", "b.txt"]
    assert rows[0]["report"] == json.loads(render(REPORT))
    assert rows[1]["report"] == {**rows[0]["report"], "more": 1} == json.loads(render(REPORT, {"more": 1}))


@given(st.text(st.characters()))
def test_any_text_survives_as_utf8(text: str) -> None:
    assert json.loads(dumps(text).encode("utf-8")) == text


def test_a_lone_surrogate_survives_as_an_escape() -> None:
    assert dumps(["\ud800é"]) == '["\\ud800\\u00e9"]'


@pytest.mark.parametrize(
    "value",
    [
        {},
        [],
        {"a": []},
        {"a": {}},
        {"é": '£\u2028\x7f\x00"\\/', "b": [1, -0.0, 1.5, 0.0001, 1e22, True, None]},
        [2**70],
        ["\ud800"],
    ],
)
def test_indented_json_is_that_of_the_standard_library(value):
    expected = json.dumps(value, ensure_ascii=False, indent=2)
    try:
        expected.encode()
    except UnicodeEncodeError:
        expected = json.dumps(value, indent=2)
    assert dumps(value, indent=2) == expected
