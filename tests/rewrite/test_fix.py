"""``fix``: to a fixpoint, never worse, markup kept, only safe edits unless asked."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from tonecheck import Checker, Profile, readers
from tonecheck.errors import DraftError
from tonecheck.finding import Suggestion
from tonecheck.rewrite.account import Account
from tonecheck.rewrite.fix import MOST_PASSES, Fixed, Version, _still_there, fix, with_edits

HARSH = (
    "Dear Sam,\n\nYou owe us $1,000 and you must pay immediately. Honest people pay their bills. "
    "We will take you to court.\n\nRegards,\nDana at Northfield Plumbing\n"
)
DRAFTS = {
    "text": HARSH,
    "html": "<p>Dear Sam,</p><p>You <b>must</b> pay $1,000 &amp; call 555-0142. You owe us money.</p><p>Regards,<br>Dana</p>",
    "markdown": "Dear Sam,\n\n- **You owe us $1,000.**\n- You must pay [online](https://example.com/pay).\n\nRegards, Dana\n",
    "sms": "U MUST PAY $40 NOW!!! Last chance, deadbeat. Dana 555-0142",
}


@pytest.fixture(scope="module")
def checker() -> Checker:
    return Checker()


@pytest.mark.parametrize("name", DRAFTS)
@pytest.mark.parametrize("unsafe", [False, True])
def test_fixing_is_idempotent_and_never_makes_a_draft_worse(checker, name, unsafe):
    once = fix(checker, DRAFTS[name], unsafe=unsafe)
    assert once.after.score >= once.before.score
    assert len(once.after.findings) <= len(once.before.findings)
    assert fix(checker, once.text, unsafe=unsafe).text == once.text


def test_a_harsh_draft_becomes_fit_to_send(checker):
    fixed = fix(checker, HARSH, unsafe=True)
    assert (fixed.before.verdict, fixed.after.verdict) == ("block", "send")
    assert "$1,000" in fixed.text
    assert fixed.text.startswith("Dear Sam,") and fixed.text.rstrip().endswith("Northfield Plumbing")
    assert not fixed.left


def test_safe_edits_delete_and_insert_nothing(checker):
    fixed = fix(checker, HARSH)
    assert fixed.applied
    assert all(suggestion.kind == "rephrase" and suggestion.safe for _, suggestion in fixed.applied)


def test_markup_and_entities_are_kept(checker):
    fixed = fix(checker, DRAFTS["html"], unsafe=True)
    assert fixed.text.count("<p>") == 3 and "&amp;" in fixed.text and "<br>" in fixed.text


def test_the_account_fills_what_is_missing_and_is_held_against_the_draft(checker):
    account = Account.parse(
        '{"balance": "$420.00", "payment_link": "https://pay.example.com/7", "phone": "555-0142"}'
    )
    fixed = fix(checker, "Dear Sam,\n\nPlease pay your bill soon.\n\nDana", unsafe=True, account=account)
    assert "$420.00" in fixed.text and "https://pay.example.com/7" in fixed.text and "555-0142" in fixed.text
    report = checker.check("There is a balance of $400. Please call us on 555-0199.", account=account)
    assert {finding.rule for finding in report.findings if finding.rule.startswith("context/")} == {
        "context/balance",
        "context/phone",
    }


STYLES = {
    "Hello {{ first_name }}, please pay.": "{{ balance }}",
    "Hello [FIRST NAME], please pay.": "[BALANCE]",
    "Hello {first_name}, please pay.": "{balance}",
    "Hello %FIRST_NAME%, please pay.": "%BALANCE%",
    "Hello Sam, please pay.": "[BALANCE]",
}


@pytest.mark.parametrize(("text", "expected"), STYLES.items())
def test_placeholders_are_in_the_style_of_the_draft(checker, text, expected):
    (missing,) = (finding for finding in checker.check(text).findings if finding.rule == "missing/balance")
    assert expected in missing.suggestions[0].text


def test_a_finding_without_a_safe_wording_says_that_a_person_has_to_decide(checker):
    text = "I know the principal over at Jefferson, and she would love to hear about this."
    grave = [finding for finding in checker.check(text).findings if finding.severity == 3]
    assert grave
    assert all(
        finding.suggestions or "a person has to decide" in (finding.instead or "") for finding in grave
    )


def test_a_docx_is_not_written_back(checker):
    with pytest.raises(DraftError, match="save it as"):
        fix(checker, docx(), format="docx")


def docx() -> bytes:
    import io
    import zipfile

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "word/document.xml",
            '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r>'
            "<w:t>You must pay.</w:t></w:r></w:p></w:body></w:document>",
        )
    return buffer.getvalue()


def test_edits_are_applied_in_order_and_insertions_keep_theirs():
    edits = [Suggestion(4, 4, "X", "insert"), Suggestion(0, 2, "b"), Suggestion(4, 4, "Y", "insert")]
    assert with_edits("aa cc", edits) == "b cXYc"


def test_suggestions_stand_in_the_report(checker):
    data = json.loads(json.dumps(checker.check(HARSH).to_dict()))
    keys = {key for finding in data["findings"] for one in finding["suggestions"] for key in one}
    assert {"start", "end", "text", "kind", "safe"} <= keys
    for finding in data["findings"]:
        for one in finding["suggestions"]:
            assert 0 <= one["start"] <= one["end"] <= len(HARSH)
            assert (one["kind"] == "insert") == (one["start"] == one["end"])
            assert (one["kind"] == "delete") == (one["text"] == "" and one["start"] < one["end"])


def test_a_hostile_draft_is_bounded(checker):
    fixed = fix(checker, "You must pay now. " * 400)
    assert len(fixed.applied) <= 100 * MOST_PASSES


def test_a_message_on_a_machine_that_says_nothing_of_money_gets_nothing_that_does(checker):
    draft = "Hello, this is Dana Reyes for Paul Whitcomb. Please call me back on 614-555-0188, weekdays nine to six. Thank you."
    profile = Profile(channel="call_script", sender="third_party", jurisdiction="us")
    assert fix(checker, draft, profile, unsafe=True).text == draft


def test_the_day_is_told_without_a_second_request_to_pay(checker):
    draft = "Hi Ross, this is Ann at Finch Vets. The balance is £685, account 4471. Please pay by card at example.com/pay. Call 01632 960001."
    profile = Profile(channel="chat", jurisdiction="uk")
    mended = fix(checker, draft, profile, unsafe=True).text
    assert "account 4471. The due date was [DUE DATE]. Please pay" in mended
    assert mended.lower().count("please pay") == 1


def test_a_message_is_not_reduced_to_who_writes(checker):
    draft = "Hi Marcus, Dana at Copperline Dental. You have to pay up today, you liar."
    mended = fix(checker, draft, Profile(channel="sms", jurisdiction="us"), unsafe=True).text
    assert len(mended.split()) > 12


UNSUITED = [
    # what is said, channel, what must not be inserted beside it
    (
        "We are closing our file, and you are not responsible for the card. Pay up, you liar. Ann at Acme, 555-0142",
        "email",
        "installments",
    ),
    (
        "The rent of $90 is open; partials won't be looked at. Pay up, you liar. Ann at Acme, 555-0142",
        "email",
        "installments",
    ),
    (
        "The balance is $90, account 4471. Please do not reply to this email, you liar. Ann at Acme",
        "email",
        "reply to this",
    ),
    (
        "We have paused the loan of $90 for 60 days, so nothing is due before 3 May, you liar. Ann at Acme, 555-0142",
        "email",
        "installments",
    ),
]


@pytest.mark.parametrize(("draft", "channel", "unsuited"), UNSUITED)
def test_what_the_message_contradicts_is_not_proposed(checker, draft, channel, unsuited):
    report = checker.check(draft, Profile(channel=channel))
    inserted = [one.text for finding in report.findings if finding.is_absence for one in finding.suggestions]
    assert inserted
    assert not any(unsuited in text for text in inserted)


def test_insertions_tear_no_passage_and_a_name_at_the_end_is_enough(checker):
    draft = "Dear Sam,\n\nThe balance of £40 was due on 3 May. It is for the oak fence in your front garden. The gate comes next week.\n\nKind regards,\nGil Santoro\nSantoro Fencing"
    mended = fix(checker, draft, Profile(jurisdiction="uk"), unsafe=True).text
    assert (
        "was due on 3 May. It is for the oak fence in your front garden. The gate comes next week." in mended
    )
    assert mended.endswith("Gil Santoro\nSantoro Fencing")


def test_what_was_severe_at_first_is_mended_even_when_it_stands_alone_at_last(checker):
    draft = "We will pull out all the stops to get our money back from you over invoice 913. We know where you live."
    profile = Profile(channel="email", jurisdiction="uk", stage="handover", audience="business")
    assert "stops" not in fix(checker, draft, profile, unsafe=True).text


def test_what_hurt_at_first_is_mended_even_if_nothing_is_found_among_kinder_words(checker):
    draft = readers.read("You are a liar. What a busy man you are. The balance is £90.")
    first = Version(analysis := checker.analyse(draft), checker.check_analysis(analysis))
    mocked = next(one for one in first.report.findings if one.category == "insult")
    mocked = replace(mocked, category="sarcasm").at(draft, draft.source_span(16, 40))
    first = first._replace(report=replace(first.report, findings=(mocked,)))
    kinder = readers.read("Hello Sam. What a busy man you are. The balance is £90.")
    now = Version(analysis := checker.analyse(kinder), checker.check_analysis(analysis))
    (found,) = _still_there(first, first.report.findings, now, (), harsh=True)
    assert found.quote == "What a busy man you are." == now.text[found.start : found.end]
    assert list(_still_there(first, first.report.findings, now, (found,), harsh=True)) == []


def test_what_was_put_in_is_not_found_again(checker):
    draft = "Todd,\n\nYou are a liar and your company is a joke. As of today the $7,820 is with Grayline Collections. Enjoy.\n\nStu, Barker Scaffold"
    fixed = fix(checker, draft, Profile(stage="handover", audience="business"), unsafe=True)
    put_in = [suggestion.text.strip() for _, suggestion in fixed.applied if suggestion.kind == "insert"]
    assert put_in
    assert all(text in fixed.text for text in put_in)


def test_that_a_payment_is_late_is_told_if_nothing_else_says_so(checker):
    draft = "Dear Jo,\n\nThis is about the rent for May. You have failed to pay on time again, which is typical of you.\n\nPlease pay £925 to the usual account.\n\nFiona Teale"
    mended = fix(checker, draft, Profile(channel="email", jurisdiction="uk"), unsafe=True).text
    assert "typical" not in mended
    assert "past its due date" in mended.split("£925")[0]


def test_the_date_of_a_letter_is_no_deadline(checker):
    draft = "Harcourt Ltd\n\n12 February\n\nDear Mr Dhillon,\n\nThis is your last warning, you liar. Pay £389.02 or face the consequences. We will hound you.\n\nHarcourt Ltd"
    profile = Profile(channel="letter", jurisdiction="uk", stage="final", sender="third_party")
    assert "\n\n12 February\n\n" in fix(checker, draft, profile, unsafe=True).text


def test_a_phrasing_that_leaves_hours_is_not_taken_for_approved(checker):
    draft = "Dear Sir,\n\nInvoice 771 is unpaid, liar. You must pay £5,612.00 within 48 hours or we will ruin you.\n\nYours faithfully,\nTolland Ltd"
    profile = Profile(channel="letter", jurisdiction="uk", stage="final", audience="business")
    once = fix(checker, draft, profile, unsafe=True)
    assert "£5,612.00" in once.text
    assert fix(checker, once.text, profile, unsafe=True).text == once.text


def test_who_has_the_account_now_is_told(checker):
    draft = "Acct TE-40913, £267.30, has gone to Moss Collect as u didnt bother answering. Call them on 01632 960559."
    mended = fix(
        checker, draft, Profile(channel="sms", jurisdiction="uk", stage="handover"), unsafe=True
    ).text
    assert mended.startswith("Moss Collect has your account now (reference TE-40913)")
    assert "may" not in mended.split(".")[0]


def test_what_the_draft_refuses_is_not_offered(checker):
    draft = "June rent, $1,325, was due on the 1st. Pay all of it at example.com/pay. Partials won't be looked at. Reply here, you freeloader."
    mended = fix(checker, draft, Profile(channel="chat", jurisdiction="us"), unsafe=True).text
    assert "freeloader" not in mended
    assert "We are not able to take part payments." in mended
    assert "installments" not in mended


MISREAD = [
    # the draft, and what its rewriting must not say
    ("You made one payment of $122.97 and then decided that was enough, you fool. The rest is due at once.", "your payment of $122.97"),
    ("An officer will be in your street between 14 and 18 November to list your goods. The balance is £894.50.", "by 14 and 18"),
    ("People who hide end up with bailiffs, and those who ring get it sorted in 5 minutes. £467 is owed.", "within 5 minutes"),
    ("You said you'd transfer the four hundred and sixty five that night, and I know where you park it.", "four hundred."),
    ("You agreed £50 by 12pm today, and nothing has come. I'm marking you as a won't pay.", "Please pay £50 by"),
]  # fmt: skip


@pytest.mark.parametrize(("draft", "misread"), MISREAD)
def test_what_a_fact_means_is_not_changed(checker, draft, misread):
    profile = Profile(channel="email", jurisdiction="uk", stage="overdue")
    assert misread not in fix(checker, draft, profile, unsafe=True).text


def test_a_name_below_the_message_stays_and_a_footer_stands_apart(checker):
    draft = (
        "Hi Kendra,\n\nThe $2,900 was due on 3 July. You people are thieves.\n\n"
        "Take the pics down till it's sorted, technically you're stealing them\n\nxo Mads"
    )
    profile = Profile(channel="email", sender="third_party")
    mended = fix(checker, draft, profile, unsafe=True).text
    assert "stealing" not in mended
    assert "\n\nxo Mads" in mended


def test_a_sum_before_a_stretch_of_time_stays(checker):
    draft = "Your dispute is a joke. Anybody with self-respect would have paid the $540 months ago."
    assert (
        "$540"
        in fix(checker, draft, Profile(channel="chat", stage="dispute", jurisdiction="us"), unsafe=True).text
    )


def test_the_words_that_end_a_letter_stay_and_a_name_is_greeted_without_an_insult(checker):
    draft = (
        "Neil you clown,\n\nInvoice 88 for £120 was due on 3 May. You people are a disgrace.\n\n"
        "I remain, in hope rather than expectation,\n\nYours truly\nAna Marsh"
    )
    mended = fix(checker, draft, Profile(channel="letter", jurisdiction="uk"), unsafe=True).text
    assert mended.startswith("Neil,\n")
    assert "in hope" not in mended
    assert "Yours truly\nAna Marsh" in mended


def test_the_mark_that_ends_a_quotation_before_a_jibe_stays(checker):
    draft = 'You wrote: "I returned the modem in January." Funny how every modem gets returned the week before the bill comes. Send me the tracking number.'
    mended = fix(checker, draft, Profile(channel="chat", stage="dispute"), unsafe=True).text
    assert "Funny how" not in mended
    assert 'in January." ' in mended
    assert "end me the tracking number." in mended


def test_two_edits_do_not_leave_the_signature_alone(checker):
    draft = (
        "We know where you park, Terrence. Miss one more and you'll be walking to work. Sunvale Auto Finance"
    )
    profile = Profile(channel="sms", jurisdiction="us", stage="plan_followup")
    assert len(fix(checker, draft, profile, unsafe=True).text.split()) > 6


def test_half_a_sentence_around_a_quotation_is_not_left_out(checker):
    draft = 'Hello Mr Szabo,\n\nYou broke your promise, and everybody on your street will hear of it. You told us it was "no problem at all", so we are left to ask what changed except your mind. Call 01632 960684.'
    mended = fix(checker, draft, Profile(jurisdiction="uk"), unsafe=True).text
    assert ('"no problem at all"' in mended) == ("You told us it was" in mended)


def test_what_only_announces_a_sentence_goes_with_it(checker):
    draft = "Hi Lee, the balance is £90. But let me be straight. You are a liar. Ring me on 01632 960179."
    mended = fix(checker, draft, Profile(channel="chat", jurisdiction="uk"), unsafe=True).text
    assert "straight" not in mended
    assert "01632 960179" in mended


def test_a_line_break_in_html_is_a_break_of_html(checker):
    draft = "<p>Hi Jo,</p><p>The balance is&nbsp;$75.00 for the fence.<br>Pay at example.com/pay or call 555-0110.</p>"
    mended = fix(checker, draft, Profile(channel="email"), unsafe=True, format="html").text
    assert "<br>[COMPANY NAME]" in mended


def test_what_was_left_to_a_person_is_told_even_where_it_is_not_found_any_more(checker):
    draft = "Hi Neil, you liar. Ann at Acme, 555-0142"
    report = checker.check(draft, Profile(channel="chat"))
    (insult,) = (replace(one, suggestions=()) for one in report.findings if one.category == "insult")
    before, after = replace(report, findings=(insult,)), replace(report, findings=())
    assert Fixed(draft, draft, before, after, ()).left == (insult,)
    assert Fixed(draft, "Hi Neil. Ann at Acme, 555-0142", before, after, ()).left == ()


FIXES = yaml.safe_load((Path(__file__).parents[1] / "data" / "fixes.yaml").read_text("utf-8"))


@pytest.mark.parametrize("case", FIXES, ids=lambda case: case["situation"])
def test_a_mended_draft_reads_as_its_writer_would_write_it(checker, case):
    text = fix(checker, case["draft"], Profile(**case["profile"]), unsafe=True).text
    assert text.rstrip().endswith(case.get("ends", ""))
    assert [words for words in case.get("contains", ()) if words not in text] == []
    assert [words for words in case.get("lacks", ()) if words in text] == []
