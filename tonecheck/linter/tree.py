"""What a template is made of once includes, inheritance and macros are followed: text, choices and loops."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from tonecheck.linter.expressions import Expr
from tonecheck.linter.places import Place


@dataclass(frozen=True, slots=True)
class Leaf:
    """A piece of text. ``verbatim``: it stands in the file as it is, from ``place.start`` on. For a value: ``expr`` and ``widest``, what
    it is at its longest, and ``blank``, how a sample leaves it here: "empty" or "none", or nothing."""

    text: str
    place: Place
    verbatim: bool = False
    chain: tuple[str, ...] = ()
    expr: str = ""
    widest: str = ""
    blank: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """The first branch whose condition holds; the condition of the last may be ``None``: else."""

    branches: tuple[tuple[Expr | None, tuple[Item, ...]], ...]


@dataclass(frozen=True, slots=True)
class Loop:
    """A loop over ``over``: what it makes of no entry, of one and of several."""

    over: Expr
    none: tuple[Item, ...]
    one: tuple[Item, ...]
    several: tuple[Item, ...]


Item = Leaf | Choice | Loop


def leaves(items: Iterable[Item]) -> Iterator[Leaf]:
    """Every piece of text, on whatever path."""
    for item in items:
        match item:
            case Leaf():
                yield item
            case Choice(branches=branches):
                for _, inner in branches:
                    yield from leaves(inner)
            case Loop():
                yield from leaves((*item.none, *item.one, *item.several))


def mapped(items: Sequence[Item], change: Callable[[str], str]) -> tuple[Item, ...]:
    """The items with the text of every leaf changed, character for character where it stays verbatim."""

    def leaf(one: Leaf) -> Leaf:
        text = change(one.text)
        verbatim = one.verbatim and len(text) == len(one.text)
        return replace(one, text=text, widest=change(one.widest), verbatim=verbatim)

    def each(item: Item) -> Item:
        match item:
            case Leaf():
                return leaf(item)
            case Choice(branches=branches):
                return Choice(tuple((test, tuple(map(each, inner))) for test, inner in branches))
        return Loop(
            item.over, tuple(map(each, item.none)), tuple(map(each, item.one)), tuple(map(each, item.several))
        )

    return tuple(map(each, items))
