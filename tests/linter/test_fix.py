"""``templates lint --fix``: which edits are made in the source of templates, which are refused, and how files are written back."""

from __future__ import annotations

import json
import os
import random
from collections import Counter
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import jinja2
import pytest
from click.testing import CliRunner

from tonecheck.cli.group import Commands
from tonecheck.config import Config
from tonecheck.engine import Checker
from tonecheck.linter.fix import Fixed, fix
from tonecheck.linter.run import LintOptions
from tonecheck.linter.sources import Declared, Variables
from tonecheck.report import VERDICTS

GROUP = Commands("tonecheck", "", {"lint": ("tonecheck.cli.templates_lint:lint", "")})
HARSH = "You failed to pay."
MILD = "We have not yet received your payment."
BALANCE = Variables(
    {"balance": Declared("number", (186.2, 12000)), "name": Declared("string", ("Sam", "Ana"))}
)


@pytest.fixture(scope="session")
def advising() -> Checker:
    return Checker(Config(backend="none"))


@pytest.fixture
def mend(tmp_path: Path, advising: Checker, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Writes files and mends them; gives what they would become, by name."""
    monkeypatch.chdir(tmp_path)

    def run(
        files: dict[str, str] | str, *paths: str, unsafe: bool = False, **options: Any
    ) -> tuple[dict[str, str], Fixed]:
        files = {"a.txt": files} if isinstance(files, str) else files
        for name, text in files.items():
            Path(name).parent.mkdir(parents=True, exist_ok=True)
            Path(name).write_bytes(text.encode("utf-8"))
        asked = LintOptions(config=advising.config, cached=False, **options)
        fixed = fix(paths or (".",), asked, unsafe=unsafe, checker=advising)
        return {one.path: one.after for one in fixed.changed}, fixed

    return run


# --- edits that are made ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("plain", f"Hello.\n\n{HARSH}\n", f"Hello.\n\n{MILD}\n"),
        ("CRLF", f"Hello.\r\n\r\n{{% if late %}}{HARSH}{{% endif %}}\r\nBye.\r\n", None),
        ("byte order mark", f"\ufeff{HARSH}\n", None),
        ("no line end", f"£ 😀. {{% if late %}}{HARSH}{{% endif %}}", None),
        ("set block", f"{{% set s %}}{HARSH}{{% endset %}}Hello. {{{{ s }}}}\n", None),
        ("string in a tag", "Hello. {{ 'You failed to pay.' if late }}\n", None),
        ("loop", f"{{% for i in list %}}{HARSH}\n{{% endfor %}}Hello.\n", None),
        ("trimmed", f"Hello.\n{{%- if late %}}\n  {HARSH}\n  {{%- endif %}}\n\nBye.\n", None),
        ("two branches", f"{{% if a %}}{HARSH}{{% else %}}Hello. {HARSH}{{% endif %}} Bye.\n", None),
        (
            "value kept",
            "Dear {{ name }},\n\nWe demand that you pay {{ balance | money }} immediately.\n",
            "Dear {{ name }},\n\nWe kindly ask you to pay {{ balance | money }} as soon as you can.\n",
        ),
        (
            "subject",
            "---\nsubject: 'YOU MUST PAY NOW'\n---\nHello.\n",
            "---\nsubject: 'Please PAY as soon as you can'\n---\nHello.\n",
        ),
    ],
)
def test_literal_text_is_mended_where_it_stands(
    name: str, before: str, after: str | None, mend: Callable[..., Any]
) -> None:
    changed, fixed = mend(before, variables=BALANCE if "balance" in before else Variables())
    assert changed == {"a.txt": after or before.replace(HARSH, MILD)}
    assert fixed.mended


def test_markup_stays_and_what_is_written_is_escaped(mend: Callable[..., Any]) -> None:
    page = f"<p>Dear Sam &amp; co,</p>\n<p>{HARSH}</p>\n"
    text = f"# Hello\n\n**{HARSH}**\n"
    changed, _ = mend({"a.html.j2": page, "b.md": text})
    assert changed == {"a.html.j2": page.replace(HARSH, MILD), "b.md": text.replace(HARSH, MILD)}


def test_text_of_includes_macros_and_bases_is_mended_in_its_own_file(mend: Callable[..., Any]) -> None:
    files = {
        "letters/a.txt": "Hello.\n{% include 'parts/b.txt' %}\n",
        "letters/c.txt": "{% extends 'letters/base.txt' %}{% block body %}{{ super() }} Bye.{% endblock %}",
        "letters/base.txt": f"Hello.\n{{% block body %}}{HARSH}{{% endblock %}}\n",
        "letters/d.txt": "Dear Sam,\n\n{% include 'parts/b.txt' %}\n",
        "parts/b.txt": "\n{% from 'parts/m.j2' import m %}{{ m() }}\n",
        "parts/m.j2": f"{{% macro m() %}}\n  {HARSH}\n{{% endmacro %}}",
    }
    changed, fixed = mend(files)
    assert changed == {name: files[name].replace(HARSH, MILD) for name in ("letters/base.txt", "parts/m.j2")}
    assert not any(
        one["rule"] == "blame/failed-to" for row in fixed.report["files"] for one in row["findings"]
    )


def test_a_file_outside_the_paths_is_named_and_left_alone(mend: Callable[..., Any]) -> None:
    files = {"letters/a.txt": "Hello. {% include 'parts/b.txt' %}\n", "parts/b.txt": HARSH}
    changed, fixed = mend(files, "letters", root=Path())
    assert changed == {}
    assert fixed.outside == ("parts/b.txt",)
    assert mend(files, "letters", "parts", root=Path())[0] == {"parts/b.txt": MILD}


def test_unsafe_suggestions_are_applied_only_when_asked_for(mend: Callable[..., Any]) -> None:
    template = f"Hello.\n\n{HARSH}\n"
    safe, unsafe = mend(template)[0], mend(template, unsafe=True)[0]
    assert safe["a.txt"] == template.replace(HARSH, MILD)
    assert unsafe["a.txt"].startswith("Hello.\n\nWe have not yet received your payment")
    assert "If you have already paid" in unsafe["a.txt"]


def test_mending_again_changes_nothing(mend: Callable[..., Any]) -> None:
    template = f"Dear Sam,\n\n{{% if late %}}{HARSH}{{% endif %}} We demand that you pay $100 immediately. PAY NOW OR ELSE!\n"
    for unsafe in (False, True):
        changed, _ = mend(template, unsafe=unsafe)
        assert changed
        assert mend(changed, unsafe=unsafe)[0] == {}


# --- edits that are refused -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "template",
    [
        # The words before the tag belong to both branches: mended for one, the other would read "We have not yet received want".
        "You {% if late %}failed{% else %}want{% endif %} to pay.\n",
        # The end of the sentence is another one on the other branch.
        "You failed to {% if a %}pay{% else %}call us, as many do{% endif %}.\n",
        # What stands before the sentence makes another one of it.
        "{% if a %}Many readers say that {% endif %}you failed to pay{% if a %} is hard to read{% endif %}.\n",
        # Text that is one sentence in a letter and a part of another one in a loop.
        "{% trans %}You failed{% endtrans %} to {{ verb }} on time, {{ name }}.\n",
        # A macro whose words stand on both sides of what its callers give.
        "{% macro m(x) %}You {{ x }} to pay{% endmacro %}{{ m('failed') }}. {{ m('want') }}.\n",
        "{# nothing but a comment #}\n",
    ],
)
def test_an_edit_that_would_be_wrong_on_another_branch_is_refused(
    template: str, mend: Callable[..., Any]
) -> None:
    assert mend(template)[0] == {}


def test_an_edit_that_is_wrong_for_another_reader_of_a_file_is_refused(mend: Callable[..., Any]) -> None:
    part = "you failed to pay"
    files = {
        "a.txt": "Hello. {% include 'part.txt' %}.\n",
        "b.txt": "Many people tell us that they read “{% include 'part.txt' %}” in letters of others, which we never write.\n",
        "part.txt": part,
    }
    assert mend(files)[0] == {}


def test_a_sample_never_becomes_text_of_the_template(mend: Callable[..., Any]) -> None:
    template = "Dear {{ name }}, your balance is {{ balance | money }}.\n\nPay now, {{ name }}, or else!\n\nYou owe us.\n"
    changed, _ = mend(template, unsafe=True, variables=BALANCE)
    assert changed
    for sample in ("Sam", "Ana", "186.2", "12,000"):
        assert sample not in changed["a.txt"]
    assert changed["a.txt"].count("{{") == template.count("{{")


def test_a_finding_that_a_comment_waves_through_is_not_mended(mend: Callable[..., Any]) -> None:
    template = f"{{# tonecheck: ignore blame/failed-to -- agreed with counsel #}}\n{HARSH}\n"
    assert mend(template)[0] == {}


def test_a_template_that_cannot_be_parsed_does_not_keep_others_from_being_mended(
    mend: Callable[..., Any],
) -> None:
    changed, _ = mend({"a.txt": "{% if %}" + HARSH, "b.txt": HARSH})
    assert changed == {"b.txt": MILD}


SENTENCES = (
    "Your balance of {{ balance }} was due on May 14, 2027.",
    "You can pay at https://pay.example.com/1.",
    "Please call us on 555-0142 if you have a question.",
    "You failed to pay {{ balance }}.",
    "You failed to pay.",
    "We demand that you pay {{ balance }} immediately.",
    "We will sue you, {{ name }}.",
    "YOU MUST PAY NOW",
    "We are here to help.",
)


@pytest.mark.parametrize("seed", range(8))
def test_no_message_that_jinja_makes_of_a_mended_template_is_worse(
    seed: int, mend: Callable[..., Any], advising: Checker
) -> None:
    chance = random.Random(seed)
    parts = ["Dear {{ name }},\n\n"]
    for sentence in chance.sample(SENTENCES, 6):
        condition = chance.choice("abc")
        other = chance.choice(SENTENCES)
        parts.append(
            chance.choice(
                [
                    sentence,
                    f"{{% if {condition} %}}{sentence}{{% endif %}}",
                    f"{{% if {condition} %}}{sentence}{{% else %}}{other}{{% endif %}}",
                ]
            )
            + chance.choice([" ", "\n\n"])
        )
    before = "".join(parts) + "\nKind regards,\nAcme Ltd\n"
    changed, _ = mend(before, unsafe=bool(seed % 2))
    after = changed.get("a.txt", before)
    for truths in product((True, False), repeat=3):
        values = {"name": "Sam", "balance": "$186.20", **dict(zip("abc", truths, strict=True))}
        old, new = (
            advising.check(jinja2.Template(text).render(values), format="text") for text in (before, after)
        )
        assert VERDICTS.index(new.verdict) <= VERDICTS.index(old.verdict)
        graver = [
            Counter(one.category for one in report.findings if one.severity > 1) for report in (new, old)
        ]
        assert not graver[0] - graver[1]


# --- the suggestions in the report ------------------------------------------------------------------------------------


def test_a_suggestion_in_the_report_replaces_a_place_of_the_findings_own_file(
    mend: Callable[..., Any], advising: Checker
) -> None:
    from tonecheck.linter.run import Linter

    template = "Hi.\r\n\r\nWe demand that you pay {{ balance | money }} immediately.\r\n"
    Path("a.txt").write_bytes(template.encode())
    row = Linter(LintOptions(config=advising.config, variables=BALANCE, cached=False), advising).lint_file(
        Path("a.txt")
    )
    finding = next(one for one in row["findings"] if one["rule"] == "demand/creditor-wants")
    first = finding["suggestions"][0]
    assert set(first) >= {"start", "end", "text", "kind", "safe"}
    assert (first["kind"], first["safe"]) == ("rephrase", True)
    assert template[: first["start"]] + first["text"] + template[first["end"] :] == (
        "Hi.\r\n\r\nWe kindly ask you to pay {{ balance | money }} as soon as you can.\r\n"
    )


# --- the command ------------------------------------------------------------------------------------------------------


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> Any:
        return CliRunner().invoke(GROUP, ["lint", "--model", "none", "--no-config", "--no-cache", *arguments])

    return run


def test_fix_writes_bytes_back_as_they_were_but_for_the_edits(call: Callable[..., Any]) -> None:
    before = b"\xef\xbb\xbfDear Sam,\r\n\r\n" + HARSH.encode() + b"\r\nBye"
    Path("a.txt").write_bytes(before)
    Path("a.txt").chmod(0o640)
    done = call("a.txt", "--fix", "--fail-on", "block")
    assert Path("a.txt").read_bytes() == before.replace(HARSH.encode(), MILD.encode())
    assert Path("a.txt").stat().st_mode & 0o777 == 0o640
    assert [path.name for path in Path().iterdir()] == ["a.txt"]
    assert done.exit_code == 0
    assert done.stdout.splitlines()[-1].startswith("fixed 1 finding in 1 file; ")
    again = call("a.txt", "--fix", "--fail-on", "block")
    assert again.stdout.splitlines()[-1].startswith("fixed nothing; ")


def test_diff_shows_and_changes_nothing(call: Callable[..., Any]) -> None:
    Path("a.txt").write_text(HARSH + "\n")
    done = call("a.txt", "--fix", "--diff")
    assert done.stdout == f"--- a.txt\n+++ a.txt (mended)\n@@ -1 +1 @@\n-{HARSH}\n+{MILD}\n"
    assert done.stderr.startswith("would fix 1 finding in 1 file; ")
    assert Path("a.txt").read_text() == HARSH + "\n"


def test_the_exit_status_is_that_of_the_mended_templates(call: Callable[..., Any]) -> None:
    for name, text in {"a.txt": f"Hello. {HARSH}\n", "b.txt": "We will sue you, {{ name }}.\n"}.items():
        Path(name).write_text(text)
    profile = ("--stage", "thanks")
    assert call("a.txt", *profile).exit_code == 1
    assert call("a.txt", *profile, "--fix", "--diff").exit_code == 0
    assert call("a.txt", *profile, "--fix").exit_code == 0
    assert call("a.txt", "b.txt", *profile, "--fix").exit_code == 1


def test_json_stays_the_contract_and_the_summary_goes_to_standard_error(call: Callable[..., Any]) -> None:
    Path("a.txt").write_text(f"Hello. {HARSH}\n")
    done = call("a.txt", "--fix", "--format", "json")
    (row,) = json.loads(done.stdout)["files"]
    assert not any(one["rule"] == "blame/failed-to" for one in row["findings"])
    assert done.stderr.startswith("fixed 1 finding in 1 file; ")


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_what_cannot_be_written_is_one_sentence_and_others_are_written(
    kind: str, call: Callable[..., Any]
) -> None:
    if kind == "folder" and os.geteuid() == 0:
        pytest.skip("nothing is read-only for root but what says so itself")
    for name in ("one/a.txt", "two/b.txt"):
        Path(name).parent.mkdir()
        Path(name).write_text(HARSH + "\n")
    locked = Path("one/a.txt") if kind == "file" else Path("one")
    locked.chmod(0o444 if kind == "file" else 0o555)
    done = call("one", "two", "--fix")
    locked.chmod(0o755)
    assert done.exit_code == 2
    assert len(done.stderr.splitlines()) == 1
    assert "one/a.txt: " in done.stderr
    assert Path("one/a.txt").read_text() == HARSH + "\n"
    assert Path("two/b.txt").read_text() == MILD + "\n"
    assert done.stdout.splitlines()[-1].startswith("fixed 1 finding in 1 file; ")
    assert any(line.startswith("one/a.txt:1:1: ") for line in done.stdout.splitlines())


def test_only_what_a_baseline_does_not_know_is_mended(call: Callable[..., Any]) -> None:
    Path("a.txt").write_text(f"Hello. {HARSH}\n")
    call("a.txt", "--baseline", "known.json", "--new-baseline")
    Path("b.txt").write_text(f"Hello. {HARSH}\n")
    call("a.txt", "b.txt", "--baseline", "known.json", "--fix")
    assert HARSH in Path("a.txt").read_text()
    assert MILD in Path("b.txt").read_text()


def test_unsafe_without_fix_is_refused(call: Callable[..., Any]) -> None:
    Path("a.txt").write_text("Hello.\n")
    done = call("a.txt", "--unsafe")
    assert done.exit_code == 2
    assert "--unsafe needs --fix" in done.stderr


def test_formats_without_room_for_suggestions_are_as_before(call: Callable[..., Any]) -> None:
    Path("a.txt").write_text(HARSH + "\n")
    rows = json.loads(call("a.txt", "--format", "json").stdout)["files"]
    assert any(one["suggestions"] for one in rows[0]["findings"])
    sarif = json.loads(call("a.txt", "--format", "sarif").stdout)
    fixes = [result["fixes"] for result in sarif["runs"][0]["results"] if "fixes" in result]
    assert fixes[0][0]["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"] == MILD
