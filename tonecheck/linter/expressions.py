"""Expressions of templates, over the template's own variables, and values as templates see them.

What cannot be told (a function of the team's, a filter that is not known) raises ``Unknown``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tonecheck.linter.places import Place

_LONGEST = 10_000
_MOST_PARTS = 2_000


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


def is_small(value: Any) -> bool:
    """Whether an expression has few parts, so that it can be written out."""
    open_parts, count = [value], 0
    while open_parts and count <= _MOST_PARTS:
        one = open_parts.pop()
        count += 1
        if isinstance(one, Op):
            open_parts += one.parts
    return count <= _MOST_PARTS


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


def truth(value: Any) -> bool:
    return bool(value)


def short(text: str) -> str:
    """A text, unless it has grown beyond what any message holds."""
    if len(text) > _LONGEST:
        raise Unknown
    return text


def shown(value: Any) -> str:
    """A value as Jinja writes it."""
    if value is SOMETHING or isinstance(value, Mapping | list | tuple):
        raise Unknown
    return "" if value is UNDEFINED else str(value)
