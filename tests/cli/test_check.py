"""``tonecheck check`` over a few rules: outputs, options, exit statuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

FIT = "The balance is $40. Thank you."
HARSH = "The balance is $40.\nPay now or we will sue you.\n"
BLAMING = "The balance is $40. You forgot to pay in March."


@pytest.mark.parametrize(
    ("draft", "options", "status"),
    [
        (FIT, [], 0),
        (BLAMING, [], 1),
        (HARSH, [], 1),
        (BLAMING, ["--fail-on", "block"], 0),
        (HARSH, ["--fail-on", "block"], 1),
        (HARSH, ["--fail-on", "never"], 0),
        (HARSH, ["--disable", "threat/*"], 0),
        (HARSH, ["--disable", "threat/sue"], 0),  # a former id
        (HARSH, ["--severity", "threat/*=2", "--fail-on", "block"], 0),
        (HARSH, ["--severity", "threat/*=1", "--severity", "threat/lawsuit=3", "--fail-on", "block"], 1),
        ("Please call.", [], 1),
        ("Please call.", ["--stage", "thanks"], 0),
        (FIT, ["--format", "json"], 0),
        (HARSH, ["--format", "json"], 1),
        ("", [], 2),
        (FIT, ["--channel", "emial"], 2),
        (FIT, ["--config", "nowhere.toml"], 2),
        (FIT, ["--pack", "nowhere.yaml"], 2),
        (FIT, ["--disable", "threat/nowhere"], 2),
        (FIT, ["--severity", "threat/lawsuit=4"], 2),
        (FIT, ["--severity", "threat/lawsuit"], 2),
        (FIT, ["--explain-miss", "threat/nowhere"], 2),
        (FIT, ["--flag", "nowhere"], 2),
        (FIT, ["--config", "a.toml", "--no-config"], 2),
        (FIT, ["--chanel", "sms"], 2),
        (FIT, ["--input-format", "pdf"], 2),
    ],
)
def test_the_exit_status_tells_what_was_found(run, draft, options, status) -> None:
    done = run("check", "-", "--pipeline", "none", *options, input=draft)
    assert done.exit_code == status, done.output
    assert (done.stderr == "") is (status != 2)
    if status == 2:
        assert done.stdout == ""
        assert done.stderr.startswith("tonecheck: error: ")
        assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        (["--channel", "emial"], "did you mean 'email'?"),
        (["--flag", "time-bared"], "did you mean 'time_barred'?"),
        (
            ["--disable", "threat/lawsuits"],
            "--disable: there is no rule 'threat/lawsuits'; did you mean 'threat/lawsuit'?",
        ),
        (
            ["--severity", "blame/forget=1"],
            "--severity: there is no rule 'blame/forget'; did you mean 'blame/forgot'?",
        ),
        (["--explain-miss", "missing/balanse"], "did you mean 'missing/balance'?"),
        (["--chanel", "sms"], "--channel"),
        (["--severity", "x=9"], "threat/court=2"),
    ],
)
def test_a_wrong_option_is_refused_with_the_nearest_right_one(run, options, hint) -> None:
    assert hint in run("check", "-", *options, input=FIT).stderr


def test_json_of_one_draft_is_its_report(run) -> None:
    report = json.loads(run("check", "-", "--format", "json", "--channel", "call-script", input=HARSH).stdout)
    (finding,) = report["findings"]
    assert HARSH[finding["start"] : finding["end"]] == finding["quote"] == "we will sue you"
    assert report["profile"]["channel"] == "call_script"
    assert report["elements"]["balance"]["evidence"] == [{"start": 15, "end": 18, "quote": "$40"}]
    assert "trace" not in finding


def test_json_of_several_drafts_is_a_list_and_the_same_each_time(run, folder: Path) -> None:
    (folder / "a.txt").write_text(FIT, encoding="utf-8")
    (folder / "b.txt").write_text("The balance is £40 – you forgot to pay.", encoding="utf-8")
    first, second = (run("check", "a.txt", "b.txt", "--format", "json") for _ in range(2))
    assert first.stdout == second.stdout
    rows = json.loads(first.stdout)
    assert [(row["path"], row["report"]["verdict"]) for row in rows] == [
        ("a.txt", "send"),
        ("b.txt", "revise"),
    ]
    assert "£40 – you" in first.stdout


def test_a_draft_that_cannot_be_read_does_not_hide_the_others(run, folder: Path) -> None:
    (folder / "good.txt").write_text(FIT, encoding="utf-8")
    (folder / "empty.txt").write_text(" \n", encoding="utf-8")
    (folder / "folder").mkdir()
    done = run("check", "missing.txt", "empty.txt", "folder", "good.txt", "--format", "json")
    assert done.exit_code == 2
    assert [row["path"] for row in json.loads(done.stdout)] == ["good.txt"]
    lines = done.stderr.splitlines()
    assert [line.split(":")[2].strip() for line in lines] == ["missing.txt", "empty.txt", "folder"]
    assert "folder/*.txt" in lines[2]


def test_several_drafts_end_in_a_summary(run, folder: Path) -> None:
    for name, draft in (("a.txt", FIT), ("b.txt", HARSH), ("c.txt", BLAMING)):
        (folder / name).write_text(draft, encoding="utf-8")
    done = run("check", "a.txt", "b.txt", "c.txt", "--quiet")
    assert done.stdout.splitlines() == [
        "a.txt: SEND (score 100, 0 findings)",
        "b.txt: BLOCK (score 65, 1 finding)",
        "c.txt: REVISE (score 88, 1 finding)",
        "3 drafts: 1 block, 1 revise, 1 send",
    ]


def test_explain_tells_what_matched_and_which_guards_were_tried(run) -> None:
    text = run("check", "-", "--explain", input=HARSH).stdout
    assert "matched  we will sue you" in text
    assert "guards   polite did not hold" in text
    report = json.loads(run("check", "-", "--explain", "--format", "json", input=HARSH).stdout)
    assert report["findings"][0]["trace"]["guards"] == [{"guard": "polite", "held": False}]


@pytest.mark.parametrize(
    ("draft", "rule", "options", "reason"),
    [
        (HARSH, "threat/sue", [], "it fired"),
        (HARSH, "threat/lawsuit", ["--disable", "threat/*"], "rules.disable has 'threat/*'"),
        ("Bailiffs call.", "compliance/uk-only", [], "it is for jurisdiction uk; the profile says us"),
        (FIT, "blame/forgot", [], "words that it needs do not stand in the message"),
        ("Forgot, you said.", "blame/forgot", [], "words that it needs do not stand in the message"),
        (
            "Sorry, we will sue you.",
            "threat/lawsuit",
            [],
            "1:8: 'we will sue you' matches “we will sue you”, but guard 'polite' holds",
        ),
        ("Hello,\n> we will sue you\nIt is well.", "threat/lawsuit", [], "is not the sender speaking"),
        (FIT, "missing/balance", [], "what it would miss is there"),
        (FIT, "balance/any-amount", [], "evidence of balance, which is there"),
        (
            "We will sue you. <!-- tonecheck: ignore threat/sue -- counsel said so -->",
            "threat/lawsuit",
            [],
            "a comment in the draft suppresses it (line 1)",
        ),
    ],
)
def test_explain_miss_says_why_a_rule_did_not_fire(run, draft, rule, options, reason) -> None:
    done = run("check", "-", "--pipeline", "none", "--explain-miss", rule, *options, input=draft)
    told = done.stdout.split("is not reported:")[1]
    assert reason in " ".join(told.split())
    report = json.loads(
        run(
            "check",
            "-",
            "--pipeline",
            "none",
            "--format",
            "json",
            "--explain-miss",
            rule,
            *options,
            input=draft,
        ).stdout
    )
    assert reason in " ".join(report["explain_miss"]["reasons"])


def test_a_former_id_suppresses_and_the_reason_is_told(run) -> None:
    draft = "The balance is $40. We will sue you. {# tonecheck: ignore threat/sue -- a test of counsel #}"
    done = run("check", "-", input=draft)
    assert done.exit_code == 0
    assert "1 finding suppressed" in done.stdout
    assert "threat/lawsuit (line 1): a test of counsel" in done.stdout


def test_a_configuration_file_is_found_and_options_win_over_it(run, folder: Path) -> None:
    (folder / "tonecheck.toml").write_text(
        '[output]\nformat = "json"\n[profile]\nchannel = "sms"\n', encoding="utf-8"
    )
    assert json.loads(run("check", "-", input=FIT).stdout)["profile"]["channel"] == "sms"
    assert (
        json.loads(run("check", "-", "--channel", "chat", input=FIT).stdout)["profile"]["channel"] == "chat"
    )
    assert run("check", "-", "--format", "text", input=FIT).stdout.startswith("standard input  sms")
    assert run("check", "-", "--no-config", input=FIT).stdout.startswith("standard input  email")


def test_a_rule_named_in_the_file_but_not_there_is_reported_with_its_line(run, folder: Path) -> None:
    (folder / "tonecheck.toml").write_text(
        '[rules]\ndisable = [\n  "blame/*",\n  "sarcasm/*",\n]\n', encoding="utf-8"
    )
    done = run("check", "-", input=FIT)
    assert done.exit_code == 2
    assert done.stderr.startswith("tonecheck: error: tonecheck.toml:4: there is no rule 'sarcasm/*'")


def test_show_config_names_every_origin(run, folder: Path) -> None:
    (folder / "tonecheck.toml").write_text('[profile]\nchannel = "sms"\n', encoding="utf-8")
    shown = run("check", "--show-config", "--disable", "blame/forgot").stdout
    assert 'channel = "sms"  # tonecheck.toml:2' in shown
    assert '"blame/forgot",  # --disable' in shown
    assert 'pipeline = "default"  # default' in shown


def test_a_hostile_file_name_cannot_reach_the_terminal_raw(run, folder: Path) -> None:
    name = "a\x1b[31m\nb.txt"
    (folder / name).write_text(HARSH, encoding="utf-8")
    done = run("check", name, "gone\x1b[2J.txt")
    assert "a\\x1b[31m\\x0ab.txt" in done.stdout
    assert "gone\\x1b[2J.txt" in done.stderr
    assert "\x1b" not in done.output


def test_colour_can_be_forced_and_is_off_in_a_pipe(run) -> None:
    assert "\x1b[31;1mBLOCK" in run("check", "-", "--color", "always", input=HARSH).stdout
    assert "\x1b" not in run("check", "-", input=HARSH).stdout
    assert "\x1b" not in run("check", "-", "--color", "never", input=HARSH).stdout


def test_an_html_file_is_read_as_such_and_underlined_in_its_source(run, folder: Path) -> None:
    (folder / "a.html").write_text(
        "<p>The balance is $40.</p>\n<p>We will <b>sue</b> you.</p>", encoding="utf-8"
    )
    done = run("check", "a.html")
    lines = done.stdout.splitlines()
    at = next(number for number, line in enumerate(lines) if "2 │" in line)
    assert lines[at].endswith("<p>We will <b>sue</b> you.</p>")
    assert lines[at + 1].count("^") == len("We will <b>sue</b> you")
