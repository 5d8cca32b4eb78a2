"""Number words: "two hundred and fifty", "twenty-one"."""

from __future__ import annotations

import re

UNITS = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split()
    )
}
TENS = {
    word: 10 * (value + 2)
    for value, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split())
} | {"fourty": 40}
SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000}

_WORD = "|".join([*SCALES, *TENS, *sorted(UNITS, key=len, reverse=True)])

# A number in words, for use inside a case-insensitive pattern. Nine words say any sum below a million.
NUMBER_WORDS = rf"(?:(?:{_WORD})|an? (?:hundred|thousand|million))(?:(?:-|\s|\sand\s|,\s)(?:{_WORD})){{0,9}}"

_SPLIT = re.compile(r"[A-Za-z]+")


def parse_number_words(words: str) -> int | None:
    """The number that the words say, or ``None`` if they say none ("five two")."""
    total, current, last = 0, 0, 0  # last: value of the word before, 0 at the start or after a scale
    seen = False
    for word in _SPLIT.findall(words.lower()):
        if word in ("and", "a", "an"):
            continue
        seen = True
        if word in UNITS:
            if last and not (last >= 20 and last % 10 == 0 and 0 < UNITS[word] < 10):
                return None
            current += UNITS[word]
            last = UNITS[word] or 1
        elif word in TENS:
            if last:
                return None
            current += TENS[word]
            last = TENS[word]
        elif word == "hundred":
            if current >= 100:
                return None
            current = (current or 1) * 100
            last = 0
        elif word in SCALES:
            total += (current or 1) * SCALES[word]
            current, last = 0, 0
        else:
            return None
    return total + current if seen else None
