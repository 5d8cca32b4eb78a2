"""Rule packs: strict loading with file, line and mend; the schema; the store of compiled packs."""

import json
from pathlib import Path

import pytest

from tonecheck import packcache
from tonecheck.anchors import may_match, words_of
from tonecheck.config import data_folder
from tonecheck.errors import RulePackError
from tonecheck.rulepack import load
from tonecheck.ruleschema import schema

GOOD = """\
category: blame
rules:
  - id: blame/late
    severity: 2
    message: "“{quote}” faults the reader."
    why: It does.
    match: {phrase: ["you are late"]}
    examples:
      flag: ["[[You are late]].", "Again [[you are late]]!", "[[you are late]]"]
      pass: ["We are late.", "You are here.", "The train is late."]
"""


def write(folder: Path, text: str, name: str = "pack.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("change", "line", "mend"),
    [
        (("severity: 2", "severty: 2"), 4, "did you mean 'severity'"),
        (("severity: 2", "severity: 5"), 4, "one of: 1, 2, 3"),
        (("    why: It does.\n", ""), 3, "lacks 'why'"),
        (("id: blame/late", "id: threat/late"), 3, "must start with blame/"),
        (("id: blame/late", "id: Blame Late"), 3, "category/name"),
        (("category: blame", "category: blam"), 1, "did you mean 'blame'"),
        (('you are late"]}', 'you (are late"]}'), 7, "not closed"),
        (("{phrase: [", "{phrases: ["), 7, "did you mean 'phrase'"),
        (('{phrase: ["you are late"]}', '{regex: "(a"}'), 7, "RE2 cannot read"),
        (('{phrase: ["you are late"]}', '{regex: "(?=a)"}'), 7, "RE2 cannot read"),
        (('{phrase: ["you are late"]}', '{regex: "a*"}'), 7, "match everywhere"),
        ((', "[[you are late]]"]', "]"), 9, "at least 3"),
        (("    severity: 2\n", "    severity: 2\n    severity: 3\n"), 5, "stands twice"),
        (("    severity: 2\n", "    severity: 2\n    unless: [negatd]\n"), 5, "did you mean 'negated'"),
        (("    severity: 2\n", "    severity: 2\n    applies: {channel: fax}\n"), 5, "channel"),
        (("    severity: 2\n", "    severity: 2\n    effective: {from: soon}\n"), 5, "not a date"),
        (("category: blame", "category: [blame"), 2, "not valid YAML"),
        (("rules:", "rule:"), 2, "did you mean 'rules'"),
    ],
)
def test_when_a_pack_is_wrong_then_the_message_names_file_line_and_mend(tmp_path, change, line, mend):
    assert change[0] in GOOD
    path = write(tmp_path, GOOD.replace(*change))
    with pytest.raises(RulePackError) as caught:
        load([path], examples=True)
    assert str(caught.value).startswith(f"{path}:{line}:"), str(caught.value)
    assert mend in str(caught.value)


def test_when_two_packs_use_one_id_then_both_files_are_named(tmp_path):
    one, two = write(tmp_path, GOOD, "one.yaml"), write(tmp_path, GOOD, "two.yaml")
    with pytest.raises(RulePackError, match=r"two\.yaml.*taken by .*one\.yaml"):
        load([one, two])


@pytest.mark.parametrize("text", ["", "rules: []", "lexicon: {classes: {a: [b]}}"])
def test_when_no_rule_is_found_then_that_is_an_error_and_no_clean_bill(tmp_path, text):
    path = write(tmp_path, text)
    with pytest.raises(RulePackError):
        load([path])


def test_when_a_pack_does_not_exist_then_the_message_says_so(tmp_path):
    with pytest.raises(RulePackError, match="no such rule pack"):
        load([tmp_path / "nowhere"])


def test_when_a_pack_is_loaded_again_then_the_stored_rules_are_the_same(tmp_path, monkeypatch):
    monkeypatch.setenv(packcache.ENVIRONMENT, str(tmp_path / "cache"))
    path = write(tmp_path, GOOD)
    fresh, stored = load([path]), load([path])
    assert list((tmp_path / "cache").glob("rules-*.json"))
    for one, two in zip(fresh, stored, strict=True):
        assert one.matcher.phrases[0].regex == two.matcher.phrases[0].regex
        assert one.matcher.needs == two.matcher.needs and may_match(
            one.matcher.needs, words_of("you are late")
        )
        assert (one.id, one.severity, one.applies, one.unless) == (
            two.id,
            two.severity,
            two.applies,
            two.unless,
        )


def test_when_a_pack_is_not_stored_then_its_file_is_still_read_once(tmp_path, monkeypatch):
    monkeypatch.setenv(packcache.ENVIRONMENT, str(tmp_path / "cache"))
    path, read = write(tmp_path, GOOD), []
    content = path.read_bytes()
    monkeypatch.setattr(Path, "read_bytes", lambda file: read.append(file) or content)
    monkeypatch.setattr(Path, "read_text", lambda file, **_: read.append(file) or content.decode())
    load([path])
    assert read.count(path) == 1


def test_when_a_pack_has_line_ends_of_windows_then_it_says_the_same(tmp_path):
    text = GOOD.replace("why: It does.", "why: |\n      It does.\n      Twice.")
    one, two = write(tmp_path, text, "one.yaml"), tmp_path / "two.yaml"
    two.write_bytes(text.replace("\n", "\r\n").encode())
    assert load([one], examples=True)[0].why == load([two], examples=True)[0].why == "It does.\nTwice.\n"


@pytest.mark.parametrize("content", ["", "{", "[]", '{"lexicons": [], "rules": [{"lexicon": 3}]}'])
def test_when_the_store_is_damaged_then_the_packs_are_read_again(tmp_path, monkeypatch, content):
    monkeypatch.setenv(packcache.ENVIRONMENT, str(tmp_path / "cache"))
    path = write(tmp_path, GOOD)
    load([path])
    for stored in (tmp_path / "cache").iterdir():
        stored.write_text(content)
    assert [rule.id for rule in load([path])] == ["blame/late"]


def test_when_the_store_is_off_then_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.setenv(packcache.ENVIRONMENT, "off")
    load([write(tmp_path, GOOD)])
    assert packcache.folder() is None


def test_when_the_schema_is_published_then_the_file_in_docs_is_this_one(root):
    assert json.loads((root / "docs" / "rulepack.schema.json").read_text()) == json.loads(
        json.dumps(schema())
    )


def test_when_shipped_packs_are_loaded_then_there_are_enough_and_all_carry_examples():
    rules = load([data_folder("rules")], examples=True)
    tone = [rule for rule in rules if rule.category in _tone()]
    assert len(tone) >= 150
    assert {rule.category for rule in tone} == set(_tone())
    assert all(len(rule.examples.flag) >= 3 and len(rule.examples.passing) >= 3 for rule in rules)


def _tone():
    from tonecheck.finding import TONE_CATEGORIES

    return TONE_CATEGORIES
