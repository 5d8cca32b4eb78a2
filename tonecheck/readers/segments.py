"""Who speaks where: marks the stretches of a message that are not plain body, by what the text itself shows.

Readers that know more (an HTML ``<blockquote>``) hand in their own segments, which are merged with these.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tonecheck.document import Segment
from tonecheck.readers import prescribed

# The lowest first: where two kinds meet, the later one holds.
_PRECEDENCE = ("body", "signature", "heading", "subject", "preheader", "footer", "cue", "quote", "code")
_RANK = {kind: rank for rank, kind in enumerate(_PRECEDENCE)}

# Character for character, so that offsets hold: typographic variants made plain, for the patterns below.
_VIEW = str.maketrans(
    {
        **dict.fromkeys("‘’‛′", "'"),
        **dict.fromkeys("“”„″", '"'),
        "\xa0": " ",
        "\ufeff": " ",
        "–": "-",
        "—": "-",
    }
)


class Line(NamedTuple):
    """A line that starts at ``start``; ``content``, without blanks around it, stands at ``inner:end``."""

    start: int
    inner: int
    end: int
    content: str


def find_segments(text: str, known: Iterable[Segment] = ()) -> tuple[Segment, ...]:
    """All segments of ``text``, in order and without overlap; what they leave out is body."""
    view = text
    if "\r" in view:
        view = view.replace("\r\n", " \n").replace("\r", "\n")
    if not view.isascii():
        view = view.translate(_VIEW)
    lines = list(_lines(view))
    marks = [*known, *_line_marks(view, lines), *_inline_marks(view, text)]
    return _flat(marks, len(text)) if marks else ()


def _lines(view: str) -> Iterator[Line]:
    at = 0
    for content in view.split("\n"):
        inner = at + len(content) - len(content.lstrip())
        stripped = content.strip()
        yield Line(at, inner, inner + len(stripped), stripped)
        at += len(content) + 1


def _flat(marks: list[Segment], length: int) -> tuple[Segment, ...]:
    """The marks without overlaps: each character gets the highest kind that claims it."""
    paint = bytearray(length)
    for kind, start, end in sorted(marks, key=lambda mark: _RANK[mark.kind]):
        if start < end:
            paint[start:end] = bytes([_RANK[kind]]) * (end - start)
    runs = re.finditer(rb"([^\x00])\1*", paint)
    return tuple(Segment(_PRECEDENCE[run.group()[0]], run.start(), run.end()) for run in runs)


# --- Whole lines ------------------------------------------------------------------------------------------


def _line_marks(view: str, lines: list[Line]) -> Iterator[Segment]:
    yield from _subject(view, lines)
    quotes = list(_quotes(lines, len(view)))
    yield from quotes
    thread = next((mark.start for mark in quotes if mark.end == len(view) and mark.start), len(view))
    yield from _signature([line for line in lines if line.start < thread])
    yield from _script(lines)
    yield from (Segment("footer", start, end) for start, end in prescribed.find(view))


_HEADER = re.compile(r"([A-Za-z][\w-]{1,20}(?: text)?)\s{0,5}:(?:\s|$)")
_TOP_FIELDS = {
    "subject": "subject",
    "preheader": "preheader",
    "preview": "preheader",
    "preview text": "preheader",
}


def _subject(view: str, lines: list[Line]) -> Iterator[Segment]:
    """The values of ``Subject:`` and ``Preheader:`` among the header-like lines at the top."""
    for line in lines[:12]:
        header = _HEADER.match(line.content)
        if not header:
            if line.content:
                return
            continue
        kind = _TOP_FIELDS.get(header.group(1).lower())
        value = line.content[header.end() :].strip()
        if kind and value:
            start = view.index(value, line.inner + header.end())
            yield Segment(kind, start, start + len(value))


_ATTRIBUTION = re.compile(r"on\b.{4,240}\bwrote:$", re.I)
_NARRATED = re.compile(r"\b(?:you|he|she|they|customer|client|we|i)(?:\s+\w+)?\s+wrote:$", re.I)
_THREAD_RULE = re.compile(
    r"-{2,}\s*(?:original message|forwarded (?:message|by .{0,80}))\s*-{2,}|begin forwarded message:?|_{20,}",
    re.I,
)
_THREAD_HEADER = re.compile(r"[*_]{0,2}(from|sent|date|to|cc|subject|reply-to)[*_]{0,2}:[*_]{0,2}\s", re.I)


def _quotes(lines: list[Line], last: int) -> Iterator[Segment]:
    """Lines behind ``>``, and the earlier messages of a thread, which run to the end."""
    spoken = False  # a thread that nothing stands before is the message itself
    at = 0
    while at < len(lines):
        line = lines[at]
        content = line.content
        if _is_quoted(content):
            first = at
            while at + 1 < len(lines) and _is_quoted(lines[at + 1].content):
                at += 1
            yield Segment("quote", lines[first].start, lines[at].end)
        elif spoken and content:
            height = _attribution(lines, at)
            if height:
                yield Segment("quote", line.start, lines[at + height - 1].end)
                follower = at + height
                while follower < len(lines) and not lines[follower].content:
                    follower += 1
                if follower == len(lines) or not lines[follower].content.startswith(">"):
                    yield Segment("quote", line.start, last)
                    return
                at += height - 1
            elif _starts_thread(lines, at):
                yield Segment("quote", line.start, last)
                return
        spoken = spoken or bool(content)
        at += 1


def _is_quoted(content: str) -> bool:
    """Behind ``>``; but ``>>> LAST CHANCE <<<`` is a banner."""
    return content[:1] == ">" and content[-1:] != "<"


def _attribution(lines: list[Line], at: int) -> int:
    """How many lines from ``at`` on make an ``On … wrote:`` (a mail program breaks it over up to three)."""
    if lines[at].content[:3].lower() != "on ":
        return 0
    joined = ""
    for height in (1, 2, 3):
        if at + height > len(lines):
            return 0
        content = lines[at + height - 1].content
        joined = f"{joined} {content}".strip()
        if len(joined) > 260 or not content:
            return 0
        if content.lower().endswith("wrote:"):
            named = _ATTRIBUTION.match(joined) and not _NARRATED.search(joined)
            return height if named and re.search(r"\d|@", joined) else 0
    return 0


def _starts_thread(lines: list[Line], at: int) -> bool:
    content = lines[at].content
    if content[:1] in "-_bB" and _THREAD_RULE.fullmatch(content):
        # A bare rule of underscores is only a divider, unless the header of a message follows it.
        return content[0] != "_" or _header_block(lines, at + 1)
    return content[:1] in "FfDd*_" and _header_block(lines, at)


def _header_block(lines: list[Line], at: int) -> bool:
    """Three or more of From, Sent, To, Subject on the next lines, with From among them."""
    names = set()
    for line in lines[at : at + 7]:
        header = _THREAD_HEADER.match(line.content + " ")
        if header:
            names.add(header.group(1).lower())
        elif line.content and names:
            break
    return "from" in names and len(names) >= 3


_CLOSING = re.compile(
    r"(?:(?:with|many|kind|kindest|warm|warmest|best|yours|very|our|all|the)\s+){0,3}"
    r"(?:regards|wishes|thanks|thank you|sincerely|faithfully|truly|best|cheers|warmly|respectfully|cordially"
    r"|appreciation|gratitude|take care)"
    r"(?:\s+(?:again|so much|very much|yours|in advance|and regards|and best wishes|for your (?:time|business|help)))?\s*[,.!;]?",
    re.I,
)
_SENTENCE = re.compile(r"\b(?:you|your|u|ur|pay|owe|or else|p\.?s\.?|n\.?b\.?)(?![\w-])", re.I)
MAX_SIGNATURE_LINES = 8
MAX_SIGNATURE_WIDTH = 80


def _signature(lines: list[Line]) -> Iterator[Segment]:
    """The lines under the last closing (``Regards,``) or under ``-- ``, as far as they read like an address block."""
    for at in range(len(lines) - 1, -1, -1):
        if _closes(lines[at].content):
            block = _address_block(lines, at + 1)
            if block:
                yield Segment("signature", block[0].start, block[-1].end)
                return


def _address_block(lines: list[Line], at: int) -> list[Line]:
    block: list[Line] = []
    while at < len(lines) and len(block) < MAX_SIGNATURE_LINES:
        line = lines[at]
        if line.content and not _reads_like_signature(line.content):
            break
        if line.content:
            block.append(line)
        at += 1
    return block


def _closes(content: str) -> bool:
    if content == "--":
        return True
    return 3 < len(content) <= 50 and _CLOSING.fullmatch(content) is not None


def _reads_like_signature(content: str) -> bool:
    """Short, and not a sentence: abuse does not become a signature by standing below ``Regards``."""
    if len(content) > MAX_SIGNATURE_WIDTH or (content.isupper() and "!" in content):
        return False
    sentence = content[-1] in ".!?" and len(content.split()) >= 4
    return not sentence and not _SENTENCE.search(content)


# --- Call scripts -----------------------------------------------------------------------------------------

_LABEL = re.compile(
    r"(?:[-*•]\s{0,3})?\*{0,2}(?P<name>agent|rep|representative|collector|caller|csr|advisor|adviser|operator|you say"
    r"|(?P<reader>customer|client|consumer|debtor|borrower|tenant|cardholder|account holder))(?: \d)?\*{0,2}:\*{0,2}(?:\s|$)",
    re.I,
)
_CONDITION = re.compile(
    r"(?:[-*•]\s{0,3}|\d{1,2}[.)]\s{0,3})?if (?:(?:the )?(?:customer|caller|consumer|debtor|client|borrower|tenant"
    r"|cardholder|account holder|person|line|call)|they|he|she|someone|nobody|no one|no|yes|asked|voicemail|there is|unable"
    r"|not|right party|wrong party)\b[^:\n]{0,160}:(?=\s|$)",
    re.I,
)


def _script(lines: list[Line]) -> Iterator[Segment]:
    """Cues of a call script, and what it lets the customer say."""
    labels = [(at, label) for at, line in enumerate(lines) if (label := _first_word_colon(line.content))]
    speakers = {label.group("name").lower() for _, label in labels}
    # One "Customer: Jane Roe" is a field of a letter; a dialogue has a second speaker.
    dialogue = len(speakers) >= 2 or (
        len(labels) >= 1 and any(not label.group("reader") for _, label in labels)
    )
    if dialogue:
        starts = {at for at, _ in labels}
        for at, label in labels:
            line = lines[at]
            offset = line.inner
            yield Segment("cue", offset, offset + label.end())
            if label.group("reader"):
                last = at
                while last + 1 < len(lines) and lines[last + 1].content and last + 1 not in starts:
                    last += 1
                yield Segment("quote", offset + label.end(), lines[last].end)
    for line in lines:
        condition = _CONDITION.match(line.content) if ":" in line.content else None
        if condition:
            yield Segment("cue", line.inner, line.inner + condition.end())


def _first_word_colon(content: str) -> re.Match[str] | None:
    return _LABEL.match(content) if ":" in content[:24] else None


# --- Within lines -----------------------------------------------------------------------------------------


def _inline_marks(view: str, text: str) -> Iterator[Segment]:
    if "{%" in view or "{#" in view:
        yield from _template_code(view)
    if "[" in view or "(" in view:
        yield from _directions(view)
    if '"' in view or "'" in view:
        yield from _reported_speech(view, text)


_CODE_OPEN = re.compile(r"(?<!\{)\{[%#]")


def _template_code(view: str) -> Iterator[Segment]:
    """Jinja statements and comments; ``{{ placeholders }}`` are text."""
    last = {"%": view.rfind("%}"), "#": view.rfind("#}")}
    at = 0
    while opening := _CODE_OPEN.search(view, at):
        at = opening.end()
        mark = opening.group()[1]
        if at <= last[mark]:
            at = view.index(mark + "}", at) + 2
            yield Segment("code", opening.start(), at)


_BRACKETED = re.compile(r"\[([^\[\]\n]{3,240})\]|\(([^()\n]{4,80})\)")
_DIRECTION = re.compile(
    r"(?:verify|confirm|pause|wait|ask|listen|transfer|hang up|hold|if|do not|don't|speak|say|read|state|leave|stop|end call"
    r"|end the call|repeat|proceed|continue|go to|thank|note|log|record|document|press|dial|smile|silence|beep|tone|let the"
    r"|allow|give|explain|offer|check|update|mute|warm transfer|only|use|mention)\b",
    re.I,
)
_ONE_WORD = frozenset({"pause", "beep", "tone", "wait", "silence", "hold", "listen", "smile", "mute", "stop"})
_ADDRESSES_READER = re.compile(r"\b(?:you|your|yours|u|ur|we|we'll|our)\b", re.I)


_SURE_DIRECTION = frozenset({"pause", "wait", "verify", "if"})
"""First words that make a direction of round brackets as well, where prose stands more often."""


def _directions(view: str) -> Iterator[Segment]:
    """Stage directions: ``[Verify last four of SSN.]``, ``(pause)``. ``[AMOUNT]`` and ``[offer amount]`` are text."""
    for match in _BRACKETED.finditer(view):
        if _is_direction((match.group(1) or match.group(2)).strip(), square=match.group(1) is not None):
            yield Segment("cue", *match.span())


def _is_direction(content: str, *, square: bool) -> bool:
    if content.lower().rstrip(".!") in _ONE_WORD:
        return True
    words = content.split()
    if len(words) < 3 or not _DIRECTION.match(content) or _ADDRESSES_READER.search(content):
        return False
    return square or content[-1] == "." or words[0].lower() in _SURE_DIRECTION


_SPEECH_VERB = re.compile(
    r"\b(?:wrote|writes|said|says|told (?:us|me|our)|asked|replied|mentioned|called it|stated|stating|claimed|emailed"
    r"|e-mailed|texted|messaged|answered|explained|responded|read|reads|saying|asking)\b",
    re.I,
)
_SPEAKER = re.compile(
    r"\b(?:(you|your (?:e-?mail|letter|message|note|text|reply|voicemail|request|complaint)|customer|client|he|she|they|tenant"
    r"|consumer|account holder|debtor|borrower|mrs?|ms)|(we|i|our|were|was|been|being|not|never))\b",
    re.I,
)
_OPENING = re.compile(r"""(?:^|[\s(:,])(["'])(?=[^\s"'])""")
_CLOSING_MARK = {'"': re.compile(r'"(?!\w)'), "'": re.compile(r"(?<=\S)'(?!\w)")}
_SENTENCE_BREAK = re.compile(r"[.!?;](?:\s|$)|\n\s*\n")
_TYPOGRAPHIC = {"“": "”", "‘": "’", "„": "“"}
MAX_QUOTATION = 1500
_VERB_TO_QUOTE = 6
"""Words that may stand between the verb and the quotation mark."""


def _reported_speech(view: str, text: str) -> Iterator[Segment]:
    """Quoted words that the draft says are the reader's: ``You wrote: "…"``. Scare quotes are not."""
    done = 0
    for verb in _SPEECH_VERB.finditer(view):
        if verb.start() < done or not _reader_speaks(view, verb.start()):
            continue
        opening = _OPENING.search(view, verb.end(), verb.end() + 80)
        if not opening or not _leads_to(view[verb.end() : opening.start(1)]):
            continue
        at = opening.start(1)
        if _is_answer(view, verb, at):
            continue
        closing = _quotation_end(view, text, at)
        if closing:
            done = closing
            yield Segment("quote", at + 1, closing)


def _is_answer(view: str, verb: re.Match[str], at: int) -> bool:
    """Whether the quotation at ``at`` is what a script has the caller say to what the customer says: ``If she says she forgot: "…"``."""
    condition = _CONDITION.match(view, view.rfind("\n", 0, verb.start()) + 1)
    return condition is not None and condition.end() <= at and view[verb.end() : condition.end()] != ":"


def _reader_speaks(view: str, verb: int) -> bool:
    """The nearest subject before the verb, in its sentence, is the reader and the verb is not passive or denied."""
    window = view[max(0, verb - 50) : verb]
    start = 0
    for sentence_break in _SENTENCE_BREAK.finditer(window):
        if not window[: sentence_break.start()].lower().endswith(("mr", "mrs", "ms")):
            start = sentence_break.end()
    speakers = _SPEAKER.findall(window, start)
    return bool(speakers) and bool(speakers[-1][0])


def _leads_to(between: str) -> bool:
    """Few words and no end of a sentence between verb and quotation mark; after a colon a blank line may stand."""
    return len(between.split()) <= _VERB_TO_QUOTE and not _SENTENCE_BREAK.search(between.partition(":")[0])


def _quotation_end(view: str, text: str, at: int) -> int | None:
    """Where the quotation that opens at ``at`` closes (the offset of its closing mark)."""
    limit = at + MAX_QUOTATION
    closing = _TYPOGRAPHIC.get(text[at])
    pattern = re.compile(re.escape(closing) + r"(?!\w)") if closing else _CLOSING_MARK[view[at]]
    match = pattern.search(text if closing else view, at + 2, limit)
    return match.start() if match else None
