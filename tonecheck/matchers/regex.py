"""``regex``: RE2 patterns, run on the view as written. RE2 is linear in the text and refuses what cannot be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

from tonecheck.analysis import Analysis, View
from tonecheck.linear import Screen, compile_linear
from tonecheck.matchers import Hit, WithoutPhrases
from tonecheck.phrase import Lexicon


class RegexMatcher(WithoutPhrases):
    def __init__(self, argument: Any, lexicon: Lexicon) -> None:
        self.sources = tuple([argument] if isinstance(argument, str) else argument)
        self._regexes = tuple(map(compile_linear, self.sources))
        for source, (regex, _) in zip(self.sources, self._regexes, strict=True):
            if regex.search(b"") is not None:
                raise ValueError(f"{source!r} matches nothing at all, so it would match everywhere")
        self._is_used = False

    @cached_property
    def _screen(self) -> Screen:
        return Screen(self.sources)

    def practise(self) -> Iterator[None]:
        self._screen  # noqa: B018
        self._is_used = True
        yield

    def find(self, analysis: Analysis, view: View) -> Sequence[Hit]:
        # For a single text, to build the screen would take longer than it saves.
        if self._is_used and not self._screen.lets_through(view.encoded):
            return ()
        self._is_used = True
        return list(self._find(analysis, view))

    def _find(self, analysis: Analysis, view: View) -> Iterator[Hit]:
        for source, (regex, wide) in zip(self.sources, self._regexes, strict=True):
            for match in regex.finditer(view.encoded.data(wide)):
                found = match.span(1 if regex.groups else 0)
                if 0 <= found[0] < found[1]:
                    start, end = view.encoded.span(found, wide)
                    yield Hit(start, end, source)

    def branches(self) -> tuple[tuple[str, str], ...]:
        return tuple((source, f"({source})") for source in self.sources)
