"""What the entities mean, where the words leave no doubt."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tonecheck.entities import find_entities
from tonecheck.entities.numbers import parse_number_words


def value(text: str) -> object:
    entities = find_entities(text)
    assert len(entities) == 1, entities
    return entities[0].value


@pytest.mark.parametrize(
    ("text", "number", "currency"),
    [
        ("$1,000.50", "1000.50", "USD"),
        ("1.000,50 €", "1000.50", "EUR"),
        ("£1.2k", "1200", "GBP"),
        ("20p", "0.20", "GBP"),
        ("50 cents", "0.50", None),
        ("two grand", "2000", None),
        ("CA$90", "90", "CAD"),
        ("USD 400", "400", "USD"),
        ("four hundred dollars", "400", "USD"),
        ("one thousand two hundred and thirty-four pounds", "1234", "GBP"),
        ("£1,234,567.89", "1234567.89", "GBP"),
        ("€12,5", "12.5", "EUR"),
        ("£0.00", "0", "GBP"),
    ],
)
def test_amount_is_a_decimal_with_its_currency(text: str, number: str, currency: str | None) -> None:
    assert value(text) == (Decimal(number), currency)


@pytest.mark.parametrize("text", ["{{ balance }}", "£____", "a few hundred pounds", "five two pounds"])
def test_amount_that_is_not_said_has_no_value(text: str) -> None:
    assert value(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("14 May 2026", {"kind": "day", "day": 14, "month": 5, "year": 2026, "weekday": None}),
        ("Monday, June 16", {"kind": "day", "day": 16, "month": 6, "year": None, "weekday": 0}),
        ("14/05/2026", {"kind": "day", "day": 14, "month": 5, "year": 2026, "weekday": None}),
        ("05/14/26", {"kind": "day", "day": 14, "month": 5, "year": 2026, "weekday": None}),
        # The fourth of May or the fifth of April: only the year is certain.
        ("04/05/2026", {"kind": "day", "day": None, "month": None, "year": 2026, "weekday": None}),
        ("05/05/2026", {"kind": "day", "day": 5, "month": 5, "year": 2026, "weekday": None}),
        ("2026-06-30", {"kind": "day", "day": 30, "month": 6, "year": 2026, "weekday": None}),
        ("14-16 May", {"kind": "day", "day": None, "month": 5, "year": None, "weekday": None}),
        ("next Friday", {"kind": "weekday", "day": None, "month": None, "year": None, "weekday": 4}),
        ("July 2026", {"kind": "month", "day": None, "month": 7, "year": 2026, "weekday": None}),
        ("the 1st of next month", {"kind": "day", "day": 1, "month": None, "year": None, "weekday": None}),
        ("the 15th", {"kind": "day", "day": 15, "month": None, "year": None, "weekday": None}),
        ("the end of the month", {"kind": "end", "day": None, "month": None, "year": None, "weekday": None}),
    ],
)
def test_date_says_what_is_certain(text: str, expected: dict[str, object]) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("14 days", (14, "day")),
        ("7 working days", (7, "business day")),
        ("3-6 months", (6, "month")),
        ("two to three weeks", (3, "week")),
        ("fourteen (14) days", (14, "day")),
        ("48hrs", (48, "hour")),
        ("90 minutes", (90, "minute")),
        ("{{ days }} days", (None, "day")),
        ("5pm", "17:00"),
        ("12am", "00:00"),
        ("12:30 p.m.", "12:30"),
        ("midnight", "00:00"),
        ("2 o'clock", None),
        ("+44 (0)20 7946 0155", "+442079460155"),
        ("(479) 555-0168", "4795550168"),
        ("Billing@Harbour.Example", "billing@harbour.example"),
        ("GB82 WEST 1234 5698 7654 32", ("iban", "GB82WEST12345698765432")),
        ("IBAN GB00 WEST 1234 5698 7654 32", None),
        ("sort code 204512", ("sort_code", "20-45-12")),
        ("routing 021000021", ("routing", "021000021")),
        ("routing 021000022", None),
        ("BIC COBADEFFXXX", ("bic", "COBADEFFXXX")),
        ("invoice INV-0076.", "INV-0076"),
        ("invoice #12", "12"),
        ("Dear [First Name],", "first name"),
    ],
)
def test_other_values(text: str, expected: object) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("zero", 0),
        ("nineteen", 19),
        ("twenty-one", 21),
        ("a hundred", 100),
        ("three hundred and five", 305),
        ("two thousand and ten", 2010),
        ("one million two hundred thousand", 1_200_000),
        ("nine hundred ninety-nine thousand nine hundred ninety-nine", 999_999),
        ("five two", None),
        ("twenty thirty", None),
        ("", None),
        ("several", None),
    ],
)
def test_number_words(words: str, number: int | None) -> None:
    assert parse_number_words(words) == number
