"""What a threat would take away, or what step it announces, by the name that the draft gives it: "your roof job", "Monty's bed", "a winding-up petition"."""

from __future__ import annotations

import re

# What a business may rightly stop, hold back or end when it is not paid. A car, a home or a wage is no such thing, and a supply has phrasings of its own.
_LASTS = r"service|services|membership|access|broadband|internet|website|site|hosting|domain|subscription|policy|cover|insurance|warranty|support|registration|enrol?lment|season ticket|trade account|credit terms|terms|trade terms|tuition|hire|lines?|phones?|account with us"
_TAKES_PLACE = r"jobs?|works?|project|orders?|deliver(?:y|ies)|bookings?|appointments?|lessons?|class(?:es)?|course|training|collections?|visits?|walks?|cleaning|games?|matches|catering"
_IS_KEPT = (
    r"lockers?|places?|slots?|seats?|beds?|unit|pitch|stall|spot|space|plot|mooring|berth|tickets?|passes"
)
_IS_LENT = r"stock|materials|scaffold(?:ing)?|equipment|digger|skip"
_NOUN = rf"(?:(?P<opens>fob)|(?P<lasts>{_LASTS})|(?P<takes_place>{_TAKES_PLACE})|(?P<is_kept>{_IS_KEPT})|(?P<is_lent>{_IS_LENT})|league|team|yard|boat|lawn|garden|pool)"
_WHOSE = r"(?P<whose>your|ur|the|both|(?-i:[A-Z])[\w-]+['\u2019]s)"
_NAMED = rf"{_WHOSE} (?P<what>(?:(?!and\b|or\b|of\b|to\b|if\b|we\b|you\b|is\b|will\b)[a-z][\w-]* ){{0,2}}?{_NOUN})\b"
_LOSES = (
    r"(?:los(?:e|es|ing)|cancel\w*|suspend\w*|stop\w*|end(?:s|ed|ing)?|clos(?:e|es|ed|ing)|fre?ez\w*|paus\w*|withdraw\w*|collect\w*|remov\w*|give|giving|hold(?:ing)?|"
    r"lock\w*|block\w*|cut(?:ting)?(?: off)?|switch(?:ing)? off|shut(?:ting)?(?: off| down)?|turn(?:ing)? off|disconnect\w*|terminat\w*|revok\w*|pull(?:ing)?|skip(?:ping|s)?|halt\w*|letting|let)"
)
_GOES = (
    r"(?:will|'ll|shall|is|are|gets?|goes|go|stops?|ends?|closes?|comes? (?:off|down|out)|has to|have to|may|can|won't|does ?n[o']?t|do(?:es)? not)"
    r"\b(?! (?:due|on time|here|open\b|yours|finished|done|complete))"
)
_TAKEN = re.compile(rf"(?i)\b(?P<verb>{_LOSES}) (?:away |back |off )?{_NAMED}")
_GONE = re.compile(rf"(?i)\b{_NAMED} {_GOES}")
_PAUSES = re.compile(r"(?i)suspend|fre?ez|paus|lock|block|cut|switch|shut|turn|disconnect|hold|stop|halt")
_COLLECTS = re.compile(r"(?i)collect|remov|withdraw|pull")
_ENDS = re.compile(r"(?i)cancel|terminat|revok|end|clos|withdraw|pull|stop|halt|skip")

# What else such a sentence may announce.
_IS_HANDED_ON = re.compile(
    r"(?i)\b(?:account|file|balance|bill|invoice|matter|this|it|you) (?:goes|go|is going|are going|will go|gets? (?:passed|handed|sent)|(?:is|are|will be) (?:passed|handed|sent))"
    r" (?:on |over |straight |off )?to (?:an? |our |the |some )?(?:outside |debt |collections? )*(?:people|agency|agents|collectors?|collections|recovery)\b"
)

# The steps in court that anyone who is owed money may take, in the words of those who take them.
_STEPS = tuple(
    (re.compile(rf"(?i)\b(?:{words})\b"), step)
    for words, step in (
        (r"winding[- ]up", "a winding-up petition"),
        (r"statutory demand", "a statutory demand"),
        (r"bankruptcy petition|petition for (?:your )?bankruptcy", "a bankruptcy petition"),
        (r"small claims?(?: court| track)?", "a small claims case"),
        (r"county court (?!judg)\w+|county court", "a county court claim"),
        (r"(?:mechanic'?s |property )?liens?", "a lien"),
    )
)
_NO_STEP = re.compile(
    r"(?i)arrest|jail|prison|criminal|police|officer|deput|sheriff|marshal|bailiff|seiz|already|judgment (?:has|was)"
)


def effects_in(sentence: str) -> list[str]:
    """What may become of what ``sentence`` would take away, "your roof job may stop", the most telling first; none if it names nothing that
    may rightly go."""
    found = _TAKEN.search(sentence) or _GONE.search(sentence)
    if found is None:
        return []
    whose = found["whose"]
    thing = f"{'your' if whose.lower() == 'ur' else whose if whose[0].isupper() and whose[-1] == 's' else whose.lower()} {found['what']}"
    verb = found.groupdict().get("verb") or ""
    effect = _effect(found, thing, verb)
    effects = [*([effect] if effect else ()), f"{thing} may be affected"]
    also = " and the account may be passed to an agency" if _IS_HANDED_ON.search(sentence) else ""
    return [one + also for one in effects]


def _effect(found: re.Match[str], thing: str, verb: str) -> str:
    """``verb``: what is done to it; empty where it is said to go or to stop by itself."""
    if found["is_kept"]:
        return f"we may not be able to keep {thing} for you"
    if found["is_lent"] and (not verb or _COLLECTS.match(verb)):
        return f"{thing} may have to be collected"
    if found["takes_place"] and (not verb or _ENDS.match(verb)):
        return f"{thing} may {'not go ahead' if verb else 'have to wait'}"
    if found["opens"]:
        return f"{thing} may stop working"
    if found["lasts"] and (not verb or _PAUSES.match(verb)):
        return f"{thing} may be paused"
    return f"{thing} may end" if found["lasts"] and _ENDS.match(verb) else ""


def step_in(sentence: str) -> str:
    """The step in court that ``sentence`` announces; empty if it names none, or one that is not for the sender to take."""
    if _NO_STEP.search(sentence):
        return ""
    return next((step for words, step in _STEPS if words.search(sentence)), "")
