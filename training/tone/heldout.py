"""Labelled whole messages as the model sees them, and threshold-free figures on them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from tonecheck import readers
from tonecheck.analysis import Analysis
from tonecheck.evaluate import auc
from tonecheck.finding import TONE_CATEGORIES
from tonecheck.labels import Record, read_records
from tonecheck.language import Language
from training.tone.examples import Example, Mark, labelled


@dataclass(frozen=True)
class Messages:
    """``examples[i]`` belongs to message ``message[i]``. Arrays have a row for each sentence of all messages."""

    records: list[Record]
    examples: list[Example]
    message: list[int]

    @cached_property
    def targets(self) -> np.ndarray:
        return self.sentences([example.targets for example in self.examples])

    def sentences(self, rows: Sequence[np.ndarray]) -> np.ndarray:
        """One array from one an example: the rows of sentences, without those of clauses."""
        return np.concatenate(
            [row[: len(example.passage.sentences)] for row, example in zip(rows, self.examples, strict=True)]
        )

    @cached_property
    def _message_of_sentence(self) -> np.ndarray:
        counts = [len(example.passage.sentences) for example in self.examples]
        return np.repeat(self.message, counts)

    def by_message(self, values: np.ndarray) -> np.ndarray:
        """The largest value of each column over the sentences of a message."""
        result = np.zeros((len(self.records), values.shape[1]), dtype=values.dtype)
        np.maximum.at(result, self._message_of_sentence, values)
        return result


def read_messages(paths: Iterable[Path]) -> Messages:
    language = Language("none")
    records, examples, message = [], [], []
    for path in paths:
        for record in read_records(path):
            document = readers.read(record.text, format="text")
            analysis = Analysis(document, record.profile, language)
            view = analysis.views["spoken"]
            starts = [document.source_span(index, index + 1).start for index in range(len(view.plain))]
            marks = [
                Mark(label.category, label.severity, bisect_left(starts, start), bisect_left(starts, end))
                for label in record.tone
                for start, end in label.places[:1]
            ]
            for example in labelled(view.plain, view.entities, view.sentences, marks, record.id):
                examples.append(example)
                message.append(len(records))
            records.append(record)
    return Messages(records, examples, message)


def average_precision(truth: np.ndarray, score: np.ndarray) -> float:
    """The area under the precision-recall curve; NaN when nothing is true."""
    order = np.argsort(-score, kind="stable")
    hits = truth[order].astype(bool)
    if not hits.any():
        return float("nan")
    precision = np.cumsum(hits) / np.arange(1, len(hits) + 1)
    return float(precision[hits].mean())


def best_f1(truth: np.ndarray, score: np.ndarray) -> tuple[float, float]:
    """The highest F1 over all thresholds, and that threshold."""
    order = np.argsort(-score, kind="stable")
    hits = np.cumsum(truth[order])
    f1 = 2 * hits / (np.arange(1, len(order) + 1) + truth.sum())
    last = np.append(score[order][1:] != score[order][:-1], True)
    f1 = np.where(last, f1, 0)
    at = int(f1.argmax())
    below = score[order][at + 1] if at + 1 < len(order) else 0.0
    return float(f1[at]), float((score[order][at] + below) / 2)


@dataclass(frozen=True)
class Figures:
    """Averages over categories by sentence and by message; micro-F1 by message at one threshold for all categories."""

    sentence_ap: float
    message_ap: float
    micro_f1: float
    serious_auc: float
    ap: dict[str, float]


def figures(messages: Messages, rows: Sequence[np.ndarray]) -> Figures:
    logits = messages.sentences(rows)
    count = len(TONE_CATEGORIES)
    scores, truth = logits[:, :count], messages.targets[:, :count]
    by_message, truth_by_message = messages.by_message(1 / (1 + np.exp(-scores))), messages.by_message(truth)
    by_category = {
        name: average_precision(truth_by_message[:, column], by_message[:, column])
        for column, name in enumerate(TONE_CATEGORIES)
    }
    micro, _ = best_f1(truth_by_message.ravel(), by_message.ravel())
    serious = messages.by_message(messages.targets)[:, count : 2 * count].any(1)
    graver = (
        messages.by_message(1 / (1 + np.exp(-logits[:, count : 2 * count])))
        if logits.shape[1] > count
        else by_message
    )
    harsh = graver.max(1)
    return Figures(
        float(
            np.nanmean([average_precision(truth[:, column], scores[:, column]) for column in range(count)])
        ),
        float(np.nanmean(list(by_category.values()))),
        micro,
        auc(harsh[serious].tolist(), harsh[~serious].tolist()) or float("nan"),
        by_category,
    )


def report(name: str, result: Figures) -> str:
    return (
        f"{name}: AP by sentence {result.sentence_ap:.3f}, by message {result.message_ap:.3f}, "
        f"micro-F1 by message {result.micro_f1:.3f}, AUC serious {result.serious_auc:.3f}; "
        + ", ".join(f"{category} {value:.2f}" for category, value in result.ap.items())
    )
