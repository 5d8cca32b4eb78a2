"""What is shouted, in small letters."""

from __future__ import annotations

import re

from tonecheck.entities import find_entities, mask
from tonecheck.model.names import ordinary_words

_SHOUTED = re.compile(r"(?<![\w'&./@-])(?!I\b)[A-Z][A-Z']*(?![\w&/@-]|\.\w)")
_BEGINS = re.compile(r"(?:\A|(?<=[.!?] ))[a-z]")
_FEWEST_WORDS = 4


def in_small_letters(text: str) -> str:
    """``text`` without capitals but those that begin a sentence, facts as they are; empty where too little is shouted, or a word is no ordinary
    one: it may be a name."""
    masked = mask(text, find_entities(text))
    words = [match[0] for match in _SHOUTED.finditer(masked)]
    if len(words) < _FEWEST_WORDS or not {word.lower() for word in words} <= ordinary_words():
        return ""
    pieces, at = [], 0
    for match in _SHOUTED.finditer(masked):
        pieces += [text[at : match.start()], match[0].lower()]
        at = match.end()
    said = re.sub(r"!+", ".", "".join([*pieces, text[at:]]))
    return _BEGINS.sub(lambda match: match[0].upper(), said)
