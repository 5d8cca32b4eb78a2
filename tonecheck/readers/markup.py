"""HTML's tokens with their exact places: tags, attributes, character references. One pass, linear time.

The standard library's parser is slow on hostile input and does not say where a decoded character stood.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from html.entities import html5
from typing import NamedTuple

from tonecheck.document import Builder


class Token(NamedTuple):
    """``source[start:end]``: kind ``text``, ``open``, ``close``, ``cdata`` (its start)
    or ``skip`` (a comment, a declaration).

    ``name`` is the tag's, in lower case; ``inner`` is where its attributes start.
    """

    kind: str
    name: str
    start: int
    end: int
    inner: int = 0


class Attribute(NamedTuple):
    """An attribute's name in lower case and its raw value, which stands at ``source[start:end]``."""

    name: str
    value: str
    start: int
    end: int


# Everything up to the closing tag of the same name is not markup.
RAW_TEXT = frozenset({"script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes"})

_TAG_NAME = re.compile(r"[A-Za-z][^\s/>]{0,60}")
_VALUE_OR_END = re.compile(r"""=\s*(["'])|>""")
_ATTRIBUTE = re.compile(r"""([^\s"'>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")


class Tokens:
    """Iterates over the tokens of ``source[at:end]``."""

    def __init__(self, source: str, at: int = 0, end: int | None = None) -> None:
        self._source = source
        self._at = at
        self._end = len(source) if end is None else end
        self._last_close = source.rfind(">", at, self._end)
        self._last_cdata_end = source.rfind("]]>", at, self._end)
        # Once a quotation mark in a tag has no partner, quotes no longer protect a ">": each tag would
        # otherwise look for it to the end of the draft again.
        self._quotes_hold = True

    def __iter__(self) -> Iterator[Token]:
        source, end = self._source, self._end
        text_from = self._at
        at = source.find("<", self._at, end)
        while at >= 0:
            token = self.markup(at)
            if token is None:
                at = source.find("<", at + 1, end)
                continue
            if text_from < at:
                yield Token("text", "", text_from, at)
            yield token
            text_from = token.end
            if token.kind == "open" and token.name in RAW_TEXT:
                close = re.compile(rf"</{token.name}(?=[\s/>])", re.I).search(source, text_from, end)
                text_to = close.start() if close else end
                if text_from < text_to:
                    yield Token("text", token.name, text_from, text_to)
                text_from = text_to
            elif token.kind == "cdata":  # shown, since some readers of XHTML show it
                text_to = source.find("]]>", text_from, end) if text_from <= self._last_cdata_end else -1
                if text_to >= 0:
                    if text_from < text_to:
                        yield Token("text", "", text_from, text_to)
                    text_from = text_to + 3
            at = source.find("<", text_from, end)
        if text_from < end:
            yield Token("text", "", text_from, end)

    def markup(self, at: int) -> Token | None:
        """The tag, comment or declaration that starts with the ``<`` at ``at``, if it is one."""
        source, end = self._source, self._end
        following = source[at + 1 : at + 2]
        if following == "!" or following == "?":
            return self._declaration(at)
        closing = following == "/"
        name = _TAG_NAME.match(source, at + 1 + closing, end)
        if not name or at > self._last_close:
            return None
        tag_end = self._tag_end(name.end())
        if tag_end < 0:
            return None
        return Token("close" if closing else "open", name.group().lower(), at, tag_end, name.end())

    def _declaration(self, at: int) -> Token | None:
        source, end = self._source, self._end
        if source.startswith("<!--", at):
            close = source.find("-->", at + 2, end)  # "<!-->" is a whole comment
            return Token("skip", "", at, close + 3 if close >= 0 else end)
        if source.startswith("<![CDATA[", at):
            return Token("cdata", "", at, at + 9)
        close = source.find(">", at, end) if at <= self._last_close else -1
        return Token("skip", "", at, close + 1) if close >= 0 else None

    def _tag_end(self, at: int) -> int:
        source, end = self._source, self._end
        position = at
        while self._quotes_hold:
            found = _VALUE_OR_END.search(source, position, end)
            if not found:
                self._quotes_hold = False
            elif not found.group(1):
                return found.end()
            else:
                close = source.find(found.group(1), found.end(), end)
                if close < 0:
                    self._quotes_hold = False
                position = close + 1
        close = source.find(">", at, end) if at <= self._last_close else -1
        return close + 1 if close >= 0 else -1


def attributes(source: str, token: Token) -> list[Attribute]:
    """The attributes of an opening tag; of two with the same name both, in order."""
    found = []
    for match in _ATTRIBUTE.finditer(source, token.inner, token.end - 1):
        group = match.lastindex or 1
        start, end = match.span(group) if group > 1 else (match.end(), match.end())
        found.append(Attribute(match.group(1).lower(), source[start:end], start, end))
    return found


_REFERENCE = re.compile(r"&(?:#[0-9]{1,9};?|#[xX][0-9a-fA-F]{1,8};?|[A-Za-z][A-Za-z0-9]{1,31};?)")
_LONGEST_BARE = max(len(name) for name in html5 if not name.endswith(";"))


def reference(source: str, at: int, end: int) -> tuple[str, int]:
    """The characters that the reference at ``at`` (an ``&``) stands for and where it ends; ``("&", at + 1)`` if none."""
    match = _REFERENCE.match(source, at, end)
    if not match:
        return "&", at + 1
    name = match.group()[1:]
    if name.startswith("#"):
        return html.unescape(match.group()) or "\ufffd", match.end()
    if name in html5:
        return html5[name], match.end()
    for length in range(min(len(name), _LONGEST_BARE), 1, -1):  # "&ampx": old names need no semicolon
        if name[:length] in html5:
            return html5[name[:length]], at + 1 + length
    return "&", at + 1


def add_decoded(builder: Builder, source: str, start: int, end: int) -> None:
    """Append ``source[start:end]`` with its character references decoded."""
    at = start
    while at < end:
        ampersand = source.find("&", at, end)
        if ampersand < 0:
            builder.copy(source[at:end], at)
            return
        if at < ampersand:
            builder.copy(source[at:ampersand], at)
        new, at = reference(source, ampersand, end)
        builder.replace(new, ampersand, at)
