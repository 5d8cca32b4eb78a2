"""``tokens`` and ``dependency``: spaCy's ``Matcher`` and ``DependencyMatcher`` patterns, sentence by sentence.

A sentence is parsed only when it contains one of the rule's ``anchors``; that keeps syntax off the hot path.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from tonecheck.analysis import Analysis, View
from tonecheck.anchors import words_of
from tonecheck.matchers import Hit, WithoutPhrases
from tonecheck.phrase import Lexicon


class TokenMatcher(WithoutPhrases):
    """Argument: ``{anchors: [word, …], patterns: [[{LOWER: …}, …], …]}``."""

    def __init__(self, argument: Any, lexicon: Lexicon) -> None:
        if not isinstance(argument, dict) or set(argument) != {"anchors", "patterns"}:
            raise ValueError("tokens and dependency take exactly the keys 'anchors' and 'patterns'")
        if not argument["anchors"] or not argument["patterns"]:
            raise ValueError("'anchors' and 'patterns' must not be empty")
        # <verb> stands for all forms of the verb, as in phrases.
        self.anchors: frozenset[str] = frozenset(
            form
            for anchor in argument["anchors"]
            for form in (lexicon.inflections(anchor[1:-1]) if anchor.startswith("<") else (anchor.lower(),))
        )
        self.needs = ((self.anchors,),)
        self.patterns: list[Any] = argument["patterns"]
        self._compiled: tuple[int, Any] | None = None

    def _new_matcher(self, vocab: Any) -> Any:
        from spacy.matcher import Matcher

        matcher = Matcher(vocab, validate=True)
        for number, pattern in enumerate(self.patterns):
            matcher.add(str(number), [pattern], greedy="LONGEST")
        return matcher

    def _spans(self, doc: Any, match: Any) -> tuple[int, int, int]:
        key, start, end = match
        return int(doc.vocab.strings[key]), start, end - 1

    def _matcher(self, doc: Any) -> Any:
        if self._compiled is None or self._compiled[0] != id(doc.vocab):
            self._compiled = (id(doc.vocab), self._new_matcher(doc.vocab))
        return self._compiled[1]

    def find(self, analysis: Analysis, view: View) -> Sequence[Hit]:
        return [] if self.anchors.isdisjoint(view.words) else list(self._find(analysis, view))

    def _find(self, analysis: Analysis, view: View) -> Iterator[Hit]:
        for index, sentence in enumerate(analysis.sentences):
            text = view.plain[sentence.start : sentence.end]
            if self.anchors.isdisjoint(words_of(text)) or (doc := analysis.parse(index)) is None:
                continue
            for match in self._matcher(doc)(doc):
                number, first, last = self._spans(doc, match)
                start = sentence.start + doc[first].idx
                end = sentence.start + doc[last].idx + len(doc[last].text)
                if "\n" not in view.plain[start:end]:
                    yield Hit(start, end, f"{type(self).__name__} pattern {number + 1}")


class DependencyRuleMatcher(TokenMatcher):
    """The same with ``DependencyMatcher`` patterns; the hit runs from the first to the last matched token."""

    def _new_matcher(self, vocab: Any) -> Any:
        from spacy.matcher import DependencyMatcher

        matcher = DependencyMatcher(vocab, validate=True)
        for number, pattern in enumerate(self.patterns):
            matcher.add(str(number), [pattern])
        return matcher

    def _spans(self, doc: Any, match: Any) -> tuple[int, int, int]:
        key, tokens = match
        return int(doc.vocab.strings[key]), min(tokens), max(tokens)
