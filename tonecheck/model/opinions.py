"""The model's opinions on one message: by sentence, and narrowed to the clause that carries what it saw."""

from __future__ import annotations

from collections.abc import Sequence

from tonecheck.document import Span
from tonecheck.entities import Entity
from tonecheck.model.passages import passages_of
from tonecheck.model.tone_model import Opinion, ToneModel


class Opinions:
    """``sentences[i]`` got ``rows[i]``. Offsets index ``text``."""

    def __init__(
        self, model: ToneModel, text: str, entities: Sequence[Entity], sentences: Sequence[Span]
    ) -> None:
        self.model = model
        self.sentences = sentences
        self.rows: list[Opinion] = []
        self._clauses: list[list[tuple[Span, Opinion]]] = []
        groups = list(passages_of(text, entities, sentences))
        judged = model.judge([passage for passage, _ in groups])
        for (passage, stocked), opinions in zip(groups, judged, strict=True):
            self.rows += opinions[: len(passage.sentences)]
            rest = iter(opinions[len(passage.sentences) :])
            for sentence, source in zip(passage.sentences, stocked, strict=True):
                self._clauses.append([(source.source(*clause), next(rest)) for clause in sentence.clauses])

    def highest(self) -> dict[str, float]:
        """By category, over all sentences."""
        if not self.rows:
            return {}
        return {
            category: max(row.probabilities[category] for row in self.rows)
            for category in self.rows[0].probabilities
        }

    def narrowed(self, index: int, category: str) -> Span:
        """The part of a sentence that carries ``category``: from the first to the last clause of which the model says so
        by itself; the whole sentence where it says so of none."""
        threshold = self.model.calibration.threshold(category)
        carrying = [
            span for span, opinion in self._clauses[index] if opinion.probabilities[category] >= threshold
        ]
        return Span(carrying[0].start, carrying[-1].end) if carrying else self.sentences[index]
