"""What variables can be, and so what conditions can be together.

A variable with samples is one of them. Of any other, values are made up that tell its conditions apart: for ``fee > 5`` and ``fee == 0``
the numbers 0, 4, 5 and 6. Conditions are then evaluated on the values, so whatever hangs together (``x`` and ``not x``, ``plan == "a"``
and ``plan == "b"``, two fields of one account) does so here. A condition that cannot be evaluated is free, and the same everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from tonecheck.linter.evaluation import evaluate
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
    text_of,
    truth,
    variables,
)
from tonecheck.linter.sources import Declared
from tonecheck.linter.tree import leaves

# By key of a domain: which of its values are still possible, as bits. A key that is not there has them all.
State = dict[str, int]
_MOST_VALUES = 24
_MOST_TOGETHER = 64


@dataclass
class _Use:
    """How conditions look at a variable without samples."""

    truth: bool = False
    defined: bool = False
    none: bool = False
    listed: bool = False
    constants: dict[Any, None] = field(default_factory=dict)
    bounds: set[float] = field(default_factory=set)
    lengths: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class Atom:
    """A condition without and, or, not; ``keys``: the domains that decide it."""

    expr: Expr
    text: str
    keys: tuple[str, ...]


class _Broad(Exception):
    """A condition holds, or does not, in too many ways to follow each."""


class Domains:
    """The values of all variables of one template, and the decisions that they leave open. ``steps``: how much work they have been, counted
    rather than timed so that a busy machine gives up at the same place."""

    def __init__(self, declared: Mapping[str, Declared]) -> None:
        self.steps = 0
        self._fixed: dict[str, tuple[Any, ...]] = {}
        self._uses: dict[str, _Use] = {}
        self._values: dict[str, tuple[Any, ...]] = {}
        self._masks: dict[tuple[str, str], int | None] = {}
        self._broad: set[str] = set()
        self.atoms: dict[str, Atom] = {}
        self.shown: dict[str, str] = {}  # how a key is called, where it is not by itself
        for name, variable in declared.items():
            values = list(variable.samples)
            if not values and variable.type == "boolean":
                values = [True, False]
            if values and variable.optional:
                values.append(None)
            if values:
                self._fixed[name] = _distinct(values)

    # --- variables

    def add(self, root: str, values: tuple[Any, ...] | None, shown: str) -> None:
        """The entry of a loop: ``values``, where its list has samples."""
        self.shown[root] = shown
        if values:
            self._fixed[root] = _distinct(list(values))

    def key(self, var: Var) -> tuple[str, tuple[str | int, ...]]:
        """The domain of a variable, and the way from a value of it to what the variable stands for."""
        return (var.root, var.path) if var.root in self._fixed else (text_of(var), ())

    def samples(self, key: str) -> tuple[Any, ...] | None:
        """The samples of a key, or ``None``."""
        return self._fixed.get(key)

    def values(self, key: str) -> tuple[Any, ...]:
        if key in self._fixed:
            return self._fixed[key]
        if key not in self._values:
            self._values[key] = (0, 1, 2) if key.startswith("?size ") else (False, True)
            if not key.startswith("?"):
                self._values[key] = _made_up(self._uses.get(key, _Use()))
        return self._values[key]

    def elements(self, over: Expr) -> tuple[Any, ...] | None:
        """What the entries of a list with samples are; ``None`` where that is not known."""
        if not isinstance(over, Var):
            return None
        key, path = self.key(over)
        if key not in self._fixed:
            return None
        found: list[Any] = []
        for value in self._fixed[key]:
            try:
                part = follow(value, path)
            except Unknown:
                continue
            if isinstance(part, list):
                found.extend(part[:20])
        return tuple(found) or None

    def allow_sizes(self, over: Expr) -> None:
        """A loop runs once or several times wherever samples say that it runs at all."""
        if not isinstance(over, Var) or over.path or over.root not in self._fixed:
            return
        lists = [value for value in self._fixed[over.root] if isinstance(value, list) and value]
        if lists:
            sizes = {min(len(value), 2) for value in lists}
            first = lists[0]
            more = ([] if 1 in sizes else [first[:1]]) + ([] if 2 in sizes else [[*first, *first]])
            self._fixed[over.root] = (*self._fixed[over.root], *more)

    # --- how conditions look at variables, before any is decided

    def note(self, expr: Expr) -> None:
        """Take in a condition, so that values can be made up which tell it apart."""
        match expr:
            case Var():
                self._use(expr).truth = True
            case Op(kind="not" | "and" | "or" | "cond"):
                for part in expr.parts:
                    self.note(part)
            case Op(kind="compare" | "test"):
                self._note_comparison(expr)
            case Op(kind="size"):
                if isinstance(expr.parts[0], Var):
                    self._use(expr.parts[0]).listed = True
            case Op(kind="filter", name="length" | "count") if isinstance(expr.parts[0], Var):
                self._use(expr.parts[0]).listed = True
            case Rendered():
                return

    def _use(self, var: Var) -> _Use:
        return self._uses.setdefault(self.key(var)[0], _Use())

    def _note_comparison(self, expr: Op) -> None:
        one, other = expr.parts[0], expr.parts[1] if len(expr.parts) > 1 else None
        if not isinstance(one, Var) and isinstance(other, Var):
            one, other = other, one
        name = _TEST_NAMES.get(expr.name, expr.name)
        if isinstance(one, Op) and one.kind == "filter" and one.name in ("length", "count"):
            inner = one.parts[0]
            if isinstance(inner, Var) and isinstance(other, Const) and isinstance(other.value, int):
                use = self._use(inner)
                use.listed = True
                use.lengths.add(max(0, min(other.value, 20)))
            return
        if not isinstance(one, Var):
            return
        use = self._use(one)
        if name in ("defined", "undefined"):
            use.defined = True
        elif name == "none":
            use.none = True
        elif name in ("true", "false"):
            use.constants[name == "true"] = None
        elif isinstance(other, Const):
            self._note_constant(use, name, other.value)
        elif isinstance(other, Op) and other.kind == "list":
            for part in other.parts:
                if isinstance(part, Const):
                    self._note_constant(use, "eq", part.value)

    def _note_constant(self, use: _Use, name: str, value: Any) -> None:
        if isinstance(value, list | tuple):
            for one in value[:_MOST_VALUES]:
                self._note_constant(use, "eq", one)
        elif value is None:
            use.none = True
        elif name in ("gt", "gteq", "lt", "lteq"):
            if isinstance(value, int | float) and not isinstance(value, bool):
                use.bounds.add(value)
        elif isinstance(value, str | int | float | bool):
            use.constants[value] = None

    # --- decisions

    def decide(self, expr: Expr, state: State) -> list[tuple[bool, State]]:
        """What a condition can be in a state, each with the states that it leaves. One with very many ways to hold or not is free."""
        if isinstance(expr, Op) and expr.kind in ("and", "or", "not", "cond"):
            text = text_of(expr)
            if text not in self._broad:
                try:
                    return self._decide(expr, state)
                except _Broad:
                    self._broad.add(text)
            return list(self._decide_atom(self.atoms.setdefault(text, self._opaque(expr, text)), state))
        return self._decide(expr, state)

    def _decide(self, expr: Expr, state: State) -> list[tuple[bool, State]]:
        self.steps += 1
        match expr:
            case Const(value=value):
                return [(truth(value), state)]
            case Rendered(items=items):
                return [(any(leaf.text.strip() for leaf in leaves(items)), state)]
            case Op(kind="not"):
                return [(not held, left) for held, left in self._decide(expr.parts[0], state)]
            case Op(kind="and" | "or"):
                return self._decide_pair(expr, state)
            case Op(kind="cond"):
                return [
                    result
                    for held, left in self._decide(expr.parts[0], state)
                    for result in self._decide(expr.parts[1 if held else 2], left)
                ]
        return list(self._decide_atom(self.atom(expr), state))

    def _decide_pair(self, expr: Op, state: State) -> list[tuple[bool, State]]:
        result = []
        stops = expr.kind == "or"
        for held, left in self._decide(expr.parts[0], state):
            result += [(held, left)] if held == stops else self._decide(expr.parts[1], left)
            if len(result) > _MOST_TOGETHER:
                raise _Broad
        return result

    def atom(self, expr: Expr) -> Atom:
        text = text_of(expr)
        if text not in self.atoms:
            keys = tuple(dict.fromkeys(self.key(var)[0] for var in variables(expr)))
            self.atoms[text] = Atom(expr, text, keys)
            if not self._is_known(self.atoms[text]):
                self.atoms[text] = self._opaque(expr, text)
        return self.atoms[text]

    def _opaque(self, expr: Expr, text: str) -> Atom:
        if isinstance(expr, Op) and expr.kind == "size":
            key = f"?size {text_of(expr.parts[0])}"
            return Atom(Op("compare", "eq", (Var(key), Const(int(expr.name)))), text, (key,))
        return Atom(Var(f"?{text}"), text, (f"?{text}",))

    def _is_known(self, atom: Atom) -> bool:
        """Whether every combination of values decides it."""
        count = 1
        for key in atom.keys:
            count *= len(self.values(key))
        if count > _MOST_TOGETHER:
            return False
        try:
            for values in self._combinations(atom.keys, {}):
                self._evaluate(atom, values)
        except (Unknown, ArithmeticError, TypeError, ValueError, LookupError):
            return False
        return True

    def _combinations(self, keys: tuple[str, ...], state: State) -> Iterator[dict[str, tuple[int, Any]]]:
        """By key: the number of a value that is possible in ``state``, and the value."""
        if not keys:
            yield {}
            return
        values = self.values(keys[0])
        left = state.get(keys[0], (1 << len(values)) - 1)
        for rest in self._combinations(keys[1:], state):
            for number, value in enumerate(values):
                if left >> number & 1:
                    yield {keys[0]: (number, value), **rest}

    def _evaluate(self, atom: Atom, values: Mapping[str, tuple[int, Any]]) -> bool:
        self.steps += 2

        def lookup(var: Var) -> Any:
            if var.root in values and var.root.startswith("?"):
                return values[var.root][1]
            key, path = self.key(var)
            return follow(values[key][1], path)

        return truth(evaluate(atom.expr, lookup))

    def mask(self, atom: Atom) -> int | None:
        """The values that make an atom of one key true, as bits; ``None`` for one of several keys."""
        if len(atom.keys) != 1:
            return None
        key = atom.keys[0]
        known = self._masks.get((atom.text, key))
        if known is None:
            known = 0
            for values in self._combinations(atom.keys, {}):
                if self._evaluate(atom, values):
                    known |= 1 << values[key][0]
            self._masks[atom.text, key] = known
        return known

    def _decide_atom(self, atom: Atom, state: State) -> Iterator[tuple[bool, State]]:
        mask = self.mask(atom)
        if mask is not None:
            key = atom.keys[0]
            left = state.get(key, (1 << len(self.values(key))) - 1)
            for held, part in ((True, left & mask), (False, left & ~mask)):
                if part:
                    yield held, (state if part == left else {**state, key: part})
            return
        for values in self._combinations(atom.keys, state):
            narrowed = {key: 1 << number for key, (number, _) in values.items()}
            yield self._evaluate(atom, values), {**state, **narrowed}

    def compatible(self, atom: Atom, state: State) -> tuple[bool, bool]:
        """Whether an atom can be true in a state, and whether it can be false."""
        mask = self.mask(atom)
        if mask is not None:
            key = atom.keys[0]
            left = state.get(key, (1 << len(self.values(key))) - 1)
            return bool(left & mask), bool(left & ~mask)
        held = {self._evaluate(atom, values) for values in self._combinations(atom.keys, state)}
        return True in held, False in held

    # --- the samples that are possible at a place

    def texts(self, expr: Expr, assumed: list[tuple[Expr, bool]], show: Any) -> list[Any]:
        """What an expression can be where ``assumed`` holds: ``show`` of its value, the first sample first. Empty without samples."""
        keys = tuple(dict.fromkeys(self.key(var)[0] for var in variables(expr)))
        if not all(key in self._fixed for key in keys):
            return []
        state: State = {}
        for condition, held in assumed:
            narrowed = self._assume(condition, held, state)
            state = state if narrowed is None else narrowed
        found: list[Any] = []
        atom = Atom(expr, "", keys)
        rows = [sorted(_bits(state.get(key), len(self._fixed[key]))) for key in keys]
        firsts = {key: (row[0], self._fixed[key][row[0]]) for key, row in zip(keys, rows, strict=True) if row}
        for key, row in zip(keys, rows, strict=True):
            for number in row[:_MOST_VALUES]:
                values = {**firsts, key: (number, self._fixed[key][number])}
                try:
                    found.append(show(self._value(atom, values)))
                except (Unknown, ArithmeticError, TypeError, ValueError, LookupError):
                    continue
        if not keys:
            with suppress(Unknown, ArithmeticError, TypeError, ValueError, LookupError):
                found.append(show(self._value(atom, {})))
        return found

    def _value(self, atom: Atom, values: Mapping[str, tuple[int, Any]]) -> Any:
        self.steps += 2

        def lookup(var: Var) -> Any:
            key, path = self.key(var)
            return follow(values[key][1], path)

        return evaluate(atom.expr, lookup)

    def _assume(self, expr: Expr, held: bool, state: State) -> State | None:
        """A state in which ``expr`` is ``held``, as far as samples of one variable tell; ``None`` where they do not."""
        if isinstance(expr, Op) and expr.kind == "not":
            return self._assume(expr.parts[0], not held, state)
        if isinstance(expr, Op) and expr.kind in ("and", "or"):
            if (expr.kind == "and") != held:
                return None
            for part in expr.parts:
                narrowed = self._assume(part, held, state)
                state = state if narrowed is None else narrowed
            return state
        if isinstance(expr, Const | Rendered):
            return None
        keys = {self.key(var)[0] for var in variables(expr)}
        if len(keys) != 1 or not keys <= self._fixed.keys():
            return None
        key = keys.pop()
        atom = Atom(expr, text_of(expr), (key,))
        try:
            mask = 0
            for values in self._combinations((key,), {}):
                if self._evaluate(atom, values):
                    mask |= 1 << values[key][0]
        except (Unknown, ArithmeticError, TypeError, ValueError, LookupError):
            return None
        everything = (1 << len(self._fixed[key])) - 1
        left = state.get(key, everything) & (mask if held else everything & ~mask)
        return {**state, key: left} if left else None


_TEST_NAMES = {
    "equalto": "eq",
    "==": "eq",
    "sameas": "eq",
    "!=": "ne",
    "greaterthan": "gt",
    ">": "gt",
    "ge": "gteq",
    ">=": "gteq",
    "lessthan": "lt",
    "<": "lt",
    "le": "lteq",
    "<=": "lteq",
}


def _bits(mask: int | None, count: int) -> list[int]:
    return [number for number in range(count) if mask is None or mask >> number & 1]


def _distinct(values: list[Any]) -> tuple[Any, ...]:
    """The first ``_MOST_VALUES`` different values; 0 and False differ."""
    kept: dict[str, Any] = {}
    for value in values:
        kept.setdefault(repr(value), value)
    return tuple(kept.values())[:_MOST_VALUES]


def _made_up(use: _Use) -> tuple[Any, ...]:
    values: list[Any] = []
    if use.listed:
        sizes = {0, 1, 2} | {
            size for length in use.lengths for size in (max(0, length - 1), length, length + 1)
        }
        values += [[SOMETHING] * size for size in sorted(sizes)]
    elif use.bounds:
        numbers = {
            value for value in use.constants if isinstance(value, int | float) and not isinstance(value, bool)
        }
        points = sorted(use.bounds | numbers | ({0} if use.truth else set()))
        for number, point in enumerate(points):
            before = points[number - 1] if number else point - 2
            values += [(before + point) / 2 if number else point - 1, point]
        values.append(points[-1] + 1)
        values += [value for value in use.constants if value not in numbers]
    else:
        if use.truth:
            values.append("")
        values += [value for value in use.constants if value != "" or not use.truth]
        values.append(SOMETHING)
    if use.none:
        values.append(None)
    if use.defined:
        values.append(UNDEFINED)
    return _distinct(values)
