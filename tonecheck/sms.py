"""The mechanics of text messages: GSM 03.38 or UCS-2, and how many parts (3GPP TS 23.038).

The GSM default alphabet takes 160 septets in one part and 153 in each of several; its extension characters cost two.
Any other character switches the whole message to UCS-2: 70 units in one part, 67 in each of several; a character beyond
the basic plane takes two units. Neither pair is ever split across parts.
"""

from __future__ import annotations

from collections.abc import Iterable

GSM_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_EXTENSION = frozenset("^{}\\[]~|€\f")


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
