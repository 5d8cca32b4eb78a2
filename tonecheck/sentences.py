"""Sentences and clauses of a message, by punctuation and line ends; linear in the text.

Collection messages are full of fragments, bullets, shorthand and addresses, where line ends and full stops tell more
than syntax does; the statistical parser then reads one sentence at a time.
"""

from __future__ import annotations

import re
import string
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from tonecheck.document import Span

# A face ends a sentence where a capital follows, as in text messages; a hand may wave before a name.
_BREAK = re.compile(
    r"[.!?]+[\"')\]]*(?=\s|$)|\n+|[\U0001F600-\U0001F64F\U0001F910-\U0001F92F]+(?=[ \n]+[A-Z])"
)
_OF_ABBREVIATIONS = string.ascii_letters + "."
# No abbreviation is longer, in code points.
_LONGEST_WORD = 12
_ABBREVIATIONS = frozenset(
    "mr mrs ms mx dr prof rev st no nos inv ref acc acct approx ext tel dept est ltd inc co corp llc plc vs e.g i.e etc a.m p.m u.s u.k "
    "jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun p.o art sec para".split()
)
_ENDING_ABBREVIATIONS = frozenset("ltd inc co corp llc plc etc a.m p.m".split())
# Longer than any sentence of prose, in code points. What goes on longer is cut, so that looking around inside a
# sentence stays cheap however hostile the text.
MAX_SENTENCE = 600
_CLAUSE_BREAK = re.compile(
    r"[;:()]+|,(?=[ \n])| - |(?:, )?\b(?:and|but|or|so|because|since|while|whereas|although|unless|until|before|after)\b",
    re.IGNORECASE,
)


def sentence_spans(text: str) -> list[Span]:
    """The sentences of ``text`` in order, surrounding white space left out; offsets are code points."""
    spans: list[Span] = []
    start = 0
    for match in _BREAK.finditer(text):
        at, end = match.span()
        if text[at] != "\n" and (_is_abbreviation(text, at, end) or _trails_off(text, at, end)):
            continue
        _append(spans, text, start, end)
        start = end
    _append(spans, text, start, len(text))
    return spans


def _is_abbreviation(text: str, at: int, end: int) -> bool:
    """Whether the full stop at ``at``, with the quotation marks behind it up to ``end``, belongs to the word before it."""
    if text[at] != "." or text[at + 1 : at + 2] in (".", "!", "?"):
        return False
    before = text[max(0, at - _LONGEST_WORD) : at]
    name = before[len(before.rstrip(_OF_ABBREVIATIONS)) :].lower()
    if not name:
        return False
    follows = text[end + 1 : end + 2]
    if name in _ENDING_ABBREVIATIONS:
        return follows.islower()
    return name in _ABBREVIATIONS or (len(name) == 1 and name != "i")


def _trails_off(text: str, at: int, end: int) -> bool:
    """Dots that only pause: "Well... here we are"."""
    return text.startswith("..", at) and text[end : end + 2].lstrip(" ").islower()


def _append(spans: list[Span], text: str, start: int, end: int) -> None:
    while end - start > MAX_SENTENCE:
        cut = text.rfind(" ", start + MAX_SENTENCE // 2, start + MAX_SENTENCE) + 1 or start + MAX_SENTENCE
        _append(spans, text, start, cut)
        start = cut
    piece = text[start:end]
    stripped = piece.strip()
    if stripped:
        lead = len(piece) - len(piece.lstrip())
        spans.append(Span(start + lead, start + lead + len(stripped)))


def sentence_at(sentences: Sequence[Span], offset: int) -> int:
    """Index of the sentence that holds ``offset``, or that precedes it; 0 when there is none before."""
    return max(0, bisect_right(sentences, (offset, sys.maxsize)) - 1)


def clause_breaks(text: str, sentence: Span) -> list[Span]:
    """Where ``sentence`` may be cut into clauses: punctuation and conjunctions, in order."""
    return [Span(*match.span()) for match in _CLAUSE_BREAK.finditer(text, sentence.start, sentence.end)]


_CLAUSE_WORDS = 3


def clauses_of(text: str, sentence: Span) -> list[Span]:
    """``sentence`` cut into clauses of at least three words; what is shorter stays with its neighbour."""
    clauses: list[Span] = []
    start = sentence.start
    for cut in [*clause_breaks(text, sentence), Span(sentence.end, sentence.end)]:
        piece = text[start : cut.start]
        stripped = piece.strip(" \n,")
        if len(stripped.split()) >= _CLAUSE_WORDS:
            lead = piece.index(stripped)
            clauses.append(Span(start + lead, start + lead + len(stripped)))
        if not stripped or len(stripped.split()) >= _CLAUSE_WORDS:
            start = cut.end
    if clauses and start < sentence.end and text[start : sentence.end].strip(" \n,.!?"):
        clauses[-1] = Span(clauses[-1].start, sentence.end)
    return clauses


def clause_around(text: str, sentence: Span, breaks: Sequence[Span], span: Span) -> Span:
    """The clause of ``sentence`` around ``span``: from the last of ``breaks`` before it to the first one after."""
    before = bisect_right(breaks, span.start, key=lambda cut: cut.end)
    after = bisect_left(breaks, span.end, key=lambda cut: cut.start)
    start = breaks[before - 1].end if before else sentence.start
    end = breaks[after].start if after < len(breaks) else sentence.end
    while start < span.start and text[start] in " \n,":
        start += 1
    while end > span.end and text[end - 1] in " \n,.!?":
        end -= 1
    return Span(min(start, span.start), max(end, span.end))
