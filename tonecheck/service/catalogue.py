"""The rules as ``/v1/rules`` shows them, and the digest that tells one set of rules, model and settings from another."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from tonecheck.config import Config, data_folder
from tonecheck.model.backends import SHIPPED
from tonecheck.render.rules import as_rows
from tonecheck.rulepack import Rule, load


class Catalogue:
    """Read when first asked for: a service that only checks needs no examples."""

    def __init__(self, config: Config) -> None:
        self._config = config

    @cached_property
    def _rules(self) -> list[Rule]:
        return load([data_folder("rules"), *self._config.packs], examples=True)

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """All rules without their examples."""
        in_force = {rule.id: rule for rule in self._rules if not self._is_off(rule)}
        return as_rows(self._rules, in_force)

    def _is_off(self, rule: Rule) -> bool:
        return any(rule.is_named(pattern) for pattern in self._config.disable)

    def page(self, name: str) -> dict[str, Any] | None:
        """The rule with this id or former id, with the examples that it must flag and must pass."""
        rule = next((rule for rule in self._rules if name in rule.names), None)
        if rule is None:
            return None
        row = next(row for row in self.rows if row["id"] == rule.id)
        return {
            **row,
            "examples": {
                "flag": [example.text for example in rule.examples.flag],
                "pass": [example.text for example in rule.examples.passing],
            },
        }

    @cached_property
    def digest(self) -> str:
        """Of all that a report depends on beside the draft: rules, phrasings, model and settings."""
        total = hashlib.blake2b(repr(self._config).encode(), digest_size=16)
        for path in self._files():
            total.update(path.name.encode())
            total.update(path.read_bytes())
        return total.hexdigest()

    def _files(self) -> Iterator[Path]:
        for root in (data_folder("rules"), *self._config.packs):
            yield from [root] if root.is_file() else sorted(root.rglob("*.yaml"))
        yield from sorted(path for path in SHIPPED.iterdir() if path.is_file())
