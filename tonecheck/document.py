"""The draft as handed in, the message as read, and the way back from one to the other.

All offsets are Unicode code points. ``Document.text`` is what rules see: markup gone, entities decoded,
obfuscation seen through. ``Document.source`` is the draft exactly as the caller gave it. Every character of
``text`` knows the slice of ``source`` that it came from, so that nothing is ever found again by searching.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import lt
from typing import NamedTuple

_LINE_BREAK = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True)
class Lines:
    """The lines of a text, by offset in code points; lines and columns count from 1. CR, LF and CRLF each end one line."""

    text: str

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(line_break.end() for line_break in _LINE_BREAK.finditer(self.text))]

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def start(self, line: int) -> int:
        """Where a line begins; the nearest one if there is no such line."""
        return self._starts[min(max(line, 1), len(self._starts)) - 1]


class Span(NamedTuple):
    """A half-open range ``[start, end)`` of code points."""

    start: int
    end: int

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end

    def contains(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end


# The kinds of segment. "body", "subject", "preheader" and "heading" are the sender speaking; "signature" and
# "footer" are the sender's standing text; the rest are not the sender's words.
SPOKEN = frozenset({"body", "subject", "preheader", "heading"})
STANDING = frozenset({"signature", "footer"})
FOREIGN = frozenset({"quote", "cue", "code"})
SEGMENT_KINDS = SPOKEN | STANDING | FOREIGN


class Segment(NamedTuple):
    """A stretch ``[start, end)`` of ``Document.text`` and what it is (see ``SEGMENT_KINDS``)."""

    kind: str
    start: int
    end: int


class MappedText:
    """Text whose every character knows the source slice that it came from.

    ``starts[i]`` and ``ends[i]`` are the source offsets of character ``i``; both are non-decreasing.
    """

    __slots__ = ("ends", "starts", "text")

    def __init__(self, text: str, starts: Sequence[int], ends: Sequence[int]) -> None:
        if not len(text) == len(starts) == len(ends):
            raise ValueError("text, starts and ends must have one entry per character")
        self.text = text
        self.starts = starts
        self.ends = ends

    @classmethod
    def identity(cls, text: str) -> MappedText:
        """The text as its own source."""
        return cls(text, range(len(text)), range(1, len(text) + 1))

    def __len__(self) -> int:
        return len(self.text)

    def source_span(self, start: int, end: int) -> Span:
        """The slice of the source behind ``text[start:end]``; an empty slice maps to an empty one."""
        if start >= end:
            at = self.starts[start] if start < len(self.starts) else (self.ends[-1] if self.ends else 0)
            return Span(at, at)
        return Span(self.starts[start], self.ends[end - 1])

    def after(self, inner: MappedText) -> MappedText:
        """``self``, whose source is ``inner.text``, mapped through to the source of ``inner``."""
        if self._is_identity and len(self) == len(inner):
            return MappedText(self.text, inner.starts, inner.ends)
        if inner._is_identity:
            return self
        starts, ends = inner.starts, inner.ends
        if all(map(lt, self.starts, self.ends)):  # the usual case, at the speed of a comprehension
            return MappedText(
                self.text,
                array("q", [starts[start] for start in self.starts]),
                array("q", [ends[end - 1] for end in self.ends]),
            )
        spans = [inner.source_span(*pair) for pair in zip(self.starts, self.ends, strict=True)]
        return MappedText(
            self.text, array("q", [span.start for span in spans]), array("q", [span.end for span in spans])
        )

    @property
    def _is_identity(self) -> bool:
        """Every character stands for itself. Only a map made of ranges is recognised, which costs nothing."""
        starts, ends = self.starts, self.ends
        return (
            isinstance(starts, range)
            and isinstance(ends, range)
            and starts == range(len(self))
            and ends == range(1, len(self) + 1)
        )


class Builder:
    """Collects a ``MappedText`` piece by piece, in source order."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._starts = array("q")
        self._ends = array("q")
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def copy(self, text: str, start: int) -> None:
        """Append ``text``, which stands in the source verbatim from ``start`` on."""
        self._pieces.append(text)
        self._starts.extend(range(start, start + len(text)))
        self._ends.extend(range(start + 1, start + 1 + len(text)))
        self._length += len(text)

    def replace(self, text: str, start: int, end: int) -> None:
        """Append ``text``, all of which stands for ``source[start:end]`` (an entity, an escape, a tag)."""
        self._pieces.append(text)
        self._starts.extend([start] * len(text))
        self._ends.extend([end] * len(text))
        self._length += len(text)

    def build(self) -> MappedText:
        return MappedText("".join(self._pieces), self._starts, self._ends)


class Edit(NamedTuple):
    """Replace ``text[start:end]`` by ``new`` (``""`` deletes)."""

    start: int
    end: int
    new: str


def edited(text: str, edits: Iterable[Edit]) -> MappedText:
    """``text`` with ``edits`` (in order, without overlap) applied, mapped to ``text``."""
    builder, at = Builder(), 0
    for start, end, new in edits:
        if at < start:
            builder.copy(text[at:start], at)
        if new:
            builder.replace(new, start, end)
        at = end
    if at == 0:
        return MappedText.identity(text)
    builder.copy(text[at:], at)
    return builder.build()


class Reading(NamedTuple):
    """What a reader makes of a draft: the visible text, mapped to the source, and its segments.

    ``segments`` are ordered, do not overlap, and index ``visible.text``; what they leave out is "body".
    """

    visible: MappedText
    segments: tuple[Segment, ...] = ()


@dataclass(frozen=True)
class Document:
    """One draft, ready to be judged. Made by ``tonecheck.readers.read``."""

    source: str
    mapped: MappedText
    segments: tuple[Segment, ...]
    format: str

    @property
    def text(self) -> str:
        """The message as read: markup gone, entities decoded, obfuscation folded away."""
        return self.mapped.text

    def source_span(self, start: int, end: int) -> Span:
        """The slice of the draft behind ``text[start:end]``."""
        return self.mapped.source_span(start, end)

    def quote(self, start: int, end: int) -> str:
        """The draft's own characters behind ``text[start:end]``."""
        span = self.source_span(start, end)
        return self.source[span.start : span.end]

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of a source offset, as in ``Lines``."""
        return self._lines.position(offset)

    @cached_property
    def _lines(self) -> Lines:
        return Lines(self.source)

    @cached_property
    def spoken(self) -> str:
        """``text`` with everything that is not the sender speaking blanked to newlines, length unchanged.

        Quotations of the customer, script cues, template code, signatures and legal footers are gone.
        """
        return self._blank(FOREIGN | STANDING)

    @cached_property
    def sent(self) -> str:
        """``text`` with only what is not the sender's blanked: signatures and legal footers stay."""
        return self._blank(FOREIGN)

    def _blank(self, kinds: frozenset[str]) -> str:
        pieces, at = [], 0
        for segment in self.segments:
            if segment.kind in kinds:
                pieces.append(self.text[at : segment.start])
                pieces.append("\n" * (segment.end - segment.start))
                at = segment.end
        pieces.append(self.text[at:])
        return "".join(pieces)

    def segments_of(self, kinds: Iterable[str]) -> Iterator[Segment]:
        wanted = frozenset(kinds)
        return (segment for segment in self.segments if segment.kind in wanted)
