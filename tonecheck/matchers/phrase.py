"""``phrase``: the phrase language of ``tonecheck.phrase``, run on the view with facts masked."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence, Set
from functools import cached_property
from itertools import islice
from typing import Any

from tonecheck.analysis import Analysis, Stretch, View
from tonecheck.anchors import AnchorIndex, Anchors, Needs, any_of
from tonecheck.document import Span
from tonecheck.linear import Encoded, Linear, compiled
from tonecheck.matchers import Hit
from tonecheck.phrase import Lexicon, Phrase, compile_phrase
from tonecheck.wording import Place, Wording, Wordings

# As many places as a rule looks at in one message. No letter comes near it; without it, a megabyte of "pay now" would
# be looked at a hundred thousand times.
MAX_HITS = 1000


class PhraseMatcher:
    def __init__(self, argument: Any, lexicon: Lexicon) -> None:
        self.phrases: tuple[Phrase, ...] = tuple(
            compile_phrase(source, lexicon)
            for source in ([argument] if isinstance(argument, str) else argument)
        )

    @cached_property
    def needs(self) -> Needs:
        return any_of(Anchors(phrase.needs) for phrase in self.phrases).needs

    def prepare(self, index: AnchorIndex) -> None:
        """Make the phrases known to ``index``."""
        for number, phrase in enumerate(self.phrases):
            index.add(self, number, phrase.needs)

    def practise(self) -> Iterator[None]:
        """Compile the phrases, one at each step."""
        for number in range(len(self.phrases)):
            self._regex(number)
            yield

    @cached_property
    def _own_index(self) -> AnchorIndex:
        """For those who look for these phrases alone."""
        index = AnchorIndex()
        self.prepare(index)
        return index

    def find(self, analysis: Analysis, view: View) -> Sequence[Hit]:
        """Hits in the order of the text; where two begin at one place, in the order of the phrases."""
        return [
            Hit(start, end, self.phrases[number].source)
            for number, start, end in sorted(self._found(view), key=lambda place: (place.start, place.number))
        ]

    def spans(self, view: View, around: Set[int]) -> list[Span]:
        """Where the phrases stand in the stretches that hold one of the offsets, in order, overlapping places joined."""
        stretches = view.stretches
        near = {bisect_right(stretches, offset, key=lambda stretch: stretch.start) - 1 for offset in around}
        near_places = (
            place for number in sorted(near) if number >= 0 for place in stretches[number].places(self)
        )
        joined: list[Span] = []
        for span in sorted(Span(place.start, place.end) for place in islice(near_places, MAX_HITS)):
            if joined and span.start < joined[-1].end:
                joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
            else:
                joined.append(span)
        return joined

    def stands_in(self, view: View) -> bool:
        """Whether any phrase stands in the view."""
        return any(True for _ in self._found(view))

    def found_in(self, masked: str, wordings: Wordings | None = None) -> bool:
        """Whether any phrase stands in a short text whose facts are masked already; ``wordings`` remember it."""
        return bool((Wordings() if wordings is None else wordings).of(masked).places(self))

    def search(self, wording: Wording, numbers: Iterable[int] | None) -> Iterator[Place]:
        """Where the phrases stand in ``wording``, phrase by phrase, at most ``MAX_HITS``. ``numbers``: those that its words
        allow, in order, where the caller knows."""
        if numbers is None:
            numbers = self._own_index.possible(wording.words).get(self, ())
        return islice(self._matches(wording.encoded, numbers), MAX_HITS)

    def _regex(self, number: int) -> Linear:
        # Compiled when needed: most never are.
        return compiled(self.phrases[number].pattern)

    def _found(self, view: View) -> Iterator[Place]:
        """The first ``MAX_HITS`` places, stretch by stretch."""
        if view.index is not None and self in view.index.owners:
            candidates: Iterable[tuple[Stretch, Iterable[int] | None]] = view.possible.get(self, ())
        else:
            candidates = ((stretch, None) for stretch in view.stretches)
        places = (place for stretch, numbers in candidates for place in stretch.places(self, numbers))
        return islice(places, MAX_HITS)

    def _matches(self, encoded: Encoded, numbers: Iterable[int]) -> Iterator[Place]:
        for number in numbers:
            regex, wide = self._regex(number)
            data = encoded.data(wide)
            at = 0
            while (match := regex.search(data, at)) is not None:
                place = match.span(1)
                # On from the end of what counts: the full stop that ended this sentence begins the next one.
                at = max(place[1], at + 1)
                yield Place(number, *encoded.span(place, wide))

    def branches(self) -> tuple[tuple[str, str], ...]:
        found: list[tuple[str, str]] = []
        for phrase in self.phrases:
            found.append((phrase.source, phrase.pattern))
            found.extend((f"{label} in {phrase.source}", pattern) for label, pattern in phrase.branches())
        return tuple(found)
