"""Finds text that law or custom prescribes (``data/prescribed.txt``): nobody's tone is judged by it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tonecheck.document import Span

MAX_GAP = 3000
"""Characters that ``...`` between two parts may stand for."""

_WORD = re.compile(r"[a-z]+")
_FILLING = r"[^\n.;:]{1,60}?"
# A footer does not ask for money: a sentence that does is the writer's own, wherever it stands.
_OWN_WORDS = re.compile(
    r"\b(?:pay|payment|paid|owe[ds]?|owing|debt|balance|court|sued?|bailiffs?|arrest(?:ed)?|legal action)\b",
    re.I,
)
_SENTENCE_END = re.compile(r"[.!?](?=\s|$)")
_PARAGRAPH_END = re.compile(r"\n[ \t]*(?=\n)")


class _Text(NamedTuple):
    """One prescribed text. ``words`` are those of its opening: a message that lacks one needs no search."""

    words: frozenset[str]
    opening: re.Pattern[str]
    closing: re.Pattern[str] | None
    to_paragraph_end: bool


def find(text: str) -> Iterator[Span]:
    """Where prescribed text stands in ``text``, which has straight quotation marks. Spans may overlap."""
    words = set(_WORD.findall(text.lower()))
    for entry in _texts():
        if entry.words <= words:
            yield from _occurrences(entry, text)


def _occurrences(entry: _Text, text: str) -> Iterator[Span]:
    closing: re.Match[str] | None = None
    done = 0
    for opening in entry.opening.finditer(text):
        start, end = opening.span()
        if start < done:
            continue
        if entry.to_paragraph_end:
            end, done = _footer_end(text, start, end)
        elif entry.closing is not None:
            if closing is None or closing.start() < end:
                closing = entry.closing.search(text, end)
                if closing is None:
                    return
            if closing.start() - end > MAX_GAP:
                continue
            end = done = closing.end()
        if end > start:
            yield Span(start, end)


def _footer_end(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the paragraph ends, or its first sentence that speaks of money starts; and how far was looked."""
    stop = _PARAGRAPH_END.search(text, end, end + MAX_GAP)
    limit = stop.start() if stop else min(len(text), end + MAX_GAP)
    at = start
    while at < limit:
        sentence = _SENTENCE_END.search(text, max(at, end), limit)
        until = sentence.end() if sentence else limit
        if _OWN_WORDS.search(text, at, until):
            return at, until
        at = until
    return at, at


@cache
def _texts() -> tuple[_Text, ...]:
    lines = (Path(__file__).parents[1] / "data" / "prescribed.txt").read_text(encoding="utf-8").splitlines()
    return tuple(_compiled(line) for line in lines if line and not line.startswith("#"))


def _compiled(line: str) -> _Text:
    opening, _, closing = (part.strip() for part in line.partition(" ..."))
    words = frozenset(_WORD.findall(opening.replace("[x]", " ").lower()))
    return _Text(words, _pattern(opening), _pattern(closing) if closing else None, line.endswith(" ..."))


def _pattern(words: str) -> re.Pattern[str]:
    parts = [r"\s+".join(map(re.escape, part.split())) for part in words.split("[x]")]
    glued = []
    for before, after in zip(words.split("[x]"), words.split("[x]")[1:], strict=False):
        glued.append(
            (r"\s+" if before[-1:].isspace() else "") + _FILLING + (r"\s+" if after[:1].isspace() else "")
        )
    pattern = parts[0] + "".join(gap + part for gap, part in zip(glued, parts[1:], strict=True))
    edge = r"\b" if words[:1].isalnum() else ""
    return re.compile(edge + pattern, re.I)
