"""Scores judgements against labelled messages. Pure functions: they read no file and print nothing.

A predicted and a labelled span match when they overlap by at least half of the shorter one. A label is a quote; where
the quote stands more than once in the text, a prediction at any of its places is right.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from tonecheck.finding import TONE_CATEGORIES
from tonecheck.labels import SERIOUS, Label, Record
from tonecheck.predictions import Prediction, Span
from tonecheck.report import ELEMENTS, VERDICTS, Report


def prediction_of(report: Report) -> Prediction:
    tone = tuple(
        Span(finding.category, finding.severity, finding.start or 0, finding.end or 0)
        for finding in report.findings
        if finding.category in TONE_CATEGORIES
    )
    elements = {name: element.present for name, element in report.elements.items()}
    return Prediction(tone, elements, report.verdict, report.score)


class Share(NamedTuple):
    """``number`` of ``of`` messages."""

    number: int
    of: int


@dataclass(frozen=True, slots=True)
class Score:
    """``right`` of ``predicted`` predictions are right, and ``found`` of ``labelled`` labels are found."""

    right: int = 0
    predicted: int = 0
    found: int = 0
    labelled: int = 0

    @property
    def precision(self) -> float | None:
        """``None`` when nothing was predicted."""
        return self.right / self.predicted if self.predicted else None

    @property
    def recall(self) -> float | None:
        """``None`` when nothing is labelled."""
        return self.found / self.labelled if self.labelled else None

    @property
    def f1(self) -> float | None:
        """The harmonic mean; ``None`` when there is neither a prediction nor a label."""
        if not self.predicted and not self.labelled:
            return None
        precision, recall = self.precision or 0.0, self.recall or 0.0
        return 2 * precision * recall / (precision + recall) if precision + recall else 0.0

    def __add__(self, other: Score) -> Score:
        return Score(
            self.right + other.right,
            self.predicted + other.predicted,
            self.found + other.found,
            self.labelled + other.labelled,
        )

    def to_dict(self) -> dict[str, Any]:
        return {
            "precision": self.precision,
            "recall": self.recall,
            "f1": self.f1,
            "right": self.right,
            "predicted": self.predicted,
            "found": self.found,
            "labelled": self.labelled,
        }


def spans_match(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two ranges share at least half of the shorter one."""
    shared = min(one[1], other[1]) - max(one[0], other[0])
    shorter = min(one[1] - one[0], other[1] - other[0])
    return shared > 0 and shared * 2 >= shorter


def score_spans(labels: Sequence[Label], spans: Sequence[Span], *, same_category: bool = False) -> Score:
    """A span is right if it matches any label; a label is found if any span matches it."""

    def agree(span: Span, label: Label) -> bool:
        if same_category and span.category != label.category:
            return False
        return any(spans_match((span.start, span.end), place) for place in label.places)

    return Score(
        right=sum(any(agree(span, label) for label in labels) for span in spans),
        predicted=len(spans),
        found=sum(any(agree(span, label) for span in spans) for label in labels),
        labelled=len(labels),
    )


def score_sets(labelled: Iterable[str], predicted: Iterable[str]) -> Score:
    """Two sets of names, such as the categories of one message."""
    wanted, given = set(labelled), set(predicted)
    both = len(wanted & given)
    return Score(both, len(given), both, len(wanted))


def auc(positive: Sequence[float], negative: Sequence[float]) -> float | None:
    """The chance that a random positive has a higher value than a random negative, ties counting half.

    ``None`` when either side is empty.
    """
    if not positive or not negative:
        return None
    values = sorted([*((value, True) for value in positive), *((value, False) for value in negative)])
    below = wins = 0.0
    at = 0
    while at < len(values):
        end = at
        while end < len(values) and values[end][0] == values[at][0]:
            end += 1
        positives = sum(is_positive for _, is_positive in values[at:end])
        negatives = end - at - positives
        wins += positives * (below + negatives / 2)
        below += negatives
        at = end
    return wins / (len(positive) * len(negative))


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The figures over all messages. ``confusion``: (labelled verdict, judged verdict) → messages.

    What a system does not say is not counted against it: its scores are empty, and its figures ``None``.
    """

    messages: int
    elements: dict[str, Score]
    clean: int
    false_alarms: int
    spans: Score
    spans_same_category: Score
    categories: dict[str, Score]
    confusion: dict[tuple[str, str], int]
    auc: float | None

    @property
    def elements_micro(self) -> Score:
        return sum(self.elements.values(), Score())

    @property
    def categories_micro(self) -> Score:
        return sum(self.categories.values(), Score())

    @property
    def accuracy(self) -> float | None:
        right = sum(self.confusion.get((verdict, verdict), 0) for verdict in VERDICTS)
        judged = sum(self.confusion.values())
        return right / judged if judged else None

    @property
    def blocked(self) -> int:
        """Messages that must not be sent, by their label."""
        return sum(count for (labelled, _), count in self.confusion.items() if labelled == "block")

    @property
    def blocked_judged_send(self) -> int:
        return self.confusion.get(("block", "send"), 0)

    @property
    def measures(self) -> dict[str, float | Share | None]:
        """The figures that stand for the whole, by name. ``None``: there is nothing to measure."""
        spans, same = self.spans, self.spans_same_category
        return {
            "elements_f1": self.elements_micro.f1,
            "clean_with_serious_finding": Share(self.false_alarms, self.clean) if self.clean else None,
            "spans_precision": spans.precision,
            "spans_recall": spans.recall,
            "spans_f1": spans.f1,
            "spans_same_category_precision": same.precision,
            "spans_same_category_recall": same.recall,
            "spans_same_category_f1": same.f1,
            "categories_f1": self.categories_micro.f1,
            "verdict_accuracy": self.accuracy,
            "blocked_judged_send": Share(self.blocked_judged_send, self.blocked) if self.blocked else None,
            "auc": self.auc,
        }

    def to_dict(self) -> dict[str, Any]:
        return {
            "messages": self.messages,
            "elements": {
                "micro": self.elements_micro.to_dict(),
                **{name: score.to_dict() for name, score in self.elements.items()},
            },
            "clean_messages": {"count": self.clean, "with_serious_finding": self.false_alarms},
            "spans_any_category": self.spans.to_dict(),
            "spans_same_category": self.spans_same_category.to_dict(),
            "categories": {
                "micro": self.categories_micro.to_dict(),
                **{name: score.to_dict() for name, score in self.categories.items()},
            },
            "verdict": {
                "accuracy": self.accuracy,
                "confusion": {
                    labelled: {judged: self.confusion.get((labelled, judged), 0) for judged in VERDICTS}
                    for labelled in VERDICTS
                },
                "blocked": self.blocked,
                "blocked_judged_send": self.blocked_judged_send,
            },
            "auc": self.auc,
        }


def evaluate(pairs: Iterable[tuple[Record, Prediction]]) -> Evaluation:
    """All figures of one system. Categories are scored once a message, however often a message has one.

    Where a span lacks a category, nothing that needs categories is scored; with severities it is the same.
    """
    pairs = list(pairs)
    said = [span for _, prediction in pairs for span in prediction.tone or ()]
    named = all(span.category is not None for span in said)
    graded = all(span.severity is not None for span in said)
    elements = {name: Score() for name in ELEMENTS}
    categories = {name: Score() for name in TONE_CATEGORIES}
    spans = same = Score()
    confusion: Counter[tuple[str, str]] = Counter()
    clean = false_alarms = 0
    harshness: dict[bool, list[float]] = {True: [], False: []}
    for record, prediction in pairs:
        if prediction.elements is not None:
            _add(elements, record.elements.__getitem__, prediction.elements.__getitem__)
        if prediction.tone is not None:
            spans += score_spans(record.tone, prediction.tone)
            if named:
                labelled = {label.category for label in record.tone}
                predicted = {span.category for span in prediction.tone}
                _add(categories, labelled.__contains__, predicted.__contains__)
                same += score_spans(record.tone, prediction.tone, same_category=True)
            if graded and not record.tone:
                clean += 1
                false_alarms += any((span.severity or 0) >= SERIOUS for span in prediction.tone)
        if prediction.verdict is not None:
            confusion[record.verdict, prediction.verdict] += 1
        if prediction.score is not None:
            harshness[record.serious].append(-prediction.score)
    return Evaluation(
        messages=len(pairs),
        elements=elements,
        clean=clean,
        false_alarms=false_alarms,
        spans=spans,
        spans_same_category=same,
        categories=categories,
        confusion=dict(confusion),
        auc=auc(harshness[True], harshness[False]),
    )


def _add(scores: dict[str, Score], labelled: Callable[[str], bool], predicted: Callable[[str], bool]) -> None:
    """Add one message to the score of each name."""
    for name in scores:
        scores[name] += score_sets([name] if labelled(name) else (), [name] if predicted(name) else ())
