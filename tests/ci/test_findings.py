"""Findings with their places: from reports, from the linter's JSON, and their names."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import PACKS
from tonecheck.ci.findings import Located, Step, from_lint, from_report, relative
from tonecheck.ci.positions import Place, Positions
from tonecheck.config import Config
from tonecheck.document import Document, MappedText
from tonecheck.engine import Checker
from tonecheck.rulepack import load

HARSH = "\ufeffThe balance is £40 😀. You forgot to pay.\r\nPay now or we will sue you.\r\n"


@pytest.fixture(scope="module")
def small() -> Checker:
    return Checker(Config(pipeline="none", backend="none"), rules=load([PACKS]))


@pytest.mark.parametrize(
    ("source", "words", "place"),
    [
        ("pay", "pay", (1, 1, 1, 4, 1, 4)),
        ("£ pay", "pay", (1, 3, 1, 6, 4, 7)),
        ("😀 pay", "pay", (1, 3, 1, 6, 6, 9)),
        ("e\u0301 pay", "pay", (1, 4, 1, 7, 5, 8)),
        ("£\n😀 pay", "pay", (2, 3, 2, 6, 6, 9)),
        ("£\r\npay", "pay", (2, 1, 2, 4, 1, 4)),
        ("£\rpay\nnow", "pay\nnow", (2, 1, 3, 4, 1, 4)),
        ("pay\n", "pay\n", (1, 1, 2, 1, 1, 1)),
    ],
)
def test_lines_and_columns_in_both_units(source: str, words: str, place: tuple[int, ...]) -> None:
    start = source.index(words)
    assert Positions(source).place(start, start + len(words)) == Place(start, start + len(words), *place)


@given(st.text(alphabet="a£😀\r\n"), st.integers(0, 30))
def test_lines_and_columns_are_those_of_the_reports(source: str, at: int) -> None:
    at = min(at, len(source))
    document = Document(source, MappedText.identity(source), (), "text")
    place = Positions(source).place(at, at)
    assert (place.line, place.column) == document.position(at)
    assert Positions(source).offset(place.line, place.column) == at


def test_the_findings_of_a_report_keep_order_place_and_words(small: Checker) -> None:
    report = small.check(HARSH)
    items = from_report("a.txt", report, HARSH)
    assert [item.rule for item in items] == [finding.rule for finding in report.findings]
    placed = [item for item in items if item.place]
    assert placed
    for item, finding in zip(items, report.findings, strict=True):
        if item.place:
            assert (item.place.line, item.place.column) == (finding.line, finding.column)
            assert HARSH[item.place.start : item.place.end] == item.quote == finding.quote


def test_a_finding_inside_a_container_has_no_place_in_the_file(small: Checker) -> None:
    report = replace(small.check(HARSH), format="docx")
    items = from_report("a.docx", report, HARSH)
    assert {item.place for item in items} == {None}
    assert any(item.quote for item in items)


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("-", "stdin"),
        ("a.txt", "a.txt"),
        ("./b/../a.txt", "a.txt"),
        ("{here}/b/a.txt", "b/a.txt"),
        ("../a.txt", "{above}/a.txt"),
        ("/elsewhere/a.txt", "/elsewhere/a.txt"),
    ],
)
def test_paths_are_relative_to_the_current_folder_where_they_can_be(
    folder: Path, path: str, shown: str
) -> None:
    names = {"here": str(folder), "above": folder.parent.as_posix()}
    assert relative(path.format(**names)) == shown.format(**names)


# --- the linter's JSON ---------------------------------------------------------------------------------------------------

TEMPLATE = "Dear {{ name }},\n£ 😀 {% if late %}you forgot{% endif %} to pay.\n"


def finding(**changes: object) -> dict[str, object]:
    row: dict[str, object] = {
        "rule": "blame/forgot",
        "category": "blame",
        "severity": 2,
        "start": None,
        "end": None,
        "line": None,
        "column": None,
        "quote": None,
        "message": "m",
        "why": "w",
        "citation": None,
        "suggestions": [],
        "kind": "tone",
        "when": "always",
        "chain": [],
        "path": "a.j2",
    }
    return {**row, **changes}


def linted(*findings: dict[str, object], text: str | None = TEMPLATE) -> list[Located]:
    result = {"files": [{"path": "a.j2", "branches": {}, "findings": list(findings)}]}
    return from_lint(result, lambda path: text)


FORGOT = TEMPLATE.index("you forgot")


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        # By offsets, by line, column and words, and where a tag stands among the words.
        ({"start": FORGOT, "end": FORGOT + 10}, (2, 18, 2, 28, 22, 32)),
        ({}, (2, 18, 2, 28, 22, 32)),
        ({"quote": "you forgot to pay"}, (2, 18, 2, 28, 22, 32)),
        # Offsets that belong to another text are not believed.
        ({"start": 0, "end": 4}, (2, 18, 2, 28, 22, 32)),
    ],
)
def test_a_finding_of_the_linter_gets_its_place(changes: dict[str, object], place: tuple[int, ...]) -> None:
    row = finding(**{"line": 2, "column": 18, "quote": "you forgot", **changes})
    (item,) = linted(row)
    assert item.place is not None and item.place[2:] == place


def test_a_template_that_cannot_be_read_leaves_line_and_column() -> None:
    (item,) = linted(finding(line=7, column=3, quote="late"), text=None)
    assert item.place is not None and item.place[2:] == (7, 3, 7, 7, 3, 7)


def test_condition_kind_and_way_of_a_finding_of_the_linter_are_kept() -> None:
    chain = [{"path": "_macros/shared.j2", "line": 4, "name": "greeting"}, "set block"]
    (item,) = linted(finding(kind="missing", when="`plan` is set and `fee` is 0", chain=chain))
    assert item.place is None and item.kind == "missing"
    assert item.sentence == "m (when `plan` is set and `fee` is 0)"
    assert item.chain == (Step("_macros/shared.j2", 4, "greeting"), Step("", None, "set block"))
    assert item.text.endswith("\n  via _macros/shared.j2:4 (greeting)\n  via set block")


def test_findings_of_the_linter_come_by_file_and_in_its_order() -> None:
    rows = [
        finding(),
        finding(line=2, column=19),
        finding(line=1, column=1),
        finding(path="_base.j2", line=9, column=1),
    ]
    items = linted(*rows)
    assert [(item.path, item.place and item.place.line) for item in items] == [
        ("_base.j2", 3),
        ("a.j2", 1),
        ("a.j2", 2),
        ("a.j2", None),
    ]


def test_the_text_of_a_template_is_read_from_disk(folder: Path) -> None:
    Path("a.j2").write_bytes("£\r\n😀 late".encode())
    result = {
        "files": [{"path": "a.j2", "branches": {}, "findings": [finding(line=2, column=3, quote="late")]}]
    }
    (item,) = from_lint(result)
    assert item.place == Place(5, 9, 2, 3, 2, 7, 6, 10)
