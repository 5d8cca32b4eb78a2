"""Titles and offices that a sender only claims."""

import pytest

from tonecheck.rewrite.offices import without_office

CLAIMED = {
    "Hello, this is Investigator Hale from the Fraud Resolution Unit at Piedmont Asset Services, about file 2291.": "Hello, this is Hale at Piedmont Asset Services, about file 2291.",
    "This is Officer Dana Hutch over at the County Financial Crimes desk, badge 3390.": "This is Dana Hutch.",
    "Special Agent Lane here, Pre-Arrest Unit at Summit Checks.": "Lane here at Summit Checks.",
    "This is the Litigation Department of Moss Collect.": "This is Moss Collect.",
    "Deputy Marsh, Warrants Division": "Marsh",
}
PLAIN = (
    "This is Lee from the accounts team at Westmark.",
    "An agent will call you about unit 9.",
    "We passed your note to the office at Mill Road.",
)


@pytest.mark.parametrize(("sentence", "left"), CLAIMED.items())
def test_when_an_office_is_claimed_then_who_speaks_and_for_whom_stays(sentence, left):
    assert without_office(sentence)[0] == left


@pytest.mark.parametrize("sentence", PLAIN)
def test_when_no_office_is_claimed_then_nothing_changes(sentence):
    assert without_office(sentence) == (sentence, "")
