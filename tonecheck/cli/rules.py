"""``tonecheck rules``: list, explain and test the rules, and print the schema of a rule pack."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tonecheck.cli import options, session
from tonecheck.errors import UserError, one_of

if TYPE_CHECKING:
    from tonecheck.config import LoadedConfig
    from tonecheck.rulepack import Rule
    from tonecheck.ruletest import Failure


@click.group()
def rules() -> None:
    """List, explain and test the rules."""


@rules.command("list")
@options.add(
    click.option("--category", help="Only rules of this category or element."),
    click.option("--format", type=options.OneOf(("text", "json")), default="text", show_default=True),
    *options.CONFIG,
)
def list_rules(category: str | None, format: str, **given: Any) -> int:
    """List all rules: id, severity and message. A rule that the configuration switches off is marked."""
    from tonecheck.render import rules as render

    loaded = session.settings(given)
    found = session.load_rules(loaded)
    in_force = {rule.id: rule for rule in session.open_checker(loaded.config, found).rules}
    if category is not None:
        categories = sorted({rule.category for rule in found})
        if category not in categories:
            raise UserError(f"--category: {one_of(category, categories, 'category')}")
        found = [rule for rule in found if rule.category == category]
    if format == "json":
        session.write(render.as_json(found, in_force))
    else:
        terminal = session.terminal()
        session.write(render.as_list(found, in_force, terminal), terminal.encoding)
    return 0


@rules.command()
@click.argument("rule")
@options.add(*options.CONFIG)
def explain(rule: str, **given: Any) -> int:
    """Tell all about RULE: what it finds, why it matters, where it applies, and its examples."""
    from tonecheck.render import rules as render

    found = session.rule_named(rule, session.load_rules(session.settings(given), examples=True))
    terminal = session.terminal()
    session.write(render.as_page(found, terminal), terminal.encoding)
    return 0


@rules.command()
@click.argument("paths", nargs=-1, metavar="[PATH…]", type=click.Path())
@options.add(
    options.PIPELINE,
    options.MODEL,
    click.option("--strict", is_flag=True, help="An alternative that no example uses is an error."),
    *options.CONFIG,
)
def test(paths: tuple[str, ...], strict: bool, **given: Any) -> int:
    """Run the examples of all rules, or of those in PATH: rule packs, shipped or your own.

    Names each example that fails, and each alternative of a pattern that no example uses. Exit status 1 for a failure.
    """
    from tonecheck.language import Language
    from tonecheck.model.tone_model import ToneModel
    from tonecheck.ruletest import failures, unexercised

    loaded = session.settings(given)
    chosen, evidence = _packs(paths) if paths else _everything(loaded)
    language = Language(loaded.config.pipeline)
    model = ToneModel(loaded.config.backend, loaded.config.model_path, loaded.config.threads)
    failed: list[Failure] = []
    unused: list[tuple[Rule, list[str]]] = []
    # Told after the bar, which would otherwise stand in the middle of them.
    with session.progress(len(chosen), "Testing") as step:
        for rule in chosen:
            failed += failures([rule], language, evidence, model)
            if labels := [label for _, label in unexercised([rule], language)]:
                unused.append((rule, labels))
            step(1)
    for failure in failed:
        click.echo(str(failure))
    for line in _unused_lines(unused, every=strict or bool(paths)):
        click.echo(line)
    count = sum(len(labels) for _, labels in unused)
    click.echo(f"{len(chosen)} rules, {len(failed)} failures, {count} unexercised alternatives")
    return int(bool(failed) or (strict and count > 0))


def _unused_lines(unused: Iterable[tuple[Rule, list[str]]], *, every: bool) -> Iterator[str]:
    """The alternatives that no example uses: every one, or a line for each rule."""
    for rule, labels in unused:
        start = f"{rule.place}: {rule.id}: no flag example uses"
        if every:
            yield from (f"{start} {label!r}" for label in labels)
        else:
            more = f" and {len(labels) - 1} more" if len(labels) > 1 else ""
            yield f"{start} {labels[0]!r}{more}"


@rules.command()
def schema() -> int:
    """Print the JSON Schema of a rule pack, for editors."""
    from tonecheck.render.json import dumps
    from tonecheck.ruleschema import schema as pack_schema

    session.write(dumps(pack_schema(), indent=2) + "\n")
    return 0


def _everything(loaded: LoadedConfig) -> tuple[list[Rule], list[Rule]]:
    """All rules with their examples, and the rules that give evidence of elements."""
    found = session.load_rules(loaded, examples=True)
    return found, [rule for rule in found if rule.is_element]


def _packs(paths: Iterable[str]) -> tuple[list[Rule], list[Rule]]:
    """The rules in ``paths`` alone, and the rules that give evidence of elements, if any of the former asks for them.

    Other packs are left out, so that a fault in one does not keep another from being tested.
    """
    from tonecheck.rulepack import load

    shipped = session.shipped_rules()
    lexicon = [path for path in (shipped / "lexicon.yaml",) if path.exists()]
    found = load([*lexicon, *map(Path, paths)], examples=True)
    evidence = load([shipped]) if any(rule.verb == "absent" for rule in found) else []
    return found, [rule for rule in (evidence or found) if rule.is_element]
