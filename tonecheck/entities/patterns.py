"""Compiling patterns, and looking at the words beside a match.

Patterns that start with a word run on RE2, which is linear whatever the text. Patterns that start with a digit
or a sign run on ``re``, whose one-character lookarounds RE2 lacks: they are anchored by their first character,
bounded in length, and each of their characters can be read in one way only, so they are linear as well.
"""

from __future__ import annotations

import re
from typing import Any

import re2

from tonecheck.linear import re2_options

# What may stand between two words of one entity: a space, or a line break where the text was wrapped.
GAP = r"[ \t]{0,2}[ \t\n][ \t]{0,2}"

_WORD_BEFORE = re.compile(r"([A-Za-z/']+)[ \t\n:]{0,3}\Z")
_WORD_AFTER = re.compile(r"[ \t\n]{0,2}([A-Za-z']+)")
_REACH = 24  # characters; no cue word is longer


def compile_re2(pattern: str) -> Any:
    """The RE2 pattern; an invalid one raises ``re2.error``."""
    return re2.compile(pattern, re2_options())


def word_before(text: str, start: int) -> str:
    """The word that ends just before ``start``, in lower case; empty when something else stands there."""
    found = _WORD_BEFORE.search(text[max(0, start - _REACH) : start])
    return found.group(1).lower() if found else ""


def word_after(text: str, end: int) -> str:
    """The word that starts just after ``end``, in lower case; empty when something else stands there."""
    found = _WORD_AFTER.match(text[end : end + _REACH])
    return found.group(1).lower() if found else ""


def stands_alone(text: str, start: int, end: int, glue: str = "") -> bool:
    """Whether no letter, digit or ``glue`` character touches ``text[start:end]``.

    A glue character after the end counts only if a letter or digit follows it, so that a full stop may end a
    sentence.
    """
    if start > 0:
        before = text[start - 1]
        if before.isalnum() or before == "_":
            return False
        if before in glue and start > 1 and text[start - 2].isalnum():
            return False
    if end < len(text):
        after = text[end]
        if after.isalnum() or after == "_":
            return False
        if after in glue and end + 1 < len(text) and text[end + 1].isalnum():
            return False
    return True
