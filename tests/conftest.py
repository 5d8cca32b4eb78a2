"""Fixtures for every test, and how property tests run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import settings

from tonecheck import Checker
from tonecheck.cli import main

ROOT = Path(__file__).parent.parent
# A few rules, for what is about the command line and not about the rules.
PACKS = Path(__file__).parent / "cli" / "packs"
Run = Callable[..., Result]

# A slow or busy machine is no failure: time is measured under benchmarks/, not asserted here.
settings.register_profile("tonecheck", deadline=None, print_blob=True)
settings.load_profile("tonecheck")


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def checker() -> Checker:
    """One checker with every shipped rule and the default pipeline, loaded once for all tests."""
    return Checker()


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
    """The real command line over the rules of ``PACKS``, in this process: ``run("check", "-", input=…)`` → click's result,
    with the output of stdout and stderr apart."""
    monkeypatch.setattr("tonecheck.cli.session.data_folder", lambda name: PACKS)

    def call(*arguments: object, input: str | bytes | None = None) -> Result:
        return CliRunner().invoke(main, [str(argument) for argument in arguments], input=input)

    return call
