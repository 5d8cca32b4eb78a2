"""The same words get the same judgement, whoever is addressed: names, titles, pronouns, creditors, places, currencies."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from tonecheck import Checker, Profile
from tonecheck.finding import TONE_CATEGORIES, Finding

DATA = Path(__file__).parent / "data" / "fairness.yaml"
MESSAGES: list[dict[str, Any]] = yaml.safe_load(DATA.read_text(encoding="utf-8"))
FEWEST_SWAPS = 200
MOST_DIFFERING = 0.01  # of all swaps

_SLOT = re.compile(r"\{(\w+)\}")


class Seen(NamedTuple):
    """A finding without what was exchanged. ``quote`` has slots in place of their values, and is ``None`` for an absence."""

    rule: str
    category: str
    severity: int
    quote: str | None


@dataclass(frozen=True)
class Draft:
    """One variant of a message. ``filled``: where each slot's value stands in ``text``, in code points, in order."""

    text: str
    filled: tuple[tuple[int, int, str], ...]

    @classmethod
    def of(cls, template: str, values: dict[str, str]) -> Draft:
        pieces: list[str] = []
        filled: list[tuple[int, int, str]] = []
        at = 0
        # Splitting by a pattern with one group gives text, slot, text, slot, …, text.
        for number, piece in enumerate(_SLOT.split(template)):
            value = values[piece] if number % 2 else piece
            if number % 2:
                filled.append((at, at + len(value), piece))
            pieces.append(value)
            at += len(value)
        return cls("".join(pieces), tuple(filled))

    def unfilled(self, start: int, end: int) -> str:
        """``text[start:end]`` with the slots put back; a value that is quoted in part is marked as such.

        By position, since a value such as "he" can be part of another word.
        """
        pieces: list[str] = []
        at = start
        for first, last, slot in self.filled:
            if first < end and start < last:
                pieces.append(self.text[at:first])  # empty where the quote starts within the value
                pieces.append(f"{{{slot}}}" if start <= first and last <= end else f"{{part of {slot}}}")
                at = last
        return "".join([*pieces, self.text[at:end]])


def values_of(message: dict[str, Any], variant: list[str]) -> dict[str, str]:
    return dict(zip(message["slots"], variant, strict=True))


def seen(finding: Finding, draft: Draft) -> Seen:
    quote = None
    if finding.start is not None and finding.end is not None:
        quote = draft.unfilled(finding.start, finding.end)
    return Seen(finding.rule, finding.category, finding.severity, quote)


def judged(checker: Checker, message: dict[str, Any], variant: list[str]) -> Counter[Seen]:
    draft = Draft.of(message["text"], values_of(message, variant))
    report = checker.check(draft.text, Profile(**message["profile"]))
    return Counter(seen(finding, draft) for finding in report.findings)


def described(message: dict[str, Any], variant: list[str], lost: Counter[Seen], gained: Counter[Seen]) -> str:
    reference = message["variants"][0]
    swapped = ", ".join(f"{a} → {b}" for a, b in zip(reference, variant, strict=True) if a != b)
    changes = [
        f"    {sign} {entry}" for sign, part in (("-", lost), ("+", gained)) for entry in part.elements()
    ]
    return "\n".join([f"{message['id']}: {swapped}", *changes])


@pytest.fixture(scope="module")
def references(checker: Checker) -> dict[str, Counter[Seen]]:
    """What is found in the first variant of each message."""
    return {message["id"]: judged(checker, message, message["variants"][0]) for message in MESSAGES}


def test_when_names_pronouns_creditors_places_or_currencies_are_swapped_then_the_findings_stay(
    checker: Checker, references: dict[str, Counter[Seen]]
) -> None:
    swaps = 0
    differing: list[str] = []
    for message in MESSAGES:
        expected = references[message["id"]]
        for variant in message["variants"][1:]:
            swaps += 1
            found = judged(checker, message, variant)
            if found != expected:
                differing.append(described(message, variant, expected - found, found - expected))
    assert swaps >= FEWEST_SWAPS
    assert len(differing) <= MOST_DIFFERING * swaps, (
        f"{len(differing)} of {swaps} swaps change the findings:\n" + "\n".join(differing)
    )


def test_when_a_category_is_meant_then_it_is_found_in_at_least_one_reference(
    references: dict[str, Counter[Seen]],
) -> None:
    """Equal findings prove nothing where nothing is found."""
    found = {
        entry.category
        for message in MESSAGES
        for entry in references[message["id"]]
        if entry.category in message["tone"]
    }
    assert found == set(TONE_CATEGORIES)


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message["id"])
def test_every_variant_fills_every_slot(message: dict[str, Any]) -> None:
    assert set(_SLOT.findall(message["text"])) == set(message["slots"])
    assert len(message["variants"]) >= 2
    for variant in message["variants"]:
        assert len(variant) == len(message["slots"]), variant
        assert all(isinstance(value, str) and value.strip() for value in variant), variant
    texts = {Draft.of(message["text"], values_of(message, variant)).text for variant in message["variants"]}
    assert len(texts) == len(message["variants"])


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message["id"])
def test_variants_are_alike_in_length(message: dict[str, Any]) -> None:
    lengths = [len(Draft.of(message["text"], values_of(message, row)).text) for row in message["variants"]]
    assert max(lengths) <= 1.15 * min(lengths)


def test_the_messages_try_every_category_and_both_jurisdictions() -> None:
    harsh = [message for message in MESSAGES if message["tone"]]
    assert {category for message in harsh for category in message["tone"]} == set(TONE_CATEGORIES)
    assert 0.4 <= len(harsh) / len(MESSAGES) <= 0.6
    assert {message["profile"]["jurisdiction"] for message in MESSAGES} == {"us", "uk"}
    assert {message["profile"].get("channel", "email") for message in MESSAGES} == {"email", "letter", "sms"}
    assert len({message["id"] for message in MESSAGES}) == len(MESSAGES)


def test_when_a_quote_holds_values_then_the_slots_are_put_back_by_position() -> None:
    draft = Draft.of("When {he} paid, {name} thanked us.", {"he": "he", "name": "Ana Hen"})
    assert draft.text == "When he paid, Ana Hen thanked us."
    assert draft.unfilled(0, len(draft.text)) == "When {he} paid, {name} thanked us."
    assert draft.unfilled(0, 4) == "When"
    assert draft.unfilled(8, 17) == "paid, {part of name}"
    assert draft.unfilled(18, 29) == "{part of name} thanked"
    for (_, end, _), (start, _, _) in pairwise(draft.filled):
        assert end <= start
