"""Whole messages: which fact wins where two would fit, and where exactly each stands."""

from __future__ import annotations

import pytest

from tonecheck.entities import MASKS, find_entities, mask

EMAIL = """Hello Mrs Patel,

Invoice INV-0076 for £286.40 was due on 14 May. You can split it into £50 a month for
six months. Pay at https://pay.example.com/rp or to sort code 20-45-12, account 12345678.
Call 020 7946 0155 (Monday to Friday, 9am-5pm) or write to billing@harbour.example by Friday.
"""


def test_an_email_gives_its_facts_in_order() -> None:
    assert [(entity.kind, EMAIL[entity.start : entity.end]) for entity in find_entities(EMAIL)] == [
        ("reference", "INV-0076"),
        ("amount", "£286.40"),
        ("date", "14 May"),
        ("amount", "£50"),
        ("period", "six months"),
        ("link", "https://pay.example.com/rp"),
        ("bank", "20-45-12"),
        ("bank", "12345678"),
        ("phone", "020 7946 0155"),
        ("time", "Monday to Friday"),
        ("time", "9am"),
        ("time", "5pm"),
        ("email", "billing@harbour.example"),
        ("date", "Friday"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # A date or an amount wins over a reference.
        ("ref 14/05/2026", [("date", "14/05/2026")]),
        ("account £400", [("amount", "£400")]),
        # A short number with a hyphen behind "a/c" is no sort code and no telephone number.
        ("a/c 40-8821", [("reference", "40-8821")]),
        ("account 555-0142", [("reference", "555-0142")]),
        # An account number is a bank's only beside a sort code.
        ("account 12345678", [("reference", "12345678")]),
        ("12-05-26", [("date", "12-05-26")]),
        ("sort code 12-05-26", [("bank", "12-05-26")]),
        # An address inside a link is part of the link.
        ("https://pay.example/?e=a@b.com", [("link", "https://pay.example/?e=a@b.com")]),
        ("https://x.test/{{ token }}", [("link", "https://x.test/{{ token }}")]),
        ("{{ days }} days", [("period", "{{ days }} days")]),
        ("\U0001f600 caf\u00e9 \u00a385", [("amount", "\u00a385")]),
        ("half a \ud83d character, $5", [("amount", "$5")]),
        ("", []),
    ],
)
def test_precedence(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(entity.kind, text[entity.start : entity.end]) for entity in find_entities(text)] == expected


def test_mask_shows_the_kinds_and_keeps_the_rest() -> None:
    text = "Pay £85 by 14 May."
    amount, date = MASKS["amount"], MASKS["date"]
    assert mask(text, find_entities(text)) == f"Pay {amount * 3} by {date * 6}."


def test_a_mask_character_that_was_typed_is_no_entity() -> None:
    text = f"Pay {MASKS['amount']} now"
    assert find_entities(text) == []
    assert mask(text, []) == "Pay \x7f now"
