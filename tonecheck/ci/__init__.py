"""Findings for continuous integration: the formats that code hosts read, a baseline, and a look at changed lines alone.

``render`` writes any of ``FORMATS``; each has a module of its own, imported when it is asked for.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence

from tonecheck.ci.findings import Located

FORMATS = ("sarif", "github", "gitlab", "junit", "rdjson")


def render(format: str, items: Sequence[Located], *, version: str, paths: Sequence[str] = ()) -> str:
    """The findings in ``format``, ending in a newline unless empty; the same to the byte for the same findings.

    ``paths``: every file that was looked at, so that those without findings can be told from those left out.
    """
    if format not in FORMATS:
        raise ValueError(f"no such format: {format}")
    text = importlib.import_module(f"tonecheck.ci.{format}").render(items, version=version, paths=paths)
    assert isinstance(text, str)
    return text
