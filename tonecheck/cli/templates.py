"""``tonecheck templates``: list, show and render the messages of the library. ``lint`` has its own module."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tonecheck.cli import options, session
from tonecheck.cli.group import Commands
from tonecheck.errors import MissingExtra, UserError
from tonecheck.profile import CHANNELS, JURISDICTIONS, STAGES

if TYPE_CHECKING:
    from tonecheck.library import Library, Rendered, Template
    from tonecheck.report import Report

templates = Commands(
    "templates",
    "Messages that are fit to send, and the linter for templates of your own.",
    {
        "list": ("tonecheck.cli.templates:list_templates", "List the templates of the library."),
        "show": ("tonecheck.cli.templates:show", "Tell all about a template, with a sample."),
        "render": ("tonecheck.cli.templates:render", "Write a message from a template and your values."),
        "lint": ("tonecheck.cli.templates_lint:lint", "Check templates of your own, on every branch."),
    },
)


@click.command("list")
@options.add(
    click.option("--channel", type=options.OneOf(CHANNELS), help="Only for this channel."),
    click.option("--stage", type=options.OneOf(STAGES), help="Only for this stage."),
    click.option("--jurisdiction", type=options.OneOf(JURISDICTIONS), help="Only for this jurisdiction."),
    click.option("--format", type=options.OneOf(("text", "json")), default="text", show_default=True),
)
def list_templates(format: str, **wanted: str | None) -> int:
    """List the templates of the library: id and title, or all about them as JSON."""
    found = [
        template
        for template in _library().templates
        if all(value in (None, getattr(template.profile, name)) for name, value in wanted.items())
    ]
    if format == "json":
        from tonecheck.render.json import dumps

        session.write(dumps({"templates": [template.to_dict() for template in found]}, indent=2) + "\n")
        return 0
    from tonecheck.library import pages

    terminal = session.terminal()
    session.write(pages.as_list(found, terminal), terminal.encoding)
    return 0


@click.command()
@click.argument("id")
def show(id: str) -> int:
    """Tell all about the template ID: when to send it, what it asks for, its source, and how it reads with its first samples."""
    library = _library()
    from tonecheck.library import pages
    from tonecheck.library.samples import first

    template = library.get(id)
    sample = library.render(id, first(template))
    terminal = session.terminal()
    session.write(pages.as_page(template, sample, terminal), terminal.encoding)
    return 0


@click.command(
    epilog="Example: tonecheck templates render reminder-after-due/email-us --sample --set balance=40 --format json"
)
@click.argument("id")
@options.add(
    click.option(
        "--values",
        type=click.Path(dir_okay=False, allow_dash=True),
        metavar="FILE",
        help="The values: a JSON object; - for standard input.",
    ),
    click.option(
        "--set", "pairs", multiple=True, metavar="NAME=VALUE", help="One value; wins over those of --values."
    ),
    click.option("--sample", is_flag=True, help="Take the sample of every variable that is not given."),
    click.option("--format", type=options.OneOf(("text", "html", "json")), default="text", show_default=True),
    options.FAIL_ON,
    *options.JUDGING,
)
def render(
    id: str, values: str | None, pairs: tuple[str, ...], sample: bool, format: str, **given: Any
) -> int:
    """Write the message of the template ID to standard output, and check it.

    The exit status is 1 if the message is not fit to send with these values; a line on standard error says so.
    """
    library = _library()
    template = library.get(id)
    loaded = session.settings(given)
    rendered = library.render(id, _values(template, values, pairs, sample))
    if format == "html" and rendered.html is None:
        raise UserError("--format html: only an e-mail has HTML; use text or json")
    report = session.open_checker(loaded.config, session.load_rules(loaded)).check(
        rendered.text, template.profile
    )
    if format == "json":
        session.write(_json(rendered, report))
    else:
        session.write(rendered.html or "" if format == "html" else rendered.text + "\n")
    if not session.fails(report.verdict, loaded.config.fail_on):
        return 0
    if format != "json":
        click.echo(f"tonecheck: {report.verdict}: {'; '.join(report.reasons)}", err=True)
    return 1


def _library() -> Library:
    try:
        from tonecheck.library import shipped
    except ImportError as err:
        raise MissingExtra("the template library", "templates") from err
    return shipped()


def _values(template: Template, path: str | None, pairs: tuple[str, ...], sample: bool) -> dict[str, Any]:
    """The values that were given: of the file, changed by ``--set``, with samples for the rest if asked for."""
    from tonecheck.library.errors import ValueErrors, nearest
    from tonecheck.library.samples import first
    from tonecheck.library.types import from_text

    values = {**(first(template) if sample else {}), **({} if path is None else _read(path))}
    unknown = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals:
            raise UserError(f"--set {pair!r:.60}: write it as NAME=VALUE, for example --set balance=186.20")
        variable = template.variables.get(name)
        if variable is None:
            unknown[name] = f"there is no such variable{nearest(name, template.variables)}"
        else:
            values[name] = from_text(variable.type, text)
    if unknown:
        raise ValueErrors(unknown)
    return values


def _read(path: str) -> Mapping[str, Any]:
    shown = "standard input" if path == "-" else path
    try:
        content = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
        found = json.loads(content.decode("utf-8-sig"))
    except OSError as err:
        raise UserError(f"{shown}: cannot be read: {err.strerror}") from err
    except json.JSONDecodeError as err:
        raise UserError(f"{shown}:{err.lineno}:{err.colno}: not valid JSON: {err.msg}") from err
    except UnicodeDecodeError as err:
        raise UserError(f"{shown}: not UTF-8: see its byte {err.start + 1}") from err
    except (RecursionError, ValueError) as err:
        raise UserError(f"{shown}: nested too deeply, or a number with too many digits") from err
    if not isinstance(found, dict):
        raise UserError(f'{shown}: the values are a JSON object such as {{"balance": 186.20}}')
    return found


def _json(rendered: Rendered, report: Report) -> str:
    from tonecheck.render.json import dumps

    shown = {
        "text": rendered.text,
        "subject": rendered.subject,
        "html": rendered.html,
        "body": rendered.body,
        "report": report.to_dict(),
    }
    return dumps(shown, indent=2) + "\n"
