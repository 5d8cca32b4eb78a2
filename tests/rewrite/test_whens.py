"""Deadlines that only a "by" makes one, and what a date in a sentence means."""

from __future__ import annotations

import pytest

from tonecheck.document import Span
from tonecheck.entities import find_entities
from tonecheck.rewrite.facts import facts_of
from tonecheck.rewrite.whens import (
    is_deadline,
    is_due,
    is_sent,
    is_time_left,
    names_a_payment,
    relative_whens,
    told_in,
    whens_joined,
)


@pytest.mark.parametrize(
    ("text", "whens"),
    [
        ("Yes or no by 6. Ring me.", ["6"]),
        ("Funds by 12 tmrw or we collect.", ["12 tmrw"]),
        ("In by close of business.", ["close of business"]),
        ("Two o'clock tomorrow at the judge's.", ["tomorrow"]),
        ("Pay by tonight!", ["tonight"]),
        ("You said today that you would.", []),
        ("Pay by 12 monthly parts.", []),
        ("Stand by 6 friends.", []),
    ],
)
def test_deadlines_without_a_date_are_found(text, whens):
    assert [text[slice(*when)] for when in relative_whens(text, find_entities(text))] == whens


def test_a_day_and_an_hour_are_one_date():
    text = "Pay $40 by noon on 14 May or 6pm tomorrow."
    found = list(whens_joined(text, told_in(text, find_entities(text)), Span(0, len(text))))
    assert [(kind, text[slice(*place)]) for kind, place in found] == [
        ("amount", "$40"),
        ("date", "noon on 14 May"),
        ("date", "6pm tomorrow"),
    ]


@pytest.mark.parametrize(
    ("before", "meaning"),
    [
        ("Please pay by ", is_deadline),
        ("This was due on ", is_due),
        ("The debit bounced on ", is_due),
        ("You told my wife that the board would be paid by the ", is_due),
        ("You agreed £50 by ", is_due),
        ("We wrote to you on ", is_sent),
        ("Neither my letter of 3 May nor that of ", is_sent),
    ],
)
def test_the_words_before_a_date_say_what_it_is(before, meaning):
    assert meaning(before)
    assert sum(test(before) for test in (is_deadline, is_due, is_sent)) == 1


def test_a_period_is_time_left_only_after_words_that_say_so():
    assert is_time_left("Pay within 24 hours.", "24 hours")
    assert not is_time_left("It is three months old.", "three months")


def test_the_words_after_a_date_say_that_a_payment_was_due():
    assert names_a_payment(" payment is nowhere to be seen")
    assert names_a_payment(" instalment.")
    assert not names_a_payment(" we wrote")


@pytest.mark.parametrize(
    ("sentence", "facts"),
    [
        ("I was up until 2 am on those hems.", 0),
        ("We took him in at 6pm on a Sunday.", 0),
        ("My lads worked until 10pm on a wet Friday.", 0),
        ("We came at 6pm on Sunday.", 1),  # the day tells when
        ("Please ring us at 6pm on Sunday.", 2),
    ],
)
def test_hours_that_tell_of_toil_are_no_facts(sentence, facts):
    assert sum(fact.kind in ("date", "time") for fact in facts_of(sentence)) == facts
