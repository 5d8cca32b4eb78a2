"""Source → Jinja's syntax tree, in which every node knows its exact offset.

Jinja's nodes carry a line only. The tokens handed to its parser here carry their offset (in code points, plus one) in the place of the
line, so that ``node.lineno - 1`` is where the node's first token stands. Nothing is compiled.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from jinja2 import TemplateSyntaxError, nodes
from jinja2.lexer import TokenStream
from jinja2.sandbox import ImmutableSandboxedEnvironment

EXTENSIONS = ("jinja2.ext.do", "jinja2.ext.loopcontrols", "jinja2.ext.i18n")
_LINE_BREAK = re.compile(r"\r\n|\r")


class Mistake(Exception):
    """The source cannot be parsed. ``offset`` is in code points of it."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


class Style(NamedTuple):
    """How the team's own environment treats white space around tags; Jinja's defaults."""

    trim_blocks: bool = False
    lstrip_blocks: bool = False


class _Environment(ImmutableSandboxedEnvironment):
    def _tokenize(
        self, source: str, name: str | None, filename: str | None = None, state: str | None = None
    ) -> Any:
        tokens = self.lexer.wrap(list(self._placed(source)), name, filename)
        return TokenStream(tokens, name, filename)

    def _placed(self, source: str) -> Iterator[tuple[int, str, str]]:
        at = 0
        try:
            for _, token, value in self.lexer.tokeniter(source, None):
                # What a minus sign strips before a tag is not in any token.
                found = source.find(value, at)
                at = found if found >= 0 else at
                yield at + 1, token, value
                at += len(value)
        except TemplateSyntaxError as err:
            raise TemplateSyntaxError(err.message or "it is not valid", at + 1) from err


_environments: dict[Style, _Environment] = {}


def environment(style: Style) -> _Environment:
    """The environment of a style; it parses and knows the names of filters and tests, and runs nothing."""
    if style not in _environments:
        _environments[style] = _Environment(
            extensions=EXTENSIONS, trim_blocks=style.trim_blocks, lstrip_blocks=style.lstrip_blocks
        )
    return _environments[style]


def parse(source: str, style: Style) -> nodes.Template:
    """The tree of a source whose line ends are LF. Raises ``Mistake``."""
    try:
        return environment(style).parse(source)
    except TemplateSyntaxError as err:
        offset = max(0, min((err.lineno or 1) - 1, max(0, len(source) - 1)))
        if "end of template" in (err.message or "").lower():
            offset = _left_open(source, style) or offset
        raise Mistake(err.message or "it is not valid Jinja", offset) from err
    except RecursionError as err:
        raise Mistake("it is nested too deeply", 0) from err
    except (ValueError, OverflowError, MemoryError) as err:
        raise Mistake(f"it holds a literal that cannot be read ({type(err).__name__})", 0) from err


def texts(source: str, style: Style) -> list[tuple[int, int, bool]]:
    """Where a source has text: between tags (``True``), and in strings inside of them (``False``). Raises ``Mistake``."""
    try:
        return [
            (at - 1, at - 1 + len(value), token == "data")
            for at, token, value in environment(style)._placed(source)
            if token in ("data", "string")
        ]
    except TemplateSyntaxError as err:
        raise Mistake(err.message or "it is not valid Jinja", (err.lineno or 1) - 1) from err


def tags(source: str, style: Style) -> list[tuple[str, str]]:
    """What a source has beside its texts and strings: two sources that are alike in it do the same. Raises ``Mistake``."""
    try:
        return [
            (token, value)
            for _, token, value in environment(style)._placed(source)
            if token not in ("data", "string")
        ]
    except TemplateSyntaxError as err:
        raise Mistake(err.message or "it is not valid Jinja", (err.lineno or 1) - 1) from err


_OPENING = frozenset("if for block macro call filter with autoescape trans".split())


def _left_open(source: str, style: Style) -> int | None:
    """Where the innermost tag stands that is never closed; at the end of the source Jinja only knows that there is one."""
    opened: list[tuple[str, int]] = []
    words: list[str] = []
    start: int | None = None
    try:
        for at, token, value in environment(style)._placed(source):
            if token == "block_begin":
                start, words = at - 1, []
            elif token in ("name", "operator") and start is not None:
                words.append(value)
            elif token == "block_end" and start is not None and words:
                name = words[0]
                if name in _OPENING or (name == "set" and "=" not in words):
                    opened.append((name, start))
                elif name.startswith("end") and opened and opened[-1][0] == name[3:]:
                    opened.pop()
                start = None
    except TemplateSyntaxError:
        return None
    return opened[-1][1] if opened else None


def offset_of(node: nodes.Node) -> int:
    """Where the node's first token stands in its source."""
    return max(0, (node.lineno or 1) - 1)


def normal(text: str) -> str:
    """``text`` with LF as its only line end, without changing its lines."""
    return _LINE_BREAK.sub("\n", text) if "\r" in text else text
