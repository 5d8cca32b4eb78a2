"""What a system says of messages, as far as it is scored; and the reading of what other systems said, from JSON Lines."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from tonecheck.errors import UserError, one_of
from tonecheck.finding import TONE_CATEGORIES
from tonecheck.report import VERDICTS


class Span(NamedTuple):
    """A tone finding: its place in code points, and what it says; ``None`` where the system does not say it."""

    category: str | None
    severity: int | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a system says of one message. ``None``: it says nothing of the kind, of this message or any other.

    A higher ``score`` is a better message, on whatever scale.
    """

    tone: tuple[Span, ...] | None
    elements: dict[str, bool] | None
    verdict: str | None
    score: float | None


_SAYS = ("score", "verdict", "tone")
_KEYS = ("id", *_SAYS)
_SPAN_KEYS = ("category", "severity", "start", "end")


def read_predictions(path: Path, lengths: Mapping[str, int]) -> dict[str, Prediction]:
    """By id, one prediction for each message of ``lengths`` (id → code points of its text); others are left out.

    Raises ``UserError`` with ``file:line`` for what is no prediction, and for a message without one.
    """
    found: dict[str, Prediction] = {}
    first: frozenset[str] | None = None
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                place = f"{path}:{number}"
                data = _object(line, place)
                said = frozenset(_SAYS) & data.keys()
                first = said if first is None else first
                _check_same(said, first, place)
                name = _text(data, "id", place)
                if name in found:
                    raise UserError(f"{place}: the id {name!r} stands twice")
                found[name] = _prediction(data, lengths.get(name), place)
    except OSError as err:
        raise UserError(f"{path}: cannot be read: {err.strerror}") from err
    except UnicodeDecodeError as err:
        raise UserError(f"{path}: is not UTF-8 text") from err
    for name in lengths:
        if name not in found:
            raise UserError(f"{path}: there is no prediction for the message {name!r}")
    return {name: found[name] for name in lengths}


def _object(line: str, place: str) -> dict[str, Any]:
    try:
        data = json.loads(line)
    except json.JSONDecodeError as err:
        raise UserError(f"{place}: not JSON: {err.msg} at column {err.colno}") from err
    except RecursionError as err:
        raise UserError(f"{place}: not JSON: nested too deeply") from err
    except ValueError as err:  # Python converts no number of thousands of digits
        raise UserError(f"{place}: not JSON: a number is too long") from err
    if not isinstance(data, dict):
        raise UserError(f"{place}: a prediction is a JSON object")
    _check_keys(data, _KEYS, "key", place)
    return data


def _check_keys(data: dict[str, Any], known: tuple[str, ...], what: str, place: str) -> None:
    """All are optional or nearly so: a mistyped one that is let through would silently take a measure away."""
    for key in data:
        if key not in known:
            raise UserError(f"{place}: {one_of(key, known, what)}")


def _check_same(said: frozenset[str], first: frozenset[str], place: str) -> None:
    """A measure over some of the messages could not be set beside one over all."""
    if not said:
        raise UserError(f"{place}: the prediction has none of {', '.join(map(repr, _SAYS))}")
    for name in _SAYS:
        if name in first and name not in said:
            raise UserError(f"{place}: the prediction lacks {name!r}, which the first one has")
        if name in said and name not in first:
            raise UserError(f"{place}: the prediction has {name!r}, which the first one lacks")


def _prediction(data: dict[str, Any], length: int | None, place: str) -> Prediction:
    verdict = _text(data, "verdict", place) if "verdict" in data else None
    if verdict is not None and verdict not in VERDICTS:
        raise UserError(f"{place}: {one_of(verdict, VERDICTS, 'verdict')}")
    tone = None
    if "tone" in data:
        if not isinstance(data["tone"], list):
            raise UserError(f"{place}: 'tone' is a list")
        tone = tuple(_span(raw, length, place) for raw in data["tone"])
    return Prediction(tone, None, verdict, _score(data, place) if "score" in data else None)


def _text(data: dict[str, Any], name: str, place: str) -> str:
    if name not in data:
        raise UserError(f"{place}: the prediction lacks {name!r}")
    if not isinstance(data[name], str):
        raise UserError(f"{place}: {name!r} is a text")
    return str(data[name])


def _score(data: dict[str, Any], place: str) -> float:
    value = data["score"]
    wrong = UserError(f"{place}: 'score' is a finite number, the higher the better the message")
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise wrong
    try:
        number = float(value)
    except OverflowError as err:
        raise wrong from err
    if not math.isfinite(number):
        raise wrong
    return number


def _span(raw: Any, length: int | None, place: str) -> Span:
    """``length``: of the text, in code points; ``None`` for a message that is not among the labelled ones."""
    if not isinstance(raw, dict):
        raise UserError(
            f"{place}: an entry of 'tone' is an object with start and end, and if known category and severity"
        )
    _check_keys(raw, _SPAN_KEYS, "key of an entry of 'tone'", place)
    category = _text(raw, "category", place) if "category" in raw else None
    if category is not None and category not in TONE_CATEGORIES:
        raise UserError(f"{place}: {one_of(category, TONE_CATEGORIES, 'category')}")
    severity = _whole(raw, "severity", place) if "severity" in raw else None
    if severity not in (None, 1, 2, 3):
        raise UserError(f"{place}: 'severity' is 1, 2 or 3")
    start, end = _whole(raw, "start", place), _whole(raw, "end", place)
    if not 0 <= start < end:
        raise UserError(f"{place}: 'start' is 0 or more, and less than 'end'")
    if length is not None and end > length:
        raise UserError(f"{place}: 'end' is {end}, but the text has {length} characters")
    return Span(category, severity, start, end)


def _whole(data: dict[str, Any], name: str, place: str) -> int:
    if name not in data:
        raise UserError(f"{place}: an entry of 'tone' lacks {name!r}")
    if type(data[name]) is not int:
        raise UserError(f"{place}: {name!r} is a whole number")
    return int(data[name])
