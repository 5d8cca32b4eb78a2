"""The match verbs of rules, one module each. A matcher is built once and finds hits in an ``Analysis``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, Protocol

from tonecheck.analysis import Analysis, View
from tonecheck.anchors import AnchorIndex, Needs
from tonecheck.phrase import Lexicon


class Hit(NamedTuple):
    """A match ``[start, end)`` in ``Document.text``, and the pattern that made it. ``start`` is ``None`` for an absence."""

    start: int | None
    end: int | None
    pattern: str
    detail: str = ""  # fills {detail} of the rule's message
    confidence: float | None = None  # where it differs by place; the rule's own if ``None``
    severity: int | None = None


class Matcher(Protocol):
    """What every match verb offers. ``needs``: the words without which it cannot match (see ``tonecheck.anchors``)."""

    @property
    def needs(self) -> Needs: ...

    def prepare(self, index: AnchorIndex) -> None:
        """Make the phrases that it looks for known to ``index``, before any view uses it."""
        ...

    def practise(self) -> Iterator[None]:
        """Compile, a pattern at each step, what is otherwise compiled on its first use."""
        ...

    def find(self, analysis: Analysis, view: View) -> Sequence[Hit]:
        """Every match, in the order of the text."""
        ...

    def branches(self) -> tuple[tuple[str, str], ...]:
        """Alternatives whose use examples must show: label, and a ``re`` pattern with one capturing group."""
        ...


class WithoutPhrases:
    """What matchers share that look at something else than words."""

    needs: Needs = ()

    def prepare(self, index: AnchorIndex) -> None:
        return

    def practise(self) -> Iterator[None]:
        return iter(())

    def branches(self) -> tuple[tuple[str, str], ...]:
        return ()


def build(verb: str, argument: Any, lexicon: Lexicon) -> Matcher:
    """The matcher for one match verb. Raises ``ValueError`` with the mend for an argument that cannot be used."""
    return _builder(verb)(argument, lexicon)


def _builder(verb: str) -> Callable[[Any, Lexicon], Matcher]:
    # Imported here so that a verb nobody uses costs nothing at start-up.
    match verb:
        case "phrase":
            from tonecheck.matchers.phrase import PhraseMatcher

            return PhraseMatcher
        case "regex":
            from tonecheck.matchers.regex import RegexMatcher

            return RegexMatcher
        case "tokens" | "dependency":
            from tonecheck.matchers.tokens import DependencyRuleMatcher, TokenMatcher

            return TokenMatcher if verb == "tokens" else DependencyRuleMatcher
        case "count":
            from tonecheck.matchers.count import CountMatcher

            return CountMatcher
        case "measure":
            from tonecheck.matchers.measure import MeasureMatcher

            return MeasureMatcher
        case "absent":
            from tonecheck.matchers.absent import AbsentMatcher

            return AbsentMatcher
        case "check":
            from tonecheck.matchers.named import NamedCheckMatcher

            return NamedCheckMatcher
        case "model":
            from tonecheck.matchers.model import ModelMatcher

            return ModelMatcher
    raise ValueError(f"there is no match verb {verb!r}")


VERBS = ("phrase", "regex", "tokens", "dependency", "count", "measure", "absent", "check", "model")
