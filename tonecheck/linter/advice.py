"""What to write instead, said of the template: suggestions for a text that it becomes, taken back to literal text of its files.

A suggestion for a text replaces words of which some are the template's own and some are values. It is one for the template only if the values
stay as they are and in their order, so that what changes is literal text between two tags, in one file. And it has to be right wherever
that text shows: each sentence that has it must be one for which the same was suggested.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from tonecheck.finding import Suggestion
from tonecheck.linter.cover import END
from tonecheck.linter.explore import Explored
from tonecheck.linter.origin import SourceMap
from tonecheck.linter.parsing import Mistake, Style, texts
from tonecheck.linter.places import Place
from tonecheck.linter.sources import Source
from tonecheck.linter.tree import Leaf
from tonecheck.rewrite.facts import facts_of

MOST_SUGGESTIONS = 3
_TAG = re.compile(r"\{[{%#]|[%#}]\}")
_CLOSES = re.compile(r"[^{}]*\}\}\s*")
_OPENS = re.compile(r"\s*\{\{[^{}]*")
_IN_STRINGS = re.compile(r"[\\\"'\n<>&]")
# Blocks on either side that can hold a part of the same sentence.
_AROUND = 3


class Part(NamedTuple):
    """A stretch ``[start, end)`` of a text that lies in one of its pieces, of the block ``owner``; ``at``: where in the piece it begins."""

    piece: Leaf
    owner: int
    start: int
    end: int
    at: int

    @property
    def text(self) -> str:
        return self.piece.text[self.at : self.at + self.end - self.start]


class Change(NamedTuple):
    """Literal text at ``place``, in the line ends that Jinja reads, becomes ``new``."""

    place: Place
    new: str


@dataclass
class Proposal:
    """``suggestion`` is for the file ``path``. ``sentences``: those of the texts for which it was made."""

    path: str
    suggestion: Suggestion
    changes: tuple[Change, ...]
    sentences: set[str] = field(default_factory=set)


class Advice:
    """Suggestions for the texts of the template ``path``. ``sources``: its files, by their shown path."""

    def __init__(self, path: str, explored: Explored, sources: Mapping[str, Source], style: Style) -> None:
        self.path = path
        self.explored = explored
        self.sources = sources
        self.style = style
        self._literal: dict[str, list[tuple[int, int, bool]]] = {}
        self._blocks: dict[tuple[str, int], list[tuple[int, int]]] | None = None
        self._with: dict[int, int] | None = None
        self._sentences: dict[tuple[tuple[int, ...], int, int, int], str] = {}

    # --- from a text to the template

    def proposals(
        self, suggestions: Iterable[Suggestion], number: int, origin: SourceMap, path: str
    ) -> Iterator[Proposal]:
        """What is suggested for the text ``number``, as far as it is an edit of literal text of the file ``path``."""
        for suggestion in suggestions:
            changes = self._changes(suggestion, origin)
            if not changes or any(change.place.path != path for change, _ in changes):
                continue
            for_file = self._in_file(suggestion, [change for change, _ in changes])
            if for_file is None:
                continue
            sentences = {self._sentence(number, part.owner, change.place) for change, part in changes}
            yield Proposal(path, for_file, tuple(change for change, _ in changes), sentences)

    def _changes(self, suggestion: Suggestion, origin: SourceMap) -> list[tuple[Change, Part]]:
        """The literal text that changes, with where it is; nothing where the suggestion asks for more than that."""
        if suggestion.start == suggestion.end:
            part = _empty(origin, suggestion.start)
            change = part and self._change(part, 0, 0, suggestion.text, origin)
            return [(change, part)] if part and change else []
        parts = list(_parts(origin, suggestion.start, suggestion.end))
        old = "".join(part.text for part in parts)
        values = [part for part in parts if not part.piece.verbatim]
        if any(len(part.text) < len(part.piece.text) for part in values):
            return []
        between = _between(suggestion.text, old, [part.text for part in values])
        if between is None:
            return []
        runs = _runs(parts)
        if values and not runs[0] and between[0]:
            runs[0] = self._beside(parts[0], origin, -1)
        if values and not runs[-1] and between[-1]:
            runs[-1] = self._beside(parts[-1], origin, 1)
        result = []
        for literal, new in zip(runs, between, strict=True):
            before = "".join(part.text for part in literal)
            if before == new:
                continue
            head = _shared(before, new)
            tail = _shared(before[head:][::-1], new[head:][::-1])
            first, last = head, len(before) - tail
            part_and_start = _within(literal, first, last)
            if part_and_start is None:
                return []
            part, start = part_and_start
            change = self._change(
                part, start, start + last - first, new[head : len(new) - tail], origin, before[first:last]
            )
            if change is None:
                return []
            result.append((change, part))
        return result

    def _beside(self, value: Part, origin: SourceMap, step: int) -> list[Part]:
        """The empty part of literal text next to a value, if nothing but the signs of its tag is between them."""
        number = origin.starts.index(value.start - value.at) + step
        if not 0 <= number < len(origin.pieces):
            return []
        piece, owner = origin.pieces[number], origin.owners[number]
        source = self.sources.get(piece.place.path)
        if source is None or not piece.verbatim or piece.place.path != value.piece.place.path:
            return []
        start, at = piece.place.start, 0 if step > 0 else len(piece.text)
        between = (
            source.slice(value.piece.place.start, start)
            if step > 0
            else source.slice(start + at, value.piece.place.end)
        )
        offset = value.end if step > 0 else value.start
        is_next = (_CLOSES if step > 0 else _OPENS).fullmatch(between)
        return [Part(piece, owner, offset, offset, at)] if is_next else []

    def _change(
        self, part: Part, first: int, last: int, new: str, origin: SourceMap, old: str = ""
    ) -> Change | None:
        """``part.text[first:last]`` becomes ``new``; ``None`` where that is no harmless edit of the file."""
        start = part.piece.place.start + part.at + first
        place = Place(part.piece.place.path, start, start + last - first)
        source = self.sources.get(place.path)
        if source is None or not part.piece.verbatim or source.slice(place.start, place.end) != old:
            return None
        kind = self._is_literal(source, place)
        if kind is None or _TAG.search(new) or (not kind and _IN_STRINGS.search(new)):
            return None
        return None if _brings_values(old, new, origin) else Change(place, new)

    def _is_literal(self, source: Source, place: Place) -> bool | None:
        """Whether text stands between tags; ``False`` for one that is a string in a tag, ``None`` for anything else."""
        if place.start < source.base:
            # The subject in the front matter, where YAML has signs of its own: see ``tonecheck.linter.fix``.
            return False
        if source.path not in self._literal:
            try:
                self._literal[source.path] = texts(source.body, self.style)
            except Mistake:
                self._literal[source.path] = []
        start, end = place.start - source.base, place.end - source.base
        for first, last, is_literal in self._literal[source.path]:
            if first <= start and end <= last:
                return is_literal
        return None

    def _in_file(self, suggestion: Suggestion, changes: Sequence[Change]) -> Suggestion | None:
        """One edit for all changes, in offsets and line ends of the file; the tags between them stay as they are."""
        source = self.sources[changes[0].place.path]
        pieces: list[str] = []
        at = None
        for place, new in sorted(changes):
            start, end = source.in_file(place.start), source.in_file(place.end)
            if at is not None:
                if start < at:
                    return None
                pieces.append(source.text[at:start])
            pieces.append(new.replace("\n", source.line_end))
            at = end
        start = source.in_file(min(place.start for place, _ in changes))
        text = "".join(pieces)
        if at is None or text == source.text[start:at]:
            return None
        return Suggestion(start, at, text, suggestion.kind, suggestion.safe, suggestion.source)

    # --- wherever the text shows

    def accepted(self, proposals: Iterable[Proposal], shown: int, *, absence: bool) -> tuple[Suggestion, ...]:
        """Those that are right in every text that has their words. ``shown``: the texts that have the finding, as bits; what is inserted
        for an absence must show in no other."""
        fit = []
        for proposal in proposals:
            if absence:
                is_right = all(not self._showing(block) & ~shown for block, _ in self._of(proposal))
            else:
                is_right = self._is_right(proposal)
            if is_right:
                fit.append(proposal.suggestion)
            if len(fit) == MOST_SUGGESTIONS:
                break
        return tuple(fit)

    def _is_right(self, proposal: Proposal) -> bool:
        for change in proposal.changes:
            for block in {block for block, _ in self._at(change.place)}:
                texts = self._showing(block)
                while texts:
                    number = (texts & -texts).bit_length() - 1
                    texts &= texts - 1
                    if self._sentence(number, block, change.place) not in proposal.sentences:
                        return False
        return True

    def _of(self, proposal: Proposal) -> Iterator[tuple[int, int]]:
        for change in proposal.changes:
            yield from self._at(change.place)

    def _at(self, place: Place) -> Iterator[tuple[int, int]]:
        """The blocks in which a place of a file shows, with the offset there; a macro and a loop show theirs several times."""
        if self._blocks is None:
            self._blocks = {}
            for number, block in enumerate(self.explored.blocks):
                at = 0
                for piece in block.pieces:
                    if piece.verbatim:
                        known = self._blocks.setdefault((piece.place.path, piece.place.start), [])
                        known.append((number, at))
                    at += len(piece.text)
        for (path, start), found in self._blocks.items():
            if path != place.path or start > place.start:
                continue
            for number, at in found:
                piece_end = start + self._length(number, at)
                if place.end <= piece_end:
                    yield number, at + place.start - start

    def _length(self, block: int, at: int) -> int:
        """How long the piece is that begins at ``at`` in a block."""
        begin = 0
        for piece in self.explored.blocks[block].pieces:
            if begin == at and piece.text:
                return len(piece.text)
            begin += len(piece.text)
        return 0

    def _showing(self, block: int) -> int:
        """The texts that have a block, as bits."""
        if self._with is None:
            self._with = {}
            for number, way in enumerate(self.explored.ways):
                for one in set(way):
                    self._with[one] = self._with.get(one, 0) | 1 << number
        return self._with.get(block, 0)

    def sentence_at(self, origin: SourceMap, offset: int | None) -> str:
        """The sentence of a text around an offset, as ``sentences`` of a proposal have it."""
        part = None if offset is None else next(_parts(origin, offset, offset + 1), None)
        if part is None:
            return ""
        at = part.piece.place.start + (part.at if part.piece.verbatim else 0)
        return self._sentence(origin.number, part.owner, Place(part.piece.place.path, at, at))

    def _sentence(self, number: int, block: int, place: Place) -> str:
        """The sentence around a place, with the values in it named by where they come from."""
        way = self.explored.ways[number]
        index = way.index(block)
        near = way[max(0, index - _AROUND) : index + _AROUND + 1]
        key = (near, block, place.start, place.end)
        if key not in self._sentences:
            before: list[str] = []
            after: list[str] = []
            text = before
            for one in near:
                for piece in self.explored.blocks[one].pieces:
                    if not piece.verbatim:
                        text.append(f"\0{piece.place.path}:{piece.place.start}\0")
                        continue
                    first = place.start - piece.place.start
                    holds = piece.place.path == place.path and first >= 0
                    if one == block and holds and place.end <= piece.place.start + len(piece.text):
                        before.append(piece.text[:first])
                        text = after
                        text.append(piece.text[first:])
                    else:
                        text.append(piece.text)
            self._sentences[key] = _sentence("".join(before), "".join(after), place.end - place.start)
        return self._sentences[key]


def _sentence(before: str, after: str, length: int) -> str:
    """What belongs to one sentence of the text before a place and the text from it on."""
    ends = [match.end() for match in END.finditer(before)]
    beyond = END.search(after, max(0, length - 1))
    begin = before[ends[-1] if ends else 0 :].lstrip()
    return begin + "\1" + (after[: beyond.end()] if beyond else after)


# --- a suggestion and the pieces of a text ---------------------------------------------------------------------------


def _parts(origin: SourceMap, start: int, end: int) -> Iterator[Part]:
    for number, piece in enumerate(origin.pieces):
        at = origin.starts[number]
        first, last = max(start, at), min(end, at + len(piece.text))
        if first < last:
            yield Part(piece, origin.owners[number], first, last, first - at)


def _empty(origin: SourceMap, offset: int) -> Part | None:
    """The empty part at an offset: inside a piece, else at the end of one, else at the beginning of the next."""
    after = None
    for number, piece in enumerate(origin.pieces):
        at = origin.starts[number]
        if piece.verbatim and at < offset <= at + len(piece.text):
            return Part(piece, origin.owners[number], offset, offset, offset - at)
        if piece.verbatim and at == offset and after is None:
            after = Part(piece, origin.owners[number], offset, offset, 0)
    return after


def _runs(parts: Sequence[Part]) -> list[list[Part]]:
    """The literal parts before, between and after the values."""
    runs: list[list[Part]] = [[]]
    for part in parts:
        if part.piece.verbatim:
            runs[-1].append(part)
        else:
            runs.append([])
    return runs


def _between(new: str, old: str, values: Sequence[str]) -> list[str] | None:
    """What ``new`` has before, between and after ``values``; ``None`` if it has not just those, in their order."""
    if any(new.count(value) != old.count(value) for value in values):
        return None
    result, at = [], 0
    for value in values:
        found = new.find(value, at)
        if found < 0:
            return None
        result.append(new[at:found])
        at = found + len(value)
    return [*result, new[at:]]


def _within(literal: Sequence[Part], first: int, last: int) -> tuple[Part, int] | None:
    """The one part that holds ``[first, last)`` of the literal text, and where in it that begins."""
    at = 0
    for part in literal:
        length = part.end - part.start
        if at <= first and last <= at + length:
            return part, first - at
        at += length
    return None


def _brings_values(old: str, new: str, origin: SourceMap) -> bool:
    """Whether new literal text says what only this rendering knows: a sample, or a fact that was not in the words it replaces."""
    for piece in origin.pieces:
        value = piece.text.strip()
        if not piece.verbatim and len(value) > 1 and new.count(value) > old.count(value):
            return True
    known = facts_of(old)
    return any(fact.kind != "name" and fact not in known for fact in facts_of(new))


def _shared(one: str, other: str) -> int:
    """How many characters two texts share at the beginning, to the end of a word."""
    same = next(
        (at for at, (left, right) in enumerate(zip(one, other, strict=False)) if left != right),
        min(len(one), len(other)),
    )
    while same and not (one[same - 1].isspace() and (same == len(one) or not one[same].isspace())):
        if same == len(one) == len(other):
            break
        same -= 1
    return same
