"""Labelled messages: what annotators said of a message, read from JSON Lines and validated."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from tonecheck.errors import ProfileError, UserError, one_of
from tonecheck.finding import TONE_CATEGORIES
from tonecheck.profile import VALUES, Profile, parse_flags
from tonecheck.report import ELEMENTS, VERDICTS

SERIOUS = 2


class Label(NamedTuple):
    """A tone problem that an annotator marked: every place of the quote in the text, as ``(start, end)``."""

    category: str
    severity: int
    places: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Record:
    """A labelled message."""

    id: str
    profile: Profile
    text: str = field(repr=False)
    tone: tuple[Label, ...]
    elements: dict[str, bool]
    verdict: str

    @property
    def serious(self) -> bool:
        """Whether an annotator saw a tone problem of severity 2 or 3."""
        return any(label.severity >= SERIOUS for label in self.tone)


def read_records(path: Path) -> Iterator[Record]:
    """The labelled messages of a JSON Lines file. Raises ``UserError`` with ``file:line`` for what is no record."""
    seen: set[str] = set()
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                record = _record(line, f"{path}:{number}")
                if record.id in seen:
                    raise UserError(f"{path}:{number}: the id {record.id!r} stands twice")
                seen.add(record.id)
                yield record
    except OSError as err:
        raise UserError(f"{path}: cannot be read: {err.strerror}") from err
    except UnicodeDecodeError as err:
        raise UserError(f"{path}: is not UTF-8 text") from err


def _record(line: str, place: str) -> Record:
    try:
        data = json.loads(line)
    except (json.JSONDecodeError, RecursionError) as err:
        reason = (
            f"{err.msg} at column {err.colno}"
            if isinstance(err, json.JSONDecodeError)
            else "nested too deeply"
        )
        raise UserError(f"{place}: not JSON: {reason}") from err
    if not isinstance(data, dict):
        raise UserError(f"{place}: a record is a JSON object")
    text = _field(data, "text", str, place)
    verdict = _field(data, "verdict", str, place)
    if verdict not in VERDICTS:
        raise UserError(f"{place}: {one_of(verdict, VERDICTS, 'verdict')}")
    return Record(
        id=_field(data, "id", str, place),
        profile=_profile(data, place),
        text=text,
        tone=tuple(_label(raw, text, place) for raw in _field(data, "tone", list, place)),
        elements=_elements(_field(data, "elements", dict, place), place),
        verdict=verdict,
    )


def _field(data: dict[str, Any], name: str, kind: type, place: str) -> Any:
    if name not in data:
        raise UserError(f"{place}: the record lacks {name!r}")
    if not isinstance(data[name], kind):
        names = {str: "a text", list: "a list", dict: "an object", int: "a number"}
        raise UserError(f"{place}: {name!r} is {names[kind]}")
    return data[name]


def _profile(data: dict[str, Any], place: str) -> Profile:
    values = {name: _field(data, name, str, place) for name in VALUES if name in data}
    flags = _field(data, "flags", list, place) if "flags" in data else ()
    try:
        return Profile(**values, flags=parse_flags(map(str, flags)))
    except ProfileError as err:
        raise UserError(f"{place}: {err}") from err


def _label(raw: Any, text: str, place: str) -> Label:
    if not isinstance(raw, dict):
        raise UserError(f"{place}: an entry of 'tone' is an object with category, quote and severity")
    category = _field(raw, "category", str, place)
    if category not in TONE_CATEGORIES:
        raise UserError(f"{place}: {one_of(category, TONE_CATEGORIES, 'category')}")
    severity = _field(raw, "severity", int, place)
    if severity not in (1, 2, 3) or isinstance(severity, bool):
        raise UserError(f"{place}: 'severity' is 1, 2 or 3")
    quote = _field(raw, "quote", str, place)
    places = tuple(_places(quote, text))
    if not places:
        raise UserError(f"{place}: the quote of a {category} label does not stand in the text")
    return Label(category, severity, places)


def _places(quote: str, text: str) -> Iterator[tuple[int, int]]:
    at = text.find(quote) if quote else -1
    while at >= 0:
        yield at, at + len(quote)
        at = text.find(quote, at + len(quote))


def _elements(raw: dict[str, Any], place: str) -> dict[str, bool]:
    for name, present in raw.items():
        if name not in ELEMENTS:
            raise UserError(f"{place}: {one_of(name, ELEMENTS, 'element')}")
        if not isinstance(present, bool):
            raise UserError(f"{place}: the element {name!r} is true or false")
    for name in ELEMENTS:
        if name not in raw:
            raise UserError(f"{place}: 'elements' lacks {name!r}; give all {len(ELEMENTS)}")
    return raw
