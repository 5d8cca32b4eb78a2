"""Telephone numbers in the shapes usual in the US and the UK, and any number with a country code."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tonecheck.entities.entity import Entity
from tonecheck.entities.patterns import stands_alone, word_before

_EXTENSION = r"(?:,? ?(?:ext\.?|extension|x) ?[0-9]{1,5}\b)?"
_SHAPES = re.compile(
    r"(?=[0-9(+])(?<![0-9A-Za-z_$£€+])(?:"
    # +44 (0)20 7946 0155, +1 479 555 0168, +353 1 234 5678
    r"(?P<international>\+[1-9][0-9]{0,2}(?:[ .-]?\(0\))?(?:[ .-]?\([0-9]{2,4}\))?(?:[ .-]?[0-9]{2,11}){1,5})"
    # (479) 555-0168, 1-800-555-1212, 479.555.0168, 1-800-PAY-BILL
    r"|(?P<us>(?:1[ .-])?(?:\([2-9][0-9]{2}\) ?-?|[2-9][0-9]{2}[ .-])(?:[0-9]{3}[ .-][0-9]{4}|[A-Z]{3}-?[A-Z]{4}))"
    # 020 7946 0155, (0161) 496 0000, 01632 960 345, 0800 138 1111, 0800 1111
    r"|(?P<uk>\(?02[0-9]\)?[ -][0-9]{4}[ -]?[0-9]{4}|\(?0[1-9][0-9]{2}\)?[ -][0-9]{3}[ -]?[0-9]{4}"
    r"|\(?0[1-9][0-9]{3}\)?[ -][0-9]{3}[ -]?[0-9]{2,3}|07[0-9]{2} ?[0-9]{3} [0-9]{3,4}|0[358][0-9]{2}[ -][0-9]{6,7}"
    r"|0[358][0-9]{2}[ -][0-9]{2,3}[ -][0-9]{2,4}|0800 1111)"
    r"|(?P<bare>0[1-9][0-9]{8,9}|1?[2-9][0-9]{9})"
    # 555-0142
    r"|(?P<local>[2-9][0-9]{2}-[0-9]{4})"
    rf"){_EXTENSION}(?![0-9A-Za-z_])"
)
# Before a bare or a short run of digits these say that it is some other number.
_OTHER_NUMBER = frozenset(
    "account acct acc a/c invoice inv ref reference file case order contract policy customer client loan ticket "
    "agreement card plan membership member number no routing aba code room pages page".split()
)
_ACCOUNT_NUMBER = frozenset("account acct acc a/c ref reference invoice policy customer".split())
_PHONE_WORDS = frozenset(
    "call phone tel telephone mobile ring dial text sms on at cell fax whatsapp message number line ph t m".split()
)


def find_phones(text: str) -> Iterator[Entity]:
    """The telephone numbers of ``text``; the value is the digits, with a leading "+" where there is one."""
    for match in _SHAPES.finditer(text):
        shape = match.lastgroup or ""
        start, end = match.span()
        written = match[shape]
        if written[0] == "(" and ")" not in written:
            start, written = start + 1, written[1:]  # a bracket around it all
        digits = sum(char.isdigit() for char in written)
        if not stands_alone(text, start, end, "-/.,"):
            continue
        if shape == "international" and not 8 <= digits <= 15:
            continue
        before = word_before(text, start)
        spaced = shape == "us" and written.replace(" ", "").isdigit() and before in _ACCOUNT_NUMBER
        if spaced or (shape == "local" and before in _OTHER_NUMBER):
            continue
        if (
            shape == "bare"
            and before not in _PHONE_WORDS
            and not (len(written) == 11 and written[0] == "0" and before not in _OTHER_NUMBER)
        ):
            continue
        if shape == "bare" and before == "number" and "account" in text[max(0, start - 24) : start].lower():
            continue
        value = "".join(char for char in written.replace("(0)", "") if char.isalnum() or char == "+")
        yield Entity("phone", start, end, value)
