"""The report of the linter for people: a line for each finding, with its place, its condition and the way there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_SEVERITIES = {1: "hint", 2: "warning", 3: "error"}


def lines(report: Mapping[str, Any]) -> Iterator[str]:
    """``path:line:column: severity: message [rule]``, then what belongs to it, indented."""
    total = 0
    for row in report["files"]:
        for finding in row["findings"]:
            total += 1
            place = finding["path"]
            if finding["line"] is not None:
                place += f":{finding['line']}:{finding['column']}"
            yield f"{place}: {_SEVERITIES[finding['severity']]}: {finding['message']} [{finding['rule']}]"
            if finding["when"] != "always":
                yield f"    when {finding['when']}"
            for step in finding["chain"]:
                yield f"    via {step}"
            if finding["path"] != row["path"]:
                yield f"    in {row['path']}"
    files = len(report["files"])
    explored = sum(row["branches"]["explored"] for row in report["files"])
    yield f"{files} template{'s' * (files != 1)}, {explored:,} combinations, {total} finding{'s' * (total != 1)}"


def text(report: Mapping[str, Any]) -> str:
    return "\n".join(lines(report)) + "\n"
