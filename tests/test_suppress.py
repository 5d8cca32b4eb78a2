"""Comments that wave a finding through: what they need, and what they cover."""

import pytest

from tonecheck.document import Document, MappedText
from tonecheck.finding import Finding
from tonecheck.suppress import covers, suppressions


def document(text: str) -> Document:
    return Document(text, MappedText.identity(text), (), "text")


def finding(line: int | None, rule: str = "threat/court") -> Finding:
    return Finding(rule, "threat", 3, "m", "w", line=line)


@pytest.mark.parametrize(
    "comment",
    [
        "{# tonecheck: ignore threat/court -- the contract says so #}",
        "{#- tonecheck:ignore threat/court -- the contract says so -#}",
        "<!-- tonecheck: ignore threat/court -- the contract says so -->",
        "<!--tonecheck: ignore threat/court because the contract says so-->",
    ],
)
def test_when_a_comment_names_a_rule_and_a_reason_then_it_covers_its_line_and_the_next(comment):
    (found,), faults = suppressions(document(f"Hello\n{comment}\n\nwe will sue\nwe will sue"))
    assert found.reason == "the contract says so" and not faults
    assert [line for line in range(1, 6) if covers(found, finding(line))] == [2, 4]
    assert covers(found, finding(None)) and not covers(found, finding(4, "threat/wages"))


@pytest.mark.parametrize("body", ["", "threat/court", "threat/court --", "-- reason"])
def test_when_rule_or_reason_is_missing_then_the_comment_is_a_finding(body):
    found, (fault,) = suppressions(document(f"a\n<!-- tonecheck: ignore {body} -->"))
    assert not found and fault.line == 2 and fault.quote.startswith("<!--")


def test_when_a_glob_is_named_then_it_covers_all_its_rules():
    (found,), _ = suppressions(document("<!-- tonecheck: ignore threat/* -- agreed -->"))
    assert covers(found, finding(1)) and covers(found, finding(1, "threat/wages"))
    assert not covers(found, finding(1, "blame/late"))
