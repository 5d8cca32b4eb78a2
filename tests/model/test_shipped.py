"""The model in the package: as good as the network that it was made from, the same for all, and narrow in its findings."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tonecheck import Checker, readers
from tonecheck.analysis import Analysis
from tonecheck.finding import TONE_CATEGORIES
from tonecheck.labels import read_records
from tonecheck.language import Language
from tonecheck.model.backends import SHIPPED, OnnxBackend
from tonecheck.model.passages import Passage, passages_of

COUNT = len(TONE_CATEGORIES)
# Of F1, from 0 to 1: what int8 arithmetic may cost.
MOST_LOST = 0.005


def passages(root: Path) -> list[Passage]:
    """The passages of the held-out messages, in the order of the recorded logits."""
    found = []
    for record in read_records(root / "training" / "data" / "heldout.jsonl"):
        analysis = Analysis(readers.read(record.text, format="text"), record.profile, Language("none"))
        view = analysis.views["spoken"]
        entities = [entity for entity in analysis.entities if view.plain[entity.start] != "\n"]
        found += [passage for passage, _ in passages_of(view.plain, entities, view.sentences)]
    return found


def sentences(rows: list[np.ndarray], asked: list[Passage]) -> np.ndarray:
    return np.concatenate([row[: len(passage.sentences)] for row, passage in zip(rows, asked, strict=True)])


def best_f1(truth: np.ndarray, score: np.ndarray) -> float:
    order = np.argsort(-score, kind="stable")
    hits = np.cumsum(truth[order])
    return float((2 * hits / (np.arange(1, len(order) + 1) + truth.sum())).max())


def test_int8_is_as_good_as_the_network_it_was_made_from(root: Path) -> None:
    asked = passages(root)
    recorded = np.load(root / "tests" / "data" / "tone_logits.npz")
    truth = recorded["targets"][:, :COUNT].astype(float).ravel()
    plain = recorded["logits"][:, :COUNT].astype(float).ravel()
    shipped = sentences(OnnxBackend(SHIPPED, threads=2).logits(asked), asked)[:, :COUNT].ravel()
    assert len(plain) == len(shipped), (
        "run `python -m training.tone --only-finish`: the held-out messages have changed"
    )
    assert best_f1(truth, shipped) >= best_f1(truth, plain) - MOST_LOST


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
