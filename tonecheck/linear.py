"""Patterns that run in linear time, and texts as they read them.

RE2 works on bytes. A text is given to it as one byte a code point, so that its offsets are ours and its classes of
letters are small: what Latin-1 has is itself, curly quotes, dashes and the euro have a byte of their own, and any other sign is
shown as another of its kind (capital, small letter, letter, number, sign). The few patterns that tell such signs
apart run on UTF-8.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Iterable
from contextlib import suppress
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from tonecheck.document import Span

# Signs beyond Latin-1 with a byte of their own, at their place in Windows-1252.
_OWN = {ord(sign): sign.encode("cp1252")[0] for sign in "€‚„…†‡‰‹‘’“”•–—›™"}
# What stands for all others, by the beginning of their category in Unicode.
_KINDS = (("Lu", 0xDE), ("Ll", 0xFE), ("L", 0xAA), ("N", 0xB2), ("Z", 0xA0), ("", 0xA6))
# Categories that hold the same signs in both readings.
_SAFE_CATEGORIES = frozenset(("L", "Lu", "Ll", "N"))
_ANY_CASE = re.compile(r"\(\?[a-z]*i")
_CATEGORY = re.compile(r"\\[pP](?:\{\^?(\w+)\}|(\w))")


class _Bytes(dict[int, int]):
    """The byte of a code point; those met are kept, as many as Unicode has at most."""

    def __missing__(self, code: int) -> int:
        if code < 0x80 or 0xA0 <= code <= 0xFF:
            byte = code
        else:
            category = unicodedata.category(chr(code))
            byte = next(byte for kind, byte in _KINDS if category.startswith(kind))
        self[code] = byte
        return byte


_BYTES = _Bytes(_OWN)


class Linear(NamedTuple):
    """A compiled pattern. ``wide``: it runs on UTF-8."""

    regex: Any
    wide: bool


# Room for a pattern and for what it learns of the texts, in bytes. Few patterns need more than the first to be compiled at all.
_ROOMS = (1 << 20, 64 << 20)


def re2_options(room: int = _ROOMS[-1]) -> Any:
    """How every pattern is compiled: quietly, within ``room`` bytes."""
    import re2

    options = re2.Options()
    options.log_errors = False
    options.max_mem = room
    return options


# As many compiled patterns are kept: those of all rules and frames that are shipped, and half as many again.
MOST_COMPILED = 7500


@lru_cache(maxsize=MOST_COMPILED)
def compiled(pattern: str) -> Linear:
    """``compile_linear``, remembered for patterns that were in use of late."""
    return compile_linear(pattern)


def compile_linear(pattern: str) -> Linear:
    """Raises ``ValueError`` with RE2's reason (look-around and back-references do not exist)."""
    import re2

    wide = _is_wide(pattern)
    for room in _ROOMS:
        try:
            return Linear(re2.compile(_source(pattern, wide), _options(room, wide)), wide)
        except re2.error as err:
            reason = err.args[0].decode() if err.args and isinstance(err.args[0], bytes) else str(err)
    raise ValueError(f"RE2 cannot read {pattern!r}: {reason}")


def _source(pattern: str, wide: bool) -> bytes:
    return pattern.encode("utf-8") if wide else _one_byte(pattern)


def _options(room: int, wide: bool) -> Any:
    import re2

    options = re2_options(room)
    if not wide:
        options.encoding = re2.Options.Encoding.LATIN1  # type: ignore[attr-defined]
    return options


class Screen:
    """Tells, by one pass over a text, that none of some patterns stands in it. A third of the time of trying them one by one."""

    def __init__(self, patterns: Iterable[str]) -> None:
        by_width: dict[bool, list[str]] = {}
        for pattern in patterns:
            by_width.setdefault(_is_wide(pattern), []).append(pattern)
        self._sets = [(_set_of(several, wide), wide) for wide, several in by_width.items()]

    def lets_through(self, encoded: Encoded) -> bool:
        """Whether any of the patterns may stand in the text."""
        return any(
            known is None or known.Match(encoded.data(wide)) != _ONLY_NOTHING for known, wide in self._sets
        )


# What a set answers where only its first pattern matches, which matches everywhere. No answer means that it ran out of room.
_ONLY_NOTHING = [0]


def _set_of(patterns: Iterable[str], wide: bool) -> Any | None:
    """A set of RE2's; ``None`` where it would need too much room."""
    import re2

    for room in _ROOMS:
        known = re2.Set.SearchSet(_options(room, wide))
        known.Add(b"")
        for pattern in patterns:
            known.Add(_source(pattern, wide))
        with suppress(re2.error):
            known.Compile()
            return known
    return None


def _is_wide(pattern: str) -> bool:
    """Whether a pattern tells signs apart that share a byte, or wants both cases of a letter beyond ASCII, which RE2 does
    not find in Latin-1."""
    if any(escape in pattern for escape in ("\\p", "\\P", "\\x")) and (
        "\\x" in pattern
        or any((named or single) not in _SAFE_CATEGORIES for named, single in _CATEGORY.findall(pattern))
    ):
        return True
    beyond = {sign for sign in pattern if sign > "\x7f"} if not pattern.isascii() else ()
    return any(ord(sign) < 0xA0 or (ord(sign) > 0xFF and ord(sign) not in _OWN) for sign in beyond) or (
        any(sign.isalpha() for sign in beyond) and _ANY_CASE.search(pattern) is not None
    )


def _one_byte(text: str) -> bytes:
    return text.encode("ascii") if text.isascii() else text.translate(_BYTES).encode("latin-1")


class Encoded:
    """A text as patterns read it, and the way back from bytes to code points."""

    def __init__(self, text: str) -> None:
        self._text = text

    def data(self, wide: bool) -> bytes:
        return self._utf8 if wide else self._bytes

    def span(self, span: tuple[int, int], wide: bool) -> Span:
        """The code points behind a slice of ``data(wide)``."""
        numbers = self._characters if wide else None
        return Span(*span) if numbers is None else Span(numbers[span[0]], numbers[span[1]])

    @cached_property
    def _bytes(self) -> bytes:
        return _one_byte(self._text)

    @cached_property
    def _utf8(self) -> bytes:
        return self._text.encode("utf-8")

    @cached_property
    def _characters(self) -> array[int] | None:
        """The code point that each byte of UTF-8 belongs to, and the end; ``None`` when all are ASCII."""
        if len(self._utf8) == len(self._text):
            return None
        numbers = array("q")
        for number, sign in enumerate(self._text):
            numbers.extend([number] * len(sign.encode("utf-8")))
        numbers.append(len(self._text))
        return numbers
