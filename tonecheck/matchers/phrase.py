"""``phrase``: the phrase language of ``tonecheck.phrase``, run on the view with facts masked."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence, Set
from functools import cached_property
from itertools import islice
from typing import Any

from tonecheck.analysis import Analysis, Stretch, View
from tonecheck.anchors import AnchorIndex, Anchors, Needs, any_of, may_match
from tonecheck.document import Span
from tonecheck.matchers import Hit
from tonecheck.matchers.regex import compile_linear
from tonecheck.phrase import Lexicon, Phrase, compile_phrase

# As many places as a rule looks at in one message. No letter comes near it; without it, a megabyte of "pay now" would
# be looked at a hundred thousand times.
MAX_HITS = 1000


class PhraseMatcher:
    def __init__(self, argument: Any, lexicon: Lexicon) -> None:
        self.phrases: tuple[Phrase, ...] = tuple(
            compile_phrase(source, lexicon)
            for source in ([argument] if isinstance(argument, str) else argument)
        )
        self._regexes: dict[int, Any] = {}  # compiled when first needed: most never are

    @cached_property
    def needs(self) -> Needs:
        return any_of(Anchors(phrase.needs) for phrase in self.phrases).needs

    def prepare(self, index: AnchorIndex) -> None:
        """Make the phrases known to ``index``."""
        for number, phrase in enumerate(self.phrases):
            index.add(self, number, phrase.needs)

    def find(self, analysis: Analysis, view: View) -> Sequence[Hit]:
        """Hits in the order of the text; where two begin at one place, in the order of the phrases."""
        return [
            Hit(span.start, span.end, self.phrases[number].source)
            for _, number, span in sorted(self._found(self._candidates(view)))
        ]

    def spans(self, view: View, around: Set[int]) -> list[Span]:
        """Where the phrases stand in the stretches that hold one of the offsets, in order, overlapping places joined."""
        stretches = view.stretches
        near = {bisect_right(stretches, offset, key=lambda stretch: stretch.start) - 1 for offset in around}
        candidates = self._allowed(stretches[number] for number in sorted(near) if number >= 0)
        joined: list[Span] = []
        for span in sorted(span for _, _, span in self._found(candidates)):
            if joined and span.start < joined[-1].end:
                joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
            else:
                joined.append(span)
        return joined

    def stands_in(self, view: View) -> bool:
        """Whether any phrase stands in the view."""
        return any(True for _ in self._found(self._candidates(view)))

    def found_in(self, masked: str) -> bool:
        """Whether any phrase stands in a short text whose facts are masked already."""
        stretch = Stretch(0, masked)
        return any(
            may_match(phrase.needs, stretch.words)
            and self._regex(number).search(stretch.encoded.data) is not None
            for number, phrase in enumerate(self.phrases)
        )

    def _candidates(self, view: View) -> Sequence[tuple[int, Stretch]]:
        """Phrases, by number, and the stretches whose words allow them, in the order of the text: where ``MAX_HITS``
        cuts must not depend on the order of a set."""
        if view.index is not None and self in view.index.owners:
            return sorted(view.possible.get(self, ()), key=lambda pair: (pair[1].start, pair[0]))
        return self._allowed(view.stretches)

    def _allowed(self, stretches: Iterable[Stretch]) -> list[tuple[int, Stretch]]:
        return [
            (number, stretch)
            for stretch in stretches
            for number, phrase in enumerate(self.phrases)
            if may_match(phrase.needs, stretch.words)
        ]

    def _regex(self, number: int) -> Any:
        regex = self._regexes.get(number)
        if regex is None:
            regex = self._regexes[number] = compile_linear(self.phrases[number].pattern)
        return regex

    def _found(self, candidates: Iterable[tuple[int, Stretch]]) -> Iterator[tuple[int, int, Span]]:
        """Start, number of the phrase, and span of the first ``MAX_HITS`` matches."""
        return islice(self._matches(candidates), MAX_HITS)

    def _matches(self, candidates: Iterable[tuple[int, Stretch]]) -> Iterator[tuple[int, int, Span]]:
        for number, stretch in candidates:
            regex = self._regex(number)
            data, at = stretch.encoded.data, 0
            while (match := regex.search(data, at)) is not None:
                place = match.span(1)
                # On from the end of what counts: the full stop that ended this sentence begins the next one.
                at = max(place[1], at + 1)
                span = stretch.span(place)
                yield span.start, number, span

    def branches(self) -> tuple[tuple[str, str], ...]:
        found: list[tuple[str, str]] = []
        for phrase in self.phrases:
            found.append((phrase.source, phrase.pattern))
            found.extend((f"{label} in {phrase.source}", pattern) for label, pattern in phrase.branches())
        return tuple(found)
