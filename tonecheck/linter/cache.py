"""What was found in a template before, in the user's cache folder: see ``tonecheck.packcache`` for the place and the manners.

A row is kept under the digest of the template, of what was asked and of the rules, with the digests of all files that it pulled in. Values
that somebody gave as samples are never written: a finding that quotes one keeps its whole row out of the cache.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tonecheck import __version__, packcache
from tonecheck.linter.sources import LARGEST, Unreadable, Variables, read, sidecar

if TYPE_CHECKING:
    from tonecheck.linter.linter import Linter
    from tonecheck.linter.options import LintOptions

_LAYOUT = 3
_SHORTEST = 3  # of a sample that could tell something about somebody
_MOST_ROWS = 5_000


def known(options: LintOptions, file: Path, partial: bool) -> dict[str, Any] | None:
    """The row of a template from an earlier run, where nothing that it depends on has changed."""
    folder = _folder() if options.cached else None
    return None if folder is None else _read(folder / f"{_key(options, file, partial)}.json")


def row(linter: Linter, file: Path, partial: bool) -> dict[str, Any]:
    """The row of a template, made anew and kept where nothing in it speaks against that."""
    result, read_files = linter.lint_file_with_sources(file, partial=partial)
    folder = _folder() if linter.options.cached else None
    if folder is not None and not _quotes_values(result, linter.options.variables, file):
        digests = {source.as_posix(): _digest(source) for source in read_files}
        _write(folder / f"{_key(linter.options, file, partial)}.json", result, digests)
    return result


def _folder() -> Path | None:
    base = packcache.folder()
    return None if base is None else base / "lint"


@lru_cache(maxsize=4)
def _rules_digest(packs: tuple[Path, ...]) -> str:
    from tonecheck.config import data_folder

    total = hashlib.sha256()
    for folder in (data_folder("rules"), *packs):
        files = sorted(folder.rglob("*")) if folder.is_dir() else [folder]
        for file in files:
            if file.is_file():
                stat = file.stat()
                total.update(
                    f"{file}\0{stat.st_size}\0{stat.st_mtime_ns}\0".encode("utf-8", "surrogateescape")
                )
    return total.hexdigest()


def _key(options: LintOptions, file: Path, partial: bool) -> str:
    beside = sidecar(file)
    asked = (
        __version__,
        _LAYOUT,
        file.as_posix(),
        str(file.resolve()),
        partial,
        _digest(file),
        _digest(beside) if beside else "",
        repr(options.root),
        repr(sorted(options.variables.names.items())),
        repr(
            [
                sorted(part)
                for part in (options.variables.filters, options.variables.tests, options.variables.globals)
            ]
        ),
        repr(options.style),
        repr(sorted(options.given.items())),
        repr(options.folder),
        options.cap,
        options.few,
        repr(options.config).replace(
            repr(options.config.profile.flags), repr(sorted(options.config.profile.flags))
        ),
        _rules_digest(options.config.packs),
    )
    return hashlib.sha256(repr(asked).encode("utf-8", "surrogateescape")).hexdigest()[:40]


def _digest(file: Path) -> str:
    try:
        if file.stat().st_size > LARGEST:
            return "large"
        return hashlib.sha256(file.read_bytes()).hexdigest()[:32]
    except OSError:
        return "none"


def _read(place: Path) -> dict[str, Any] | None:
    try:
        data = json.loads(place.read_bytes())
        if all(_digest(Path(path)) == digest for path, digest in data["read"].items()):
            result: dict[str, Any] = data["row"]
            return result
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        pass
    return None


def _write(place: Path, result: dict[str, Any], files: dict[str, str]) -> None:
    # A file that is missing may be there the next time, without any file that was read having changed.
    if any(finding["rule"] == "template/missing-file" for finding in result["findings"]):
        return
    with suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True)
        kept = list(place.parent.glob("*.json"))
        if len(kept) > _MOST_ROWS:
            for old in sorted(kept, key=lambda path: path.stat().st_mtime)[: len(kept) - _MOST_ROWS + 500]:
                old.unlink(missing_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=place.parent, delete=False, encoding="utf-8") as file:
            json.dump({"read": files, "row": result}, file)
        Path(file.name).replace(place)


def _quotes_values(result: dict[str, Any], variables: Variables, file: Path) -> bool:
    """Whether a message of a row has a sample in it."""
    said = " ".join(f"{finding['message']} {finding['when']}" for finding in result["findings"])
    return any(len(value) >= _SHORTEST and value in said for value in _samples(variables, file))


def _samples(variables: Variables, file: Path) -> Iterator[str]:
    from tonecheck.errors import UserError
    from tonecheck.linter.sources import read_variables, variables_of

    known = [variables]
    with suppress(UserError, Unreadable):
        beside = sidecar(file)
        if beside is not None:
            known.append(read_variables(beside))
        head = read(file, file.as_posix()).head
        known.append(variables_of(head, ""))
    for one in known:
        for declared in one.names.values():
            for sample in declared.samples:
                yield from _texts(sample)


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for one in value.values():
                yield from _texts(one)
        case list() | tuple():
            for one in value:
                yield from _texts(one)
        case bool() | None:
            return
        case int() | float():
            yield str(value)
            yield f"{value:,.2f}"
