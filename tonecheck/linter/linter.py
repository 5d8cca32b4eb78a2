"""Rules and model loaded once, to lint any number of templates."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from tonecheck.engine import Checker
from tonecheck.linter.explore import Explored
from tonecheck.linter.found import Found
from tonecheck.linter.options import LintOptions
from tonecheck.linter.screen import Screen
from tonecheck.linter.sources import (
    Source,
    Unreadable,
    read,
    source_of,
)
from tonecheck.linter.template import OneFile
from tonecheck.linter.walk import TooMuch
from tonecheck.profile import Profile
from tonecheck.rewrite.facts import Fact, facts_of

# As many paths of a template are held against their facts when it is edited.
_MOST_FACTS = 64


class Linter:
    """Loads rules and model once and lints any number of templates."""

    def __init__(self, options: LintOptions, checker: Checker | None = None) -> None:
        self.options = options
        self._checker = checker
        self._screen: Checker | None = None
        # By resolved path: what stands in the place of a file, to see what an edit would do.
        self.drafts: dict[Path, str] = {}

    @property
    def checker(self) -> Checker:
        if self._checker is None:
            self._checker = Checker(self.options.config)
        return self._checker

    @property
    def screen(self) -> Checker:
        """The checker without its model."""
        if self._screen is None:
            self._screen = Screen(self.checker)
        return self._screen

    def lint_file(self, file: Path, *, partial: bool = False) -> dict[str, Any]:
        """The row of one template. ``partial``: others pull it in, so it is no message by itself."""
        return self.lint_file_with_sources(file, partial=partial)[0]

    def lint_file_with_sources(
        self, file: Path, *, partial: bool = False
    ) -> tuple[dict[str, Any], tuple[Path, ...]]:
        """The row, and every file that it depends on."""
        one = OneFile(self, file, partial)
        row = one.row()
        return row, tuple(source.file for source in one.read.values())

    def look(self, file: Path, *, partial: bool = False) -> Looked:
        """The row with what is needed to tell whether an edit makes anything worse."""
        one = OneFile(self, file, partial)
        row = one.row()
        paths = one.explored.paths if one.explored else []
        texts = (
            [one.explored.texts[text] for text, _ in paths[:: len(paths) // _MOST_FACTS + 1]]
            if one.explored
            else []
        )
        facts = tuple(frozenset(fact for fact in facts_of(text) if fact.kind != "name") for text in texts)
        return Looked(row, one.read, one.explored, tuple(one.shown), len(paths), facts)

    def source(self, file: Path, shown: str) -> Source:
        """A file as it is read: a draft of it, if there is one. Raises ``Unreadable``."""
        draft = self.drafts.get(file.resolve()) if self.drafts else None
        return read(file, shown) if draft is None else source_of(draft, file, shown)


class Looked(NamedTuple):
    """What is known of a template: its row, the files that it is made of, its texts and findings, how many paths there are, and the facts
    that are told on some of them."""

    row: dict[str, Any]
    sources: Mapping[str, Source]
    explored: Explored | None
    shown: tuple[Found, ...]
    paths: int
    facts: tuple[frozenset[Fact], ...]

    @property
    def files(self) -> frozenset[Path]:
        return frozenset(source.file.resolve() for source in self.sources.values())

    def shows(self, file: Path, start: int, end: int) -> bool:
        """Whether a text has something of the literal text ``[start, end)`` of a file, or of what it stands in."""
        for path, source in self.sources.items():
            if source.file.resolve() != file:
                continue
            first, last = source.place(start), source.place(end)
            for block in self.explored.blocks if self.explored else ():
                for piece in block.pieces:
                    place = piece.place
                    if piece.verbatim and place.path == path and place.start <= last and first <= place.end:
                        return True
        return False


def texts_of(linter: Linter, file: Path, most: int = 50) -> tuple[Profile, list[str]]:
    """The profile of a template, and up to ``most`` of the texts that it can become. Raises ``Unreadable``."""
    one = OneFile(linter, file, partial=False)
    try:
        prepared = one.prepare(linter.source(file, file.as_posix()))
    except (TooMuch, RecursionError) as err:
        raise Unreadable("it cannot be followed") from err
    if prepared is None:
        raise Unreadable("it cannot be parsed")
    return one.profile, [text for text in prepared.explored.texts if text.strip()][:most]
