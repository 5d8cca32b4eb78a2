"""Each format against its published schema or a real reader, and with columns in the unit it wants."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest

from tonecheck.ci import FORMATS, render
from tonecheck.ci.findings import Located

from .conftest import EVERYTHING, SOURCE, located

SCHEMAS = Path(__file__).parent / "schemas"
PATHS = ["mails/a b.txt", "mails/clean.txt"]


def written(format: str, items: list[Located] | None = None) -> str:
    return render(format, EVERYTHING if items is None else items, version="1.2.3", paths=PATHS)


def parsed(format: str, items: list[Located] | None = None) -> Any:
    return json.loads(written(format, items))


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_findings_give_the_same_bytes_in_another_process(format: str) -> None:
    code = (
        "import runpy, sys; from tonecheck.ci import render; "
        "items = runpy.run_path(sys.argv[1])['EVERYTHING']; "
        "text = render(sys.argv[2], items, version='1.2.3', paths=sys.argv[3:]); "
        "sys.stdout.buffer.write(text.encode())"
    )
    place = Path(__file__).with_name("conftest.py")
    done = subprocess.run(
        [sys.executable, "-c", code, str(place), format, *PATHS],
        capture_output=True,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONHASHSEED": "7"},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == written(format).encode()


@pytest.mark.parametrize("format", FORMATS)
def test_a_path_or_text_that_is_no_unicode_can_be_written(format: str) -> None:
    odd = located(path="mails/\udcff.txt", message="odd \ud800")
    assert render(format, [odd], version="1", paths=[odd.path]).encode("utf-8", "backslashreplace")


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(ValueError, match="pdf"):
        render("pdf", [], version="1")


# --- SARIF ---------------------------------------------------------------------------------------------------------------


def sarif_results(items: list[Located] | None = None) -> list[dict[str, Any]]:
    results = parsed("sarif", items)["runs"][0]["results"]
    assert isinstance(results, list)
    return results


@pytest.mark.parametrize("items", [EVERYTHING, []], ids=["findings", "nothing"])
def test_sarif_fits_its_published_schema(items: list[Located]) -> None:
    schema = json.loads((SCHEMAS / "sarif-2.1.0.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    assert [error.message for error in validator.iter_errors(parsed("sarif", items))] == []


def test_the_schema_of_sarif_refuses_what_is_wrong() -> None:
    schema = json.loads((SCHEMAS / "sarif-2.1.0.json").read_text(encoding="utf-8"))
    log = parsed("sarif")
    log["runs"][0]["results"][0]["level"] = "grave"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(log, schema)


def test_sarif_counts_columns_in_code_points_and_says_so() -> None:
    assert parsed("sarif")["runs"][0]["columnKind"] == "unicodeCodePoints"
    region = sarif_results()[0]["locations"][0]["physicalLocation"]["region"]
    assert region == {
        "startLine": 2,
        "startColumn": 7,
        "endLine": 2,
        "endColumn": 14,
        "snippet": {"text": "pay now"},
    }
    line = SOURCE.splitlines()[region["startLine"] - 1]
    assert line[region["startColumn"] - 1 : region["endColumn"] - 1] == "pay now"


def test_sarif_names_each_rule_once_and_each_result_its_rule() -> None:
    rules = parsed("sarif")["runs"][0]["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["blank/name", "demand/pay", "missing/balance", "threat/lawsuit"]
    assert {rule["help"]["text"] for rule in rules} == {"Orders meet resistance. (12 CFR 1006.14)"}
    assert [rules[result["ruleIndex"]]["id"] for result in sarif_results()] == [
        result["ruleId"] for result in sarif_results()
    ]
    assert [result["level"] for result in sarif_results()] == ["note", "error", "warning", "warning"]


def test_paths_in_sarif_are_relative_references() -> None:
    place = sarif_results()[0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place == {"uri": "mails/a%20b.txt", "uriBaseId": "%SRCROOT%"}
    (related, macro) = sarif_results()[3]["relatedLocations"]
    assert related["physicalLocation"]["artifactLocation"]["uri"] == "mails/base%20%C3%A9.j2"
    assert related["physicalLocation"]["region"] == {"startLine": 3}
    assert macro == {"message": {"text": "macro greeting"}}


def test_only_safe_suggestions_become_fixes() -> None:
    (change,) = sarif_results()[0]["fixes"][0]["artifactChanges"]
    (replacement,) = change["replacements"]
    region = replacement["deletedRegion"]
    lines = SOURCE.splitlines(keepends=True)
    line = lines[region["startLine"] - 1]
    mended = (
        line[: region["startColumn"] - 1]
        + replacement["insertedContent"]["text"]
        + line[region["endColumn"] - 1 :]
    )
    assert mended == "£40 😀 please pay, Sam.\n"
    assert "fixes" not in sarif_results([located(fix="x", safe=False)])[0]


def test_fingerprints_stay_when_lines_move_and_differ_for_equal_findings() -> None:
    def names(items: list[Located]) -> list[str]:
        return [result["partialFingerprints"]["tonecheckFinding/v1"] for result in sarif_results(items)]

    item = located()
    assert item.place is not None
    moved = item._replace(place=item.place._replace(line=9, end_line=9, start=90, end=97))
    assert names([item]) == names([moved])
    assert len(set(names([item, moved, located(rule="demand/now"), located(path="b.txt")]))) == 4


# --- GitHub --------------------------------------------------------------------------------------------------------------

COMMAND = re.compile(r"::(error|warning|notice) ([^:]*)::(.*)")


def annotations(items: list[Located]) -> list[tuple[str, dict[str, str], str]]:
    """The lines as the runner reads them."""

    def undo(text: str, *pairs: tuple[str, str]) -> str:
        for escaped, plain in (*pairs, ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
            text = text.replace(escaped, plain)
        return text

    found = []
    for line in written("github", items).splitlines():
        match = COMMAND.fullmatch(line)
        assert match is not None, line
        fields = dict(part.split("=", 1) for part in match[2].split(","))
        plain = {name: undo(value, ("%3A", ":"), ("%2C", ",")) for name, value in fields.items()}
        found.append((match[1], plain, undo(match[3])))
    return found


def test_an_annotation_says_file_line_and_columns() -> None:
    level, fields, message = annotations([located(severity=3)])[0]
    assert level == "error"
    assert fields == {
        "file": "mails/a b.txt",
        "line": "2",
        "endLine": "2",
        "col": "7",
        "endColumn": "14",
        "title": "tonecheck demand/pay",
    }
    assert message == "A bare command.\nOrders meet resistance. (12 CFR 1006.14)"


def test_an_annotation_over_several_lines_has_no_columns_and_one_of_an_absence_no_line() -> None:
    _, several, absence, _ = annotations(EVERYTHING)
    assert (several[1]["line"], several[1]["endLine"]) == ("3", "4")
    assert "col" not in several[1] and "endColumn" not in several[1]
    assert set(absence[1]) == {"file", "title"}


def test_a_message_cannot_begin_a_command_of_its_own() -> None:
    hostile = "a\n::stop-commands::x\r\n%0A::error::y\x1b[2J"
    ((_, fields, message),) = annotations([located(message=hostile, path="a,b:c%\n.txt")])
    assert message.startswith(hostile.replace("\x1b", "\\x1b"))
    assert fields["file"] == "a,b:c%\n.txt"
    assert written("github", [located(message=hostile)]).count("\n") == 1


def test_severities_become_levels_and_nothing_found_is_nothing_written() -> None:
    assert [annotations([located(severity=level)])[0][0] for level in (1, 2, 3)] == [
        "notice",
        "warning",
        "error",
    ]
    assert written("github", []) == ""


# --- GitLab --------------------------------------------------------------------------------------------------------------

# The table "Code Quality report format" of GitLab's manual: what is required, and what values there are.
GITLAB = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": "^(?!\\./|/)"},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {
                            "begin": {"type": "integer", "minimum": 1},
                            "end": {"type": "integer"},
                        },
                    },
                },
            },
            "content": {"type": "object", "properties": {"body": {"type": "string"}}},
        },
        "additionalProperties": False,
    },
}


@pytest.mark.parametrize("items", [EVERYTHING, []], ids=["findings", "nothing"])
def test_gitlab_gets_the_fields_that_its_manual_asks_for(items: list[Located]) -> None:
    jsonschema.validate(parsed("gitlab", items), GITLAB)


def test_gitlab_gets_a_severity_a_line_and_a_name_of_its_own_for_each_finding() -> None:
    issues = parsed("gitlab", [*EVERYTHING, *EVERYTHING])
    assert [issue["severity"] for issue in issues[:4]] == ["minor", "critical", "major", "major"]
    assert [issue["location"]["lines"] for issue in issues[:3]] == [
        {"begin": 2, "end": 2},
        {"begin": 3, "end": 4},
        {"begin": 1, "end": 1},
    ]
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)
    assert issues[3]["description"] == "A bare command. (when `plan` is set)"


# --- JUnit ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("items", [EVERYTHING, []], ids=["findings", "nothing"])
def test_junit_fits_the_schema_of_build_servers(items: list[Located]) -> None:
    etree = pytest.importorskip("lxml.etree", reason="lxml, which knows XML Schema, is not installed")
    schema = etree.XMLSchema(etree.parse(str(SCHEMAS / "junit-10.xsd")))
    schema.assertValid(etree.fromstring(written("junit", items).encode()))


def test_a_reader_of_junit_sees_a_case_for_each_file_and_a_failure_for_each_finding() -> None:
    junitparser = pytest.importorskip("junitparser", reason="junitparser is not installed")
    results = junitparser.JUnitXml.fromstring(written("junit").encode())
    (suite,) = results
    assert (suite.tests, suite.failures, suite.errors) == (2, 1, 0)
    cases = {case.name: case for case in suite}
    assert list(cases) == PATHS
    assert cases["mails/clean.txt"].is_passed
    assert [(failure.type, failure.message) for failure in cases["mails/a b.txt"].result] == [
        ("demand/pay", "A bare command."),
        ("threat/lawsuit", "100% a threat: yes,\r\nno"),
        ("missing/balance", 'No balance <&">\\x1b]0;\\x07 [here](x)'),
        ("blank/name", "A bare command. (when `plan` is set)"),
    ]


def test_a_failure_in_junit_tells_its_place_words_reason_and_way() -> None:
    failures = list(ElementTree.fromstring(written("junit")).iter("failure"))
    assert failures[0].text == (
        "mails/a b.txt:2:7: demand/pay (hint)\n  pay now\nA bare command.\nOrders meet resistance. (12 CFR 1006.14)"
    )
    assert (failures[3].text or "").endswith("\n  via mails/base é.j2:3 (extends)\n  via macro greeting")


# --- rdjson --------------------------------------------------------------------------------------------------------------

# After proto/rdf/reviewdog.proto: a DiagnosticResult and the messages in it, with what the comments there require.
_POSITION = {
    "type": "object",
    "properties": {"line": {"type": "integer", "minimum": 1}, "column": {"type": "integer", "minimum": 1}},
    "required": ["line"],
    "additionalProperties": False,
}
_RANGE = {
    "type": "object",
    "properties": {"start": _POSITION, "end": _POSITION},
    "required": ["start"],
    "additionalProperties": False,
}
_LOCATION = {
    "type": "object",
    "properties": {"path": {"type": "string"}, "range": _RANGE},
    "required": ["path"],
    "additionalProperties": False,
}
RDJSON = {
    "type": "object",
    "properties": {
        "source": {
            "type": "object",
            "properties": {"name": {"type": "string"}},
            "additionalProperties": False,
        },
        "diagnostics": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["message", "location"],
                "properties": {
                    "message": {"type": "string", "minLength": 1},
                    "location": _LOCATION,
                    "severity": {"enum": ["ERROR", "WARNING", "INFO"]},
                    "code": {
                        "type": "object",
                        "properties": {"value": {"type": "string"}},
                        "required": ["value"],
                    },
                    "suggestions": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "properties": {"range": _RANGE, "text": {"type": "string"}},
                            "required": ["range", "text"],
                            "additionalProperties": False,
                        },
                    },
                    "related_locations": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "properties": {"message": {"type": "string"}, "location": _LOCATION},
                            "required": ["location"],
                            "additionalProperties": False,
                        },
                    },
                },
                "additionalProperties": False,
            },
        },
    },
    "required": ["diagnostics"],
    "additionalProperties": False,
}


@pytest.mark.parametrize("items", [EVERYTHING, []], ids=["findings", "nothing"])
def test_rdjson_has_the_messages_and_fields_of_reviewdog(items: list[Located]) -> None:
    jsonschema.validate(parsed("rdjson", items), RDJSON)


def test_rdjson_counts_columns_in_bytes() -> None:
    row = parsed("rdjson")["diagnostics"][0]
    place = row["location"]["range"]
    # "£40 😀 " has 6 characters and 10 bytes.
    assert place == {"start": {"line": 2, "column": 11}, "end": {"line": 2, "column": 18}}
    line = SOURCE.splitlines()[place["start"]["line"] - 1].encode()
    assert line[place["start"]["column"] - 1 : place["end"]["column"] - 1] == b"pay now"
    assert row["suggestions"] == [{"range": place, "text": "please pay"}]


def test_rdjson_tells_severity_way_and_absences() -> None:
    rows = parsed("rdjson")["diagnostics"]
    assert [row["severity"] for row in rows] == ["INFO", "ERROR", "WARNING", "WARNING"]
    assert rows[2]["location"] == {"path": "mails/a b.txt"}
    assert rows[3]["related_locations"] == [
        {"message": "extends", "location": {"path": "mails/base é.j2", "range": {"start": {"line": 3}}}}
    ]
