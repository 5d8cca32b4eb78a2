"""Drafts that nobody would write, of sentences from everywhere: rewriting takes them, and keeps their facts."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from tonecheck.profile import Profile
from tonecheck.rewrite.facts import facts_of
from tonecheck.rewrite.fix import fix

_LABEL = re.compile(r"</?[a-z_]*[0-9]?>|^~ ?")


@pytest.fixture(scope="module")
def lines():
    paths = sorted((Path(__file__).parents[2] / "training" / "data" / "passages").glob("*.txt"))
    found = [line for path in paths for line in path.read_text(encoding="utf-8").splitlines()]
    return [_LABEL.sub("", line).strip() for line in found if line and not line.startswith("#")]


def told(text):
    """Names that are brought in to hurt may go."""
    return [fact for fact in facts_of(text) if fact.kind not in ("name", "address")]


@pytest.mark.parametrize("channel", ["email", "sms", "chat", "letter", "call_script"])
def test_sentences_from_everywhere_are_mended_without_a_fault(lines, checker, channel):
    chance = random.Random(channel)
    for _ in range(12):
        draft = chance.choice((" ", "\n\n")).join(chance.sample(lines, 6))
        fixed = fix(checker, draft, Profile(channel=channel), unsafe=True)
        assert set(told(draft)) <= set(told(fixed.text))
