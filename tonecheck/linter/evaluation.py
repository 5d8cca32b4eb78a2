"""The values of expressions, within bounds: nothing here can run long or grow large.

There is no multiplication of texts, no power, and what is called is a short list of harmless filters.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from tonecheck.linter.expressions import (
    SOMETHING,
    UNDEFINED,
    Const,
    Expr,
    Op,
    Rendered,
    Unknown,
    Var,
    follow,
    short,
    shown,
    truth,
)
from tonecheck.linter.filters import apply_filter

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
            return short("".join(shown(value(index)) for index in range(len(expr.parts))))
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
        return short(one + other)
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
