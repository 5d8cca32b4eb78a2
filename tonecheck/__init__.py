"""tonecheck reads a draft collection message and says how it will land, what is missing and what the law says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from tonecheck.config import Config
    from tonecheck.engine import Checker, check
    from tonecheck.errors import TonecheckError, UserError
    from tonecheck.finding import Finding, Suggestion
    from tonecheck.profile import Profile
    from tonecheck.report import Element, Evidence, Readability, Report, Tone

_HOME = {
    "Checker": "engine",
    "Config": "config",
    "Element": "report",
    "Evidence": "report",
    "Finding": "finding",
    "Profile": "profile",
    "Readability": "report",
    "Report": "report",
    "Suggestion": "finding",
    "Tone": "report",
    "TonecheckError": "errors",
    "UserError": "errors",
    "check": "engine",
}

__all__ = [
    "Checker",
    "Config",
    "Element",
    "Evidence",
    "Finding",
    "Profile",
    "Readability",
    "Report",
    "Suggestion",
    "Tone",
    "TonecheckError",
    "UserError",
    "check",
]


def __getattr__(name: str) -> Any:
    # Imported on first use, so that `import tonecheck` and `tonecheck --help` stay quick.
    if name in _HOME:
        import importlib

        value = getattr(importlib.import_module(f"tonecheck.{_HOME[name]}"), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module 'tonecheck' has no attribute {name!r}")
