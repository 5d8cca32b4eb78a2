"""``absent``: something that should be there and is not: a list of phrases, or ``{element: name}``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from tonecheck.analysis import Analysis, View
from tonecheck.anchors import AnchorIndex
from tonecheck.matchers import Hit, WithoutPhrases
from tonecheck.matchers.phrase import PhraseMatcher
from tonecheck.phrase import Lexicon
from tonecheck.report import ELEMENTS


class AbsentMatcher(WithoutPhrases):
    def __init__(self, argument: Any, lexicon: Lexicon) -> None:
        self.element: str | None = None
        self._phrases: PhraseMatcher | None = None
        if isinstance(argument, dict):
            if set(argument) != {"element"} or argument["element"] not in ELEMENTS:
                raise ValueError(f"absent takes phrases, or 'element' with one of {', '.join(ELEMENTS)}")
            self.element = argument["element"]
        else:
            self._phrases = PhraseMatcher(argument, lexicon)

    def prepare(self, index: AnchorIndex) -> None:
        if self._phrases is not None:
            self._phrases.prepare(index)

    def practise(self) -> Iterator[None]:
        return iter(()) if self._phrases is None else self._phrases.practise()

    def find(self, analysis: Analysis, view: View) -> Sequence[Hit]:
        return list(self._find(analysis, view))

    def _find(self, analysis: Analysis, view: View) -> Iterator[Hit]:
        if self.element is not None:
            missing = not analysis.elements.get(self.element)
        else:
            missing = self._phrases is not None and not self._phrases.stands_in(view)
        if missing:
            yield Hit(None, None, f"no {self.element or 'such phrase'}")
