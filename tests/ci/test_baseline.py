"""The list of known findings: what it holds, what it hides, and that it only shrinks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tonecheck.ci.baseline import Baseline, Key
from tonecheck.errors import UserError

from .conftest import located


@pytest.fixture
def here(folder: Path) -> Path:
    (folder / "mails").mkdir()
    for name in ("a b.txt", "c.txt"):
        (folder / "mails" / name).write_text("x", encoding="utf-8")
    return folder


def test_a_baseline_is_written_and_read_back_and_quotes_nothing(here: Path) -> None:
    items = [located(), located(), located(None, rule="missing/balance"), located("Or else")]
    baseline = Baseline(Path()).renewed(items, ["mails/a b.txt"])
    baseline.write(Path("known.json"))
    text = Path("known.json").read_text(encoding="utf-8")
    assert "pay now" not in text and "Or else" not in text
    assert sorted(row["count"] for row in json.loads(text)["entries"]) == [1, 1, 2]
    assert Baseline.read(Path("known.json")).entries == baseline.entries


def test_an_entry_hides_as_many_findings_as_it_counts(here: Path) -> None:
    matching = Baseline(Path()).renewed([located(), located()], []).matching()
    assert [matching.is_known(located()) for _ in range(3)] == [True, True, False]


@pytest.mark.parametrize(
    ("other", "known"),
    [
        (located(message="said otherwise", severity=1), True),
        (located()._replace(quote="pay \n now"), True),  # wrapped anew
        (located()._replace(quote="Pay now"), False),
        (located(rule="demand/now"), False),
        (located(path="mails/c.txt"), False),
        (located(None), False),
    ],
)
def test_a_finding_is_known_by_rule_path_and_words(here: Path, other: object, known: bool) -> None:
    matching = Baseline(Path()).renewed([located()], []).matching()
    assert matching.is_known(other) is known  # type: ignore[arg-type]


def test_paths_count_from_the_folder_of_the_baseline(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Baseline(Path()).renewed([located()], []).write(Path("known.json"))
    monkeypatch.chdir(here / "mails")
    assert Baseline.read(Path("../known.json")).matching().is_known(located(path="a b.txt"))


def test_an_entry_is_stale_if_its_file_was_checked_or_is_gone(here: Path) -> None:
    items = [
        located(),
        located(),
        located(path="mails/c.txt"),
        located(path="mails/gone.txt"),
        located(path="stdin"),
    ]
    matching = Baseline(Path()).renewed(items, []).matching()
    matching.is_known(located())
    stale = matching.stale(["mails/a b.txt"])
    assert {(key.path, count) for key, count in stale.items()} == {
        ("mails/a b.txt", 1),
        ("mails/gone.txt", 1),
    }


def test_taking_out_what_is_stale_only_lowers_counts(here: Path) -> None:
    baseline = Baseline(Path()).renewed([located(), located(), located(rule="demand/now")], [])
    first, second = sorted(baseline.entries)
    assert baseline.without({first: 1, second: 1, Key("x", "y", "z"): 1}).entries == {
        key: count - 1 for key, count in baseline.entries.items() if count > 1
    }


def test_a_new_baseline_keeps_what_it_knew_of_files_that_were_not_checked(here: Path) -> None:
    old = Baseline(Path()).renewed(
        [located(), located(path="mails/c.txt"), located(path="mails/gone.txt")], []
    )
    new = old.renewed([located(rule="demand/now")], ["mails/a b.txt"])
    assert {(key.path, key.rule) for key in new.entries} == {
        ("mails/a b.txt", "demand/now"),
        ("mails/c.txt", "demand/pay"),
    }


GOOD = {"path": "a.txt", "rule": "demand/pay", "excerpt": "0123456789abcdef", "count": 1}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "there is no such baseline; make one with --new-baseline"),
        ("{", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("[]", "is no baseline of this release"),
        ('{"tonecheck_baseline": 2, "entries": []}', "is no baseline of this release"),
        ({**GOOD, "rule": 3}, "entry 1 needs the texts"),
        ({**GOOD, "count": 0}, "entry 1: 'count' is a whole number from 1 on"),
        ({**GOOD, "count": True}, "entry 1: 'count' is a whole number from 1 on"),
        ({**GOOD, "count": 10**9}, "entry 1: 'count' is a whole number from 1 on"),
    ],
)
def test_a_file_that_is_no_baseline_is_refused_with_its_place(
    folder: Path, content: str | dict[str, object] | None, said: str
) -> None:
    path = Path("known.json")
    if isinstance(content, dict):
        content = json.dumps({"tonecheck_baseline": 1, "entries": [content]})
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(UserError, match=f"^known.json: .*{said}"):
        Baseline.read(path)
