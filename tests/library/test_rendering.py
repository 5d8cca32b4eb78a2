"""A template and values → text, subject and HTML, within limits."""

from __future__ import annotations

import re

import pytest

from tonecheck.library import Library, TemplateError
from tonecheck.library.html import page
from tonecheck.library.samples import combinations

LOCALES = [
    ("{{ a | money }}", "money", 1204.5, "us", "$1,204.50"),
    ("{{ a | money }}", "money", "1204.50", "uk", "£1,204.50"),
    ("{{ a | money }}", "money", 0, "uk", "£0.00"),
    ("{{ a | day }}", "date", "2027-05-14", "us", "May 14, 2027"),
    ("{{ a | day }}", "date", "2027-05-14", "uk", "14 May 2027"),
    ("{{ a | short_day }}", "date", "2027-09-04", "us", "Sep 4"),
    ("{{ a | short_day }}", "date", "2027-05-04", "uk", "4 May"),
    ("{{ (a * 2) | money }}", "money", "20.10", "us", "$40.20"),
]


@pytest.mark.parametrize(("text", "type", "value", "jurisdiction", "result"), LOCALES)
def test_amounts_and_dates_are_written_as_the_reader_writes_them(
    body, text, type, value, jurisdiction, result
):
    assert body(text, type, value, jurisdiction=jurisdiction) == result


def test_empty_lines_of_conditions_do_not_pile_up(body):
    assert (
        body("One.\n\n{% if a %}\nTwo.\n\n{% endif %}\n\n\nThree.  \n\n", "string", None) == "One.\n\nThree."
    )


def test_a_value_is_never_read_as_a_template(body):
    assert body("{{ a }}", "string", "{{ 7 * 7 }}{% raw %}") == "{{ 7 * 7 }}{% raw %}"


REFUSED = [
    ("{{ a.b }}", "has no attribute 'b'"),
    ("{{ a.__class__ }}", "unsafe"),
    ("{{ ''.__class__.__mro__ }}{{ a }}", "unsafe"),
    ("{{ a.format() }}", "unsafe"),
    ("{{ a | money }}", "give an amount"),
    ("{{ 1 / 0 }}{{ a }}", "division"),
    ("{{ a * 1000000000 }}", "is for numbers"),
    ("{{ '%1000000000d' % 1 }}{{ a }}", "is for numbers"),
    ("{{ 9 ** 9 ** 9 }}{{ a }}", r"\*\* is not for messages"),
    ("{% for i in range(1000000000) %}{{ a }}{% endfor %}", r"range\(\) has more than 20,000"),
    (
        "{% for i in range(1000) %}{% for j in range(1000) %}{% endfor %}{% endfor %}{{ a }}",
        "more than 20,000 steps",
    ),
    ("{% for i in range(15000) %}{{ a }}, and more{% endfor %}", "more than 100,000 characters"),
    (
        "{% macro f(n) %}{% if n %}{{ f(n - 1) }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(40) }}{{ a }}",
        "more than 20,000 steps",
    ),
    ("{% macro f(x) %}{{ f(x ~ x) }}{% endmacro %}{{ f(a) }}", "more than 100,000 characters"),
    ("{% macro f(x) %}{{ f(x + x) }}{% endmacro %}{{ f(a) }}", "more than 100,000 characters"),
    ("{% macro f(x) %}{{ f([x, x] | join) }}{% endmacro %}{{ f(a) }}", "more than 100,000 characters"),
    (
        "{% macro f(x) %}{{ f(x | replace('x', 'xx')) }}{% endmacro %}{{ f(a) }}",
        "more than 100,000 characters",
    ),
    ("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}{{ a }}", "without end"),
]


@pytest.mark.parametrize(("text", "said"), REFUSED)
def test_a_template_that_goes_wrong_is_refused_at_its_file(body, text, said):
    with pytest.raises(TemplateError, match=said) as caught:
        body(text, "string", "x")
    assert re.search(r"chat-us\.j2:\d+: ", str(caught.value))


def test_an_error_while_rendering_names_the_line(body):
    with pytest.raises(TemplateError, match=r"chat-us\.j2:9: "):
        body("One\n{{ a.b }}", "string", "x")


EMAIL = """---
title: T
purpose: P
profile: {channel: email, stage: reminder, jurisdiction: us}
subject: "About {{ a }}"
variables:
  a: {type: string, meaning: M, samples: ["x"]}
---
Hello {{ a }},

Fine.
"""


def test_an_email_begins_with_its_subject_on_one_line(make):
    done = make(EMAIL, id="note/email-us").render("note/email-us", {"a": "Sam\nBcc: b@example.com"})
    assert done.subject == "About Sam Bcc: b@example.com"
    assert done.text.startswith("Subject: About Sam Bcc: b@example.com\n\nHello Sam\n")
    assert done.text == f"Subject: {done.subject}\n\n{done.body}"
    assert "<title>About Sam Bcc: b@example.com</title>" in (done.html or "")


def test_a_letter_says_what_it_is_about_before_its_salutation(make):
    letter = EMAIL.replace("email", "letter").replace("Hello", "May 14, 2027\n\nDear")
    done = make(letter, id="note/letter-us").render("note/letter-us", {"a": "Sam"})
    assert done.text == "May 14, 2027\n\nRe: About Sam\n\nDear Sam,\n\nFine."
    assert (done.subject, done.html) == ("About Sam", None)


def test_html_has_paragraphs_lists_and_links_and_nothing_of_a_value_in_it():
    text = (
        "Hello <b>Sam</b> & Co,\n\nWays to pay:\n- Online: https://pay.example.com/a?b=1&c=2.\n- Write to help@example.com\n\n"
        "1. First\n2. Second\n\nSee www.nfcc.org, or 'pay.example/7q'.\nBye"
    )
    body = page("A <title>", text, "uk").partition(">\n")[2]
    assert '<html lang="en-GB">' in body
    assert "<title>A &lt;title&gt;</title>" in body
    assert body[body.index("<p>") : body.index("</body>")] == (
        "<p>Hello &lt;b&gt;Sam&lt;/b&gt; &amp; Co,</p>\n"
        "<p>Ways to pay:</p>\n"
        '<ul>\n<li>Online: <a href="https://pay.example.com/a?b=1&amp;c=2">https://pay.example.com/a?b=1&amp;c=2</a>.</li>\n'
        '<li>Write to <a href="mailto:help@example.com">help@example.com</a></li>\n</ul>\n'
        "<ol>\n<li>First</li>\n<li>Second</li>\n</ol>\n"
        '<p>See <a href="https://www.nfcc.org">www.nfcc.org</a>, or &#x27;<a href="https://pay.example/7q">pay.example/7q</a>&#x27;.'
        "<br>Bye</p>\n"
    )


def _variables(sizes: dict[str, int]) -> str:
    lines = "".join(
        f"  {name}: {{type: integer, meaning: M, samples: {list(range(size))}}}\n"
        for name, size in sizes.items()
    )
    used = "".join(f"{{{{ {name} }}}} " for name in sizes)
    return f"---\ntitle: T\npurpose: P\nprofile: {{channel: chat, stage: reminder, jurisdiction: us}}\nvariables:\n{lines}---\n{used}"


def test_few_samples_are_combined_in_every_way(make):
    library: Library = make(_variables({"a": 2, "b": 3}))
    found = [tuple(each.values()) for each in combinations(library.get("note/chat-us"))]
    assert sorted(found) == [(a, b) for a in range(2) for b in range(3)]


def test_of_many_samples_each_is_taken_and_none_twice(make):
    library: Library = make(_variables({"a": 9, "b": 9, "c": 9, "d": 9}))
    found = [tuple(each.values()) for each in combinations(library.get("note/chat-us"), most=60)]
    assert len(found) == len(set(found)) == 60
    for place in range(4):
        assert {each[place] for each in found} == set(range(9))
