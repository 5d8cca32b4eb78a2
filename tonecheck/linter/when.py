"""On which paths something shows, in the fewest words: ``plan`` is set and ``fee`` is 0."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

from tonecheck.linter.domains import Atom, Domains, State
from tonecheck.linter.expressions import SOMETHING, UNDEFINED, Const, Expr, Op, Var, text_of, truth
from tonecheck.linter.found import ALWAYS, Found

_LARGEST = 4
# Sets of conditions that are tried for one finding, and for all of a template; beyond that a set need not be the smallest.
_MOST_TRIED = 20_000
_MOST_TRIED_IN_ALL = 150_000
_MOST_NAMED = 12
_SIGNS = {"gt": "more than", "gteq": "at least", "lt": "less than", "lteq": "at most"}
_OPPOSITE = {"gt": "lteq", "gteq": "lt", "lt": "gteq", "lteq": "gt"}


@dataclass(frozen=True)
class Literal:
    """A condition and whether it holds; ``paths``: those that do not contradict it, as bits."""

    atom: Atom
    holds: bool
    paths: int


class Conditions:
    """The conditions that tell the paths of one template apart."""

    def __init__(self, domains: Domains, paths: Sequence[tuple[int, State]]) -> None:
        self.domains = domains
        self.paths = paths
        self.all = (1 << len(paths)) - 1
        self._literals: list[Literal] | None = None
        self._known: dict[int, str] = {}
        self._by_text: dict[int, int] = {}
        self._tried = 0
        for number, (text, _) in enumerate(paths):
            self._by_text[text] = self._by_text.get(text, 0) | 1 << number

    def literals(self) -> list[Literal]:
        if self._literals is None:
            self._literals = []
            for atom in list(self.domains.atoms.values()):
                true = false = 0
                known: dict[Any, tuple[bool, bool]] = {}
                for number, (_, state) in enumerate(self.paths):
                    key = tuple(state.get(name) for name in atom.keys)
                    if key not in known:
                        known[key] = self.domains.compatible(atom, state)
                    can, cannot = known[key]
                    true |= can << number
                    false |= cannot << number
                for holds, bits in ((True, true), (False, false)):
                    if bits and bits != self.all:
                        self._literals.append(Literal(atom, holds, bits))
        return self._literals

    def shown(self, found: Found, texts: int) -> Found:
        """The finding with the paths that lead to one of ``texts`` (as bits), and the smallest set of conditions for them."""
        paths = self.to(texts)
        return replace(found, when=self.of(paths), paths=paths)

    def to(self, texts: int) -> int:
        """The paths that lead to one of ``texts``."""
        bits = 0
        for text, paths in self._by_text.items():
            if texts >> text & 1:
                bits |= paths
        return bits

    def of_texts(self, texts: int) -> str:
        """The smallest set of conditions under which every path leads to one of ``texts``."""
        return self.of(self.to(texts))

    def of(self, shown: int) -> str:
        """The same for paths."""
        if shown not in self._known:
            self._known[shown] = self._of(shown)
        return self._known[shown]

    def _of(self, shown: int) -> str:
        rest = self.all & ~shown
        if not rest:
            return ALWAYS
        useful = [one for one in self.literals() if one.paths & shown and ~one.paths & rest]
        tried = 0
        for size in range(1, _LARGEST + 1):
            best: tuple[int, tuple[Literal, ...]] | None = None
            for chosen in combinations(useful, size):
                tried += 1
                if tried > _MOST_TRIED or self._tried + tried > _MOST_TRIED_IN_ALL:
                    break
                left = self.all
                for one in chosen:
                    left &= one.paths
                if left and not left & rest and (best is None or left.bit_count() > best[0]):
                    best = (left.bit_count(), chosen)
            if best is not None:
                self._tried += tried
                return self._words(best[1])
        self._tried += tried
        return self._words(self._greedy(shown, rest, useful))

    def _greedy(self, shown: int, rest: int, useful: Sequence[Literal]) -> tuple[Literal, ...]:
        """A set of conditions that need not be the smallest."""
        chosen: list[Literal] = []
        left = self.all
        while left & rest and len(chosen) < _MOST_NAMED:
            # One that is chosen already narrows nothing any more.
            best = min(
                (one for one in useful if left & ~one.paths & rest and left & one.paths & shown),
                key=lambda one: (
                    (left & one.paths & rest).bit_count(),
                    -(left & one.paths & shown).bit_count(),
                ),
                default=None,
            )
            if best is None or (left & best.paths & rest) == (left & rest):
                break
            left &= best.paths
            chosen.append(best)
        return tuple(chosen)

    def _words(self, chosen: Sequence[Literal]) -> str:
        order = {text: number for number, text in enumerate(self.domains.atoms)}
        named = sorted(chosen, key=lambda one: order.get(one.atom.text, 0))
        words = dict.fromkeys(self.words(one.atom, one.holds) for one in named)
        return " and ".join(words) or "some conditions hold"

    def words(self, atom: Atom, holds: bool) -> str:
        """A condition in words."""
        if len(atom.keys) == 1 and atom.keys[0].startswith("?") and not atom.keys[0].startswith("?size "):
            return f"`{atom.keys[0][1:]}` {'holds' if holds else 'does not hold'}"
        return self._say(atom, atom.expr, holds)

    def _say(self, atom: Atom, expr: Expr, holds: bool) -> str:
        match expr:
            case Var():
                return self._set(atom, expr, holds)
            case Op(kind="size", name=size, parts=(over,)):
                return self._sizes(self._name(over), int(size), holds)
            case Op(kind="compare", name="eq", parts=(Var(root=root), Const(value=size))) if root.startswith(
                "?size "
            ):
                return self._sizes(root.removeprefix("?size "), int(size), holds)
            case Op(kind="compare" | "test", name=name, parts=(one, other)) if name in _SIGNS:
                return f"`{self._name(one)}` is {_SIGNS[name if holds else _OPPOSITE[name]]} {text_of(other)}"
            case Op(kind="compare" | "test", name="eq" | "equalto" | "==" | "sameas", parts=(one, other)):
                return f"`{self._name(one)}` is {'' if holds else 'not '}{text_of(other)}"
            case Op(kind="compare", name="in", parts=(one, other)):
                return f"`{self._name(one)}` is {'' if holds else 'not '}in {text_of(other)}"
            case Op(kind="test", name=name, parts=(one,)):
                if name == "undefined":
                    name, holds = "defined", not holds
                return f"`{self._name(one)}` is {'' if holds else 'not '}{name}"
        return f"`{self._name(expr)}` is {'' if holds else 'not '}true"

    def _sizes(self, name: str, size: int, holds: bool) -> str:
        if size == 0:
            return f"`{name}` {'is empty' if holds else 'is not empty'}"
        if size == 1:
            return f"`{name}` {'has one entry' if holds else 'does not have one entry'}"
        return f"`{name}` {'has several entries' if holds else 'has at most one entry'}"

    def _set(self, atom: Atom, var: Var, holds: bool) -> str:
        """A variable that is true or not, by what it can be."""
        name = self._name(var)
        key = atom.keys[0]
        mask = self.domains.mask(atom) or 0
        values = [
            value
            for number, value in enumerate(self.domains.values(key))
            if bool(mask >> number & 1) == holds
        ]
        if key == text_of(var) or not var.path:
            whole = self.domains.values(key)
            if all(isinstance(value, bool) for value in whole):
                return f"`{name}` is {'true' if holds else 'false'}"
            if not holds and len(values) == 1 and isinstance(values[0], int | float):
                return f"`{name}` is {values[0]!r}"
            if any(isinstance(value, list) for value in whole):
                return f"`{name}` is {'not empty' if holds else 'empty'}"
        return f"`{name}` is {'set' if holds else 'not set'}"

    def _name(self, expr: Expr) -> str:
        text = text_of(expr)
        for root, name in self.domains.shown.items():
            text = text.replace(root, name)
        return text


__all__ = ["SOMETHING", "UNDEFINED", "Conditions", "Literal", "truth"]
