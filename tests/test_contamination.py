"""Rules and training data repeat no message that they are measured on: what is learned by heart proves nothing."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tonecheck.config import data_folder
from training.tone.base import CACHE
from training.tone.contamination import (
    measured_sentences,
    nearest_by_characters,
    nearest_by_meaning,
    training_sentences,
)

ROOT = Path(__file__).parent.parent
# The development messages are not part of the project; a checkout beside them compares with them, too.
LABELLED = [
    path
    for path in (
        ROOT.parent / "shared" / "eval" / "dev.jsonl",
        *sorted((ROOT / "training" / "data").glob("*.jsonl")),
    )
    if path.is_file()
]
LENGTH = 7  # words in a row


def grams(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"[a-z0-9']+", text.lower())
    return {tuple(words[at : at + LENGTH]) for at in range(len(words) - LENGTH + 1)}


@pytest.fixture(scope="module")
def written() -> dict[tuple[str, ...], str]:
    """Every run of words within one text of a rule pack, or within an example draft, and the file it stands in."""
    found = {}
    for path in data_folder("rules").rglob("*.yaml"):
        for text in texts(yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)):
            found.update(dict.fromkeys(grams(text.replace("[[", "").replace("]]", "")), path.name))
    for path in (ROOT / "examples").glob("*.*"):
        found.update(dict.fromkeys(grams(path.read_text(encoding="utf-8")), path.name))
    assert len(found) > 10_000
    return found


def texts(node: object) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict | list):
        for child in node.values() if isinstance(node, dict) else node:
            yield from texts(child)


@pytest.mark.parametrize("path", LABELLED, ids=lambda path: path.name)
def test_when_labelled_messages_are_compared_then_no_rule_repeats_their_harsh_words(path, written):
    repeated = [
        (record["id"], label["quote"], written[gram])
        for record in map(json.loads, path.read_text(encoding="utf-8").splitlines())
        for label in record.get("tone", ())
        for gram in grams(label["quote"])
        if gram in written
    ]
    assert not repeated


def test_when_the_development_messages_are_not_here_then_that_is_said():
    if not any(path.name == "dev.jsonl" for path in LABELLED):
        pytest.skip(
            "the development messages (shared/eval/dev.jsonl beside the checkout) are not here to compare with"
        )


# --- the training passages -------------------------------------------------------------------------------------------------

DEVELOPMENT = ROOT.parent / "shared" / "eval" / "dev.jsonl"
# Of their characters' 5-grams; of the cosine of their embeddings. Sentences further apart share a turn of phrase at most.
MOST_ALIKE, NEAREST_MEANING = 0.7, 0.95
# What 15 U.S.C. 1692e(11) makes every collector write, in words that hardly vary.
PRESCRIBED = ("from a debt collector", "attempt to collect a debt")


@pytest.fixture(scope="module")
def development() -> list[str]:
    if not DEVELOPMENT.is_file():
        pytest.skip(
            "the development messages (shared/eval/dev.jsonl beside the checkout) are not here to compare with"
        )
    return [
        sentence
        for sentence in measured_sentences(DEVELOPMENT)
        if not any(words in sentence for words in PRESCRIBED)
    ]


def test_when_passages_are_compared_by_characters_then_none_repeats_a_development_message(development):
    pairs = nearest_by_characters(development, training_sentences())
    assert [pair for pair in pairs if pair.likeness >= MOST_ALIKE] == []


def test_when_passages_are_compared_by_meaning_then_none_repeats_a_development_message(development):
    pytest.importorskip("torch", reason="embeddings need PyTorch: TONECHECK_TEST_TORCH=1 scripts/test")
    encoder = CACHE / "all-MiniLM-L6-v2"
    if not (encoder / "model.safetensors").is_file():
        pytest.skip("the base encoder is not here: python -m training.tone.base fetches it")
    pairs = nearest_by_meaning(development, training_sentences(), encoder)
    assert [pair for pair in pairs if pair.likeness >= NEAREST_MEANING] == []


def test_when_a_sentence_is_copied_with_small_edits_then_the_comparison_sees_it():
    written = [
        "We wrote to you twice about the boiler.",
        "The garden was lovely in May, thank you for asking.",
    ]
    (pair,) = nearest_by_characters(["We wrote to you twice about that boiler."], written)
    assert pair.written == written[0]
    assert pair.likeness > MOST_ALIKE
