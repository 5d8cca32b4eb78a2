"""Every path through a template: which pieces of text come together, and under which conditions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from tonecheck.linter.domains import Domains, State
from tonecheck.linter.expressions import Expr, Op, Rendered, text_of, variables
from tonecheck.linter.tree import Choice, Item, Leaf, Loop

CAP = 20_000
# Of a template beyond the cap this many paths are still looked at.
_KEPT = 1_000
# Of a template that takes more steps than ``_STEPS`` as well, and so few of one that still takes ``_STEPS_LATE``: about a second of work.
_STEPS = 150_000
_KEPT_LATE = 10
_STEPS_LATE = 220_000
_STEPS_COUNTING = 60_000
_MOST_STATES = 5_000


class Block(NamedTuple):
    """Pieces that always come together, and their text."""

    text: str
    pieces: tuple[Leaf, ...]


@dataclass
class Fork:
    """A choice between sequences of blocks and further forks; the condition of the last may be ``None``."""

    branches: list[tuple[Expr | None, list[int | Fork]]]


class Path(NamedTuple):
    """The blocks of one path, by number, and the state of the variables that leads there."""

    blocks: tuple[int, ...]
    state: State


@dataclass
class Explored:
    """``texts``: every different text with its blocks; ``paths``: all paths, each with the number of its text. ``feasible``: how many there
    are; more than were explored only where the cap was hit, and ``None`` where they cannot be counted."""

    blocks: list[Block]
    texts: list[str] = field(default_factory=list)
    ways: list[tuple[int, ...]] = field(default_factory=list)
    paths: list[tuple[int, State]] = field(default_factory=list)
    feasible: int | None = 0
    capped: bool = False


def explore(items: Sequence[Item], domains: Domains, cap: int = CAP) -> Explored:
    """All texts that the items can become."""
    walk = _Walk(domains, cap)
    sequence = walk.sequence(items)
    paths = walk.follow(sequence, [Path((), {})])
    result = Explored(walk.blocks, capped=walk.capped)
    numbers: dict[str, int] = {}
    for path in paths:
        text = "".join(walk.blocks[number].text for number in path.blocks)
        if text not in numbers:
            numbers[text] = len(numbers)
            result.texts.append(text)
            result.ways.append(path.blocks)
        result.paths.append((numbers[text], path.state))
    result.feasible = walk.count(sequence) if walk.capped else len(result.texts)
    return result


class _Walk:
    def __init__(self, domains: Domains, cap: int) -> None:
        self.domains = domains
        self.cap = cap
        self.blocks: list[Block] = []
        self.capped = False
        self.followed = 0
        self.before = domains.steps
        self.most = _STEPS_COUNTING

    def sequence(self, items: Sequence[Item]) -> list[int | Fork]:
        result: list[int | Fork] = []
        pending: list[Leaf] = []
        for item in items:
            if isinstance(item, Leaf):
                pending.append(item)
                continue
            self._close(pending, result)
            if isinstance(item, Choice):
                result.append(Fork([(test, self.sequence(inner)) for test, inner in item.branches]))
            else:
                result.append(self._loop(item))
        self._close(pending, result)
        return result

    def _close(self, pending: list[Leaf], result: list[int | Fork]) -> None:
        if pending:
            result.append(len(self.blocks))
            self.blocks.append(Block("".join(leaf.text for leaf in pending), tuple(pending)))
            pending.clear()

    def _loop(self, loop: Loop) -> Fork:
        sizes = [Op("size", str(size), (loop.over,)) for size in range(3)]
        self.domains.atom(sizes[2])  # not asked for, but the shortest way to say it
        return Fork(
            [
                (sizes[0], self.sequence(loop.none)),
                (sizes[1], self.sequence(loop.one)),
                (None, self.sequence(loop.several)),
            ]
        )

    @property
    def steps(self) -> int:
        """The work done so far."""
        return self.followed + self.domains.steps - self.before

    def follow(self, sequence: Iterable[int | Fork], paths: list[Path]) -> list[Path]:
        for part in sequence:
            # A longer path is more to copy.
            self.followed += len(paths) * (1 + len(paths[0].blocks) // 64)
            if isinstance(part, int):
                paths = [Path((*blocks, part), state) for blocks, state in paths]
            else:
                paths = self._bounded(self._fork(part, paths))
        return paths

    def _fork(self, fork: Fork, paths: list[Path]) -> list[Path]:
        result: list[Path] = []
        open_paths = paths
        for test, inner in fork.branches:
            held: list[Path] = []
            left: list[Path] = []
            for path in open_paths:
                if test is None:
                    held.append(path)
                    continue
                for is_held, state in self.domains.decide(test, path.state):
                    (held if is_held else left).append(Path(path.blocks, state))
            if held:
                result += self.follow(inner, self._bounded(held))
            # Each condition of two variables makes several of every path that it leaves open.
            open_paths = self._bounded(left)
        return result + open_paths

    def _bounded(self, paths: list[Path]) -> list[Path]:
        if len(paths) <= min(self.cap, _KEPT_LATE):
            return paths
        kept = _KEPT_LATE if self.steps > _STEPS_LATE else _KEPT
        is_all = len(paths) <= self.cap and not self.capped and self.steps <= _STEPS
        if is_all or len(paths) <= min(self.cap, kept):
            return paths
        self.capped = True
        # Scattered, so that no condition is always the same in what is kept; the first and the last stay.
        order = sorted(range(1, len(paths) - 1), key=lambda number: number * 2654435761 % 4294967296)
        return [paths[number] for number in sorted([0, *order[: kept - 2], len(paths) - 1])]

    # --- counting what is not walked

    def count(self, sequence: Sequence[int | Fork]) -> int | None:
        """How many paths there are, by what later conditions depend on; ``None`` where even that is too much."""
        self.most = self.steps + _STEPS_COUNTING
        forks = [part for part in sequence if isinstance(part, Fork)]
        later: list[set[str]] = [set()]
        for fork in reversed(forks):
            later.append(later[-1] | self._keys(fork))
        later.reverse()
        states: dict[tuple[tuple[str, int], ...], int] = {(): 1}
        for fork, keys in zip(forks, later[1:], strict=True):
            after: dict[tuple[tuple[str, int], ...], int] = {}
            for state, number in states.items():
                ends = self._ends(fork, [dict(state)])
                if ends is None:
                    return None
                for end in ends:
                    kept = tuple(sorted((key, mask) for key, mask in end.items() if key in keys))
                    after[kept] = after.get(kept, 0) + number
            if len(after) > _MOST_STATES:
                return None
            states = after
        return sum(states.values())

    def _ends(self, fork: Fork, states: list[State]) -> list[State] | None:
        if self.steps > self.most:
            return None
        result: list[State] = []
        for test, inner in fork.branches:
            held: list[State] = []
            left: list[State] = []
            for state in states:
                if test is None:
                    held.append(state)
                    continue
                for is_held, after in self.domains.decide(test, state):
                    (held if is_held else left).append(after)
            for part in inner:
                if isinstance(part, Fork) and held:
                    ends = self._ends(part, held)
                    if ends is None:
                        return None
                    held = ends
            result += held
            states = left
            if len(result) + len(states) > _MOST_STATES:
                return None
        return result + states

    def _keys(self, fork: Fork) -> set[str]:
        found: set[str] = set()
        for test, inner in fork.branches:
            if test is not None:
                found |= self._keys_of(test)
            for part in inner:
                if isinstance(part, Fork):
                    found |= self._keys(part)
        return found

    def _keys_of(self, expr: Expr) -> set[str]:
        if isinstance(expr, Op) and expr.kind in ("not", "and", "or", "cond"):
            own = self.domains.atoms.get(text_of(expr))
            return set(own.keys if own else ()).union(*(self._keys_of(part) for part in expr.parts))
        if isinstance(expr, Rendered):
            return set()
        return {*self.domains.atom(expr).keys, *(self.domains.key(var)[0] for var in variables(expr))}
