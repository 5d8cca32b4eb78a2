"""``tonecheck templates lint``: every branch of templates, judged without running them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tonecheck.cli import options, selection, session
from tonecheck.errors import MissingExtra, UserError

if TYPE_CHECKING:
    from tonecheck.ci.selection import Selection

_FORMATS = ("text", "json", "sarif", "github", "gitlab", "junit", "rdjson")


@click.command(epilog="Example: tonecheck templates lint templates --vars samples.yaml --jobs 2")
@click.argument("paths", nargs=-1, metavar="PATH…", type=click.Path())
@options.add(
    click.option(
        "--format",
        type=options.OneOf(_FORMATS),
        default="text",
        show_default=True,
        help="How to write the report.",
    ),
    click.option(
        "--root",
        type=click.Path(file_okay=False, exists=True),
        metavar="DIR",
        help="Where include, extends and import look; by default the nearest folder that has what they name.",
    ),
    click.option(
        "--vars",
        "vars_file",
        type=click.Path(dir_okay=False),
        metavar="FILE",
        help="Variables, their samples and your own filters, for all templates (YAML or JSON).",
    ),
    click.option(
        "--cadence",
        type=click.Path(dir_okay=False),
        metavar="FILE",
        help="Lint a sequence of messages as one thing.",
    ),
    *options.PROFILE,
    options.FLAG,
    options.FAIL_ON,
    *selection.OPTIONS,
    click.option(
        "--cap",
        type=click.IntRange(1, 1_000_000),
        default=20_000,
        show_default=True,
        help="The most combinations of a template.",
    ),
    click.option(
        "--jobs", "-j", type=click.IntRange(1, 64), default=1, show_default=True, help="Worker processes."
    ),
    click.option("--no-cache", is_flag=True, help="Look at every template anew."),
    click.option("--trim-blocks", is_flag=True, help="As your environment has it."),
    click.option("--lstrip-blocks", is_flag=True, help="As your environment has it."),
    *options.CONFIG,
    *options.RULES,
    options.PIPELINE,
    options.MODEL,
)
def lint(paths: tuple[str, ...], **given: Any) -> int:
    """Lint templates: every feasible branch of PATH, files or folders.

    Reports how each message lands, what is missing on which path, names that nobody declares, blanks, what is unsafe, and more. Exit status 1
    if a finding is at or above --fail-on.
    """
    if not paths and given["cadence"] is None:
        raise click.UsageError("no template: name a file or a folder", click.get_current_context())
    chosen = selection.opened(paths, given)
    report = lint_report(paths, given)
    if chosen is not None:
        _select(report, chosen)
    session.write(render(report, given["format"]))
    selection.finish(chosen)
    return int(any(session.fails(row["verdict"], report["fail_on"]) for row in report["files"]))


def _select(report: dict[str, Any], chosen: Selection) -> None:
    """Keep the findings that are to be shown; what is not shown does not count either."""
    from tonecheck.ci.findings import from_lint
    from tonecheck.linter.run import verdict_of

    for row in report["files"]:
        found = row["findings"]
        located = [from_lint({"files": [{**row, "findings": [finding]}]})[0] for finding in found]
        shown, _ = chosen.pick(row["path"], located)
        row["findings"] = [finding for finding, is_shown in zip(found, shown, strict=True) if is_shown]
        if len(row["findings"]) < len(found):
            row["verdict"] = verdict_of(row["findings"])


def lint_report(paths: tuple[str, ...], given: dict[str, Any]) -> dict[str, Any]:
    """The report on templates as the options ask for it, with ``fail_on``."""
    from dataclasses import replace

    try:
        from tonecheck.linter.parsing import Style
        from tonecheck.linter.run import LintOptions
        from tonecheck.linter.run import lint as lint_all
        from tonecheck.linter.sources import Variables, read_variables
    except ImportError as err:
        if (err.name or "").startswith(("jinja2", "markupsafe")):
            raise MissingExtra("linting templates", "templates") from err
        raise
    loaded = session.settings({**given, "format": None})
    session.load_rules(loaded)
    variables = read_variables(Path(given["vars_file"])) if given["vars_file"] else Variables()
    asked = LintOptions(
        config=replace(loaded.config, suggestions=False),
        root=Path(given["root"]) if given["root"] else None,
        variables=variables,
        style=Style(given["trim_blocks"], given["lstrip_blocks"]),
        cap=given["cap"],
        jobs=given["jobs"],
        cached=not given["no_cache"],
    )
    report = lint_all(paths, asked) if paths else {"files": []}
    if given["cadence"]:
        from tonecheck.linter.cadence import lint_cadence

        report["files"].append(lint_cadence(Path(given["cadence"]), asked))
    report["fail_on"] = loaded.config.fail_on
    return report


def render(report: dict[str, Any], format: str) -> str:
    """The report in one of the formats."""
    shown = {"files": report["files"]}
    if format == "json":
        from tonecheck.render.json import dumps

        return dumps(shown, indent=2) + "\n"
    if format == "text":
        from tonecheck.linter.output import text

        return text(shown)
    try:
        from tonecheck import __version__, ci
        from tonecheck.ci.findings import from_lint
    except ImportError as err:
        raise UserError(f"--format {format} is not part of this installation") from err
    return ci.render(
        format, from_lint(shown), version=__version__, paths=[row["path"] for row in shown["files"]]
    )
