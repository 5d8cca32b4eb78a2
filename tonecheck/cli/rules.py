"""``tonecheck rules``: list, explain and test the rules, and print the schema of a rule pack."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tonecheck.cli import options, session
from tonecheck.errors import UserError, one_of

if TYPE_CHECKING:
    from tonecheck.rulepack import Rule


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

    found = session.rule_named(rule, session.load_rules(session.settings(given)))
    terminal = session.terminal()
    session.write(render.as_page(found, terminal), terminal.encoding)
    return 0


@rules.command()
@click.argument("paths", nargs=-1, metavar="[PATH…]", type=click.Path())
@options.add(
    options.PIPELINE,
    click.option("--strict", is_flag=True, help="An alternative that no example uses is an error."),
    *options.CONFIG,
)
def test(paths: tuple[str, ...], strict: bool, **given: Any) -> int:
    """Run the examples of all rules, or of those in PATH: rule packs, shipped or your own.

    Names each example that fails, and each alternative of a pattern that no example uses. Exit status 1 for a failure.
    """
    from tonecheck.language import Language
    from tonecheck.ruletest import failures, unexercised

    loaded = session.settings(given)
    everything = _with_packs(session.load_rules(loaded), loaded.config.packs, paths)
    chosen = [rule for rule in everything if not paths or _is_in(rule, paths)]
    if not chosen:
        raise UserError(f"there is no rule in {', '.join(paths)}")
    language = Language(loaded.config.pipeline)
    failed, unused = 0, 0
    with session.progress(len(chosen), "Testing") as step:
        for rule in chosen:
            for failure in failures([rule], language, everything):
                failed += 1
                click.echo(str(failure))
            for _, label in unexercised([rule], language):
                unused += 1
                click.echo(f"{rule.place}: {rule.id}: no flag example uses {label!r}")
            step(1)
    click.echo(f"{len(chosen)} rules, {failed} failures, {unused} unexercised alternatives")
    return int(failed > 0 or (strict and unused > 0))


@rules.command()
def schema() -> int:
    """Print the JSON Schema of a rule pack, for editors."""
    from tonecheck.render.json import dumps
    from tonecheck.rulepack import schema as pack_schema

    session.write(dumps(pack_schema(), indent=2) + "\n")
    return 0


def _with_packs(loaded: list[Rule], packs: Iterable[Path], paths: Iterable[str]) -> list[Rule]:
    """``loaded``, and the rules of those ``paths`` that are not among them."""
    from tonecheck.config import data_folder
    from tonecheck.rulepack import load

    new = [Path(path) for path in paths if not any(_is_in(rule, [path]) for rule in loaded)]
    return load([data_folder("rules"), *packs, *new]) if new else loaded


def _is_in(rule: Rule, paths: Iterable[str]) -> bool:
    place = Path(rule.place).resolve()
    return any(place.is_relative_to(Path(path).resolve()) for path in paths)
