"""A rule as it is used: when it applies, what it looks for, what it says."""

from __future__ import annotations

import datetime
import fnmatch
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from tonecheck.matchers import Matcher, build
from tonecheck.matchers.phrase import PhraseMatcher
from tonecheck.phrase import Lexicon
from tonecheck.profile import Profile
from tonecheck.report import ELEMENTS


@dataclass(frozen=True, slots=True)
class Example:
    """A text that shows what a rule does. ``spans`` are the marked places in ``text`` (marks taken out)."""

    text: str
    spans: tuple[tuple[int, int], ...]
    profile: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Examples:
    flag: tuple[Example, ...] = ()
    passing: tuple[Example, ...] = ()
    known_alarm: tuple[Example, ...] = ()
    known_miss: tuple[Example, ...] = ()


@dataclass(frozen=True)
class Rule:
    """One rule. ``severity`` is 1 to 3; 0 for evidence of an element."""

    id: str
    category: str
    severity: int
    verb: str
    argument: Any
    lexicon: Lexicon = field(repr=False)
    message: str = ""
    why: str = ""
    instead: str | None = None
    insert: str | None = None
    citation: str | None = None
    source: str | None = None
    effective_from: datetime.date | None = None
    effective_until: datetime.date | None = None
    applies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    view: str = "spoken"
    report: str = "match"
    unless: tuple[str, ...] = ()
    only_if: tuple[str, ...] = ()
    sentence_has: tuple[str, ...] = ()
    sentence_lacks: tuple[str, ...] = ()
    message_has: tuple[str, ...] = ()
    message_lacks: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()
    confidence: float = 0.9
    own_severity: bool = False  # the user chose it: it holds wherever the rule applies
    verdict: bool = True
    aliases: tuple[str, ...] = ()
    examples: Examples = field(default_factory=Examples, repr=False)
    place: str = ""

    @property
    def is_element(self) -> bool:
        return self.category in ELEMENTS

    @property
    def names(self) -> tuple[str, ...]:
        """The id and the former ids."""
        return (self.id, *self.aliases)

    def is_named(self, pattern: str) -> bool:
        """Whether ``pattern``, an id or a glob (``sarcasm/*``), stands for this rule."""
        return any(fnmatch.fnmatchcase(name, pattern) for name in self.names)

    @cached_property
    def matcher(self) -> Matcher:
        return build(self.verb, self.argument, self.lexicon)

    @cached_property
    def conditions(self) -> dict[str, PhraseMatcher]:
        """Phrases that the sentence or the message must have or lack, or that a hit must not be part of."""
        named = {
            "sentence_has": self.sentence_has,
            "sentence_lacks": self.sentence_lacks,
            "message_has": self.message_has,
            "message_lacks": self.message_lacks,
            "exceptions": self.exceptions,
        }
        return {
            name: PhraseMatcher(list(phrases), self.lexicon) for name, phrases in named.items() if phrases
        }

    def applies_to(self, profile: Profile, as_of: datetime.date | None = None) -> bool:
        """Whether the rule is meant for this profile and in force. ``flags`` must all be declared, ``not_flags`` none."""
        for name, values in self.applies.items():
            if name == "flags":
                if not set(values) <= profile.flags:
                    return False
            elif name == "not_flags":
                if set(values) & profile.flags:
                    return False
            elif getattr(profile, name) not in values:
                return False
        if as_of is not None:
            if self.effective_from and as_of < self.effective_from:
                return False
            if self.effective_until and as_of > self.effective_until:
                return False
        return True
