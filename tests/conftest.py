"""Fixtures for every test, and how property tests run."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

from tonecheck import Checker

ROOT = Path(__file__).parent.parent

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
