"""Every kind against its list of examples and near misses in ``cases/<kind>.yaml``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tonecheck.entities import KINDS, find_entities

CASES: dict[str, Any] = {
    path.stem: yaml.safe_load(path.read_text(encoding="utf-8"))
    for path in sorted(Path(__file__).with_name("cases").glob("*.yaml"))
}


def quotes(text: str, kind: str) -> list[str]:
    return [text[entity.start : entity.end] for entity in find_entities(text) if entity.kind == kind]


def test_every_kind_has_cases() -> None:
    assert sorted(CASES) == sorted(KINDS)
    for kind in ("amount", "date", "phone", "reference"):
        assert len(CASES[kind]["found"]) >= 25
        assert len(CASES[kind]["not_found"]) >= 15


@pytest.mark.parametrize(
    ("kind", "text", "expected"), [(kind, row[0], row[1:]) for kind in CASES for row in CASES[kind]["found"]]
)
def test_found(kind: str, text: str, expected: list[str]) -> None:
    assert quotes(text, kind) == expected


@pytest.mark.parametrize(
    ("kind", "text"), [(kind, text) for kind in CASES for text in CASES[kind]["not_found"]]
)
def test_not_found(kind: str, text: str) -> None:
    assert quotes(text, kind) == []
