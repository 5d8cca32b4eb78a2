"""Workflow commands of GitHub Actions: each finding becomes an annotation at its line.

Only so many annotations of a level are shown for a step (ten, at the time of writing); the log has all of them.
"""

from __future__ import annotations

from collections.abc import Sequence

from tonecheck.ci.findings import Located

_COMMAND = {1: "notice", 2: "warning", 3: "error"}


def render(items: Sequence[Located], *, version: str, paths: Sequence[str] = ()) -> str:
    """One line for each finding; empty if there is none."""
    return "".join(_line(item) + "\n" for item in items)


def _line(item: Located) -> str:
    fields = {"file": item.path}
    if item.place is not None:
        place = item.place
        fields |= {"line": str(place.line), "endLine": str(place.end_line)}
        # Columns go with a single line only; with several, the annotation is refused.
        if place.line == place.end_line:
            fields |= {"col": str(place.column), "endColumn": str(place.end_column)}
    fields["title"] = f"tonecheck {item.rule}"
    listed = ",".join(f"{name}={_property(value)}" for name, value in fields.items())
    return f"::{_COMMAND[item.severity]} {listed}::{_data(item.text)}"


def _data(text: str) -> str:
    """Escaped as the runner undoes it, so that no draft can smuggle in a command of its own."""
    escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    # Control characters would reach the log, and with it a terminal.
    return "".join(char if char.isprintable() or char == " " else _written(char) for char in escaped)


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _written(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")
