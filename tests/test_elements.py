"""Which content elements the shipped rules find in whole messages, and the words that show them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tonecheck import Checker, Profile
from tonecheck.config import Config, data_folder
from tonecheck.report import ELEMENTS, Element
from tonecheck.rulepack import Rule, load

MESSAGES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "data" / "elements.yaml").read_text(encoding="utf-8")
)


@pytest.fixture(scope="module")
def rules() -> list[Rule]:
    return load([data_folder("rules") / "lexicon.yaml", data_folder("rules") / "elements"])


@pytest.fixture(scope="module")
def element_checker(rules: list[Rule]) -> Checker:
    """Only the element rules, without syntax: evidence of elements may not hang on the language model."""
    return Checker(Config(pipeline="none"), rules=rules)


def _elements(checker: Checker, message: dict[str, Any]) -> dict[str, Element]:
    profile = Profile(**message.get("profile", {}))
    return checker.check(message["text"], profile).elements


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message["id"])
def test_exactly_these_elements_are_present(element_checker: Checker, message: dict[str, Any]) -> None:
    elements = _elements(element_checker, message)
    found = {
        name: [piece.quote for piece in element.evidence]
        for name, element in elements.items()
        if element.present
    }
    assert set(found) == set(message["elements"]), found


@pytest.mark.parametrize(
    "message", [message for message in MESSAGES if "evidence" in message], ids=lambda message: message["id"]
)
def test_the_evidence_shows_it(element_checker: Checker, message: dict[str, Any]) -> None:
    elements = _elements(element_checker, message)
    for name, quote in message["evidence"].items():
        at = message["text"].index(quote)
        pieces = elements[name].evidence
        covering = [piece for piece in pieces if piece.start < at + len(quote) and at < piece.end]
        assert covering, (name, quote, [piece.quote for piece in pieces])
        assert all(message["text"][piece.start : piece.end] == piece.quote for piece in pieces)


def test_every_element_has_rules(rules: list[Rule]) -> None:
    assert {rule.category for rule in rules} == set(ELEMENTS)


def test_the_messages_try_every_element_both_ways() -> None:
    for name in ELEMENTS:
        present = sum(name in message["elements"] for message in MESSAGES)
        assert 2 <= present <= len(MESSAGES) - 2, name
