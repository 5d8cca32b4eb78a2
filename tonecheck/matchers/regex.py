"""``regex``: RE2 patterns, run on the view as written. RE2 is linear in the text and refuses what cannot be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

from tonecheck.analysis import Analysis, View
from tonecheck.matchers import Hit, WithoutPhrases
from tonecheck.phrase import Lexicon


def compile_linear(pattern: str) -> Any:
    """An RE2 pattern for UTF-8 bytes. Raises ``ValueError`` with RE2's reason (look-around and back-references do not exist)."""
    import re2

    options = re2.Options()
    options.log_errors = False
    options.max_mem = 64 << 20
    try:
        return re2.compile(pattern.encode("utf-8"), options)
    except re2.error as err:
        reason = err.args[0].decode() if err.args and isinstance(err.args[0], bytes) else str(err)
        raise ValueError(f"RE2 cannot read {pattern!r}: {reason}") from err


class RegexMatcher(WithoutPhrases):
    def __init__(self, argument: Any, lexicon: Lexicon) -> None:
        self.sources = tuple([argument] if isinstance(argument, str) else argument)
        for source in self.sources:
            if compile_linear(source).search(b"") is not None:
                raise ValueError(f"{source!r} matches nothing at all, so it would match everywhere")

    @cached_property
    def _regexes(self) -> tuple[Any, ...]:
        return tuple(compile_linear(source) for source in self.sources)

    def find(self, analysis: Analysis, view: View) -> Sequence[Hit]:
        return list(self._find(analysis, view))

    def _find(self, analysis: Analysis, view: View) -> Iterator[Hit]:
        for source, regex in zip(self.sources, self._regexes, strict=True):
            for match in regex.finditer(view.encoded.data):
                found = match.span(1 if regex.groups else 0)
                if 0 <= found[0] < found[1]:
                    start, end = view.encoded.span(found)
                    yield Hit(start, end, source)

    def branches(self) -> tuple[tuple[str, str], ...]:
        return tuple((source, f"({source})") for source in self.sources)
