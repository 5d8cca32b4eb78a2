"""Where the linter is on its way through a template, what it has met there, and the bounds that it keeps.

What a template asks for beyond them ends in ``TooMuch``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from jinja2 import nodes

from tonecheck.errors import did_you_mean
from tonecheck.linter.domains import Domains
from tonecheck.linter.expressions import Expr
from tonecheck.linter.found import Found, found
from tonecheck.linter.parsing import offset_of
from tonecheck.linter.places import Place
from tonecheck.linter.scopes import Module
from tonecheck.linter.sources import Source
from tonecheck.linter.tree import Leaf

MOST_PIECES = 20_000
MOST_CHARACTERS = 100_000
DEEPEST = 30
MOST_STEPS = 150_000


class TooMuch(Exception):
    """The template grows beyond every message. ``place``: where it was given up."""

    def __init__(self, message: str, place: Place) -> None:
        super().__init__(message)
        self.place = place


@dataclass(frozen=True)
class Use:
    """A variable that the template asks for: its name, and below a variable with samples the fields on the way that no sample has."""

    name: str
    field: str
    fields: tuple[str, ...]
    chain: tuple[str, ...]
    called: bool = False


@dataclass
class Walk:
    """``notes``: what was found on the way; ``read``: every file that had a part in it, by its shown path; ``assumed``: the conditions that
    hold here, or do not."""

    domains: Domains
    notes: list[Found] = field(default_factory=list)
    read: dict[str, Source] = field(default_factory=dict)
    trees: dict[str, nodes.Template] = field(default_factory=dict)
    used: dict[Place, Use] = field(default_factory=dict)
    guarded: set[str] = field(default_factory=set)
    assumed: list[tuple[Expr, bool]] = field(default_factory=list)
    chain: tuple[str, ...] = ()
    files: tuple[Path, ...] = ()
    depth: int = 0
    pieces: int = 0
    characters: int = 0
    steps: int = 0

    def __post_init__(self) -> None:
        self.source: Source = None  # type: ignore[assignment]

    @contextmanager
    def inside(
        self,
        source: Source,
        chain: tuple[str, ...],
        *,
        files: tuple[Path, ...] | None = None,
        deeper: int = 1,
    ) -> Iterator[None]:
        """In another file, or in another part of one, for as long as the block runs."""
        before = (self.source, self.chain, self.files, self.depth)
        self.source, self.chain, self.depth = source, chain, self.depth + deeper
        self.files = self.files if files is None else files
        try:
            yield
        finally:
            self.source, self.chain, self.files, self.depth = before

    def here(self, node: nodes.Node) -> str:
        return f"{self.source.path}:{self.source.lines.position(self.source.base + offset_of(node))[0]}"

    def place(self, node: nodes.Node, length: int = 1) -> Place:
        start = self.source.base + offset_of(node)
        return Place(self.source.path, start, start + length)

    def note(
        self, rule: str, kind: str, severity: int, message: str, node: nodes.Node, why: str = ""
    ) -> None:
        self.notes.append(found(rule, kind, severity, message, why, self.place(node), chain=self.chain))

    def missing_name(self, name: str, module: Module, node: nodes.Node) -> None:
        hint = did_you_mean(name, [one for one in module.names if one != "self"])
        self.note(
            "template/undefined-macro", "undefined", 3, f"What is imported has no {name!r}{hint}.", node
        )

    def check(self, node: nodes.Node) -> None:
        if self.depth > DEEPEST:
            raise TooMuch(
                f"it nests more than {DEEPEST} deep: a macro or include calls itself", self.place(node)
            )
        self.tick(node)

    def tick(self, node: nodes.Node) -> None:
        """Count a step; raise ``TooMuch`` where they have become too many."""
        self.steps += 1
        if self.steps + self.domains.steps > MOST_STEPS:
            raise TooMuch("it takes too long to follow", self.place(node))

    def leaf(self, leaf: Leaf) -> Leaf:
        self.pieces += 1
        self.characters += len(leaf.text)
        if self.pieces > MOST_PIECES or self.characters > MOST_CHARACTERS:
            raise TooMuch(
                f"it makes more than {MOST_PIECES:,} pieces or {MOST_CHARACTERS:,} characters of text",
                leaf.place,
            )
        return leaf
