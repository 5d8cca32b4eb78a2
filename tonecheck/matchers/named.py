"""``check``: arithmetic and comparisons that no pattern can do, by the name of a function in ``tonecheck.checks``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from tonecheck.analysis import Analysis, View
from tonecheck.checks import CHECKS
from tonecheck.matchers import Hit, WithoutPhrases
from tonecheck.phrase import Lexicon


class NamedCheckMatcher(WithoutPhrases):
    def __init__(self, argument: Any, lexicon: Lexicon) -> None:
        if argument not in CHECKS:
            raise ValueError(f"there is no check {argument!r}; there are {', '.join(sorted(CHECKS))}")
        self.name: str = argument

    def find(self, analysis: Analysis, view: View) -> Sequence[Hit]:
        return list(self._find(analysis, view))

    def _find(self, analysis: Analysis, view: View) -> Iterator[Hit]:
        for doubt in CHECKS[self.name](analysis, view):
            yield Hit(doubt.start, doubt.end, self.name, doubt.detail)
