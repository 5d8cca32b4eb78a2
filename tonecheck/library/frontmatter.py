"""The head of a template: YAML between two lines ``---``, read strictly, with the line of everything in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from tonecheck.errors import one_of
from tonecheck.yamltext import TextLoader, line_at

FENCE = "---"


class Fault(Exception):
    """What is wrong in a template, and at which line (from 1) of its file."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(what)
        self.line = line


class Head:
    """What a head says, and where."""

    def __init__(self, data: Mapping[str, Any], node: yaml.MappingNode) -> None:
        self.data = data
        self._node = node

    def line(self, *path: str | int) -> int:
        """The line of the file at which ``path`` begins, or the nearest thing around it."""
        # The head begins on the second line of the file.
        return line_at(self._node, path) + 2

    def fault(self, what: str, *path: str | int) -> Fault:
        return Fault(self.line(*path), what)

    def mapping(self, *path: str, known: Iterable[str] | None = None) -> dict[str, Any]:
        """The mapping at ``path``, whose keys are texts and, if told, among ``known``. Raises ``Fault``."""
        value: Any = self.data
        for step in path:
            value = value[step]
        what = ".".join(path)
        if not isinstance(value, dict):
            raise self.fault(f"{what} is a mapping, such as {what}: {{…}}", *path)
        for key in value:
            if not isinstance(key, str):
                raise self.fault(f"the key {key!r} is a text; put it in quotation marks", *path)
            if known is not None and key not in known:
                raise self.fault(one_of(key, known, f"the key of {what}" if what else "the key"), *path, key)
        return value

    def text(self, *path: str) -> str:
        """The text at ``path``. Raises ``Fault``."""
        value: Any = self.data
        for step in path:
            value = value[step]
        if not isinstance(value, str) or not value.strip():
            raise self.fault(f"{'.'.join(path)} is a text", *path)
        return value.strip()


def split(source: str) -> tuple[str, int] | None:
    """The head of a file and the line (from 1) on which its body begins; ``None`` where there is no whole head."""
    lines = source.split("\n")
    if lines[0].rstrip() != FENCE:
        return None
    for number, line in enumerate(lines[1:], 1):
        if line.rstrip() == FENCE:
            return "\n".join(lines[1:number]) + "\n", number + 2
    return None


def body_in_place(source: str) -> str:
    """The file with its head as a comment of Jinja's, so that the body keeps its lines; the whole file if it has no head."""
    head = split(source)
    if head is None:
        return source
    first = head[1]
    return "{#" + "\n" * (first - 2) + "#}\n" + "\n".join(source.split("\n")[first - 1 :])


def read(source: str) -> Head:
    """The head of a template. Raises ``Fault``."""
    found = split(source)
    if found is None:
        if source.startswith(FENCE):
            raise Fault(1, f"the head does not end; close it with a line {FENCE}")
        raise Fault(
            1,
            f"the template has no head; begin it with a line {FENCE}, its title, purpose, profile and variables",
        )
    try:
        loader = TextLoader(found[0])
        try:
            node = loader.get_single_node()
            _refuse_repetition(node)
            data = loader.construct_document(node) if node is not None else None
        finally:
            loader.dispose()
    except yaml.YAMLError as err:
        mark = getattr(err, "problem_mark", None)
        problem = getattr(err, "problem", None) or str(err).split("\n")[0]
        raise Fault(mark.line + 2 if mark else 2, f"the head is not valid YAML: {problem}") from err
    except RecursionError as err:
        raise Fault(2, "the head is nested too deeply") from err
    if not isinstance(data, dict) or not isinstance(node, yaml.MappingNode):
        raise Fault(2, "the head is a mapping with title, purpose, profile and variables")
    return Head(data, node)


def _refuse_repetition(node: yaml.Node | None) -> None:
    """Raise ``Fault`` for a key that stands twice: the first would silently be dropped."""
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in seen:
                raise Fault(key.start_mark.line + 2, f"the key {key.value!r} stands twice; keep one")
            seen.add(str(key.value))
            _refuse_repetition(value)
    elif isinstance(node, yaml.SequenceNode):
        for one in node.value:
            _refuse_repetition(one)
