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
    # What stands before the jibe says all that there is to say.
    (
        "Hi Ola, Ann at Larch Flats. May rent ($980, flat 7) was due on the 1st and it is still open, which any decent tenant would be ashamed of.",
        "chat",
        "ashamed",
        "May rent ($980, flat 7) was due on the 1st and it is still open.",
    ),
    # Nothing is left for the greeting to introduce.
    (
        "Hello Marisa, only a liar would hide like this. Your gas account is waiting for £40. Call 01632 960001. Dunmere Gas",
        "chat",
        "only a liar",
        "Hello Marisa. Your gas account is waiting",
    ),
    # Who writes is not rewritten.
    (
        "CITY LIGHTS: PAY $143.77 TODAY OR SIT IN THE DARK. citylights.example/pay",
        "sms",
        "PAY $143.77",
        "CITY LIGHTS: Please pay $143.77.",
    ),
    (
        "Hey! Ann here. Get $60 in by 6/27!! & we'll see about the rest: 555-0108",
        "sms",
        "Get $60",
        "by 6/27, & we",
    ),
    ("Ann here. Get it all paid by tonite, you liar. 555-0108", "sms", "you liar", "by tonite"),
    # Until the day of a threat the reader has time to answer.
    (
        "Rent of £725 is late. We will be round on Saturday with two lads and a locksmith. Vince, 07700 900538",
        "sms",
        "be round",
        "get in touch with us by Saturday?",
    ),
    # A sum keeps what it is for, a consequence what it is about.
    (
        "Ann here. Funny how £312.75 for your old phone contract slipped your mind again. 555-0108",
        "sms",
        "Funny how",
        "£312.75 for your old phone contract",
    ),
    (
        "CITY LIGHTS: PAY $143.77 TODAY OR SIT IN THE DARK. citylights.example/pay",
        "sms",
        "PAY $143.77",
        "the supply may be interrupted",
    ),
    # What is only shouted is said in small letters.
    (
        "Dear Patient,\n\nThe balance is $154.00. WE CANNOT CONTINUE TO CARRY THIS BALANCE!! Call Fern at 401-555-0139.",
        "letter",
        "CANNOT CONTINUE",
        " We cannot continue to carry this balance. Call Fern",
    ),
    # A lawful consequence is told, not left out.
    (
        "Mr Platt, Ann here. $395 is still open. Next stop small claims, your choice. 555-0108",
        "sms",
        "Next stop",
        "small claims case",
    ),
    # A sentence next door in which something was found is rewritten by itself.
    (
        "We will pull out all the stops to get our money back from you over invoice 913. We know where you live.",
        "email",
        "pull out",
        " reference 913 when you send your payment. We know where you live.",
    ),
    # To whom a sum is owed goes with it.
    (
        "Dear Mr Dao,\n\nJudgment in the amount of $5,118.90 is being prepared against you in favor of Unity Card Bank.\n\nPlease call us on 555-0100.",
        "letter",
        "Judgment",
        "$5,118.90 owed to Unity Card Bank remain open",
    ),
    # Who takes over is named.
    (
        "Dear Mr Dao,\n\nYour balance is £300. The people it is going to, Ironbridge Field Services, are not as easy-going as we are.\n\nPlease call us on 01632 960100.",
        "letter",
        "easy-going",
        "The account may pass to Ironbridge Field Services",
    ),
    # An office that is only claimed goes, who speaks stays.
    (
        "This is Officer Dale Hutchins over at the County Financial Crimes desk. Your balance is $40. Please call me on 555-0104.",
        "call_script",
        "Officer",
        "This is Dale Hutchins. Your balance",
    ),
    # The day of a threat is no second deadline.
    (
        "Dear Al,\n\nYour invoice 4411 for $300 is due by May 9. I will be standing on your porch Sunday with two of my boys. Call 555-0100.",
        "email",
        "porch",
        "May 9. You may hear from us again on Sunday",
    ),
    # What went on from a jibe begins anew.
    (
        "Dear Al,\n\nYour invoice 4411 for $300 was due on May 1. Liars like you make me sick. Nevertheless, please send the money to 12 Main Street. Call 555-0100.",
        "email",
        "Liars",
        "on May 1. Please send the money",
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


def test_a_subject_is_rephrased_and_never_left_out():
    draft = "Subject: Photography, gentle (ish) reminder, you liar\n\nHi Jo,\n\nThe balance is £75. Call 01632 960100.\n\nAnn"
    report = Checker().check(draft, Profile(channel="email", jurisdiction="uk"))
    texts = [
        one.text for finding in report.findings if finding.category == "insult" for one in finding.suggestions
    ]
    assert texts
    assert "" not in texts


@pytest.mark.parametrize(
    ("draft", "invented"),
    [
        # the last digits of a card are no reference
        ("Pay the $40 on your card ending 0092, you liar. Call 555-0142. Ann at Acme", "reference 0092"),
        # an hour of the sender's night is no day on which it wrote
        (
            "I lay awake at 2 am over your messages, you liar. The balance is $40. Call 555-0142. Ann at Acme",
            "from 2 am",
        ),
    ],
)
def test_a_fact_is_told_as_what_it_is(draft, invented):
    report = Checker().check(draft, Profile(channel="email"))
    texts = [one.text for finding in report.findings for one in finding.suggestions]
    assert texts
    assert not any(invented in text for text in texts)
