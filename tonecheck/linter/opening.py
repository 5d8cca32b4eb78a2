"""The templates that a template names: which they can be, and their sources and trees."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from jinja2 import nodes

from tonecheck.errors import did_you_mean
from tonecheck.linter.evaluation import evaluate
from tonecheck.linter.expressions import Expr, Op, Unknown, Var, follow
from tonecheck.linter.mistakes import syntax_error
from tonecheck.linter.parsing import Mistake, Style, parse
from tonecheck.linter.places import Place
from tonecheck.linter.sources import Source, Unreadable, resolve
from tonecheck.linter.walk import Walk


class Opener:
    """Opens templates below ``root``. ``reading`` reads a file that is shown by a path."""

    def __init__(self, walk: Walk, root: Path, style: Style, reading: Callable[[Path, str], Source]) -> None:
        self.walk = walk
        self.root = root
        self.style = style
        self.reading = reading

    def names(self, expr: Expr) -> list[tuple[Expr | None, str]]:
        """The names of templates that an expression can be, each with its condition."""
        if isinstance(expr, Op) and expr.kind == "cond":
            first = [name for _, name in self.names(expr.parts[1])]
            last = [name for _, name in self.names(expr.parts[2])]
            return [*((None, name) for name in last[:1]), *((expr.parts[0], name) for name in first[:1])]
        try:
            value = evaluate(expr, self._first)
        except (Unknown, ArithmeticError, TypeError, ValueError, LookupError):
            return []
        return [(None, value)] if isinstance(value, str) else []

    def _first(self, var: Var) -> Any:
        key, path = self.walk.domains.key(var)
        samples = self.walk.domains.samples(key)
        if not samples:
            raise Unknown
        return follow(samples[0], path)

    def open(self, name: str, node: nodes.Node, how: str, quiet: bool = False) -> Source | None:
        """The template ``name``; a note where it cannot be followed."""
        file = resolve(self.root, name)
        if (
            file is None
            and (self.walk.source.file.parent / name).is_file()
            and ".." not in name
            and not name.startswith("/")
        ):
            # Some teams name a neighbour as it is seen from the file.
            near = (self.walk.source.file.parent / name).resolve()
            file = near if near.is_relative_to(self.root.resolve()) else None
        if file is None:
            if not quiet:
                known = [
                    str(path.relative_to(self.root))
                    for path in sorted(self.root.glob("**/*"))[:2000]
                    if path.is_file()
                ]
                hint = did_you_mean(name, known) or "; name it as --root has it"
                self.walk.note(
                    "template/missing-file",
                    "syntax",
                    3,
                    f"The template {name!r} of {how} is not below the root{hint}.",
                    node,
                )
            return None
        if file in self.walk.files:
            self.walk.note(
                "template/recursion",
                "unsafe",
                3,
                f"The template {name!r} pulls itself in and would never end.",
                node,
            )
            return None
        try:
            for known_source in self.walk.read.values():
                if known_source.file.resolve() == file:
                    source = known_source
                    break
            else:
                source = self.reading(file, self._shown(file))
            if source.path not in self.walk.trees:
                self.walk.trees[source.path] = parse(source.body, self.style)
            self.walk.read[source.path] = source
        except Unreadable as err:
            self.walk.note(
                "template/missing-file",
                "syntax",
                3,
                f"The template {name!r} cannot be followed: {err}.",
                node,
            )
            return None
        except Mistake as err:
            self.walk.read[source.path] = source
            place = Place(source.path, source.base + err.offset, source.base + err.offset + 1)
            self.walk.notes.append(syntax_error(str(err), place, (*self.walk.chain, self.walk.here(node))))
            return None
        return source

    def _shown(self, file: Path) -> str:
        """A file as it is named in the output: beside the template that pulls it in."""
        base = Path(self.walk.source.path)
        try:
            up = len(self.walk.source.file.resolve().parent.relative_to(self.root.resolve()).parts)
            top = base.parent
            for _ in range(up):
                top = top.parent if top.name not in ("", "..") else top / ".."
            return (top / file.relative_to(self.root.resolve())).as_posix()
        except ValueError:
            return file.as_posix()


def names_used(trees: Iterable[nodes.Template]) -> list[str]:
    """The constant names of templates that trees include, extend or import."""
    found: dict[str, None] = {}
    for tree in trees:
        for node in tree.find_all((nodes.Include, nodes.Extends, nodes.Import, nodes.FromImport)):
            template = node.template  # type: ignore[attr-defined]
            for part in (
                template.find_all(nodes.Const) if not isinstance(template, nodes.Const) else [template]
            ):
                if isinstance(part.value, str):
                    found.setdefault(part.value)
    return list(found)
