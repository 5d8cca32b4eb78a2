"""What a run of the linter is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tonecheck.config import Config
from tonecheck.linter.explore import CAP
from tonecheck.linter.judge import FEW
from tonecheck.linter.parsing import Style
from tonecheck.linter.sources import (
    Variables,
)


@dataclass(frozen=True)
class LintOptions:
    """What a run of the linter was asked for. The profile of a template is that of ``config``, changed by those of the configuration's
    globs that fit it, then by its front matter, then by ``given``, the fields that the call names. Globs are those of paths as they are
    named, and of paths below ``folder``. ``style``: how the team's environment treats white space."""

    config: Config = field(default_factory=Config)
    root: Path | None = None
    variables: Variables = field(default_factory=Variables)
    style: Style = field(default_factory=Style)
    given: Mapping[str, Any] = field(default_factory=dict)
    folder: Path | None = None
    cap: int = CAP
    few: int = FEW
    jobs: int = 1
    cached: bool = True
