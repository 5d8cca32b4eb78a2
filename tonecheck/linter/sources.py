"""Templates and what is said about their variables: files found, read and kept within a root."""

from __future__ import annotations

import datetime
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from tonecheck.document import Lines
from tonecheck.errors import ProfileError, UserError
from tonecheck.linter.parsing import normal
from tonecheck.profile import VALUES, Profile, parse_flags
from tonecheck.yamltext import TextLoader

EXTENSIONS = frozenset({".txt", ".md", ".html", ".eml", ".j2", ".jinja", ".jinja2", ".htm"})
_JINJA = frozenset({".j2", ".jinja", ".jinja2"})
LARGEST = 1_000_000
MOST_FILES = 20_000
_FENCE = "---"
_MOST_PARTS = 50_000
_PULLS = re.compile(rb"\{%[-+]?\s*(?:include|extends|import|from)\b")
_TYPES = frozenset("string number integer boolean date list object money phone link email".split())


class Unreadable(Exception):
    """A template cannot be read. ``line`` counts from 1."""

    def __init__(self, message: str, line: int = 1) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True)
class Declared:
    """What is known about a variable. ``samples``: its values, where they are given."""

    type: str = "string"
    samples: tuple[Any, ...] = ()
    optional: bool = False


@dataclass(frozen=True)
class Variables:
    """What is declared about a template's variables and filters; ``declared``: whether anything is, so that a name without a
    declaration is a mistake."""

    names: Mapping[str, Declared] = field(default_factory=dict)
    filters: frozenset[str] = frozenset()
    tests: frozenset[str] = frozenset()
    globals: frozenset[str] = frozenset()

    @property
    def declared(self) -> bool:
        return bool(self.names)

    def over(self, other: Variables) -> Variables:
        """These and, where they say nothing, those."""
        return Variables(
            {**other.names, **self.names},
            self.filters | other.filters,
            self.tests | other.tests,
            self.globals | other.globals,
        )


@dataclass
class Source:
    """A file: ``text`` as it stands, and ``body`` from offset ``base`` on, which is the template."""

    path: str  # as it is shown
    file: Path
    text: str
    base: int
    head: dict[str, Any]
    head_places: dict[str, int]
    lines: Lines

    @cached_property
    def body(self) -> str:
        return normal(self.text[self.base :])

    @property
    def line_end(self) -> str:
        return "\r\n" if "\r\n" in self.text else "\n"

    def slice(self, start: int, end: int) -> str:
        """The text at a place, with LF line ends behind the front matter."""
        if start < self.base:
            return self.text[start:end]
        return self.body[start - self.base : end - self.base]

    def place(self, offset: int) -> int:
        """An offset of the file as one of places: the other way of ``in_file``."""
        return offset - self.text.count("\r\n", self.base, max(self.base, offset))

    def in_file(self, offset: int) -> int:
        """An offset of a place as one of the file: Jinja reads LF alone, so a file with CRLF is counted on from where its body begins."""
        if offset <= self.base or "\r\n" not in self.text:
            return min(offset, len(self.text))
        at, left = self.base, offset - self.base
        while left > 0:
            found = self.text.find("\r\n", at)
            if found < 0 or found - at >= left:
                return min(at + left, len(self.text))
            left -= found - at + 1
            at = found + 2
        return at


def find(paths: Iterable[str]) -> list[Path]:
    """The templates that paths name: files as they are, folders with all below that have an extension of ours.

    Raises ``UserError`` for a path that does not exist.
    """
    found: dict[Path, None] = {}
    for name in paths:
        path = Path(name)
        if path.is_dir():
            for file in _below(path):
                found.setdefault(file)
        elif path.exists():
            found.setdefault(path)
        else:
            raise UserError(f"{name}: there is no such file or folder")
        if len(found) > MOST_FILES:
            raise UserError(f"{name}: more than {MOST_FILES:,} templates; lint them folder by folder")
    return list(found)


def _below(folder: Path) -> Iterator[Path]:
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".") and name not in ("node_modules", "__pycache__")
        )
        for name in sorted(files):
            if not name.startswith(".") and Path(name).suffix.lower() in EXTENSIONS:
                yield Path(root, name)


def format_of(path: Path) -> str:
    """How a rendered template is read: by the last extension that is not Jinja's."""
    for suffix in reversed(path.suffixes):
        kind = {
            ".html": "html",
            ".htm": "html",
            ".md": "markdown",
            ".eml": "eml",
        }.get(suffix.lower())
        if kind:
            return kind
        if suffix.lower() not in _JINJA:
            break
    return "text"


def read(file: Path, shown: str) -> Source:
    """A template's file. Raises ``Unreadable``."""
    try:
        if file.stat().st_size > LARGEST:
            raise Unreadable(f"the file is larger than {LARGEST:,} bytes; no message is")
        if not file.is_file():
            raise Unreadable("it is not a regular file")
        text = file.read_bytes().decode("utf-8")
    except OSError as err:
        raise Unreadable(f"it cannot be read: {err.strerror}") from err
    except UnicodeDecodeError as err:
        raise Unreadable(
            f"it is not UTF-8: the byte at position {err.start + 1} is wrong; save it as UTF-8"
        ) from err
    return source_of(text, file, shown)


def source_of(text: str, file: Path, shown: str) -> Source:
    """A template's text as a source. Raises ``Unreadable`` for front matter that is not YAML."""
    start = 1 if text.startswith("\ufeff") else 0
    lines = text[start:].splitlines(keepends=True)
    head: dict[str, Any] = {}
    places: dict[str, int] = {}
    base = start
    if lines and lines[0].rstrip() == _FENCE:
        end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == _FENCE), None)
        if end is not None:
            raw = "".join(lines[1:end])
            offset = start + len(lines[0])
            data, marks = _yaml(raw)
            if isinstance(data, dict):
                head, places = data, {name: offset + at for name, at in marks.items()}
                base = offset + len(raw) + len(lines[end])
    return Source(shown, file, text, base, head, places, Lines(text))


def _yaml(raw: str) -> tuple[Any, dict[str, int]]:
    """The data, and the offsets of its top-level values. Raises ``Unreadable``."""
    loader: Any = None
    try:
        loader = TextLoader(raw)
        node = loader.get_single_node()
        marks = {}
        if isinstance(node, yaml.MappingNode):
            starts = [0]
            for line in raw.splitlines(keepends=True):
                starts.append(starts[-1] + len(line))
            for key, value in node.value:
                quoted = isinstance(value, yaml.ScalarNode) and value.style in ("'", '"')
                mark = value.start_mark
                marks[str(key.value)] = starts[min(mark.line, len(starts) - 1)] + mark.column + quoted
        data = loader.construct_document(node) if node is not None else None
    except yaml.YAMLError as err:
        mark = getattr(err, "problem_mark", None)
        problem = getattr(err, "problem", None) or "it cannot be read"
        raise Unreadable(
            f"the front matter is not valid YAML: {problem}", mark.line + 2 if mark else 1
        ) from err
    except (RecursionError, ValueError, TypeError) as err:
        raise Unreadable("the front matter is not valid YAML: it cannot be read") from err
    finally:
        if loader is not None:
            loader.dispose()
    if not _is_small(data):
        raise Unreadable("the front matter is not valid YAML: it repeats itself too often")
    return data, marks


def _is_small(data: Any) -> bool:
    """Whether data have few parts: names for parts, which YAML has, can blow a small file up."""
    open_parts, count = [data], 0
    while open_parts and count <= _MOST_PARTS:
        one = open_parts.pop()
        count += 1
        if isinstance(one, dict):
            open_parts += one.values()
        elif isinstance(one, list):
            open_parts += one
    return count <= _MOST_PARTS


def quick_names(file: Path) -> bool:
    """Whether a file may pull others in, without reading its head."""
    try:
        return file.stat().st_size <= LARGEST and _PULLS.search(file.read_bytes()) is not None
    except OSError:
        return False


def read_variables(path: Path) -> Variables:
    """A file of variables, YAML or JSON. Raises ``UserError`` with the place and the mend."""
    try:
        if path.stat().st_size > LARGEST:
            raise UserError(f"{path}: larger than {LARGEST:,} bytes; give fewer samples")
        raw = path.read_text(encoding="utf-8-sig")
        data = json.loads(raw) if path.suffix.lower() == ".json" else _yaml(raw)[0]
    except OSError as err:
        raise UserError(f"{path}: cannot be read: {err.strerror}") from err
    except UnicodeDecodeError as err:
        raise UserError(f"{path}: is not UTF-8; save it as UTF-8") from err
    except json.JSONDecodeError as err:
        raise UserError(f"{path}:{err.lineno}: not valid JSON: {err.msg}") from err
    except Unreadable as err:
        what = str(err).removeprefix("the front matter is ")
        raise UserError(f"{path}:{max(1, err.line - 1)}: {what}") from err
    except RecursionError as err:
        raise UserError(f"{path}: nested too deeply") from err
    if not isinstance(data, Mapping):
        raise UserError(f"{path}: give a mapping with 'variables' and, if needed, 'filters'")
    return variables_of(data, str(path))


def variables_of(data: Mapping[str, Any], where: str) -> Variables:
    """``{"variables": …, "filters": […]}`` as it is written. Raises ``UserError``."""
    raw = data.get("variables") or {}
    if not isinstance(raw, Mapping):
        raise UserError(f"{where}: 'variables' is a mapping of names to a type and samples")
    names = {str(name): _declared(str(name), value, where) for name, value in raw.items()}
    return Variables(names, *(_names(data, key, where) for key in ("filters", "tests", "globals")))


def _names(data: Mapping[str, Any], key: str, where: str) -> frozenset[str]:
    value = data.get(key) or []
    if not isinstance(value, list | dict) or not all(isinstance(name, str) for name in value):
        raise UserError(f"{where}: {key!r} is a list of names")
    return frozenset(value)


def _declared(name: str, value: Any, where: str) -> Declared:
    if value is None:
        return Declared()
    if isinstance(value, str):
        value = {"type": value}
    if not isinstance(value, Mapping):
        raise UserError(f"{where}: variable {name!r}: give a mapping with 'type' and 'samples'")
    kind = value.get("type", "string")
    if kind not in _TYPES:
        raise UserError(f"{where}: variable {name!r}: the type is one of {', '.join(sorted(_TYPES))}")
    samples = value.get("samples", value.get("sample", ()))
    if "sample" in value and "samples" not in value:
        samples = [samples]
    if not isinstance(samples, Sequence) or isinstance(samples, str):
        raise UserError(f"{where}: variable {name!r}: 'samples' is a list of values")
    return Declared(str(kind), tuple(map(_value, samples)), bool(value.get("optional")))


def _value(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime.date) else value


def sidecar(file: Path) -> Path | None:
    """``NAME.vars.yaml`` beside a template, where NAME is its name with or without extensions."""
    names = [file.name]
    while "." in names[-1].lstrip("."):
        names.append(names[-1].rpartition(".")[0])
    for name in names:
        for ending in (".vars.yaml", ".vars.yml", ".vars.json"):
            if (file.parent / f"{name}{ending}").is_file():
                return file.parent / f"{name}{ending}"
    return None


def profile_of(source: Source, default: Profile) -> Profile:
    """The profile of the front matter over ``default``. Raises ``Unreadable`` for a value that does not exist."""
    raw = source.head.get("profile") or {}
    fields = (
        {**{name: source.head[name] for name in VALUES if name in source.head}, **raw}
        if isinstance(raw, dict)
        else {}
    )
    flags = fields.pop("flags", None) or source.head.get("flags")
    line = source.lines.position(source.head_places.get("profile", 0))[0]
    try:
        known = {
            name: str(value).lower().replace("-", "_") for name, value in fields.items() if name in VALUES
        }
        return default.changed(
            **known, flags=parse_flags(map(str, flags)) if isinstance(flags, list) else None
        )
    except ProfileError as err:
        raise Unreadable(f"the front matter's profile: {err}", line) from err


# --- the root ---------------------------------------------------------------------------------------------------------


def resolve(root: Path, name: str) -> Path | None:
    """The file ``name`` below ``root``; ``None`` where there is none, or where it leads out of the root."""
    if "\0" in name or len(name) > 500:
        return None
    top = root.resolve()
    path = (top / name.lstrip("/")).resolve()
    return path if path.is_relative_to(top) and path.is_file() else None


def root_of(file: Path, names: Iterable[str], given: Path | None) -> Path:
    """Where a template's includes are looked for: ``given``, else the nearest folder that has all ``names``, else the one that has the
    most of them."""
    if given is not None:
        return given
    wanted = [name for name in names if ".." not in name and not name.startswith("/") and "\0" not in name]
    folder = file.resolve().parent
    best, most = folder, -1
    # Never the root of the file system: what lies there is nobody's template.
    for candidate in [folder, *list(folder.parents)[:-1]][:12]:
        count = sum((candidate / name).is_file() for name in wanted)
        if count > most:
            best, most = candidate, count
        if most == len(wanted) or (candidate / ".git").exists():
            break
    return best
