"""Evaluation → Markdown, to be read or committed."""

from __future__ import annotations

from tonecheck.evaluate import Evaluation, Score
from tonecheck.report import VERDICTS

_SCORE_HEAD = "precision | recall | F1 | labelled | predicted |"
_SCORE_RULE = "---: | ---: | ---: | ---: | ---: |"


def render(evaluation: Evaluation, notes: dict[str, str]) -> str:
    """The report. ``notes``: name → text, told first (command, date, pipeline, …)."""
    lines = ["# Evaluation", "", *(f"- {name}: {text}" for name, text in notes.items())]
    lines += [
        f"- messages: {evaluation.messages}",
        "",
        "## In short",
        "",
        "| measure | value |",
        "| --- | ---: |",
    ]
    lines += [f"| {name} | {value} |" for name, value in _short(evaluation)]
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


def _short(evaluation: Evaluation) -> list[tuple[str, str]]:
    spans, same = evaluation.spans, evaluation.spans_same_category
    return [
        ("elements, micro-F1", figure(evaluation.elements_micro.f1)),
        (
            "messages without a tone label that get a tone finding of severity 2 or 3",
            _share(evaluation.false_alarms, evaluation.clean),
        ),
        ("tone spans of any category, precision", figure(spans.precision)),
        ("tone spans of any category, recall", figure(spans.recall)),
        ("tone spans of any category, F1", figure(spans.f1)),
        ("tone spans with the same category, precision", figure(same.precision)),
        ("tone spans with the same category, recall", figure(same.recall)),
        ("tone spans with the same category, F1", figure(same.f1)),
        ("tone categories per message, micro-F1", figure(evaluation.categories_micro.f1)),
        ("verdict, accuracy", figure(evaluation.accuracy)),
        (
            "messages to block that were judged fit to send",
            _share(evaluation.blocked_judged_send, evaluation.blocked),
        ),
        ("score, AUC for a tone problem of severity 2 or 3", figure(evaluation.auc)),
    ]


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
    return "–" if value is None else f"{value:.3f}"


def _share(count: int, total: int) -> str:
    return f"{count} of {total}" + (f" ({100 * count / total:.1f} %)" if total else "")
