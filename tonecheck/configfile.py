"""The configuration file: where it is, what stands in it, and at which line.

It is ``tonecheck.toml``, or ``pyproject.toml`` with a table ``[tool.tonecheck]``: the nearest one up the tree.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tonecheck.errors import ConfigError

FILE_NAME = "tonecheck.toml"


@dataclass(frozen=True)
class ConfigFile:
    """A configuration file: its settings are below the keys ``prefix``."""

    path: Path
    text: str
    data: Mapping[str, Any]
    prefix: tuple[str, ...] = ()

    def place(self, *keys: str, entry: str | None = None) -> str:
        """``file:line`` of a key, or of an entry of the list that it holds."""
        return f"{_shown(self.path)}:{_line_of(self.text, (*self.prefix, *keys), entry)}"


def _shown(path: Path) -> str:
    """Relative to the current folder where that is shorter to read."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def find_file(start: Path) -> Path | None:
    """The nearest configuration file in ``start`` or above; a folder with ``.git`` is the last that is looked into."""
    for folder in (start.absolute(), *start.absolute().parents):
        if (folder / FILE_NAME).is_file():
            return folder / FILE_NAME
        project = folder / "pyproject.toml"
        if project.is_file() and _has_our_table(project):
            return project
        if (folder / ".git").exists():
            return None
    return None


def _has_our_table(project: Path) -> bool:
    try:
        text = project.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    # A broken file that does not name us is none of our business.
    return "tonecheck" in text and "tonecheck" in _parse(text, project).get("tool", {})


def _parse(text: str, path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as err:
        at = re.search(r"\(at line (\d+), column \d+\)", str(err))
        line = at[1] if at else str(len(text.splitlines()) or 1)
        raise ConfigError(f"{_shown(path)}:{line}: not valid TOML: {str(err).split(' (at ')[0]}") from err
    except RecursionError as err:
        raise ConfigError(f"{_shown(path)}:1: not valid TOML: it is nested too deeply") from err


def read_file(path: Path) -> ConfigFile:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as err:
        reason = err.strerror if isinstance(err, OSError) else "it is not UTF-8 text"
        raise ConfigError(f"{_shown(path)}: the configuration file cannot be read: {reason}") from err
    data = _parse(text, path)
    if path.name != "pyproject.toml":
        return ConfigFile(path.absolute(), text, data)
    ours = data.get("tool", {}).get("tonecheck")
    if not isinstance(ours, dict):
        raise ConfigError(f"{_shown(path)}: there is no table [tool.tonecheck] in it")
    return ConfigFile(path.absolute(), text, ours, ("tool", "tonecheck"))


_KEY = re.compile(r"""[ \t]*(?:"([^"\n]*)"|'([^'\n]*)'|([\w-]+))[ \t]*""")


def _keys(text: str) -> tuple[tuple[str, ...], str]:
    """The dotted key at the beginning of ``text``, and what follows it."""
    found: list[str] = []
    at = 0
    while match := _KEY.match(text, at):
        found.append(match[1] or match[2] or match[3] or "")
        at = match.end()
        if not text.startswith(".", at):
            break
        at += 1
    return tuple(found), text[at:]


def _line_of(text: str, path: tuple[str, ...], entry: str | None = None) -> int:
    """The line (from 1) of the key ``path``, else of its nearest table; with ``entry``, of that text in its value.

    ``tomllib`` keeps no positions; this reads keys and headers line by line, as people write them.
    """
    table: tuple[str, ...] = ()
    best, depth = 1, 0
    for number, line in enumerate(text.splitlines(), 1):
        header = line.strip().startswith("[")
        keys, rest = _keys(line.strip().lstrip("[") if header else line)
        if header and keys and rest.startswith("]"):
            table = keys
            here = table
        elif keys and rest.startswith("="):
            here = table + keys
        else:
            here = ()
        if here and len(here) > depth and here == path[: len(here)]:
            best, depth = number, len(here)
        # A header of a deeper table also stands for the tables above it, when nothing better is found.
        if entry is not None and depth == len(path) and (entry in line or entry in line.replace("-", "_")):
            return number
        if entry is None and depth == len(path):
            return best
    return best
