"""What an expression writes into a text: pieces of the template, values, and choices between them."""

from __future__ import annotations

import re
from typing import Any

from jinja2 import nodes

from tonecheck.linter.expressions import (
    SOMETHING,
    UNDEFINED,
    Const,
    Expr,
    Op,
    Rendered,
    Unknown,
    shown,
    text_of,
)
from tonecheck.linter.filters import SAME, case_of
from tonecheck.linter.places import Place
from tonecheck.linter.tree import Choice, Item, Leaf, leaves, mapped
from tonecheck.linter.walk import Walk


class Writer:
    def __init__(self, walk: Walk) -> None:
        self.walk = walk

    def emit(self, expr: Any, place: Place, node: nodes.Node) -> list[Item]:
        """What an expression writes."""
        match expr:
            case Const(value=str(text), place=own, verbatim=verbatim):
                return (
                    [self.walk.leaf(Leaf(text, own or place, verbatim, self.walk.chain, widest=text))]
                    if text
                    else []
                )
            case Rendered(items=items):
                for leaf in leaves(items):
                    self.walk.leaf(leaf)
                return list(items)
            case Op(kind="cond", parts=(test, one, other)):
                self.walk.domains.note(test)
                return [self._choice(test, one, other, place, node)]
            case Op(kind="or", parts=(one, other)):
                self.walk.domains.note(one)
                return [self._choice(one, one, other, place, node)]
            case Op(kind="and", parts=(one, other)):
                self.walk.domains.note(one)
                return [self._choice(one, other, one, place, node)]
            case Op(kind="concat", parts=parts):
                return [item for part in parts for item in self.emit(part, place, node)]
            case Op(kind="binary", name="+", parts=parts) if any(map(_is_text, parts)):
                return [item for part in parts for item in self.emit(part, place, node)]
            case Op(kind="filter", name=name, parts=(one, *_)) if case_of(name) and _is_text(one):
                change = case_of(name)
                assert change is not None
                return list(mapped(self.emit(one, place, node), change))
            case Op(kind="filter", name=name, parts=(one, *_)) if name in SAME and _is_text(one):
                return self.emit(one, place, node)
            case Op(kind="filter", name="default" | "d", parts=(one, *rest)):
                return self._default(expr, one, rest[0] if rest else Const(""), place, node)
        return [self.walk.leaf(self._shown_value(expr, place))]

    def _choice(self, test: Expr, one: Expr, other: Expr, place: Place, node: nodes.Node) -> Choice:
        self.walk.assumed.append((test, True))
        first = tuple(self.emit(one, place, node))
        self.walk.assumed[-1] = (test, False)
        second = tuple(self.emit(other, place, node))
        self.walk.assumed.pop()
        return Choice(((test, first), (None, second)))

    def _default(self, expr: Op, one: Expr, other: Expr, place: Place, node: nodes.Node) -> list[Item]:
        boolean = dict(expr.keywords).get("boolean", expr.parts[2] if len(expr.parts) > 2 else Const(False))
        test: Expr = one if isinstance(boolean, Const) and boolean.value else Op("test", "defined", (one,))
        self.walk.domains.note(test)
        return [self._choice(test, one, other, place, node)]

    def _shown_value(self, expr: Expr, place: Place) -> Leaf:
        """A value as a reader gets it: the first sample that is not blank, else a placeholder, whose name says what it is."""
        name = text_of(expr)
        values = self.walk.domains.texts(expr, self.walk.assumed, _displayed)
        if values and all(value is UNDEFINED for value in values):
            values = []  # a name that no sample has: that is told elsewhere
        full = [value for value in values if isinstance(value, str) and value.strip()]
        blank = "none" if None in values else "empty" if len(full) < len(values) else ""
        if full:
            return Leaf(full[0], place, False, self.walk.chain, name, max(full, key=len), blank)
        for root, entry in self.walk.domains.shown.items():
            name = name.replace(root, entry)
        return Leaf("{{ " + _plain_name(name) + " }}", place, False, self.walk.chain, name, "", blank)


def _is_text(expr: Expr) -> bool:
    """Whether an expression has text of the template in it."""
    match expr:
        case Const(value=value):
            return isinstance(value, str)
        case Rendered():
            return True
        case Op(kind="cond" | "or" | "and" | "concat", parts=parts):
            return any(map(_is_text, parts))
        case Op(kind="binary", name="+", parts=parts):
            return any(map(_is_text, parts))
        case Op(kind="filter", parts=parts):
            return bool(parts) and _is_text(parts[0])
    return False


def _displayed(value: Any) -> Any:
    """A sample as a reader gets it: a text, ``None`` for what is written as "None", ``UNDEFINED`` for what leaves a blank."""
    if value is None or value is UNDEFINED:
        return value
    if value is SOMETHING:
        raise Unknown
    return shown(value)


def _plain_name(name: str) -> str:
    """An expression as a placeholder's name."""
    return " ".join(re.sub(r"[{}\n]|\[\d+\]| \(second\)", "", name).split())[:60] or "value"
