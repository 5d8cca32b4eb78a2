"""What filters make of a value: Jinja's harmless ones, and those of names that mean the same everywhere, ``currency`` and ``date``."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from tonecheck.linter.expressions import BRITISH, SOMETHING, UNDEFINED, Unknown, short, shown, truth

_MONEY = frozenset(
    "currency money usd gbp eur dollars pounds format_currency as_currency price amount".split()
)
_DAYS = frozenset(
    "date day short_day format_date dateformat longdate long_date as_date strftime datetime date_format".split()
)
SAME = frozenset("safe escape e forceescape string trim striptags list sort unique reverse".split())
_CASES: dict[str, Callable[[str], str]] = {
    "upper": str.upper,
    "lower": str.lower,
    "title": str.title,
    "capitalize": str.capitalize,
}
_MONTHS = "January February March April May June July August September October November December".split()
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


def case_of(name: str) -> Callable[[str], str] | None:
    """What a filter does to every piece of a text by itself."""
    return _CASES.get(name)


def apply_filter(name: str, value: Any, arguments: Sequence[Any], named: Mapping[str, Any]) -> Any:
    """What Jinja's harmless filters do, and what filters of these names do everywhere: ``currency``, ``date``."""
    if name in ("default", "d"):
        boolean = named.get("boolean", arguments[1] if len(arguments) > 1 else False)
        other = arguments[0] if arguments else named.get("default_value", "")
        return other if value is UNDEFINED or (boolean and not truth(value)) else value
    if name in _MONEY:
        return _money(name, value, BRITISH in named)
    if name in _DAYS:
        return _date(name, value, BRITISH in named)
    if value is SOMETHING:
        raise Unknown
    if name in _CASES:
        return _CASES[name](shown(value))
    match name:
        case "safe" | "escape" | "e" | "forceescape" | "string":
            return shown(value)
        case "trim" if isinstance(value, str):
            return value.strip()
        case "length" | "count" if isinstance(value, str | list | Mapping):
            return len(value)
        case "first" if isinstance(value, str | list):
            return value[0] if value else UNDEFINED
        case "last" if isinstance(value, str | list):
            return value[-1] if value else UNDEFINED
        case "int":
            return _number(value, int, arguments)
        case "float":
            return _number(value, float, arguments)
        case "abs" if isinstance(value, int | float):
            return abs(value)
        case "round" if isinstance(value, int | float):
            places = arguments[0] if arguments and isinstance(arguments[0], int) else 0
            return round(float(value), max(0, min(places, 10)))
        case "join" if isinstance(value, list):
            between = shown(arguments[0]) if arguments else ""
            return short(between.join(shown(one) for one in value[:50]))
        case "list" | "sort" | "unique" if isinstance(value, list):
            return value
        case "reverse" if isinstance(value, list | str):
            return value[::-1]
        case "replace" if len(arguments) >= 2 and isinstance(value, str):
            return short(value.replace(shown(arguments[0])[:100] or "\0", shown(arguments[1])[:100]))
        case "truncate" if isinstance(value, str):
            return value
        case "wordcount" if isinstance(value, str):
            return len(value.split())
        case "sum" if isinstance(value, list) and all(isinstance(one, int | float) for one in value):
            return sum(value)
    raise Unknown


def _number(value: Any, kind: Callable[[Any], Any], arguments: Sequence[Any]) -> Any:
    try:
        return kind(value)
    except (TypeError, ValueError, OverflowError):
        return arguments[0] if arguments else kind(0)


def _money(name: str, value: Any, british: bool) -> str:
    try:
        amount = Decimal(str(value))
    except ArithmeticError as err:
        raise Unknown from err
    if not amount.is_finite() or abs(amount) > Decimal(10) ** 15:
        raise Unknown
    sign = {"gbp": "£", "pounds": "£", "eur": "€"}.get(name, "£" if british and name != "usd" else "$")
    return f"{sign}{amount:,.2f}"


def _date(name: str, value: Any, british: bool) -> str:
    if not isinstance(value, datetime.date | str):
        raise Unknown
    match = _ISO.match(str(value))
    if not match or not 1 <= int(match[2]) <= 12:
        raise Unknown
    month = _MONTHS[int(match[2]) - 1]
    month = month[:3] if name == "short_day" else month
    day = f"{int(match[3])} {month}" if british else f"{month} {int(match[3])}"
    if name == "short_day":
        return day
    return f"{day} {match[1]}" if british else f"{day}, {match[1]}"
