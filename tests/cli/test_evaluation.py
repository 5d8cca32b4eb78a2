"""``tonecheck eval`` on a small labelled file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tonecheck.report import ELEMENTS

PROFILE = {
    "channel": "email",
    "stage": "overdue",
    "jurisdiction": "us",
    "sender": "first_party",
    "audience": "consumer",
}


def labelled(record_id: str, text: str, verdict: str, *tone: tuple[str, str, int]) -> dict[str, Any]:
    return {
        "id": record_id,
        **PROFILE,
        "text": text,
        "tone": [
            {"category": category, "quote": quote, "severity": severity} for category, quote, severity in tone
        ],
        "elements": {name: name == "balance" and "$" in text for name in ELEMENTS},
        "verdict": verdict,
    }


def write(folder: Path, *records: dict[str, Any]) -> str:
    (folder / "labels.jsonl").write_text(
        "".join(json.dumps(record) + "\n" for record in records), encoding="utf-8"
    )
    return "labels.jsonl"


RECORDS = (
    labelled("1", "The balance is $40. Thank you.", "send"),
    labelled("2", "The balance is $40. We will sue you.", "block", ("threat", "We will sue you", 3)),
    labelled("3", "The balance is $40. Shame on you.", "revise", ("shame", "Shame on you", 2)),
)


def test_the_markdown_report_has_the_figures(run, folder: Path) -> None:
    done = run("eval", write(folder, *RECORDS), "--pipeline", "none")
    assert done.exit_code == 0, done.stderr
    for line in (
        "- command: `tonecheck eval labels.jsonl --pipeline none`",
        "- messages: 3",
        "| elements, micro-F1 | 1.000 |",
        "| messages without a tone label that get a tone finding of severity 2 or 3 | 0 of 1 (0.0 %) |",
        "| tone spans of any category, precision | 1.000 |",
        "| tone spans of any category, recall | 0.500 |",
        "| verdict, accuracy | 0.667 |",
        "| messages to block that were judged fit to send | 0 of 1 (0.0 %) |",
        "| score, AUC for a tone problem of severity 2 or 3 | 0.750 |",
        "| revise | 1 | 0 | 0 |",
        "| shame | – | 0.000 | 0.000 | 1 | 0 |",
    ):
        assert line in done.stdout.splitlines()


def test_json_goes_to_a_file_when_asked(run, folder: Path) -> None:
    done = run(
        "eval", write(folder, *RECORDS), "--format", "json", "--out", "figures.json", "--disable", "threat/*"
    )
    assert (done.exit_code, done.stdout) == (0, "")
    figures = json.loads((folder / "figures.json").read_text(encoding="utf-8"))
    assert figures["verdict"]["blocked_judged_send"] == 1
    assert figures["spans_any_category"]["predicted"] == 0


def test_a_record_that_is_wrong_is_named_by_file_and_line(run, folder: Path) -> None:
    bad = labelled("4", "Hello.", "send", ("threat", "not in it", 2))
    done = run("eval", write(folder, RECORDS[0], bad))
    assert done.exit_code == 2
    assert done.stderr.startswith("tonecheck: error: labels.jsonl:2: the quote of a threat label")
