"""Undoes what mail transport does to text (quoted-printable, base64, charsets), with every character's place kept."""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from array import array
from typing import NamedTuple

from tonecheck.document import Builder, MappedText


class MappedBytes(NamedTuple):
    """Bytes whose every byte knows the slice ``[starts[i], ends[i])`` of the draft that it came from."""

    data: bytes
    starts: array[int]
    ends: array[int]


_QP = re.compile(r"=(?P<byte>[0-9A-Fa-f]{2})|(?P<soft>=[ \t]*(?:\r\n|\r|\n))|[^=]+|=")
_NOT_BASE64 = re.compile(r"[^A-Za-z0-9+/]+")


def quoted_printable(source: str, start: int, end: int, charset: str) -> MappedBytes:
    """The bytes that ``source[start:end]`` encodes. A broken escape stands for itself."""
    data, starts, ends = bytearray(), array("q"), array("q")
    for match in _QP.finditer(source, start, end):
        at, until = match.span()
        if match.lastgroup == "byte":
            data.append(int(match.group("byte"), 16))
            starts.append(at)
            ends.append(until)
        elif match.lastgroup is None:
            _add_plain(match.group(), at, charset, (data, starts, ends))
    return MappedBytes(bytes(data), starts, ends)


def _add_plain(text: str, at: int, charset: str, out: tuple[bytearray, array[int], array[int]]) -> None:
    data, starts, ends = out
    if text.isascii():
        data += text.encode("ascii")
        starts.extend(range(at, at + len(text)))
        ends.extend(range(at + 1, at + 1 + len(text)))
        return
    for offset, char in enumerate(text, at):
        encoded = char.encode(charset, "replace")
        data += encoded
        starts.extend([offset] * len(encoded))
        ends.extend([offset + 1] * len(encoded))


def base64_bytes(source: str, start: int, end: int) -> MappedBytes:
    """The bytes that ``source[start:end]`` encodes, as far as it goes; what is no base64 in it is skipped."""
    padding = source.find("=", start, end)
    stop = end if padding < 0 else padding
    digits: list[str] = []
    places = array("q")
    at = start
    for gap in _NOT_BASE64.finditer(source, start, stop):
        digits.append(source[at : gap.start()])
        places.extend(range(at, gap.start()))
        at = gap.end()
    digits.append(source[at:stop])
    places.extend(range(at, stop))
    code = "".join(digits)
    if len(code) % 4 == 1:  # a lone last digit holds no whole byte
        code = code[:-1]
    try:
        data = base64.b64decode(code + "=" * (-len(code) % 4))
    except binascii.Error:  # pragma: no cover - the alphabet and the length are right by now
        data = b""
    firsts = [4 * (index // 3) + index % 3 for index in range(len(data))]
    return MappedBytes(
        data,
        array("q", [places[first] for first in firsts]),
        array("q", [places[first + 1] + 1 for first in firsts]),
    )


def python_charset(name: str) -> str:
    """Python's name for a mail's charset; UTF-8 for one that does not exist or is no text encoding."""
    try:
        info = codecs.lookup(name.strip().strip("'\"") or "us-ascii")
        if not info._is_text_encoding:
            return "utf-8"
        "a".encode(info.name)
    except (LookupError, ValueError, UnicodeError):
        return "utf-8"
    return "utf-8" if info.name == "ascii" else info.name


_ASCII_RUN = re.compile(rb"[\x00-\x7f]+|[\x80-\xff]")


def decoded(mapped: MappedBytes, charset: str) -> MappedText:
    """The text of ``mapped`` in ``charset`` (a Python name); a bad byte becomes U+FFFD."""
    data = mapped.data
    if data.isascii() and not _shifts(charset):
        return MappedText(data.decode("ascii"), mapped.starts, mapped.ends)
    # One byte at a time: a decoder tells only so which bytes made which character.
    decoder = codecs.getincrementaldecoder(charset)(errors="replace")
    builder = Builder()
    first = 0
    for at in range(len(data)):
        new = decoder.decode(data[at : at + 1])
        if new:
            builder.replace(new, mapped.starts[first], mapped.ends[at])
            first = at + 1
    rest = decoder.decode(b"", final=True)
    if rest and data:
        builder.replace(rest, mapped.starts[min(first, len(data) - 1)], mapped.ends[-1])
    return builder.build()


def _shifts(charset: str) -> bool:
    """In these, ASCII bytes are not ASCII characters."""
    return charset.startswith(
        ("utf-16", "utf-32", "utf-7", "iso2022", "hz", "cp037", "cp5", "cp1026", "cp1140", "cp273", "cp424")
    )
