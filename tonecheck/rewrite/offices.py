"""Titles and offices that a sender only claims: "this is Investigator Hale from the Fraud Resolution Unit at Piedmont" is Hale at Piedmont."""

from __future__ import annotations

import re
from collections.abc import Callable

TITLES = "officer|investigator|detective|inspector|sergeant|marshal|deputy|constable|agent|magistrate|bailiff"
_OFFICE = r"(?:[A-Z][\w-]+ ){0,4}(?:Unit|Division|Bureau|Desk|desk|Department|Office|Section|Squad|Task Force|Court)"
_TITLE = re.compile(rf"\b(?:(?:Senior|Special|Chief|Field|Court) )*(?i:{TITLES})\s+(?=[A-Z])")
# Before a name that stays, "at" or "from" does, too.
_AT = re.compile(
    rf"(?:,\s*)?\b(?:(?:over at|with|from|at|of|for)\s+)?(?:the |our |its |an? )?{_OFFICE}(?:,? (?:over )?(?=(?:at|of(?! the)|with|from) (?:the )?[A-Z])|(?! of\b)(?=[\s.,;:!?)]|\Z))"
)
_IS_OFFICE = re.compile(
    rf"(?i:\b(this is|you have reached|you've reached|we are|we're)) (?:the |our |an? )?{_OFFICE} (?:of|at|with|from) (?=(?:the )?[A-Z])"
)
_BADGE = re.compile(
    r"(?i),?\s*\(?\b(?:badge|shield|warrant card|officer)(?: (?:number|no\.?|id|#))? ?#?\d[\w-]*\)?"
)
_TWO, _BEFORE_SIGN = re.compile(r" {2,}"), re.compile(r" +(?=[.,;:!?])")


def without_office(sentence: str) -> tuple[str, str]:
    """The sentence without titles, offices and badges, and what was taken out of it, in lower case; the same one and nothing if it claims none."""
    taken: list[str] = []

    def cut(by: str) -> Callable[[re.Match[str]], str]:
        def one(match: re.Match[str]) -> str:
            taken.append(match[0].lower())
            return match.expand(by)

        return one

    text = _TITLE.sub(cut(""), sentence)
    text = _IS_OFFICE.sub(cut(r"\1 "), text)
    text = _BADGE.sub(cut(""), _AT.sub(cut(" "), text))
    return (_BEFORE_SIGN.sub("", _TWO.sub(" ", text)).strip(), " ".join(taken)) if taken else (sentence, "")
