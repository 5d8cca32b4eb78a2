"""``tonecheck templates lint --fix``: what was mended, shown or written back."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from tonecheck.cli import session
from tonecheck.cli.group import complain
from tonecheck.errors import UserError

if TYPE_CHECKING:
    from tonecheck.linter.fix import Changed, Fixed


class WithFix(click.Command):
    """A command in which ``--diff`` needs a value, but for ``--fix --diff``: then it shows and changes nothing. ``--diff=REF`` keeps its
    meaning."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        end = args.index("--") if "--" in args else len(args)
        options = args[:end]
        if "--fix" in options:
            options = ["--show-diff" if one == "--diff" else one for one in options]
        return super().parse_args(ctx, [*options, *args[end:]])


def check(given: Mapping[str, Any]) -> None:
    """Refuse options that need ``--fix``."""
    if given["unsafe"] and not given["fix"]:
        raise click.UsageError("--unsafe needs --fix", click.get_current_context())


def write(changed: Sequence[Changed]) -> bool:
    """Write the mended files back; ``False``, and a line for each on standard error, if some cannot be."""
    is_whole = True
    for one in changed:
        try:
            _write(one)
        except UserError as err:
            complain(str(err))
            is_whole = False
    return is_whole


def _write(one: Changed) -> None:
    """Bytes as they were but for the edits: byte order mark and line ends stay."""
    try:
        mode = one.file.stat().st_mode
        now = one.file.read_bytes()
    except OSError as err:
        raise UserError(f"{one.path}: cannot be read: {err.strerror}") from err
    # A new file would take its place, whether it may be written or not; root may write everything.
    if not mode & 0o222 or not os.access(one.file, os.W_OK):
        raise UserError(
            f"{one.path}: is read-only and was left as it is; make it writable, or mend it by hand"
        )
    if now != one.before.encode("utf-8"):
        raise UserError(f"{one.path}: was changed meanwhile and left as it is; run it again")
    with session.output(one.path) as stream:
        stream.write(one.after.encode("utf-8"))


def difference(changed: Sequence[Changed]) -> str:
    """Unified diffs, empty where nothing changes."""
    return "".join(session.difference(one.before, one.after, one.path) for one in changed)


def summary(fixed: Fixed, *, written: bool) -> str:
    """One line: what was mended, and what is left."""
    count, left, files = fixed.mended, fixed.left, len(fixed.changed)
    done = f"{count} finding{_s(count)} in {files} file{_s(files)}" if files else "nothing"
    said = f"{'fixed' if written else 'would fix'} {done}; {left} left"
    if fixed.outside:
        more = ", …" if len(fixed.outside) > 3 else ""
        said += f"; not among the paths, so left as it is: {', '.join(fixed.outside[:3])}{more}"
    return said


def _s(count: int) -> str:
    return "" if count == 1 else "s"
