"""The templates of this installation: every one can be sent, whatever its samples."""

from __future__ import annotations

import json

import pytest

from tonecheck import Checker, Config
from tonecheck.library import shipped
from tonecheck.library.samples import combinations, first
from tonecheck.sms import sms_parts, without_accents_in_names

LIBRARY = shipped()


@pytest.fixture(scope="module")
def checker() -> Checker:
    """Without suggestions, which do not change a verdict."""
    return Checker(Config(suggestions=False))


@pytest.mark.parametrize("id", LIBRARY.ids)
def test_every_template_may_be_sent_with_every_combination_of_its_samples(id: str, checker: Checker) -> None:
    """At most ``samples.MOST`` combinations of a template, by the rule of ``samples``."""
    template = LIBRARY.get(id)
    texts = {LIBRARY.render(id, values).text: values for values in combinations(template)}
    refused = []
    for text, values in texts.items():
        report = checker.check(text, template.profile)
        if report.verdict != "send":
            refused.append((values, report.reasons))
    assert refused == []


@pytest.mark.parametrize("id", LIBRARY.ids)
def test_every_template_is_complete_and_tidy(id: str) -> None:
    template = LIBRARY.get(id)
    message = LIBRARY.render(id, first(template))
    assert message.text == message.text.strip()
    assert "\n\n\n" not in message.text
    assert "None" not in message.text.split()
    assert (message.html is not None) == (template.profile.channel == "email")


@pytest.mark.parametrize("id", [id for id in LIBRARY.ids if "/sms-" in id])
def test_every_text_message_fits_one_part_with_its_widest_samples(id: str) -> None:
    template = LIBRARY.get(id)
    texts = {LIBRARY.render(id, values).text for values in combinations(template)}
    assert [text for text in sorted(texts) if sms_parts(without_accents_in_names(text)) != 1] == []


def test_every_template_can_be_told_as_json() -> None:
    rows = [template.to_dict() for template in LIBRARY.templates]
    assert json.loads(json.dumps(rows)) == rows
    assert len({row["id"] for row in rows}) == len(rows) > 0


@pytest.mark.parametrize("jurisdiction", ["us", "uk"])
def test_shared_parts_that_can_be_left_out_leave_nothing_behind(jurisdiction: str) -> None:
    from tonecheck.library.environment import Environment, bounded

    macros = Environment(LIBRARY.folder, jurisdiction).get_template("_macros/shared.j2").module
    with bounded():
        assert macros.greeting() == "Hello,"
        assert macros.greeting("Sam", "Dear") == "Dear Sam,"
        assert macros.ways_to_pay() == ""
        assert macros.contact(reply=True).startswith("Please reply to this message with any question")
        assert macros.contact("555-0142", "a@example.com", about="about it", jurisdiction=jurisdiction) == (
            f"Please call us {'on' if jurisdiction == 'uk' else 'at'} 555-0142 or write to a@example.com about it. We are glad to help."
        )
        assert (macros.ended("Bank of Rockville"), macros.ended("Núñez, Inc.")) == (
            "Bank of Rockville.",
            "Núñez, Inc.",
        )
        assert macros.sign_off("North Hall") == "Kind regards,\nNorth Hall"
        assert macros.sign_off("North Hall", "Jo") == "Kind regards,\nJo\nNorth Hall"
        plan = macros.options(monthly=25, lump_sum=300, income_based=False, extension=False, dates=False)
        sign = {"us": "$", "uk": "£"}[jurisdiction]
        assert plan.split("\n")[:2] == [
            f"- Smaller monthly payments, for example {sign}25.00 a month",
            f"- One reduced payment of {sign}300.00 that settles the account",
        ]
