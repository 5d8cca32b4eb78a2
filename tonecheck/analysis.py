"""What is known about a message before any rule runs: facts, views, sentences, words; and, when a rule asks, syntax."""

from __future__ import annotations

import re
from array import array
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tonecheck.document import Document, Span
from tonecheck.entities import MASKS, Entity, find_entities, mask
from tonecheck.profile import Profile
from tonecheck.sentences import clause_around, clause_breaks, sentence_at, sentence_spans

if TYPE_CHECKING:
    from tonecheck.language import Language

_WORDS = re.compile(r"[a-z0-9']+")


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


class View:
    """One reading of the message, as long as ``Document.text``: what belongs to others is blanked to newlines.

    ``plain`` keeps the facts as written, ``masked`` has every character of a fact replaced by its kind's sign.
    """

    def __init__(self, plain: str, entities: list[Entity]) -> None:
        self.plain = plain
        self._entities = entities

    @cached_property
    def masked(self) -> str:
        return mask(self.plain, (entity for entity in self._entities if self.plain[entity.start] != "\n"))

    @cached_property
    def encoded(self) -> Encoded:
        return Encoded(self.plain)

    @cached_property
    def encoded_masked(self) -> Encoded:
        return Encoded(self.masked)

    @cached_property
    def words(self) -> frozenset[str]:
        """Lower-case words without apostrophes, and the signs of the facts that occur: what anchors are looked up in."""
        masked = self.masked
        words = {word.replace("'", "") for word in _WORDS.findall(masked.lower())}
        words.update(sign for sign in MASKS.values() if sign in masked)
        return frozenset(words)


class Analysis:
    """One message, analysed once and handed to every rule. Offsets index ``document.text``."""

    def __init__(self, document: Document, profile: Profile, language: Language) -> None:
        self.document = document
        self.profile = profile
        self._language = language
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
        spoken = View(document.spoken, self.entities)
        sent = spoken if document.sent == document.spoken else View(document.sent, self.entities)
        text = sent if document.text == document.sent else View(document.text, self.entities)
        return {"spoken": spoken, "sent": sent, "text": text}

    @cached_property
    def sentences(self) -> list[Span]:
        """Sentences of what the sender says or attaches, found on the masked view so that facts never split."""
        return sentence_spans(self.views["sent"].masked)

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
