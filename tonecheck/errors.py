"""What can go wrong, by whose mistake it is.

TonecheckError
├── UserError            the caller can mend it: exit status 2, HTTP 4xx; the message names place and mend
│   ├── DraftError       the draft cannot be read (binary, wrong encoding, too large, broken container)
│   ├── ProfileError     a profile field has a value that does not exist
│   ├── ConfigError      the configuration file or an option is wrong
│   ├── RulePackError    a rule pack cannot be loaded
│   └── MissingExtra     an optional dependency is not installed
└── BrokenRule           a rule failed while it ran: our bug or the pack's, named by its id
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class TonecheckError(Exception):
    """Base of everything that tonecheck raises on purpose."""


class UserError(TonecheckError):
    """A mistake that the caller can mend. ``str()`` is one sentence with the place and the mend."""


class DraftError(UserError):
    """The draft cannot be read."""


class ProfileError(UserError):
    """A profile field has a value that does not exist.

    ``field`` is the profile field's name, so that a service can point at it.
    """

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field


class ContextError(UserError):
    """What was given about the account cannot be used. ``field`` says where, as a path."""

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field


class ConfigError(UserError):
    """The configuration file or an option is wrong."""


class RulePackError(UserError):
    """A rule pack cannot be loaded. The message starts with ``file:line:``."""


class MissingExtra(UserError):
    """An optional dependency is not installed. The message says which command installs it."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f"{what} needs an extra: pip install 'tonecheck[{extra}]'")


class BrokenRule(TonecheckError):
    """A rule failed while it ran. ``rule`` is its id."""

    def __init__(self, rule: str, reason: str) -> None:
        super().__init__(f"rule {rule} failed: {reason}")
        self.rule = rule


def closest(name: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The known name that was probably meant. ``cutoff``: how alike it has to be, from 0 to 1."""
    return next(iter(difflib.get_close_matches(name, list(known), n=1, cutoff=cutoff)), None)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """``; did you mean 'balance'?``, or nothing."""
    meant = closest(name, known)
    return "" if meant is None else f"; did you mean {meant!r}?"


def one_of(value: object, allowed: Iterable[str], what: str) -> str:
    """The sentence that refuses ``value`` and proposes the nearest allowed one."""
    allowed = list(allowed)
    return f"{what} {str(value)!r} does not exist{did_you_mean(str(value), allowed)} (one of: {', '.join(allowed)})"
