"""The types of a template's variables: which JSON values fit, what a template is given for them, and how a wrong one is refused."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

LONGEST_TEXT = 10_000
MOST_ITEMS = 500
_DEEPEST = 4
_MOST_MONEY = Decimal(10) ** 12
# Line ends and tabs are text; the others are nothing that a reader should get.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_DECIMAL = re.compile(r"\d{1,13}(?:\.\d{1,2})?")
_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,10})?")
_PHONE = re.compile(r"[+(]?[0-9A-Z][0-9A-Z ().\-]{1,30}(?:,? ?(?:x|ext\.?|extension) ?\d{1,6})?")
_FEWEST_DIGITS = 3
_EMAIL = re.compile(r"[^\s@<>()\",;:]{1,64}@(?:[\w-]{1,63}\.){1,8}[\w-]{2,63}")
_LINK = re.compile(r"(?:https?://)?(?:[\w-]{1,63}\.){1,8}[\w-]{2,63}(?::\d{1,5})?(?:[/?#][^\s<>\"]{0,1900})?")


class Unfit(Exception):
    """A value does not fit. ``errors``: the path below the value (empty for itself) → what to give instead."""

    def __init__(self, what: str, path: str = "") -> None:
        super().__init__(what)
        self.errors = {path: what}


def _text(value: object, what: str = "a text") -> str:
    if not isinstance(value, str):
        raise Unfit(f"give {what}")
    text = value.strip()
    if not text:
        raise Unfit(f"give {what}; it is empty")
    if len(text) > LONGEST_TEXT:
        raise Unfit(f"give {what} of at most {LONGEST_TEXT:,} characters")
    if _CONTROL.search(text):
        raise Unfit(f"give {what} without control characters")
    return text


def _line(value: object, pattern: re.Pattern[str], what: str) -> str:
    text = _text(value, what)
    if not pattern.fullmatch(text):
        raise Unfit(f"give {what}")
    return text


def _integer(value: object) -> int:
    what = "give a whole number such as 3"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= 10**15:
        raise Unfit(what)
    return value


def _number(value: object) -> int | float | Decimal:
    what = "give a number such as 4.5"
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        return Decimal(value.strip())
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Unfit(what)
    if not math.isfinite(value) or abs(value) >= 1e15:
        raise Unfit(what)
    return value


def as_money(value: object) -> Decimal:
    """An amount: a number or a decimal text without a currency sign, from 0, with at most two decimals. Raises ``Unfit``."""
    what = "give an amount such as 186.20"
    if isinstance(value, Decimal):
        amount = value
    elif isinstance(value, str):
        if not _DECIMAL.fullmatch(value.strip()):
            raise Unfit(what)
        amount = Decimal(value.strip())
    elif isinstance(value, int | float) and not isinstance(value, bool):
        try:
            # By its shortest text: the amount that was written, not the nearest binary fraction.
            amount = Decimal(repr(value))
        except (InvalidOperation, ValueError) as err:  # an integer of thousands of digits
            raise Unfit(what) from err
    else:
        raise Unfit(what)
    if not amount.is_finite() or not 0 <= amount < _MOST_MONEY:
        raise Unfit(what)
    if amount != amount.quantize(Decimal("0.01")):
        raise Unfit(f"{what}, with at most two decimals")
    return amount


def as_day(value: object) -> date:
    """A date: ISO 8601, year first. Raises ``Unfit``."""
    what = "give a date such as 2027-05-14"
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or not _DAY.fullmatch(value.strip()):
        raise Unfit(what)
    try:
        return date.fromisoformat(value.strip())
    except ValueError as err:
        raise Unfit(f"{what}; there is no such day") from err


def _phone(value: object) -> str:
    what = "a telephone number such as 555-0142"
    text = _line(value, _PHONE, what)
    if sum(map(str.isdigit, text)) < _FEWEST_DIGITS:
        raise Unfit(f"give {what}")
    return text


def _boolean(value: object) -> bool:
    if not isinstance(value, bool):
        raise Unfit("give true or false")
    return value


def _list(value: object) -> list[Any]:
    if not isinstance(value, list | tuple):
        raise Unfit("give a list")
    if len(value) > MOST_ITEMS:
        raise Unfit(f"give a list of at most {MOST_ITEMS} entries")
    return list(value)


def _object(value: object) -> dict[str, Any]:
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
        raise Unfit("give an object")
    if len(value) > MOST_ITEMS:
        raise Unfit(f"give an object of at most {MOST_ITEMS} fields")
    return dict(value)


TYPES: dict[str, Callable[[object], Any]] = {
    "string": _text,
    "integer": _integer,
    "number": _number,
    "money": as_money,
    "date": as_day,
    "phone": _phone,
    "link": lambda value: _line(value, _LINK, "a link such as https://pay.example.com/2231"),
    "email": lambda value: _line(value, _EMAIL, "an e-mail address such as help@example.com"),
    "boolean": _boolean,
    "list": _list,
    "object": _object,
}


def read(type: str, value: object, samples: Sequence[object] = ()) -> Any:
    """``value`` as a template is given it: money as ``Decimal``, a date as ``date``, text without white space around it.

    What is inside lists and objects has to have the shape of ``samples``: the same fields, with amounts, dates, texts and so on where
    they have them. Raises ``Unfit`` with every wrong place.
    """
    result = TYPES[type](value)
    if type in ("list", "object"):
        return _inside(result, [sample for sample in samples if isinstance(sample, list | dict)], 0)
    return result


def _inside(value: Any, samples: Sequence[Any], depth: int) -> Any:
    """A part of a list or object, held against the same part of the samples."""
    if depth > _DEEPEST:
        raise Unfit("give something that nests less deeply")
    kind = _kind(samples)
    if kind == "list":
        return _each(
            {f"[{index}]": one for index, one in enumerate(_list(value))},
            lambda name: [one for sample in samples for one in sample],
            depth,
            list,
        )
    if kind == "object":
        return _fields(_object(value), [sample for sample in samples if isinstance(sample, dict)], depth)
    if value is None and None in samples:
        return None
    if kind is None:
        # The samples say nothing, so any plain value does.
        return _plain(value, depth)
    return TYPES[kind](value)


def _each(
    parts: Mapping[str, Any],
    samples_of: Callable[[str], Sequence[Any]],
    depth: int,
    make: Callable[[Any], Any],
) -> Any:
    done: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for name, part in parts.items():
        try:
            done[name] = _inside(part, samples_of(name), depth + 1)
        except Unfit as err:
            wrong |= {f"{name}{path}": what for path, what in err.errors.items()}
    if wrong:
        failed = Unfit("")
        failed.errors = wrong
        raise failed
    return make(done.values()) if make is list else done


def _fields(value: dict[str, Any], samples: Sequence[dict[str, Any]], depth: int) -> dict[str, Any]:
    from tonecheck.library.errors import nearest

    known = list(dict.fromkeys(name for sample in samples for name in sample))
    wrong = {
        f".{name}": f"there is no such field{nearest(name, known)}" for name in value if name not in known
    }
    wrong |= {
        f".{name}": "it is required"
        for name in known
        if name not in value and all(name in sample for sample in samples)
    }
    try:
        done = _each(
            {f".{name}": part for name, part in value.items() if name in known},
            lambda path: [sample[path[1:]] for sample in samples if path[1:] in sample],
            depth,
            dict,
        )
    except Unfit as err:
        wrong |= err.errors
    if wrong:
        failed = Unfit("")
        failed.errors = wrong
        raise failed
    # A field that only some samples have is one that may be left out: a template can ask for it all the same.
    return {name: done.get(f".{name}") for name in known}


def _kind(samples: Sequence[Any]) -> str | None:
    """The type that all samples of a part have."""
    given = [sample for sample in samples if sample is not None]
    if not given:
        return None
    if all(isinstance(one, bool) for one in given):
        return "boolean"
    if any(isinstance(one, bool) for one in given):
        return None
    if all(isinstance(one, int | float | Decimal) for one in given):
        return "number"
    if all(isinstance(one, list) for one in given):
        return "list"
    if all(isinstance(one, dict) for one in given):
        return "object"
    if all(isinstance(one, str) for one in given):
        return "date" if all(_DAY.fullmatch(one) for one in given) else "string"
    return None


def _plain(value: Any, depth: int) -> Any:
    match value:
        case str():
            return _text(value)
        case bool() | None:
            return value
        case int() | float():
            return _number(value)
        case list() | tuple():
            if depth > _DEEPEST:
                raise Unfit("give something that nests less deeply")
            return [_plain(one, depth + 1) for one in _list(value)]
    raise Unfit("give a plain value")


def from_text(type: str, text: str) -> Any:
    """The JSON value that somebody means who writes ``text`` on a command line. What cannot be meant is handed on, and ``read`` refuses it."""
    if type in ("list", "object"):
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            return text
    if type == "boolean":
        return {"true": True, "yes": True, "false": False, "no": False}.get(text.strip().lower(), text)
    if type == "integer" and re.fullmatch(r"-?\d{1,15}", text.strip()):
        return int(text)
    return text
