"""No suggestion changes, drops or invents a fact, or takes back what the sender undertook."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tonecheck import Checker
from tonecheck.rewrite.facts import FIGURES, commitments_of, facts_of, names_of
from tonecheck.rewrite.guard import Guard
from tonecheck.rewrite.measure import keeps_facts

MESSAGE = (
    "Dear Ms Okafor,\n\nYou must pay $640 by 14 May on 555-0142. Please call Dana at Northfield Plumbing."
)
REFUSED = [
    ("You must pay $640.", "Please pay $64.", "drops the amount"),
    ("You must pay $640.", "Please pay.", "drops the amount"),
    ("You must pay.", "Please pay $50.", "brings in the amount"),
    ("Pay by 14 May.", "Please pay by 15 May.", "drops the date"),
    ("Ring 555-0142 now.", "Please ring us.", "drops the phone"),
    ("Pay at example.com/a.", "Please pay at example.com/b.", "drops the link"),
    ("Pay at example.com/Ab.", "Please pay at example.com/ab.", "drops the link"),
    ("Pay {{ balance }}.", "{{ Balance }} is due.", "drops the"),
    ("Ask Mr Whitlock, you fool.", "Please ask.", "drops the name"),
    ("They add 25% for their trouble.", "They add a fee.", "drops the rate"),
    ("We want both kegs (serials 4471, 4478).", "We want both kegs.", "drops the number"),
    ("Pay up.", "Please pay Mr Whitlock.", "brings in the name"),
    ("Pay up.", "Please pay, and we will waive the fee.", "undertakes"),
    ("Pay up.", 'Please "pay.', "half a pair"),
    ("Pay up and shut up.", "Please pay and .", "leaves"),
    ("Pay, and if you hide, we come.", "Please pay, and if you hide.", "leaves"),
]
ALLOWED = [
    ("You must pay $640.", "Could you please pay $640?"),
    ("You must pay $1,000.00.", "Could you please pay $1,000.00?"),
    ("Okafor, you liar, pay up.", "Please pay when you can."),
    ("Nobody believes you.", ""),
    ("I am 100% sure that you got it in 2019.", ""),
    ("You fool, ring Priya on 555-0142.", "Ring Priya on 555-0142."),
    ("The 14 May payment is a joke.", "The payment for 14 May has not reached us."),
]


def guard() -> Guard:
    return Guard(MESSAGE, lambda text: "liar" not in text)


@pytest.mark.parametrize(("before", "after", "reason"), REFUSED)
def test_what_touches_a_fact_or_an_undertaking_is_refused(before, after, reason):
    assert reason in (guard().refuses(before, after) or "")


@pytest.mark.parametrize(("before", "after"), ALLOWED)
def test_what_keeps_them_is_let_through(before, after):
    message = Guard(f"{MESSAGE}\n\n{before}", lambda text: "liar" not in text)
    assert message.refuses(before, after) is None


def test_an_undertaking_in_a_clean_clause_stays():
    before = "We will not add fees, you liar."
    assert "takes back" in (guard().refuses(before, "Please call us.", kept="We will not add fees") or "")
    assert guard().refuses(before, "We will not add fees.", kept="We will not add fees") is None


def test_a_candidate_that_is_harsh_itself_is_refused():
    assert guard().refuses("Pay up.", "Please pay, liar.") == "it is not clean itself"


def test_an_insertion_may_hold_blanks_and_what_the_account_says():
    known = Guard(MESSAGE, lambda text: True, ("$640", "example.com/pay"))
    assert known.refuses("", "The balance is [BALANCE].") is None
    assert known.refuses("", "You can pay at example.com/pay.") is None
    assert "brings in" in (known.refuses("", "You can pay at example.com/other.") or "")


def test_undertakings_are_what_the_sender_binds_itself_to():
    assert commitments_of("We will not add any fees and I have agreed to wait; you will see.").total() == 2
    assert commitments_of("We need the money. We would be glad to help. I do not mean that.").total() == 0
    assert commitments_of("I can only imagine how you feel, and we can only hope.").total() == 0


def test_a_name_is_whole_without_the_word_before_it():
    assert list(names_of("It is with Blackwell Collections. What Garrison does is up to it.", [])) == [
        "blackwell collections",
        "garrison",
    ]


def test_what_is_told_to_hurt_may_go():
    before = "Men like you are why Priya pays 29% on her card."
    message = Guard(f"{MESSAGE}\n\n{before}", lambda text: True)
    assert "drops" in (message.refuses(before, "") or "")
    assert message.refuses(before, "", may_go=FIGURES | {"name"}) is None


def test_two_spellings_of_one_sum_are_one_fact():
    assert facts_of("$1,000.00") == facts_of("$1000")


AMOUNTS = st.integers(1, 99_999).map(lambda cents: f"${cents / 100:,.2f}")
DATES = st.tuples(
    st.integers(1, 28), st.sampled_from("January March May June September November".split())
).map(lambda pair: f"{pair[0]} {pair[1]}")
NAMES = st.sampled_from("Okafor Nguyen Rossi Haddad Kowalski".split())
HARSH = st.sampled_from(
    [
        "You must pay {amount} by {date}, {name}.",
        "{name}, you owe us {amount} and we are sick of your excuses.",
        "Honest people pay {amount} on {date}.",
        "You failed to pay {amount} on {date}, and your employer will hear about it.",
        "Final warning: {amount} by {date} or we sue you, ring 555-0142.",
        "Pay {amount} at example.com/{amount_digits} immediately or else.",
        "We will take you to court on {date} for {amount}, reference INV-{amount_digits}.",
    ]
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(HARSH, AMOUNTS, DATES, NAMES), min_size=1, max_size=3))
def test_every_suggestion_for_generated_drafts_keeps_every_fact(checker, rows):
    text = "Dear customer,\n\n" + " ".join(
        harsh.format(
            amount=amount,
            date=date,
            name=name,
            amount_digits=amount.strip("$").replace(",", "").replace(".", ""),
        )
        for harsh, amount, date, name in rows
    )
    for finding in checker.check(text).findings:
        for suggestion in finding.suggestions:
            assert keeps_facts(text, suggestion), suggestion


@pytest.fixture(scope="module")
def checker() -> Checker:
    return Checker()
