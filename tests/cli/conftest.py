"""The real command line over the few rules of ``packs/``, in this process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tonecheck.cli import main

PACKS = Path(__file__).parent / "packs"
Run = Callable[..., Result]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: empty, and with no configuration above it."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    for name in ("TONECHECK_CONFIG", "TONECHECK_DEBUG", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TONECHECK_CACHE", "off")
    monkeypatch.setenv("COLUMNS", "88")
    return tmp_path


@pytest.fixture
def run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """``run("check", "-", input=…)`` → click's result, with the output of stdout and stderr apart."""
    monkeypatch.setattr("tonecheck.cli.session.data_folder", lambda name: PACKS)

    def call(*arguments: object, input: str | bytes | None = None) -> Result:
        return CliRunner().invoke(main, [str(argument) for argument in arguments], input=input)

    return call
