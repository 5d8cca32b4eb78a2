"""What is known about a message before any rule runs: facts, views, sentences, words; and, when a rule asks, syntax."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from tonecheck.anchors import AnchorIndex
from tonecheck.document import Document, Span
from tonecheck.entities import Entity, find_entities, mask
from tonecheck.linear import Encoded
from tonecheck.model.opinions import Opinions
from tonecheck.profile import Profile
from tonecheck.sentences import clause_around, clause_breaks, sentence_at, sentence_spans
from tonecheck.wording import Phrases, Place, Wording, Wordings

if TYPE_CHECKING:
    from tonecheck.language import Language
    from tonecheck.model.tone_model import ToneModel


class Stretch(NamedTuple):
    """A piece of masked text that a phrase may match in: no phrase reaches beyond a sentence end or a blank line."""

    start: int
    wording: Wording

    def places(self, phrases: Phrases, numbers: Iterable[int] | None = None) -> Iterator[Place]:
        """Where the phrases stand (see ``Wording.places``), in offsets of the message."""
        for number, start, end in self.wording.places(phrases, numbers):
            yield Place(number, self.start + start, self.start + end)


class View:
    """One reading of the message, as long as ``Document.text``: what belongs to others is blanked to newlines.

    ``plain`` keeps the facts as written, ``masked`` has every character of a fact replaced by its kind's sign.
    """

    def __init__(
        self,
        plain: str,
        entities: list[Entity],
        index: AnchorIndex | None = None,
        wordings: Wordings | None = None,
    ) -> None:
        self.plain = plain
        self._all_entities = entities
        self.index = index
        self._wordings = Wordings() if wordings is None else wordings

    @cached_property
    def entities(self) -> list[Entity]:
        """Those of the message that this view shows."""
        return [entity for entity in self._all_entities if self.plain[entity.start] != "\n"]

    @cached_property
    def masked(self) -> str:
        return mask(self.plain, self.entities)

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
        return [Stretch(start, self._wordings.of(masked)) for start, masked in self._stretches()]

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
        return frozenset().union(*(stretch.wording.words for stretch in self.stretches))

    @cached_property
    def possible(self) -> dict[object, list[tuple[Stretch, Sequence[int]]]]:
        """By the index: the stretches whose words allow phrases, in order, and the numbers of those, by owner."""
        found: dict[object, list[tuple[Stretch, Sequence[int]]]] = {}
        if self.index is not None:
            for stretch in self.stretches:
                for owner, numbers in stretch.wording.possible(self.index).items():
                    found.setdefault(owner, []).append((stretch, numbers))
        return found


class Analysis:
    """One message, analysed once and handed to every rule. Offsets index ``document.text``."""

    def __init__(
        self,
        document: Document,
        profile: Profile,
        language: Language,
        index: AnchorIndex | None = None,
        model: ToneModel | None = None,
        wordings: Wordings | None = None,
    ) -> None:
        self.document = document
        self.profile = profile
        self._language = language
        self._index = index
        self.wordings = Wordings() if wordings is None else wordings
        self._model = model if model is not None and model.is_there else None
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
        views: dict[str, View] = {}  # by what they show, which is often the same
        return {
            name: views.setdefault(shown, View(shown, self.entities, self._index, self.wordings))
            for name, shown in (("text", document.text), ("sent", document.sent), ("spoken", document.spoken))
        }

    @cached_property
    def opinions(self) -> Opinions | None:
        """What the tone model thinks of the sender's prose; ``None`` without a model."""
        if self._model is None:
            return None
        view = self.views["spoken"]
        return Opinions(self._model, view.plain, view.entities, view.sentences)

    @property
    def sentences(self) -> list[Span]:
        """Sentences of what the sender says or attaches."""
        return self.views["sent"].sentences

    def sentence_index(self, offset: int) -> int:
        return sentence_at(self.sentences, offset)

    def says_something(self, sentence: Span) -> bool:
        """Whether a sentence holds a fact or an element of a complete message."""
        return any(
            sentence.start <= entity.start and entity.end <= sentence.end for entity in self.entities
        ) or any(sentence.overlaps(span) for spans in self.elements.values() for span in spans)

    def is_evidence(self, span: Span, *elements: str) -> bool:
        """Whether evidence of one of the elements stands in ``span``, or reaches into it."""
        return any(span.overlaps(one) for element in elements for one in self.elements.get(element, ()))

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
