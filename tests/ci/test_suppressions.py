"""Comments that wave a finding through: a last day, and those that nothing needs."""

from __future__ import annotations

from datetime import date

import pytest

from tests.conftest import PACKS
from tonecheck.config import Config
from tonecheck.engine import Checker
from tonecheck.profile import Profile
from tonecheck.rulepack import load

HARSH = "The balance is $40. {comment}\nPay now or we will sue you.\n"


def checker(**changes: object) -> Checker:
    config = Config(pipeline="none", backend="none", as_of=date(2027, 1, 31), **changes)  # type: ignore[arg-type]
    return Checker(config, rules=load([PACKS]))


@pytest.fixture(scope="module")
def usual() -> Checker:
    return checker()


def found(checker: Checker, comment: str, text: str = HARSH) -> list[str]:
    report = checker.check(text.format(comment=f"<!-- tonecheck: ignore {comment} -->"), format="html")
    return [finding.rule for finding in report.findings if finding.category in ("threat", "clarity")]


@pytest.mark.parametrize(
    ("comment", "rules"),
    [
        ("threat/lawsuit -- agreed", []),
        ("threat/lawsuit until=2027-02-01 -- agreed", []),
        ("threat/lawsuit until=2027-01-31 -- agreed", []),
        ("threat/lawsuit until=2027-01-30 -- agreed", ["clarity/suppression-expired", "threat/lawsuit"]),
        ("threat/lawsuit until=soon -- agreed", ["clarity/suppression-without-reason", "threat/lawsuit"]),
        (
            "threat/lawsuit until=2027-02-30 -- agreed",
            ["clarity/suppression-without-reason", "threat/lawsuit"],
        ),
        ("threat/lawsuit until=2027-02-01", ["clarity/suppression-without-reason", "threat/lawsuit"]),
    ],
)
def test_a_comment_holds_up_to_and_including_its_last_day(
    usual: Checker, comment: str, rules: list[str]
) -> None:
    assert found(usual, comment) == rules


@pytest.mark.parametrize(
    "comment", ["threat/lawsuit -- agreed", "threat/* -- agreed", "threat/sue -- a former id"]
)
def test_a_comment_that_nothing_needs_is_a_hint(usual: Checker, comment: str) -> None:
    assert found(usual, comment, "The balance is $40. {comment} Thank you.") == ["clarity/suppression-unused"]
    assert found(usual, comment) == []


def test_an_unused_comment_does_not_change_the_verdict(usual: Checker) -> None:
    text = "The balance is $40. <!-- tonecheck: ignore threat/lawsuit -- agreed --> Thank you."
    report = usual.check(text, format="html")
    assert report.verdict == "send"
    (finding,) = report.findings
    assert finding.quote == "<!-- tonecheck: ignore threat/lawsuit -- agreed -->" and finding.severity == 1


def test_two_comments_for_one_finding_are_both_used(usual: Checker) -> None:
    text = (
        "The balance is $40. <!-- tonecheck: ignore threat/* -- one -->\n"
        "<!-- tonecheck: ignore threat/lawsuit -- two --> Pay now or we will sue you.\n"
    )
    report = usual.check(text, format="html")
    assert [finding.rule for finding in report.findings if finding.category == "clarity"] == []
    assert [row["reason"] for row in report.suppressed] == ["one"]


def test_of_a_rule_that_does_not_judge_here_nobody_says_that_its_comment_is_unused(usual: Checker) -> None:
    comment = "missing/balance -- the balance follows"
    text = "Thank you. <!-- tonecheck: ignore " + comment + " -->"
    thanks = usual.check(text, Profile(stage="thanks"), format="html")
    assert thanks.findings == () and thanks.suppressed == ()
    off = checker(disable=("threat/*",))
    assert found(off, "threat/lawsuit -- agreed") == []
