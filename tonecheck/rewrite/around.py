"""What stands around a span of a message, and whether the message can do without it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property

from tonecheck.analysis import Analysis
from tonecheck.document import Span
from tonecheck.finding import Finding
from tonecheck.rewrite.intents import CONSEQUENCES, ELEMENT_OF, consequences_in
from tonecheck.rewrite.units import announces, is_headline, label_before, leans, leans_on_people, says_more

Found = list[tuple[Finding, Span]]
"""The findings of a message and their spans in its text."""

SUBJECT_LINE = re.compile(r"(?i)subject: ?")
_QUOTES = ('"', "\u201c", "\u201d")
# How a sentence begins that goes on from one that may not stand there any more.
GOES_ON_FROM = re.compile(
    r"(?i) (?:nevertheless|nonetheless|even so|still|that said|anyway|anyhow|so|but|and),? ([a-z][\w'-]*)"
)
_NOT_ARRIVED = re.compile(
    r"(?i)\b(?:did not|didn't|has not|hasn't|have not|haven't|never|was not|wasn't|not yet|do not yet)(?: yet)? (?:arrived?|reach(?:ed)?|come|show|been (?:received|made|paid)|received?|posted|gone through|made)\b"
)


_NOT_PAID = re.compile(
    r"(?i)\b(?:failed|not|n't|never|refus\w+|neglect\w+)\b[^.!?]{0,30}\b(?:pay|paid|payment|on time)\b"
)
_LATE = re.compile(
    r"(?i)\b(?:overdue|past (?:its |the )?due|(?:was|fell|were) due|late|unpaid|outstanding|behind|missed|arrears|still (?:open|due|owing)|remains)\b"
)


# Who is sorry for the reader's trouble has said that they care.
SORRY = re.compile(
    r"(?i)\bsorry (?:to (?:hear|learn|read)|about|for (?:your|the)|that (?:you|things|it|this|your))\b|\bi(?: am|'m)(?: so| very| truly| really)? sorry\b|\bi hear you, (?!but)"
)
_HEARD = re.compile(
    rf"{SORRY.pattern}|\b(?:read|got|had|have|received|for) your (?:note|letter|message|e-?mail|text|call)\b|\byou (?:told|wrote|mentioned|explained|let us know)\b"
)


class Around:
    """``found``: what was found in the message; what it holds may change."""

    def __init__(self, analysis: Analysis, found: Found) -> None:
        self.analysis = analysis
        self.text = analysis.document.text
        self._found = found

    def is_subject(self, span: Span) -> bool:
        return SUBJECT_LINE.match(self.text, span.start) is not None or any(
            start <= span.start < end for _, start, end in self.analysis.document.segments_of(("subject",))
        )

    def is_signature(self, span: Span) -> bool:
        """Whether ``span`` is a line that is no sentence, below the first paragraph: nothing could stand there instead."""
        return is_headline(self.text, span) and any(
            one.end <= span.start and self.text[one.end - 1] in ".!?" for one in self._spoken
        )

    def is_said_elsewhere(self, intent: str, span: Span) -> bool:
        """Whether the message says outside of ``span`` what a sentence without facts would say for ``intent``."""
        if intent == "missed_promise":
            return any(not span.overlaps(Span(*found.span())) for found in _NOT_ARRIVED.finditer(self.text))
        if intent == "hardship" and any(
            not span.overlaps(Span(*found.span())) for found in self._words_of_care.finditer(self.text)
        ):
            return True
        if intent in CONSEQUENCES:
            # By a later sentence, of several the last tells it; or calmly by one before.
            return any(
                one.start >= span.end or (one.end <= span.start and self._is_told_calmly(intent, one))
                for one in self.analysis.elements.get("consequences", ())
            )
        evidence = self.analysis.elements.get(ELEMENT_OF.get(intent, ""), ())
        if intent == "state_balance" and self._alone_says_late(span):
            return False
        return any(not one.overlaps(span) for one in evidence)

    @property
    def _words_of_care(self) -> re.Pattern[str]:
        """What tells that the reader's trouble was heard. Who has a plan has been answered."""
        return _HEARD if self.analysis.profile.stage in ("plan", "plan_followup", "settlement") else SORRY

    def _is_told_calmly(self, intent: str, span: Span) -> bool:
        """Whether ``span`` says what may follow, of the same kind, and nothing was found in it."""
        return intent in consequences_in(self.text[slice(*span)])[:-1] and not any(
            place.overlaps(span) for _, place in self._found
        )

    def _alone_says_late(self, span: Span) -> bool:
        """Whether only ``span`` says that a payment is late."""
        text = self.text[slice(*span)]
        says = _LATE.search(text) or _NOT_ARRIVED.search(text) or _NOT_PAID.search(text)
        return bool(says) and not any(
            pattern.search(self.text[: span.start]) or pattern.search(self.text[span.end :])
            for pattern in (_LATE, _NOT_ARRIVED)
        )

    def says_what_next(self, span: Span) -> bool:
        """Whether ``span`` is the only place where the message says what may happen next."""
        return bool(self.analysis.elements.get("consequences")) and self.alone_says_what_next(span)

    def alone_says_what_next(self, span: Span) -> bool:
        """Whether nothing outside of ``span`` says what may happen next."""
        return all(one.overlaps(span) for one in self.analysis.elements.get("consequences", ()))

    def preceding(self, span: Span) -> str:
        """The sentence before ``span`` on its line."""
        sentences = self.analysis.sentences
        number = bisect_left(sentences, span.start, key=lambda one: one.start) - 1
        if number < 0 or "\n" in self.text[sentences[number].end : span.start]:
            return ""
        return self.text[slice(*sentences[number])]

    def following(self, span: Span) -> str:
        """What stands after ``span`` on its line and stays; prescribed sentences lean on nothing."""
        sentences = self.analysis.sentences
        after = bisect_left(sentences, span.end, key=lambda one: one.start)
        for one in sentences[after : after + 1]:
            prescribed = self.analysis.is_evidence(one, "collector_disclosure", "opt_out", "sender_identity")
            # A slip is mended in its own words, and so is a grave word.
            rewritten = any(
                finding.severity >= 2 and finding.category != "negative_wording" and place.overlaps(one)
                for finding, place in self._found
            )
            following = self.text[slice(*one)]
            if rewritten or (prescribed and not following.startswith("It ")):
                return ""
            # Who "they" are may be told in the paragraph before, what "this" is rarely.
            if "\n" in self.text[span.end : one.start] and not leans_on_people(following):
                return ""
            return following
        return ""

    def can_go(self, span: Span) -> bool:
        """Whether the message still says something without ``span``, nothing hangs, and no label is left with nothing to say."""
        goes_on = GOES_ON_FROM.match(self.text, span.end)
        if leans(self.following(span)) and (
            goes_on is None or leans(self.text[goes_on.start(1) : goes_on.end(1) + 1])
        ):
            return False
        if self.is_subject(span) or self._is_all_that_is_said(span) or announces(self.preceding(span)):
            return False
        return any(says_more(self.analysis, one) for one in self._spoken if not one.overlaps(span))

    def _is_all_that_is_said(self, span: Span) -> bool:
        """Whether ``span`` is all that follows a label: "Agent: ", "If they ask: ", or all that stands between quotation marks."""
        if (
            self.text[span.start - 1 : span.start] in _QUOTES
            and self.text[span.end : span.end + 1] in _QUOTES
        ):
            return True
        line_end = self.text.find("\n", span.end)
        rest = self.text[span.end : line_end if line_end >= 0 else len(self.text)]
        return label_before(self.text, span.start) != "" and not rest.strip(" \"'\u201d\u2019")

    @cached_property
    def _spoken(self) -> Sequence[Span]:
        return self.analysis.views["spoken"].sentences
