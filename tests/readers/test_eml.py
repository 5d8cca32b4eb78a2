"""Mails, made by the standard library and by hand."""

from email.message import EmailMessage
from email.policy import SMTP

import pytest

from tonecheck.errors import DraftError
from tonecheck.readers import read
from tonecheck.readers.eml import MAX_DEPTH, MAX_PARTS


def message(subject: str = "Your bill") -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    mail["From"] = "Acme Billing <acme@acme.example>"
    mail["To"] = "jo@roe.example"
    mail["Subject"] = subject
    return mail


@pytest.mark.parametrize("encoding", ["7bit", "8bit", "quoted-printable", "base64"])
def test_a_plain_mail_shows_sender_subject_and_body(encoding: str) -> None:
    mail = message()
    mail.set_content("Dear Jo,\nplease call us.\n", cte=encoding)
    document = read(mail.as_bytes())

    assert document.format == "eml"
    assert document.text.strip() == (
        "From: Acme Billing <acme@acme.example>\nSubject: Your bill\n\nDear Jo,\nplease call us."
    )
    assert [(kind, document.text[start:end]) for kind, start, end in document.segments] == [
        ("footer", "Acme Billing <acme@acme.example>"),
        ("subject", "Your bill"),
    ]


def test_an_encoded_subject_is_decoded_and_maps_to_its_encoded_word() -> None:
    subject = "Überfällig — please read this rather long subject, which folds 😀 over lines"
    mail = message(subject)
    mail.set_content("Hi\n")
    document = read(mail.as_bytes())

    start, end = next(
        (segment.start, segment.end) for segment in document.segments if segment.kind == "subject"
    )

    assert document.text[start:end] == subject.replace("—", "-")
    assert document.quote(start, start + 1).startswith("=?utf-8?")


def test_the_last_alternative_with_text_is_shown() -> None:
    mail = message()
    mail.set_content("plain\n")
    mail.add_alternative("<p>rich &euro;4 &amp; <b>n</b>ow</p>", subtype="html")
    mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="a.pdf")
    mail.add_attachment("attached text", filename="a.txt")
    document = read(mail.as_bytes())

    at = document.text.index("now")

    assert document.text.endswith("\n\nrich €4 & now")
    assert document.quote(at, at + 3) == "<b>n</b>ow"[3:]


def test_an_empty_last_alternative_gives_way() -> None:
    mail = message()
    mail.set_content("plain\n")
    mail.add_alternative("<p> </p>", subtype="html")

    assert "plain" in read(mail.as_bytes()).text


def test_an_encoded_match_maps_to_its_codes() -> None:
    mail = message()
    mail.set_content("Zoë owes €5 — today\n", cte="quoted-printable")
    document = read(mail.as_bytes())

    at = document.text.index("€5")

    assert document.quote(at, at + 2) == "=E2=82=AC5"


def test_a_base64_match_maps_to_digits_that_hold_it() -> None:
    mail = message()
    mail.set_content("Zoë pays\n", cte="base64")
    document = read(mail.as_bytes())

    at = document.text.index("ë")
    span = document.source_span(at, at + 1)

    # "Zo" are bytes 0 and 1; the two bytes of "ë" stand in digits 2 to 5.
    body = document.source.index("\r\n\r\n") + 4
    assert (span.start - body, span.end - body) == (2, 6)


def test_a_latin1_mail_is_decoded_by_its_charset_and_offsets_count_bytes() -> None:
    raw = "From: a@b.example\r\nSubject: x\r\nContent-Type: text/plain; charset=windows-1252\r\n\r\nZoë owes €5".encode(
        "cp1252"
    )
    document = read(raw)

    at = document.text.index("€5")

    assert document.text.endswith("Zoë owes €5")
    assert document.source_span(at, at + 2) == (len(raw) - 2, len(raw))


@pytest.mark.parametrize(
    ("rest", "shown"),
    [
        ("Content-Type: multipart/mixed; boundary=b\n\nno boundary here", "no boundary here"),
        (
            "Content-Type: multipart/mixed; boundary=b\n\npre\n--b\n\none\n--b\nContent-Type: text/html\n\n<p>two &amp; th",
            "one\ntwo & th",
        ),
        ("Content-Type: multipart/mixed\n\nno boundary named", "no boundary named"),
        ("Content-Type: nonsense\n\nbody", "body"),
        ("Content-Type: text/plain; charset=klingon\n\nZoë", "Zoë"),
        ("Content-Type: image/png\n\nonly words", "only words"),
        ("Content-Transfer-Encoding: base64\n\nSGVsbG8*", "Hello"),
        ("Content-Transfer-Encoding: quoted-printable\n\na=ZZ=\nb=C3", "a=ZZb\ufffd"),
        ("Content-Type: text/plain; format=flowed\n\nflowed \nText\n-- \nJo", "flowed Text\n-- \nJo"),
    ],
)
def test_broken_mail_is_read_as_far_as_it_goes(rest: str, shown: str) -> None:
    assert read(f"From: a\nSubject: s\n{rest}", format="eml").text.partition("\n\n")[2].strip() == shown


def test_absurd_nesting_is_refused() -> None:
    head = "Content-Type: multipart/mixed; boundary="
    nested = (
        "From: a\n" + "".join(f"{head}b{level}\n\n--b{level}\n" for level in range(MAX_DEPTH + 2)) + "\nx"
    )

    with pytest.raises(DraftError, match="parts"):
        read(nested, format="eml")
    with pytest.raises(DraftError, match="parts"):
        read(f"From: a\n{head}b\n\n" + "--b\n\nx\n" * (MAX_PARTS + 5), format="eml")
