"""Draft in, ``Document`` out: the one place that knows which format a draft is in and who reads it."""

from __future__ import annotations

from bisect import bisect_left

from tonecheck.document import Document, MappedText, Reading, Segment
from tonecheck.errors import ConfigError, DraftError, one_of
from tonecheck.normalize import fold_text
from tonecheck.readers.decode import decode, refuse_binary
from tonecheck.readers.detect import detect
from tonecheck.readers.docx import read_docx
from tonecheck.readers.eml import read_eml
from tonecheck.readers.html import read_html
from tonecheck.readers.markdown import read_markdown
from tonecheck.readers.plain import read_plain

FORMATS = ("text", "markdown", "html", "eml", "docx")
MAX_CHARS = 5_000_000
"""The longest draft that is read, in characters (for a container such as .docx: of its text)."""

_MAX_BYTES_PER_CHAR = 4


def read(draft: str | bytes, *, format: str | None = None, name: str | None = None) -> Document:
    """Read a draft.

    ``format`` is one of ``FORMATS``; without it, the extension of ``name`` decides, else the content does.
    ``Document.source`` is the draft as handed in: for bytes the decoded text, a byte order mark included; for a
    mail that is not UTF-8 its Latin-1 reading, so that offsets count bytes; for .docx the text inside.
    Raises ``DraftError`` when there is nothing to read, and ``ConfigError`` for an unknown format.
    """
    if format is not None and format not in FORMATS:
        raise ConfigError(one_of(format, FORMATS, "format"))
    _refuse_too_large(len(draft), "bytes" if isinstance(draft, bytes) else "characters")
    chosen = format or detect(draft, name)
    source, reading = _READERS[chosen](draft)
    local = fold_text(reading.visible.text)
    document = Document(source, local.after(reading.visible), _moved(reading.segments, local), chosen)
    if not document.text.strip():
        raise DraftError("the draft is empty; hand in the text of a message")
    return document


def _refuse_too_large(size: int, unit: str) -> None:
    limit = MAX_CHARS * (_MAX_BYTES_PER_CHAR if unit == "bytes" else 1)
    if size > limit:
        raise DraftError(
            f"the draft is too large: {size:,} {unit}, the limit is {limit:,}; hand in one message at a time"
        )


def _moved(segments: tuple[Segment, ...], local: MappedText) -> tuple[Segment, ...]:
    """``segments`` of the visible text as segments of the folded text ``local``."""
    if isinstance(local.starts, range):
        return segments
    moved = (
        Segment(kind, bisect_left(local.starts, start), bisect_left(local.starts, end))
        for kind, start, end in segments
    )
    return tuple(segment for segment in moved if segment.start < segment.end)


def _text_of(draft: str | bytes) -> str:
    text = decode(draft) if isinstance(draft, bytes) else draft
    _refuse_too_large(len(text), "characters")
    return text


def _read_text(draft: str | bytes) -> tuple[str, Reading]:
    source = _text_of(draft)
    return source, read_plain(source)


def _read_html(draft: str | bytes) -> tuple[str, Reading]:
    source = _text_of(draft)
    return source, read_html(source)


def _read_markdown(draft: str | bytes) -> tuple[str, Reading]:
    source = _text_of(draft)
    return source, read_markdown(source)


def _read_eml(draft: str | bytes) -> tuple[str, Reading]:
    if isinstance(draft, bytes):
        refuse_binary(draft)
        try:
            source, latin1 = draft.decode("utf-8"), False
        except UnicodeDecodeError:  # its parts name their own charsets; bytes keep their offsets
            source, latin1 = draft.decode("latin-1"), True
    else:
        source, latin1 = draft, False
    _refuse_too_large(len(source), "characters")
    return source, read_eml(source, latin1=latin1)


def _read_docx(draft: str | bytes) -> tuple[str, Reading]:
    if isinstance(draft, str):
        raise DraftError(
            "a .docx draft is bytes, not text; hand in the file as it is, or its text as format 'text'"
        )
    source, reading = read_docx(draft)
    _refuse_too_large(len(source), "characters")
    return source, reading


_READERS = {
    "text": _read_text,
    "markdown": _read_markdown,
    "html": _read_html,
    "eml": _read_eml,
    "docx": _read_docx,
}
