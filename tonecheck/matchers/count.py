"""``count``: the same thing too often: ``{phrase: […] | regex: […], at_least: N}``. The hit is the N-th occurrence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from tonecheck.analysis import Analysis, View
from tonecheck.anchors import AnchorIndex
from tonecheck.matchers import Hit, Matcher
from tonecheck.matchers.phrase import PhraseMatcher
from tonecheck.matchers.regex import RegexMatcher
from tonecheck.phrase import Lexicon


class CountMatcher:
    def __init__(self, argument: Any, lexicon: Lexicon) -> None:
        keys = set(argument) if isinstance(argument, dict) else set()
        if keys not in ({"phrase", "at_least"}, {"regex", "at_least"}):
            raise ValueError("count takes 'at_least' and one of 'phrase' and 'regex'")
        self.at_least = argument["at_least"]
        if not isinstance(self.at_least, int) or self.at_least < 2:
            raise ValueError("count.at_least is a whole number from 2")
        self._inner: Matcher = (
            PhraseMatcher(argument["phrase"], lexicon)
            if "phrase" in argument
            else RegexMatcher(argument["regex"], lexicon)
        )
        self.needs = self._inner.needs

    def prepare(self, index: AnchorIndex) -> None:
        self._inner.prepare(index)

    def practise(self) -> Iterator[None]:
        return self._inner.practise()

    def find(self, analysis: Analysis, view: View) -> Sequence[Hit]:
        return self._inner.find(analysis, view)[self.at_least - 1 : self.at_least]

    def branches(self) -> tuple[tuple[str, str], ...]:
        return self._inner.branches()
