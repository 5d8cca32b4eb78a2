"""``phrase``: the phrase language of ``tonecheck.phrase``, run on the view with facts masked."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from tonecheck.analysis import Analysis, View
from tonecheck.document import Span
from tonecheck.matchers import Hit
from tonecheck.matchers.regex import compile_linear
from tonecheck.phrase import Lexicon, Phrase, compile_phrase


class PhraseMatcher:
    def __init__(self, argument: Any, lexicon: Lexicon) -> None:
        self.phrases: tuple[Phrase, ...] = tuple(
            compile_phrase(source, lexicon) for source in ([argument] if isinstance(argument, str) else argument)
        )
        sets = [phrase.anchors for phrase in self.phrases]
        self.anchors: frozenset[str] = frozenset().union(*sets) if all(sets) else frozenset()

    @cached_property
    def _regex(self) -> Any:
        parts = (f"{phrase.before}({phrase.regex}){phrase.after}" for phrase in self.phrases)
        return compile_linear("(?im)" + "|".join(parts))

    def find(self, analysis: Analysis, view: View) -> Iterator[Hit]:
        text = view.encoded_masked
        for match in self._regex.finditer(text.data):
            number = match.lastindex
            start, end = text.span(match.span(number))
            yield Hit(start, end, self.phrases[number - 1].source)

    def spans(self, view: View) -> Iterator[Span]:
        """Where the phrases stand."""
        text = view.encoded_masked
        return (text.span(match.span(match.lastindex)) for match in self._regex.finditer(text.data))

    def found_in(self, text: str) -> bool:
        """Whether any phrase stands in a text whose facts are masked already."""
        return self._regex.search(text.encode("utf-8")) is not None

    def branches(self) -> tuple[tuple[str, str], ...]:
        found: list[tuple[str, str]] = []
        for phrase in self.phrases:
            whole = f"(?im){phrase.before}({phrase.regex}){phrase.after}"
            found.append((phrase.source, whole))
            found.extend((f"{label} in {phrase.source}", f"(?im){pattern}") for label, pattern in phrase.branches())
        return tuple(found)
