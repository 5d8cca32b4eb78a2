"""A library of one template in a folder of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tonecheck.library import Library

HEAD = """---
title: A note
purpose: For a test.
profile: {channel: chat, stage: reminder, jurisdiction: us}
variables:
  name: {type: string, meaning: "The name", samples: ["Sam"]}
---
"""
Make = Callable[..., Library]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """``make(source, {"_macros/m.j2": "…"}, id="note/chat-us")`` → a library with this template and these other files."""

    def write(source: str, others: dict[str, str] | None = None, id: str = "note/chat-us") -> Library:
        for name, text in {f"{id}.j2": source, **(others or {})}.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return Library(tmp_path)

    return write


@pytest.fixture
def body(make: Make) -> Callable[..., str]:
    """``body("{{ a | money }}", "money", 5)`` → the text of a body that uses ``a``, a variable of this type with this value."""

    def rendered(
        text: str, type: str, value: object, *, jurisdiction: str = "us", samples: str | None = None
    ) -> str:
        shown = samples or {"money": "1", "date": '"2027-05-14"', "string": '"x"', "integer": "1"}[type]
        head = (
            f"---\ntitle: T\npurpose: P\nprofile: {{channel: chat, stage: reminder, jurisdiction: {jurisdiction}}}\n"
            f"variables:\n  a: {{type: {type}, meaning: M, samples: [{shown}], optional: true}}\n---\n"
        )
        return (
            make(head + text, id=f"note/chat-{jurisdiction}")
            .render(f"note/chat-{jurisdiction}", {"a": value})
            .text
        )

    return rendered
