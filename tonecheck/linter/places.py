"""Where something stands in a template's file."""

from __future__ import annotations

from typing import NamedTuple


class Place(NamedTuple):
    """``[start, end)`` in code points of the file ``path`` (as it is named in the output)."""

    path: str
    start: int
    end: int
