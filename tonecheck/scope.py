"""Guards: the circumstances that change what words mean, handled once and named by every rule.

A guard answers whether a circumstance holds for a matched span. A rule lists guards under ``unless`` (the match does
not count where one holds) or ``only_if`` (it counts only where all hold). Surface order decides; where a negation
word stands before the match, syntax is asked whether it really governs it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from tonecheck.analysis import Analysis
from tonecheck.document import Span

Guard = Callable[[Analysis, Span], bool]

_NEGATOR = re.compile(
    r"\b(?:not|never|no|without|nobody|none|neither|nor|cannot|hardly|rather than|instead of|nothing|avoids?|avoiding|prevents?|"
    r"stops?|stopped|stopping|ain't|aint|(?:do|does|did|is|are|was|were|has|have|had|wo|would|ca|could|should|must|need)n'?t)\b",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"\b(?:(?P<sender>we|i|us|our(?: own)? \w+|my \w+|this (?:office|firm|company|team))"
    r"|(?P<reader>you(?: (?:people|guys|lot|all))?|u|ya|y'all)"
    r"|(?P<other>your \w+|ur \w+|he|she|it|they|the \w+|this|that|\w+'s \w+|somebody|someone|everybody|\w+ (?:bank|system|payment)))\b",
    re.IGNORECASE,
)
_SENDER_WORDS = frozenset("we i us our my ours".split())
_READER_WORDS = frozenset("you u ya y'all".split())
_RIGHT = re.compile(
    r"\byou(?:'re| are| have| may| can| could| might)?(?: also| still| always)? ?"
    r"(?:(?:have )?(?:the|a|every) (?:legal )?right|(?:are |'re )?(?:entitled|free|welcome)|may|can|could|might(?: also)? wish)\b"
    r"|\byour (?:legal )?rights?\b|\b(?:feel|be) free to\b",
    re.IGNORECASE,
)
# No right, but what may befall the reader.
_PROSPECT = re.compile(
    r"\byou (?:can|could|may|might)(?: also| well| soon)? (?:lose|expect|face|find|end|forget|kiss|say goodbye|be)\b",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"\b(?:if|unless|should you|provided(?: that)?|in case|whether|until|once|even if|as long as)\b",
    re.IGNORECASE,
)
_HEDGE = re.compile(r"\b(?:may|might|could|perhaps|possibly|maybe|seems?|appears?|would)\b", re.IGNORECASE)
_POLITE = re.compile(
    r"\b(?:please|pls|plz|kindly|thank(?:s| you)|thx|grateful|sorry|apologi[sz]e|apologies|appreciate|"
    r"(?:happy|glad|pleased|willing) to|when(?:ever)? (?:you can|you get|it suits|convenient))\b",
    re.IGNORECASE,
)
_OFFER = re.compile(
    r"\b(?:if (?:you'd|you would|you) (?:like|prefer|want|wish|need)|would you (?:like|prefer)|you(?:'re| are) welcome to|"
    r"you can (?:also )?(?:pay|choose|split|spread|call|reply|set|ask|move|use|tell|have|take|pick)|feel free|(?:we|i)(?:'ll| will| can|'d be| would be|'re| am| are)"
    r"(?: also| always)? (?:be )?(?:happy|glad|help|arrange|agree|set up|spread|split|work (?:with|out)|look (?:at|into)|talk|pause)|"
    r"let (?:us|me) (?:know|help)|here to help|no (?:obligation|pressure|rush))\b",
    re.IGNORECASE,
)
_WAY_OUT = re.compile(
    r"\b(?:(?:would|'d) (?:much |far )?(?:rather|prefer)|to (?:avoid|prevent|stop) (?:this|that|it|these)|(?:prevents?|stops?|avoids?) (?:this|that|it)|"
    r"before (?:then|that)(?: date| happens)?|time to (?:avoid|sort|put)|can still (?:change|be)|keeps? (?:it|the account)|"
    r"is all it takes|does(?: not|n't) have to|nothing (?:further|more|else) (?:happens|will happen|is needed|need be done)|will not (?:ask you for|add|charge|report)|no (?:fees?|charges?|interest)(?: or \w+)? (?:will be|are|is|has been) added|help (?:you|us) (?:avoid|prevent)|payment plan|instal?ments?|stage payments?|"
    r"agree (?:on )?(?:an? |another )?(?:plan|way)|(?:call|phone call|reply|word) (?:from you |to us |in the meantime )?(?:before|prevents|stops|is enough)|"
    r"(?:resumes?|restarts?|starts? again|is reinstated|is reconnected) [^.!?\n]{0,40}\b(?:payment|paid|cleared))\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"(?:(?<=\s)|^)([\"'])(?=\S)([^\"\n]{1,200}?)(?<=\S)\1(?=[\s.,;:!?)]|$)", re.MULTILINE)
_REACH = 8  # words: a negator further left than this belongs to something else
_NEAR = 2  # words: a negator as close as this governs what follows
# "If you do not pay | we will sue": a subject with its verb begins a clause that the negator does not reach.
_NEW_CLAUSE = re.compile(
    r"(?<!that )\b(?:we|i|you|they|he|she|it|our \w+|your \w+)(?:'ll| will| shall| may| can| must| would|'re| are|'ve| have| has)\b",
    re.IGNORECASE,
)


def _sentence(analysis: Analysis, span: Span) -> Span:
    return analysis.sentence(span.start)


def _before(analysis: Analysis, span: Span) -> str:
    """What stands before ``span`` in its clause."""
    return analysis.document.text[analysis.clause(span).start : span.start]


def _sentence_text(analysis: Analysis, span: Span) -> str:
    start, end = _sentence(analysis, span)
    return analysis.document.text[start:end]


def negated(analysis: Analysis, span: Span) -> bool:
    """The matched words are denied: "we will not take you to court", "no need to pay now", "never ignored"."""
    before = _before(analysis, span)
    negators = list(_NEGATOR.finditer(before))
    if not negators:
        return False
    last = negators[-1]
    between = before[last.end() :]
    distance = len(between.split())
    if distance > _REACH or _NEW_CLAUSE.search(between):
        return False
    # Close by, its position is enough; further off, syntax decides whether it reaches so far.
    return distance <= _NEAR or _governs(
        analysis, span, span.start - len(before) + last.start(), last.group()
    )


def _governs(analysis: Analysis, span: Span, at: int, word: str) -> bool:
    """Whether the negator at text offset ``at`` governs ``span`` by syntax; without a parse its position decides."""
    doc, inside = analysis.tokens_in(span)
    if doc is None or not inside or not doc.has_annotation("DEP"):
        return True
    offset = _sentence(analysis, span).start
    found = doc.char_span(at - offset, at - offset + 1, alignment_mode="expand")
    if not found:
        return True
    negator = found[0]
    if negator.text.lower() not in {"not", "n't", "never"}:
        return True  # determiners, prepositions and verbs of avoiding govern what follows
    members = {token.i for token in inside}
    head = next(
        (token for token in inside if token.head.i not in members or token.head.i == token.i), inside[0]
    )
    # Up from the match to the negated word, as long as no clause with a subject of its own begins on the way.
    while head.i != negator.head.i:
        own_clause = any(
            child.dep_.startswith("nsubj") or (child.dep_ == "mark" and child.lower_ != "to")
            for child in head.children
        )
        if own_clause or head.head.i == head.i or head.dep_ == "parataxis":
            return negator.head.i in members
        head = head.head
    return True


def conditional(analysis: Analysis, span: Span) -> bool:
    """An if, unless, should or until stands before the matched words in their sentence."""
    start = _sentence(analysis, span).start
    return _CONDITION.search(analysis.document.text, start, span.start) is not None


def hedged(analysis: Analysis, span: Span) -> bool:
    """May, might, could, would, perhaps or seems stands before the matched words in their clause."""
    return _HEDGE.search(_before(analysis, span)) is not None


def question(analysis: Analysis, span: Span) -> bool:
    """The sentence is a question."""
    return _sentence_text(analysis, span).rstrip("\"') ").endswith("?")


def reader_right(analysis: Analysis, span: Span) -> bool:
    """It is the reader who may do it: "you have the right to take us to court", "you may ask a solicitor"."""
    start, text = _sentence(analysis, span).start, analysis.document.text
    return (
        _RIGHT.search(text, start, span.end) is not None and _PROSPECT.search(text, start, span.end) is None
    )


def _subject(analysis: Analysis, span: Span) -> str:
    """Who does it: ``sender``, ``reader``, ``other`` or ``unknown``."""
    inside_subject = _SUBJECT.match(analysis.document.text, span.start)
    if inside_subject is not None:
        return inside_subject.lastgroup or "unknown"
    doc, inside = analysis.tokens_in(span)
    if doc is not None and inside and doc.has_annotation("DEP"):
        found = _syntactic_subject(inside)
        if found:
            return found
    subjects = list(_SUBJECT.finditer(_before(analysis, span)))
    return (subjects[-1].lastgroup or "unknown") if subjects else "unknown"


def _syntactic_subject(inside: list[Any]) -> str | None:
    members = {token.i for token in inside}
    head = next((token for token in inside if token.head.i not in members or token.head.i == token.i), None)
    while head is not None:
        for child in head.children:
            if child.dep_.startswith("nsubj"):
                words = {token.text.lower() for token in (child, *child.children)}
                if child.text.lower() in _READER_WORDS:
                    return "reader"
                return "sender" if words & _SENDER_WORDS else "other"
        if head.head.i == head.i or head.dep_ not in {"xcomp", "conj", "aux", "cop", "obj", "obl"}:
            return None
        head = head.head
    return None


def sender_subject(analysis: Analysis, span: Span) -> bool:
    """The sender or the sender's own staff, system or error did it: "our system failed"."""
    return _subject(analysis, span) == "sender"


def reader_subject(analysis: Analysis, span: Span) -> bool:
    """The reader did it: "you failed"."""
    return _subject(analysis, span) == "reader"


def other_subject(analysis: Analysis, span: Span) -> bool:
    """Somebody or something else did it: "your bank failed", "the payment failed"."""
    return _subject(analysis, span) == "other"


def quoted(analysis: Analysis, span: Span) -> bool:
    """The matched words stand inside quotation marks within a sentence.

    Never in a call script, where the agent's own lines are often in quotation marks.
    """
    if analysis.profile.channel == "call_script":
        return False
    sentence = _sentence(analysis, span)
    text = analysis.document.text[sentence.start : sentence.end]
    start, end = span.start - sentence.start, span.end - sentence.start
    return any(
        match.start() < start and end <= match.end() and match.end() - match.start() < len(text.rstrip(".,"))
        for match in _QUOTED.finditer(text)
    )


def polite(analysis: Analysis, span: Span) -> bool:
    """The sentence says please or thanks, or excuses itself."""
    return _POLITE.search(_sentence_text(analysis, span)) is not None


def offered(analysis: Analysis, span: Span) -> bool:
    """The sentence offers a choice or help."""
    return _OFFER.search(_sentence_text(analysis, span)) is not None


def way_out(analysis: Analysis, span: Span) -> bool:
    """The sentence, the one before or the one after shows calmly how to avoid what is announced."""
    if not analysis.sentences:
        return False
    index = analysis.sentence_index(span.start)
    near = analysis.sentences[max(0, index - 1) : index + 2]
    text = analysis.document.text
    return any(
        _WAY_OUT.search(text, sentence.start, sentence.end)
        or _OFFER.search(text, sentence.start, sentence.end)
        for sentence in near
    )


GUARDS: dict[str, Guard] = {
    "negated": negated,
    "conditional": conditional,
    "hedged": hedged,
    "question": question,
    "reader_right": reader_right,
    "sender_subject": sender_subject,
    "reader_subject": reader_subject,
    "other_subject": other_subject,
    "quoted": quoted,
    "polite": polite,
    "offered": offered,
    "way_out": way_out,
}
