"""Verdict and score: the guide's section 4, and that mending a finding never costs points."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tonecheck.finding import CATEGORIES, Finding
from tonecheck.verdict import judge, score


def finding(category: str, severity: int) -> Finding:
    return Finding(f"{category}/x", category, severity, "message", "why", 0, 1, 1, 1, "x")


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        ([], "send"),
        ([("negative_wording", 1)], "send"),
        ([("negative_wording", 1)] * 2, "send"),
        ([("negative_wording", 1), ("demand", 1), ("blame", 1)], "revise"),
        ([("missing", 1)] * 4, "send"),
        ([("missing", 2)], "revise"),
        ([("blame", 2)], "revise"),
        ([("disclosure", 2)], "block"),
        ([("deception", 2)], "block"),
        ([("threat", 3)], "block"),
        ([("threat", 3), ("blame", 2)], "block"),
    ],
)
def test_when_findings_are_given_then_the_verdict_follows_the_guide(found, verdict):
    judgement = judge([finding(*pair) for pair in found])
    assert judgement.verdict == verdict
    assert judgement.reasons


FINDINGS = st.lists(st.builds(finding, st.sampled_from(CATEGORIES), st.integers(1, 3)), max_size=30)


@given(FINDINGS, FINDINGS, st.data())
def test_when_a_finding_is_mended_then_the_score_never_falls_and_the_verdict_never_hardens(
    counted, uncounted, data
):
    order = ["send", "revise", "block"]
    before, verdict = score(counted, uncounted), judge(counted).verdict
    if counted:
        gone = data.draw(st.integers(0, len(counted) - 1))
        left = counted[:gone] + counted[gone + 1 :]
        assert score(left, uncounted) >= before
        assert order.index(judge(left).verdict) <= order.index(verdict)
    if uncounted:
        assert score(counted, uncounted[1:]) >= before
    assert 0 <= before <= 100


def test_when_there_is_nothing_to_mend_then_the_score_is_full():
    assert score([], []) == 100
