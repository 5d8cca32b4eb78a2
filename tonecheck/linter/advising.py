"""The checker for many texts of one template: it works out what to write only for what it has not been asked about before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from tonecheck.analysis import Analysis
from tonecheck.engine import Checker
from tonecheck.finding import Finding

if TYPE_CHECKING:
    from tonecheck.rewrite.account import Account

Choose = Callable[[Sequence[Finding]], Sequence[Finding]]


class Advising(Checker):
    """A checker with all that it has read, prepared and remembered. ``choose``: of the findings of a text those that want advice."""

    def __init__(self, checker: Checker, choose: Choose) -> None:
        # Not loaded anew: what takes long about a checker is the same for both.
        self.__dict__.update(checker.__dict__)
        self.__dict__["_anchors"] = checker._anchors
        self._choose = choose

    def advised(
        self, findings: Sequence[Finding], analysis: Analysis, account: Account | None
    ) -> tuple[Finding, ...]:
        chosen = self._choose(findings)
        if not chosen:
            return tuple(findings)
        told = super().advised(tuple(chosen), analysis, account)
        advised = {id(one): advice for one, advice in zip(chosen, told, strict=True)}
        return tuple(advised.get(id(one), one) for one in findings)
