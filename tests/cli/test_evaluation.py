"""``tonecheck eval`` on a small labelled file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tonecheck.model.backends import Output
from tonecheck.model.passages import Passage
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
    done = run("eval", write(folder, *RECORDS), "--pipeline", "none", "--model", "none")
    assert done.exit_code == 0, done.stderr
    for line in (
        "- command: `tonecheck eval labels.jsonl --pipeline none --model none`",
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
        "eval",
        write(folder, *RECORDS),
        *("--format", "json", "--out", "figures.json"),
        *("--disable", "threat/*", "--model", "none"),
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


# --- systems side by side ------------------------------------------------------------------------------------------


class TwoWords:
    """A tone model that is sure of every sentence with one of two words, and of no other."""

    labels = ("threat", "shame")
    WORDS = ("sue", "shame")

    def __init__(self, folder: Path, threads: int) -> None:
        pass

    def outputs(self, passages: Sequence[Passage]) -> list[Output]:
        return [
            Output(
                np.array([[self._logit(text, word) for word in self.WORDS] for text in self._texts(passage)])
            )
            for passage in passages
        ]

    def _texts(self, passage: Passage) -> list[str]:
        clauses = [each.text[start:end] for each in passage.sentences for start, end in each.clauses]
        return [each.text for each in passage.sentences] + clauses

    def _logit(self, text: str, word: str) -> float:
        return 6.0 if word in text.lower() else -6.0


MODEL_PACK = """
category: shame
rules:
  - id: model/shame
    severity: 2
    message: "“{quote}” reads as shaming."
    why: Shame makes people hide.
    match: {model: shame}
    examples:
      flag: ["[[Shame on you.]]", "[[It is a shame.]]", "[[Shame, shame.]]"]
      pass: ["Hello.", "Thank you.", "Goodbye."]
"""

COMPARED = (
    labelled("1", "The balance is $40. Thank you.", "send"),
    labelled("2", "The balance is $40. We will sue you.", "block", ("threat", "We will sue you", 3)),
    labelled("3", "The balance is $40. Shame on you.", "revise", ("shame", "Shame on you", 2)),
    labelled("4", "It would be a shame, thank you.", "revise"),
)


@pytest.fixture
def model(folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """The options for a model that sees shame; threats are left to the rules."""
    (folder / "tone").mkdir()
    (folder / "tone" / "model.onnx").touch()
    (folder / "tonecheck.toml").write_text('[model]\npath = "tone"\n', encoding="utf-8")
    (folder / "model.yaml").write_text(MODEL_PACK, encoding="utf-8")
    monkeypatch.setattr("tonecheck.model.tone_model.OnnxBackend", TwoWords)
    return "--pack", "model.yaml"


def predictions(folder: Path, *rows: dict[str, Any]) -> str:
    (folder / "other.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return "other.jsonl"


def test_one_table_compares_rules_model_and_both(run, folder: Path, model) -> None:
    done = run("eval", write(folder, *COMPARED), "--compare", "--pipeline", "none", *model)
    assert done.exit_code == 0, done.stderr
    for line in (
        "- command: `tonecheck eval labels.jsonl --compare --pipeline none`",
        "- messages: 4",
        "| measure | rules and model | rules alone | model alone |",
        "| tone categories per message, micro-F1 | 0.800 | 0.667 | 0.500 |",
        "| tone spans of any category, recall | 1.000 | 0.500 | 0.500 |",
        "| verdict, accuracy | 1.000 | 0.750 | 0.750 |",
        # What is missing is found by rules in all three: the fourth message says no balance.
        "| messages to block that were judged fit to send | 0 of 1 (0.0 %) | 0 of 1 (0.0 %) | 1 of 1 (100.0 %) |",
        "| messages without a tone label that get a tone finding of severity 2 or 3 | 1 of 2 (50.0 %) | 0 of 2 (0.0 %) | 1 of 2 (50.0 %) |",
        "| elements, micro-F1 | 1.000 | 1.000 | 1.000 |",
    ):
        assert line in done.stdout.splitlines()


def test_a_rule_of_tone_that_is_switched_off_is_off_in_every_system(run, folder: Path, model) -> None:
    done = run(
        "eval", write(folder, *COMPARED), "--compare", "--disable", "threat/*", "--format", "json", *model
    )
    assert done.exit_code == 0, done.stderr
    systems = json.loads(done.stdout)["systems"]
    assert list(systems) == ["rules and model", "rules alone", "model alone"]
    assert [figures["spans_recall"] for figures in systems.values()] == [0.5, 0.0, 0.5]


def test_comparing_without_a_model_is_refused(run, folder: Path) -> None:
    done = run("eval", write(folder, *COMPARED), "--compare", "--model", "none")
    assert done.exit_code == 2
    assert "--compare needs a tone model" in done.stderr


def test_another_system_has_a_column_with_a_dash_for_what_it_does_not_say(run, folder: Path) -> None:
    other = predictions(
        folder,
        {"id": "2", "score": -1.5, "tone": [{"start": 20, "end": 35}]},
        {"id": "1", "score": 0.5, "tone": []},
        {"id": "3", "score": 1, "tone": [{"start": 0, "end": 5}]},
    )
    done = run(
        "eval",
        write(folder, *RECORDS),
        "--beside",
        f"some words={other}",
        "--pipeline",
        "none",
        "--model",
        "none",
    )
    assert done.exit_code == 0, done.stderr
    for line in (
        '- command: `tonecheck eval labels.jsonl --beside "some words=other.jsonl" --pipeline none --model none`',
        "| measure | rules alone | some words |",
        "| tone categories per message, micro-F1 | 0.667 | – |",
        "| tone spans of any category, precision | 1.000 | 0.500 |",
        "| tone spans of any category, recall | 0.500 | 0.500 |",
        "| verdict, accuracy | 0.667 | – |",
        "| score, AUC for a tone problem of severity 2 or 3 | 0.750 | 0.500 |",
        "| elements, micro-F1 | 1.000 | – |",
    ):
        assert line in done.stdout.splitlines()


def test_a_wrong_prediction_is_named_by_file_and_line(run, folder: Path) -> None:
    other = predictions(folder, {"id": "1", "score": 1}, {"id": "2", "score": "high"})
    done = run("eval", write(folder, *RECORDS), "--beside", f"x={other}", "--model", "none")
    assert done.exit_code == 2
    assert done.stderr.startswith("tonecheck: error: other.jsonl:2: 'score' is a finite number")


@pytest.mark.parametrize(
    "given", ["vader", "=other.jsonl", "vader=", "a|b=other.jsonl", "rules alone=other.jsonl"]
)
def test_a_column_needs_a_name_of_its_own_and_a_file(run, folder: Path, given: str) -> None:
    done = run("eval", write(folder, *RECORDS), "--beside", given, "--model", "none")
    assert done.exit_code == 2
    assert repr(given.split("=")[0])[:-1] in done.stderr


def test_columns_and_messages_must_be_told_apart(run, folder: Path) -> None:
    other = predictions(folder, *({"id": record["id"], "score": 1} for record in RECORDS))
    twice = ("--beside", f"x={other}", "--beside", f"x={other}", "--model", "none")
    done = run("eval", write(folder, *RECORDS), *twice)
    assert (done.exit_code, done.stderr) == (2, "tonecheck: error: --beside: the name 'x' is given twice\n")
    labels = write(folder, *RECORDS)
    done = run("eval", labels, labels, "--beside", f"x={other}", "--model", "none")
    assert done.exit_code == 2
    assert "an id stands in more than one of the labelled files" in done.stderr
