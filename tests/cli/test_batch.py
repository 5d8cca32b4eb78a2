"""``tonecheck batch``: order, bad lines, defaults, and an output that is whole or not there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

SECRET = "Rosebud"
GOOD = {"id": "good", "text": "The balance is $40. Thank you.", "customer": 7}


def lines_of(*records: object) -> str:
    return "".join((record if isinstance(record, str) else json.dumps(record)) + "\n" for record in records)


def rows_of(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def test_the_order_and_the_ids_are_kept(run) -> None:
    records = [{"id": number, "text": f"The balance is ${number + 1}."} for number in range(12)]
    done = run("batch", "-", "-o", "-", "--pipeline", "none", input=lines_of(*records))
    assert done.exit_code == 0
    rows = rows_of(done.stdout)
    assert [row["id"] for row in rows] == list(range(12))
    assert {row["report"]["verdict"] for row in rows} == {"send"}
    assert done.stderr == "12 records: 12 send\n"


@pytest.mark.parametrize(
    ("bad", "record_id", "title", "detail"),
    [
        (f'{{"id": 1, "text": "{SECRET}', None, "Not JSON", "line 2: Invalid control character"),
        (f'"{SECRET}"', None, "Not a record", "line 2: a record is a JSON object"),
        ("[" * 100_000, None, "Not JSON", "line 2: nested too deeply"),
        ("9" * 5000, None, "Not JSON", "line 2:"),
        ({"text": SECRET}, None, "Invalid field", "line 2: id:"),
        ({"id": True, "text": SECRET}, None, "Invalid field", "line 2: id:"),
        ({"id": "x"}, "x", "Invalid field", "line 2: text:"),
        ({"id": "x", "text": [SECRET]}, "x", "Invalid field", "line 2: text:"),
        ({"id": "x", "text": " \n"}, "x", "Unreadable draft", "line 2: the draft is empty"),
        ({"id": "x", "text": SECRET, "channel": "emial"}, "x", "Invalid field", "did you mean 'email'?"),
        (
            {"id": "x", "text": SECRET, "channel": 3},
            "x",
            "Invalid field",
            "line 2: channel: give one of email",
        ),
        (
            {"id": "x", "text": "a", "channel": f"Dear {SECRET}"},
            "x",
            "Invalid field",
            "line 2: channel: give one of",
        ),
        (
            {"id": "x", "text": "a", "stage": SECRET * 100_000},
            "x",
            "Invalid field",
            "line 2: stage: give one of",
        ),
        ({"id": "x", "text": SECRET, "flags": "time_barred"}, "x", "Invalid field", "line 2: flags:"),
        (
            {"id": "x", "text": SECRET, "flags": ["time_bared"]},
            "x",
            "Invalid field",
            "did you mean 'time_barred'?",
        ),
    ],
)
def test_a_bad_record_gives_an_error_in_its_place(run, bad, record_id, title, detail) -> None:
    done = run("batch", "-", "-o", "-", "--pipeline", "none", input=lines_of(GOOD, bad, GOOD))
    assert done.exit_code == 0
    before, error, after = rows_of(done.stdout)
    assert before == after
    assert before["id"] == "good"
    assert error["id"] == record_id
    assert set(error) == {"id", "error"}
    assert error["error"]["title"] == title
    assert detail in error["error"]["detail"]
    assert SECRET not in done.output
    assert done.stderr == "3 records: 2 send, 1 error\n"


def test_bytes_that_are_no_utf8_and_blank_lines_are_told_by_their_line(run) -> None:
    done = run("batch", "-", "-o", "-", input=b'\n\xff\xfe\n\n{"id": 1}\n')
    assert [row["error"]["detail"][:7] for row in rows_of(done.stdout)] == ["line 2:", "line 4:"]


def test_a_failure_inside_one_record_does_not_cost_the_others(run, monkeypatch) -> None:
    from tonecheck import Checker

    check = Checker.check

    def fragile(self, draft, *args, **kwargs):
        if SECRET in draft:
            raise ZeroDivisionError(draft)
        return check(self, draft, *args, **kwargs)

    monkeypatch.setattr(Checker, "check", fragile)
    done = run("batch", "-", "-o", "-", input=lines_of({"id": 1, "text": SECRET}, GOOD))
    first, second = rows_of(done.stdout)
    assert first["error"]["title"] == "Internal error"
    assert "ZeroDivisionError" in first["error"]["detail"]
    assert second["id"] == "good"
    assert SECRET not in done.output


@pytest.mark.parametrize(("fail_on", "status"), [(None, 1), ("block", 0), ("never", 0)])
def test_the_exit_status_follows_fail_on(run, fail_on, status) -> None:
    options = ["--fail-on", fail_on] if fail_on else []
    harsh = {"id": 1, "text": "The balance is $40. You forgot to pay."}
    assert run("batch", "-", "-o", "-", *options, input=lines_of(GOOD, harsh)).exit_code == status


def test_fields_of_a_record_win_over_the_options(run) -> None:
    records = [
        {"id": 1, "text": "Hello."},
        {"id": 2, "text": "Hello.", "channel": "chat", "stage": None, "flags": []},
    ]
    done = run(
        "batch",
        "-",
        "-o",
        "-",
        "--channel",
        "sms",
        "--stage",
        "thanks",
        "--flag",
        "texas",
        input=lines_of(*records),
    )
    first, second = (row["report"]["profile"] for row in rows_of(done.stdout))
    assert (first["channel"], first["stage"], first["flags"]) == ("sms", "thanks", ["texas"])
    assert (second["channel"], second["stage"], "flags" in second) == ("chat", "thanks", False)


def test_an_unpaired_surrogate_in_a_record_is_answered_in_valid_utf8(run) -> None:
    done = run("batch", "-", "-o", "-", input='{"id": "\\ud800", "text": "The balance is $40."}\n')
    assert rows_of(done.stdout_bytes.decode("utf-8"))[0]["id"] == "\ud800"


def test_out_is_written_whole_and_keeps_its_old_content_on_a_failure(run, folder: Path) -> None:
    out = folder / "out.jsonl"
    out.write_text("old", encoding="utf-8")
    (folder / "in.jsonl").write_text(lines_of(GOOD), encoding="utf-8")
    assert run("batch", "missing.jsonl", "-o", out).exit_code == 2
    assert out.read_text(encoding="utf-8") == "old"
    assert run("batch", "in.jsonl", "-o", out).exit_code == 0
    assert rows_of(out.read_text(encoding="utf-8"))[0]["id"] == "good"
    assert sorted(path.name for path in folder.iterdir()) == [".git", "in.jsonl", "out.jsonl"]


def test_in_can_be_replaced_by_its_own_answers(run, folder: Path) -> None:
    (folder / "a.jsonl").write_text(lines_of(GOOD), encoding="utf-8")
    assert run("batch", "a.jsonl", "-o", "a.jsonl").exit_code == 0
    assert "report" in rows_of((folder / "a.jsonl").read_text(encoding="utf-8"))[0]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("missing.jsonl", "-o", "out"), "missing.jsonl: cannot be read: No such file"),
        ((".", "-o", "out"), ".: cannot be read: Is a directory"),
        (("-", "-o", "nowhere/out"), "nowhere/out: cannot be written: No such file"),
        (("-",), "Missing option '-o'"),
        (("-", "-o", "-", "--jobs", "0"), "--jobs"),
    ],
)
def test_a_file_that_cannot_be_used_is_status_2(run, arguments, message) -> None:
    done = run("batch", *arguments, input=lines_of(GOOD))
    assert done.exit_code == 2
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_line_that_is_too_long_is_skipped_without_losing_the_next(run, monkeypatch) -> None:
    monkeypatch.setattr("tonecheck.records.LONGEST_LINE", 200)
    monkeypatch.setattr("tonecheck.records._CHUNK", 64)
    done = run("batch", "-", "-o", "-", input=lines_of({"id": 1, "text": "a" * 1000}, GOOD))
    first, second = rows_of(done.stdout)
    assert first["error"] == {
        "title": "Line too long",
        "detail": "line 1: the line is longer than a record may be",
    }
    assert second["id"] == "good"
