"""Reads Markdown as its readers see it: marks gone, addresses of links kept, every character mapped.

Works as a list of edits on the draft. It knows what people write mails and letters with, not all of CommonMark.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from tonecheck.document import Edit, MappedText, Reading, Segment, edited
from tonecheck.normalize import SOFT_WRAP_COLUMNS
from tonecheck.readers.markup import Tokens, reference
from tonecheck.readers.segments import find_segments

_LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n|$)")
_FENCE = re.compile(r" {0,3}(`{3,}(?=[^`]*$)|~{3,})")
_QUOTE_PREFIX = re.compile(r"(?: {0,3}> ?)+")
_HEADING = re.compile(r" {0,3}#{1,6}(?:[ \t]+|$)")
_HEADING_END = re.compile(r"[ \t]+#+[ \t]*$")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-+)[ \t]*$")
_RULE = re.compile(r" {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$")
_BULLET = re.compile(r"[ \t]*[*+](?=[ \t]+\S)")
_TABLE_RULE = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)+\|?[ \t]*$")
_OTHER_BLOCK = re.compile(r"[ \t]*(?:[-*+][ \t]|\d{1,9}[.)][ \t]|#|>|\||`{3}|~{3}|$)")


class _Plan:
    """The edits and the segments of a draft, both in its own offsets."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.edits: list[Edit] = []
        self.segments: list[Segment] = []

    def drop(self, start: int, end: int) -> None:
        if start < end:
            self.edits.append(Edit(start, end, ""))

    def put(self, start: int, end: int, new: str) -> None:
        self.edits.append(Edit(start, end, new))


def read_markdown(source: str) -> Reading:
    """The visible text of ``source`` and its segments."""
    plan = _Plan(source)
    _blocks(plan)
    visible = edited(source, sorted(plan.edits))  # a link's start is edited when its end is found
    return Reading(visible, find_segments(visible.text, _in_visible(plan.segments, visible)))


def _in_visible(segments: list[Segment], visible: MappedText) -> Iterator[Segment]:
    for kind, start, end in segments:
        first, last = bisect_left(visible.starts, start), bisect_left(visible.starts, end)
        if first < last:
            yield Segment(kind, first, last)


# --- Blocks -----------------------------------------------------------------------------------------------


def _blocks(plan: _Plan) -> None:
    lines = [(match.start(1), match.end(1), match.end()) for match in _LINE.finditer(plan.source)]
    at = _front_matter(plan, lines)
    while at < len(lines):
        start, end, _ = lines[at]
        line = plan.source[start:end]
        fence = _FENCE.match(line)
        if fence:
            at = _fenced(plan, lines, at, fence.group(1))
        elif not line.strip():
            at += 1
        elif _is_rule(line) or _TABLE_RULE.match(line):
            plan.drop(start, end)
            at += 1
        else:
            at = _paragraph(plan, lines, at)


def _is_rule(line: str) -> bool:
    return line.rstrip() != "--" and _RULE.match(line) is not None


def _front_matter(plan: _Plan, lines: list[tuple[int, int, int]]) -> int:
    """The settings between two ``---`` at the very top are for the mailer, not for the reader."""
    source = plan.source
    if source[slice(*lines[0][:2])].rstrip() != "---":
        return 0
    for at, (start, end, _) in enumerate(lines[1:60], 1):
        content = source[start:end].rstrip()
        if content == "---":
            plan.segments.append(Segment("code", 0, end))
            return at + 1
        if content and ":" not in content and content[0] not in " -#":
            return 0
    return 0


def _fenced(plan: _Plan, lines: list[tuple[int, int, int]], at: int, fence: str) -> int:
    """The lines up to the closing fence (or the end) are code; the fences themselves are not shown."""
    first = lines[at]
    plan.drop(first[0], first[1])
    body = at + 1
    at = body
    while at < len(lines):
        start, end, _ = lines[at]
        line = plan.source[start:end].strip()
        if line.startswith(fence) and not line.strip(fence[0]):
            if body < at:
                plan.segments.append(Segment("code", lines[body][0], lines[at - 1][1]))
            plan.drop(start, end)
            return at + 1
        at += 1
    if body < len(lines):
        plan.segments.append(Segment("code", lines[body][0], lines[-1][1]))
    return at


def _paragraph(plan: _Plan, lines: list[tuple[int, int, int]], at: int) -> int:
    """A heading, or lines up to the next blank one or block; their inline marks are matched as a whole."""
    source = plan.source
    inline = _Inline(plan)
    first = at
    while at < len(lines):
        start, end, after = lines[at]
        inner = _quotation_prefix(source, start, end)
        heading = _HEADING.match(source, inner, end)
        if at > first and (heading or _ends_paragraph(source[start:end], at - first)):
            break
        if start < inner:
            plan.segments.append(Segment("quote", start, end))
            plan.drop(start, inner)
        at += 1
        if heading:
            inline.take(*_heading(plan, heading.end(), inner, end))
            break
        inline.take(_bullet(plan, inner, end), end)
        if at < len(lines):
            inline.take_break(start, end, after, lines[at])
    if at == first + 1 and at < len(lines) and _UNDERLINE.match(source, *lines[at][:2]):
        start, end, _ = lines[at]
        if source[start:end].strip() != "--":
            plan.segments.append(Segment("heading", lines[first][0], lines[first][1]))
            plan.drop(start, end)
            at += 1
    return at


def _ends_paragraph(line: str, height: int) -> bool:
    if not line.strip() or _FENCE.match(line) or _is_rule(line) or _TABLE_RULE.match(line):
        return True
    return height == 1 and _UNDERLINE.match(line) is not None


def _quotation_prefix(source: str, start: int, end: int) -> int:
    """Where the words of a line start behind its ``>``; a banner such as ``>>> NOW <<<`` has none."""
    quote = _QUOTE_PREFIX.match(source, start, end)
    return quote.end() if quote and source[start:end].rstrip()[-1:] != "<" else start


def _bullet(plan: _Plan, start: int, end: int) -> int:
    """Make a bullet a dash; where the item's words start."""
    bullet = _BULLET.match(plan.source, start, end)
    if not bullet:
        return start
    plan.put(bullet.end() - 1, bullet.end(), "-")
    return bullet.end()


def _heading(plan: _Plan, inner: int, start: int, end: int) -> tuple[int, int]:
    """The words of a heading, its ``#`` marks dropped."""
    plan.drop(start, inner)
    plan.segments.append(Segment("heading", inner, end))
    closing = _HEADING_END.search(plan.source, max(inner, end - 200), end)
    if closing:
        plan.drop(closing.start(), end)
    return inner, closing.start() if closing else end


# --- Within a paragraph -----------------------------------------------------------------------------------

_SPECIAL = re.compile(r"[\\`*_~!\[\]<&]")
_TICKS = re.compile(r"`+")
_ESCAPABLE = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
_LINK_TARGET = re.compile(
    r"\]\([ \t]{0,20}<?(?P<url>[^\s()<>]{0,2000}(?:\([^\s()<>]{0,500}\)[^\s()<>]{0,500})?)>?"
    r"""(?:[ \t]{1,20}(?:"[^"\r\n]{0,500}"|'[^'\r\n]{0,500}'))?[ \t]{0,20}\)"""
)
_LINK_LABEL = re.compile(r"\]\[[^\[\]\r\n]{0,200}\]")
_AUTOLINK = re.compile(r"<([A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]{0,2000}|[\w.+-]{1,100}@[\w.-]{1,200})>")
_INLINE_TAGS = frozenset(
    "a abbr b big br center cite code del div em font hr i img ins kbd mark p q s samp small span strike strong sub sup "
    "table tbody td th thead tr tt u ul ol li blockquote h1 h2 h3 h4 h5 h6".split()
)


class _Inline:
    """The inline marks of one paragraph."""

    def __init__(self, plan: _Plan) -> None:
        self._plan = plan
        self._source = plan.source
        self._brackets: list[tuple[int, int]] = []  # where "[" or "![" starts and ends
        self._openers: dict[str, list[list[int]]] = {
            "*": [],
            "_": [],
            "~": [],
        }  # [where the run's rest starts, its end]
        self._ticks: dict[int, list[int]] | None = None
        self._tokens: Tokens | None = None

    def _edit(self, start: int, end: int, new: str = "") -> None:
        if start < end:
            self._plan.edits.append(Edit(start, end, new))

    def take_break(self, start: int, end: int, after: int, following: tuple[int, int, int]) -> None:
        """The break after ``source[start:end]``: a space where an editor wrapped, unless two spaces ask for a break."""
        source = self._source
        if source.endswith("\\", start, end):
            self._edit(end - 1, end)
            return
        wide = end - start >= SOFT_WRAP_COLUMNS and not source.endswith("  ", start, end)
        if wide and not _OTHER_BLOCK.match(source, *following[:2]):
            self._edit(end, after, " ")

    def take(self, start: int, end: int) -> None:
        """The marks of the line ``source[start:end]``."""
        source, at = self._source, start
        self._ticks = None
        self._tokens = None
        while found := _SPECIAL.search(source, at, end):
            char, here = found.group(), found.start()
            if char == "\\":
                at = self._escape(here, end)
            elif char == "`":
                at = self._code(here, end)
            elif char in "*_~":
                at = self._emphasis(here, start, end)
            elif char == "!" or char == "[":
                at = self._bracket(here, end)
            elif char == "]":
                at = self._link(here, end)
            elif char == "<":
                at = self._angle(here, end)
            else:
                new, at = reference(source, here, end)
                if at > here + 1:
                    self._edit(here, at, new)

    def _escape(self, at: int, end: int) -> int:
        if at + 1 < end and self._source[at + 1] in _ESCAPABLE:
            self._edit(at, at + 2, self._source[at + 1])
            return at + 2
        return at + 1

    def _run_end(self, at: int, end: int) -> int:
        source, char = self._source, self._source[at]
        while at < end and source[at] == char:
            at += 1
        return at

    def _code(self, at: int, end: int) -> int:
        """A code span: its ticks go, its content stays as it is."""
        opened = self._run_end(at, end)
        close = self._closing_ticks(opened, opened - at, end)
        if close < 0:
            return opened
        self._edit(at, opened)
        self._edit(close, close + opened - at)
        return close + opened - at

    def _closing_ticks(self, at: int, length: int, end: int) -> int:
        """Where the next run of exactly ``length`` ticks starts, or -1."""
        if self._ticks is None:  # all runs of the line at once: to search for each would be quadratic
            self._ticks = {}
            for run in _TICKS.finditer(self._source, at, end):
                self._ticks.setdefault(run.end() - run.start(), []).append(run.start())
        runs = self._ticks.get(length, [])
        place = bisect_left(runs, at)
        return runs[place] if place < len(runs) else -1

    def _emphasis(self, at: int, start: int, end: int) -> int:
        source, char = self._source, self._source[at]
        until = self._run_end(at, end)
        before = source[at - 1] if at > start else " "
        after = source[until] if until < end else " "
        opens, closes = not after.isspace(), not before.isspace()
        if char == "_" and before.isalnum() and after.isalnum():
            return until
        if opens and closes and not before.isalnum() and after.isalnum():
            closes = False
        elif opens and closes and before.isalnum() and not after.isalnum():
            opens = False
        if char == "~" and until - at != 2:
            return until
        openers = self._openers[char]
        left = at
        while closes and openers and left < until:
            opener = openers[-1]
            width = min(until - left, opener[1] - opener[0])
            self._edit(opener[1] - width, opener[1])
            self._edit(left, left + width)
            opener[1] -= width
            left += width
            if opener[0] == opener[1]:
                openers.pop()
        if opens and left < until:
            openers.append([left, until])
        return until

    def _bracket(self, at: int, end: int) -> int:
        opened = at + 1
        if self._source[at] == "!":
            if self._source[opened : opened + 1] != "[" or opened >= end:
                return opened
            opened += 1
        self._brackets.append((at, opened))
        return opened

    def _link(self, at: int, end: int) -> int:
        """``[text](url)`` becomes ``text (url)``, an image its text, ``[text][label]`` the text alone."""
        if not self._brackets:
            return at + 1
        start, opened = self._brackets.pop()
        target = _LINK_TARGET.match(self._source, at, end)
        label = _LINK_LABEL.match(self._source, at, end)
        if not target and not label:
            return at + 1
        self._edit(start, opened)
        closed = (target or label).end()  # type: ignore[union-attr]
        url = target.group("url") if target else ""
        shown = self._source[opened:at]
        if (
            not target
            or not url
            or self._source[start] == "!"
            or url.removeprefix("mailto:") == shown
            or url[0] == "#"
        ):
            self._edit(at, closed)
        else:
            self._edit(at, target.start("url"), " (")
            self._edit(target.end("url"), closed, ")")
        return closed

    def _angle(self, at: int, end: int) -> int:
        """An address in angle brackets stays; a tag of HTML goes; ``<AMOUNT>`` is a placeholder and stays."""
        autolink = _AUTOLINK.match(self._source, at, end)
        if autolink:
            self._edit(at, at + 1)
            self._edit(autolink.end() - 1, autolink.end())
            return autolink.end()
        if self._tokens is None:
            self._tokens = Tokens(self._source, at, end)
        token = self._tokens.markup(at)
        if token is None or (token.kind in ("open", "close") and token.name not in _INLINE_TAGS):
            return at + 1
        self._edit(token.start, token.end, "\n" if token.name == "br" else "")
        return token.end
