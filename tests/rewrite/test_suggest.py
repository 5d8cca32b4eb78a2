"""What is written instead of a sentence, in its place."""

from __future__ import annotations

import pytest

from tonecheck import Checker, Profile

# draft, channel, the words that are hurt by a finding, what the draft reads with the first suggestion applied
PLACES = [
    (
        "Hello,\n\nThe balance is $40. You ignored every message, you liar, Dave.\n\nRegards, Ann at Acme",
        "email",
        "you liar",
        ", Dave.\n\nRegards",
    ),
    (
        'Thank you for your time.\n\n"Pay up now, you liar. We are serious about it."',
        "email",
        "you liar",
        '\n\n"Please ',
    ),
    (
        "Hi, the $40 for the fence is open. Pay up. 4pm tomorrow. Ann",
        "sms",
        "4pm tomorrow",
        " by 4pm tomorrow",
    ),
    ("Offer dies Sunday, and you will never get it again. Ann", "sms", "Offer dies", " by Sunday"),
    (
        "You owe us $2,675.00 on invoice 118, which was due April 12.",
        "email",
        "You owe us",
        "There is a balance of $2,675.00 on invoice 118, which was due April 12.",
    ),
]


@pytest.mark.parametrize(("draft", "channel", "hurt", "expected"), PLACES)
def test_a_suggestion_fits_its_place(draft, channel, hurt, expected):
    report = Checker().check(draft, Profile(channel=channel))
    finding = next(
        one
        for one in report.findings
        if one.quote and hurt in one.quote and one.severity >= 2 and one.suggestions
    )
    first = finding.suggestions[0]
    assert expected in draft[: first.start] + first.text + draft[first.end :]
