"""HTML as a browser shows it."""

import pytest

from tonecheck.readers import read


def text(draft: str) -> str:
    return read(draft, format="html").text


def kinds(draft: str) -> list[tuple[str, str]]:
    document = read(draft, format="html")
    return [(kind, document.text[start:end]) for kind, start, end in document.segments]


@pytest.mark.parametrize(
    ("draft", "shown"),
    [
        ("co<i></i>urt", "court"),
        ("a  \n b\t<b> c</b>", "a b c"),
        ("<p>a</p>\n<p>b</p>", "a\n\nb"),
        ("<div>a<div>b</div></div>c", "a\nb\nc"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<table><tr><td>Due</td><td>$4</td></tr><tr><td>Ref<td>1</table>", "Due $4\nRef 1"),
        ("<ul><li>a<li>b</ul>", "- a\n- b"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        (
            "&lt;x&gt; &amp &copy; &#8364;&#x20ac;&#128; &bogus; AT&T &notit; a&nbsp;b",
            "<x> & © €€€ &bogus; AT&T ¬it; a b",
        ),
        ("<p title='a>b' data-x=\"'>\">x</p>", "x"),
        ("<p class=>x", "x"),
        ("a<!-- b -->c<!-->d<!---->e", "acde"),
        ("a<!--[if mso]>b<![endif]-->c<!--[if !mso]><!-->d<!--<![endif]-->", "acd"),
        ("a<script>if (a<b) '</p>'</script><STYLE>p{}</Style >b", "ab"),
        ("a<![CDATA[ <b & c> ]]>d", "a <b & c> d"),
        ("a<!-- never closed", "a"),
        ("a <p never closed", "a <p never closed"),
        ("1 < 2 > 0 <3", "1 < 2 > 0 <3"),
        ("<p>Hi <AMOUNT> <CUSTOMER_NAME> <unknown>x</unknown></p>", "Hi <AMOUNT> <CUSTOMER_NAME> x"),
        ('<img alt="Acme &amp; Co"> <input type=submit value="Send"> <input value=secret>', "Acme & Co Send"),
        ("a<span style='DISPLAY : none'>b</span>c<div hidden>d</div>", "ac"),
        ("<div style='display:none'><div>a</div>b</div>c<p>d", "a\nb\nc\n\nd"),
        ("x<div style='display:none'><b></div>y", "x\ny"),
        ("</p></div>a</b>", "a"),
    ],
)
def test_what_is_shown(draft: str, shown: str) -> None:
    assert text(draft).strip() == shown


def test_kinds_of_segment() -> None:
    draft = (
        "<html><head><title>Your bill</title></head><body><div style='display:none'>Read on</div><h1>Hello <b>Jo</b></h1>"
        "<p>Body</p><blockquote>old<p>words</p></blockquote><p>More</p></body></html>"
    )

    assert kinds(draft) == [
        ("subject", "Your bill"),
        ("preheader", "Read on"),
        ("heading", "Hello Jo"),
        ("quote", "old"),
        ("quote", "words"),
    ]


def test_hidden_text_after_the_first_words_is_not_the_message() -> None:
    assert text("<p>Hi</p><div style='display:none'>hidden</div>") == "Hi"


def test_a_preheader_is_known_by_its_class() -> None:
    assert kinds("<p>Hi</p><span class='preheader' style='opacity:0'>Read on</span>") == [
        ("preheader", "Read on")
    ]


@pytest.mark.parametrize(
    "reply",
    [
        "<div class='gmail_quote'>On 3 May Jo wrote: <p>leave me</p></div>",
        "<div id='divRplyFwdMsg'>From: Jo</div><div>leave me</div>",
        "<div style='border-top:solid #E1E1E1 1.0pt'><b>From:</b> Jo<br><b>Sent:</b> May 3<br><b>To:</b> us</div><p>leave me</p>",
    ],
)
def test_replies_of_mail_programs_are_quoted(reply: str) -> None:
    document = read(f"<p>Thank you.</p>{reply}", format="html")

    assert document.spoken.split() == ["Thank", "you."]


def test_a_match_maps_to_its_markup() -> None:
    draft = "<p>Jo, the co<i></i>urt &amp; n&#48;w</p>"
    document = read(draft, format="html")

    assert document.text == "Jo, the court & now"
    assert document.quote(8, 13) == "co<i></i>urt"
    assert document.quote(14, 19) == "&amp; n&#48;w"
