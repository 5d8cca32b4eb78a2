"""``tonecheck rules``: list, explain, test, schema."""

from __future__ import annotations

import json
from pathlib import Path

from jsonschema import Draft202012Validator

PACK = """
category: shame
rules:
  - id: shame/ashamed
    severity: 2
    message: Shames the reader.
    why: Shame makes people hide.
    match: {phrase: ["you should be (ashamed|embarrassed)"]}
    examples:
      flag: ["[[You should be ashamed]].", "Sam, [[you should be ashamed]].", "FIRST"]
      pass: ["We should be ashamed.", "You should be paid.", "You should call."]
"""


def write_pack(folder: Path, example: str) -> str:
    (folder / "house.yaml").write_text(PACK.replace("FIRST", example), encoding="utf-8")
    return "house.yaml"


def test_list_shows_each_rule_with_its_severity_and_what_is_off(run) -> None:
    done = run("rules", "list")
    assert done.exit_code == 0
    assert "  threat/lawsuit              3    “{quote}” threatens the reader with a court." in done.stdout
    assert "balance/any-amount          -    gives evidence of balance" in done.stdout
    assert done.stdout.endswith("6 rules, 0 switched off\n")


def test_list_of_a_category_as_json_is_as_configured(run, folder: Path) -> None:
    (folder / "tonecheck.toml").write_text(
        '[rules]\ndisable = ["missing/balance"]\n[rules.severity]\n"threat/*" = 1\n', encoding="utf-8"
    )
    (threat,) = json.loads(run("rules", "list", "--category", "threat", "--format", "json").stdout)
    assert (threat["id"], threat["severity"], threat["enabled"]) == ("threat/lawsuit", 1, True)
    (missing,) = json.loads(run("rules", "list", "--category", "missing", "--format", "json").stdout)
    assert (missing["id"], missing["enabled"]) == ("missing/balance", False)


def test_list_of_an_unknown_category_is_refused_with_the_nearest(run) -> None:
    done = run("rules", "list", "--category", "threats")
    assert done.exit_code == 2
    assert "did you mean 'threat'?" in done.stderr


def test_explain_tells_everything_also_by_a_former_id(run) -> None:
    page = run("rules", "explain", "threat/sue").stdout
    for part in (
        "threat/lawsuit  threat, severity 3",
        "A threat of court makes people hide.",
        "12 CFR 1006.18(c)",
        "not if     polite",
        "formerly   threat/sue",
        "we will sue you",
        "Pay or [[we will sue you]].",
        "We will not sue you.",
        "threat.yaml",
    ):
        assert part in page
    assert "applies to jurisdiction: uk" in run("rules", "explain", "compliance/uk-only").stdout


def test_explain_of_an_unknown_rule_names_the_nearest(run) -> None:
    done = run("rules", "explain", "blame/forget")
    assert done.exit_code == 2
    assert "did you mean 'blame/forgot'?" in done.stderr


def test_test_passes_on_rules_that_do_what_their_examples_say(run) -> None:
    done = run("rules", "test", "--pipeline", "none")
    assert done.exit_code == 0, done.stdout
    assert done.stdout.endswith("6 rules, 0 failures, 0 unexercised alternatives\n")


def test_test_of_an_own_pack_names_the_example_that_fails(run, folder: Path) -> None:
    done = run("rules", "test", write_pack(folder, "You should be [[ashamed]]."), "--pipeline", "none")
    assert done.exit_code == 1
    assert "shame/ashamed: flag: flagged 'You should be ashamed', not 'ashamed'" in done.stdout
    assert "1 rules, 1 failures" in done.stdout


def test_an_unexercised_alternative_is_told_and_an_error_only_if_strict(run, folder: Path) -> None:
    pack = write_pack(folder, "[[You should be ashamed]], Sam.")
    done = run("rules", "test", pack, "--pipeline", "none")
    assert done.exit_code == 0
    assert "no flag example uses" in done.stdout
    assert "embarrassed" in done.stdout
    assert run("rules", "test", pack, "--pipeline", "none", "--strict").exit_code == 1
    covered = write_pack(folder, "[[You should be embarrassed]], Sam.")
    assert run("rules", "test", covered, "--pipeline", "none", "--strict").exit_code == 0


def test_test_of_a_rule_about_an_absence_knows_the_elements(run) -> None:
    pack = Path(__file__).parent / "packs" / "missing.yaml"
    done = run("rules", "test", pack, "--pipeline", "none")
    assert done.stdout == "1 rules, 0 failures, 0 unexercised alternatives\n"


def test_a_pack_that_is_not_there_is_status_2(run) -> None:
    done = run("rules", "test", "nowhere.yaml")
    assert done.exit_code == 2
    assert "nowhere.yaml" in done.stderr


def test_schema_is_a_json_schema_that_accepts_a_pack_and_refuses_a_typo(run) -> None:
    schema = json.loads(run("rules", "schema").stdout)
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    rule = {"id": "blame/x", "match": {"phrase": "x"}, "examples": {"flag": ["a"], "pass": ["b"]}}
    assert validator.is_valid({"category": "blame", "rules": [rule]})
    assert not validator.is_valid({"category": "blame", "rules": [{**rule, "severty": 2}]})
