"""Lints templates: one after another or in several processes, with what is known from earlier runs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from tonecheck.engine import Checker
from tonecheck.linter import cache
from tonecheck.linter.linter import Linter
from tonecheck.linter.opening import names_used
from tonecheck.linter.options import LintOptions
from tonecheck.linter.parsing import Mistake, parse
from tonecheck.linter.sources import (
    Unreadable,
    find,
    quick_names,
    read,
    root_of,
)


def lint(
    paths: Iterable[str],
    options: LintOptions,
    checker: Checker | None = None,
    *,
    linter: Linter | None = None,
) -> dict[str, Any]:
    """The report on all templates that ``paths`` name, in their order. Raises ``UserError`` for a path or a file of variables that
    cannot be used."""
    named = list(paths)
    files = find(named)
    in_others = partials(files, named, options)
    work = [(file, file in in_others) for file in files]
    known = [cache.known(options, file, partial) for file, partial in work]
    left = [one for one, row in zip(work, known, strict=True) if row is None]
    if options.jobs > 1 and len(left) > 1:
        from tonecheck.linter.jobs import in_order

        fresh = iter(in_order(left, options))
    else:
        linter = linter or Linter(options, checker)
        fresh = iter([cache.row(linter, file, partial) for file, partial in left])
    return {"files": [row if row is not None else next(fresh) for row in known]}


def partials(files: Sequence[Path], named: Sequence[str], options: LintOptions) -> set[Path]:
    """Files that are no messages by themselves: others pull them in, or their name or folder begins with ``_``."""
    given = {Path(name) for name in named}
    found: set[Path] = set()
    pulled: dict[Path, None] = {}
    for file in files:
        if any(part.startswith("_") and len(part) > 1 for part in file.parts[-4:]):
            found.add(file)
        if not quick_names(file):
            continue
        try:
            text = read(file, file.as_posix())
            tree = parse(text.body, options.style)
        except (Unreadable, Mistake):
            continue
        names = names_used([tree])
        if names:
            root = root_of(file, names, options.root).resolve()
            for name in names:
                pulled.setdefault((root / name.lstrip("/")).resolve())
                pulled.setdefault((file.resolve().parent / name.lstrip("/")).resolve())
    found |= {file for file in files if file not in given and file.resolve() in pulled}
    return found - given


__all__ = ["LintOptions", "Linter", "lint", "partials"]
