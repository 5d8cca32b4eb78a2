"""Arithmetic on the figures and dates of a message: what is found, and that nothing else is."""

from __future__ import annotations

import json
import time
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tonecheck import readers
from tonecheck.analysis import Analysis
from tonecheck.checks import CHECKS, Doubt
from tonecheck.checks.business_days import add_business_days, legal_holidays
from tonecheck.checks.late_payment import fixed_sum
from tonecheck.language import Language
from tonecheck.profile import Profile

HELD_OUT = Path(__file__).parent.parent / "training" / "data"
CONTRADICTIONS = (
    "balances_differ",
    "currencies_differ",
    "deadlines_differ",
    "deadline_past",
    "weekday_differs",
)
_LANGUAGE = Language("none")


def doubts(name: str, text: str, view: str = "sent") -> list[tuple[str | None, str]]:
    """The doubts of one check as (quoted place, detail)."""
    document = readers.read(text, format="text")
    analysis = Analysis(document, Profile(), _LANGUAGE)
    return [_shown(document.text, doubt) for doubt in CHECKS[name](analysis, analysis.views[view])]


def _shown(text: str, doubt: Doubt) -> tuple[str | None, str]:
    return (None if doubt.start is None else text[doubt.start : doubt.end]), doubt.detail


# --- balances


def test_two_balances_name_both_and_point_at_the_second() -> None:
    text = "Subject: Your balance of $420.00\n\nDear Sam,\n\nThe balance on your account is $430.00."
    assert doubts("balances_differ", text) == [("$430.00", "$420.00 and $430.00")]


@pytest.mark.parametrize(
    "text",
    [
        "The balance is $420. The balance of $420.00 can be paid online.",
        "The balance is $420. Your payment of $40 is due.",
        "The balance is $420, of which $120 is overdue.",
        "The amount due is $120. The balance on your account is $420, and $300 of it is not due yet.",
        "The balance was $420 in May. The balance is $300.",
        "Your remaining balance is $300. The balance is $420.",
        "If you pay $100 the balance will be $320. The balance is $420.",
        "We would accept $250 as full settlement. The balance is $420.",
        "The balance is $420. After the discount you owe $400.",
        "Account 4421-88: the balance is $420. Account 9917-02: the balance is $430.",
        "You owe {{ balance }}. The balance is $420.",
        "The balance is $0. The balance is $420.",
        "> The balance is $430.\n\nThe balance is $420.",
    ],
)
def test_figures_that_agree_or_are_explained_pass(text: str) -> None:
    assert doubts("balances_differ", text) == []


def test_a_balance_in_two_currencies() -> None:
    assert doubts("currencies_differ", "The balance is £420. You owe $420.") == [("$420", "£420 and $420")]
    assert doubts("currencies_differ", "The balance is £420. You owe about $520.") == []
    assert doubts("balances_differ", "The balance is £420. You owe $520.") == []


# --- dates


def test_a_weekday_that_does_not_fit() -> None:
    text = "Please pay by Monday 15 May 2026, or call us on Friday 15 May 2026."
    assert doubts("weekday_differs", text) == [
        ("Monday 15 May 2026", "15 May 2026 is a Friday, not a Monday")
    ]


@pytest.mark.parametrize(
    "text", ["Monday 15 May", "Friday 15 May 2026", "15 May 2026", "Friday", "29 February 2027"]
)
def test_a_weekday_that_cannot_be_wrong(text: str) -> None:
    assert doubts("weekday_differs", f"Please pay by {text}.") == []


def test_two_deadlines() -> None:
    text = "Please pay by 14 May 2026. Payment must reach us by 21 May 2026."
    assert doubts("deadlines_differ", text) == [("21 May 2026", "14 May 2026 and 21 May 2026")]
    assert doubts("deadlines_differ", "Please pay by 14 May 2026. Payment must reach us by 14 May.") == []


@pytest.mark.parametrize(
    "text",
    [
        "Please pay half by 14 May and the rest by 21 May.",
        "The first payment is due by 14 May. Please pay the second by 14 June.",
        "Please pay by 14 May. If that is too soon, pay by 21 May.",
        "The invoice was due by 3 May. Please pay by 14 May.",
        "Please pay by 14 May. Please call us by 10 May.",
        "We agreed that you would pay by 3 May. Please pay by 14 May.",
        "Please pay by 14 May. The settlement offer ends when you have not paid by 7 May.",
    ],
)
def test_deadlines_for_different_things_pass(text: str) -> None:
    assert doubts("deadlines_differ", text) == []


def test_a_deadline_before_the_date_of_the_letter() -> None:
    text = "Lark Ltd\n1 June 2026\n\nDear Sam,\n\nPlease pay by 14 May 2026."
    assert doubts("deadline_past", text) == [
        ("14 May 2026", "14 May 2026 is before 1 June 2026, the date of the message")
    ]


def test_the_clock_is_never_asked() -> None:
    assert doubts("deadline_past", "Please pay by 14 May 1999.") == []


def test_a_date_in_a_sentence_is_not_the_date_of_the_letter() -> None:
    assert doubts("deadline_past", "We wrote on 1 June 2026.\n\nPlease pay by 14 May 2026.") == []


# --- the validation notice

FORM = """May 20, 2026

As of January 2, 2026, you owed: $2,234.56
Between January 2, 2026 and today:
You were charged this amount in interest: + $75.00
You were charged this amount in fees: + $25.00
You paid or were credited this amount toward the debt: - $50.00
Total amount of the debt now: {total}

Call or write to us by {end}, to dispute all or part of the debt.
"""


def test_an_itemization_that_adds_up() -> None:
    assert doubts("itemization_sum", FORM.format(total="$2,284.56", end="July 10, 2026"), "text") == []


def test_an_itemization_that_does_not() -> None:
    [(place, detail)] = doubts("itemization_sum", FORM.format(total="$2,334.56", end="July 10, 2026"), "text")
    assert place == "$2,334.56"
    assert detail == "2,234.56 + 75.00 + 25.00 - 50.00 = 2,284.56, not 2,334.56"


@pytest.mark.parametrize(
    ("end", "early", "close"),
    [("June 18, 2026", True, False), ("June 19, 2026", False, True), ("July 10, 2026", False, False)],
)
def test_the_end_of_the_validation_period(end: str, early: bool, close: bool) -> None:
    text = FORM.format(total="$2,284.56", end=end)
    assert bool(doubts("validation_end_early", text, "text")) is early
    assert bool(doubts("validation_end_close", text, "text")) is close


def test_the_holidays_of_2026() -> None:
    assert legal_holidays(2026) == frozenset(
        date(2026, month, day)
        for month, day in [
            (1, 1), (1, 19), (2, 16), (5, 25), (6, 19), (7, 3), (9, 7), (10, 12), (11, 11), (11, 26), (12, 25)
        ]
    )  # fmt: skip


def test_business_days_step_over_weekends_and_holidays() -> None:
    # Friday, then Memorial Day on Monday 25 May
    assert add_business_days(date(2026, 5, 22), 1) == date(2026, 5, 26)
    assert add_business_days(date(2026, 5, 22), 5) == date(2026, 6, 1)


def test_a_deadline_within_the_validation_period() -> None:
    text = "Please pay the balance by June 12, 2026. You can dispute the debt until July 20, 2026."
    assert doubts("deadline_within_validation", text) == [
        ("June 12, 2026", "June 12, 2026 is before 20 July 2026")
    ]


def test_the_cfpb_page() -> None:
    assert doubts("cfpb_link_missing", "See www.cfpb.gov.") == [(None, "cfpb.gov/debt-collection")]
    assert doubts("cfpb_link_missing", "See www.CFPB.gov/debt-collection.") == []


# --- UK notices


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Unless you pay within 7 days, we will start court proceedings.", "7 days"),
        ("Please pay in 14 days. Otherwise we issue a claim at the county court.", "14 days"),
        ("Pay within two weeks. Otherwise a county court claim follows.", "two weeks"),
        ("1 June 2026\n\nIf you have not paid by 20 June 2026, a court claim follows.", "20 June 2026"),
        ("1 June 2026\n\nIf you have not paid by 1 July 2026, a court claim follows.", None),
        ("If we do not hear from you within 30 days, a court claim follows.", None),
        ("Please pay within 7 days.", None),
        ("The county court hearing is in 14 days.", None),
        ("Please pay within 14 days. Our tennis court is open again.", None),
    ],
)
def test_court_within_30_days(text: str, place: str | None) -> None:
    assert [found for found, _ in doubts("court_within_30_days", text)] == ([place] if place else [])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1 June 2026\n\nThe action required is payment before 14 June 2026.", ["14 June 2026"]),
        ("1 June 2026\n\nThe action required is payment before 15 June 2026.", []),
        ("The breach must be remedied within 10 days.", ["10 days"]),
        ("The breach must be remedied within a fortnight.", []),
    ],
)
def test_a_default_notice_gives_14_days(text: str, found: list[str]) -> None:
    assert [place for place, _ in doubts("default_notice_short", text)] == found


@pytest.mark.parametrize(
    ("debt", "due"),
    [("0.01", 40), ("999.99", 40), ("1000", 70), ("9999.99", 70), ("10000", 100), ("5000000", 100)],
)
def test_the_fixed_sum(debt: str, due: int) -> None:
    assert fixed_sum(Decimal(debt)) == due


def test_the_fixed_sum_against_the_debt() -> None:
    text = "Invoice 88 of {debt} is open. Statutory compensation of {sum} under the 1998 Act is due."
    assert doubts("late_payment_sum", text.format(debt="£999.99", sum="£40")) == []
    [(place, detail)] = doubts("late_payment_sum", text.format(debt="£1,000", sum="£40"))
    assert (place, detail) == ("£40", "for a debt of £1,000.00 it is £70, not £40")


def test_several_invoices_have_sums_of_their_own() -> None:
    text = "Invoices of £450 and £1,450 are open. Statutory compensation of £110 is due."
    assert doubts("late_payment_sum", text) == []


def test_the_statutory_rate() -> None:
    assert doubts("late_payment_rate", "Statutory interest of 5% is due.")[0][0] == "5%"
    assert doubts("late_payment_rate", "Statutory interest of 8% over base is due.") == []
    assert doubts("late_payment_rate", "Contractual interest of 5% is due.") == []


# --- all of them


@pytest.mark.parametrize("name", sorted(CHECKS))
@pytest.mark.parametrize("text", ["$", "by by by", "0" * 50, "31/02/2026 by 30 February 2026"])
def test_no_check_stumbles(name: str, text: str) -> None:
    assert isinstance(doubts(name, text), list)


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_a_hostile_message_takes_linear_time(name: str) -> None:
    unit = "you owe $1 pay by 1 May 2026 court within 7 days statutory compensation £40 "
    doubts(name, unit)

    def seconds(count: int) -> float:
        document = readers.read(unit * count, format="text")
        analysis = Analysis(document, Profile(), _LANGUAGE)
        view = analysis.views["sent"]
        _ = analysis.entities, analysis.sentences, view.masked
        began = time.perf_counter()
        list(CHECKS[name](analysis, view))
        return time.perf_counter() - began

    small, large = min(seconds(200) for _ in range(3)), min(seconds(1600) for _ in range(2))
    assert large < 40 * small + 0.05  # eight times the text; a square would take 64 times


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_no_held_out_message_contradicts_itself(name: str) -> None:
    records = [
        json.loads(line)
        for path in (HELD_OUT / "heldout.jsonl",)
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    assert len(records) >= 200
    assert [(record["id"], found) for record in records if (found := doubts(name, record["text"]))] == []
