"""GitLab's Code Quality report: a list of issues, shown in the merge request."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tonecheck.ci.findings import Located, fingerprints
from tonecheck.render.json import dumps

_SEVERITY = {1: "minor", 2: "major", 3: "critical"}


def render(items: Sequence[Located], *, version: str, paths: Sequence[str] = ()) -> str:
    """The list; empty brackets if there is nothing."""
    issues = [_issue(item, name) for item, name in zip(items, fingerprints(items), strict=True)]
    return dumps(issues, indent=2) + "\n"


def _issue(item: Located, name: str) -> dict[str, Any]:
    # The format asks for a line; an absence belongs to the whole file, so it stands at its head.
    lines = (1, 1) if item.place is None else (item.place.line, item.place.end_line)
    return {
        "description": item.sentence,
        "check_name": item.rule,
        "fingerprint": name,
        "severity": _SEVERITY[item.severity],
        "location": {"path": item.path, "lines": {"begin": lines[0], "end": lines[1]}},
        "content": {"body": item.text},
    }
