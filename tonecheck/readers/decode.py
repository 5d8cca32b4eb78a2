"""Bytes to text: UTF-8 or UTF-16, and one clear sentence when it is neither."""

from __future__ import annotations

import codecs
import re

from tonecheck.errors import DraftError

_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
MAX_CONTROL_SHARE = 0.02
"""Share of control characters from which on bytes are no text."""


def decode(draft: bytes) -> str:
    """The text of ``draft``, a byte order mark included. Raises ``DraftError`` with the offset of the first bad byte."""
    encoding = next((name for bom, name in _UTF16.items() if draft.startswith(bom)), "utf-8")
    if encoding == "utf-8":
        refuse_binary(draft)
    try:
        return draft.decode(encoding)
    except UnicodeDecodeError as err:
        byte = draft[err.start] if err.start < len(draft) else 0
        raise DraftError(
            f"the draft is not {encoding.upper()}: byte 0x{byte:02x} at offset {err.start}; save it as UTF-8"
        ) from err


def refuse_binary(draft: bytes) -> None:
    """Raises ``DraftError`` for bytes that no text has: a NUL, or many control characters."""
    nul = draft.find(b"\0")
    if nul >= 0:
        raise DraftError(f"the draft is binary (byte 0x00 at offset {nul}); hand in text, saved as UTF-8")
    first = _CONTROL.search(draft)
    if first and len(_CONTROL.findall(draft)) > max(2, MAX_CONTROL_SHARE * len(draft)):
        raise DraftError(
            f"the draft is binary (byte 0x{first.group()[0]:02x} at offset {first.start()}, among many like it); "
            "hand in text, saved as UTF-8"
        )
