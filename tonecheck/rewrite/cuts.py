"""What is left of a sentence when clauses are cut from it, if that stands alone."""

from __future__ import annotations

import re

from tonecheck.document import Span

_LEADING = re.compile(
    r"(?i)\A(?:\s|[,;:.!?)\-\u2013\u2014]|(?:and|but|or|so|because|since|while|whereas|although|then)\b)+"
)
_TRAILING = re.compile(
    r"(?i)(?:\s|[,;:(\-\u2013\u2014]|\b(?:and|but|or|so|because|since|while|whereas|although|until|unless|if|to))+\Z"
)
# What only leads up to what is cut: "…; once it's gone", "You have had ninety days".
_ONLY_BEGINS = re.compile(
    r"(?i)(?:[;\u2013\u2014] ?|\A)(?:once|if|when|while|because|since|unless|until|as|although)\b[^,;]*\Z|\Athat (?:you|we|i|it|they|there)\b|\A(?:had|were|should) (?:you|we|i|it|they|he|she|the|this|that|your|our)\b[^,;]*\Z"
    r"|\A(?:you(?:'ve| have) had|it has been|it's been|(?:for|over) (?:the (?:past|last) )?)\b[^,;]{0,40}\b(?:days?|weeks?|months?|years?)\Z|\breached out\Z"
    r"|(?:,|\band\b) to be (?:fair|honest|frank|clear|blunt|candid)(?: (?:to|with) (?:you|us|him|her|them|everyone))?\Z"
)
# What a cut clause leaves that stands for nothing any more.
_POINTS_BACK = re.compile(
    r"(?i)\b(?:ours|yours|hers|theirs|his own|the other|the former|the latter|neither|either way)\b"
)
# A clause without any of these is a phrase that hangs: "Your objection to the invoice."
_FINITE = re.compile(
    r"(?i)\b(?:is|are|am|was|were|has|have|had|will|would|can|could|may|might|must|shall|should|do|does|did|please|came|comes?|stands?|remains?|"
    r"shows?|says?|confirms?|finds?|found|covers?|needs?|want|wants|hope|know|see|saw|think|thought|wrote|sent|got|went|made|ask|call|reply|pay|send|understand|appreciate|"
    r"(?:we|i|you|it|he|she|they) \w+ed|chose|thank|value|enclose|attach|refer|note|noticed|received|agreed|expected|arrived|owe|accept|offer|look|i'm|i've|i'd|i'll|we're|we've|we'd|we'll|it's|that's|you're|you've|there's|\w+['\u2019]s (?:been|not|gone|late|due|overdue|back|open|still|\w+ed))\b"
)
# Two sentences with a comma between them, which only a third one behind them would join: "We have written, we have called".
_SPLICED = re.compile(
    r"(?i)\A(?!(?:if|when|once|because|as|since|although|though|while|whenever|after|before|until|unless|whether|should)\b)[^,;]{3,80}, (?:i|we|you|he|she|they|it) "
    r"(?:have|has|had|will|would|can|could|are|is|was|were|do|did)\b[^,;]*\Z"
)
_THAT = re.compile(
    r"(?i)\b(?:appreciate|know|see|understand|aware|note|remember|recall|think|sure|agree|told \w+|hope) that\b"
)
_IS_VERB = re.compile(
    r"(?i)[\s,]*(?:(?:has|have|had|is|are|was|were|isn't|aren't|wasn't|hasn't|haven't|will|would|can|could|may|might|must|shall|should|does|do|did|remains?|stands?|sits?)\b)(?! (?:you|we|i|they|he|she)\b)"
)
_FEWEST_WORDS = 4
_SHORTEST_HEAD = 24


def head_of(sentence: str, kept: str) -> str:
    """The beginning of ``sentence``, if ``kept``, its clauses in which nothing was found, is no more than that, as a sentence of its own; else
    empty."""
    # What begins in the middle mostly speaks of what is gone, and what goes on behind it does not fit on.
    if len(kept) < _SHORTEST_HEAD or not " ".join(sentence.split()).startswith(kept.rstrip(" .!?")):
        return ""
    words = " ".join(sentence.split())
    return "" if leaves_a_verb(words[len(kept.rstrip(" .!?")) :]) else standing_alone(kept)


def leaves_a_verb(rest: str) -> bool:
    """Whether what is cut off begins with the verb of what is kept: "your share, $90, | has been open since May"."""
    return _IS_VERB.match(rest) is not None


def standing_alone(kept: str) -> str:
    """The beginning of a sentence as a sentence of its own; empty if it would not stand."""
    text = _TRAILING.sub("", _LEADING.sub("", kept).rstrip(" .!?"))
    if len(text.split()) < _FEWEST_WORDS or _POINTS_BACK.search(text) or not _FINITE.search(text):
        return ""
    if _ONLY_BEGINS.search(text) or _SPLICED.match(text):
        return ""
    if (that := _THAT.search(text)) is not None and not _FINITE.search(text, that.end()):
        return ""  # "You will appreciate that the lift, the gardens"
    return capitalised(text) + ("?" if kept.rstrip().endswith("?") else ".")


def capitalised(text: str) -> str:
    """``text`` with a capital."""
    return text[:1].upper() + text[1:]


_GOES_ON = re.compile(r"(?<=[\"\u201d]), (?:so|and|but|which|yet)\b")
# At the end and at the beginning of a span: a quotation that goes on there.
_OPENS, _CLOSES = re.compile(r'["\u201c]\w'), re.compile(r'[\w.,!?]["\u201d]')


def is_torn(text: str, span: Span) -> bool:
    """Whether ``span`` is one side of a quotation of somebody else's words, which stand in the same sentence, or the sentence goes on behind
    it: "you told us it was "no problem", | so we wonder"."""
    if _GOES_ON.match(text, span.end):
        return True
    before, after = text[max(0, span.start - 2) : span.start + 1], text[span.end - 1 : span.end + 2]
    return _OPENS.search(after) is not None or _CLOSES.search(before) is not None


_LONGEST_QUOTATION = 160
_TO_ITS_END = re.compile(r", (?:so|and|but|which|yet)\b[^.!?\n]{1,120}[.!?]")


def with_quotation(text: str, span: Span) -> Span:
    """``span``, to the end of a quotation that begins at its end: "you told us that you were | "good for it." ", and of the sentence that goes on
    behind it."""
    if _OPENS.search(text[span.end - 1 : span.end + 2]) is None:
        return span
    opens = span.end if text[span.end - 1] not in '"\u201c' else span.end - 1
    closes = "\u201d" if text[opens] == "\u201c" else '"'
    line_end = text.find("\n", opens)
    latest = min(opens + _LONGEST_QUOTATION, line_end if line_end >= 0 else len(text))
    at = text.find(closes, opens + 1, latest)
    if at < 0:
        return span
    goes_on = _TO_ITS_END.match(text, at + 1)
    return Span(span.start, at + 1 if goes_on is None else goes_on.end())
