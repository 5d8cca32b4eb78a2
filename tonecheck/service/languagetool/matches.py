"""Findings as LanguageTool's matches: a range that a client underlines, and what it may put in its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from tonecheck.document import Span
from tonecheck.sentences import sentence_at, sentence_spans
from tonecheck.service.languagetool.markup import MarkedText, units
from tonecheck.service.languagetool.query import Wanted, identifier

# Characters before and after a match in its context.
_AROUND = 40
# Words that make a line with a full stop a sentence, and not a name below the letter.
_SENTENCE_WORDS = 3
_FULL_STOP = re.compile(r"[.!?][\"'”’)\]]*$")
# LanguageTool's kinds of issues; clients choose colours by them.
_ISSUES = {
    "missing": "omission",
    "compliance": "legal",
    "deception": "legal",
    "disclosure": "legal",
    "clarity": "style",
    "negative_wording": "style",
    "shouting": "typographical",
}
_ANY_ISSUE = "register"


def sentences_of(text: MarkedText) -> list[Span]:
    """The sentences in read positions."""
    return sentence_spans(text.read)


def ranges_of(text: MarkedText, sentences: Iterable[Span]) -> list[list[int]]:
    """Start and end of each sentence in UTF-16 code units."""
    found = (text.units(*text.span(*sentence)) for sentence in sentences)
    return [[offset, offset + length] for offset, length in found]


def matches_of(
    findings: Iterable[Mapping[str, Any]], text: MarkedText, sentences: list[Span], wanted: Wanted
) -> list[dict[str, Any]]:
    """The findings that are wanted, in the order of the text; no two have the same range and rule.

    Of those that share a range the worst comes first and absences last: clients that correct a text by themselves take the first.
    """
    found: dict[tuple[int, int, str], dict[str, Any]] = {}
    by_weight = sorted(
        filter(wanted.admits, findings), key=lambda finding: (finding["start"] is None, -finding["severity"])
    )
    for finding in by_weight:
        match = _match(finding, text, sentences)
        key = (match["offset"], match["length"], match["rule"]["id"])
        if key in found:
            listed = found[key]["replacements"]
            listed += [one for one in match["replacements"] if one not in listed]
        else:
            found[key] = match
    return sorted(found.values(), key=lambda match: (match["offset"], match["length"]))


def _match(finding: Mapping[str, Any], text: MarkedText, sentences: list[Span]) -> dict[str, Any]:
    is_absence = finding["start"] is None
    span, edits = _absence(finding, text, sentences) if is_absence else _place(finding, text)
    offset, length = text.units(*text.span(*span))
    category = finding["category"]
    return {
        "message": f"{finding['message']} {finding['why']}".strip(),
        "shortMessage": _label(category),
        "replacements": [{"value": edit} for edit in dict.fromkeys(edits) if edit != text.read[slice(*span)]],
        "offset": offset,
        "length": length,
        "context": _context(text, span),
        "sentence": _sentence(text, sentences, span),
        "type": {"typeName": "Hint" if finding["severity"] == 1 else "Other"},
        "rule": {
            "id": identifier(finding["rule"]),
            "description": f"{_label(category)}: {finding['rule'].rpartition('/')[2].replace('-', ' ').replace('_', ' ')}",
            "issueType": _ISSUES.get(category, _ANY_ISSUE),
            "urls": [],
            "category": {"id": identifier(category), "name": _label(category)},
            "isPremium": False,
        },
        "ignoreForIncompleteSentence": is_absence,
        "contextForSureMatch": -1 if is_absence else 0,
    }


def _label(category: str) -> str:
    return category.replace("_", " ").capitalize()


def _suggestions(finding: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Safe ones first: some clients apply the first without asking."""
    return sorted(finding["suggestions"], key=lambda suggestion: not suggestion["safe"])


def _place(finding: Mapping[str, Any], text: MarkedText) -> tuple[Span, list[str]]:
    """The finding widened to what its suggestions replace, and each suggestion written out for all of that."""
    start, end = finding["start"], finding["end"]
    usable = [
        suggestion
        for suggestion in _suggestions(finding)
        if "\n" not in text.read[end : suggestion["start"]] + text.read[suggestion["end"] : start]
        and text.editable(min(start, suggestion["start"]), max(end, suggestion["end"]))
    ]
    first = min([start, *(suggestion["start"] for suggestion in usable)])
    last = max([end, *(suggestion["end"] for suggestion in usable)])
    edits = [
        text.read[first : suggestion["start"]] + suggestion["text"] + text.read[suggestion["end"] : last]
        for suggestion in usable
    ]
    return Span(first, last), edits


def _absence(finding: Mapping[str, Any], text: MarkedText, sentences: list[Span]) -> tuple[Span, list[str]]:
    """The last sentence, and that sentence with each suggested addition."""
    anchor = _last_sentence(text, sentences)
    if not text.editable(*anchor):
        return anchor, []
    additions = (
        _with_addition(text.read, anchor, suggestion["start"], suggestion["text"])
        for suggestion in _suggestions(finding)
        if suggestion["start"] == suggestion["end"]
    )
    return anchor, [edit for edit in additions if edit is not None]


def _last_sentence(text: MarkedText, sentences: list[Span]) -> Span:
    """The last one that is a sentence: no name or address below the letter, as long as there is anything else."""
    if not sentences:
        return Span(0, len(text.read))
    for sentence in reversed(sentences):
        words = text.read[slice(*sentence)]
        if _FULL_STOP.search(words) and len(words.split()) >= _SENTENCE_WORDS:
            return sentence
    return sentences[-1]


def _with_addition(read: str, anchor: Span, at: int, addition: str) -> str | None:
    """``anchor`` with ``addition``, which was meant for ``at``; ``None`` where it would end up in a wrong place."""
    sentence = read[slice(*anchor)]
    if anchor.start < at < anchor.end:
        return read[anchor.start : at] + addition + read[at : anchor.end]
    if at <= anchor.start:
        gap = read[at : anchor.start]
        if not gap:
            return addition + sentence
        if not gap.strip() and "\n" not in gap:
            return addition.strip() + gap + sentence
    elif read[anchor.end : at].strip():
        # Further down is what stands below a letter; an addition to that is none to a sentence.
        return None
    # What starts with white space follows on something, and does so here as well as further up.
    return sentence + addition if at == anchor.end or addition[:1].isspace() else None


def _context(text: MarkedText, span: Span) -> dict[str, Any]:
    """The match with what is around it, on one line. LanguageTool marks a cut with three dots, and clients count on them."""
    first, last = text.span(*span)
    start, end = max(0, first - _AROUND), min(len(text.whole), last + _AROUND)
    before = ("..." if start else "") + text.whole[start:first]
    after = text.whole[last:end] + ("..." if end < len(text.whole) else "")
    return {
        "text": (before + text.whole[first:last] + after).replace("\n", " "),
        "offset": units(before),
        "length": units(text.whole[first:last]),
    }


def _sentence(text: MarkedText, sentences: list[Span], span: Span) -> str:
    """The sentence of the match; from its first to its last where it has several."""
    if not sentences:
        return text.read
    first = sentences[sentence_at(sentences, span.start)]
    last = sentences[sentence_at(sentences, max(span.start, span.end - 1))]
    return text.read[first.start : last.end]
