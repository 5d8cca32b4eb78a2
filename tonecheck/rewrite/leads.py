"""The beginning of a sentence that is not rewritten: who is spoken to ("Hank, "), who speaks ("Agent: "), when it is said ("If they ask: ")."""

from __future__ import annotations

import re

from tonecheck.document import Span
from tonecheck.entities import find_entities
from tonecheck.rewrite.facts import names_at, names_of

_LEAD = re.compile(
    r"(?:(?:hi|hello|hey|dear|ok|okay|look|listen|alright|right|morning|good (?:morning|afternoon|evening)),? )?"
    r"(?:(?:Mr|Mrs|Ms|Miss|Mx|Dr)\.? )?[A-Z][\w'-]+(?:(?: | & | and )[A-Z][\w'-]+){0,3}(?: ?[,:]| [-\u2013\u2014|]| [^\w\s.,;:!?'\"()$£€{}\[\]<>%*_-]{1,3}) +|"
    r"(?:hi|hello|hey|dear) \{\{[^{}]{1,40}\}\}, +",
    re.IGNORECASE,
)
_SUBJECT = re.compile(r"subject: ?", re.IGNORECASE)
_LABEL = re.compile(r"[^\n:]{1,80}:[ \t]+(?=\S)")
_OPENING_QUOTE = re.compile(r"[\"\u201c\u2018']")
_CLOSING = {'"': '"', "'": "'", "\u201c": "\u201d", "\u2018": "\u2019"}
_FIRM_WRITES = re.compile(r"(?:[A-Z][\w'&-]*|&)(?: (?:[A-Z][\w'&-]*|&|of|and))*: *")
# What begins a message in the place of a name: "CITY LIGHTS ELECTRIC: " is one, "FINAL NOTICE: " is none.
_ALARM = re.compile(
    r"(?i)(?:final|last|urgent|attention|attn|warning|notice|reminder|important|re|subject|overdue|past|legal|alert|immediate|action|second|third|official|note|status|debt|balance)\b"
)
# What follows "Garrison, " if that is no reader, but the first name of a firm.
_OF_A_FIRM = re.compile(r"[A-Z][\w'-]+ (?:&|and) [A-Z]")
_GREETED = re.compile(r"(?:hi|hello|hey|dear|morning|good \w+)\b", re.IGNORECASE)
_SPOKEN = ("chat", "call_script")
_MOST_WORDS = 6


def lead_of(text: str, span: Span, channel: str) -> str:
    """The lead of the sentence at ``span``; empty if there is none or it is all there is."""
    sentence = text[slice(*span)]
    begins_line = span.start == 0 or text[span.start - 1] == "\n"
    if channel in _SPOKEN and begins_line and (label := _LABEL.match(sentence)):
        quote = _OPENING_QUOTE.match(sentence, label.end())
        return label[0] + (quote[0] if quote else "")
    match = _LEAD.match(sentence)
    if match is None or match.end() == len(sentence) or _SUBJECT.match(sentence):
        return ""
    if _OF_A_FIRM.match(sentence, match.end()):
        return ""
    is_name = (
        "{{" in match[0]
        or any(names_of(match[0], find_entities(match[0])))
        or (span.start == 0 and _FIRM_WRITES.fullmatch(match[0]) and not _ALARM.match(match[0]))
    )
    return match[0] if is_name and len(match[0].strip(" ,:").split()) <= _MOST_WORDS else ""


def opening_of(sentence: str) -> str:
    """The quotation mark with which a sentence begins and which another one closes."""
    closing = _CLOSING.get(sentence[:1], "") if sentence[:1] != "'" else ""
    return sentence[0] if closing and closing not in sentence[1:] else ""


def tail_of(sentence: str, lead: str) -> str:
    """The closing quotation mark of a sentence whose opening one belongs to its lead, or to a sentence before."""
    last = sentence[-1:]
    if last not in _CLOSING.values() or len(sentence) <= len(lead) + 1:
        return ""
    if _CLOSING.get(lead[-1:]) == last:
        return last
    opening = next(one for one, other in _CLOSING.items() if other == last)
    return last if last != "'" and opening not in sentence[len(lead) : -1] else ""


def opening_and_closing(text: str) -> bool:
    """Whether ``text`` is one quotation: the mark with which it begins is closed at its end, and nowhere before."""
    closing = _CLOSING.get(text[:1], "") if text[:1] != "'" else ""
    return bool(closing) and len(text) > 1 and text.find(closing, 1) == len(text) - 1


def greets(lead: str) -> bool:
    """Whether the lead may stand alone."""
    return _GREETED.match(lead) is not None


def ends_sentence(lead: str) -> bool:
    """Whether what follows begins a sentence of its own."""
    return not lead.rstrip().endswith(",")


def inside(text: str, before: str) -> str:
    """A sentence that follows "Hank," in the same breath, in the place of ``before``."""
    first = text.split(" ", 1)[0]
    if first[:1].isupper() and f" {first} " in before:
        return text  # a name: "Hank, Investigator Lane here" becomes "Hank, Lane here"
    keeps = first in ("I", "I'd", "I'm", "I'll", "I've") or first[1:2].isupper() or not first[:1].isalpha()
    keeps = keeps or any(at == 0 for at, _ in names_at(text, []))
    return text if keeps else text[0].lower() + text[1:]
