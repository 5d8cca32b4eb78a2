"""The two backends on models made here: the same passages, the same shape of answer."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from tonecheck import Checker, Config
from tonecheck.errors import ConfigError, MissingExtra
from tonecheck.finding import TONE_CATEGORIES
from tonecheck.model.backends import SHIPPED, OnnxBackend, TransformersBackend
from tonecheck.model.passages import Passage, Sentence

PASSAGES = [
    Passage(
        (
            Sentence("We noticed a balance of $100, and pay it or you will regret it.", ((0, 28), (30, 61))),
            Sentence("Kind regards"),
        ),
        "Dear Sam,",
    ),
    Passage((Sentence("Pay up."),)),
    Passage((Sentence(""),)),
    Passage((Sentence("word " * 2000),)),
]


@pytest.fixture(scope="module")
def onnx() -> OnnxBackend:
    return OnnxBackend(SHIPPED, threads=1)


def test_onnx_answers_for_each_sentence_and_clause(onnx: OnnxBackend) -> None:
    assert [output.logits.shape for output in onnx.outputs(PASSAGES)] == [(4, 36), (1, 36), (1, 36), (1, 36)]


def test_company_and_threads_make_no_difference(onnx: OnnxBackend) -> None:
    together = OnnxBackend(SHIPPED, threads=3).outputs(PASSAGES)
    for passage, output in zip(PASSAGES, together, strict=True):
        assert np.array_equal(onnx.outputs([passage])[0].logits, output.logits)


def test_the_shipped_model_fits_into_the_package() -> None:
    assert (SHIPPED / "model.onnx").stat().st_size <= 25_000_000


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a classifier of two layers and random weights, whose labels are categories."""
    pytest.importorskip("torch", reason="the backend 'transformers' needs the extra tonecheck[torch]")
    transformers = pytest.importorskip("transformers", reason="needs the extra tonecheck[torch]")
    import torch

    folder = tmp_path_factory.mktemp("tiny")
    labels = ("threat", "sarcasm", "other")
    config = transformers.BertConfig(
        vocab_size=30522,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        id2label=dict(enumerate(labels)),
        label2id={label: number for number, label in enumerate(labels)},
    )
    torch.manual_seed(0)
    transformers.BertForSequenceClassification(config).save_pretrained(folder)
    tokenizer = transformers.PreTrainedTokenizerFast(
        tokenizer_file=str(SHIPPED / "tokenizer.json"),
        pad_token="[PAD]",
        cls_token="[CLS]",
        sep_token="[SEP]",
    )
    tokenizer.save_pretrained(folder)
    return folder


def test_transformers_answer_in_the_same_shape(tiny: Path) -> None:
    backend = TransformersBackend(str(tiny), threads=1)
    assert backend.labels == ("threat", "sarcasm", "other")
    assert [output.logits.shape for output in backend.outputs(PASSAGES)] == [(4, 3), (1, 3), (1, 3), (1, 3)]


def test_a_local_classifier_judges_through_the_same_code(tiny: Path) -> None:
    # Random weights say about one half of everything; as a hint; what counts is that it arrives in the report.
    (tiny / "model.json").write_text(
        json.dumps({"labels": [], "thresholds": {"threat": 0.01, "sarcasm": 0.99}})
    )
    checker = Checker(Config(backend="transformers", model_path=str(tiny)))
    report = checker.check("We noticed a balance of $100 on your account.")
    assert [
        (finding.rule, finding.severity, finding.detectors)
        for finding in report.findings
        if finding.start == 0
    ] == [("model/threat", 1, ("model",))]
    assert set(report.tone.probabilities) == {"threat", "sarcasm"} < set(TONE_CATEGORIES)
    assert checker.check("We noticed a balance of $100 on your account.").to_dict() == report.to_dict()


def test_a_model_that_is_not_there_is_named(tiny: Path) -> None:
    with pytest.raises(
        ConfigError, match=r"model\.path '/nowhere' cannot be loaded as a sequence classifier"
    ):
        TransformersBackend("/nowhere", threads=1)


def test_without_torch_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "torch", None)
    with pytest.raises(MissingExtra, match=r"tonecheck\[torch\]"):
        TransformersBackend("any", threads=1)
