"""The whole flow: offsets through any markup, determinism, configuration, suppression, and hostile input."""

import json

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tonecheck import Checker, Config, Profile
from tonecheck.errors import BrokenRule, DraftError
from tonecheck.matchers import WithoutPhrases
from tonecheck.report import ELEMENTS
from tonecheck.rulepack import Rule

HARSH = (
    "Dear Sam,\n\nYou failed to pay £40 😡. You failed to pay again.\r\nPAY NOW or we take you to court!!!"
)
FRAGMENTS = st.sampled_from(
    ["You failed to pay", " 😀 ", "e\u0301", "\r\n", "\t", "\u200b", "&amp;", "<b>", "</p>", "<p>", "pay now", "P A Y  N O W", "£40",
     "{{ x }}", "{% if a %}", "> quoted", "Subject: x\n", "“no”", ". ", "\x00", "\ud800", "\u202e", "[[", "court", "If customer says no:"]
)  # fmt: skip
DRAFTS = st.lists(st.one_of(FRAGMENTS, st.text(max_size=12)), max_size=25).map("".join)


def quotes_hold(report, draft):
    for finding in report.findings:
        if finding.start is not None:
            assert draft[finding.start : finding.end] == finding.quote
            assert finding.line >= 1 and finding.column >= 1
    for element in report.elements.values():
        assert all(draft[place.start : place.end] == place.quote for place in element.evidence)


def test_when_a_draft_is_harsh_then_findings_point_at_the_words(checker):
    report = checker.check(HARSH, Profile(jurisdiction="uk"))
    quotes_hold(report, HARSH)
    blame = [finding for finding in report.findings if finding.category == "blame"]
    assert [finding.line for finding in blame] == [3, 3], "the repeated words are two places"
    assert report.verdict == "block"
    assert report.findings == tuple(sorted(report.findings, key=lambda finding: finding.sort_key()))


@pytest.mark.parametrize(
    ("draft", "format", "quote"),
    [
        ("<p>Hi,</p><p>you fa<b>il</b>ed to pay&#33;</p>", "html", "you fa<b>il</b>ed to pay"),
        ("**You** failed to _pay_.", "markdown", "You** failed to _pay"),
        ("Subject: x\nFrom: a@example.com\nContent-Transfer-Encoding: quoted-printable\n\nYou fa=\niled to pay.", "eml", "You fa=\niled to pay"),
        ("You\u200b failed\u00a0to pay.", "text", "You\u200b failed\u00a0to pay"),
        ("Y\u043eu failed to pay.", "text", "Y\u043eu failed to pay"),
    ],
)  # fmt: skip
def test_when_words_run_through_markup_then_the_quote_is_the_draft_itself(checker, draft, format, quote):
    report = checker.check(draft, format=format)
    quotes_hold(report, draft)
    assert quote in [finding.quote for finding in report.findings if finding.category == "blame"]


@given(DRAFTS)
@example("You failed to pay\ud800 £40")
@example("<p>" * 500 + "You failed to pay")
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_when_a_draft_is_arbitrary_then_there_is_a_report_or_one_clear_error(checker, draft):
    try:
        report = checker.check(draft)
    except DraftError as err:
        assert "\n" not in str(err)
        return
    quotes_hold(report, draft)
    assert set(report.elements) == set(ELEMENTS)
    assert 0 <= report.score <= 100


@given(st.binary(max_size=300))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_when_a_draft_is_bytes_then_there_is_a_report_or_one_clear_error(checker, draft):
    try:
        checker.check(draft)
    except DraftError as err:
        assert "\n" not in str(err)


@pytest.mark.parametrize(
    "piece", ["a", "£1 ", "((", "<", "<!--", "&", "=\n", "pay now ", "no ", "\n>", "P A Y ", "'", "{{", "1-"]
)
def test_when_a_draft_is_huge_and_monotonous_then_it_is_checked_all_the_same(checker, piece):
    draft = piece * (60_000 // len(piece))
    for format in ("text", "html", "markdown", "eml"):
        try:
            quotes_hold(checker.check(draft, format=format), draft)
        except DraftError as err:
            assert "empty" in str(err), "markup and quotations can turn out to hold no message"


def test_when_a_draft_is_checked_twice_then_the_reports_are_the_same_to_the_byte(checker):
    fresh = Checker()
    one, two = (json.dumps(each.check(HARSH).to_dict()) for each in (checker, fresh))
    assert one == two


def test_when_the_pipeline_is_off_then_rules_still_work():
    report = Checker(Config(pipeline="none")).check(HARSH)
    assert report.verdict == "block"


def test_when_rules_are_switched_off_or_weakened_then_the_report_follows():
    report = Checker(Config(disable=("threat/*", "shouting/*", "model/*"), severity={"blame/*": 1})).check(
        HARSH
    )
    assert {finding.category for finding in report.findings}.isdisjoint({"threat", "shouting"})
    assert {finding.severity for finding in report.findings if finding.category == "blame"} == {1}


def test_when_the_severity_of_a_model_rule_is_set_then_the_model_does_not_choose_it():
    report = Checker(Config(disable=("blame/*",), severity={"model/blame": 1})).check(
        "You have ignored all four of our letters."
    )
    assert [
        (finding.rule, finding.severity) for finding in report.findings if finding.category == "blame"
    ] == [("model/blame", 1)]


def test_when_a_comment_with_a_reason_covers_a_finding_then_it_is_counted_as_suppressed(checker):
    text = "Dear Sam,\n{# tonecheck: ignore blame/failed-to -- quoted from the contract #}\nYou failed to pay.\n\nYou failed to pay."
    report = checker.check(text)
    assert [finding.line for finding in report.findings if finding.rule == "blame/failed-to"] == [5]
    assert report.suppressed == (
        {"rule": "blame/failed-to", "line": 3, "reason": "quoted from the contract"},
    )


def test_when_a_comment_gives_no_reason_then_it_suppresses_nothing_and_says_so(checker):
    text = "{# tonecheck: ignore blame/failed-to #}\nYou failed to pay."
    rules = [finding.rule for finding in checker.check(text).findings]
    assert "blame/failed-to" in rules and "clarity/suppression-without-reason" in rules


def test_when_a_rule_breaks_then_its_id_is_named(checker):
    class Broken(WithoutPhrases):
        def find(self, analysis, view):
            raise ZeroDivisionError("oops")

    rule = next(rule for rule in checker.rules if rule.id == "blame/failed-to")
    broken = Rule(**{**rule.__dict__, "id": "blame/broken"} if "matcher" not in rule.__dict__ else {
        **{name: value for name, value in rule.__dict__.items() if name not in ("matcher", "conditions")}, "id": "blame/broken"})  # fmt: skip
    broken.__dict__["matcher"] = Broken()
    with pytest.raises(BrokenRule, match="blame/broken failed: ZeroDivisionError: oops"):
        Checker(rules=[broken]).check("You failed.")


def test_when_profile_changes_then_required_elements_change(checker):
    asked = checker.check("Hello Sam.", Profile(stage="reminder"))
    thanked = checker.check("Hello Sam.", Profile(stage="thanks"))
    required = {"balance", "payment_instructions", "contact"}
    assert required <= {name for name, element in asked.elements.items() if element.required}
    assert not required & {name for name, element in thanked.elements.items() if element.required}
    assert (asked.verdict, thanked.verdict) == ("revise", "send")


def test_when_a_checker_has_practised_then_no_draft_waits_for_a_pattern():
    from tonecheck.linear import compiled

    checker = Checker(Config(backend="none", pipeline="none"))
    assert sum(1 for _ in checker.practise()) > 1_000
    before = compiled.cache_info()
    checker.check("Dear Sam, you ignored every letter. Pay $40 by Friday or we see you in court, you liar!")
    after = compiled.cache_info()
    assert after.hits > before.hits
    assert after.misses == before.misses
