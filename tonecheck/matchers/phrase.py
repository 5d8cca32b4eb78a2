"""``phrase``: the phrase language of ``tonecheck.phrase``, run on the view with facts masked."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence, Set
from functools import cached_property
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
        found = self._found(self._candidates(view))
        if not found:
            return ()
        sources = [phrase.source for phrase in self.phrases]
        return [Hit(span.start, span.end, sources[number]) for _, number, span in sorted(found)]

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
        return bool(self._found(self._candidates(view)))

    def found_in(self, masked: str) -> bool:
        """Whether any phrase stands in a short text whose facts are masked already."""
        stretch = Stretch(0, masked)
        return any(
            may_match(phrase.needs, stretch.words)
            and (self._regexes.get(number) or self._regex(number)).search(stretch.encoded.data) is not None
            for number, phrase in enumerate(self.phrases)
        )

    def _candidates(self, view: View) -> Sequence[tuple[int, Stretch]]:
        """Phrases, by number, and the stretches whose words allow them."""
        if view.index is not None and self in view.index.owners:
            return view.possible.get(self, ())
        return self._allowed(view.stretches)

    def _allowed(self, stretches: Iterable[Stretch]) -> list[tuple[int, Stretch]]:
        return [
            (number, stretch)
            for stretch in stretches
            for number, phrase in enumerate(self.phrases)
            if may_match(phrase.needs, stretch.words)
        ]

    def _regex(self, number: int) -> Any:
        phrase = self.phrases[number]
        regex = self._regexes[number] = compile_linear(f"(?im){phrase.before}({phrase.regex}){phrase.after}")
        return regex

    def _found(self, candidates: Iterable[tuple[int, Stretch]]) -> list[tuple[int, int, Span]]:
        """Start, number of the phrase, and span of every match."""
        found: list[tuple[int, int, Span]] = []
        for number, stretch in candidates:
            regex = self._regexes.get(number) or self._regex(number)
            data, at = stretch.encoded.data, 0
            while (match := regex.search(data, at)) is not None:
                place = match.span(1)
                # On from the end of what counts: the full stop that ended this sentence begins the next one.
                at = max(place[1], at + 1)
                span = stretch.span(place)
                found.append((span.start, number, span))
                if len(found) >= MAX_HITS:
                    return found
        return found

    def branches(self) -> tuple[tuple[str, str], ...]:
        found: list[tuple[str, str]] = []
        for phrase in self.phrases:
            whole = f"(?im){phrase.before}({phrase.regex}){phrase.after}"
            found.append((phrase.source, whole))
            found.extend(
                (f"{label} in {phrase.source}", f"(?im){pattern}") for label, pattern in phrase.branches()
            )
        return tuple(found)
