"""The training passages, read into examples: what the model sees, and what it should say.

Format of the passages: ``training/data/BRIEF.md``. Sentences are cut and facts replaced exactly as at run time.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from tonecheck.document import Span
from tonecheck.entities import Entity, find_entities, mask
from tonecheck.finding import TONE_CATEGORIES
from tonecheck.model.passages import Passage, passages_of
from tonecheck.normalize import fold_text
from tonecheck.profile import VALUES
from tonecheck.sentences import sentence_spans

LEVELS = (1, 2, 3)
# One output per category and severity: "at least this grave" (an ordinal head); a plain category is its first level.
OUTPUTS = tuple(
    f"{category}:{level}" if level > 1 else category for level in LEVELS for category in TONE_CATEGORIES
)

_MARK = re.compile(r"<([a-z_0-9, ]+)>(.*?)</>")
_LABEL = re.compile(r"([a-z_]+?) ?([123])$")


class Mark(NamedTuple):
    """A labelled place of a text: code points."""

    category: str
    severity: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Written:
    """A passage as its author wrote it: the text without marks, the marks, and which lines are hard near misses."""

    place: str
    header: tuple[str, ...]
    text: str
    marks: tuple[Mark, ...]
    lines: tuple[Span, ...]
    near: tuple[bool, ...]

    def clean(self, line: Span) -> bool:
        return not any(line.overlaps(Span(mark.start, mark.end)) for mark in self.marks)


class Example(NamedTuple):
    """``targets`` has a row for each sentence of the passage and after them one for each clause; a number from 0 to 1 for
    each output. ``group``: where the passage stands."""

    passage: Passage
    targets: np.ndarray
    group: str = ""


class Fault(ValueError):
    """A line of a passage file that breaks the format; the message names the place and the mend."""


def passage_files() -> list[Path]:
    """The files of passages, in order."""
    return sorted((Path(__file__).parents[1] / "data" / "passages").glob("*.txt"))


def read_passages(paths: Iterable[Path]) -> Iterator[Written]:
    """All passages of the files, in order. Raises ``Fault``."""
    for path in paths:
        header: tuple[str, ...] = ()
        lines: list[str] = []
        first = 1
        for number, line in enumerate([*path.read_text(encoding="utf-8").splitlines(), ""], 1):
            place = f"{path.name}:{number}"
            if line.startswith("##"):
                header = _header(line, place)
            elif not line.strip():
                if lines:
                    yield _written(lines, header, f"{path.name}:{first}")
                lines = []
            elif not line.startswith("#"):
                first = first if lines else number
                lines.append(line)


def _header(line: str, place: str) -> tuple[str, ...]:
    values = tuple(line[2:].split("|")[0].split())
    names = ("channel", "stage", "jurisdiction", "sender", "audience")
    if len(values) != len(names) or any(
        value not in VALUES[name] for name, value in zip(names, values, strict=True)
    ):
        raise Fault(f"{place}: a header is '## {' '.join(names)} | trade', with the values of the guide")
    return values


def _written(lines: Sequence[str], header: tuple[str, ...], place: str) -> Written:
    text, marks, spans, near = "", [], [], []
    for line in lines:
        near.append(line.startswith("~ "))
        line = line.removeprefix("~ ").strip()
        # As in a message: prose runs on, what has no full stop (greetings, headings, bullets) has a line of its own.
        text += "" if not text else " " if text[-1] in ".!?\"')" else "\n"
        start = len(text)
        at = 0
        for match in _MARK.finditer(line):
            text += line[at : match.start()]
            begin = len(text)
            text += match[2]
            for label in match[1].split(","):
                known = _LABEL.match(label.strip())
                if known is None or known[1] not in TONE_CATEGORIES:
                    raise Fault(
                        f"{place}: there is no label {label.strip()!r}; write a category and 1, 2 or 3"
                    )
                marks.append(Mark(known[1], int(known[2]), begin, len(text)))
            at = match.end()
        text += line[at:]
        if "</>" in text[start:]:
            raise Fault(f"{place}: a mark is not closed, or marks nest: {line[:60]!r}")
        spans.append(Span(start, len(text)))
    return Written(place, header, text, tuple(marks), tuple(spans), tuple(near))


def targets_of(span: Span, marks: Iterable[Mark]) -> list[float]:
    """What the model should say of a span: the gravest severity of each category that half of the shorter one shares."""
    worst = dict.fromkeys(TONE_CATEGORIES, 0)
    for mark in marks:
        shared = min(span.end, mark.end) - max(span.start, mark.start)
        if shared > 0 and shared * 2 >= min(span.end - span.start, mark.end - mark.start):
            worst[mark.category] = max(worst[mark.category], mark.severity)
    return [float(worst[category] >= level) for level in LEVELS for category in TONE_CATEGORIES]


def examples_of(text: str, marks: Sequence[Mark], group: str) -> Iterator[Example]:
    """The text as passages, as it is cut and read at run time."""
    folded = fold_text(text)
    if folded.text != text:
        places = [folded.source_span(index, index + 1).start for index in range(len(folded.text))]
        marks = [
            mark._replace(start=bisect_left(places, mark.start), end=bisect_left(places, mark.end))
            for mark in marks
        ]
    entities = find_entities(folded.text)
    sentences = sentence_spans(mask(folded.text, entities))
    yield from labelled(folded.text, entities, sentences, marks, group)


def labelled(
    text: str, entities: Sequence[Entity], sentences: Sequence[Span], marks: Sequence[Mark], group: str
) -> Iterator[Example]:
    """The passages of a text with the targets that ``marks``, places in ``text``, give their sentences and clauses."""
    remaining = iter(sentences)
    for passage, stocked in passages_of(text, entities, sentences):
        spans = [next(remaining) for _ in stocked]
        clauses = [
            source.source(*clause)
            for sentence, source in zip(passage.sentences, stocked, strict=True)
            for clause in sentence.clauses
        ]
        targets = np.array([targets_of(span, marks) for span in spans + clauses], dtype=np.float32)
        yield Example(passage, targets, group)


def read_examples(paths: Iterable[Path]) -> list[Example]:
    """The examples of all passages, in order."""
    return [
        example
        for written in read_passages(paths)
        for example in examples_of(written.text, written.marks, written.place)
    ]


def alone(examples: Iterable[Example]) -> list[Example]:
    """Every sentence without its neighbours: what context is worth, for the ablation."""
    result = []
    for example in examples:
        clauses = iter(range(len(example.passage.sentences), len(example.targets)))
        for number, sentence in enumerate(example.passage.sentences):
            rows = [number, *(next(clauses) for _ in sentence.clauses)]
            result.append(Example(Passage((sentence,)), example.targets[rows], example.group))
    return result
