"""The options that show only some findings: those that a baseline does not know, those on changed lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from tonecheck.ci.selection import Selection

OPTIONS = (
    click.option(
        "--baseline",
        type=click.Path(dir_okay=False),
        metavar="FILE",
        help="Leave out the findings that this file knows.",
    ),
    click.option(
        "--update-baseline", is_flag=True, help="Take what is mended out of the baseline; add nothing."
    ),
    click.option(
        "--new-baseline", is_flag=True, help="Write the baseline anew, with everything that is found."
    ),
    click.option("--diff", metavar="REF", help="Only findings on lines changed since REF, as git tells it."),
)


def opened(paths: Sequence[str], given: Mapping[str, Any]) -> Selection | None:
    """What the options ask for, or ``None`` if they ask for nothing. Raises ``UserError``."""
    names = ("baseline", "update_baseline", "new_baseline", "diff")
    if not any(given[name] for name in names) and given["diff"] is None:
        return None
    from tonecheck.ci.selection import Selection

    return Selection(
        paths,
        baseline=given["baseline"],
        update=given["update_baseline"],
        new=given["new_baseline"],
        ref=given["diff"],
    )


def finish(selection: Selection | None) -> None:
    """Write the baseline where that was asked for, and say on stderr what is to be said about it."""
    if selection is None:
        return
    from tonecheck.cli.session import terminal

    if said := selection.finish():
        click.echo(f"tonecheck: {terminal('never').plain(said)}", err=True)
