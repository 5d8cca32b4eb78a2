"""``phrase``: the phrase language of ``tonecheck.phrase``, run on the view with facts masked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

from tonecheck.analysis import Analysis, Stretch, View
from tonecheck.anchors import AnchorIndex, Needs, any_of, may_match
from tonecheck.document import Span
from tonecheck.matchers import Hit
from tonecheck.matchers.regex import compile_linear
from tonecheck.phrase import Lexicon, Phrase, compile_phrase


class PhraseMatcher:
    def __init__(self, argument: Any, lexicon: Lexicon) -> None:
        self.phrases: tuple[Phrase, ...] = tuple(
            compile_phrase(source, lexicon) for source in ([argument] if isinstance(argument, str) else argument)
        )
        self._regexes: dict[int, Any] = {}  # compiled when first needed: most never are

    @cached_property
    def needs(self) -> Needs:
        return any_of(phrase.needs for phrase in self.phrases)

    def prepare(self, index: AnchorIndex) -> None:
        """Make the phrases known to ``index``."""
        for number, phrase in enumerate(self.phrases):
            index.add(self, number, phrase.needs)

    def find(self, analysis: Analysis, view: View) -> Iterator[Hit]:
        """Hits in the order of the text; where two begin at one place, in the order of the phrases."""
        found = [(hit.start, number, hit) for number, stretch in self._candidates(view) for hit in self._hits(number, stretch)]
        return (hit for _, _, hit in sorted(found, key=lambda row: row[:2]))

    def spans(self, view: View) -> list[Span]:
        """Where the phrases stand, in order, overlapping places joined."""
        joined: list[Span] = []
        places = (Span(hit.start, hit.end) for number, stretch in self._candidates(view) for hit in self._hits(number, stretch))
        for span in sorted(places):
            if joined and span.start < joined[-1].end:
                joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
            else:
                joined.append(span)
        return joined

    def is_possible(self, view: View) -> bool:
        return bool(self._candidates(view))

    def stands_in(self, view: View) -> bool:
        """Whether any phrase stands in the view."""
        return any(True for number, stretch in self._candidates(view) for _ in self._hits(number, stretch))

    def found_in(self, masked: str) -> bool:
        """Whether any phrase stands in a short text whose facts are masked already."""
        stretch = Stretch(0, masked)
        return any(
            may_match(phrase.needs, stretch.words) and self._regex(number).search(stretch.encoded.data) is not None
            for number, phrase in enumerate(self.phrases)
        )

    def _candidates(self, view: View) -> Sequence[tuple[int, Stretch]]:
        """Phrases, by number, and the stretches whose words allow them."""
        if view.index is not None and self in view.index.owners:
            return view.possible.get(self, ())
        return [
            (number, stretch)
            for number, phrase in enumerate(self.phrases)
            for stretch in view.stretches
            if may_match(phrase.needs, stretch.words)
        ]

    def _regex(self, number: int) -> Any:
        regex = self._regexes.get(number)
        if regex is None:
            phrase = self.phrases[number]
            regex = self._regexes[number] = compile_linear(f"(?im){phrase.before}({phrase.regex}){phrase.after}")
        return regex

    def _hits(self, number: int, stretch: Stretch) -> Iterator[Hit]:
        regex, data, at = self._regex(number), stretch.encoded.data, 0
        while (match := regex.search(data, at)) is not None:
            found = match.span(1)
            # On from the end of what counts: the full stop that ended this sentence begins the next one.
            at = max(found[1], at + 1)
            start, end = stretch.span(found)
            yield Hit(start, end, self.phrases[number].source)

    def branches(self) -> tuple[tuple[str, str], ...]:
        found: list[tuple[str, str]] = []
        for phrase in self.phrases:
            whole = f"(?im){phrase.before}({phrase.regex}){phrase.after}"
            found.append((phrase.source, whole))
            found.extend((f"{label} in {phrase.source}", f"(?im){pattern}") for label, pattern in phrase.branches())
        return tuple(found)
