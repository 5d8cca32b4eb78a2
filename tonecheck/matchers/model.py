"""``model``: what the tone model sees, by its category: ``model: threat``. Without a model it finds nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from tonecheck.analysis import Analysis, View
from tonecheck.finding import TONE_CATEGORIES
from tonecheck.matchers import Hit, WithoutPhrases
from tonecheck.model.tone_model import Opinion
from tonecheck.phrase import Lexicon


class ModelMatcher(WithoutPhrases):
    def __init__(self, argument: Any, lexicon: Lexicon) -> None:
        if argument not in TONE_CATEGORIES:
            raise ValueError(
                f"model takes a category of tone: {', '.join(TONE_CATEGORIES)}; not {argument!r}"
            )
        self.category: str = argument

    def find(self, analysis: Analysis, view: View) -> Sequence[Hit]:
        return list(self._find(analysis))

    def _find(self, analysis: Analysis) -> Iterator[Hit]:
        opinions = analysis.opinions
        if opinions is None:
            return
        threshold = opinions.model.calibration.threshold(self.category)
        for index, opinion in enumerate(opinions.rows):
            probability = opinion.probabilities.get(self.category, 0.0)
            if probability < threshold:
                continue
            span = opinions.narrowed(index, self.category)
            yield Hit(
                *span,
                f"model: {self.category} {probability:.2f}, from {threshold:.2f} on",
                confidence=probability,
                severity=self._severity(opinion),
            )

    def _severity(self, opinion: Opinion) -> int | None:
        if self.category not in opinion.graver:
            return None
        serious, grave = opinion.graver[self.category]
        return 3 if grave >= 0.5 else 2 if serious >= 0.5 else 1
