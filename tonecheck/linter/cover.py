"""Which of many texts have to be judged so that every sentence is, beside every neighbour that it can have.

What a rule sees in a sentence depends on the sentence and the ones before and after it. So of the thousands of texts that independent
conditions make, a few are enough in which every such window stands; what holds for a whole message (which elements are there) is worked
out from the pieces, see ``tonecheck.linter.judge``.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterable, Sequence

from tonecheck.linter.explore import Block

Window = tuple[int, ...]
END = re.compile(r"[.!?][\"')\]]*(?=\s|$|<)|\n\s*\n|</?(?:p|div|td|tr|li|h[1-6]|br|table|ul|ol)\b", re.I)
_WORD = re.compile(r"\w")
_MOST = 6


class Windows:
    """The windows of texts, and in which texts each stands."""

    def __init__(self, blocks: Sequence[Block], ways: Sequence[tuple[int, ...]]) -> None:
        self.ends = [len(END.findall(block.text)) if _WORD.search(block.text) else 0 for block in blocks]
        self.has_words = [bool(_WORD.search(block.text)) for block in blocks]
        self.by_text: list[frozenset[Window]] = []
        self.texts: dict[Window, int] = {}
        self.with_block: dict[int, int] = {}
        for number, way in enumerate(ways):
            windows = frozenset(self._windows([block for block in way if self.has_words[block]]))
            self.by_text.append(windows)
            bit = 1 << number
            for window in windows:
                self.texts[window] = self.texts.get(window, 0) | bit
            for block in set(way):
                self.with_block[block] = self.with_block.get(block, 0) | bit

    def _windows(self, way: Sequence[int]) -> Iterable[Window]:
        """Around every block: to a whole sentence on either side. A long block parts what is before it from what is after."""
        for at, block in enumerate(way):
            first = self._reach(way, at, -1)
            last = self._reach(way, at, 1)
            if self.ends[block] >= 3:
                yield tuple(way[first : at + 1])
                yield tuple(way[at : last + 1])
            else:
                yield tuple(way[first : last + 1])

    def _reach(self, way: Sequence[int], at: int, step: int) -> int:
        seen = 0
        for _ in range(_MOST):
            if not 0 <= at + step < len(way) or seen:
                break
            at += step
            seen += self.ends[way[at]]
        return at

    def covering(self) -> list[int]:
        """Numbers of texts in which all windows stand: greedily, the text with the most new windows first."""
        missing = set(self.texts)
        heap = [(-len(windows), number) for number, windows in enumerate(self.by_text)]
        heapq.heapify(heap)
        chosen: list[int] = []
        while missing and heap:
            gain, number = heapq.heappop(heap)
            now = len(self.by_text[number] & missing)
            if now < -gain:
                if now:
                    heapq.heappush(heap, (-now, number))
                continue
            chosen.append(number)
            missing -= self.by_text[number]
        return chosen

    def extremes(self, ways: Sequence[tuple[int, ...]], most: int = 60) -> list[int]:
        """For each block that is not everywhere the text with the fewest and the one with the most blocks around it."""
        order = sorted(range(len(ways)), key=lambda number: len(ways[number]))
        everything = (1 << len(ways)) - 1
        chosen: dict[int, None] = {order[0]: None, order[-1]: None}
        wanted = [
            block for block, texts in self.with_block.items() if texts != everything and self.has_words[block]
        ]
        for block in wanted[:most]:
            texts = self.with_block[block]
            chosen.setdefault(next(number for number in order if texts >> number & 1))
            chosen.setdefault(next(number for number in reversed(order) if texts >> number & 1))
        return list(chosen)
