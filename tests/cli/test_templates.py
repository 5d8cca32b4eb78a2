"""``tonecheck templates``: list, show and render."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tonecheck.library import shipped
from tonecheck.library.samples import first

ID = "reminder-after-due/email-us"
TEXT = "reminder-after-due/sms-us"


def test_list_shows_ids_and_titles_of_those_that_are_wanted(run) -> None:
    done = run("templates", "list", "--channel", "sms", "--jurisdiction", "us", "--stage", "reminder")
    assert done.exit_code == 0
    assert f"  {TEXT} " in done.stdout
    assert "Friendly text after the due date" in done.stdout
    assert ID not in done.stdout


def test_list_as_json_has_what_a_program_needs_to_ask_for_values(run) -> None:
    rows = json.loads(run("templates", "list", "--format", "json").stdout)["templates"]
    assert [row["id"] for row in rows] == list(shipped().ids)
    (row,) = [row for row in rows if row["id"] == ID]
    assert row["profile"]["channel"] == "email"
    assert row["variables"]["agent_name"]["optional"] is True
    assert row["variables"]["balance"] == {
        "type": "money",
        "meaning": "What is open",
        "samples": [186.2, 12000, "0.99"],
        "optional": False,
    }


def test_show_tells_the_head_in_words_the_source_and_a_sample(run) -> None:
    done = run("templates", "show", TEXT)
    assert done.exit_code == 0
    for part in (
        "profile  text message, stage reminder, United States;",
        "balance            money: What is open, for example 186.2",
        "  {{ company }}: a friendly note.",
        "  Lark Dental: a friendly note. $186.20 on acct 4421 was due May 14.",
    ):
        assert part in done.stdout


@pytest.mark.parametrize("command", ["show", "render"])
def test_an_unknown_id_is_refused_with_the_nearest(run, command: str) -> None:
    done = run("templates", command, "reminder-after-due/emal-us")
    assert done.exit_code == 2
    assert "did you mean reminder-after-due/email-us?" in done.stderr


def test_render_takes_values_of_a_file_and_single_ones_over_them(run, folder: Path) -> None:
    values = first(shipped().get(TEXT)) | {"company": "North Hall"}
    (folder / "values.json").write_text(json.dumps(values), encoding="utf-8")
    done = run("templates", "render", TEXT, "--values", "values.json", "--set", "balance=40")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith("North Hall: a friendly note. $40.00 on acct 4421")


def test_render_reads_values_of_standard_input_and_fills_up_with_samples(run) -> None:
    done = run("templates", "render", TEXT, "--values", "-", "--sample", input='{"due_date": "2028-02-29"}')
    assert "was due Feb 29." in done.stdout


def test_render_as_json_has_text_subject_html_and_report(run) -> None:
    done = run("templates", "render", ID, "--sample", "--set", "plan_offered=no", "--format", "json")
    answer = json.loads(done.stdout)
    assert answer["text"].startswith(f"Subject: {answer['subject']}\n\nHello Sam Lee,")
    assert answer["html"].startswith("<!doctype html>")
    assert (answer["report"]["verdict"], answer["report"]["profile"]["stage"]) == ("send", "reminder")
    assert "monthly" not in answer["text"]


def test_render_as_html_is_for_email_alone(run) -> None:
    assert run("templates", "render", ID, "--sample", "--format", "html").stdout.startswith("<!doctype html>")
    done = run("templates", "render", TEXT, "--sample", "--format", "html")
    assert done.exit_code == 2
    assert "only an e-mail has HTML" in done.stderr


REFUSED = [
    (("--set", "balance=x", "--sample"), None, "balance: give an amount such as 186.20"),
    (("--set", "balanc=5", "--sample"), None, "balanc: there is no such variable (did you mean 'balance'?)"),
    (("--set", "balance", "--sample"), None, "write it as NAME=VALUE"),
    ((), None, "company: it is required: the business that writes, short; account_reference: it is required"),
    (("--values", "-"), "{", "standard input:1:2: not valid JSON"),
    (("--values", "-"), "[]", "the values are a JSON object"),
    (("--values", "-"), b'{"a": "\xff"}', "standard input: not UTF-8: see its byte 8"),
    (("--values", "-"), "[" * 5000, "nested too deeply"),
    (("--values", "none.json"), None, "none.json: cannot be read"),
]


@pytest.mark.parametrize(("arguments", "input", "said"), REFUSED)
def test_values_that_do_not_fit_are_refused_on_one_line(run, arguments, input, said) -> None:
    done = run("templates", "render", TEXT, *arguments, input=input)
    assert done.exit_code == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


@pytest.mark.parametrize(("fail_on", "status"), [("revise", 1), ("never", 0)])
def test_a_message_that_is_not_fit_to_send_is_told_by_the_exit_status(run, fail_on: str, status: int) -> None:
    threat = "Pay or we will sue you. Lark Dental"
    done = run("templates", "render", TEXT, "--sample", "--set", f"company={threat}", "--fail-on", fail_on)
    assert done.exit_code == status
    assert done.stdout.startswith(threat)
    assert ("tonecheck: block:" in done.stderr) == bool(status)
