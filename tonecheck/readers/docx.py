"""Reads Word documents: the text of the paragraphs, with page header and footer. Needs the extra ``docx``."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from tonecheck.document import MappedText, Reading, Segment
from tonecheck.errors import DraftError, MissingExtra
from tonecheck.readers.segments import find_segments

MAX_XML_BYTES = 50_000_000
"""The most that one part of the archive may unpack to."""

MAX_ENTRIES = 5_000
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BODY = "word/document.xml"
_HEADER, _FOOTER = re.compile(r"word/header\d{0,3}\.xml"), re.compile(r"word/footer\d{0,3}\.xml")
_HEADING_STYLE = re.compile(r"heading|title|subtitle", re.I)
_QUOTE_STYLE = re.compile(r"quote", re.I)
_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "softHyphen": ""}
# Not in the text: deleted words, field codes, and the older twin of a drawing.
_LEFT_OUT = frozenset(
    {_W + "del", _W + "moveFrom", "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
)


def read_docx(draft: bytes) -> tuple[str, Reading]:
    """The text inside the document, which is the source that all offsets count in, and its reading.

    Raises ``DraftError`` for what is no Word document or unpacks to too much, ``MissingExtra`` without the parser.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(draft)) as archive:
            parts = [(kind, _paragraphs(_unpacked(archive, name))) for kind, name in _part_names(archive)]
            pieces, segments, length = [], [], 0
            for part_kind, paragraphs in parts:
                for paragraph_kind, text in paragraphs:
                    kind = part_kind or paragraph_kind
                    if kind and text.strip():
                        segments.append(Segment(kind, length, length + len(text)))
                    pieces.append(text + "\n")
                    length += len(text) + 1
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
        OSError,
    ) as err:
        raise DraftError(
            f"the draft is no Word document: {err}; save it as .docx again, or hand in its text"
        ) from err
    source = "".join(pieces)
    return source, Reading(MappedText.identity(source), find_segments(source, segments))


def _part_names(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    """The parts to read in the order of the page, each with the kind of its segments ("" = by paragraph)."""
    names = archive.namelist()
    if len(names) > MAX_ENTRIES:
        raise DraftError(
            f"the Word document has {len(names):,} parts, the limit is {MAX_ENTRIES:,}; hand in its text"
        )
    if _BODY not in names:
        raise DraftError(
            f"the archive is no Word document: it has no {_BODY}; hand in a .docx file or its text"
        )
    headers = sorted({name for name in names if _HEADER.fullmatch(name)})[:3]
    footers = sorted({name for name in names if _FOOTER.fullmatch(name)})[:3]
    return [*(("footer", name) for name in headers), ("", _BODY), *(("footer", name) for name in footers)]


def _unpacked(archive: zipfile.ZipFile, name: str) -> bytes:
    """A part's bytes. The size it declares may lie, so the size it has is checked as well."""
    declared = archive.getinfo(name).file_size
    if declared <= MAX_XML_BYTES:
        with archive.open(name) as part:
            data = part.read(MAX_XML_BYTES + 1)
        if len(data) <= MAX_XML_BYTES:
            return data
    raise DraftError(
        f"the Word document's {name} unpacks to more than {MAX_XML_BYTES:,} bytes; hand in its text"
    )


def _paragraphs(xml: bytes) -> Iterator[tuple[str, str]]:
    """Each paragraph's kind ("" for body) and text. A table's row is one paragraph, its cells parted by tabs."""
    try:
        from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
        from defusedxml.ElementTree import ParseError, iterparse  # type: ignore[import-untyped]
    except ImportError as err:
        raise MissingExtra("reading .docx", "docx") from err
    walker = _Walker()
    try:
        for event, element in iterparse(io.BytesIO(xml), events=("start", "end")):
            if event == "start":
                walker.start(element)
            else:
                yield from walker.end(element)
    except ParseError as err:
        raise DraftError(
            f"the Word document is damaged ({err}); save it as .docx again, or hand in its text"
        ) from err
    except DefusedXmlException as err:
        raise DraftError(
            "the Word document declares entities, which Word never does; hand in its text"
        ) from err


class _Walker:
    """Follows the elements of one part and gathers paragraphs."""

    def __init__(self) -> None:
        self._left_out = 0
        self._hidden = False
        self._style = ""
        self._pieces: list[str] = []
        self._cells: list[str] | None = None
        self._rows = 0

    def start(self, element: Any) -> None:
        tag = element.tag
        if tag in _LEFT_OUT:
            self._left_out += 1
        elif tag == _W + "r":
            self._hidden = False
        elif tag == _W + "tr":
            self._rows += 1
            self._cells = self._cells if self._rows > 1 else []

    def end(self, element: Any) -> Iterator[tuple[str, str]]:
        tag = element.tag
        if tag in _LEFT_OUT:
            self._left_out -= 1
        elif tag == _W + "pStyle":
            self._style = element.get(_W + "val", "")
        elif tag == _W + "vanish":
            self._hidden = element.get(_W + "val", "1") not in ("0", "false", "off")
        elif tag == _W + "p":
            yield from self._paragraph()
        elif tag == _W + "tr":
            self._rows -= 1
            if self._rows == 0:
                yield "", "\t".join(self._cells or [])
                self._cells = None
        elif not self._left_out and not self._hidden:
            self._run_content(tag, element)
        if tag.startswith(_W) and tag[len(_W) :] in ("p", "tr", "tbl"):
            element.clear()  # so that a long document does not pile up

    def _run_content(self, tag: str, element: Any) -> None:
        if tag == _W + "t":
            self._pieces.append(element.text or "")
        elif tag.startswith(_W) and tag[len(_W) :] in _SIGNS:
            self._pieces.append(_SIGNS[tag[len(_W) :]])

    def _paragraph(self) -> Iterator[tuple[str, str]]:
        text, style = "".join(self._pieces), self._style
        self._pieces, self._style, self._hidden = [], "", False
        if self._cells is not None:
            self._cells.append(text)
            return
        yield (
            ("heading" if _HEADING_STYLE.match(style) else "quote" if _QUOTE_STYLE.search(style) else ""),
            text,
        )
