"""What the model doubts in a harsh message, where it is no finding."""

from __future__ import annotations

import pytest

from tonecheck import Checker, readers
from tonecheck.rewrite import doubts as module
from tonecheck.rewrite.doubts import doubts

DRAFT = "Dear Sam, we know where your children go to school. The van was blue. Thank you for your time. The balance is $400."


@pytest.fixture(scope="module")
def checker() -> Checker:
    return Checker()


def quotes(checker: Checker, draft: str = DRAFT) -> list[str | None]:
    document = readers.read(draft)
    report = checker.check_document(document)
    return [one.quote for one in doubts(checker.analyse(document), report.findings)]


def test_what_was_found_or_is_warm_is_not_doubted(checker, monkeypatch):
    monkeypatch.setattr(module, "DOUBTED", 0.0)
    monkeypatch.setattr(module, "DOUBTED_WITH_FACTS", 0.0)
    assert quotes(checker) == ["The van was blue.", "The balance is $400."]


def test_a_sentence_with_facts_needs_more_doubt(checker, monkeypatch):
    monkeypatch.setattr(module, "DOUBTED", 0.0)
    monkeypatch.setattr(module, "DOUBTED_WITH_FACTS", 1.0)
    assert quotes(checker) == ["The van was blue."]


def test_offsets_are_those_of_the_draft(checker, monkeypatch):
    monkeypatch.setattr(module, "DOUBTED", 0.0)
    monkeypatch.setattr(module, "DOUBTED_WITH_FACTS", 0.0)
    draft = (
        "<p>We know where your children go to school. Our <b>invoice</b> &amp; the receipt are attached.</p>"
    )
    document = readers.read(draft)
    found = list(doubts(checker.analyse(document), checker.check_document(document).findings))
    assert [draft[one.start : one.end] for one in found] == [
        "Our <b>invoice</b> &amp; the receipt are attached."
    ]
