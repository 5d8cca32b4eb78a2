"""What is asked of a checker, and its answer as bytes: the same in this process and in a worker's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tonecheck import records
from tonecheck.profile import Profile
from tonecheck.render import json

if TYPE_CHECKING:
    from tonecheck.engine import Checker
    from tonecheck.rewrite.account import Account


@dataclass(frozen=True)
class Job:
    """``draft``: as it was handed in. ``account``: values as in ``Account``; ``None`` where nothing is known. It holds a draft, and must
    neither be logged nor stored."""

    draft: str = field(repr=False)
    profile: Profile
    format: str | None = None
    account: Mapping[str, str] | None = field(default=None, repr=False)

    def run(self, checker: Checker) -> bytes:
        """The report, as ``tonecheck check --format json`` writes it."""
        report = checker.check(self.draft, self.profile, format=self.format, account=self._account())
        return json.render(report).encode("utf-8")

    def _account(self) -> Account | None:
        from tonecheck.rewrite.account import Account

        return None if self.account is None else Account(self.account)


@dataclass(frozen=True)
class Mend(Job):
    """``unsafe``: with all suggestions, not only the safe ones."""

    unsafe: bool = False

    def run(self, checker: Checker) -> bytes:
        """``{"text", "changed", "applied", "before", "after"}``: the mended draft, the edits of all passes, and the reports on both."""
        from tonecheck.rewrite.fix import fix

        fixed = fix(
            checker,
            self.draft,
            self.profile,
            unsafe=self.unsafe,
            format=self.format,
            account=self._account(),
        )
        answer = {
            "text": fixed.text,
            "changed": fixed.text != fixed.source,
            "applied": [
                {"rule": finding.rule, "suggestion": suggestion.to_dict()}
                for finding, suggestion in fixed.applied
            ],
            "before": fixed.before.to_dict(),
            "after": fixed.after.to_dict(),
        }
        return (json.dumps(answer, indent=2) + "\n").encode("utf-8")


@dataclass(frozen=True)
class Record:
    """A line of JSON Lines. Its answer is a line; it fails for nothing."""

    line: records.Line = field(repr=False)

    def run(self, checker: Checker) -> bytes:
        return records.answer(self.line, checker).line
