"""Sums of money: "$1,000.00", "1.000,50 €", "GBP 85", "85 quid", "two hundred and fifty pounds"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from tonecheck.entities.entity import Entity
from tonecheck.entities.numbers import NUMBER_WORDS, parse_number_words
from tonecheck.entities.patterns import compile_re2, word_before

_SIGNS = {"$": "USD", "£": "GBP", "€": "EUR", "¥": "JPY", "₹": "INR"}
_DOLLARS = {
    "US": "USD",
    "CA": "CAD",
    "C": "CAD",
    "AU": "AUD",
    "A": "AUD",
    "NZ": "NZD",
    "HK": "HKD",
    "S": "SGD",
}
_CODES = (
    "USD",
    "GBP",
    "EUR",
    "CAD",
    "AUD",
    "NZD",
    "CHF",
    "INR",
    "JPY",
    "HKD",
    "SGD",
    "ZAR",
    "SEK",
    "NOK",
    "DKK",
)
# name -> currency, and how many of it make one unit of the currency
_NAMES: dict[str, tuple[str | None, int]] = {
    "dollar": ("USD", 1),
    "buck": ("USD", 1),
    "cent": (None, 100),
    "pound": ("GBP", 1),
    "quid": ("GBP", 1),
    "pence": ("GBP", 100),
    "penny": ("GBP", 100),
    "p": ("GBP", 100),
    "euro": ("EUR", 1),
    "grand": (None, 1),
}
_MULTIPLES = {
    "k": 1_000,
    "thousand": 1_000,
    "grand": 1_000,
    "m": 1_000_000,
    "million": 1_000_000,
    "bn": 10**9,
}

# Digits with separators. The forms exclude each other by what follows a separator, and by the last lookahead.
_NUMBER = (
    r"(?:[0-9]{1,3}(?:,[0-9]{3}){1,4}(?:\.[0-9]{1,2})?"
    r"|[0-9]{1,3}(?:\.[0-9]{3}){1,4},[0-9]{2}"
    r"|[0-9]{1,3}(?: [0-9]{3}){1,3},[0-9]{2}"
    r"|[0-9]{1,12}(?:[.,][0-9]{1,2})?)(?![0-9])"
)
_MULTIPLE = r"(?: ?(k|K|m|M|bn|million|thousand)\b)?"
_CODE = "|".join((*_CODES, "usd", "gbp", "eur"))

# "$400", "-$20", "$ 1,000.00", "US$2k", "£85 GBP"
_SIGN_FIRST = re.compile(
    rf"([$£€¥₹]) ?-?({_NUMBER}|\.[0-9]{{2}}(?![0-9])){_MULTIPLE}(?: ?(?:{_CODE})\b)?(?! ?%)"
)
_DOLLAR_PREFIX = re.compile(r"(?<![A-Za-z])(US|CA|C|AU|A|NZ|HK|S)\Z")
# "USD 400", "GBP £1,200.50"
_CODE_FIRST = re.compile(rf"({_CODE})(?<![A-Za-z]...) ?[$£€¥₹]?({_NUMBER}){_MULTIPLE}(?! ?%)")
# "400 USD", "150€", "20p", "1,200 dollars"
_NUMBER_FIRST = re.compile(
    r"(?=[0-9])(?<![0-9A-Za-z_$£€¥₹/])(?<![0-9][.,])"
    rf"({_NUMBER})(?:"
    rf" ?(?:({_CODE})\b|(€))(?![0-9])"
    r"|([$£])(?![0-9{\[])"
    r"|(p)\b(?!\.m)"
    r"|[ -](thousand |million )?(?:US |Canadian |Australian )?"
    r"([Dd]ollar|[Bb]uck|[Cc]ent|[Pp]ound|[Qq]uid|[Pp]ence|[Pp]enny|[Ee]uro|[Gg]rand|DOLLAR|POUND)"
    r"(?:s|S)?\b(?: sterling\b)?)"
)
_IN_WORDS = compile_re2(
    rf"(?i)\b({NUMBER_WORDS})(?: ?\([0-9][0-9,.]{{0,12}}\))?\s(?:us )?(dollar|buck|cent|pound|quid|pence|penny|euro|grand)s?\b(?: sterling\b)?"
)
# A blank to be filled in: "$XXX.XX", "£____", "$__.__"
_BLANK = re.compile(
    r"[$£€] ?(?:[Xx]{2,6}|[Xx](?=,)|_{2,40}|#{2,6})(?:[.,](?:[Xx]{2,3}|_{1,5}|#{2,3})){0,4}(?![A-Za-z0-9])"
)
_MONEY_WORD = compile_re2(r"(?i)(?:dollar|buck|cent|pound|quid|pence|penny|euro|grand)")
_MONEY_CHAR = re.compile(r"[$£€¥₹]")
_HAS_DIGIT = re.compile(r"[0-9]")
_HAS_CODE = re.compile(_CODE)


def find_amounts(text: str) -> Iterator[Entity]:
    """The amounts of ``text``, in no particular order; two may overlap."""
    digits = _HAS_DIGIT.search(text) is not None
    if _MONEY_CHAR.search(text):
        for match in _BLANK.finditer(text):
            yield Entity("amount", match.start(), match.end())
        if digits:
            yield from _sign_first(text)
    if digits:
        if _HAS_CODE.search(text):
            for match in _CODE_FIRST.finditer(text):
                yield _entity(match.start(), match.end(), match[2], match[3], match[1].upper())
        yield from _number_first(text)
    if _MONEY_WORD.search(text):
        yield from _in_words(text)


def _sign_first(text: str) -> Iterator[Entity]:
    for match in _SIGN_FIRST.finditer(text):
        start, currency = match.start(), _SIGNS[match[1]]
        if match[1] == "$":
            prefix = _DOLLAR_PREFIX.search(text[max(0, start - 3) : start])
            if prefix:
                start -= len(prefix[1])
                currency = _DOLLARS[prefix[1]]
        if start and text[start - 1] == "-" and not (start > 1 and text[start - 2].isalnum()):
            start -= 1
        yield _entity(start, match.end(), match[2], match[3], currency)


def _number_first(text: str) -> Iterator[Entity]:
    for match in _NUMBER_FIRST.finditer(text):
        number, code, euro, sign, pence, scale, name = match.groups()
        if pence and (len(number) > 2 or not number.isdigit()):
            continue  # "1080p"
        if name:
            yield _named(match.start(), match.end(), _decimal(number), (scale or "").strip(), name)
        else:
            currency = code.upper() if code else "EUR" if euro else _SIGNS.get(sign or "", "GBP")
            scaled = "pence" if pence else None
            yield _entity(match.start(), match.end(), number, scaled, currency)


def _in_words(text: str) -> Iterator[Entity]:
    for match in _IN_WORDS.finditer(text):
        number = parse_number_words(match.group(1))
        vague = word_before(text, match.start()) in ("few", "several", "some", "many")
        value = None if number is None or vague else Decimal(number)
        yield _named(match.start(), match.end(), value, "", match.group(2))


def _named(start: int, end: int, number: Decimal | None, scale: str, name: str) -> Entity:
    """An amount whose unit is a word."""
    if number is None:
        return Entity("amount", start, end)
    name = name.lower()
    currency, parts = _NAMES[name]
    number = number * _MULTIPLES.get(scale, 1) * _MULTIPLES.get(name, 1) / parts
    return Entity("amount", start, end, (number, currency))


def _entity(start: int, end: int, digits: str, multiple: str | None, currency: str) -> Entity:
    number = _decimal(digits)
    if number is None:
        return Entity("amount", start, end)
    if multiple == "pence":
        number /= 100
    elif multiple:
        number *= _MULTIPLES[multiple.lower()]
    return Entity("amount", start, end, (number, currency))


def _decimal(digits: str) -> Decimal | None:
    """The number written with either decimal mark: the last mark is the decimal one if fewer than three digits
    follow it."""
    digits = digits.replace(" ", "")
    mark = max(digits.rfind("."), digits.rfind(","))
    if mark < 0:
        return Decimal(digits)
    whole, part = digits[:mark].replace(".", "").replace(",", ""), digits[mark + 1 :]
    if len(part) == 3:
        return Decimal(whole + part)
    return Decimal(f"{whole or '0'}.{part}")
