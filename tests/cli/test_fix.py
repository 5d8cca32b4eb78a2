"""``tonecheck fix``, through the real command line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HARSH = "Dear Sam,\n\nYou owe us $1,000. Please call us on 555-0142.\n\nDana\n"


def run(*arguments: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tonecheck", "fix", *arguments],
        input=text,
        capture_output=True,
        encoding="utf-8",
    )


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    path = tmp_path / "draft.txt"
    path.write_text(HARSH, encoding="utf-8")
    return path


def test_the_mended_draft_goes_to_standard_output(draft):
    done = run(str(draft))
    assert "There is a balance of $1,000 on your account." in done.stdout
    assert "edit" in done.stderr and "score" in done.stderr
    assert draft.read_text() == HARSH


def test_a_diff_changes_nothing(draft):
    done = run(str(draft), "--diff")
    assert "-You owe us $1,000." in done.stdout and "+There is a balance of $1,000" in done.stdout
    assert draft.read_text() == HARSH


def test_in_place_writes_the_file_and_the_status_is_that_of_the_mended_draft(draft):
    done = run(str(draft), "--in-place", "--unsafe")
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert "You owe us" not in draft.read_text()
    assert run(str(draft), "--unsafe").stdout == draft.read_text()


def test_standard_input_and_a_context(draft, tmp_path):
    context = tmp_path / "account.json"
    context.write_text('{"payment_link": "https://pay.example.com/7"}')
    done = run("-", "--unsafe", "--context", str(context), text=HARSH)
    assert "https://pay.example.com/7" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["no-such-file.txt"], "cannot be read"),
        (["--in-place", "-"], "--in-place needs files"),
        (["{draft}", "--in-place", "--diff"], "--in-place needs files"),
        (["{draft}", "--context", "no-such.json"], "no-such.json: cannot be read"),
        (["{draft}", "--unsaf"], "--unsafe"),
    ],
)
def test_a_wrong_call_is_one_line_and_status_2(draft, arguments, message):
    done = run(*(argument.replace("{draft}", str(draft)) for argument in arguments))
    assert done.returncode == 2
    assert message in done.stderr and done.stderr.count("\n") == 1
