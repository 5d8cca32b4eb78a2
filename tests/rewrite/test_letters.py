"""What is shouted, in small letters."""

from __future__ import annotations

import pytest

from tonecheck.rewrite.letters import in_small_letters

SHOUTED = {
    "WE CANNOT CONTINUE TO CARRY THIS BALANCE!!": "We cannot continue to carry this balance.",
    "PLEASE PAY. THE BALANCE IS $40 AND I WILL HELP.": "Please pay. The balance is $40 and I will help.",
    # a link keeps its letters
    "PLEASE PAY THE BALANCE AT EXAMPLE.COM/PAY TODAY": "Please pay the balance at EXAMPLE.COM/PAY today",
    # one word is no shouting, and a name may be in it
    "The balance is NOT paid.": "",
    "PLEASE PAY THE BALANCE TO THORNBERRYS": "",
}


@pytest.mark.parametrize(("text", "said"), SHOUTED.items())
def test_what_is_shouted_is_said_unless_a_word_may_be_a_name(text, said):
    assert in_small_letters(text) == said
