"""Days and times that a sentence tells, and what they mean: the end of the time the reader has, or a day on which something was due.

The recognisers of ``tonecheck.entities`` know dates and hours that stand for themselves; here are also those that only a deadline makes
one: "by tonight", "by 12 tmrw", "before close of business Friday", "yes or no by 6".
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from tonecheck.document import Span
from tonecheck.entities import Entity, is_free
from tonecheck.rewrite.sums import bare_sums

_RELATIVE = (
    r"(?:today|2day|tdy|tonight|tonite|2nite|2night|tomorrow|tomorow|tommorow|tmrw|tmr|tmw|2moro|tomoz|eod|cob|eob|close of (?:business|play)"
    r"|end of (?:the )?(?:day|business|play|today|shift)|midday|lunch(?:time)?"
    r"|this (?:morning|afternoon|evening|week|weekend)|the weekend|next week|first thing)"
)
_HOUR = r"\d{1,2}(?:[:.]\d\d)?"
_BY = r"(?:by|before|b4|until|till|no later than|not later than)"
_NAMED = re.compile(
    rf"(?i)(?<![\w])(?:{_BY}) ((?:{_HOUR} )?{_RELATIVE}(?:,? {_RELATIVE})?|{_HOUR}(?=[.,;!?)]|\Z| (?:or|and|else|otherwise)\b))(?!\w)"
)
_AFTER = re.compile(rf"(?i),? ({_RELATIVE})(?!\w)")
_BETWEEN = re.compile(r"(?:,? (?:on|at|this|of) |,? )\Z", re.IGNORECASE)

# What stands before a date by which something is to be done, or was.
_DEADLINE = re.compile(
    r"(?i)\b(?:by|before|b4|until|till|no later than|not later than|deadline(?: is| of)?|expires?|ends?|closes?|dies|lapses?|runs out|stands until)(?: (?:on|at|the))? \Z|\bexpect(?:ed|ing)? (?:(?:the|your|full|that|this) ){0,2}(?:money|payment|funds|cash|transfer|amount|balance) (?:on |at )?\Z"
)
# How long something went on, or goes on: "I stayed up till", "we are open until".
_LASTS = re.compile(
    r"(?i)\b(?:up|open|stay(?:ed)?|wait(?:ed)?|work(?:ed)?|available|staffed|answered|here|there|free|away|closed|lines)(?: from [^.!?;]{0,20})? (?:until|till) \Z"
)
_DUE = re.compile(
    r"(?i)\b(?:(?:due|owed|outstanding|payable|overdue)(?: (?:on|since|from|by|back|at|in))?|(?:bounced|returned|missed|declined|not there) on|you (?:promised|swore|agreed)(?: (?:it|us|me|payment|to pay))?(?: (?:for|by|on))?) \Z"
)
# "You told my wife it would be paid by the 10th": by then it should have been.
_PROMISED = re.compile(
    r"(?i)\b(?:you|u|he|she|they) (?:\w+ ){0,2}(?:told|said|promised|swore|agreed|assured|guaranteed|undertook)\b(?! that we)[^.!?;]{0,50}\bby (?:the )?\Z"
)
_SENT = re.compile(
    r"(?i)\b(?:wrote|written|letters?|notices?|e-?mail(?:s|ed)?|messages?|reminders?|texted|called|contacted|rang|(?:our|my|phone|telephone|last|previous) calls?)\b[^.;!?]{0,30}?"
    r"\b(?:on|of|dated|and|nor|or) (?:that of |the |on |our )?\Z"
)
_TIME_LEFT = re.compile(
    r"(?i)\b(?:within|in|have|have got|you've got|got|next|only|just|another|exactly|(?<!took )(?<!takes )(?<!taken )you)(?: the)?(?: next| only| just| exactly)? \Z"
)


# Nobody pays "within 5 minutes".
_NO_TIME_TO_PAY = re.compile(r"(?i)(?:\b|(?<=\d))(?:years?|decades?|minutes?|mins?)\b")
# "Deliveries resume within one day of payment": time that the sender takes.
_SENDER_TAKES = re.compile(
    r"(?i)\b(?:resumes?|restarts?|deliver\w*|ships?|reconnect\w*|reinstat\w*|(?:we|i)(?:'ll| will| shall|'d)? (?:reply|answer|respond|send|confirm|refund|release|reconnect|call|write|come))\b[^.!?;]{0,60}\Z"
)
# "We've given you fourteen months": these are over.
_WAS_GIVEN = re.compile(r"(?i)\b(?:given|gave|carried|allowed) you \Z")
_TO_BE_DONE = re.compile(
    r"(?i)\b(?:pay(?:ment)?|settle|clear|reply|respond|call|ring|answer|transfer|send|due|ends?|expires?)\b"
)


def relative_whens(text: str, entities: Sequence[Entity]) -> Iterator[Span]:
    """Deadlines without a date of their own, in order; ``entities`` are those of ``text``."""
    found = {match.span(1) for match in _NAMED.finditer(text)}
    for entity in entities:
        if entity.kind in ("date", "time") and (after := _AFTER.match(text, entity.end)):
            found.add(after.span(1))
    for start, end in sorted(found):
        if is_free(entities, start, end):
            yield Span(start, end)


def told_in(text: str, entities: Sequence[Entity]) -> list[tuple[str, Span]]:
    """All facts of ``text`` by kind, in order; a time alone is a date, too, for whoever writes "by"."""
    told = [
        ("date" if entity.kind == "time" else entity.kind, Span(entity.start, entity.end))
        for entity in entities
        if not is_month(entity, text)
    ]
    told += [("date", when) for when in relative_whens(text, entities)]
    told += [("amount", bare) for bare in bare_sums(text, entities)]
    return sorted(told, key=lambda one: one[1])


def whens_joined(text: str, told: Sequence[tuple[str, Span]], span: Span) -> Iterator[tuple[str, Span]]:
    """Those of ``told`` that stand in ``span``, with "noon on 14 May" as one date."""
    first = bisect_left(told, span.start, key=lambda one: one[1].start)
    last_number = bisect_left(told, span.end, key=lambda one: one[1].start)
    inside = [one for one in told[first:last_number] if one[1].end <= span.end]
    last: tuple[str, Span] | None = None
    for kind, here in inside:
        if last and last[0] == kind == "date" and _BETWEEN.match(text[last[1].end : here.start]):
            last = (kind, Span(last[1].start, here.end))
            continue
        if last:
            yield last
        last = (kind, here)
    if last:
        yield last


def is_month(entity: Entity, text: str) -> bool:
    """Whether a date is a month without a day or a year that is no deadline: it names a payment or a season, and is no date to keep."""
    value = entity.value
    return (
        entity.kind == "date"
        and isinstance(value, dict)
        and value.get("kind") == "month"
        and not value.get("year")
        and not is_deadline(text[max(0, entity.start - 30) : entity.start])
    )


_UP = re.compile(
    r"(?i)\b(?:i|we|he|she|they)(?:'(?:ve|d)| have| had)?(?: been| was| were| stayed| sat)* up (?:un)?(?:till?|to|at|past|from) \Z"
)


_TOILED = re.compile(
    r"(?i)\b(?:we|i|(?:two|three|four|both|all) of us|my (?:lads?|team|crew|boys|guys|worker|son|brother))(?:'d| had)? (?:\w+ ){0,2}(?:came|took|drove|turned|worked|opened|went|stayed|fitted|fixed|finished|stood|sat)\b"
    r"[^.!?;,\n]{0,30}\b(?:at|until|till|from|past) \Z"
)
_ANY_SUCH_DAY = re.compile(r"(?i)\bon an? (?:\w+ )?\Z")
# "Other parents manage to pay on the 1st"
_OTHERS_PAY = re.compile(
    r"(?i)\b(?:other \w+|everyone else|everybody else|the rest of \w+|most (?:people|tenants|customers|families)|your neighbou?rs?) (?:\w+ ){0,3}(?:pay|pays|paid|settle|settled) (?:\w+ ){0,3}(?:on|by|before) (?:the )?\Z"
)


def is_hour_of_toil(entity: Entity, text: str) -> bool:
    """Whether a time only tells how hard the writer worked, "I was up until 2 am on those hems", "we came at 6pm on a Sunday": no time to keep."""
    before = text[max(0, entity.start - 80) : entity.start]
    if entity.kind == "time":
        return _UP.search(before) is not None or _TOILED.search(before) is not None
    return entity.kind == "date" and (_ANY_SUCH_DAY.search(before) or _OTHERS_PAY.search(before)) is not None


def is_deadline(before: str) -> bool:
    """Whether what stands ``before`` a date says that something is to be done by it."""
    return (
        _DEADLINE.search(before) is not None
        and _LASTS.search(before) is None
        and _PROMISED.search(before) is None
    )


_A_DAY = re.compile(
    r"(?i)(?:the )?(?:(?:mon|tues?|wed(?:nes)?|thur?s?|fri|satur|sat|sun)(?:day)?\b|\d{1,2}(?:st|nd|rd|th|/\d| [a-z]{3})"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\.? \d)"
)


def is_a_day(said: str) -> bool:
    """Whether something can happen "on" a date: on Sunday, on 3 May; not on tonight, on 5 pm."""
    return _A_DAY.match(said) is not None


def is_due(before: str) -> bool:
    """Whether what stands ``before`` a date says that something was due on it."""
    return _DUE.search(before) is not None or _PROMISED.search(before) is not None


_IN_A_ROW = re.compile(r"(?i)\b(?:first|second|third|fourth|fifth|every|each|another|\dth) \Z")


def is_in_a_row(before: str) -> bool:
    """Whether what stands ``before`` a day counts such days: "second Tuesday in a row"."""
    return _IN_A_ROW.search(before) is not None


_OF_A_PAYMENT = re.compile(r"(?i) (?:payment|instal?lment|direct debit)s?\b")


def names_a_payment(after: str) -> bool:
    """Whether what stands ``after`` a date says that a payment was due on it: "the 1 May payment"."""
    return _OF_A_PAYMENT.match(after) is not None


def is_sent(before: str) -> bool:
    """Whether what stands ``before`` a date says that the sender wrote or called on it."""
    return _SENT.search(before) is not None


def is_time_left(sentence: str, period: str) -> bool:
    """Whether a period is the time that the reader has: "within 24 hours", not "three months old"."""
    words = " ".join(sentence.split())
    at = words.lower().find(period.lower())
    if at < 0 or _NO_TIME_TO_PAY.search(period) or (match := _TIME_LEFT.search(words[:at])) is None:
        return False
    if _SENDER_TAKES.search(words[:at]):
        return False
    if "month" in period.lower() and _WAS_GIVEN.search(words[:at]):
        return False
    # "In two days" may tell how long something took.
    return not match[0].lower().startswith("in ") or _TO_BE_DONE.search(words[:at]) is not None
