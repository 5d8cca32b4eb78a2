"""Which values fit, and how those that do not are refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tonecheck.library import ValueErrors
from tonecheck.library.types import Unfit, from_text, read

from .conftest import HEAD

FIT = [
    ("string", "  Siobhán O'Brien-Ngũgĩ ", "Siobhán O'Brien-Ngũgĩ"),
    ("string", "8 Elm Street\nReno", "8 Elm Street\nReno"),
    ("integer", 3, 3),
    ("integer", 3.0, 3),
    ("number", 4.5, 4.5),
    ("number", "4.5", Decimal("4.5")),
    ("money", 186.2, Decimal("186.2")),
    ("money", "186.20", Decimal("186.20")),
    ("money", 0, Decimal(0)),
    ("date", "2028-02-29", date(2028, 2, 29)),
    ("phone", "+44 (0)1632 960 411", "+44 (0)1632 960 411"),
    ("phone", "1-800-555-0199 ext. 12", "1-800-555-0199 ext. 12"),
    ("phone", "211", "211"),
    ("link", "https://pay.example.com/2231?a=1&b=2", "https://pay.example.com/2231?a=1&b=2"),
    ("link", "pay.example/7q2k", "pay.example/7q2k"),
    ("email", "help@north-hall.example.com", "help@north-hall.example.com"),
    ("boolean", False, False),
]
UNFIT = [
    ("string", 5, "give a text"),
    ("string", "  ", "it is empty"),
    ("string", "a\x00b", "control characters"),
    ("string", "a\u202eb", "control characters"),
    ("string", "\ud800", "control characters"),
    ("string", "a" * 10_001, "at most 10,000 characters"),
    ("integer", 3.5, "a whole number such as 3"),
    ("integer", True, "a whole number such as 3"),
    ("number", "4,5", "a number such as 4.5"),
    ("number", float("nan"), "a number such as 4.5"),
    ("money", "$186.20", "an amount such as 186.20"),
    ("money", "1,204.50", "an amount such as 186.20"),
    ("money", -5, "an amount such as 186.20"),
    ("money", True, "an amount such as 186.20"),
    ("money", float("inf"), "an amount such as 186.20"),
    ("money", 10**400, "an amount such as 186.20"),
    ("money", 186.205, "at most two decimals"),
    ("date", "14 May 2027", "a date such as 2027-05-14"),
    ("date", "2027-02-30", "there is no such day"),
    ("date", 20270514, "a date such as 2027-05-14"),
    ("phone", "call us", "a telephone number"),
    ("link", "javascript:alert(1)", "a link such as"),
    ("link", "https://pay.example.com/a b", "a link such as"),
    ("email", "help at example.com", "an e-mail address such as"),
    ("email", "a@example.com\nBcc: b@example.com", "an e-mail address such as"),
    ("boolean", "true", "true or false"),
    ("list", "a, b", "give a list"),
    ("list", [1] * 501, "at most 500 entries"),
    ("object", [], "give an object"),
]


@pytest.mark.parametrize(("type", "value", "result"), FIT)
def test_a_value_that_fits_is_read(type, value, result):
    assert read(type, value) == result


@pytest.mark.parametrize(("type", "value", "said"), UNFIT)
def test_a_value_that_does_not_fit_is_refused_with_an_example(type, value, said):
    with pytest.raises(Unfit, match=said):
        read(type, value)


def test_lists_have_the_shape_of_their_samples():
    samples = [[{"date": "2027-05-14", "amount": 50, "note": "x"}, {"date": "2027-06-14", "amount": 50}]]
    assert read("list", [{"date": "2028-01-01", "amount": "12.50"}], samples) == [
        {"date": date(2028, 1, 1), "amount": Decimal("12.50"), "note": None}
    ]
    with pytest.raises(Unfit) as caught:
        read("list", [{"date": "soon", "amont": 5}, 7], samples)
    assert caught.value.errors == {
        "[0].amont": "there is no such field (did you mean 'amount'?)",
        "[0].amount": "it is required",
        "[0].date": "give a date such as 2027-05-14",
        "[1]": "give an object",
    }


def test_every_wrong_field_of_a_template_is_told_at_once(make):
    library = make(_with_due())
    with pytest.raises(ValueErrors) as caught:
        library.render("note/chat-us", {"due": "soon", "nam": "Sam"})
    assert caught.value.errors == {
        "nam": "there is no such variable (did you mean 'name'?)",
        "name": "it is required: the name",
        "due": "give a date such as 2027-05-14",
    }
    assert str(caught.value).startswith("nam: there is no such variable")


def _with_due() -> str:
    due = "  due: {type: date, meaning: M, samples: ['2027-05-14'], optional: true}\n---\n"
    start, _, _ = HEAD.rpartition("---\n")
    return start + due + "{{ name }}{% if due %} {{ due | day }}{% endif %}"


@pytest.mark.parametrize("due", [None, "", "absent"])
def test_an_optional_variable_may_be_left_out(make, due):
    values = {"name": "Sam"} if due == "absent" else {"name": "Sam", "due": due}
    assert make(_with_due()).render("note/chat-us", values).text == "Sam"


@pytest.mark.parametrize(
    ("type", "text", "value"),
    [
        ("boolean", "yes", True),
        ("boolean", "false", False),
        ("boolean", "maybe", "maybe"),
        ("integer", "3", 3),
        ("money", "186.20", "186.20"),
        ("list", "[1, 2]", [1, 2]),
        ("list", "[1,", "[1,"),
    ],
)
def test_a_word_of_the_command_line_is_meant_as_its_type_wants(type, text, value):
    assert from_text(type, text) == value
