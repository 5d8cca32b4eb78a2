"""Who speaks where, by what the text itself shows."""

import pytest

from tonecheck.readers import read


def segments(draft: str, kind: str, **options: str) -> list[str]:
    """The draft's own words behind the segments of one kind."""
    document = read(draft, **{"format": "text", **options})  # type: ignore[arg-type]
    return [document.quote(start, end) for found, start, end in document.segments if found == kind]


def spoken(draft: str) -> str:
    return " ".join(read(draft, format="text").spoken.split())


# --- Subject ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "draft",
    [
        "Subject: Your invoice\n\nHi",
        "\nFrom: Acme\nSUBJECT:  Your invoice \n\nHi",
        "\ufeffSubject: Your invoice\r\nHi",
    ],
)
def test_the_subject_is_the_value_of_the_line(draft: str) -> None:
    assert segments(draft, "subject") == ["Your invoice"]


def test_a_subject_later_in_the_text_is_body() -> None:
    assert segments("Dear Ms Roe,\n\nSubject: to change", "subject") == []


def test_a_preheader_line_is_known() -> None:
    assert segments("Subject: A\nPreheader: Read on\n\nHi", "preheader") == ["Read on"]


# --- Quotations -------------------------------------------------------------------------------------------


def test_lines_behind_a_bracket_are_quoted() -> None:
    assert segments("Hello,\n> pay me\n>> never\nThanks", "quote") == ["> pay me\n>> never"]


def test_a_banner_is_not_quoted() -> None:
    assert segments(">>> LAST CHANCE <<<\nHello", "quote") == []


@pytest.mark.parametrize(
    "thread",
    [
        "On 3 May 2024, Jo Roe <jo@roe.example> wrote:\n\nLeave me alone.",
        "On Tue, May 3, 2024 at 9:00 AM Jo Roe\n<jo@roe.example> wrote:\nLeave me alone.",
        "-----Original Message-----\nLeave me alone.",
        "---------- Forwarded message ---------\nLeave me alone.",
        "Begin forwarded message:\n\nLeave me alone.",
        "________________________________\nFrom: Jo\nSent: 3 May\nTo: us\nSubject: Re\n\nLeave me alone.",
        "From: Jo\nSent: 3 May\nTo: us\nSubject: Re\n\nLeave me alone.",
        "*From:* Jo\n*Date:* 3 May\n*To:* us\n\nLeave me alone.",
    ],
)
def test_an_earlier_message_runs_to_the_end(thread: str) -> None:
    assert (
        segments(f"Hello Jo,\n\nthank you.\n\n{thread}\n", "quote")[-1].rstrip().endswith("Leave me alone.")
    )
    assert spoken(f"Hello Jo,\n\nthank you.\n\n{thread}\n") == "Hello Jo, thank you."


def test_a_reply_between_quoted_lines_is_the_senders() -> None:
    draft = "On 3 May 2024, Jo <j@r.example> wrote:\n> I cannot pay\n\nPay now.\n"

    assert spoken(f"Hi\n{draft}") == "Hi Pay now."


def test_a_thread_with_nothing_before_it_is_the_message() -> None:
    assert segments("-----Original Message-----\nHello", "quote") == []


@pytest.mark.parametrize(
    "draft",
    [
        "Hello\n____________________________\nPay now.",
        "On 3 May you wrote:\n\nPay now.",
        "On reflection, we wrote:\nPay now.",
    ],
)
def test_what_only_looks_like_a_thread_is_body(draft: str) -> None:
    assert spoken(f"Hi\n\n{draft}").endswith("Pay now.")


@pytest.mark.parametrize(
    ("draft", "words"),
    [
        ("You wrote: 'pay me now'.", "pay me now"),
        ('In your call you asked us to "stop calling".', "stop calling"),
        ("You told us “I’m broke” on Monday.", "I’m broke"),
        ("The customer called it 'unfair'.", "unfair"),
        ("Mr. Smith said “it isn’t mine”.", "it isn’t mine"),
        ('Your e-mail said "leave me alone!"', "leave me alone!"),
        ('On 3 May you wrote:\n\n"I will not pay. Ever."\n\nThanks', "I will not pay. Ever."),
        ("You said 'the boss's car broke' to us.", "the boss's car broke"),
    ],
)
def test_the_readers_reported_words_are_quoted(draft: str, words: str) -> None:
    assert segments(draft, "quote") == [words]


@pytest.mark.parametrize(
    "draft",
    [
        "Re ur 'dispute': pay now.",
        "We told you 'pay now or else'.",
        "As you know, we wrote 'pay now'.",
        "You were asked to 'pay now'.",
        "You said you would pay. 'Now' is the time.",
        "You wrote: 'pay me now. Honest people pay.",
        'You said so. Our terms say "pay at once".',
        'Your so-called "hardship" is no excuse.',
    ],
)
def test_the_senders_quotation_marks_hide_nothing(draft: str) -> None:
    assert segments(draft, "quote") == []


# --- Signatures and footers -------------------------------------------------------------------------------


def test_a_signature_starts_under_its_closing() -> None:
    draft = "Please call us.\n\nKind regards,\nJane Roe\nAcme Billing\n0800 123 456"

    assert segments(draft, "signature") == ["Jane Roe\nAcme Billing\n0800 123 456"]
    assert spoken(draft) == "Please call us. Kind regards,"


def test_a_signature_separator_is_known() -> None:
    assert segments("Hello\n-- \nJane Roe", "signature") == ["Jane Roe"]


@pytest.mark.parametrize(
    "sentence",
    [
        "P.S. We will sue.",
        "Pay now or else",
        "LAST CHANCE!",
        "Nobody likes people like that at all.",
        "You liar",
    ],
)
def test_a_sentence_under_the_closing_is_no_signature(sentence: str) -> None:
    assert sentence in spoken(f"Hello\n\nRegards,\nJane Roe\n{sentence}")


def test_a_confidentiality_footer_ends_where_money_is_asked_for() -> None:
    draft = "Hello\n\nThis e-mail and any attachments are confidential. Do not copy it. Pay us today.\n\nBye"

    assert segments(draft, "footer") == ["This e-mail and any attachments are confidential. Do not copy it."]


def test_prescribed_text_is_found_across_lines_and_in_capitals() -> None:
    draft = (
        "Hello\n\nTHE LAW LIMITS HOW LONG YOU CAN BE SUED ON A DEBT. BECAUSE OF THE AGE\r\nOF YOUR DEBT, WE WILL NOT SUE YOU "
        "FOR IT. We look forward to hearing from you."
    )

    assert spoken(draft) == "Hello We look forward to hearing from you."


def test_prescribed_text_runs_from_its_opening_to_its_closing_words() -> None:
    draft = (
        "The state Rosenthal Fair Debt Collection Practices Act and the federal Fair Debt Collection Practices Act require "
        "that, except under unusual circumstances, nobody may threaten with arrest.\n\nSee www.ftc.gov. Thank you."
    )

    assert spoken(draft) == "Thank you."


def test_a_form_line_with_fillings_is_prescribed() -> None:
    assert (
        spoken(
            "Call or write to us by May 1, 2024, to dispute all or part of the debt. If you do not, we will assume that "
            "our information is correct. Bye"
        )
        == "Bye"
    )


# --- Scripts and templates --------------------------------------------------------------------------------


def test_the_customers_lines_of_a_script_are_quoted() -> None:
    draft = "Agent: Hello, is this Jo?\nCustomer: Leave me alone\nyou thieves\nAgent: I understand."

    assert segments(draft, "quote") == ["Leave me alone\nyou thieves"]
    assert segments(draft, "cue") == ["Agent: ", "Customer: ", "Agent: "]


@pytest.mark.parametrize(
    ("draft", "said"),
    [
        ('If she says: "I never had it", offer a copy.', ["I never had it"]),
        ('If she says she forgot: "Well, nobody forgets a sofa."', []),
        ('IF CUSTOMER SAYS IT WAS PAID / CANCELLED: "We hear that daily."', []),
        ('Hello.\nIf they asked for time: "Could you pay half?"', []),
    ],
)
def test_what_a_script_has_the_caller_answer_is_no_quotation(draft: str, said: list[str]) -> None:
    assert segments(draft, "quote") == said


def test_a_field_named_customer_is_no_dialogue() -> None:
    assert segments("Customer: Jo Roe\nBalance: $400\n\nHello", "quote") == []


@pytest.mark.parametrize(
    "cue",
    [
        "[Verify last four of SSN.]",
        "[Pause for a reply]",
        "(pause)",
        "[If no answer, hang up]",
        "(wait for a reply)",
        "If customer says they'll pay next week:",
    ],
)
def test_directions_of_a_script_are_cues(cue: str) -> None:
    assert segments(f"Hello. {cue} Thanks" if cue[0] in "[(" else f"Hello.\n{cue} Thanks", "cue") == [cue]


@pytest.mark.parametrize(
    "draft",
    [
        "[AMOUNT] by [DATE]",
        "[offer amount] {{ balance }} <link>",
        "[If you do not pay we will sue you.]",
        "(see page 2)",
        "If you need help: call us",
        "[Pay now, thief.]",
    ],
)
def test_placeholders_and_threats_in_brackets_are_text(draft: str) -> None:
    assert spoken(f"Hello {draft} bye") == f"Hello {draft} bye"


def test_template_statements_are_code() -> None:
    draft = "Hi {{ name }}{% if late %}, it is late{% endif %}.{# note #} {% open"

    assert segments(draft, "code") == ["{% if late %}", "{% endif %}", "{# note #}"]


def test_segments_follow_the_text_through_folding() -> None:
    draft = "n0w co\u200burt…\r\n> P A Y  N O W\r\nRegards\r\nJ\u200bo"

    assert segments(draft, "quote") == ["> P A Y  N O W"]
    assert segments(draft, "signature") == ["J\u200bo"]
