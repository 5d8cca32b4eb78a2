"""YAML read strictly, and the lines of what it says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from tonecheck.errors import RulePackError
from tonecheck.yamltext import TextLoader, line_at


class _StrictLoader(TextLoader):
    """YAML without repeated keys, which would silently drop a rule's field."""


def _strict_mapping(loader: _StrictLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[Any] = set()
    for key, _ in node.value:
        name = key.value
        if name in seen:
            raise yaml.constructor.ConstructorError(
                None, None, f"the key {name!r} stands twice", key.start_mark
            )
        seen.add(name)
    return {
        loader.construct_object(key, deep=True): loader.construct_object(value, deep=True)
        for key, value in node.value
    }


_StrictLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _strict_mapping)


def read_yaml(path: Path) -> tuple[str, Any]:
    """The text of a file of rules or wordings, and what it says. Raises ``RulePackError`` as ``rulepack.load_file`` does."""
    return parse_yaml(path, bytes_of(path))


def bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as err:
        raise RulePackError(f"{path}:1: cannot be read: {err.strerror}") from err


def parse_yaml(path: Path, content: bytes) -> tuple[str, Any]:
    """``read_yaml`` of a file whose content is at hand."""
    try:
        text = content.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as err:
        raise RulePackError(f"{path}: cannot be read as UTF-8 text: {err}") from err
    try:
        data = yaml.load(text, _StrictLoader)
    except yaml.YAMLError as err:
        mark = getattr(err, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        problem = getattr(err, "problem", None) or getattr(err, "note", None) or str(err)
        raise RulePackError(f"{path}:{line}: not valid YAML: {problem}") from err
    except RecursionError as err:
        raise RulePackError(f"{path}:1: nested too deeply to be a rule pack") from err
    return text, data


def line_of(text: str, path: tuple[str | int, ...]) -> int:
    """Line of the node at ``path``, or of its nearest existing ancestor."""
    node = yaml.compose(text, _StrictLoader)
    return 1 if node is None else line_at(node, path) + 1
