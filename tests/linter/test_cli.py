"""The command: what it writes, its exit status, where variables and profiles come from, and what the cache holds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tonecheck.cli.group import Commands
from tonecheck.config import load_config

GROUP = Commands("tonecheck", "", {"lint": ("tonecheck.cli.templates_lint:lint", "")})
CLEAN = (
    "Dear {{ name }},\n\nYour balance of $186.20 was due on May 14, 2027. You can pay at https://pay.example.com/1, or call us on 555-0142 if "
    "you have a question or would like a payment plan.\n\nKind regards,\nNorth Hall Dental\n"
)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Shared, since it holds the compiled rules as well; what is kept of templates goes by their whole path."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def call(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TONECHECK_CACHE", str(cache))

    def run(*arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(GROUP, ["lint", "--model", "none", "--no-config", *arguments])
        return result.exit_code, result.output

    return run


def test_json_has_every_field_of_the_contract(call: Any) -> None:
    Path("a.txt.j2").write_text("{% if late %}You failed to pay.{% endif %}\n")
    status, output = call("a.txt.j2", "--format", "json")
    (row,) = json.loads(output)["files"]
    finding = next(one for one in row["findings"] if one["rule"] == "blame/failed-to")
    assert status == 1
    assert row["path"] == "a.txt.j2"
    assert row["branches"] == {"explored": 2, "feasible": 2, "capped": False}
    assert finding["path"] == "a.txt.j2"
    assert (finding["start"], finding["end"], finding["line"], finding["column"]) == (13, 30, 1, 14)
    assert (finding["kind"], finding["when"], finding["chain"]) == ("tone", "`late` is set", [])
    assert {
        "category",
        "severity",
        "quote",
        "element",
        "message",
        "why",
        "citation",
        "confidence",
        "detectors",
        "suggestions",
    } <= set(finding)


def test_text_names_the_place_and_the_condition(call: Any) -> None:
    Path("a.txt").write_text("{% if late %}You failed to pay.{% endif %}\n")
    _, output = call("a.txt")
    assert "a.txt:1:14: warning: " in output
    assert "    when `late` is set\n" in output


@pytest.mark.parametrize(("option", "status"), [((), 0), (("--fail-on", "block"), 0)])
def test_a_clean_template_passes(call: Any, option: tuple[str, ...], status: int) -> None:
    Path("a.txt").write_text(CLEAN)
    assert call("a.txt", *option)[0] == status


def test_fail_on_decides_about_the_exit_status(call: Any) -> None:
    Path("a.txt").write_text(CLEAN + "\nYou failed to pay.\n")
    assert [call("a.txt", "--fail-on", level)[0] for level in ("revise", "block", "never")] == [1, 0, 0]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "name a file or a folder"),
        (("nothing.txt",), "nothing.txt: there is no such file or folder"),
        (("a.txt", "--vars", "wrong.yaml"), "wrong.yaml: variable 'x': the type is one of"),
        (("a.txt", "--vars", "broken.json"), "broken.json:1: not valid JSON"),
    ],
)
def test_a_wrong_call_is_one_line_and_status_2(call: Any, arguments: tuple[str, ...], said: str) -> None:
    Path("a.txt").write_text(CLEAN)
    Path("wrong.yaml").write_text("variables: {x: {type: colour}}")
    Path("broken.json").write_text("{")
    status, output = call(*arguments)
    assert status == 2
    assert said in output


@pytest.mark.parametrize("how", ["head", "sidecar", "yaml", "json"])
def test_samples_come_from_the_head_a_sidecar_or_a_file(call: Any, how: str) -> None:
    head = "---\nvariables:\n  name: {type: string, samples: [Sam, '']}\n---\n" if how == "head" else ""
    Path("a.txt.j2").write_text(head + CLEAN)
    data = {"variables": {"name": {"type": "string", "samples": ["Sam", ""]}}}
    file = {"sidecar": "a.vars.yaml", "yaml": "all.yaml", "json": "all.json"}.get(how)
    if file:
        Path(file).write_text(json.dumps(data))
    options = ("--vars", file) if file and how != "sidecar" else ()
    _, output = call("a.txt.j2", *options)
    assert "Where `name` is empty, the reader gets “Dear ,”." in output


GLOBS = """
[profile]
sender = "third_party"
[templates.profiles]
"mails/*" = {jurisdiction = "uk", stage = "final", channel = "chat"}
"mails/sms/*.j2" = {channel = "sms", flags = ["time-barred"]}
[templates.profiles."other/*"]
channel = "letter"
"""


@pytest.mark.parametrize(
    ("folder", "options", "expected"),
    [
        (".", (), {"channel": "sms", "stage": "thanks", "jurisdiction": "uk", "sender": "third_party"}),
        ("mails/sms", (), {"channel": "sms", "stage": "thanks", "jurisdiction": "uk"}),
        (".", ("--channel", "letter", "--stage", "plan"), {"channel": "letter", "stage": "plan"}),
        (".", ("--flag", "licensed"), {"flags": ["licensed", "time_barred"]}),
    ],
)
def test_options_win_over_the_head_the_head_over_globs_and_these_over_the_rest(
    call: Any, folder: str, options: tuple[str, ...], expected: dict[str, Any], monkeypatch: Any
) -> None:
    Path("tonecheck.toml").write_text(GLOBS)
    Path("mails/sms").mkdir(parents=True)
    Path("mails/sms/a.j2").write_text("---\nprofile: {stage: thanks}\n---\nThank you.\n")
    name = Path("mails/sms/a.j2").relative_to(folder)
    monkeypatch.chdir(folder)
    result = CliRunner().invoke(GROUP, ["lint", "--model", "none", "--format", "json", str(name), *options])
    profile = json.loads(result.output)["files"][0]["profile"]
    assert {field: profile[field] for field in expected} == expected


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (
            '"a/*" = {chanel = "sms"}',
            "tonecheck.toml:2: field of the profile of 'a/*' 'chanel' does not exist; did you mean 'channel'?",
        ),
        (
            '"a/*" = {channel = "smss"}',
            "tonecheck.toml:2: channel of 'a/*' 'smss' does not exist; did you mean 'sms'?",
        ),
        ('"b" = {stage = "plan"}\n"a/*" = {stage = 3}', "tonecheck.toml:3: stage of 'a/*' is a text, not 3"),
        ('"a/*" = "sms"', "tonecheck.toml:2: the profile of 'a/*' is a table such as {channel"),
        ('"a/*" = {}', "tonecheck.toml:2: the profile of 'a/*' is a table such as {channel"),
        (
            '"a/*" = {flags = ["time_bared"]}',
            "tonecheck.toml:2: flag of 'a/*' 'time_bared' does not exist; did you mean 'time_barred'?",
        ),
        ('"a/*" = {flags = "licensed"}', "tonecheck.toml:2: the flags of 'a/*' are a list of texts"),
    ],
)
def test_a_wrong_table_of_profiles_is_one_sentence_with_its_line(
    table: str, said: str, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("tonecheck.toml").write_text(f"[templates.profiles]\n{table}\n")
    Path("a.txt").write_text(CLEAN)
    result = CliRunner().invoke(GROUP, ["lint", "--model", "none", "a.txt"])
    assert result.exit_code == 2
    assert said in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_the_table_of_profiles_is_shown_with_its_lines(tmp_path: Path) -> None:
    file = tmp_path / "tonecheck.toml"
    file.write_text(GLOBS)
    loaded = load_config(None, file=file)
    shown = loaded.to_toml()
    assert '"mails/sms/*.j2" = {channel = "sms", flags = ["time_barred"]}  # ' in shown
    assert loaded.origin("templates.profiles", "mails/*").endswith("tonecheck.toml:5")
    assert loaded.origin("templates.profiles", "other/*").endswith("tonecheck.toml:7")
    file.write_text(shown)
    assert load_config(None, file=file).config == loaded.config


def test_parts_of_templates_are_no_messages(call: Any) -> None:
    Path("parts").mkdir()
    Path("parts/closing.txt").write_text("Kind regards,\nNorth Hall Dental\n")
    Path("_macros.j2").write_text("{% macro m() %}x{% endmacro %}")
    Path("a.txt").write_text(CLEAN + "{% include 'parts/closing.txt' %}")
    _, output = call(".", "--format", "json")
    partial = {row["path"]: row["partial"] for row in json.loads(output)["files"]}
    assert partial == {"_macros.j2": True, "a.txt": False, "parts/closing.txt": True}


def test_workers_find_the_same(call: Any) -> None:
    for number in range(6):
        Path(f"{number}.txt").write_text(f"Hello {number}. {{% if a %}}You failed to pay.{{% endif %}}\n")
    assert call(".", "--jobs", "2", "--no-cache", "--format", "json") == call(
        ".", "--no-cache", "--format", "json"
    )


def test_a_second_run_says_the_same_and_a_change_in_an_include_is_seen(call: Any) -> None:
    Path("a.txt").write_text("Hello. {% include 'b.txt' %}\n")
    Path("b.txt").write_text("Thank you.")
    first = call("a.txt", "--format", "json")
    assert call("a.txt", "--format", "json") == first
    Path("b.txt").write_text("You failed to pay.")
    assert "blame/failed-to" in call("a.txt", "--format", "json")[1]


def test_the_cache_holds_no_value_that_somebody_gave(call: Any, cache: Path) -> None:
    Path("a.txt").write_text(
        "Dear {{ name }}, {{ name }} failed to pay {{ balance }}. Your balance is $186.20.\n"
    )
    Path("all.json").write_text(
        json.dumps(
            {
                "variables": {
                    "name": {"samples": ["Ottoline Quartermaine"]},
                    "balance": {"type": "number", "samples": [4711.5]},
                }
            }
        )
    )
    Path("b.txt").write_text("Dear {{ name }}, you failed to pay at Marrowbone.\n")
    before = set((cache / "lint").glob("*.json"))
    call("a.txt", "b.txt", "--vars", "all.json")
    kept = "".join(file.read_text() for file in set((cache / "lint").glob("*.json")) - before)
    assert "Marrowbone" in kept
    assert "Ottoline" not in kept
    assert "4711" not in kept


@pytest.mark.parametrize("format", ["sarif", "github", "gitlab", "junit", "rdjson"])
def test_formats_of_code_hosts_name_the_rule(call: Any, format: str) -> None:
    Path("a.txt").write_text("You failed to pay.\n")
    status, output = call("a.txt", "--format", format)
    assert status == 1
    assert "failed-to" in output


STEP = "  - {template: %s, when: %s, firmness: %d, promises: [%s]}\n"


@pytest.mark.parametrize(
    ("steps", "rules"),
    [
        (
            [
                ("t/one", "5 days after the due date", 1, ""),
                ("t/final-notice", "9 days after the due date", 2, ""),
            ],
            set(),
        ),
        ([("t/one", "x", 2, ""), ("t/two", "y", 1, "")], {"cadence/firmness-falls"}),
        ([("t/one", "x", 1, ""), ("t/two", "y", 3, "")], {"cadence/step-skipped"}),
        (
            [("t/one", "9 days after it", 1, ""), ("t/two", "5 days after it", 2, "")],
            {"cadence/out-of-order"},
        ),
        ([("t/final-notice", "x", 1, ""), ("t/final-notice", "y", 2, "")], {"cadence/final-twice"}),
        ([("t/final-notice", "x", 1, ""), ("t/one", "y", 2, "")], {"cadence/final-not-last"}),
        ([("t/one", "x", 1, "t/two")], {"cadence/promise-broken"}),
        ([("t/one", "x", 1, ""), ("t/hard", "y", 2, "")], {"cadence/offer-vanishes"}),
        ([("t/onee", "x", 1, "")], {"cadence/missing-template"}),
    ],
)
def test_the_ladder_is_linted_as_one_thing(
    call: Any, steps: list[tuple[str, str, int, str]], rules: set[str]
) -> None:
    for folder in ("t", "cadences"):
        Path(folder).mkdir()
    for name in ("one", "two", "final-notice"):
        Path(f"t/{name}.j2").write_text("---\nvariables: {name: {samples: [Sam]}}\n---\n" + CLEAN)
    Path("t/hard.j2").write_text("Your balance is $186.20.\n")
    Path("cadences/a.yaml").write_text("steps:\n" + "".join(STEP % step for step in steps))
    status, output = call("--cadence", "cadences/a.yaml", "--format", "json")
    (row,) = json.loads(output)["files"]
    assert {finding["rule"] for finding in row["findings"]} == rules
    assert status == bool(rules)
