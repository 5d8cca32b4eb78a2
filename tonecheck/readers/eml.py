"""Reads a mail (RFC 5322 and MIME): From, Subject and the text that a mail program would show, with exact places.

Broken mail is read as far as it goes; the worst case is the body as plain text. ``DraftError`` is for absurd nesting.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from tonecheck.document import Builder, Edit, MappedText, Reading, Segment, edited
from tonecheck.errors import DraftError
from tonecheck.readers.html import read_html
from tonecheck.readers.segments import find_segments
from tonecheck.readers.transfer import MappedBytes, base64_bytes, decoded, python_charset, quoted_printable

MAX_DEPTH = 20
"""How deep multipart bodies may nest."""

MAX_PARTS = 500
"""How many parts one mail may have."""

_HEADER = re.compile(r"([!-9;-~]{1,76})[ \t]{0,20}:")
_FOLD = re.compile(r"\r?\n|\r")
_PARAMETER = re.compile(
    r';\s{0,100}([\w*-]{1,60})\s{0,20}=\s{0,20}(?:"((?:[^"\\]|\\.){0,500})"|([^;\s"]{1,500}))'
)
_ENCODED_WORD = re.compile(
    r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?\s]*)\?=(?:[ \t\r\n]+(?==\?[^?\s]{1,60}\?[bBqQ]\?[^?\s]*\?=))?"
)


class _Header(NamedTuple):
    """A header field: its name in lower case, and where its name and value stand."""

    name: str
    start: int
    value_start: int
    end: int


class _Part(NamedTuple):
    """A part of a mail: its header fields and where its body stands."""

    headers: tuple[_Header, ...]
    start: int
    end: int


def read_eml(source: str, *, latin1: bool = False) -> Reading:
    """The visible text of the mail ``source`` and its segments.

    ``latin1``: the characters of ``source`` are bytes, since the mail was not UTF-8; 8-bit text is decoded from them.
    """
    return _Mail(source, latin1).read()


class _Mail:
    def __init__(self, source: str, latin1: bool) -> None:
        self._source = source
        self._latin1 = latin1
        self._parts = 0

    def read(self) -> Reading:
        whole = _part(self._source, _envelope_end(self._source), len(self._source))
        bodies = self._bodies(whole, 0)
        if not any(body.visible.text.strip() for body in bodies):
            bodies = [_plain(MappedText.identity(self._source[whole.start : whole.end]), whole.start)]
        return self._joined(whole.headers, bodies)

    # --- Putting it together ---

    def _joined(self, headers: tuple[_Header, ...], bodies: list[Reading]) -> Reading:
        """The header lines that a reader sees, then the bodies, with the break between them at their seam."""
        pieces: list[MappedText] = []
        marks: list[Segment] = []
        length = 0
        for header in headers:
            if header.name in ("from", "subject") and header.value_start < header.end:
                line = self._header_line(header)
                value = len(_field_name(self._source, header)) + 2
                kind = "subject" if header.name == "subject" else "footer"
                marks.append(Segment(kind, length + value, length + len(line) - 1))
                pieces.append(line)
                length += len(line)
        for body in bodies:
            seam = _at(body.visible, 0)
            if length and seam:
                pieces.append(MappedText("\n", [seam[0]], [seam[1]]))
                length += 1
            marks += (Segment(kind, start + length, end + length) for kind, start, end in body.segments)
            pieces.append(body.visible)
            length += len(body.visible)
        return Reading(_concatenated(pieces), tuple(mark for mark in marks if mark.start < mark.end))

    def _header_line(self, header: _Header) -> MappedText:
        builder = Builder()
        name = _field_name(self._source, header)
        builder.copy(name, header.start)
        builder.replace(": ", header.start + len(name), header.value_start)
        self._add_decoded_words(builder, header.value_start, header.end)
        builder.replace("\n", header.end - 1, header.end)
        return builder.build()

    def _add_decoded_words(self, builder: Builder, start: int, end: int) -> None:
        """Append a header's value: RFC 2047 words decoded (each stands for all of its characters), folds undone."""
        at = start
        for word in _ENCODED_WORD.finditer(self._source, start, end):
            self._add_unfolded(builder, at, word.start())
            builder.replace(_decoded_word(word), word.start(), word.end())
            at = word.end()
        self._add_unfolded(builder, at, end)

    def _add_unfolded(self, builder: Builder, start: int, end: int) -> None:
        at = start
        for fold in _FOLD.finditer(self._source, start, end):
            builder.copy(self._source[at : fold.start()], at)
            at = fold.end()
            if at >= end or self._source[at] not in " \t":
                builder.replace(" ", fold.start(), at)
        builder.copy(self._source[at:end], at)

    # --- Bodies ---

    def _bodies(self, part: _Part, depth: int) -> list[Reading]:
        """What a mail program shows of ``part``, in order."""
        self._parts += 1
        if self._parts > MAX_PARTS or depth > MAX_DEPTH:  # to read on would be slow, to stop would hide text
            raise DraftError(
                f"the mail has more than {MAX_PARTS} parts, or nests them more than {MAX_DEPTH} deep; hand in its text"
            )
        if self._is_attachment(part):
            return []
        content_type, parameters = self._content_type(part)
        if content_type.startswith("multipart/") and parameters.get("boundary"):
            parts = self._split(part, parameters["boundary"])
            if content_type == "multipart/alternative":
                return self._best([self._bodies(inner, depth + 1) for inner in parts])
            if content_type == "multipart/related":
                parts = parts[:1]
            return [body for inner in parts for body in self._bodies(inner, depth + 1)]
        if content_type == "text/html":
            text = self._text(part, parameters)
            reading = read_html(text.text)
            return [Reading(reading.visible.after(text), reading.segments)]
        if content_type.startswith("text/") or content_type.startswith("multipart/"):
            text = self._text(part, parameters)
            if parameters.get("format", "").lower() == "flowed":
                text = edited(text.text, _unflowed(text.text)).after(text)
            return [Reading(text, find_segments(text.text))]
        return []

    def _best(self, alternatives: list[list[Reading]]) -> list[Reading]:
        """The last alternative with something to read, as RFC 2046 has it: the sender's richest."""
        for bodies in reversed(alternatives):
            if any(body.visible.text.strip() for body in bodies):
                return bodies
        return []

    def _text(self, part: _Part, parameters: dict[str, str]) -> MappedText:
        charset = python_charset(parameters.get("charset", "utf-8"))
        encoding = self._value(part, "content-transfer-encoding").strip().lower()
        if encoding == "quoted-printable":
            raw_charset = "latin-1" if self._latin1 else charset
            return decoded(quoted_printable(self._source, part.start, part.end, raw_charset), charset)
        if encoding == "base64":
            return decoded(base64_bytes(self._source, part.start, part.end), charset)
        text = self._source[part.start : part.end]
        if self._latin1 and not text.isascii():
            places = MappedText.identity(text)
            data = MappedBytes(text.encode("latin-1", "replace"), places.starts, places.ends)  # type: ignore[arg-type]
            return _shifted(decoded(data, charset), part.start)
        return _shifted(MappedText.identity(text), part.start)

    def _split(self, part: _Part, boundary: str) -> list[_Part]:
        """The parts between the boundary lines. A missing last boundary ends the last part with the body."""
        line = re.compile(rf"^--{re.escape(boundary)}(--)?[ \t]*\r?$", re.M)
        parts, start = [], -1
        for match in line.finditer(self._source, part.start, part.end):
            if start >= 0:
                parts.append(_part(self._source, start, _before_break(self._source, start, match.start())))
            start = _after_break(self._source, match.end(), part.end)
            if match.group(1):
                return parts
            if len(parts) > MAX_PARTS:  # enough to be refused
                return parts
        if start >= 0:
            parts.append(_part(self._source, start, part.end))
        return parts

    # --- Headers ---

    def _value(self, part: _Part, name: str) -> str:
        """A header's value, unfolded and cut to a sane length; empty when there is none."""
        for header in part.headers:
            if header.name == name:
                return _FOLD.sub(
                    "", self._source[header.value_start : min(header.end, header.value_start + 4000)]
                )
        return ""

    def _content_type(self, part: _Part) -> tuple[str, dict[str, str]]:
        value = self._value(part, "content-type")
        kind = value.partition(";")[0].strip().lower() or "text/plain"
        found = {name.lower(): quoted or plain for name, quoted, plain in _PARAMETER.findall(value)}
        return kind if "/" in kind else "text/plain", {
            name: re.sub(r"\\(.)", r"\1", text) for name, text in found.items()
        }

    def _is_attachment(self, part: _Part) -> bool:
        return self._value(part, "content-disposition").strip().lower().startswith("attachment")


def _part(source: str, start: int, end: int) -> _Part:
    """The header fields from ``start`` on, and the body after the blank line that ends them."""
    headers: list[_Header] = []
    at = start
    while at < end:
        line_end = source.find("\n", at, end)
        after = end if line_end < 0 else line_end + 1
        stop = _before_break(source, at, after) if line_end >= 0 else end
        if source[at:stop].strip() == "":
            return _Part(tuple(headers), after, end)
        field = _HEADER.match(source, at, stop)
        if field:
            value = field.end()
            while value < stop and source[value] in " \t":
                value += 1
            headers.append(_Header(field.group(1).lower(), at, value, stop))
        elif headers and source[at] in " \t":
            headers[-1] = headers[-1]._replace(end=stop)
        else:  # no header: what was taken for one may have been prose
            return _Part(tuple(headers), at, end)
        at = after
    return _Part(tuple(headers), end, end)


def _envelope_end(source: str) -> int:
    """After a byte order mark and the ``From `` line of a mailbox file."""
    at = 1 if source.startswith("\ufeff") else 0
    if source.startswith("From ", at):
        newline = source.find("\n", at)
        return newline + 1 if newline >= 0 else at
    return at


def _before_break(source: str, start: int, at: int) -> int:
    """``at`` without the line break before it: that belongs to the boundary."""
    if at > start and source[at - 1] == "\n":
        at -= 1
    if at > start and source[at - 1] == "\r":
        at -= 1
    return at


def _after_break(source: str, at: int, end: int) -> int:
    return min(at + 1, end) if source.startswith("\n", at) else at


def _field_name(source: str, header: _Header) -> str:
    return source[header.start : header.start + len(header.name)]


def _decoded_word(word: re.Match[str]) -> str:
    charset, encoding, payload = word.groups()
    if encoding in "qQ":
        data = quoted_printable(payload.replace("_", " "), 0, len(payload), "utf-8").data
    else:
        data = base64_bytes(payload, 0, len(payload)).data
    return data.decode(python_charset(charset.partition("*")[0]), "replace")


def _unflowed(text: str) -> Iterator[Edit]:
    """RFC 3676: a space before the break says that the line goes on."""
    for soft in re.finditer(r"(?<=[^\r\n -]) \r?\n(?![>\r\n])", text):
        yield Edit(soft.start(), soft.end(), " ")


def _plain(text: MappedText, start: int) -> Reading:
    return Reading(_shifted(text, start), find_segments(text.text))


def _shifted(text: MappedText, by: int) -> MappedText:
    """The same text in a source that has ``by`` more characters before it."""
    if isinstance(text.starts, range) and isinstance(text.ends, range):
        size = len(text)
        return MappedText(text.text, range(by, by + size), range(by + 1, by + 1 + size))
    return MappedText(text.text, [at + by for at in text.starts], [at + by for at in text.ends])


def _at(text: MappedText, index: int) -> tuple[int, int] | None:
    return (text.starts[index], text.ends[index]) if index < len(text) else None


def _concatenated(pieces: list[MappedText]) -> MappedText:
    starts: list[int] = []
    ends: list[int] = []
    for piece in pieces:
        starts.extend(piece.starts)
        ends.extend(piece.ends)
    return MappedText("".join(piece.text for piece in pieces), starts, ends)
