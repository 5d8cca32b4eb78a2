"""``tonecheck check`` with the formats of code hosts, a baseline, and changed lines alone."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tonecheck.ci import FORMATS

FIT = "The balance is $40. Thank you.\n"
HARSH = "The balance is $40.\nPay now or we will sue you.\n"
BLAMING = "The balance is $40. You forgot to pay in March.\n"


@pytest.fixture(autouse=True)
def drafts(folder: Path) -> None:
    for name, text in {"fit.txt": FIT, "harsh.txt": HARSH, "blaming.txt": BLAMING}.items():
        Path(name).write_text(text, encoding="utf-8")


def rules(stdout: str) -> list[tuple[str, str]]:
    """File and rule of each finding in an rdjson result."""
    rows = json.loads(stdout)["diagnostics"]
    return [(row["location"]["path"], row["code"]["value"]) for row in rows]


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_has_every_finding_and_the_same_exit_status(run, format: str) -> None:
    done = run("check", "fit.txt", "harsh.txt", "blaming.txt", "--format", format)
    assert done.exit_code == run("check", "fit.txt", "harsh.txt", "blaming.txt").exit_code == 1
    assert done.stderr == ""
    assert done.stdout.count("threat/lawsuit") >= 1 and "blame/forgot" in done.stdout
    assert run("check", "fit.txt", "--format", format).exit_code == 0


def test_a_draft_that_cannot_be_read_leaves_the_others_in_the_report(run) -> None:
    done = run("check", "nowhere.txt", "harsh.txt", "--format", "rdjson")
    assert done.exit_code == 2
    assert "nowhere.txt" in done.stderr
    assert ("harsh.txt", "threat/lawsuit") in rules(done.stdout)


def test_standard_input_has_a_name_in_every_format(run) -> None:
    for format in FORMATS:
        assert "stdin" in run("check", "-", "--format", format, input=HARSH).stdout


def test_the_format_can_be_set_in_the_configuration(run, folder: Path) -> None:
    Path("own.toml").write_text('[output]\nformat = "gitlab"\n', encoding="utf-8")
    from click.testing import CliRunner

    from tonecheck.cli import main

    words = ["check", "harsh.txt", "--config", "own.toml", "--pipeline", "none", "--model", "none"]
    done = CliRunner().invoke(main, words)
    assert [issue["check_name"] for issue in json.loads(done.stdout)] == ["threat/lawsuit"]


# --- the baseline ----------------------------------------------------------------------------------------------------


def test_what_a_new_baseline_holds_is_hidden_from_then_on(run) -> None:
    first = run("check", "harsh.txt", "blaming.txt", "--baseline", "known.json", "--new-baseline")
    assert first.exit_code == 0
    assert first.stderr == "tonecheck: known.json: holds 2 findings of this run\n"
    again = run("check", "harsh.txt", "blaming.txt", "--baseline", "known.json", "--format", "rdjson")
    assert (again.exit_code, rules(again.stdout), again.stderr) == (0, [], "")


def test_a_new_finding_is_shown_and_decides_the_exit_status(run) -> None:
    run("check", "harsh.txt", "--baseline", "known.json", "--new-baseline")
    Path("harsh.txt").write_text("Hello.\n" + HARSH + "You forgot to pay in March.\n", encoding="utf-8")
    done = run("check", "harsh.txt", "--baseline", "known.json", "--format", "rdjson")
    assert (done.exit_code, rules(done.stdout)) == (1, [("harsh.txt", "blame/forgot")])
    assert run("check", "harsh.txt", "--baseline", "known.json", "--fail-on", "block").exit_code == 0


def test_text_and_json_show_what_is_left_and_say_that_something_is_hidden(run) -> None:
    run("check", "harsh.txt", "--baseline", "known.json", "--new-baseline")
    report = json.loads(run("check", "harsh.txt", "--baseline", "known.json", "--format", "json").stdout)
    assert (report["verdict"], report["score"], report["findings"]) == ("send", 100, [])
    assert report["reasons"][-1] == "1 finding of the baseline not shown"
    text = run("check", "harsh.txt", "--baseline", "known.json").stdout
    assert "sue" not in text and "1 finding of the baseline not shown" in text


def test_an_update_takes_out_what_is_mended_and_adds_nothing(run) -> None:
    run("check", "harsh.txt", "blaming.txt", "--baseline", "known.json", "--new-baseline")
    Path("harsh.txt").write_text(FIT, encoding="utf-8")
    Path("fit.txt").write_text(HARSH, encoding="utf-8")
    files = ("harsh.txt", "blaming.txt", "fit.txt", "--baseline", "known.json")
    told = run("check", *files)
    assert told.stderr == (
        "tonecheck: known.json: threat/lawsuit in harsh.txt mended; take it out with --update-baseline\n"
    )
    updated = run("check", *files, "--update-baseline")
    assert updated.exit_code == 1
    assert updated.stderr == "tonecheck: known.json: 1 finding mended and taken out\n"
    (entry,) = json.loads(Path("known.json").read_text(encoding="utf-8"))["entries"]
    assert (entry["path"], entry["rule"]) == ("blaming.txt", "blame/forgot")
    assert run("check", *files).stderr == ""


def test_a_file_that_was_not_checked_keeps_its_entries(run) -> None:
    run("check", "harsh.txt", "blaming.txt", "--baseline", "known.json", "--new-baseline")
    before = Path("known.json").read_bytes()
    assert run("check", "harsh.txt", "--baseline", "known.json", "--update-baseline").stderr == ""
    assert Path("known.json").read_bytes() == before


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--update-baseline"], "need --baseline FILE"),
        (["--new-baseline"], "need --baseline FILE"),
        (["--baseline", "nowhere.json"], "there is no such baseline; make one with --new-baseline"),
        (["--baseline", "nowhere.json", "--update-baseline"], "there is no such baseline"),
        (["--baseline", "nowhere/known.json", "--new-baseline"], "nowhere/known.json: cannot be written"),
        (["--diff", "-x"], "is no name of a commit"),
        (["--diff", ""], "is no name of a commit"),
    ],
)
def test_a_wrong_option_is_one_sentence_and_status_2(run, options: list[str], said: str) -> None:
    done = run("check", "harsh.txt", *options)
    assert done.exit_code == 2
    assert said in done.stderr and done.stderr.count("\n") == 1


# --- changed lines ---------------------------------------------------------------------------------------------------


@pytest.fixture
def committed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "x"]):
        subprocess.run(["git", "-c", "user.name=t", "-c", "user.email=t@example.com", *words], check=True)


def test_only_findings_on_changed_lines_are_shown(run, committed: None) -> None:
    Path("harsh.txt").write_text(HARSH + "You forgot to pay in March.\n", encoding="utf-8")
    files = ("harsh.txt", "blaming.txt")
    done = run("check", *files, "--diff", "HEAD", "--format", "rdjson")
    assert (done.exit_code, rules(done.stdout)) == (1, [("harsh.txt", "blame/forgot")])
    report = json.loads(run("check", "harsh.txt", "--diff", "HEAD", "--format", "json").stdout)
    assert report["verdict"] == "revise"
    assert report["reasons"][-1] == "1 finding on lines that did not change not shown"


def test_nothing_changed_is_nothing_shown(run, committed: None) -> None:
    done = run("check", "harsh.txt", "--diff", "HEAD", "--format", "rdjson")
    assert (done.exit_code, rules(done.stdout)) == (0, [])


def test_what_is_missing_is_shown_for_a_file_that_changed(run, committed: None) -> None:
    Path("fit.txt").write_text("Thank you.\n", encoding="utf-8")
    done = run("check", "fit.txt", "--diff", "HEAD", "--format", "rdjson")
    assert rules(done.stdout) == [("fit.txt", "missing/balance")]


def test_baseline_and_changed_lines_go_together(run, committed: None) -> None:
    run("check", "harsh.txt", "--baseline", "known.json", "--new-baseline")
    Path("harsh.txt").write_text(
        "The balance is $40.\nYou forgot to pay. Pay now or we will sue you.\n", encoding="utf-8"
    )
    done = run("check", "harsh.txt", "--baseline", "known.json", "--diff", "HEAD", "--format", "rdjson")
    assert rules(done.stdout) == [("harsh.txt", "blame/forgot")]
