"""``measure``: a number that is too high: ``{of: grade | sentence_words | sms_parts | sms_characters | …, above: N}``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from tonecheck.analysis import Analysis, View
from tonecheck.matchers import Hit, WithoutPhrases
from tonecheck.measures import MEASURES
from tonecheck.phrase import Lexicon


class MeasureMatcher(WithoutPhrases):
    def __init__(self, argument: Any, lexicon: Lexicon) -> None:
        if not isinstance(argument, dict) or set(argument) != {"of", "above"}:
            raise ValueError("measure takes exactly the keys 'of' and 'above'")
        if argument["of"] not in MEASURES:
            raise ValueError(
                f"there is no measure {argument['of']!r}; there are {', '.join(sorted(MEASURES))}"
            )
        if not isinstance(argument["above"], int | float):
            raise ValueError("measure.above is a number")
        self.of: str = argument["of"]
        self.above: float = argument["above"]

    def find(self, analysis: Analysis, view: View) -> Sequence[Hit]:
        return list(self._find(analysis, view))

    def _find(self, analysis: Analysis, view: View) -> Iterator[Hit]:
        for reading in MEASURES[self.of](analysis, view):
            if reading.value > self.above:
                start, end = reading.span if reading.span else (None, None)
                yield Hit(start, end, f"{self.of} {reading.value:g} > {self.above:g}", reading.detail)
