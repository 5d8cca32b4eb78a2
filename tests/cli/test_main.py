"""The command line as a process: start-up, errors, pipes, interrupts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tonecheck import __version__
from tonecheck.cli import main

HEAVY = {"spacy", "yaml", "numpy", "re2", "textstat", "tonecheck.engine", "tonecheck.rulepack"}


def tonecheck(
    *arguments: str, input: str | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tonecheck", *arguments],
        input=input,
        stdin=subprocess.DEVNULL if input is None else None,
        capture_output=True,
        encoding="utf-8",
        env={
            **os.environ,
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "TONECHECK_CACHE": "off",
            **environment,
        },
    )


@pytest.mark.parametrize(
    "arguments", [["--help"], ["check", "--help"], ["--version"], ["rules", "test", "--help"]]
)
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    code = (
        "import sys\nfrom tonecheck.cli import main\n"
        f"try: main({arguments!r})\nexcept SystemExit as end: print(*sys.modules, file=sys.stderr); raise"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", cwd=Path(__file__).parents[2]
    )
    assert done.returncode == 0, done.stderr
    modules = set(done.stderr.split())
    assert "click" in modules
    assert modules & HEAVY == set()


def test_help_and_version_name_the_commands_and_the_version() -> None:
    shown = tonecheck("--help").stdout
    assert [name for name in ("check", "batch", "rules", "eval") if f"\n  {name} " not in shown] == []
    assert tonecheck("--version").stdout == f"tonecheck, version {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["chek"], "No such command 'chek'"),
        (["check", "--chanel", "sms"], "see 'tonecheck check --help'"),
        (["rules", "explain"], "see 'tonecheck rules explain --help'"),
    ],
)
def test_a_wrong_call_is_one_line_on_stderr(arguments: list[str], message: str) -> None:
    done = tonecheck(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("tonecheck: error: ")
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


def test_no_command_shows_the_help_as_an_error() -> None:
    done = tonecheck()
    assert (done.returncode, done.stdout) == (2, "")
    assert "Commands:" in done.stderr


def test_no_file_and_a_terminal_is_refused_with_a_hint(run, monkeypatch) -> None:
    monkeypatch.setattr("click.testing._NamedTextIOWrapper.isatty", lambda self: True, raising=False)
    done = run("check")
    assert done.exit_code == 2
    assert "tonecheck check - < draft.txt" in done.stderr


@pytest.mark.parametrize("debug", [False, True])
def test_our_own_mistake_names_its_kind_and_never_the_draft(run, monkeypatch, debug: bool) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise ZeroDivisionError("Dear Rosebud")

    monkeypatch.setattr("tonecheck.engine.Checker.check_document", broken)
    if debug:
        monkeypatch.setenv("TONECHECK_DEBUG", "1")
    done = run("check", "-", input="Dear Rosebud")
    assert done.exit_code == 2
    assert ("Traceback" in done.stderr) is debug
    if not debug:
        assert "ZeroDivisionError inside tonecheck" in done.stderr
        assert "report it" in done.stderr
        assert "Rosebud" not in done.output
        assert done.stderr.count("\n") == 1


def test_a_rule_that_fails_is_named(run, monkeypatch) -> None:
    from tonecheck.errors import BrokenRule

    def broken(*args: object, **kwargs: object) -> None:
        raise BrokenRule("threat/lawsuit", "KeyError")

    monkeypatch.setattr("tonecheck.engine.Checker.check_document", broken)
    done = run("check", "-", input="Hello")
    assert done.exit_code == 2
    assert done.stderr == "tonecheck: error: standard input: rule threat/lawsuit failed: KeyError\n"


def test_an_interrupt_is_status_130_without_a_traceback(run, monkeypatch) -> None:
    def interrupted(*args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("tonecheck.engine.Checker.check_document", interrupted)
    done = run("check", "-", input="Hello")
    assert done.exit_code == 130
    assert done.stderr.strip() == ""


def test_without_standalone_mode_the_status_is_returned(folder: Path) -> None:
    assert main(["check", "--show-config"], standalone_mode=False) == 0


@pytest.mark.skipif(os.name == "nt", reason="a closed pipe is told otherwise on Windows")
def test_a_reader_that_stops_reading_is_no_error(tmp_path: Path) -> None:
    # More than a pipe holds, so that writing meets the closed end.
    source = tmp_path / "in.jsonl"
    source.write_text('{"id": 1, "text": ""}\n' * 3000, encoding="utf-8")
    command = f"{sys.executable} -m tonecheck batch {source} -o - --no-config --pipeline none | head -c 10"
    done = subprocess.run(
        ["bash", "-c", f"{command}; exit ${{PIPESTATUS[0]}}"],
        capture_output=True,
        encoding="utf-8",
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 141
    assert done.stderr == ""


def test_worker_processes_give_the_same_bytes_as_one(tmp_path: Path) -> None:
    records = [{"id": number, "text": f"The balance is ${number}."} for number in range(20)] + [{"id": "bad"}]
    source = tmp_path / "in.jsonl"
    source.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    options = ["--no-config", "--pipeline", "none", "--fail-on", "never"]
    one, two = (
        tonecheck("batch", str(source), "-o", "-", "--jobs", jobs, *options, TONECHECK_CACHE=str(tmp_path))
        for jobs in ("1", "2")
    )
    assert one.returncode == two.returncode == 0, two.stderr
    assert one.stdout == two.stdout
    assert [json.loads(line)["id"] for line in two.stdout.splitlines()] == [
        record["id"] for record in records
    ]


def test_a_terminal_without_unicode_gets_plain_signs(tmp_path: Path) -> None:
    done = tonecheck(
        "check",
        "-",
        "--no-config",
        "--pipeline",
        "none",
        "--fail-on",
        "never",
        input="Hi 😀",
        PYTHONIOENCODING="ascii",
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.isascii()
    assert "Content" in done.stdout
