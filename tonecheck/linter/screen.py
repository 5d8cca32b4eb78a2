"""The checker without its model: quick enough to look at hundreds of texts of one template."""

from __future__ import annotations

from dataclasses import replace

from tonecheck.engine import Checker
from tonecheck.model.tone_model import ToneModel


class Screen(Checker):
    """The rules of a checker, and all that it has read, prepared and remembered; no model."""

    def __init__(self, checker: Checker) -> None:
        # Not loaded anew: what takes long about a checker is the same for both.
        self.__dict__.update(checker.__dict__)
        self.config = replace(checker.config, backend="none", suggestions=False)
        self.model = ToneModel("none")
        self.rules = [rule for rule in checker.rules if rule.verb != "model"]
        self._plans = {}
        self.__dict__["_anchors"] = checker._anchors
