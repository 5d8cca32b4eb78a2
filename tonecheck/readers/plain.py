"""Reads plain text: what is there is what the reader sees."""

from __future__ import annotations

from tonecheck.document import MappedText, Reading
from tonecheck.readers.segments import find_segments


def read_plain(source: str) -> Reading:
    """``source`` as it stands, with the segments that its lines show."""
    return Reading(MappedText.identity(source), find_segments(source))
