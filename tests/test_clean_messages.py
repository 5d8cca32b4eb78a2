"""A corpus of fit messages, many of them hard for a word list: none may be called harsh."""

import json
from pathlib import Path

import pytest

from tonecheck import Profile
from tonecheck.finding import TONE_CATEGORIES
from tonecheck.profile import VALUES

CORPUS = Path(__file__).parent / "data" / "clean_messages.jsonl"
RECORDS = [json.loads(line) for line in CORPUS.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record["id"])
def test_when_a_message_is_fit_then_nothing_in_it_is_called_harsh(checker, record):
    profile = Profile(**{name: record[name] for name in VALUES})
    report = checker.check(record["text"], profile)
    harsh = [
        (finding.rule, finding.quote)
        for finding in report.findings
        if finding.category in TONE_CATEGORIES and finding.severity > 1
    ]
    assert not harsh
