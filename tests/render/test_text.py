"""Text output: whole reports against the files in ``expected/``, and what must never be in them.

To accept a change: ``TONECHECK_ACCEPT=1 pytest tests/render``, and read the difference.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from tonecheck.finding import Finding, Trace
from tonecheck.profile import Profile
from tonecheck.render import text
from tonecheck.render.terminal import Terminal
from tonecheck.report import ELEMENTS, Element, Evidence, Readability, Report, Tone

EXPECTED = Path(__file__).parent / "expected"
DRAFT = (
    "Subject: Account 4471\n"
    "\n"
    "Dear Sam,\n"
    "\tyou failed to pay $120.00 中文 and we will 😀 sue you.\n"
    "Pay at once,\n"
    "or else.\x1b[2J\n"
)


def finding(rule: str, severity: int, quote: str | None = None, **values: object) -> Finding:
    base = Finding(
        rule, rule.split("/")[0], severity, f"What is wrong with “{quote}”.", "What it does to the reader."
    )
    if quote is None:
        return replace(base, message="Something is missing.", **values)
    start = DRAFT.index(quote)
    line_start = DRAFT.rfind("\n", 0, start) + 1
    return replace(
        base,
        start=start,
        end=start + len(quote),
        line=DRAFT.count("\n", 0, start) + 1,
        column=start - line_start + 1,
        quote=quote,
        **values,
    )


def report(verdict: str = "send", *findings: Finding, **values: object) -> Report:
    elements = {name: Element(False, name in ("balance", "contact")) for name in ELEMENTS}
    at = DRAFT.index("$120.00")
    elements["balance"] = Element(True, True, (Evidence(at, at + 7, "$120.00"), Evidence(0, 7, "Subject")))
    base = Report(
        version="1",
        profile=Profile(),
        verdict=verdict,
        score=57,
        findings=findings,
        elements=elements,
        readability=Readability(64, 5, 71.34, 6.21),
        tone=Tone({}),
        reasons=("the reason",),
    )
    return replace(base, **values)


HARSH = report(
    "block",
    finding("compliance/uk", 1, "we will 😀 sue you", citation="CONC 7.3.2"),
    finding("blame/failed-to", 2, "you failed to pay", instead="We have not received the March payment."),
    finding("threat/court", 3, "we will 😀 sue you", trace=Trace("sue you", "we will ... <sue>", (("quoted", False), ("polite", True)))),
    finding("pressure/at-once", 2, "Pay at once,\nor else.\x1b[2J"),
    finding("missing/contact", 2, element="contact"),
    finding("clarity/long", 1),
    reasons=tuple(f"must not be sent: threat/court-{number} (line {number})" for number in range(7)),
    profile=Profile(channel="letter", flags=frozenset({"texas", "time_barred"})),
    suppressed=({"rule": "shouting/capitals", "line": 1, "reason": "a heading that the law requires in capitals"},),
)  # fmt: skip
CLEAN = report(
    elements={name: Element(False, False) for name in ELEMENTS}, readability=Readability(4, 1, 100.0, 0.5)
)

CASES = {
    "harsh": (HARSH, Terminal(), False),
    "harsh-narrow": (HARSH, Terminal(width=48), False),
    "harsh-ascii": (HARSH, Terminal(encoding="ascii"), False),
    "harsh-colour": (HARSH, Terminal(colour=True), False),
    "harsh-explained": (HARSH, Terminal(), True),
    "clean": (CLEAN, Terminal(), False),
}


def rendered(name: str) -> str:
    given, terminal, explain = CASES[name]
    return text.render(given, DRAFT, "drafts/a.txt", terminal, explain=explain)


@pytest.mark.parametrize("name", CASES)
def test_a_report_looks_as_expected(name: str) -> None:
    path = EXPECTED / f"{name}.txt"
    if os.environ.get("TONECHECK_ACCEPT"):
        path.write_bytes(rendered(name).encode("utf-8"))
    assert rendered(name) == path.read_bytes().decode("utf-8")


def test_every_expected_file_belongs_to_a_case() -> None:
    assert {path.stem for path in EXPECTED.iterdir()} == set(CASES)


@pytest.mark.parametrize("name", [name for name in CASES if name != "harsh-colour"])
def test_no_control_character_of_the_draft_comes_through(name: str) -> None:
    shown = rendered(name)
    assert [char for char in shown if char < " " and char != "\n"] == []
    assert all(Terminal().columns(line) <= CASES[name][1].width for line in shown.splitlines())


def test_the_sections_come_in_the_order_in_which_people_read_them() -> None:
    titles = [
        line
        for line in rendered("harsh").splitlines()
        if line in ("Tone", "Missing", "Law", "Clarity", "Content")
    ]
    assert titles == ["Tone", "Missing", "Law", "Clarity", "Content"]


@pytest.mark.parametrize("verdict", ["send", "revise", "block"])
def test_the_quiet_line_and_the_summary(verdict: str) -> None:
    assert (
        text.render_line(report(verdict), "a\x07.txt", Terminal())
        == f"a\\x07.txt: {verdict.upper()} (score 57, 0 findings)\n"
    )
    assert text.summary([report(verdict), report("send")]).startswith("2 drafts: ")
