"""Settings: one typed object with every default, and where the packs of this installation are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tonecheck.profile import Profile

_PACKAGE = Path(__file__).parent


def data_folder(name: str) -> Path:
    """``rules`` or ``templates``: inside the installed package, or beside it in a checkout."""
    installed = _PACKAGE / "_packs" / name
    return installed if installed.exists() else _PACKAGE.parent / name


@dataclass(frozen=True)
class Config:
    """All settings. ``disable`` takes rule ids and globs (``sarcasm/*``); ``severity`` maps ids or globs to 1-3."""

    profile: Profile = field(default_factory=Profile)
    pipeline: str = "default"
    packs: tuple[Path, ...] = ()
    disable: tuple[str, ...] = ()
    severity: Mapping[str, int] = field(default_factory=dict)
    compliance: str = "advise"  # "enforce": legal findings count towards the verdict, too
    fail_on: str = "revise"
