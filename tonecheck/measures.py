"""Numbers about a message that a rule can set a limit to; each gives readings with the place they are about."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

from tonecheck.analysis import Analysis, View
from tonecheck.document import Span
from tonecheck.readability import MINIMUM_WORDS, readability
from tonecheck.sms import sms_parts, ucs2_characters, without_accents_in_names


class Reading(NamedTuple):
    """A measured value, the place it is about (``None``: the whole message), and words for the rule's {detail}."""

    value: float
    span: Span | None = None
    detail: str = ""


_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
# As many sentences are remembered, none longer than ``MAX_SENTENCE``.
_MOST_KEPT = 2048


@lru_cache(maxsize=_MOST_KEPT)
def _words(sentence: str) -> int:
    return len(_WORD.findall(sentence))


def _sentence_words(analysis: Analysis, view: View) -> Iterator[Reading]:
    for sentence in analysis.sentences:
        words = _words(view.plain[slice(*sentence)])
        yield Reading(words, sentence, f"{words} words")


def _grade(analysis: Analysis, view: View) -> Iterator[Reading]:
    scores = readability(view.plain, analysis.sentences)
    if scores.words >= MINIMUM_WORDS:
        yield Reading(scores.flesch_kincaid_grade, None, f"grade {scores.flesch_kincaid_grade:g}")


def _sms_parts(analysis: Analysis, view: View) -> Iterator[Reading]:
    source = analysis.document.source
    # The value leaves names aside, so that nobody's name makes a message worse; the detail is what will be paid.
    parts = sms_parts(without_accents_in_names(source))
    yield Reading(parts, None, f"{sms_parts(source)} parts")


def _sms_ucs2(analysis: Analysis, view: View) -> Iterator[Reading]:
    characters = ucs2_characters(without_accents_in_names(analysis.document.source))
    if characters:
        listed = ", ".join(f"{sign} (U+{ord(sign):04X})" for sign in characters[:8])
        yield Reading(len(characters), None, listed)


MEASURES: dict[str, Callable[[Analysis, View], Iterator[Reading]]] = {
    "sentence_words": _sentence_words,
    "grade": _grade,
    "sms_parts": _sms_parts,
    "sms_ucs2": _sms_ucs2,
}
