"""What a name can stand for in a template, beside values: macros, imported templates, ``loop``, ``self`` and ``super``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jinja2 import nodes

from tonecheck.linter.expressions import Const, Expr, Op, Rendered, Unknown, Var, follow
from tonecheck.linter.sources import Source


@dataclass(frozen=True)
class Macro:
    """A macro, or the body of a ``call`` block, with where it was defined."""

    node: nodes.Macro | nodes.CallBlock
    source: Source
    env: Env


@dataclass(frozen=True)
class Module:
    """An imported template: its macros and variables."""

    names: Env


@dataclass(frozen=True)
class LoopInfo:
    """What ``loop`` says of an entry."""

    number: int
    count: int


@dataclass(frozen=True)
class Blocks:
    """``self``, or ``super`` in a block."""

    name: str | None = None
    level: int = 0


Env = dict[str, Any]


def as_expr(value: Any) -> Expr:
    """A value as an expression: macros, modules and what loops know have none."""
    if isinstance(value, Const | Var | Op | Rendered):
        return value
    return Op("opaque", f"<{type(value).__name__.lower()}>")


def part_of(value: Any, part: str | int) -> Any:
    """An attribute or an entry of a value."""
    match value:
        case Var(root=root, path=path, place=place):
            return Var(root, (*path, part), place)
        case Op(kind="list", parts=parts) if isinstance(part, int) and part < len(parts):
            return parts[part]
        case Const(value=inner):
            try:
                return Const(follow(inner, (part,)))
            except Unknown:
                return Op("attribute", str(part), (value,))
        case Op(kind="cond", parts=(test, one, other)):
            return Op("cond", "", (test, part_of(one, part), part_of(other, part)))
        case Op() | Rendered():
            return Op("attribute", str(part), (value,))
    return value
