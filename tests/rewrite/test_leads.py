"""Who is spoken to, who speaks and when: kept, whatever is said after it."""

from __future__ import annotations

import pytest

from tonecheck.document import Span
from tonecheck.rewrite.leads import inside, lead_of, opening_of, tail_of


@pytest.mark.parametrize(
    ("sentence", "channel", "lead"),
    [
        ("Hank, nice try.", "email", "Hank, "),
        ("Hi Hank, nice try.", "sms", "Hi Hank, "),
        ("Agent: pay up.", "chat", "Agent: "),
        ('If they ask why: "Because I say so."', "call_script", 'If they ask why: "'),
        ("If they ask why: because.", "email", ""),
        ("Subject: pay up", "email", ""),
        ("CITY LIGHTS: pay up.", "sms", "CITY LIGHTS: "),
        ("FINAL NOTICE: pay up.", "sms", ""),
        ("Garrison, Poole & Associates is not a law firm.", "email", ""),
        ("Pay up, Hank.", "email", ""),
        ("Your Balance {{ balance }} is due.", "email", ""),
    ],
)
def test_the_lead_of_a_sentence(sentence, channel, lead):
    assert lead_of(sentence, Span(0, len(sentence)), channel) == lead


def test_a_closing_quotation_mark_stays_with_its_opening_one():
    assert tail_of('If they ask: "No."', 'If they ask: "') == '"'
    assert tail_of("If they ask: No.", "If they ask: ") == ""
    assert tail_of('what is it to be?"', "") == '"'
    assert tail_of('so you say "no"', "") == ""


def test_an_opening_quotation_mark_that_another_sentence_closes():
    assert opening_of('"I need a payment.') == '"'
    assert opening_of('"No" is what you said.') == ""
    assert opening_of("'Tis late.") == ""


@pytest.mark.parametrize(("text", "expected"), [("Could you pay?", "could you pay?"), ("I see.", "I see.")])
def test_a_sentence_after_a_name_goes_on_in_the_same_breath(text, expected):
    assert inside(text, "pay the bill now") == expected


def test_a_name_that_stood_inside_keeps_its_capital_at_the_beginning():
    assert inside("Lane here at Summit.", "Investigator Lane here, at Summit.") == "Lane here at Summit."
