"""The real command line over the few rules of ``tests/cli/packs``, and findings to write."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tonecheck.ci.findings import Fix, Located, Step
from tonecheck.ci.positions import Positions
from tonecheck.cli import main

PACKS = Path(__file__).parents[1] / "cli" / "packs"
Run = Callable[..., Result]

# Two characters of one code point each before the place, of 2 and 4 bytes in UTF-8.
SOURCE = "Hello.\n£40 😀 pay now, Sam.\nOr else\nwe sue.\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: empty, with no configuration above it and no git repository but its own, if a test makes one."""
    monkeypatch.chdir(tmp_path)
    for name in ("TONECHECK_CONFIG", "TONECHECK_DEBUG", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TONECHECK_CACHE", "off")
    monkeypatch.setenv("COLUMNS", "88")
    return tmp_path


@pytest.fixture
def run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """``run("check", "a.txt")`` → click's result, with the output of stdout and stderr apart."""
    monkeypatch.setattr("tonecheck.cli.session.data_folder", lambda name: PACKS)

    def call(*arguments: object, input: str | bytes | None = None) -> Result:
        words = [str(argument) for argument in arguments]
        if words[:1] == ["check"]:
            words += ["--pipeline", "none", "--model", "none", "--no-config"]
        return CliRunner().invoke(main, words, input=input)

    return call


def located(
    quote: str | None = "pay now",
    *,
    path: str = "mails/a b.txt",
    rule: str = "demand/pay",
    severity: int = 2,
    message: str = "A bare command.",
    when: str = "always",
    chain: tuple[Step, ...] = (),
    fix: str | None = None,
    safe: bool = True,
) -> Located:
    """A finding at ``quote`` in ``SOURCE``, or an absence."""
    place = None
    if quote is not None:
        start = SOURCE.index(quote)
        place = Positions(SOURCE).place(start, start + len(quote))
    fixes = (Fix(place, fix, "rephrase", safe),) if place is not None and fix is not None else ()
    return Located(
        path=path,
        rule=rule,
        category=rule.split("/")[0],
        severity=severity,
        message=message,
        why="Orders meet resistance.",
        citation="12 CFR 1006.14",
        place=place,
        quote=quote,
        suggestions=fixes,
        kind="tone" if place else "absence",
        when=when,
        chain=chain,
    )


EVERYTHING = [
    located(fix="please pay", severity=1),
    located("Or else\nwe sue", rule="threat/lawsuit", severity=3, message="100% a threat: yes,\r\nno"),
    located(None, rule="missing/balance", message='No balance <&">\x1b]0;\x07 [here](x)'),
    located(
        rule="blank/name",
        when="`plan` is set",
        chain=(Step("mails/base é.j2", 3, "extends"), Step("", None, "macro greeting")),
    ),
]
