"""What is rewritten together: the sentences that findings touch, and the neighbours that make no sense without them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from tonecheck.analysis import Analysis
from tonecheck.document import Span
from tonecheck.finding import Finding
from tonecheck.rewrite.cuts import with_quotation
from tonecheck.rewrite.facts import tells_figures

# Where one sentence hurts, a neighbour to which the model gives as much of any category mostly belongs to it. Measured on the labelled
# messages: of the sentences that hurt and were not found, seven in ten have more; of the others, one in ten.
DOUBTFUL = 0.08

# What begins a sentence that speaks of the one before it.
_LEANS = re.compile(
    r"[\s\"'(\u2013\u2014-]*(?:(?:and|but|so|or|then|because|otherwise|anyhow|anyway|after (?:that|this)|that way|in that case|once|which|though|"
    r"either way|while (?:that|this|it)|(?:can|could|may) we (?:talk|speak|hear)|same|both|neither|all of|none of|not that|only|nevertheless|nonetheless|even so|still,|like,|"
    r"that said|if (?:so|not|yes|the answer)|(?:i|we)(?:'d| would) rather|instead|(?:i|we)(?:'d)? (?:only |just )?(?:mention|say|tell you) (?:it|this|that|so)|your (?:pick|choice|call|move)) ?\b|"
    r"(?:you|we|i) (?:\w+ ){0,3}(?:reflect on|think about|consider|remember|imagine|think hard about) (?:that|this)(?=[.!,]| (?:before|when|as|next|and)\b)|(?:we|i) (?:would|should|do)? ?think (?:that|this) (?:deserves|means|is|was|calls|shows|says)\b|"
    r"(?:show|send|give|forward|e-?mail) (?:me|us) (?:their|his|her|its|that|it)\b|"
    r"(?:looks|looked|sounds|sounded|seems|seemed|must be nice|must have been)\b|(?:that|this(?! (?:letter|message|e-?mail|text|notice|reminder|call)\b)|these|those|it|they|them|their|he|she|him|her|his|hers|ours)\b)",
    re.IGNORECASE,
)
# What only announces the sentence after it: "Let me be straight."
_ANNOUNCES = re.compile(
    r"(?i)\A[\s\"'(]*(?:and |but |so |now |well,? )?(?:let (?:me|us) be|i(?:'ll| will| must| have to)? be|we(?:'ll| will| must)? be|to be|being)"
    r"(?: very| quite| perfectly| absolutely)? (?:frank|clear|blunt|straight|honest|plain|direct|candid)(?: (?:here|now|with you|about (?:it|this)))?[.:!]*\Z"
    r"|\A[\s\"'(]*(?:(?:the|our|my) \w+|i) (?:(?:has|have) )?(?:asked|want(?:s|ed)?|told|need) (?:me )?to (?:add|pass on|say)\b[^.!?]{0,24}[.:!]*\Z"
)
# "I remain, in hope rather than expectation, / Yours truly": what a letter ends with is no part of the sentence before it.
_SIGN_OFF = r"(?:yours|sincerely|respectfully|cordially|(?:with )?(?:kind|kindest|warm|warmest|best) (?:regards|wishes)|regards)\b[ a-z]{0,20},?"
_ENDS_A_LETTER = re.compile(rf"(?i)\s*\n\s*(?={_SIGN_OFF}\s*(?:\n|\Z))")
# "… till it's sorted 💕 / xo Mads": a last line of a few words is who writes.
_IS_SIGNED = re.compile(
    r"\s*\n\s*(?:(?:x+o*x*|love|cheers|thx|thanks|ta),? )?(?:[A-Z][\w'&.-]*[ ,]{0,2}){1,3}x{0,3}\Z"
)
SIGN_OFF = re.compile(_SIGN_OFF, re.IGNORECASE)
_ENDS_A_QUOTATION = re.compile('["\u201d] ')
_OF_SOMEBODY = re.compile(
    r"[\s\"'(\u2013\u2014-]*(?:and |but |so |or |then )?(?:they|them|their|he|she|him|her|his|these|those|that|this)\b",
    re.IGNORECASE,
)
# "Payment today would allow me to ring him off": who he is was told before, unless the sentence tells it.
_OF_A_MAN_OR_WOMAN = re.compile(r"(?i)\b(?:him|her|he|she)\b(?! or (?:her|she)\b)")
_SOMEBODY = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr)\b|(?<=[a-z,] )[A-Z][a-z]+|\b(?:your|our|my|the|a) [a-z]+")
_ANSWERS = re.compile(r"[\s\"'(]*(?:and |but |so )?if (?:so|not|yes|no|the answer)\b", re.IGNORECASE)
_OF_WHAT = re.compile(r"[\s\"'(]*(?:and |but |so |or |then )?(?:that|this)\b", re.IGNORECASE)
_WHOSE_LINE = re.compile(r"(?:[^\n:]{1,80}:|\[(?i:if|when)\b[^\]\n]{1,80}\])[ \"'\u201c\u2018]*\Z")
_BRANCH = re.compile(r"(?:[^\n:]{1,80}:|\[(?i:if|when)\b[^\]\n]{1,80}\])[ \t]+[\"\u201c]?")
# Who thanks, hopes, is sorry or likes somebody may be misread by the model, and is not cut along with others.
WARM = re.compile(
    r"(?i)\b(?:thank(?:s| you)|grateful|sorry|apolog\w+|hope|glad|happy to(?! (?:share|tell|report|pass|let your|mention))|pleased|lovely|appreciate|please|welcome|help|"
    r"(?:good)?bye|take care|cheers|regards|good (?:morning|afternoon|evening)|a (?:joy|pleasure|delight)|congratulations|well done|we love|enjoyed|"
    r"(?:got|received|read|have) your (?:note|letter|message|e-?mail|text|form|offer))\b"
)
# "Busy man!", "Up to you.": a remark of a word or three on what hurts says nothing without it.
_REMARKS = re.compile(r"(?:[A-Za-z'\u2019,-]+ ){1,2}[A-Za-z'\u2019-]+[.!]+[\"\u201d]?|[A-Za-z]+!+")
# Thanks and praise that are none, after what hurts.
_SOUR = re.compile(
    r"(?i)(?:so |well,? )?(?:thanks|thank you) for (?:that|nothing)[.!]+|congrat\w+[.!]+|(?:lovely|well done|good for you)[.!]+"
)
_FEWEST_LETTERS_OF_A_LETTERHEAD = 4
_END = ".!?:;,"


# As many sentences on either side fall with one at most: more would be another paragraph than the writer's.
_MOST_NEIGHBOURS = 4


class Unit(NamedTuple):
    """``span``: the sentences that the findings touch. ``around``: with the neighbours that fall with them. Both, and the spans of the
    findings, index the message."""

    span: Span
    findings: tuple[tuple[Finding, Span], ...]
    around: Span

    @property
    def categories(self) -> tuple[str, ...]:
        return tuple(finding.category for finding, _ in self.findings)

    def within(self, start: int, end: int) -> Unit:
        """The same from ``start`` to ``end``: without what is said around it."""
        around = Span(
            start if self.around.start >= self.span.start else self.around.start,
            end if self.around.end <= self.span.end else self.around.end,
        )
        return Unit(Span(start, end), self.findings, around)


def units_of(analysis: Analysis, found: Sequence[tuple[Finding, Span]]) -> list[Unit]:
    """The findings by the sentences that they touch; sentences that one finding joins are one unit."""
    sentences, text = analysis.sentences, analysis.document.text
    joined: list[tuple[Span, tuple[tuple[Finding, Span], ...]]] = []
    last_word = len(text.rstrip())
    for finding, span in sorted(found, key=lambda pair: pair[1]):
        if not sentences:
            continue
        first = analysis.sentence_index(span.start)
        last = analysis.sentence_index(max(span.start, span.end - 1))
        # A finding may begin or end in white space, a sentence does not.
        span = Span(span.start, span.start + len(text[slice(*span)].rstrip()))
        start = min(sentences[first].start, span.start)
        # The mark that ends a quotation before the sentence is no part of it.
        start += 2 if _ENDS_A_QUOTATION.match(text, start, sentences[first].end) else 0
        span = Span(max(start, span.start), span.end)
        # "Ms. Monroe:", a line above it, is no part of it either.
        if (line := text.rfind("\n\n", start, span.start)) >= 0:
            start = line + len(text[line : span.start]) - len(text[line : span.start].lstrip())
        whole = Span(start, max(sentences[last].end, span.end))
        if analysis.profile.channel != "call_script":  # where it is what is said next
            whole = with_quotation(text, whole)
        if (
            ending := _ENDS_A_LETTER.search(text, start, whole.end)
        ) is not None and ending.start() > span.start:
            whole = Span(start, ending.start())
            span = Span(span.start, min(span.end, whole.end))
        elif whole.end == last_word and (name := _IS_SIGNED.search(text, span.start, whole.end)) is not None:
            whole = Span(start, name.start())
            span = Span(span.start, min(span.end, whole.end))
        if joined and whole.start < joined[-1][0].end:
            before, others = joined[-1]
            joined[-1] = (Span(before.start, max(before.end, whole.end)), (*others, (finding, span)))
        else:
            joined.append((whole, ((finding, span),)))
    grave = [span for span, found in joined if any(finding.severity >= 2 for finding, _ in found)]
    neighbours = _Neighbours(analysis, [span for span, _ in joined], grave)
    return [
        Unit(
            span,
            findings,
            neighbours.with_them(span, doubted=any(finding.severity >= 2 for finding, _ in findings)),
        )
        for span, findings in joined
    ]


class _Neighbours:
    def __init__(self, analysis: Analysis, found: Sequence[Span], grave: Sequence[Span]) -> None:
        self._analysis = analysis
        self._found = found
        self._grave = grave
        self._text = analysis.document.text
        opinions = analysis.opinions
        # Where sentences begin of which the model doubts that they are kind.
        self._doubted = (
            {
                sentence.start
                for sentence, row in zip(opinions.sentences, opinions.rows, strict=True)
                if max(row.probabilities.values()) >= DOUBTFUL
            }
            if opinions is not None
            else set[int]()
        )

    def with_them(self, span: Span, *, doubted: bool) -> Span:
        """``span`` with the sentences before and after it, in the same paragraph, that would hang without it or, if ``doubted``, are
        doubtful. Those in which something was found are rewritten by themselves."""
        start, end = span
        for sentence in islice(self._after(end), _MOST_NEIGHBOURS):
            if not self._falls(sentence, leaning=True, doubted=doubted):
                break
            end = sentence.end
        for sentence in islice(self._before(start), _MOST_NEIGHBOURS):
            if not self._falls(sentence, leaning=False, doubted=doubted):
                break
            start = sentence.start
        return Span(start, end)

    def _falls(self, sentence: Span, *, leaning: bool, doubted: bool) -> bool:
        words = self._text[slice(*sentence)]
        if leaning and doubted and _SOUR.fullmatch(words):
            return True
        if (
            self._analysis.says_something(sentence)
            or tells_figures(words)
            or WARM.search(self._text, *sentence)
        ):
            return False
        if not leaning and announces(words):
            return True
        if any(sentence.overlaps(one) for one in self._found):
            # What is only slightly off may fall with what hurts.
            falls = (leaning and leans(words)) or _REMARKS.fullmatch(words) is not None
            return doubted and falls and not any(sentence.overlaps(one) for one in self._grave)
        if doubted and _REMARKS.fullmatch(words) and not words.istitle():
            return True
        return (leaning and leans(words)) or (doubted and sentence.start in self._doubted)

    def _after(self, at: int) -> Iterator[Span]:
        sentences = self._analysis.sentences
        for number in range(bisect_left(sentences, at, key=lambda one: one.start), len(sentences)):
            if "\n" in self._text[at : sentences[number].start]:
                return
            yield sentences[number]
            at = sentences[number].end

    def _before(self, at: int) -> Iterator[Span]:
        sentences = self._analysis.sentences
        for number in range(bisect_right(sentences, at, key=lambda one: one.end) - 1, -1, -1):
            sentence = sentences[number]
            if "\n" in self._text[sentence.end : at] or is_label(self._text, sentence.start):
                return
            yield sentence
            at = sentence.start


def announces(sentence: str) -> bool:
    """Whether a sentence only leads up to the one after it."""
    return _ANNOUNCES.match(sentence) is not None


def leans(sentence: str) -> bool:
    """Whether a sentence begins as one that speaks of what stands before it."""
    return _LEANS.match(sentence) is not None


def leans_on_somebody(sentence: str) -> bool:
    """The same, of persons or things, so that no sentence about the balance can stand before it."""
    return _OF_SOMEBODY.match(sentence) is not None


def answers(sentence: str) -> bool:
    """Whether a sentence goes on from a question or a condition: "If not, message me here"."""
    return _ANSWERS.match(sentence) is not None


def leans_on_people(sentence: str) -> bool:
    """The same, of persons or things in the plural, that may stand in the paragraph before."""
    if _OF_SOMEBODY.match(sentence) is not None:
        return not _OF_WHAT.match(sentence)
    return _OF_A_MAN_OR_WOMAN.search(sentence) is not None and _SOMEBODY.search(sentence) is None


def is_label(text: str, at: int) -> bool:
    """Whether ``at`` follows a label that wants something to be said: "If customer asks for time: ", "Agent: "."""
    return label_before(text, at) != ""


def label_before(text: str, at: int) -> str:
    """The label on the line of ``at``, right before it; empty if there is none."""
    line = text[text.rfind("\n", 0, at) + 1 : at]
    return line if _WHOSE_LINE.fullmatch(line) else ""


def branch_of(text: str, at: int) -> tuple[str, Span]:
    """The label that begins the line of ``at``, and what stands on the line behind it; no label and nothing if the line has none before
    ``at``."""
    start, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
    label = _BRANCH.match(text, start, at)
    if label is None:
        return "", Span(at, at)
    return label[0], Span(label.end(), end if end >= 0 else len(text))


def is_headline(text: str, span: Span) -> bool:
    """Whether ``span`` is a line of its own that is no sentence: a heading, a letterhead, a line of capitals."""
    start, end = text.rfind("\n", 0, span.start) + 1, text.find("\n", span.end)
    line = text[start : end if end >= 0 else len(text)].strip()
    if "\n" not in text or line != text[slice(*span)].strip():
        return False
    letters = [sign for sign in line if sign.isalpha()]
    capitals = len(letters) >= _FEWEST_LETTERS_OF_A_LETTERHEAD and all(map(str.isupper, letters))
    return len(line.split()) <= 10 and (capitals or line[-1:] not in _END)


# Elements that say who writes to whom, and no more.
_INTRODUCE = frozenset({"sender_identity", "courtesy", "account_reference"})
_LONGEST_EMPTY = 20


def says_more(analysis: Analysis, sentence: Span) -> bool:
    """Whether a sentence does more than greet, or say who writes."""
    touched = {
        element
        for element, spans in analysis.elements.items()
        if any(one.overlaps(sentence) for one in spans)
    }
    return bool(touched - _INTRODUCE) or (
        sentence.end - sentence.start > _LONGEST_EMPTY and "sender_identity" not in touched
    )


def says_more_than_who_writes(analysis: Analysis) -> bool:
    """The same of a message."""
    return any(says_more(analysis, sentence) for sentence in analysis.views["spoken"].sentences)
