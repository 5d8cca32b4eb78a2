"""Times of day ("5pm", "17:00", "noon") and stretches of time ("14 days", "two weeks", "48hrs")."""

from __future__ import annotations

from collections.abc import Iterator

from tonecheck.entities.entity import Entity
from tonecheck.entities.numbers import NUMBER_WORDS, parse_number_words
from tonecheck.entities.patterns import compile_re2, stands_alone

_HOURS = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
# "5pm Pacific", "9:00 a.m. ET"
_ZONE = r"(?:\.? (?-i:(?:Pacific|Eastern|Central|Mountain)(?: [Tt]ime)?|[EPCM][SD]?T|GMT|BST|UTC)\b)?"
_TIME = compile_re2(
    r"(?i)\b(?:"
    rf"(\d{{1,2}})(?:[:.](\d{{2}}))?[ ]?(a\.?m\b|p\.?m\b){_ZONE}"
    rf"|([01]?\d|2[0-3]):([0-5]\d)(?::[0-5]\d)?\b{_ZONE}"
    rf"|(\d{{1,2}}|{_HOURS}) ?o'?clock\b"
    r"|(?:12 )?(noon|midday|midnight)\b"
    r")"
)
_CURRENCY_SIGNS = tuple("$£€¥₹")
_UNITS = {"d": "day", "h": "hour", "w": "week", "m": "month", "y": "year", "f": "fortnight"}
_PERIOD = compile_re2(
    r"(?i)\b(?:"
    r"(?:(\d{1,4})(?: ?- ?| ?/ ?| to | or ))?(\d{1,4})\+?"
    rf"|({NUMBER_WORDS})(?: ?\((\d{{1,4}})\))?(?: (?:to|or) ({NUMBER_WORDS}))?"
    r")(?:\s|-)?(?:(?:full|more|further|consecutive|calendar|clear|additional)[ -])?"
    r"((?:working|business|banking|court|week)[ -])?"
    r"(days?|weeks?|wks?|months?|mths?|years?|yrs?|hours?|hrs?|minutes?|mins?|fortnights?|h)\b"
)


def find_times(text: str) -> Iterator[Entity]:
    """The times of day in ``text``, valued "HH:MM" on the 24-hour clock."""
    for match in _TIME.finditer(text):
        start, end = match.span()
        if not stands_alone(text, start, end, ":/."):
            continue
        hour, minute, half, hour24, minute24, clock, name = match.groups()
        if half:
            if int(hour) > 12 or int(minute or 0) > 59:
                continue
            if text[end : end + 1] == "." and "." in half:
                end += 1
            value: str | None = f"{int(hour) % 12 + (12 if half[0] in 'pP' else 0):02d}:{minute or '00'}"
        elif hour24:
            value = f"{int(hour24):02d}:{minute24}"
        elif clock:
            value = None  # morning or afternoon is not said
        else:
            value = "00:00" if name.lower() == "midnight" else "12:00"
        yield Entity("time", start, end, value)


def find_periods(text: str) -> Iterator[Entity]:
    """The stretches of time in ``text``: ``(number, unit)``, with the larger number of a range."""
    for match in _PERIOD.finditer(text):
        start, end = match.span()
        # "You owed $540 months ago" tells a sum.
        if not stands_alone(text, start, end, "/.,-") or text[start - 1 : start] in _CURRENCY_SIGNS:
            continue
        _, figures, words, bracketed, second, working, unit = match.groups()
        if unit in ("h", "H") and not figures:
            continue
        written = figures or bracketed
        number = int(written) if written else parse_number_words(second or words)
        yield Entity("period", start, end, (number, _unit(unit.lower(), working)))


def _unit(word: str, working: str | None) -> str:
    if word.startswith("d"):
        return "business day" if working else "day"
    if word.startswith("min"):
        return "minute"
    return _UNITS[word[0]]
