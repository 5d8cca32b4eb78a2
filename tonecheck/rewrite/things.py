"""What a threat would take away, by the name that the draft gives it: "your roof job", "Monty's bed", "the trade account"."""

from __future__ import annotations

import re

# What a business may rightly stop, hold back or end when it is not paid. A car, a home or a wage is no such thing, and a supply has phrasings of its own.
_NOUN = (
    r"(?:jobs?|works?|project|orders?|deliver(?:y|ies)|service|services|membership|access|places?|slots?|seats?|beds?|bookings?|appointments?|lessons?|class(?:es)?|course|"
    r"unit|locker|fob|broadband|internet|website|site|hosting|domain|subscription|policy|cover|insurance|warranty|support|registration|"
    r"enrol?lment|season ticket|pitch|stall|spot|space|plot|mooring|berth|stock|materials|scaffold(?:ing)?|equipment|hire|digger|skip|trade account|"
    r"credit terms|terms|trade terms|training|tickets?|collections?|visits?|walks?|cleaning|tuition|passes|games?|matches|league|team|boat|yard|lawn|garden|pool|catering|account with us)"
)
_WHOSE = r"(?P<whose>your|ur|the|(?-i:[A-Z])[\w-]+['\u2019]s)"
_NAMED = rf"{_WHOSE} (?P<what>(?:(?!and\b|or\b|of\b|to\b|if\b|we\b|you\b|is\b|will\b)[a-z][\w-]* ){{0,2}}?{_NOUN})\b"
_LOSES = (
    r"(?:los(?:e|es|ing)|cancel\w*|suspend\w*|stop\w*|end(?:s|ed|ing)?|clos(?:e|es|ed|ing)|fre?ez\w*|paus\w*|withdraw\w*|collect\w*|remov\w*|give|giving|hold(?:ing)?|"
    r"lock\w*|block\w*|cut(?:ting)?(?: off)?|switch(?:ing)? off|shut(?:ting)?(?: off| down)?|turn(?:ing)? off|disconnect\w*|terminat\w*|revok\w*|pull(?:ing)?|skip(?:ping|s)?|halt\w*|letting|let)"
)
_GOES = (
    r"(?:will|'ll|shall|is|are|gets?|goes|go|stops?|ends?|closes?|comes? (?:off|down|out)|has to|have to|may|can|won't|does ?n[o']?t|do(?:es)? not)"
    r"\b(?! (?:due|on time|here|open\b|yours|finished|done|complete))"
)
_TAKEN = re.compile(rf"(?i)\b{_LOSES} (?:away |back |off )?{_NAMED}")
_GONE = re.compile(rf"(?i)\b{_NAMED} {_GOES}")


def thing_in(sentence: str) -> str:
    """What ``sentence`` would take away, as the reader knows it; empty if it names nothing that may rightly go."""
    found = _TAKEN.search(sentence) or _GONE.search(sentence)
    if found is None:
        return ""
    whose = found["whose"]
    return f"{'your' if whose.lower() == 'ur' else whose if whose[0].isupper() and whose[-1] == 's' else whose.lower()} {found['what']}"
