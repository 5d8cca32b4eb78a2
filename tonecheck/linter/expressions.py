"""Expressions of templates, over the template's own variables, and their values within bounds.

An expression that cannot be told (a function of the team's, a filter that is not known) raises ``Unknown``. Nothing here can run long
or grow large: there is no multiplication of texts, no power, and what is called is a short list of harmless filters.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tonecheck.linter.places import Place

_LONGEST = 10_000


class Unknown(Exception):
    """The value cannot be told."""


class _Undefined:
    def __repr__(self) -> str:
        return "undefined"

    def __bool__(self) -> bool:
        return False


class _Something:
    """A value of which only is known that it is true and equals no constant."""

    def __repr__(self) -> str:
        return "something"


# A keyword that no template writes: amounts in pounds, days before months.
BRITISH = "\0uk"
UNDEFINED = _Undefined()
SOMETHING = _Something()


@dataclass(frozen=True, slots=True)
class Const:
    value: Any
    place: Place | None = field(default=None, compare=False)
    verbatim: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Var:
    """A variable and the way into it: ``account.balance`` is ``Var("account", ("balance",))``."""

    root: str
    path: tuple[str | int, ...] = ()
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Op:
    """``kind``: not, and, or, compare, test, filter, concat, binary, cond, list, attribute, size, call or opaque; ``name``: which."""

    kind: str
    name: str = ""
    parts: tuple[Expr, ...] = ()
    keywords: tuple[tuple[str, Expr], ...] = ()
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Rendered:
    """The text of a ``set`` block or of a macro's call: items of ``tonecheck.linter.tree``."""

    items: tuple[Any, ...]


Expr = Const | Var | Op | Rendered

_SIGNS = {
    "eq": "==",
    "ne": "!=",
    "gt": ">",
    "gteq": ">=",
    "lt": "<",
    "lteq": "<=",
    "in": "in",
    "notin": "not in",
}


def text_of(expr: Expr) -> str:
    """The expression in Jinja's words; equal expressions have equal texts."""
    match expr:
        case Const(value=value):
            return repr(value)
        case Var(root=root, path=path):
            return root + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
        case Rendered():
            return "…"
    parts = [text_of(part) for part in expr.parts]
    given = [f"{name}={text_of(value)}" for name, value in expr.keywords if name != BRITISH]
    match expr.kind:
        case "not":
            return f"not {parts[0]}"
        case "and" | "or":
            return f"({parts[0]} {expr.kind} {parts[1]})"
        case "compare":
            return f"{parts[0]} {_SIGNS.get(expr.name, expr.name)} {parts[1]}"
        case "test":
            arguments = f"({', '.join(parts[1:])})" if len(parts) > 1 else ""
            return f"{parts[0]} is {expr.name}{arguments}"
        case "filter":
            inside = ", ".join([*parts[1:], *given])
            return f"{parts[0]} | {expr.name}" + (f"({inside})" if inside else "")
        case "concat":
            return " ~ ".join(parts)
        case "binary":
            return f"({parts[0]} {expr.name} {parts[1]})"
        case "cond":
            return f"({parts[1]} if {parts[0]} else {parts[2]})"
        case "list":
            return f"[{', '.join(parts)}]"
        case "attribute":
            return f"{parts[0]}.{expr.name}"
        case "size":
            return f"{parts[0]} has {('no', 'one', 'several')[int(expr.name)]} of"
        case "call":
            return f"{parts[0]}({', '.join([*parts[1:], *given])})"
    return expr.name


def variables(expr: Expr) -> Iterator[Var]:
    """The variables in an expression."""
    if isinstance(expr, Var):
        yield expr
    elif isinstance(expr, Op):
        for part in expr.parts:
            yield from variables(part)
        for _, value in expr.keywords:
            yield from variables(value)


def follow(value: Any, path: Sequence[str | int]) -> Any:
    """A part of a value; ``UNDEFINED`` where there is none. Only mappings and lists are looked into."""
    for part in path:
        if isinstance(value, Mapping):
            if part not in value:
                return UNDEFINED
            value = value[part]
        elif isinstance(value, list | tuple) and isinstance(part, int):
            if not -len(value) <= part < len(value):
                return UNDEFINED
            value = value[part]
        elif value is UNDEFINED or value is None:
            return UNDEFINED
        else:
            raise Unknown
    return value


Lookup = Callable[[Var], Any]


def evaluate(expr: Expr, lookup: Lookup) -> Any:
    """The value of an expression. ``lookup`` gives the value of a variable or raises ``Unknown``."""
    match expr:
        case Const(value=value):
            return value
        case Var():
            return lookup(expr)
        case Rendered():
            raise Unknown
    return _operation(expr, lookup)


def _operation(expr: Op, lookup: Lookup) -> Any:
    def value(index: int) -> Any:
        return evaluate(expr.parts[index], lookup)

    match expr.kind:
        case "not":
            return not truth(value(0))
        case "and":
            first = value(0)
            return value(1) if truth(first) else first
        case "or":
            first = value(0)
            return first if truth(first) else value(1)
        case "cond":
            return value(1) if truth(value(0)) else value(2)
        case "compare":
            return compare(expr.name, value(0), value(1))
        case "test":
            return _test(expr.name, value(0), [value(index) for index in range(1, len(expr.parts))])
        case "list":
            return [value(index) for index in range(len(expr.parts))]
        case "concat":
            return _short("".join(shown(value(index)) for index in range(len(expr.parts))))
        case "binary":
            return _binary(expr.name, value(0), value(1))
        case "filter":
            arguments = [value(index) for index in range(1, len(expr.parts))]
            named = {name: evaluate(one, lookup) for name, one in expr.keywords}
            return apply_filter(expr.name, value(0), arguments, named)
        case "attribute":
            return follow(value(0), (expr.name,))
        case "size":
            return _size(value(0)) == int(expr.name)
    raise Unknown


def _size(value: Any) -> int:
    """0, 1, or 2 for several."""
    if value is UNDEFINED or value is None:
        return 0
    if not isinstance(value, list | tuple | Mapping):
        raise Unknown
    return min(len(value), 2)


def truth(value: Any) -> bool:
    return bool(value)


def compare(name: str, one: Any, other: Any) -> bool:
    if name in ("in", "notin"):
        if not isinstance(other, list | tuple | str | Mapping):
            raise Unknown
        if one is SOMETHING:
            return name == "notin"
        if isinstance(other, str) and not isinstance(one, str):
            raise Unknown
        return bool(one in other) == (name == "in")
    if one is SOMETHING and other is SOMETHING:
        raise Unknown
    if name in ("eq", "ne"):
        return bool(_plain(one) == _plain(other)) == (name == "eq")
    one, other = _plain(one), _plain(other)
    numbers = isinstance(one, int | float | Decimal) and isinstance(other, int | float | Decimal)
    if not numbers and not (isinstance(one, str) and isinstance(other, str)):
        raise Unknown
    return bool({"gt": one > other, "gteq": one >= other, "lt": one < other, "lteq": one <= other}[name])


def _plain(value: Any) -> Any:
    """Dates as ISO text, so that YAML's and JSON's compare alike; decimals as floats."""
    if isinstance(value, datetime.date):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value


def _test(name: str, value: Any, arguments: list[Any]) -> bool:
    match name:
        case "defined":
            return value is not UNDEFINED
        case "undefined":
            return value is UNDEFINED
        case "none":
            return value is None
        case "true":
            return value is True
        case "false":
            return value is False
        case "eq" | "equalto" | "==" | "sameas":
            return compare("eq", value, arguments[0])
        case "ne" | "!=":
            return compare("ne", value, arguments[0])
        case "gt" | "greaterthan" | ">":
            return compare("gt", value, arguments[0])
        case "ge" | ">=":
            return compare("gteq", value, arguments[0])
        case "lt" | "lessthan" | "<":
            return compare("lt", value, arguments[0])
        case "le" | "<=":
            return compare("lteq", value, arguments[0])
        case "in":
            return compare("in", value, arguments[0])
    if value is SOMETHING:
        raise Unknown
    match name:
        case "string":
            return isinstance(value, str)
        case "number":
            return isinstance(value, int | float | Decimal)
        case "boolean":
            return isinstance(value, bool)
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "mapping":
            return isinstance(value, Mapping)
        case "sequence" | "iterable":
            return isinstance(value, list | tuple | str | Mapping)
        case "odd" | "even" if isinstance(value, int):
            return value % 2 == (name == "odd")
        case "divisibleby" if isinstance(value, int) and isinstance(arguments[0], int) and arguments[0]:
            return value % arguments[0] == 0
    raise Unknown


def _binary(sign: str, one: Any, other: Any) -> Any:
    if sign == "+" and isinstance(one, str) and isinstance(other, str):
        return _short(one + other)
    if sign == "+" and isinstance(one, list) and isinstance(other, list) and len(one) + len(other) < 1000:
        return [*one, *other]
    one, other = _plain(one), _plain(other)
    numbers = isinstance(one, int | float) and isinstance(other, int | float)
    if not numbers or max(abs(one), abs(other)) > 1e12:
        raise Unknown
    match sign:
        case "+":
            return one + other
        case "-":
            return one - other
        case "*":
            return one * other
    if not other:
        raise Unknown
    match sign:
        case "/":
            return one / other
        case "//":
            return one // other
        case "%":
            return one % other
    raise Unknown


def _short(text: str) -> str:
    if len(text) > _LONGEST:
        raise Unknown
    return text


def shown(value: Any) -> str:
    """A value as Jinja writes it."""
    if value is SOMETHING or isinstance(value, Mapping | list | tuple):
        raise Unknown
    return "" if value is UNDEFINED else str(value)


# --- filters ----------------------------------------------------------------------------------------------------------

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
            return _short(between.join(shown(one) for one in value[:50]))
        case "list" | "sort" | "unique" if isinstance(value, list):
            return value
        case "reverse" if isinstance(value, list | str):
            return value[::-1]
        case "replace" if len(arguments) >= 2 and isinstance(value, str):
            return _short(value.replace(shown(arguments[0])[:100] or "\0", shown(arguments[1])[:100]))
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


_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


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
