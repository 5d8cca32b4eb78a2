"""Account, invoice and other reference numbers, introduced by a word or of unmistakable shape."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tonecheck.entities.entity import Entity
from tonecheck.entities.patterns import compile_re2, stands_alone

_CUE = (
    r"accounts?|acct|acc|a/c|invoices?|invs?|ref(?:erence|s)?|files?|cases?|orders?|contracts?|polic(?:y|ies)|"
    r"customer|client|loans?|tickets?|agreements?|cards?|plans?|member(?:ship)?|bills?|claim|job|booking|matter|"
    r"tenancy|lease|statement|note|ending|digits|debt|purchase order|po|account holder|quot(?:e|ing)|unit|meter|"
    r"number|no\.|placement|permit|pupil|docket"
)
_FILLER = r"number|numbers|no|nos|num|nr|id|code|ref|reference|account|acct|ending|ends|in|with|is|are|the|as|of|starting"
# An identifier: groups of digits, perhaps behind capitals; or letters, digits and the signs that hide digits, with a digit among them.
_ID = (
    r"(?:[A-Z]{1,3} \d{2,8}(?: \d{2,6}){0,4}|\d{2,6}(?: \d{2,6}){1,4}"
    r"|(?:[A-Za-z•*][A-Za-z/•*._-]{0,29})?[0-9][A-Za-z0-9/•*._-]{0,30})"
)
# Capitals in several parts: "FINAL-COURT".
_CODE = r"[A-Z][A-Z•*._]{0,30}[/-][A-Z/•*._-]{0,30}"
_INTRODUCED = compile_re2(
    rf"\b((?i:{_CUE}))((?:[ \t\n]|\.|\b)(?i:\s?\b(?:{_FILLER})\b\.?){{0,4}})"
    rf"([ \t]{{0,2}}\n?[:#=(-]{{0,3}}[ \t]{{0,2}}(?:\.{{2,4}}|…)?)({_ID}|{_CODE})"
)
_NEXT = re.compile(rf"(?:, and |, | and | & | / )#?({_ID})")
_SHAPED = compile_re2(
    r"\b(?:[A-Z]{2,6}(?:[-/][A-Z0-9]{1,12}){1,4}|[A-Z]{1,4}\d{4,12}(?:-\d{1,6})?|[A-Z]{1,3}[-/]\d{3,10})\b"
)
_MASKED = re.compile(
    r"(?=[•*xX#])(?<![A-Za-z0-9•*#])(?:(?:[•*]{1,12}|[xX]{2,12}|#{2,12})[ -]?){1,4}[0-9]{2,6}(?![A-Za-z0-9*%])"
)
_MASK_HINT = re.compile(r"[•*xX#](?:(?<=[•*])|[xX#])")
_HASHED = re.compile(r"#(?<![A-Za-z0-9&#]#)[ ]?([A-Z0-9][A-Z0-9/-]{1,20})(?![A-Za-z0-9])")
_TRAILING = ".-_/*"
_WEAK = frozenset(
    "file files case cases order orders plan plans card cards bill bills job note unit meter number no. permit".split()
)
_DIGITS = re.compile(r"[0-9]")
_REACH = 48  # characters before a short code in which a cue word vouches for it
_VOUCHER = compile_re2(
    r"(?i)\b(?:acc(?:oun)?t|a/c|invoice|inv|ref(?:erence)?|file|case|quot(?:e|ing)|number|no)\b"
)


def find_references(text: str) -> Iterator[Entity]:
    """The reference numbers of ``text``, the identifier without the word before it, with a "#".

    The value leaves the "#" out.
    """
    yield from _introduced(text)
    for match in _SHAPED.finditer(text):
        start, end = match.span()
        if stands_alone(text, start, end, "/-_.@") and _is_shaped(match.group(), text, start):
            yield Entity("reference", start, end, match.group())
    for masked in _MASKED.finditer(text) if _MASK_HINT.search(text) else ():
        if "**" in masked[0] and text.find("**", masked.end(), masked.end() + 40) >= 0 and len(masked[0]) < 6:
            continue  # bold type
        yield Entity("reference", *masked.span(), masked[0])
    for hashed in _HASHED.finditer(text):
        if _DIGITS.search(hashed[1]):
            yield _trimmed(hashed[1], hashed.start(1))._replace(start=hashed.start())


def _introduced(text: str) -> Iterator[Entity]:
    for match in _INTRODUCED.finditer(text):
        found = _identifier(text, match)
        if found is not None:
            yield found
            if match.group(1).lower().endswith("s"):
                yield from _more(text, found.end)


def _identifier(text: str, match: Any) -> Entity | None:
    cue, filler, sign, written = match.group(1).lower(), match.group(2), match.group(3), match.group(4)
    start, end = match.span(4)
    entity = _trimmed(written, start)
    identifier = str(entity.value)
    digits = len(_DIGITS.findall(identifier))
    if not digits:
        is_code = "-" in identifier or "/" in identifier
        return (
            entity
            if is_code and cue.startswith(("ref", "quot")) and not text[end : end + 1].isalnum()
            else None
        )
    if not stands_alone(text, start, entity.end) or text[entity.end : entity.end + 1] in ("%", "'"):
        return None
    if (
        text[entity.end : entity.end + 2][:1] in (",", ".")
        and text[entity.end + 1 : entity.end + 2].isdigit()
    ):
        return None  # "a loan of 5,000"
    said = bool(
        set(re.findall(r"[a-z]+", filler.lower())) - {"of", "is", "are", "the", "in", "as", "with"}
    ) or (":" in sign or "#" in sign)
    if cue in _WEAK and not said and (digits < 3 or len(identifier) < 4):
        return None
    if not said and digits < 3 and len(identifier) < 4 and not cue.startswith(("inv", "ref", "a/c", "acc")):
        return None
    if identifier.isdigit() and digits < 2:
        return None
    return entity._replace(start=start - 1) if text[start - 1] == "#" else entity


def _more(text: str, at: int) -> Iterator[Entity]:
    """The rest of an enumeration: "invoices 1021, 1022 and 1023"."""
    while found := _NEXT.match(text, at):
        entity = _trimmed(found[1], found.start(1))
        if len(_DIGITS.findall(str(entity.value))) < 2 or not stands_alone(text, entity.start, entity.end):
            return
        yield entity
        at = entity.end


def _trimmed(written: str, start: int) -> Entity:
    identifier = written.rstrip(_TRAILING)
    return Entity("reference", start, start + len(identifier), identifier)


def _is_shaped(identifier: str, text: str, start: int) -> bool:
    digits = len(_DIGITS.findall(identifier))
    if "-" in identifier or "/" in identifier:
        return digits >= 3
    return digits >= 6 or (digits >= 4 and bool(_VOUCHER.search(text[max(0, start - _REACH) : start])))
