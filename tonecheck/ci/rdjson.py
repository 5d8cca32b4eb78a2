"""The diagnostic format of reviewdog (rdjson). Columns count bytes of UTF-8, and the end is exclusive."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tonecheck.ci.findings import Located, Step
from tonecheck.ci.positions import Place
from tonecheck.render.json import dumps

_SEVERITY = {1: "INFO", 2: "WARNING", 3: "ERROR"}


def render(items: Sequence[Located], *, version: str, paths: Sequence[str] = ()) -> str:
    """One result with a diagnostic for each finding."""
    result = {"source": {"name": "tonecheck"}, "diagnostics": [_diagnostic(item) for item in items]}
    return dumps(result, indent=2) + "\n"


def _diagnostic(item: Located) -> dict[str, Any]:
    location: dict[str, Any] = {"path": item.path}
    if item.place is not None:
        location["range"] = _range(item.place)
    row: dict[str, Any] = {
        "message": f"{item.sentence}\n{item.reason}".rstrip("\n"),
        "location": location,
        "severity": _SEVERITY[item.severity],
        "code": {"value": item.rule},
    }
    if item.fixes:
        row["suggestions"] = [{"range": _range(fix.place), "text": fix.text} for fix in item.fixes]
    related = [_related(step) for step in item.chain if step.path]
    if related:
        row["related_locations"] = related
    return row


def _range(place: Place) -> dict[str, Any]:
    return {
        "start": {"line": place.line, "column": place.byte_column},
        "end": {"line": place.end_line, "column": place.byte_end_column},
    }


def _related(step: Step) -> dict[str, Any]:
    location: dict[str, Any] = {"path": step.path}
    if step.line is not None:
        location["range"] = {"start": {"line": step.line}}
    return {"message": step.text or "on the way here", "location": location}
