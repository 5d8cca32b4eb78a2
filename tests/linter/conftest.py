"""Templates written to a folder, and linted without a model unless a test asks for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tonecheck.config import Config
from tonecheck.engine import Checker
from tonecheck.linter.run import Linter, LintOptions

Lint = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def rules_alone() -> Checker:
    return Checker(Config(suggestions=False, backend="none"))


@pytest.fixture
def lint_one(tmp_path: Path, rules_alone: Checker) -> Lint:
    """Writes files below a folder and lints the first of them: ``lint_one({"a.txt": …}, option=…)`` gives its row."""

    def run(files: dict[str, str] | str, **options: Any) -> dict[str, Any]:
        files = {"a.txt": files} if isinstance(files, str) else files
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode("utf-8"))
        asked = {"config": rules_alone.config, "cached": False, **options}
        return Linter(LintOptions(**asked), rules_alone).lint_file(tmp_path / next(iter(files)))

    return run
