"""Evaluation → Markdown, to be read or committed; several of them → one table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tonecheck.evaluate import Evaluation, Score, Share
from tonecheck.report import VERDICTS

_SCORE_HEAD = "precision | recall | F1 | labelled | predicted |"
_SCORE_RULE = "---: | ---: | ---: | ---: | ---: |"
_DASH = "–"
_MEASURES = {
    "elements_f1": "elements, micro-F1",
    "clean_with_serious_finding": "messages without a tone label that get a tone finding of severity 2 or 3",
    "spans_precision": "tone spans of any category, precision",
    "spans_recall": "tone spans of any category, recall",
    "spans_f1": "tone spans of any category, F1",
    "spans_same_category_precision": "tone spans with the same category, precision",
    "spans_same_category_recall": "tone spans with the same category, recall",
    "spans_same_category_f1": "tone spans with the same category, F1",
    "categories_f1": "tone categories per message, micro-F1",
    "verdict_accuracy": "verdict, accuracy",
    "blocked_judged_send": "messages to block that were judged fit to send",
    "auc": "score, AUC for a tone problem of severity 2 or 3",
}
# What systems are compared by, tone first: some of them say nothing of elements.
_COMPARED = (
    "categories_f1",
    "spans_precision",
    "spans_recall",
    "spans_f1",
    "spans_same_category_f1",
    "verdict_accuracy",
    "blocked_judged_send",
    "clean_with_serious_finding",
    "auc",
    "elements_f1",
)


def render(evaluation: Evaluation, notes: dict[str, str]) -> str:
    """The report. ``notes``: name → text, told first (command, date, pipeline, …)."""
    lines = _head(notes, evaluation.messages)
    lines += ["## In short", "", "| measure | value |", "| --- | ---: |"]
    measures = evaluation.measures
    lines += [f"| {label} | {_shown(measures[name])} |" for name, label in _MEASURES.items()]
    lines += ["", "## Verdicts", "", f"| labelled | {' | '.join(f'judged {name}' for name in VERDICTS)} |"]
    lines += ["| --- |" + " ---: |" * len(VERDICTS)]
    for labelled in VERDICTS:
        counts = [str(evaluation.confusion.get((labelled, judged), 0)) for judged in VERDICTS]
        lines.append(f"| {labelled} | {' | '.join(counts)} |")
    lines += [
        "",
        "## Tone categories, once a message",
        "",
        *_table(evaluation.categories, evaluation.categories_micro),
    ]
    lines += ["", "## Elements", "", *_table(evaluation.elements, evaluation.elements_micro)]
    return "\n".join(lines) + "\n"


def render_comparison(evaluations: Mapping[str, Evaluation], notes: dict[str, str]) -> str:
    """One table: a row a measure, a column a system. ``evaluations``: by system, all on the same messages."""
    lines = _head(notes, next(iter(evaluations.values())).messages)
    lines += [f"| measure | {' | '.join(evaluations)} |", "| --- |" + " ---: |" * len(evaluations)]
    columns = [evaluation.measures for evaluation in evaluations.values()]
    for name in _COMPARED:
        lines.append(f"| {_MEASURES[name]} | {' | '.join(_shown(column[name]) for column in columns)} |")
    return "\n".join(lines) + "\n"


def comparison_dict(evaluations: Mapping[str, Evaluation]) -> dict[str, Any]:
    """The same for JSON: system → measure → figure, ``None`` where there is none."""
    return {
        system: {
            name: value._asdict() if isinstance(value, Share) else value
            for name, value in evaluation.measures.items()
        }
        for system, evaluation in evaluations.items()
    }


def _head(notes: dict[str, str], messages: int) -> list[str]:
    told = {**notes, "messages": str(messages)}
    return ["# Evaluation", "", *(f"- {name}: {text}" for name, text in told.items()), ""]


def _table(scores: dict[str, Score], micro: Score) -> list[str]:
    rows = [*scores.items(), ("**all (micro)**", micro)]
    return [
        f"| | {_SCORE_HEAD}",
        f"| --- | {_SCORE_RULE}",
        *(
            f"| {name} | {figure(score.precision)} | {figure(score.recall)} | {figure(score.f1)} "
            f"| {score.labelled} | {score.predicted} |"
            for name, score in rows
        ),
    ]


def figure(value: float | None) -> str:
    """Three decimals, or a dash where there is nothing to measure."""
    return _DASH if value is None else f"{value:.3f}"


def _shown(value: float | Share | None) -> str:
    if isinstance(value, Share):
        return f"{value.number} of {value.of} ({100 * value.number / value.of:.1f} %)"
    return figure(value)
