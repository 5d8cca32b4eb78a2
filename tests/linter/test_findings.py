"""Each kind of finding: what brings it about, where it stands, when it shows, and what does not bring it about."""

from __future__ import annotations

from typing import Any

import pytest

from tonecheck.linter.sources import Declared, Variables
from tonecheck.profile import Profile

FINE = "Your balance of $186.20 was due on May 14, 2027. Pay at https://pay.example.com/1 or call us on 555-0142.\n"


def of(row: dict[str, Any], rule: str) -> list[dict[str, Any]]:
    return [finding for finding in row["findings"] if finding["rule"] == rule]


def only(row: dict[str, Any], rule: str) -> dict[str, Any]:
    (finding,) = of(row, rule)
    return finding


def place(finding: dict[str, Any]) -> tuple[int, int, str]:
    return finding["line"], finding["column"], finding["when"]


def samples(**given: list[Any]) -> Variables:
    return Variables({name: Declared("string", tuple(values)) for name, values in given.items()})


# --- where and when ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("You failed to pay.\n", (1, 1, "always")),
        ("Hello.\n\n{% if late %}You failed to pay.{% endif %}\n", (3, 14, "`late` is set")),
        ("£ 😀. {% if late %}x{% else %}You failed to pay.{% endif %}\n", (1, 30, "`late` is not set")),
        ("Hello. {{ 'You failed to pay.' if late }}\n", (1, 12, "`late` is set")),
        ("{% set s %}You failed to pay.{% endset %}\nHello. {{ s }}\n", (1, 12, "always")),
        ("You {% if late %}failed{% else %}want{% endif %} to pay.\n", (1, 1, "`late` is set")),
        ("{% for i in list %}You failed to pay.\n{% endfor %}Hello.\n", (1, 20, "`list` is not empty")),
        ("\ufeffYou failed to pay.\n", (1, 2, "always")),
        ("Hello.\r\n\r\n{% if a %}\r\nYou failed to pay.{% endif %}\r\n", (4, 1, "`a` is set")),
        (
            "{% if plan == 'weekly' and fee > 5 %}You failed to pay.{% endif %}Hello.\n",
            (1, 38, "`plan` is 'weekly' and `fee` is more than 5"),
        ),
    ],
)
def test_a_finding_of_tone_stands_at_its_own_line_and_column(
    template: str, expected: Any, lint_one: Any
) -> None:
    assert place(only(lint_one(template), "blame/failed-to")) == expected


def test_the_way_through_macros_and_includes_is_told(lint_one: Any, tmp_path: Any) -> None:
    row = lint_one(
        {
            "letters/a.txt": "Hello.\n{% include 'parts/b.txt' %}\n",
            "parts/b.txt": "\n{% from 'parts/m.j2' import m %}{{ m() }}\n",
            "parts/m.j2": "{% macro m() %}\n  You failed to pay.\n{% endmacro %}",
        }
    )
    finding = only(row, "blame/failed-to")
    assert finding["path"] == f"{tmp_path}/parts/m.j2"
    assert place(finding) == (2, 3, "always")
    assert finding["quote"] == "You failed to pay"
    assert finding["chain"] == [f"{tmp_path}/letters/a.txt:2", f"{tmp_path}/parts/b.txt:2"]


def test_a_base_has_the_chain_of_who_extends_it_and_a_block_is_the_childs_own(
    lint_one: Any, tmp_path: Any
) -> None:
    row = lint_one(
        {
            "a.txt": "{% extends 'base.txt' %}\n{% block body %}You failed to pay. {{ super() }}{% endblock %}",
            "base.txt": "Hello.\n{% block body %}We will sue you.{% endblock %}\n",
        }
    )
    own, inherited = only(row, "blame/failed-to"), only(row, "threat/sue")
    assert (own["path"], own["line"], own["chain"]) == (f"{tmp_path}/a.txt", 2, [])
    assert (inherited["path"], inherited["line"], inherited["column"]) == (f"{tmp_path}/base.txt", 2, 17)
    assert inherited["chain"] == [f"{tmp_path}/a.txt:1"]


def test_what_stands_in_upper_case_through_a_filter_is_shouting(lint_one: Any) -> None:
    row = lint_one("{% filter upper %}Pay now or else you will hear from us{% endfilter %}\n")
    assert any(finding["kind"] == "shouting" for finding in row["findings"])


def test_a_missing_element_has_the_smallest_set_of_conditions(lint_one: Any) -> None:
    template = (
        "{% if plan %}You can pay in parts.{% else %}Your balance is $186.20.{% endif %}\n"
        "{% if fee %}The balance on your account is $200.00.{% endif %}\n"
        "Pay at https://pay.example.com/1 or call us on 555-0142{% if x %} today{% endif %}.\n"
    )
    known = Variables(
        {
            "plan": Declared("string", ("weekly", "")),
            "fee": Declared("number", (12, 0)),
            "x": Declared("boolean"),
        }
    )
    finding = only(lint_one(template, variables=known), "missing/balance")
    assert finding["kind"] == "missing"
    assert finding["when"] == "`plan` is set and `fee` is 0"


# --- names ------------------------------------------------------------------------------------------------------------


def test_a_misspelt_variable_has_the_nearest_name(lint_one: Any) -> None:
    row = lint_one("Hello {{ balence }}.\n", variables=samples(balance=["$5"]))
    finding = only(row, "template/undefined-variable")
    assert place(finding) == (1, 10, "always")
    assert finding["quote"] == "balence"
    assert "`balance`" in finding["message"]


def test_a_misspelt_field_of_nested_samples_is_found(lint_one: Any) -> None:
    row = lint_one("Hello {{ account.ballance }}.\n", variables=samples(account=[{"balance": 5}]))
    assert "`balance`" in only(row, "template/undefined-variable")["message"]


@pytest.mark.parametrize(
    "template",
    [
        "{% for i in list %}{{ loop.index }} {{ i.name }}{% endfor %}",
        "{% set x = 1 %}{{ x }}",
        "{% macro m(x) %}{{ x }}{% endmacro %}{{ m(1) }}",
        "{% if extra is defined %}{{ extra }}{% endif %}",
        "{{ extra | default('there') }}",
        "{% for i in range(2) %}{{ i }}{% endfor %}",
        "{% with x = 1 %}{{ x }}{% endwith %}",
    ],
)
def test_names_that_are_there_are_no_finding(template: str, lint_one: Any) -> None:
    row = lint_one(f"Hello. {template}\n", variables=samples(list=[[{"name": "a"}]]))
    assert not of(row, "template/undefined-variable")


def test_without_any_declaration_no_name_is_undefined(lint_one: Any) -> None:
    assert not of(lint_one("Hello {{ anything }}.\n"), "template/undefined-variable")


def test_unknown_filters_and_tests_are_found_and_declared_ones_are_not(lint_one: Any) -> None:
    row = lint_one(
        "Hello {{ a | uper }} {{ a | ours }} {% if a is evn %}x{% endif %}\n",
        variables=Variables(filters=frozenset({"ours"})),
    )
    filter_finding, test_finding = only(row, "template/unknown-filter"), only(row, "template/unknown-test")
    assert (filter_finding["column"], filter_finding["quote"]) == (14, "uper")
    assert "'upper'" in filter_finding["message"]
    assert "'even'" in test_finding["message"]


# --- syntax -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("template", "line", "column"),
    [
        ("Hello.\n{% if a %}\nYou.\n", 2, 1),
        ("Hello.\n{{ name you }}\n", 2, 9),
        ("Hello.\n{% endif %}\n", 2, 4),
        ("Hello {% nonsense %}\n", 1, 10),
    ],
)
def test_a_syntax_error_has_its_place(template: str, line: int, column: int, lint_one: Any) -> None:
    row = lint_one(template)
    finding = only(row, "template/syntax")
    assert (finding["line"], finding["column"], finding["kind"], row["verdict"]) == (
        line,
        column,
        "syntax",
        "block",
    )


def test_an_included_template_that_cannot_be_parsed_is_found_at_its_own_place(
    lint_one: Any, tmp_path: Any
) -> None:
    row = lint_one({"a.txt": "Hello. {% include 'b.txt' %}\n", "b.txt": "\n{% if %}\n"})
    finding = only(row, "template/syntax")
    assert (finding["path"], finding["line"]) == (f"{tmp_path}/b.txt", 2)


def test_a_file_outside_the_root_is_not_read(lint_one: Any, tmp_path: Any) -> None:
    (tmp_path / "secret.txt").write_text("You failed to pay.")
    root = tmp_path / "root"
    root.mkdir()
    (root / "link.txt").symlink_to(tmp_path / "secret.txt")
    row = lint_one(
        {
            "root/a.txt": "Hello. {% include '../secret.txt' %}{% include 'link.txt' %}{% include '/etc/hostname' %}\n"
        },
        root=root,
    )
    assert len(of(row, "template/missing-file")) == 3
    assert not of(row, "blame/failed-to")


# --- blanks -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("template", "shown"),
    [
        ("Dear {{ name }},\n", "Dear ,"),
        ("You have a balance of {{ name }}.\n", "balance of ."),
        ("Call us on {{ name }} if you like.\n", "us on"),
        ("Balance: {{ name }}\n", "Balance:"),
        ("The sum is ${{ name }} today.\n", "is $"),
    ],
)
def test_a_blank_is_shown_as_the_reader_gets_it(template: str, shown: str, lint_one: Any) -> None:
    finding = only(lint_one(template, variables=samples(name=["Sam", ""])), "template/blank")
    assert shown in finding["message"]
    assert (finding["kind"], finding["when"]) == ("blank", "`name` is empty")


@pytest.mark.parametrize(
    ("template", "shown", "expected"),
    [
        ("Dear {% if name %}{{ name }}{% endif %},\n", "Dear ,", (1, 1, "`name` is not set")),
        (
            "<p>Your balance of <b>{{ balance or '' }}</b>.</p>\n",
            "Your balance of .",
            (1, 20, "`balance` is not set"),
        ),
        ("Please pay ${{ sum if sum }} by Monday.\n", "Please pay $ by", (1, 12, "`sum` is not set")),
        ("Pay by {% if day %}{{ day }}{% endif %}.\n", "Pay by .", (1, 5, "`day` is not set")),
    ],
)
def test_a_gap_that_a_branch_leaves_is_shown_with_its_condition(
    template: str, shown: str, expected: Any, lint_one: Any
) -> None:
    finding = only(lint_one(template), "template/blank")
    assert finding["message"] == f"Here the reader gets “{shown}”."
    assert place(finding) == expected


@pytest.mark.parametrize(
    "template",
    [
        "Hi{% if x %} there{% endif %}, thank you.\n",
        "Dear {% if name %}{{ name }}{% else %}reader{% endif %},\n",
        "Call us{% if phone %} on {{ phone }}{% endif %}.\n",
        "It is what we asked you for{% if x %} today{% endif %}.\n",
    ],
)
def test_a_branch_that_leaves_no_gap_is_no_finding(template: str, lint_one: Any) -> None:
    assert of(lint_one(template), "template/blank") == []


def test_a_field_that_no_sample_has_is_told_once_and_one_of_a_null_leaves_a_blank(lint_one: Any) -> None:
    known = Variables(
        {"c": Declared("object", ({"name": "Sam", "home": {"city": "York"}}, {"name": "Ana", "home": None}))}
    )
    row = lint_one("Dear {{ c.nmae }},\nyou live in {{ c.home.city }}.\n", variables=known)
    assert [one["line"] for one in of(row, "template/undefined-variable")] == [1]
    assert only(row, "template/blank")["message"].endswith("the reader gets “you live in .”.")


def test_a_value_that_is_none_is_written_out(lint_one: Any) -> None:
    assert (
        "None"
        in only(lint_one("Dear {{ name }},\n", variables=samples(name=["Sam", None])), "template/blank")[
            "message"
        ]
    )


@pytest.mark.parametrize(
    "template",
    [
        "Dear {% if name %}{{ name }}{% else %}customer{% endif %},\n",
        "Dear {{ name or 'customer' }},\n",
        "Dear {{ name | default('customer', true) }},\n",
        "Dear {{ name if name else 'customer' }},\n",
        "Flat 2\n{{ name }}\nLondon\n",
    ],
)
def test_a_blank_that_nobody_sees_is_no_finding(template: str, lint_one: Any) -> None:
    assert not of(lint_one(template, variables=samples(name=["Sam", "", None])), "template/blank")


# --- text messages, subjects, contradictions --------------------------------------------------------------------------


def test_a_text_message_is_measured_with_the_widest_samples(lint_one: Any, rules_alone: Any) -> None:
    from dataclasses import replace

    config = replace(rules_alone.config, profile=Profile(channel="sms"))
    text = "Hi {{ name }}, your balance of $40 is open. Pay at example.com/p or call 555-0142. Reply STOP to opt out.\n"
    short = lint_one(text, config=config, variables=samples(name=["Sam"]))
    long = lint_one(
        text,
        config=config,
        variables=samples(
            name=["Sam", "Wolfeschlegelsteinhausenbergerdorff the third of that very long name"]
        ),
    )
    assert not of(short, "clarity/sms-parts")
    assert only(long, "clarity/sms-parts")["kind"] == "sms"


def test_paths_of_some_parts_and_of_many_are_told_apart(lint_one: Any, rules_alone: Any) -> None:
    from dataclasses import replace

    words = "We can help you. " * 12
    config = replace(rules_alone.config, profile=Profile(channel="sms"))
    row = lint_one(f"{words}{{% if late %}}{words * 3}{{% endif %}}\n{FINE}", config=config)
    assert only(row, "clarity/sms-many-parts")["when"] == "`late` is set"
    assert only(row, "clarity/sms-parts")["when"] == "`late` is not set"


def test_words_that_end_in_a_value_are_quoted_with_its_tag(lint_one: Any) -> None:
    row = lint_one("We demand payment of {{ balance | money }}.\n", variables=samples(balance=[186.2]))
    found = next(one for one in row["findings"] if one["rule"].startswith("demand/"))
    assert found["quote"] == "We demand payment of {{ balance | money }}"


def test_a_character_outside_the_alphabet_has_its_place_and_condition(
    lint_one: Any, rules_alone: Any
) -> None:
    from dataclasses import replace

    config = replace(rules_alone.config, profile=Profile(channel="sms"))
    finding = only(
        lint_one("Hi. {% if a %}Pay – please.{% endif %}\n", config=config), "clarity/sms-characters"
    )
    assert place(finding) == (1, 19, "`a` is set")


def test_a_subject_that_tells_of_a_debt_is_found_in_text_and_front_matter(lint_one: Any) -> None:
    text = lint_one("Subject: Your overdue debt\n\nHello.\n")
    head = lint_one('---\nsubject: "{% if a %}Final notice{% else %}Your account{% endif %}"\n---\nHello.\n')
    assert place(only(text, "template/subject-discloses")) == (1, 15, "always")
    assert place(only(head, "template/subject-discloses")) == (2, 21, "`a` is set")


def test_a_plain_subject_is_no_finding(lint_one: Any) -> None:
    assert not of(
        lint_one("Subject: Your North Hall account\n\nYour debt is $5.\n"), "template/subject-discloses"
    )


def test_two_balances_contradict_each_other_where_both_are_said(lint_one: Any) -> None:
    row = lint_one("Your balance is $186.20.\n\n{% if a %}The balance is $204.00.{% endif %}\n")
    finding = only(row, "clarity/contradicting-balance")
    assert (finding["kind"], finding["when"]) == ("contradiction", "`a` is set")


# --- what a template must not do --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("template", "rule"),
    [
        ("{{ ''.__class__.__mro__ }}", "template/unsafe-access"),
        ("{{ x['__init__'] }}", "template/unsafe-access"),
        ("{{ x | attr('__class__') }}", "template/unsafe-access"),
        ("{% for i in range(1000000000) %}x{% endfor %}", "template/unsafe-range"),
        ("{% for i in range(10**9) %}x{% endfor %}", "template/unsafe-range"),
        (
            "{% for i in range(999) %}{% for j in range(999) %}x{% endfor %}{% endfor %}",
            "template/unsafe-range",
        ),
        ("{{ 'x' * 1000000000 }}", "template/unsafe-size"),
        ("{{ 2 ** 1000000000 }}", "template/unsafe-size"),
        ("{{ 'x' | center(1000000000) }}", "template/unsafe-size"),
        ("{% include 'a.txt' %}", "template/recursion"),
        ("{% extends 'a.txt' %}", "template/recursion"),
        ("{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }}", "template/too-large"),
        ("{% block b %}{{ self.b() }}{% endblock %}", "template/too-large"),
        (
            "{% set ns = namespace(x='aa') %}{% for i in range(50) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}{{ ns.x }}",
            "template/too-large",
        ),
        ("You. " * 40_000, "template/too-large"),
        ("{{ " + "(" * 3_000 + "a" + ")" * 3_000 + " }}", "template/syntax"),
        ("{% if a %}" * 2_000 + "x" + "{% endif %}" * 2_000, "template/syntax"),
    ],
    ids=range(17),
)
def test_a_hostile_template_ends_in_a_finding(template: str, rule: str, lint_one: Any) -> None:
    row = lint_one(f"Hello. {template}\n")
    assert any(finding["severity"] == 3 for finding in of(row, rule))
    assert row["verdict"] == "block"


def test_a_value_marked_safe_is_unsafe_in_a_page_and_not_in_a_text(lint_one: Any) -> None:
    template = "<p>Hello {{ name | safe }}.</p>\n"
    assert of(lint_one({"a.html.j2": template}), "template/unsafe-html")
    assert not of(lint_one({"b.txt": template}), "template/unsafe-html")


def test_more_combinations_than_the_cap_are_a_finding(lint_one: Any) -> None:
    template = FINE + "".join(f"{{% if c{number} %}}Thank you {number}. {{% endif %}}" for number in range(8))
    row = lint_one(template, cap=50)
    assert only(row, "template/capped")["kind"] == "unsafe"
    assert row["branches"]["capped"] is True
    assert row["branches"]["feasible"] == 256


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("binary", b"\xff\xfe\x00"),
        ("head", b"---\na: [\n---\nHello.\n"),
        ("profile", b"---\nprofile: {channel: fax}\n---\nHello.\n"),
    ],
)
def test_what_cannot_be_read_is_a_finding(name: str, text: bytes, tmp_path: Any, rules_alone: Any) -> None:
    from tonecheck.linter.run import LintOptions, lint

    (tmp_path / f"{name}.txt").write_bytes(text)
    (tmp_path / "fine.txt").write_text(FINE)
    report = lint([str(tmp_path)], LintOptions(config=rules_alone.config, cached=False), rules_alone)
    rows = {row["path"].rpartition("/")[2]: row for row in report["files"]}
    assert only(rows[f"{name}.txt"], "template/unreadable")["kind"] == "syntax"
    assert rows["fine.txt"]["branches"]["explored"] == 1


# --- comments that wave a finding through ------------------------------------------------------------------------------


def test_a_comment_in_the_template_waves_a_finding_through(lint_one: Any) -> None:
    row = lint_one(
        "{# tonecheck: ignore blame/failed-to -- the court asks for these words #}\nYou failed to pay.\n"
    )
    assert not of(row, "blame/failed-to")
    assert row["suppressed"][0]["reason"] == "the court asks for these words"


@pytest.mark.parametrize(
    ("comment", "rule"),
    [
        ("{# tonecheck: ignore threat/sue -- not here #}", "clarity/suppression-unused"),
        ("{# tonecheck: ignore threat/sue #}", "clarity/suppression-without-reason"),
        ("{# tonecheck: ignore threat/sue until=2020-01-01 -- for now #}", "clarity/suppression-expired"),
    ],
)
def test_a_comment_that_does_nothing_is_a_finding(comment: str, rule: str, lint_one: Any) -> None:
    assert only(lint_one(f"Hello.\n{comment}\nThank you.\n"), rule)["line"] == 2
