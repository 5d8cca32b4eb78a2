"""Sums without a currency, and what a sum is for."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tonecheck.document import Span
from tonecheck.entities import find_entities
from tonecheck.rewrite.facts import Fact, facts_of
from tonecheck.rewrite.sums import bare_sums, what_for, whose

SUMS = [
    ("My friend at the marina says you owe 9,300.", ["9,300"]),
    ("venmo me the 410 tonight", ["410"]),
    ("Your balance of 75 is still open.", ["75"]),
    ("Pay the 1,204.50 by Friday.", ["1,204.50"]),
    # in words, from a hundred on, and what is added to a sum
    ("You said you'd transfer the four hundred and sixty five that night.", ["four hundred and sixty five"]),
    ("It comes to two thousand, three hundred and eight.", ["two thousand, three hundred and eight"]),
    ("$206.51 + 50 reconnect.", ["50"]),
    ("We have three hundred other customers, and I told you a hundred times.", []),
    # a sum with its currency is an entity
    ("You owe $9,300.", []),
    ("You owe 3 months of rent, and you have 48 hours to pay 2 of them.", []),
    ("Please pay by 12 May, or call 555-0142 before 1730.", []),
    ("Invoice 2231 for unit 45 is 90 days old.", []),
    ("Pay 50% now.", []),
]


@pytest.mark.parametrize(("text", "expected"), SUMS)
def test_figures_that_are_owed_are_sums(text, expected):
    assert [text[slice(*span)] for span in bare_sums(text, find_entities(text))] == expected


def test_two_spellings_of_a_bare_sum_are_one_fact():
    assert facts_of("You owe 9,300.")[Fact("amount", "9300")] == 1
    assert facts_of("The balance of 9300 is open.")[Fact("amount", "9300")] == 1


@given(st.text(alphabet="owe pay 0123456789,.£$%:-\n", max_size=60))
def test_bare_sums_stand_in_order_beside_the_entities(text):
    entities = find_entities(text)
    spans = list(bare_sums(text, entities))
    assert all(one.end <= other.start for one, other in pairwise(spans))
    assert not any(
        span.start < entity.end and entity.start < span.end for span in spans for entity in entities
    )


WHAT_FOR = {
    "$8,450 for the sunroom settled by Friday": "for the sunroom",
    "£312.75 for your old mobile contract (ref 1)": "for your old mobile contract",
    "£60 for Biscuit's dental op is open": "for Biscuit's dental op",
    "£60 for three weeks": None,
    "£60 on your account": None,
    "$176.90 for Sunny Day Pediatrics, acct 4093": "for Sunny Day Pediatrics",
    "$2,204 originally owed to Bank of Ohio.": "originally owed to Bank of Ohio",
    "$40 at Friday noon": None,
}


@pytest.mark.parametrize(("text", "told"), WHAT_FOR.items())
def test_a_sum_tells_what_it_is_for(text, told):
    found = what_for(text, text.index(" "), len(text))
    assert (text[slice(*found)] if found else None) == told


WHOSE = {
    "Judgment is being prepared in favor of Unity Card Bank.": "Unity Card Bank",
    "Our client Polar Cooling has authorized suit.": "Polar Cooling",
    "The sum is owed to us.": "",
}


@pytest.mark.parametrize(("text", "owner"), WHOSE.items())
def test_a_sentence_tells_whose_a_sum_is(text, owner):
    assert whose(text, Span(0, len(text))) == owner
