"""Every approved phrasing is clean by our own check, in all of its forms, and reads as English."""

from __future__ import annotations

import itertools
import re

import pytest

from tonecheck import Checker, Config, Profile
from tonecheck.profile import VALUES
from tonecheck.rewrite.account import FIELDS
from tonecheck.rewrite.phrasings import bank, read_group

FACTS = {
    **dict.fromkeys((name for name, (_, kind) in FIELDS.items() if kind == "name"), "Dana"),
    "amount": "$420",
    "amount2": "$60",
    "date": "14 May",
    "date2": "3 June",
    "sent": "2 May",
    "sent2": "9 May",
    "time": "5pm",
    "period": "7 days",
    "phone": "555-0142",
    "email": "help@example.com",
    "link": "https://example.com/pay",
    "reference": "INV-2231",
    "name": "Dana",
    "bank": "12345678",
    "balance": "$420",
    "due_date": "14 May",
    "payment_link": "https://example.com/pay",
    "payment_phone": "555-0143",
    "hours": "9am to 5pm",
    "monthly_amount": "$35",
    "lump_sum": "$300",
    "bank_details": "account 12345678",
    "address": "12 High Street",
    "effect": "your roof job may not go ahead",
    "step": "a winding-up petition",
}
GOOD_PRACTICE = {
    "payment_options": ("month", "lump sum|one payment", "income", "extension|later|more time"),
    "support_resources": ("counsel", "MoneyHelper|StepChange|National Debtline"),
    "written_confirmation": ("writing",),
    "check_in": ("how",),
}


def forms():
    for group in bank().values():
        for phrasing in group.phrasings:
            for slots in phrasing.template.variants():
                yield group, phrasing, phrasing.template.filled({slot: FACTS[slot] for slot in slots})


def test_there_are_four_hundred_phrasings_by_intent():
    assert sum(len(group.phrasings) for group in bank().values() if group.kind == "intent") >= 400


@pytest.mark.parametrize(("name", "wordings"), GOOD_PRACTICE.items())
def test_good_practice_is_in_the_bank(name, wordings):
    group = bank().get(("element", name)) or bank()["practice", name]
    texts = " ".join(phrasing.template.text for phrasing in group.phrasings)
    assert all(re.search(wording, texts, re.IGNORECASE) for wording in wordings)


ELEMENT_PHRASINGS = [
    (group.name, phrasing)
    for group in bank().values()
    if group.kind == "element"
    for phrasing in group.phrasings
]


@pytest.mark.parametrize(
    ("element", "phrasing"),
    ELEMENT_PHRASINGS,
    ids=[phrasing.template.text[:40] for _, phrasing in ELEMENT_PHRASINGS],
)
def test_what_is_inserted_for_an_element_is_recognised_as_that_element(element, phrasing, checker):
    profile = next(
        profile
        for channel, stage, jurisdiction, sender, audience in itertools.product(
            *(VALUES[name] for name in ("channel", "stage", "jurisdiction", "sender", "audience"))
        )
        if phrasing.suits(
            profile := Profile(
                channel=channel, stage=stage, jurisdiction=jurisdiction, sender=sender, audience=audience
            )
        )
    )
    facts = FACTS | {"sender": "Northfield Plumbing"}
    text = phrasing.template.filled({slot: facts[slot] for slot in phrasing.template.slots})
    assert checker.check(f"Dear Sam,\n\nWe hope you are well. {text}", profile).elements[element].present


def test_every_form_reads_as_english():
    for _, _, text in forms():
        assert text is not None
        assert not re.search(r"  | [,.?;:](?!\w)|[,;:][.?]|\b(\w+) \1\b|[\[\]{}]", text), text
        assert text[0].isupper() or text[0] in "[{$£", text


def test_every_form_is_clean():
    checker = Checker(Config(suggestions=False))
    flagged = []
    for group, phrasing, text in forms():
        profile = Profile(**{name: values[0] for name, values in phrasing.only.items() if name in VALUES})
        if not checker.is_clean(text, profile):
            flagged.append(f"{group.name}: {text}")
    assert not flagged, "\n".join(flagged)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("intent: x\nphrasings: [{text: 'a [b'}]", "optional part"),
        ("intent: x\nphrasings: [{text: a, chanels: [sms]}]", "did you mean 'channels'"),
        ("intent: x\nphrasings: [{text: a, channels: [fax]}]", "fax"),
        ("phrasings: []", "has 'intent'"),
        ("intent: [", "not valid YAML"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_its_place(tmp_path, content, message):
    from tonecheck.errors import RulePackError

    path = tmp_path / "x.yaml"
    path.write_text(content)
    with pytest.raises(RulePackError, match=message) as caught:
        read_group(path)
    assert str(path) in str(caught.value)
