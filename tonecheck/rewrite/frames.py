"""Rewrite frames: ``rules/rewrites``. A frame says what to write for a wording, and keeps the rest of the sentence.

    from: "you (still)? owe us {AMOUNT}"
    to: ["there is a balance of {AMOUNT} on your account"]

``from`` is a phrase (see ``tonecheck.phrase``); ``to`` may use ``{AMOUNT}``, ``{DATE}`` … for the facts that ``from``
names, and ``{1}``, ``{2}`` … for what its groups in parentheses matched. What is written fits its place: a capital where the
sentence begins, no doubled spaces or words.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tonecheck.anchors import AnchorIndex, Needs, words_of
from tonecheck.config import data_folder
from tonecheck.document import Span
from tonecheck.errors import RulePackError
from tonecheck.finding import TONE_CATEGORIES, Finding
from tonecheck.linear import Encoded, Linear, compiled
from tonecheck.phrase import Lexicon, capturing
from tonecheck.rulepack import load_file, read_yaml

_KEYS = ("from", "to", "rules", "whole", "safe", "examples")
_REFERENCE = re.compile(r"\{([A-Z]+|[1-9])\}")


@dataclass(frozen=True)
class Frame:
    """``rules``: globs of the rules whose findings it is for; all of its categories if empty. ``whole``: it replaces the whole
    sentence. ``safe``: the sentence keeps its meaning."""

    source: str
    pattern: str
    needs: Needs
    texts: tuple[str, ...]
    categories: tuple[str, ...]
    rules: tuple[str, ...] = ()
    whole: bool = False
    safe: bool = True
    examples: tuple[tuple[str, str], ...] = ()

    @property
    def _regex(self) -> Linear:
        return compiled(self.pattern)

    def practise(self) -> None:
        """Compile the wording."""
        self._regex  # noqa: B018

    def is_for(self, finding: Finding) -> bool:
        if self.rules:
            return any(fnmatch.fnmatchcase(finding.rule, pattern) for pattern in self.rules)
        return finding.category in self.categories

    def places(self, masked: str, plain: str) -> Iterator[tuple[Span, list[str]]]:
        """Where the wording stands in a sentence, and what to write there, the best first. Both texts are the sentence, once
        with its facts masked."""
        regex, wide = self._regex
        encoded = Encoded(masked)
        for match in regex.finditer(encoded.data(wide)):
            groups = {
                name.decode(): plain[slice(*encoded.span(match.span(number), wide))]
                for name, number in regex.groupindex.items()
                if match.span(number)[0] >= 0
            }
            span = encoded.span(match.span(1), wide)
            yield span, [_with_references(text, groups) for text in self.texts]


def _with_references(text: str, groups: Mapping[str, str]) -> str:
    """What a group matched loses the capital that it had at the beginning of a sentence."""

    def said(reference: re.Match[str]) -> str:
        words = groups.get(_name(reference[1]), "")
        begins = reference.start() == 0
        return (
            words
            if begins or not reference[1].isdigit() or words[1:2].isupper()
            else words[:1].lower() + words[1:]
        )

    return _REFERENCE.sub(said, text)


def _name(reference: str) -> str:
    return f"g{reference}" if reference.isdigit() else reference.lower()


@cache
def frames() -> tuple[Frame, ...]:
    """All frames, in the order in which they are tried. Raises ``RulePackError`` for a file that cannot be used."""
    _, lexicon = load_file(data_folder("rules") / "lexicon.yaml", Lexicon())
    return tuple(frame for path in sorted(folder().glob("*.yaml")) for frame in read_frames(path, lexicon))


@cache
def _index() -> AnchorIndex:
    index = AnchorIndex()
    for number, frame in enumerate(frames()):
        index.add(_OWNER, number, frame.needs)
    return index


_OWNER = "frames"


def possible(masked: str) -> list[Frame]:
    """The frames whose wording the words of a sentence allow, in the order in which they are tried."""
    everything = frames()
    return [everything[number] for number in _index().possible(words_of(masked)).get(_OWNER, ())]


def folder() -> Path:
    return data_folder("rules") / "rewrites"


def read_frames(path: Path, lexicon: Lexicon) -> list[Frame]:
    """One file: ``categories`` and ``frames``."""
    _, data = read_yaml(path)
    categories = tuple(data.get("categories") or ())
    if not categories or not set(categories) <= {*TONE_CATEGORIES}:
        raise RulePackError(f"{path}:1: 'categories' lists categories of tone")
    own = Lexicon({name: tuple(phrases) for name, phrases in (data.get("lexicon") or {}).items()})
    return [_frame(raw, categories, lexicon.merged(own), path) for raw in data.get("frames") or ()]


def _frame(raw: Mapping[str, Any], categories: Sequence[str], lexicon: Lexicon, path: Path) -> Frame:
    unknown = set(raw) - set(_KEYS)
    if unknown or "from" not in raw or "to" not in raw:
        raise RulePackError(f"{path}:1: a frame has 'from' and 'to', and maybe {', '.join(_KEYS[2:])}: {raw}")
    texts = (raw["to"],) if isinstance(raw["to"], str) else tuple(raw["to"])
    try:
        phrase, pattern = capturing(raw["from"], lexicon)
    except ValueError as err:
        raise RulePackError(f"{path}:1: {err}") from err
    for text in texts:
        for reference in _REFERENCE.findall(text):
            if f"(?P<{_name(reference)}>" not in pattern:
                raise RulePackError(f"{path}:1: {text!r} uses {{{reference}}}, which {raw['from']!r} lacks")
    return Frame(
        raw["from"],
        pattern,
        phrase.needs,
        texts,
        tuple(categories),
        tuple(raw.get("rules") or ()),
        bool(raw.get("whole")),
        bool(raw.get("safe", True)),
        tuple((before, after) for before, after in raw.get("examples") or ()),
    )


def fitted(text: str, sentence: str, span: Span) -> str:
    """``sentence`` with ``text`` at ``span``: a capital at the beginning, single spaces, no word twice in a row, no space before
    a sign."""
    before, after = sentence[: span.start], sentence[span.end :]
    # A word in capitals alone begins nothing: "Pay NOW at the desk".
    begins = (
        not before.strip(" \"'(*_-")
        or before.rstrip(" \"'(*_-")[-1:] in ".!?"
        or (before.rstrip()[-1:] == ":" and sentence[span.start : span.start + 1].isupper())
        or re.match(r"(?!I\b)[A-Z](?![A-Z])", sentence[span.start :]) is not None
    )
    if text:
        after = text + after
    if begins and after.lstrip(" ,;:"):
        after = after.lstrip(" ,;:")
        after = after[0].upper() + after[1:]
    made = before + after
    made = re.sub(r"(?<=\S)  +(?=\S)", " ", made)
    made = re.sub(r"\b(\w+) \1\b", r"\1", made) if not re.search(r"\b(\w+) \1\b", sentence) else made
    made = re.sub(r" +([,.;:?!])(?!\.)", r"\1", made)  # "card ...2218" keeps its dots
    made = re.sub(r"([,;:])[,;:.]", r"\1", made)
    return made[0].upper() + made[1:] if sentence[:1].isupper() and made else made
