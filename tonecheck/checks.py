"""Arithmetic and comparisons for ``match: {check: name}`` rules: totals, dates against each other, contradictions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from tonecheck.analysis import Analysis, View


class Doubt(NamedTuple):
    """What a check found: a place in ``Document.text`` (``None``: the whole message) and words for {detail}."""

    start: int | None
    end: int | None
    detail: str


Check = Callable[[Analysis, View], Iterator[Doubt]]
CHECKS: dict[str, Check] = {}
