"""``tonecheck fix``: apply suggestions to drafts."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from tonecheck.cli import options, session
from tonecheck.cli.group import WRONG, complain
from tonecheck.errors import BrokenRule, DraftError, MissingExtra

if TYPE_CHECKING:
    from tonecheck.rewrite.fix import Fixed

_INPUT_FORMATS = ("text", "markdown", "html", "eml")


@click.command(
    epilog="Examples: tonecheck fix draft.txt --diff; tonecheck fix --unsafe --in-place mails/*.txt"
)
@click.argument("files", nargs=-1, metavar="[FILE… | -]", type=click.Path())
@options.add(
    click.option(
        "--unsafe", is_flag=True, help="Apply all suggestions: deletions, new sentences, offers, too."
    ),
    click.option("--diff", is_flag=True, help="Show what would change, and change nothing."),
    click.option("--in-place", is_flag=True, help="Write the mended drafts back to their files."),
    *options.drafts(_INPUT_FORMATS),
    *options.JUDGING,
)
def fix(files: tuple[str, ...], **given: Any) -> int:
    """Mend drafts: apply safe suggestions, or all with --unsafe, until nothing more can be mended.

    The mended draft goes to standard output, and one line about it to standard error. The exit status is that of the
    mended draft.
    """
    loaded = session.settings(given)
    if not files and sys.stdin.isatty():
        raise click.UsageError("no draft: name a file, or pipe one in", click.get_current_context())
    if given["in_place"] and (given["diff"] or not files or "-" in files):
        raise click.UsageError(
            "--in-place needs files, and no --diff; look first with --diff alone", click.get_current_context()
        )
    account = session.read_account(given["context"])
    checker = session.open_checker(loaded.config, session.load_rules(loaded))
    failed = broken = False
    for path in files or ("-",):
        from tonecheck.rewrite.fix import fix as mended

        shown = "standard input" if path == "-" else path
        try:
            fixed = mended(
                checker,
                session.read_draft(path),
                unsafe=given["unsafe"],
                format=given["input_format"],
                name=None if path == "-" else path,
                account=account,
            )
        except (DraftError, MissingExtra, BrokenRule) as err:
            complain(f"{shown}: {err}")
            broken = True
            continue
        _deliver(fixed, path, shown, diff=given["diff"], in_place=given["in_place"])
        failed = failed or session.fails(fixed.after.verdict, loaded.config.fail_on)
    return WRONG if broken else int(failed)


def _deliver(fixed: Fixed, path: str, shown: str, *, diff: bool, in_place: bool) -> None:
    if diff:
        session.write(session.difference(fixed.source, fixed.text, shown))
    elif in_place:
        if fixed.applied:
            with session.output(path) as stream:
                stream.write(fixed.text.encode("utf-8"))
    else:
        session.write(fixed.text)
    click.echo(f"{shown}: {_summary(fixed)}", err=True)


def _summary(fixed: Fixed) -> str:
    edits, left = len(fixed.applied), len(fixed.left)
    done = f"{edits} edit{'s' if edits != 1 else ''}" if edits else "nothing changed"
    verdict = (
        f"{fixed.before.verdict} -> {fixed.after.verdict}, score {fixed.before.score} -> {fixed.after.score}"
    )
    rest = f"; {left} finding{'s' if left != 1 else ''} left for a person" if left else ""
    return f"{done}; {verdict}{rest}"
