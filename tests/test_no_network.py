"""A check talks to nobody: a process that may not use the network gives the full report."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

# An audit hook sees what any library of the process tries; it is recorded, too, since a library may catch the error
# and carry on. Making a socket is no offence: spaCy brings urllib3 along, which on import binds one to the machine
# itself to see whether IPv6 is there. Looking up a name, connecting and sending are.
GUARDED = """
import json, sys
tried = []
local = {"socket.__new__", "socket.bind", "socket.gethostname"}

def refuse(event, arguments):
    if (event.startswith("socket.") and event not in local) or event == "urllib.Request":
        tried.append(event)
        raise OSError(f"no network in this test: {event}")

sys.addaudithook(refuse)
"""
CHECK = """
from pathlib import Path
from tonecheck import Checker
checker = Checker()
for name in sys.argv[1:]:
    prose = checker.check(Path(name).read_bytes(), name=name).readability
    print(json.dumps({"tried": tried, "words": prose.words, "ease": prose.flesch_reading_ease}))
"""


def python(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, encoding="utf-8")


def test_the_guard_of_these_tests_refuses_a_connection() -> None:
    done = python(GUARDED + "import socket\nsocket.create_connection(('192.0.2.1', 80), timeout=1)")
    assert done.returncode == 1
    assert "no network in this test" in done.stderr


def test_checking_every_format_reaches_for_no_network(root: Path) -> None:
    drafts = [
        str(path)
        for path in sorted((root / "examples").glob("*.*"))
        if path.suffix in {".txt", ".html", ".eml"}
    ]
    assert len(drafts) > 8
    done = python(GUARDED + CHECK, *drafts)
    assert done.returncode == 0, done.stderr
    reports = [json.loads(line) for line in done.stdout.splitlines()]
    assert [report["tried"] for report in reports] == [[]] * len(drafts)
    assert all(report["words"] > 10 and report["ease"] != 0 for report in reports)


@pytest.mark.parametrize(
    "arguments", [["--help"], ["check", "--fail-on", "never", "--format", "json", "DRAFT"]]
)
def test_the_command_line_reaches_for_no_network(root: Path, arguments: list[str]) -> None:
    draft = str(root / "examples" / "sms-reminder-uk.txt")
    command = """
from tonecheck.cli import main
sys.argv[0] = "tonecheck"
try:
    main()
finally:
    print("tried:", tried, file=sys.stderr)
"""
    done = python(GUARDED + command, *(draft if word == "DRAFT" else word for word in arguments))
    assert done.returncode == 0, done.stderr
    assert "tried: []" in done.stderr
    assert len(done.stdout) > 100
