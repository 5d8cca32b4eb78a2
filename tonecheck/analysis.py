"""What is known about a message before any rule runs: facts, views, sentences, words; and, when a rule asks, syntax."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tonecheck.anchors import AnchorIndex, words_of
from tonecheck.document import Document, Span
from tonecheck.entities import Entity, find_entities, mask
from tonecheck.profile import Profile
from tonecheck.sentences import clause_around, clause_breaks, sentence_at, sentence_spans

if TYPE_CHECKING:
    from tonecheck.language import Language


class Encoded:
    """A text as UTF-8, which RE2 works on, and the way back from bytes to code points."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.data = text.encode("utf-8")

    @cached_property
    def _characters(self) -> array[int] | None:
        """The code point that each byte belongs to, and the end; ``None`` when all are ASCII."""
        if len(self.data) == len(self._text):
            return None
        numbers = array("q")
        for number, sign in enumerate(self._text):
            numbers.extend([number] * len(sign.encode("utf-8")))
        numbers.append(len(self._text))
        return numbers

    def span(self, span: tuple[int, int]) -> Span:
        """The code points behind a slice of ``data``."""
        numbers = self._characters
        return Span(*span) if numbers is None else Span(numbers[span[0]], numbers[span[1]])


class Stretch:
    """A piece of masked text that a phrase may match in: no phrase reaches beyond a sentence end or a blank line."""

    def __init__(self, start: int, masked: str) -> None:
        self.start = start
        self.masked = masked
        self._possible: tuple[AnchorIndex, set[tuple[object, int]]] | None = None

    @cached_property
    def words(self) -> frozenset[str]:
        return words_of(self.masked)

    def possible(self, index: AnchorIndex) -> set[tuple[object, int]]:
        """The phrases that the words allow, looked up once."""
        if self._possible is None or self._possible[0] is not index:
            self._possible = (index, index.possible(self.words))
        return self._possible[1]

    @cached_property
    def encoded(self) -> Encoded:
        return Encoded(self.masked)

    def span(self, found: tuple[int, int]) -> Span:
        """Offsets in the message of a slice of the encoded stretch."""
        start, end = self.encoded.span(found)
        return Span(self.start + start, self.start + end)


class View:
    """One reading of the message, as long as ``Document.text``: what belongs to others is blanked to newlines.

    ``plain`` keeps the facts as written, ``masked`` has every character of a fact replaced by its kind's sign.
    """

    def __init__(
        self,
        plain: str,
        entities: list[Entity],
        index: AnchorIndex | None = None,
        wider: View | None = None,
    ) -> None:
        self.plain = plain
        self._entities = entities
        self.index = index
        self._wider = wider  # a view that shows more: most of its stretches are stretches here

    @cached_property
    def masked(self) -> str:
        return mask(self.plain, (entity for entity in self._entities if self.plain[entity.start] != "\n"))

    @cached_property
    def encoded(self) -> Encoded:
        return Encoded(self.plain)

    @cached_property
    def sentences(self) -> list[Span]:
        """Found on the masked text, so that facts never split."""
        return sentence_spans(self.masked)

    @cached_property
    def stretches(self) -> list[Stretch]:
        """Sentences, joined where only one line end stands between them and the first has no full stop."""
        known = {(each.start, each.masked): each for each in self._wider.stretches} if self._wider else {}
        return [known.get(key) or Stretch(*key) for key in self._stretches()]

    def _stretches(self) -> Iterator[tuple[int, str]]:
        masked = self.masked
        start = end = -1
        for sentence in self.sentences:
            joined = (
                start >= 0
                and masked[end : sentence.start].strip(" ") in ("", "\n")
                and masked[end - 1] not in ".!?"
            )
            if not joined and start >= 0:
                yield start, masked[start:end]
            start, end = (start if joined else sentence.start), sentence.end
        if start >= 0:
            yield start, masked[start:end]

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset().union(*(stretch.words for stretch in self.stretches))

    @cached_property
    def possible(self) -> dict[object, list[tuple[int, Stretch]]]:
        """By the index: the phrases that the words allow, by owner, and the stretches that they allow them in."""
        found: dict[object, list[tuple[int, Stretch]]] = {}
        if self.index is not None:
            for stretch in self.stretches:
                for owner, number in stretch.possible(self.index):
                    found.setdefault(owner, []).append((number, stretch))
        return found


class Analysis:
    """One message, analysed once and handed to every rule. Offsets index ``document.text``."""

    def __init__(
        self, document: Document, profile: Profile, language: Language, index: AnchorIndex | None = None
    ) -> None:
        self.document = document
        self.profile = profile
        self._language = language
        self._index = index
        self._parses: dict[int, Any] = {}
        self._breaks: dict[int, list[Span]] = {}
        self.elements: dict[str, list[Span]] = {}  # filled by the engine before rules that ask for them run

    @cached_property
    def entities(self) -> list[Entity]:
        return find_entities(self.document.text)

    @cached_property
    def views(self) -> dict[str, View]:
        """``spoken``: the sender's prose; ``sent``: also signature and footer; ``text``: everything."""
        document = self.document
        text = View(document.text, self.entities, self._index)
        sent = (
            text if document.text == document.sent else View(document.sent, self.entities, self._index, text)
        )
        spoken = (
            sent
            if document.sent == document.spoken
            else View(document.spoken, self.entities, self._index, sent)
        )
        return {"spoken": spoken, "sent": sent, "text": text}

    @property
    def sentences(self) -> list[Span]:
        """Sentences of what the sender says or attaches."""
        return self.views["sent"].sentences

    def sentence_index(self, offset: int) -> int:
        return sentence_at(self.sentences, offset)

    def sentence(self, offset: int) -> Span:
        """The sentence around ``offset``, or the empty span there when the message has none."""
        return self.sentences[self.sentence_index(offset)] if self.sentences else Span(offset, offset)

    def clause(self, span: Span) -> Span:
        """The clause around ``span`` in the sentence where it starts."""
        if not self.sentences:
            return span
        index = self.sentence_index(span.start)
        # The masked text, so that no sign inside a link or a sum counts as punctuation.
        text, sentence = self.views["sent"].masked, self.sentences[index]
        if index not in self._breaks:
            self._breaks[index] = clause_breaks(text, sentence)
        return clause_around(text, sentence, self._breaks[index], span)

    def parse(self, index: int) -> Any | None:
        """spaCy ``Doc`` of one sentence, or ``None`` without a statistical pipeline. Token offsets are relative to
        the sentence's start. Sentences are parsed only when a rule or guard asks, and once."""
        if index not in self._parses:
            start, end = self.sentences[index]
            self._parses[index] = self._language.parse(self.document.text[start:end])
        return self._parses[index]

    def tokens_in(self, span: Span) -> tuple[Any | None, list[Any]]:
        """The parsed sentence around ``span`` and its tokens that overlap it; ``(None, [])`` without a parse."""
        index = self.sentence_index(span.start)
        doc = self.parse(index) if self.sentences else None
        if doc is None:
            return None, []
        offset = self.sentences[index].start
        end = min(span.end, self.sentences[index].end)
        inside = doc.char_span(max(0, span.start - offset), end - offset, alignment_mode="expand")
        return doc, list(inside or ())
