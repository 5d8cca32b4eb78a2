"""``read``: which format, which errors, and that every character knows its place whatever comes in."""

import base64
import quopri

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tonecheck.document import SEGMENT_KINDS, Document
from tonecheck.errors import ConfigError, DraftError
from tonecheck.readers import FORMATS, MAX_CHARS, read

TEXT_FORMATS = ("text", "markdown", "html", "eml")


def assert_sound(document: Document) -> None:
    """Places in order, not empty, inside the source; segments in order, inside the text, of known kinds."""
    mapped, size = document.mapped, len(document.source)
    assert list(mapped.starts) == sorted(mapped.starts)
    assert list(mapped.ends) == sorted(mapped.ends)
    assert all(0 <= start < end <= size for start, end in zip(mapped.starts, mapped.ends, strict=True))
    at = 0
    for kind, start, end in document.segments:
        assert kind in SEGMENT_KINDS
        assert at <= start < end <= len(document.text)
        at = end


# --- Formats ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.txt", "text"),
        ("a.MD", "markdown"),
        ("a.markdown", "markdown"),
        ("a.htm", "html"),
        ("dir.eml/a.html", "html"),
    ],
)
def test_the_extension_decides(name: str, expected: str) -> None:
    assert read("Hello", name=name).format == expected


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        ("Dear Ms Roe,\nthe balance is <AMOUNT>, see <link> or <name>.", "text"),
        ("Subject: Your invoice\n\nDear Ms Roe", "text"),
        ("Date: 3 May\nAccount: 12-34\n\nDear Ms Roe", "text"),
        ("From here on: nothing\nTo: nobody", "text"),
        ("# Title\n\n**bold**", "text"),
        ("5 < 6 and a <3", "text"),
        ("<p>Dear Ms Roe</p>", "html"),
        ("Dear Ms Roe,<br>hello", "html"),
        ("<!DOCTYPE html><title>x</title>", "html"),
        ("see <a href='x'>here</a>", "html"),
        ("From: a@b.example\nSubject: Hi\n\nHello", "eml"),
        ("Received: x\r\n by y\r\nMIME-Version: 1.0\r\nX-Any: 1\r\n\r\nHello", "eml"),
    ],
)
def test_without_a_name_the_content_decides(draft: str, expected: str) -> None:
    assert read(draft).format == expected
    assert read(draft.encode()).format == expected


def test_the_option_goes_before_the_name() -> None:
    assert read("<p>x</p>", format="text", name="a.html").text == "<p>x</p>"


def test_an_unknown_format_is_refused_with_the_nearest() -> None:
    with pytest.raises(ConfigError, match="did you mean 'html'"):
        read("x", format="htlm")


# --- Bytes and errors -------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_text_in_unicode_encodings_is_read(encoding: str) -> None:
    document = read("Zoë owes €5".encode(encoding))

    assert document.text == "Zoë owes €5"
    assert document.quote(9, 11) == "€5"
    assert_sound(document)


def test_other_encodings_are_refused_with_place_and_mend() -> None:
    with pytest.raises(DraftError, match=r"byte 0x93 at offset 5; save it as UTF-8"):
        read(b"Hello\x93x\x94")


@pytest.mark.parametrize("draft", [b"a\x00b", bytes(range(1, 9)) * 3])
def test_binary_is_refused(draft: bytes) -> None:
    with pytest.raises(DraftError, match="binary"):
        read(draft)


@pytest.mark.parametrize(
    "draft", ["", " \n\t", "\u200b\ufeff", b"", b"\xef\xbb\xbf", "<p> </p>", "<style>p{}</style><p></p>"]
)
def test_an_empty_draft_is_refused(draft: str | bytes) -> None:
    with pytest.raises(DraftError, match="the draft is empty"):
        read(draft)


@pytest.mark.parametrize("draft", ["x" * (MAX_CHARS + 1), b"x" * (MAX_CHARS + 1), b"x" * (4 * MAX_CHARS + 1)])
def test_a_draft_over_the_limit_is_refused_with_both_sizes(draft: str | bytes) -> None:
    with pytest.raises(DraftError, match=r"too large: [\d,]+ (characters|bytes), the limit is [\d,]+"):
        read(draft)


def test_a_lone_surrogate_is_read() -> None:
    assert_sound(read("Hello \ud800 you"))


# --- Any input --------------------------------------------------------------------------------------------

MARKUP = st.lists(
    st.one_of(
        st.sampled_from(
            "<p>|</p>|<b>|</b>|<br>|&amp;|&#x41;|&nbsp|&|<|>|<!--|-->|<a href='|'|\"|<td>|<tr>|<blockquote>|</div>|<pre>|"
            "<div hidden>|<div style='display:none'>|<title>|</title>|<script>|</script>|<![CDATA[|]]>|<AMOUNT>|<li>|"
            "*|**|_|`|```|[|](|)|](x)|#|# |> |- |\\|---|~~|!|Regards,|On 3 May, J <j@x.y> wrote:|-- |Subject: |From: |To: x|"
            "--b|--b--|Content-Type: text/html|Content-Type: multipart/mixed; boundary=b|Content-Transfer-Encoding: base64|"
            "Content-Transfer-Encoding: quoted-printable|=C3=A9|=|=?utf-8?q?a=C3=A9?=|SGVsbG8=|{% if %}|{{ x }}|[Verify it now.]|"
            'You said "|Agent: |Customer: |If they pay:|n0w|P A Y|\u200b|e\u0301|👍🏽|👨\u200d👩|\r|\r\n|\n|\n\n|  |\t|pay pay'.split(
                "|"
            )
        ),
        st.text(max_size=4),
    ),
    max_size=40,
).map("".join)


@pytest.mark.parametrize("format", TEXT_FORMATS)
@given(draft=MARKUP)
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_any_text_is_read_soundly(format: str, draft: str) -> None:
    try:
        document = read(draft, format=format)
    except DraftError:
        return
    assert_sound(document)
    assert document.source == draft


@given(st.text(min_size=1))
@settings(deadline=None)
def test_plain_text_comes_back_whole(draft: str) -> None:
    document = read(f"x{draft}", format="text")

    assert document.source == f"x{draft}"
    assert_sound(document)


@pytest.mark.parametrize("format", [*FORMATS, None])
@given(draft=st.one_of(st.binary(max_size=200), MARKUP.map(lambda text: text.encode("utf-8", "replace"))))
@example(draft=b"PK\x03\x04 no archive")
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_any_bytes_give_a_document_or_a_draft_error(format: str | None, draft: bytes) -> None:
    try:
        document = read(draft, format=format)
    except DraftError as err:
        assert str(err)
        return
    assert_sound(document)


# --- Known words at known places --------------------------------------------------------------------------

PROSE = st.lists(
    st.sampled_from(
        [
            "pay pay",
            "Zoë",
            "👍🏽",
            "e\u0301",
            "a\u200bb",
            "it’s",
            "…",
            "1\ufe0f\u20e3",
            "co\u00adurt",
            "x - y",
            "Ms. Roe",
        ]
    ),
    min_size=1,
    max_size=8,
).map(" ".join)
WORD = "qzjxkv"


def _quoted_printable(text: str) -> str:
    return quopri.encodestring(text.encode()).decode("ascii")


def _base64(text: str) -> str:
    return base64.encodebytes(text.encode()).decode("ascii")


HEAD = "From: a@b.example\r\nSubject: Hello\r\nContent-Type: text/plain; charset=utf-8\r\n"
WRAPPERS = {
    "text": lambda before, after: (f"{before}\r\n\r\n", f"\r\n\r\n{after}"),
    "markdown": lambda before, after: (
        f"# {before}\n\n> *{before}* &amp; **",
        f"** [{before}](https://x.example) {after}",
    ),
    "html": lambda before, after: (
        f"<h1>{before}</h1><p title='a>b'>&eacute;\t<b>",
        f"</b> {after}<br>&copy;{before}",
    ),
    "eml": lambda before, after: (f"{HEAD}\r\n{before}\r\n\r\n", f"\r\n\r\n{after}\r\n"),
}


@pytest.mark.parametrize("format", TEXT_FORMATS)
@given(before=PROSE, after=PROSE)
@settings(max_examples=40, deadline=None)
def test_a_word_is_found_where_it_was_put(format: str, before: str, after: str) -> None:
    head, tail = WRAPPERS[format](before, after)
    document = read(f"{head}{WORD}{tail}", format=format)

    at = document.text.index(WORD)

    assert_sound(document)
    assert document.source_span(at, at + len(WORD)) == (len(head), len(head) + len(WORD))


@pytest.mark.parametrize(
    ("encoding", "encode"), [("quoted-printable", _quoted_printable), ("base64", _base64)]
)
@given(before=PROSE, after=PROSE)
@settings(max_examples=40, deadline=None)
def test_encoded_bodies_say_the_same_and_map_back(encoding: str, encode, before: str, after: str) -> None:  # type: ignore[no-untyped-def]
    text = f"{before} {WORD} {after}"
    plain = read(text, format="text")
    mail = read(f"{HEAD}Content-Transfer-Encoding: {encoding}\r\n\r\n{encode(text)}", format="eml")

    assert_sound(mail)
    assert mail.text.partition("\n\n")[2].strip() == plain.text.strip()


@pytest.mark.parametrize(
    ("format", "draft"),
    [
        ("html", "<div>" * 100_000 + "deep" + "</div>" * 100_000),
        ("html", "text" + "<" * 1_000_000),
        ("html", "text" + '<a href=">" ' * 100_000),
        ("html", "text" + "<![CDATA[" * 100_000),
        ("markdown", "text " + "[" * 500_000),
        ("markdown", "text " + " ".join("`" * length for length in range(1, 1_000))),
        ("markdown", "*a **b " * 50_000),
        ("text", "P A Y  " * 100_000),
        ("text", "a1" * 500_000),
        ("text", 'you said "' * 50_000),
        ("text", "x\nFrom: a\nTo: b\n" * 30_000),
        ("text", "a" + "\u0301" * 500_000),
        ("text", "Calls are recorded " * 30_000 + "pay"),
        ("text", "{% " * 100_000 + "#}"),
        ("eml", "From: a\nSubject: " + "=?utf-8?q?" * 50_000 + "\n\ntext"),
        ("eml", "From: a\nContent-Type: text/plain" + '; a="' * 50_000 + "\n\ntext"),
    ],
)
def test_hostile_drafts_are_read_in_linear_time(format: str, draft: str) -> None:
    # A quadratic reader would not come back from these within the patience of anyone.
    assert read(draft, format=format).text.strip()


def test_the_longest_draft_is_read() -> None:
    line = "We have not received the payment of $400.00 for account 12345, please call us.\n"
    document = read((line * (MAX_CHARS // len(line) + 1))[:MAX_CHARS])

    assert len(document.text) == MAX_CHARS
