"""The command line by its rules alone, and findings to write."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tonecheck.ci.findings import Fix, Located, Step
from tonecheck.ci.positions import Positions

if TYPE_CHECKING:
    from click.testing import Result

    from tests.conftest import Run

# Two characters of one code point each before the place, of 2 and 4 bytes in UTF-8.
SOURCE = "Hello.\n£40 😀 pay now, Sam.\nOr else\nwe sue.\n"


@pytest.fixture
def run(run: Run) -> Run:
    """As elsewhere, but ``check`` judges by the rules alone and reads no configuration."""

    def call(*arguments: object, input: str | bytes | None = None) -> Result:
        if arguments[0] == "check":
            arguments += ("--pipeline", "none", "--model", "none", "--no-config")
        return run(*arguments, input=input)

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
