"""SARIF 2.1.0, for code scanning and editors. Columns count Unicode code points, and the log says so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tonecheck.ci.findings import Fix, Located, Step, fingerprints
from tonecheck.ci.positions import Place
from tonecheck.render.json import dumps

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVEL = {1: "note", 2: "warning", 3: "error"}
# Hosts compare this with the findings of the last run.
_FINGERPRINT = "tonecheckFinding/v1"
# Code hosts show no result without a line; an absence belongs to the whole file, so it stands at its head.
_WHOLE_FILE = {"startLine": 1}


def render(items: Sequence[Located], *, version: str, paths: Sequence[str] = ()) -> str:
    """One run with a result for each finding."""
    rules = sorted({item.rule for item in items})
    number = {rule: index for index, rule in enumerate(rules)}
    first = {item.rule: item for item in reversed(items)}
    run: dict[str, Any] = {
        "tool": {
            "driver": {
                "name": "tonecheck",
                "version": version,
                "rules": [_rule(first[rule]) for rule in rules],
            }
        },
        "columnKind": "unicodeCodePoints",
        "artifacts": [{"location": _file(path)} for path in paths],
        "results": [
            _result(item, number[item.rule], name)
            for item, name in zip(items, fingerprints(items), strict=True)
        ],
    }
    return dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(item: Located) -> dict[str, Any]:
    category, _, name = item.rule.partition("/")
    title = f"{category} / {name or category}".replace("_", " ").replace("-", " ")
    return {
        "id": item.rule,
        "shortDescription": {"text": title[0].upper() + title[1:]},
        "fullDescription": {"text": item.reason or title},
        "help": {"text": item.reason or title},
        "properties": {"tags": [item.category]},
    }


def _result(item: Located, number: int, name: str) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": item.rule,
        "ruleIndex": number,
        "level": _LEVEL[item.severity],
        "message": {"text": item.sentence},
        "locations": [_location(item)],
        "partialFingerprints": {_FINGERPRINT: name},
        "properties": {"severity": item.severity, "kind": item.kind, "when": item.when},
    }
    if item.chain:
        result["relatedLocations"] = [_related(step) for step in item.chain]
    if item.fixes:
        result["fixes"] = [_fix(item.path, fix) for fix in item.fixes]
    return result


def _location(item: Located) -> dict[str, Any]:
    region = dict(_WHOLE_FILE) if item.place is None else _region(item.place, item.quote)
    return {"physicalLocation": {"artifactLocation": _file(item.path), "region": region}}


def _region(place: Place, words: str | None = None) -> dict[str, Any]:
    region: dict[str, Any] = {
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    }
    if words:
        region["snippet"] = {"text": words}
    return region


def _related(step: Step) -> dict[str, Any]:
    related: dict[str, Any] = {"message": {"text": step.text or "on the way here"}}
    if step.path:
        related["physicalLocation"] = {
            "artifactLocation": _file(step.path),
            "region": {"startLine": step.line or 1},
        }
    return related


def _fix(path: str, fix: Fix) -> dict[str, Any]:
    return {
        "description": {"text": _said(fix)},
        "artifactChanges": [
            {
                "artifactLocation": _file(path),
                "replacements": [
                    {"deletedRegion": _region(fix.place), "insertedContent": {"text": fix.text}}
                ],
            }
        ],
    }


def _said(fix: Fix) -> str:
    return f"Write: {fix.text.strip()}" if fix.text.strip() else "Leave it out"


def _file(path: str) -> dict[str, str]:
    """Where a file is: relative to the root of the sources, or a whole URI for one outside of it."""
    if Path(path).is_absolute():
        return {"uri": Path(path).as_uri()}
    return {"uri": _reference(path.split("/")), "uriBaseId": "%SRCROOT%"}


def _reference(parts: Iterable[str]) -> str:
    return "/".join(quote(part.encode("utf-8", "surrogateescape"), safe="~") for part in parts)
