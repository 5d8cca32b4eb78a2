"""The mechanics of text messages: GSM 03.38 or UCS-2, and how many parts (3GPP TS 23.038).

The GSM default alphabet takes 160 septets in one part and 153 in each of several; its extension characters cost two.
Any other character switches the whole message to UCS-2: 70 units in one part, 67 in each of several; a character beyond
the basic plane takes two units. Neither pair is ever split across parts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

GSM_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_EXTENSION = frozenset("^{}\\[]~|€\f")


_CAPITALISED = re.compile(r"[^\W\d_][\w'’-]*")


def without_accents_in_names(text: str) -> str:
    """``text`` with every Latin letter outside the GSM alphabet replaced by a plain one, in words with a capital first.

    A name is not the writer's choice: this is the message as it would be for somebody whose name has no such letter.
    Letters of other scripts stay, since in an English message they are look-alikes more often than names.
    """

    def plain(word: re.Match[str]) -> str:
        if not word[0][0].isupper():
            return word[0]
        return "".join("x" if _is_accented(sign) else sign for sign in word[0])

    return _CAPITALISED.sub(plain, unicodedata.normalize("NFC", text))


def _is_accented(sign: str) -> bool:
    latin = "À" <= sign <= "ɏ" or "Ḁ" <= sign <= "ỿ"
    return latin and sign.isalpha() and sign not in GSM_BASIC


def ucs2_characters(text: str) -> list[str]:
    """The distinct characters that force UCS-2, in order of appearance."""
    return list(dict.fromkeys(sign for sign in text if sign not in GSM_BASIC and sign not in GSM_EXTENSION))


def sms_parts(text: str) -> int:
    """How many parts the message takes on the air; 0 for an empty one."""
    if not text:
        return 0
    if ucs2_characters(text):
        return _parts((2 if ord(sign) > 0xFFFF else 1 for sign in text), 70, 67)
    return _parts((2 if sign in GSM_EXTENSION else 1 for sign in text), 160, 153)


def _parts(costs: Iterable[int], single: int, joined: int) -> int:
    sizes = list(costs)
    if sum(sizes) <= single:
        return 1
    parts, used = 1, 0
    for size in sizes:
        if used + size > joined:
            parts, used = parts + 1, 0
        used += size
    return parts
