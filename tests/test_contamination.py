"""The rules quote no labelled message: what is learned by heart proves nothing on the next draft."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tonecheck.config import data_folder

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
