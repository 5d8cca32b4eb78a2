"""Every feasible combination is walked, and no other: Jinja itself, given every value, says which texts there are."""

from __future__ import annotations

import random
from itertools import product
from typing import Any

import jinja2
import pytest
from jinja2.sandbox import ImmutableSandboxedEnvironment

from tonecheck.linter.domains import Domains
from tonecheck.linter.expand import Expander
from tonecheck.linter.explore import explore
from tonecheck.linter.parsing import Style, parse
from tonecheck.linter.sources import Declared, source_of


def texts_of(template: str, declared: dict[str, Declared], tmp_path: Any) -> set[str]:
    source = source_of(template, tmp_path / "a.txt", "a.txt")
    domains = Domains(declared)
    expander = Expander(tmp_path, Style(), domains)
    return set(explore(expander.expand(source, parse(source.body, Style())), domains).texts)


def rendered(template: str, values: dict[str, list[Any]]) -> set[str]:
    compiled = ImmutableSandboxedEnvironment(undefined=jinja2.StrictUndefined).from_string(template)
    return {
        compiled.render(dict(zip(values, combination, strict=True)))
        for combination in product(*values.values())
    }


CASES: list[tuple[str, dict[str, list[Any]]]] = [
    ("{% if a %}x{% endif %}{% if not a %}y{% endif %}", {"a": [True, False]}),
    ("{% if a %}x{% elif b %}y{% else %}z{% endif %}", {"a": [True, False], "b": [True, False]}),
    ("{% if n > 5 %}x{% endif %}{% if n < 3 %}y{% endif %}", {"n": [0, 4, 9]}),
    ("{% if p == 'a' %}x{% endif %}{% if p == 'b' %}y{% endif %}", {"p": ["a", "b", "c"]}),
    ("{% set q = 'u' if a else 'v' %}{{ q }}{% if q == 'u' %}!{% endif %}", {"a": [True, False]}),
    ("{% if a %}{% set q = 'u' %}{% else %}{% set q = 'v' %}{% endif %}{{ q }}", {"a": [True, False]}),
    ("{% set q %}in{% if a %}side{% endif %}{% endset %}<{{ q }}>", {"a": [True, False]}),
    ("{{ 'x' if a }}{{ 'y' if a else 'z' }}{{ ('u' if b else 'v') | upper }}", {"a": [1, 0], "b": [1, 0]}),
    (
        "{% macro m(t, u='k') %}{% if t %}{{ u }}{% endif %}{% endmacro %}{{ m(a) }}{{ m(b, 'l') }}",
        {"a": [1, 0], "b": [1, 0]},
    ),
    (
        "{% macro m() %}<{{ caller() }}>{% endmacro %}{% call m() %}{% if a %}x{% endif %}{% endcall %}",
        {"a": [1, 0]},
    ),
    ("{% filter upper %}a{% if a %}b{% endif %}{% endfilter %}", {"a": [1, 0]}),
    ("{% for i in l %}{% if loop.first %}f{% endif %}-{% else %}none{% endfor %}", {"l": [[], [1], [1, 2]]}),
    ("{% if l %}some: {% for i in l %}x{% endfor %}{% else %}no{% endif %}", {"l": [[], [1], [1, 2]]}),
    ("{% for i in ['a', 'b'] %}{{ i }}{% if a %}!{% endif %}{% endfor %}", {"a": [True, False]}),
    ("{% for i in range(3) %}{{ loop.index }}{% endfor %}{% if a %}!{% endif %}", {"a": [True, False]}),
    ("{% with q = a %}{% if q %}x{% endif %}{% endwith %}", {"a": [True, False]}),
    (
        "{% set ns = namespace(f=false) %}{% if a %}{% set ns.f = true %}{% endif %}{% if ns.f %}x{% endif %}",
        {"a": [True, False]},
    ),
    (
        "{% if a.b %}x{% endif %}{% if a.c == 'k' %}y{% endif %}",
        {"a": [{"b": 1, "c": "k"}, {"b": 0, "c": "l"}]},
    ),
    ("{% if a is none %}x{% elif a %}y{% else %}z{% endif %}", {"a": [None, "t", ""]}),
    ("{% if a in ['k', 'l'] %}x{% endif %}{% if a not in ['l'] %}y{% endif %}", {"a": ["k", "l", "m"]}),
    ("{% if a and (b or not c) %}x{% else %}y{% endif %}", {"a": [1, 0], "b": [1, 0], "c": [1, 0]}),
    ("{% if a > b %}x{% endif %}{% if a <= b %}y{% endif %}", {"a": [1, 2], "b": [1, 2]}),
    ("{% if l | length > 2 %}x{% endif %}{% if l | length == 1 %}y{% endif %}", {"l": [[1], [1, 2, 3]]}),
    ("{{ a or 'there' }}", {"a": ["there", ""]}),
    ("{% if 0 < n <= 3 %}x{% endif %}", {"n": [0, 2, 5]}),
    ("{%- if a -%} x {%- endif %} y", {"a": [True, False]}),
    ("{% raw %}{{ x }}{% endraw %}{# a comment #}{% if a %}y{% endif %}", {"a": [True, False]}),
]


@pytest.mark.parametrize(("template", "values"), CASES, ids=[template for template, _ in CASES])
def test_the_texts_are_those_that_jinja_makes_of_the_samples(
    template: str, values: dict[str, list[Any]], tmp_path: Any
) -> None:
    declared = {
        name: Declared("list" if isinstance(samples[0], list) else "string", tuple(samples))
        for name, samples in values.items()
    }
    assert texts_of(template, declared, tmp_path) == rendered(template, values)


@pytest.mark.parametrize(
    ("template", "values"),
    [
        (template, values)
        for template, values in CASES
        if all(value in ([True, False], [1, 0]) for value in values.values())
    ],
)
def test_variables_that_nobody_declares_can_be_true_and_false(
    template: str, values: dict[str, list[Any]], tmp_path: Any
) -> None:
    assert texts_of(template, {}, tmp_path) == rendered(template, values)


def a_template(chance: random.Random, depth: int = 0) -> str:
    """A random template over four conditions that hang together."""
    tests = [
        "a",
        "not a",
        "b",
        "a and b",
        "a or b",
        "n > 5",
        "n == 0",
        "n <= 5 and b",
        "p == 'k'",
        "p != 'k'",
        "p in ['k', 'l']",
    ]
    parts = []
    for number in range(chance.randint(1, 3)):
        kind = chance.random()
        if kind < 0.4 or depth > 2:
            parts.append(f"t{depth}{number}{chance.randint(0, 9)} ")
        elif kind < 0.6:
            parts.append("{{ 'u' if " + chance.choice(tests) + " else 'v' }}")
        elif kind < 0.7:
            parts.append(
                "{% set q = 'w' if "
                + chance.choice(tests)
                + " else 'z' %}{{ q }}{% if q == 'w' %}!{% endif %}"
            )
        else:
            otherwise = "{% else %}" + a_template(chance, depth + 1) if chance.random() < 0.5 else ""
            parts.append(
                "{% if "
                + chance.choice(tests)
                + " %}"
                + a_template(chance, depth + 1)
                + otherwise
                + "{% endif %}"
            )
    return "".join(parts)


@pytest.mark.parametrize("seed", range(150))
def test_random_templates_have_the_texts_that_jinja_makes(seed: int, tmp_path: Any) -> None:
    template = a_template(random.Random(seed))
    values: dict[str, list[Any]] = {
        "a": [True, False],
        "b": [True, False],
        "n": [0, 3, 9],
        "p": ["k", "l", "m"],
    }
    declared = {name: Declared("string", tuple(samples)) for name, samples in values.items()}
    expected = rendered(template, values)
    assert texts_of(template, declared, tmp_path) == expected
    # Values that are made up from the conditions find at least the same, and nothing that no value makes.
    assert texts_of(template, {}, tmp_path) == rendered(template, {**values, "n": [-1, 0, 3, 5, 6]})


def test_a_loop_over_an_undeclared_list_runs_never_once_and_several_times(tmp_path: Any) -> None:
    assert texts_of("{% for i in l %}x{% endfor %}.", {}, tmp_path) == {".", "x.", "xx."}


def test_a_list_whose_samples_are_never_empty_is_never_empty(tmp_path: Any) -> None:
    declared = {"l": Declared("list", (["a"],))}
    assert texts_of("{% for i in l %}x{% endfor %}.", declared, tmp_path) == {"x.", "xx."}


def test_a_function_of_the_teams_is_free_and_the_same_everywhere(tmp_path: Any) -> None:
    template = "{% if ours(a) %}x{% endif %}{% if not ours(a) %}y{% endif %}"
    assert texts_of(template, {}, tmp_path) == {"x", "y"}


def test_twelve_independent_conditions_make_4096_texts(tmp_path: Any) -> None:
    template = "".join(f"{{% if c{number} %}}t{number} {{% endif %}}" for number in range(12))
    assert len(texts_of(template, {}, tmp_path)) == 4096


LOOPS = (
    "{% for a in b %}{% for c in a %}{% for d in c %}{% for e in d %}{% for f in e %}{% for g in f %}x{{ g }}"
    + "{% endfor %}" * 6
)
CHAIN = "{% if a == b %}x" + "".join(f"{{% elif a{n} == b{n} %}}x{n}" for n in range(120)) + "{% endif %}"
EITHER = "".join(f"{{% if x{n} or y{n} or z{n} %}}t{n} {{% endif %}}" for n in range(30))


@pytest.mark.parametrize("template", [LOOPS, CHAIN, EITHER], ids=["loops in loops", "chain", "either"])
def test_paths_without_end_are_given_up_after_a_bounded_number_of_steps(template: str, tmp_path: Any) -> None:
    domains = Domains({})
    source = source_of(template, tmp_path / "a.txt", "a.txt")
    items = Expander(tmp_path, Style(), domains).expand(source, parse(source.body, Style()))
    first = explore(items, domains)
    assert len(first.texts) > 1
    # Without a bound the loops alone would take hours.
    assert domains.steps < 500_000


def test_beyond_the_cap_the_combinations_are_still_counted(tmp_path: Any) -> None:
    template = "".join(f"{{% if c{number} %}}t{number} {{% endif %}}" for number in range(30))
    source = source_of(template, tmp_path / "a.txt", "a.txt")
    domains = Domains({})
    explored = explore(
        Expander(tmp_path, Style(), domains).expand(source, parse(source.body, Style())), domains, cap=100
    )
    assert explored.capped
    assert explored.feasible == 2**30
