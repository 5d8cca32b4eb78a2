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


def quotes(checker: Checker, draft: str = DRAFT, *, harsh: bool = True) -> list[str | None]:
    document = readers.read(draft)
    report = checker.check_document(document)
    return [one.quote for one in doubts(checker.analyse(document), report.findings, harsh=harsh)]


def test_what_was_found_or_is_warm_is_not_doubted(checker, monkeypatch):
    monkeypatch.setattr(module, "DOUBTED", 0.0)
    monkeypatch.setattr(module, "DOUBTED_WITH_FACTS", 0.0)
    assert quotes(checker) == ["The van was blue.", "The balance is $400."]


def test_a_long_sentence_is_doubted_although_its_length_was_found(checker, monkeypatch):
    monkeypatch.setattr(module, "DOUBTED", 0.0)
    long = "The van was blue and stood in the yard behind the hall for most of the week, which is why the team took a little longer than it had planned to take on that day."
    assert long in quotes(checker, f"We know where your children go to school. {long}")


def test_in_a_message_that_is_not_harsh_the_model_has_to_be_surer(checker, monkeypatch):
    monkeypatch.setattr(module, "DOUBTED", 0.0)
    monkeypatch.setattr(module, "DOUBTED_WITH_FACTS", 0.0)
    assert quotes(checker, harsh=False) == []
    monkeypatch.setattr(module, "_DOUBTED_ALONE", 0.0)
    assert quotes(checker, harsh=False) == ["The van was blue."]


def test_what_leads_up_to_a_list_is_not_doubted(checker, monkeypatch):
    monkeypatch.setattr(module, "DOUBTED", 0.0)
    draft = "We know where your children go to school. The van is described below. The van was blue."
    assert quotes(checker, draft) == ["The van was blue."]


def test_a_pleasantry_that_the_model_doubts_much_is_no_pleasantry(checker, monkeypatch):
    monkeypatch.setattr(module, "DOUBTED", 0.0)
    monkeypatch.setattr(module, "_DOUBTED_IF_WARM", 0.0)
    assert "Thank you for your time." in quotes(checker)


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
    found = list(doubts(checker.analyse(document), checker.check_document(document).findings, harsh=True))
    assert [draft[one.start : one.end] for one in found] == [
        "Our <b>invoice</b> &amp; the receipt are attached."
    ]
