"""Report → JSON as the contract has it, the same to the byte for the same report."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from tonecheck.report import Report

_NOTHING: Mapping[str, Any] = {}


def render(report: Report, extra: Mapping[str, Any] = _NOTHING, *, explain: bool = False) -> str:
    """One report, indented, ending in a newline. ``extra``: keys to add after those of the contract."""
    return dumps({**report.to_dict(explain=explain), **extra}, indent=2) + "\n"


def render_many(rows: Iterable[tuple[str, Report, Mapping[str, Any]]], *, explain: bool = False) -> str:
    """A list of ``{"path", "report"}``. A row is the path, the report, and keys to add to the report."""
    listed = [
        {"path": path, "report": {**report.to_dict(explain=explain), **extra}} for path, report, extra in rows
    ]
    return dumps(listed, indent=2) + "\n"


def dumps(value: Any, *, indent: int | None = None) -> str:
    """JSON that can be written as UTF-8: characters as they are, unless a lone surrogate stands among them."""
    if indent == 2:
        # The same bytes as the standard library's, which writes indented JSON in Python, ten times slower.
        import orjson

        try:
            return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode("utf-8")
        except TypeError:
            pass  # a lone surrogate, or a number that does not fit 64 bits
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        # A path that is no UTF-8, or an escape such as \ud800 in a record.
        return json.dumps(value, ensure_ascii=True, indent=indent)
    return text
