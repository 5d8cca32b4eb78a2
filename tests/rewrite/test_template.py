"""Phrasings with slots: what is kept, what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tonecheck.rewrite.template import Template

ASK = Template("Could you please send us[ {amount}][ by {date}]?")
CASES = [
    (ASK, {}, "Could you please send us?"),
    (ASK, {"amount": ["$40"]}, "Could you please send us $40?"),
    (ASK, {"date": ["Friday"], "amount": ["£7.50"]}, "Could you please send us £7.50 by Friday?"),
    (ASK, {"phone": ["555-0100"]}, None),
    (ASK, {"amount": ["$40", "$50"]}, None),
    (Template("Pay {amount}, then {amount2}."), {"amount": ["$1", "$2"]}, "Pay $1, then $2."),
    (Template("Pay {amount}."), {}, None),
    (Template("It is due at {time}."), {"time": ["5 p.m."]}, "It is due at 5 p.m."),
]


@pytest.mark.parametrize(("template", "facts", "expected"), CASES)
def test_a_template_takes_all_facts_or_none(template, facts, expected):
    assert template.carrying(facts) == expected


@pytest.mark.parametrize("text", ["a [b", "a] b", "a [b [c]]", "[a[b] c"])
def test_brackets_that_do_not_pair_are_refused(text):
    with pytest.raises(ValueError, match="optional part"):
        Template(text)


def test_variants_are_all_sets_of_slots():
    assert set(ASK.variants()) == {
        frozenset(),
        frozenset({"amount"}),
        frozenset({"date"}),
        frozenset({"amount", "date"}),
    }


@given(
    st.dictionaries(
        st.sampled_from(["amount", "date", "phone"]), st.lists(st.text("1a$ ", min_size=1), max_size=2)
    )
)
def test_what_is_filled_holds_every_fact(facts):
    facts = {kind: texts for kind, texts in facts.items() if texts}
    text = ASK.carrying(facts)
    if text is not None:
        assert all(one in text for texts in facts.values() for one in texts)
