"""Calibration, the cache, and what a model must offer; with a backend that says what it is told."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from tonecheck.errors import ConfigError
from tonecheck.model import tone_model
from tonecheck.model.backends import Output
from tonecheck.model.passages import Passage, Sentence
from tonecheck.model.tone_model import ToneModel


class Told:
    """A backend whose logits are looked up by word; it counts the passages that it was asked about."""

    labels = ("threat", "sarcasm", "threat:2", "threat:3", "sarcasm:2", "sarcasm:3")

    def __init__(self) -> None:
        self.asked: list[Passage] = []

    def outputs(self, passages: Sequence[Passage]) -> list[Output]:
        self.asked += passages
        return [
            Output(np.array([self._row(sentence.text) for sentence in passage.sentences], dtype=np.float32))
            for passage in passages
        ]

    def _row(self, text: str) -> list[float]:
        return [2.0 if "court" in text else -2.0, -4.0, 1.0, -1.0, -9.0, -9.0]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    backend = Told()
    calibration = tone_model.Calibration({"threat": 2.0}, {"threat": 0.6})
    monkeypatch.setattr(tone_model, "_load", lambda *_: (backend, calibration))
    return backend


def passage(text: str) -> Passage:
    return Passage((Sentence(text),))


def test_logits_are_divided_by_their_temperature(told: Told) -> None:
    ((opinion,),) = ToneModel().judge([passage("see you in court")])
    assert opinion.probabilities == {"threat": 0.7311, "sarcasm": 0.018}
    assert opinion.graver["threat"] == (0.7311, 0.2689)


def test_a_passage_is_judged_once(told: Told) -> None:
    model = ToneModel()
    first = model.judge([passage("a"), passage("b"), passage("a")])
    second = model.judge([passage("b"), passage("c")])
    assert [asked.sentences[0].text for asked in told.asked] == ["a", "b", "c"]
    assert first[0] == first[2]
    assert second[0] == first[1]


def test_the_cache_forgets_what_was_not_asked_for_longest(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tone_model, "CACHE_SIZE", 2)
    model = ToneModel()
    for text in "a", "b", "a", "c", "a", "b":
        model.judge([passage(text)])
    assert [asked.sentences[0].text for asked in told.asked] == ["a", "b", "c", "b"]


def test_more_passages_than_the_cache_holds_are_all_answered(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tone_model, "CACHE_SIZE", 2)
    assert len(ToneModel().judge([passage(str(number)) for number in range(9)])) == 9


def test_threads_may_share_a_model(told: Told) -> None:
    model = ToneModel()
    answers: list[object] = []
    threads = [
        threading.Thread(target=lambda: answers.append(model.judge([passage("court"), passage("tea")])))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 8
    assert all(answer == answers[0] for answer in answers)


def test_nothing_is_loaded_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tone_model, "_load", lambda *_: pytest.fail("loaded"))
    assert ToneModel().judge([]) == []


def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"model\.path: there is no model\.onnx in .*; see docs/MODEL\.md"):
        ToneModel("onnx", str(tmp_path)).judge([passage("a")])


def test_transformers_need_a_path() -> None:
    with pytest.raises(ConfigError, match=r"needs model\.path: a folder or a hub id"):
        ToneModel("transformers").judge([passage("a")])


def test_labels_must_name_a_category(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Other(Told):
        labels = ("POSITIVE", "NEGATIVE")

    (tmp_path / "model.onnx").write_bytes(b"")
    (tmp_path / "model.json").write_text(json.dumps({"labels": []}))
    monkeypatch.setattr(tone_model, "OnnxBackend", lambda *_: Other())
    with pytest.raises(
        ConfigError, match=r"none of its labels \(POSITIVE, NEGATIVE.*name them threat, pressure"
    ):
        ToneModel("onnx", str(tmp_path)).judge([passage("a")])
