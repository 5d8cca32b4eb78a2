"""The cadences of this installation: their templates exist, nobody promises what does not follow, and offers stay."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tonecheck import Checker, Config
from tonecheck.library import shipped
from tonecheck.linter.cadence import lint_cadence
from tonecheck.linter.run import Linter, LintOptions

LIBRARY = shipped()
FILES = sorted(Path(LIBRARY.folder).glob("cadences/*.yaml"))
OPTIONS = LintOptions(config=Config(suggestions=False), cached=False)


@pytest.fixture(scope="module")
def linter() -> Linter:
    """One for all, as many cadences share templates."""
    return Linter(OPTIONS, Checker(OPTIONS.config))


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_every_cadence_is_without_a_finding(file: Path, linter: Linter) -> None:
    row = lint_cadence(file, OPTIONS, linter)
    assert [(one["line"], one["message"]) for one in row["findings"]] == []


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_a_cadence_keeps_to_one_country_and_kind_of_sender(file: Path) -> None:
    steps = yaml.safe_load(file.read_text(encoding="utf-8"))["steps"]
    profiles = [LIBRARY.get(step["template"]).profile for step in steps]
    assert len({(one.jurisdiction, one.sender, one.audience) for one in profiles}) == 1
