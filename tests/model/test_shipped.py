"""The model in the package: as good as the network that it was made from, the same for all, and narrow in its findings."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tonecheck import Checker
from tonecheck.finding import TONE_CATEGORIES
from tonecheck.model.backends import SHIPPED, OnnxBackend
from training.tone.heldout import best_f1, read_messages

COUNT = len(TONE_CATEGORIES)
# Of F1, from 0 to 1: what int8 arithmetic may cost.
MOST_LOST = 0.005


def test_int8_is_as_good_as_the_network_it_was_made_from(root: Path) -> None:
    messages = read_messages([root / "training" / "data" / "heldout.jsonl"])
    rows = [
        output.logits
        for output in OnnxBackend(SHIPPED, threads=2).outputs(
            [example.passage for example in messages.examples]
        )
    ]
    recorded = np.load(root / "tests" / "data" / "tone_logits.npz")
    truth = recorded["targets"][:, :COUNT].astype(float).ravel()
    plain = recorded["logits"][:, :COUNT].astype(float).ravel()
    shipped = messages.sentences(rows)[:, :COUNT].ravel()
    assert len(plain) == len(shipped), (
        "run `python -m training.tone --only-finish`: the held-out messages have changed"
    )
    assert best_f1(truth, shipped)[0] >= best_f1(truth, plain)[0] - MOST_LOST


DRAFT = """Dear Ms Hall,

Thank you for calling us on 3 May about invoice 4417. You have ignored all four of our letters. I will be telling your
employer about this loan on Monday, and honest people pay the builder who fixed their roof.

Kind regards
Sam Ortiz, Northfield Roofing"""


def test_the_report_holds_what_the_model_thinks(checker: Checker) -> None:
    report = checker.check(DRAFT)
    tone = report.tone
    assert set(tone.probabilities) == set(TONE_CATEGORIES)
    assert all(0 <= value <= 1 for row in tone.by_sentence for value in row["probabilities"].values())
    shown = [DRAFT[row["start"] : row["end"]] for row in tone.by_sentence]
    assert shown[1].startswith("Thank you for calling")
    by_start = {DRAFT[row["start"] : row["end"]][:10]: row["probabilities"] for row in tone.by_sentence}
    assert by_start["You have i"]["blame"] > 0.5 > by_start["Thank you "]["blame"]
    for category, value in tone.probabilities.items():
        assert value == max(row["probabilities"][category] for row in tone.by_sentence)


def test_the_same_draft_gives_the_same_report_whatever_came_before() -> None:
    alone, after = Checker(), Checker()
    after.check("Something else entirely. You must pay at once.\n\nDear Ms Hall,")
    assert alone.check(DRAFT).to_dict() == after.check(DRAFT).to_dict() == after.check(DRAFT).to_dict()


def test_quoted_words_of_others_are_not_judged(checker: Checker) -> None:
    report = checker.check(
        "Thank you for your message.\n\n> You are a liar and I will tell your employer.\n\nKind regards"
    )
    assert not [finding for finding in report.findings if "model" in finding.detectors]


@pytest.mark.parametrize(
    "draft", ["", "!!!", "12345", "\ufeff", "a" * 5000, "word " * 3000, "é" * 900, "\n\n\n"]
)
def test_odd_drafts_are_judged_without_complaint(checker: Checker, draft: str) -> None:
    if draft.strip("\ufeff\n"):
        checker.check(draft)
