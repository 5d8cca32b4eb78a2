"""How rules and model decide together, case by case."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from tonecheck.document import Span
from tonecheck.finding import Finding
from tonecheck.fusion import RULED_OUT, fuse, is_weak
from tonecheck.model.tone_model import Calibration, Opinion

SENTENCES = (Span(0, 10), Span(11, 20))
THRESHOLD = 0.6


def decided(pairs: list[tuple[str, Finding]], *threat: float) -> list[Finding]:
    """``threat``: the model's probability of a threat, by sentence."""
    opinions: Any = SimpleNamespace(
        rows=[Opinion({"threat": probability, "sarcasm": 0.0}) for probability in threat],
        model=SimpleNamespace(calibration=Calibration(thresholds={"threat": THRESHOLD})),
    )
    rules: Any = [(SimpleNamespace(verb=verb), finding) for verb, finding in pairs]
    return [finding for _, finding in fuse(rules, opinions, SENTENCES)]


def finding(start: int | None = 2, end: int | None = 8, **values: Any) -> Finding:
    return Finding("threat/court", values.pop("category", "threat"), 3, "", "", start, end, **values)


SURE = finding(confidence=0.9)
WEAK = finding(confidence=0.5)


def test_a_sure_rule_stands_whatever_the_model_says() -> None:
    assert decided([("phrase", SURE)], 0.0, 0.0) == [SURE]


def test_the_model_alone_must_be_surer_than_a_rule() -> None:
    assert is_weak(finding(confidence=0.9, detectors=("model",)))
    assert not is_weak(finding(confidence=0.97, detectors=("model",)))
    assert not is_weak(finding(confidence=0.9, detectors=("rule", "model")))


def test_agreement_makes_surer_and_names_both() -> None:
    (both,) = decided([("phrase", SURE)], 0.8, 0.0)
    assert both.detectors == ("rule", "model")
    assert both.confidence == pytest.approx(0.98)


def test_a_weak_rule_gains_from_the_model() -> None:
    (both,) = decided([("phrase", WEAK)], 0.8, 0.0)
    assert both.confidence == pytest.approx(0.9)


def test_a_weak_rule_goes_where_the_model_rules_it_out() -> None:
    assert decided([("phrase", WEAK)], RULED_OUT / 2, 0.9) == []
    assert decided([("phrase", WEAK)], RULED_OUT, 0.9) == [WEAK]


def test_what_only_the_model_sees_is_its_own() -> None:
    (alone,) = decided([("model", WEAK)], 0.8, 0.0)
    assert alone.detectors == ("model",)


def test_one_finding_where_both_see_the_same_in_a_sentence() -> None:
    rule = finding(0, 3, confidence=0.9)
    model = finding(4, 9)
    assert [each.detectors for each in decided([("model", model), ("phrase", rule)], 0.8, 0.0)] == [
        ("rule", "model")
    ]


def test_the_same_category_in_another_sentence_is_another_finding() -> None:
    rule = finding(0, 3, confidence=0.9)
    model = finding(12, 18)
    assert [each.detectors for each in decided([("phrase", rule), ("model", model)], 0.1, 0.8)] == [
        ("rule",),
        ("model",),
    ]


def test_another_category_in_the_sentence_is_another_finding() -> None:
    rule = finding(category="shame", confidence=0.9)
    assert len(decided([("phrase", rule), ("model", finding())], 0.8, 0.0)) == 2


@pytest.mark.parametrize(
    "other", [finding(None, None, category="missing"), finding(category="compliance", confidence=0.1)]
)
def test_what_is_not_tone_is_none_of_the_models_business(other: Finding) -> None:
    assert decided([("phrase", other)], 0.0, 0.0) == [other]


def test_a_place_outside_all_sentences_is_the_rules_alone() -> None:
    outside = finding(30, 40, confidence=0.1)
    assert decided([("phrase", outside)], 0.9, 0.9) == [outside]
