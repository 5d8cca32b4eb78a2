"""``tonecheck templates lint``: every branch of templates, judged without running them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tonecheck.cli import options, selection, session, templates_fix
from tonecheck.cli.group import WRONG
from tonecheck.errors import MissingExtra, UserError
from tonecheck.profile import VALUES, parse_flags

if TYPE_CHECKING:
    from tonecheck.ci.selection import Selection
    from tonecheck.linter.options import LintOptions

_FORMATS = ("text", "json", "sarif", "github", "gitlab", "junit", "rdjson")
# The others have no room for what to write instead, so it is not worked out for them.
_WITH_SUGGESTIONS = ("json", "sarif", "rdjson")


@click.command(
    cls=templates_fix.WithFix,
    epilog="Examples: tonecheck templates lint mails --vars samples.yaml --jobs 2; tonecheck templates lint mails --fix --diff",
)
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
    click.option(
        "--fix", is_flag=True, help="Apply safe suggestions to the templates; with --diff only show them."
    ),
    click.option("--unsafe", is_flag=True, help="With --fix: apply all suggestions."),
    click.option("--show-diff", is_flag=True, hidden=True),
    *options.MESSAGE,
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
    *options.JUDGING,
)
def lint(paths: tuple[str, ...], **given: Any) -> int:
    """Lint templates: every feasible branch of PATH, files or folders.

    Reports how each message lands, what is missing on which path, names that nobody declares, blanks, what is unsafe, and more. Exit status 1
    if a finding is at or above --fail-on; with --fix, if one is left.
    """
    if not paths and given["cadence"] is None:
        raise click.UsageError("no template: name a file or a folder", click.get_current_context())
    templates_fix.check(given)
    if given["fix"]:
        return _mend(paths, given)
    chosen = selection.opened(paths, given)
    asked, fail_on = _asked(given)
    from tonecheck.linter.run import lint as lint_all

    report = lint_all(paths, asked) if paths else {"files": []}
    report = _selected(_with_cadence(report, given, asked), chosen)
    session.write(render(report, given["format"]))
    selection.finish(chosen)
    return _status(report, fail_on)


def _status(report: dict[str, Any], fail_on: str) -> int:
    return int(any(session.fails(row["verdict"], fail_on) for row in report["files"]))


def _mend(paths: tuple[str, ...], given: dict[str, Any]) -> int:
    """Mend what a run would show, write it back or show how, and report on what is left."""
    asked, fail_on = _asked(given)
    from tonecheck.linter.fix import fix

    aside = {"update_baseline": False, "new_baseline": False}
    known = None if given["new_baseline"] else selection.opened(paths, {**given, **aside})
    select = None if known is None else lambda row: _shown(row, known)
    fixed = fix(paths, asked, unsafe=given["unsafe"], select=select)
    if given["show_diff"]:
        session.write(templates_fix.difference(fixed.changed))
        click.echo(templates_fix.summary(fixed, written=False), err=True)
        return _status(_selected(fixed.report, known), fail_on)
    is_whole = templates_fix.write(fixed.changed)
    if not is_whole:
        # What could not be written is still to be found.
        from tonecheck.linter.run import lint as lint_all

        fixed = fixed.corrected(lint_all(paths, asked))
    chosen = selection.opened(paths, given)
    report = _selected(_with_cadence(fixed.report, given, asked), chosen)
    said = templates_fix.summary(fixed, written=True)
    session.write(render(report, given["format"], said))
    if given["format"] != "text":
        click.echo(said, err=True)
    selection.finish(chosen)
    return _status(report, fail_on) if is_whole else WRONG


def _shown(row: Mapping[str, Any], chosen: Selection) -> list[bool]:
    """For each finding of a row whether it is shown. To be called once for each row."""
    from tonecheck.ci.findings import from_lint

    located = [from_lint({"files": [{**row, "findings": [one]}]})[0] for one in row["findings"]]
    return chosen.pick(row["path"], located)[0]


def _selected(report: dict[str, Any], chosen: Selection | None) -> dict[str, Any]:
    """The report with the findings that are to be shown; what is not shown does not count either."""
    if chosen is None:
        return report
    from tonecheck.linter.template import verdict_of

    rows = []
    for row in report["files"]:
        shown = _shown(row, chosen)
        kept = [finding for finding, is_shown in zip(row["findings"], shown, strict=True) if is_shown]
        verdict = row["verdict"] if all(shown) else verdict_of(kept)
        rows.append({**row, "findings": kept, "verdict": verdict})
    return {"files": rows}


def _asked(given: dict[str, Any]) -> tuple[LintOptions, str]:
    """What the options ask for, and from which verdict on the exit status is 1."""
    from dataclasses import replace

    try:
        from tonecheck.linter.options import LintOptions
        from tonecheck.linter.parsing import Style
        from tonecheck.linter.sources import Variables, read_variables
    except ImportError as err:
        if (err.name or "").startswith(("jinja2", "markupsafe")):
            raise MissingExtra("linting templates", "templates") from err
        raise
    loaded = session.settings({**given, "format": None})
    session.load_rules(loaded)
    config = loaded.config
    fields = {name: given[name] for name in VALUES if given[name] is not None}
    if given["flags"]:
        fields["flags"] = tuple(sorted(parse_flags(given["flags"])))
    advised = given["fix"] or (config.suggestions and given["format"] in _WITH_SUGGESTIONS)
    asked = LintOptions(
        # No server is asked about every branch of every template.
        config=replace(config, suggestions=advised, llm_url=None),
        root=Path(given["root"]) if given["root"] else None,
        variables=read_variables(Path(given["vars_file"])) if given["vars_file"] else Variables(),
        style=Style(given["trim_blocks"], given["lstrip_blocks"]),
        given=fields,
        folder=loaded.file.parent if loaded.file else None,
        cap=given["cap"],
        jobs=given["jobs"],
        cached=not given["no_cache"],
    )
    return asked, config.fail_on


def _with_cadence(report: dict[str, Any], given: dict[str, Any], asked: LintOptions) -> dict[str, Any]:
    if not given["cadence"]:
        return report
    from tonecheck.linter.cadence import lint_cadence

    return {"files": [*report["files"], lint_cadence(Path(given["cadence"]), asked)]}


def render(report: dict[str, Any], format: str, mended: str = "") -> str:
    """The report in one of the formats. ``mended``: what was mended, for the text."""
    shown = {"files": report["files"]}
    if format == "json":
        from tonecheck.render.json import dumps

        return dumps(shown, indent=2) + "\n"
    if format == "text":
        from tonecheck.linter.output import text

        return text(shown) + (f"{mended}\n" if mended else "")
    try:
        from tonecheck import __version__, ci
        from tonecheck.ci.findings import from_lint
    except ImportError as err:
        raise UserError(f"--format {format} is not part of this installation") from err
    return ci.render(
        format, from_lint(shown), version=__version__, paths=[row["path"] for row in shown["files"]]
    )
