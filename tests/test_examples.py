"""The table in examples/README.md against what tonecheck says of each draft."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from tonecheck import Checker, Profile
from tonecheck.profile import VALUES, parse_flags

EXAMPLES = Path(__file__).parent.parent / "examples"
EXPECTED = {"Fit to send": "send", "Needs work": "revise", "Must not be sent": "block"}
_ROW = re.compile(
    r"^\| `(?P<name>[^`]+)` \| (?:`(?P<options>[^`]*)`|[^|]*) \| (?P<text>[^|]+) \|$", re.MULTILINE
)
ROWS = [match.groupdict() for match in _ROW.finditer((EXAMPLES / "README.md").read_text(encoding="utf-8"))]
DRAFTS = [row for row in ROWS if row["name"] != "batch.jsonl"]


def profile_from(options: str) -> Profile:
    """The profile that ``--field value …`` and ``--flag name …`` of the table stand for."""
    words = shlex.split(options)
    pairs = [(name.removeprefix("--"), value) for name, value in zip(words[::2], words[1::2], strict=True)]
    fields = {name: value for name, value in pairs if name in VALUES}
    return Profile(**fields, flags=parse_flags(value for name, value in pairs if name == "flag"))


def test_the_table_lists_every_draft() -> None:
    assert {row["name"] for row in ROWS} == {path.name for path in EXAMPLES.iterdir() if path.is_file()} - {
        "README.md"
    }
    assert len(DRAFTS) == 14


@pytest.mark.parametrize("row", DRAFTS, ids=lambda row: row["name"])
def test_each_draft_gets_the_verdict_of_the_table(row: dict[str, str], checker: Checker) -> None:
    opening = row["text"].split(".")[0]
    report = checker.check(
        (EXAMPLES / row["name"]).read_bytes(), profile_from(row["options"]), name=row["name"]
    )
    assert report.verdict == EXPECTED[opening], [(f.rule, f.severity, f.quote) for f in report.findings]


@pytest.mark.parametrize("row", DRAFTS, ids=lambda row: row["name"])
def test_each_finding_quotes_the_draft_as_it_is(row: dict[str, str], checker: Checker) -> None:
    draft = (EXAMPLES / row["name"]).read_bytes().decode("utf-8")
    report = checker.check(draft, profile_from(row["options"]), name=row["name"])
    places = [(f.start, f.end, f.quote) for f in report.findings if not f.is_absence]
    places += [(e.start, e.end, e.quote) for element in report.elements.values() for e in element.evidence]
    assert places
    assert [place for place in places if draft[place[0] : place[1]] != place[2]] == []


def test_the_batch_holds_two_harsh_drafts(checker: Checker) -> None:
    lines = (EXAMPLES / "batch.jsonl").read_text(encoding="utf-8").splitlines()
    verdicts = {}
    for record in map(json.loads, lines):
        profile = Profile(**{name: record[name] for name in VALUES if name in record})
        verdicts[record["id"]] = checker.check(record["text"], profile).verdict
    assert len(verdicts) == 7
    assert {name for name, verdict in verdicts.items() if verdict != "send"} == {"reminder-2", "business-1"}
