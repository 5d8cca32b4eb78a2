"""From the message as read back to the draft as handed in: where an edit goes, as small as whole words allow, its text as the markup wants it."""

from __future__ import annotations

import html
import re
from bisect import bisect_left, bisect_right

from tonecheck.document import Document, Span
from tonecheck.finding import Finding, Suggestion

_TAG = re.compile(r"</?(?:b|i|em|strong|u|span|font|mark|small|big)(?:\s[^<>]*)?>", re.IGNORECASE)


def text_span(document: Document, finding: Finding) -> Span:
    """Where a finding stands in the message as read."""
    assert finding.start is not None and finding.end is not None
    mapped = document.mapped
    start = bisect_right(mapped.ends, finding.start)
    return Span(start, max(start, bisect_left(mapped.starts, finding.end)))


def replacing(
    document: Document, span: Span, text: str, kind: str, *, safe: bool, source: str = "tonecheck"
) -> Suggestion | None:
    """The suggestion to write ``text`` at ``span`` of the message, without the words that both share at either end; ``None`` where
    markup or an encoding stands in its way. Nothing in a place that would be left empty takes its white space along."""
    start, end = span
    before = document.text[start:end]
    if text:
        head = _shared(before, text)
        tail = _shared(before[head:][::-1], text[head:][::-1])
        start, end, text = start + head, end - tail, text[head : len(text) - tail]
    else:
        start, end = _with_white_space(document.text, span)
    return at(document, Span(start, end), text, kind, safe=safe, source=source)


def at(
    document: Document, span: Span, text: str, kind: str, *, safe: bool, source: str = "tonecheck"
) -> Suggestion | None:
    """The suggestion to write exactly ``text`` at ``span`` of the message, or ``None``, as for ``replacing``."""
    start, end = span
    place = document.source_span(start, end) if start < end else _point(document, start)
    if place is None:
        return None
    literal, read = document.source[slice(*place)], document.text[start:end]
    if document.format == "html" or (document.format == "eml" and "<" in literal):
        if html.unescape(_TAG.sub("", literal)).split() != read.split():
            return None
        safe = safe and "<" not in literal
        closing, opening = _unpaired(literal)
        text = closing + html.escape(text, quote=False).replace("\n", "<br>") + opening
    elif document.format != "text" and literal.split() != read.split():
        return None
    return Suggestion(place.start, place.end, text, kind, safe, source)


def _unpaired(literal: str) -> tuple[str, str]:
    """The closing and the opening tags in ``literal`` whose partners stand outside of it, so that they stay."""
    closing, opening = "", list[str]()
    for tag in _TAG.findall(literal):
        if not tag.startswith("</"):
            opening.append(tag)
        elif opening:
            opening.pop()
        else:
            closing += tag
    return closing, "".join(opening)


def _with_white_space(text: str, span: Span) -> tuple[int, int]:
    """``span`` with the space before what follows; a whole line with its line end, a whole paragraph with the blank line after it,
    or before it at the end."""
    first, end = span
    while first < end and text[first] in " \t":
        first += 1
    start = first
    while start and text[start - 1] in " \t":
        start -= 1
    begins_line = start == 0 or text[start - 1] == "\n"
    while text[end : end + 1] in (" ", "\t"):
        end += 1
    ends_line = end == len(text) or text[end] == "\n"
    if begins_line and ends_line:
        blank = start < 2 or text[start - 2 : start] == "\n\n"
        while end < len(text) and text[end] == "\n" and (blank or end < span.end + 1):
            end += 1
        if end == len(text):
            # The last line takes the blank ones above it along.
            start = len(text[:start].rstrip("\n"))
        return start, end
    if ends_line or _CLOSING_QUOTE.match(text, end):
        return start, end
    return first, end


_CLOSING_QUOTE = re.compile(r"[\"\u201d](?!\w)")


def _shared(one: str, other: str) -> int:
    """How many characters two texts share at the beginning, to the end of a word."""
    most = min(len(one), len(other))
    same = next((at for at in range(most) if one[at] != other[at]), most)
    while same and not (one[same - 1].isspace() and (same == len(one) or not one[same].isspace())):
        same -= 1
    return same


def _point(document: Document, at: int) -> Span | None:
    """The empty place in the draft at an offset of the message: after the character before, or before the first one."""
    if not document.text:
        return None
    if at == 0:
        return Span(document.mapped.starts[0], document.mapped.starts[0])
    # Before a sentence that begins a line or a block, else after what stands before.
    if at < len(document.text) and document.text[at - 1].isspace():
        return Span(document.mapped.starts[at], document.mapped.starts[at])
    return Span(document.mapped.ends[at - 1], document.mapped.ends[at - 1])
