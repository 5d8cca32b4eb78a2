"""Which lines changed since a commit, as git tells it.

git is called with a list of arguments, never through a shell, and neither a name of a commit nor a path can become an option.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from tonecheck.ci.findings import Located
from tonecheck.errors import UserError

_SECONDS = 120
_HUNK = re.compile(rb"@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_ESCAPED = re.compile(rb"\\([0-7]{3}|.)")
_ESCAPES = {b"a": b"\a", b"b": b"\b", b"t": b"\t", b"n": b"\n", b"v": b"\v", b"f": b"\f", b"r": b"\r"}
# Whatever the user's or the repository's configuration says: no other program, no colours, plain names.
_DIFF = (
    *("diff", "--unified=0", "--no-color", "--no-ext-diff", "--no-textconv", "--no-renames", "--no-relative"),
    *("--ignore-submodules", "--src-prefix=a/", "--dst-prefix=b/"),
)


def changed_lines(ref: str, paths: Sequence[str], *, folder: Path | None = None) -> dict[str, set[int]]:
    """The lines (from 1) of each of ``paths`` that changed since ``ref``; files that did not change are left out.

    Compared are the files as they are on disk with the commit at which this branch left ``ref``. A file that git does not know
    yet is new in every line; one that only lost lines has an empty set. ``folder``: where git is called, else the current folder.

    Raises ``UserError`` for a ``ref`` that cannot be one, a path outside the repository, and if git cannot answer.
    """
    check_ref(ref)
    if not paths:
        return {}
    folder = folder or Path.cwd()
    top = Path(os.fsdecode(_git(folder, "rev-parse", "--show-toplevel").rstrip(b"\r\n"))).resolve()
    names = {_in_repository(path, folder, top): path for path in paths}
    base = _base(folder, ref)
    # The commands name files from the top, so they are called there.
    found: dict[str, set[int]] = {}
    for name, lines in _read(_git(top, *_DIFF, base, "--", *names)):
        if name in names:
            found.setdefault(names[name], set()).update(lines)
    for raw in _git(top, "ls-files", "--others", "-z", "--", *names).split(b"\0"):
        path = names.get(os.fsdecode(raw))
        if path is not None:
            content = (top / os.fsdecode(raw)).read_bytes()
            found[path] = set(range(1, len(content.splitlines()) + 1))
    return found


def check_ref(ref: str) -> None:
    """Raise ``UserError`` for a text that cannot be the name of a commit, or that git could take for an option."""
    if not ref or ref.startswith("-") or any(char.isspace() or not char.isprintable() for char in ref):
        raise UserError(
            f"--diff: {ref!r:.60} is no name of a commit; give a branch, a tag or a commit, such as origin/main"
        )


def on_changed_lines(item: Located, changed: set[int] | None) -> bool:
    """Whether a finding stands on a changed line; an absence counts if its file changed. ``changed``: ``None`` if it did not."""
    if changed is None or item.place is None:
        return changed is not None
    last = item.place.end_line
    if item.place.end_column == 1 and last > item.place.line:
        last -= 1  # It ends with the line break of the line before.
    return not changed.isdisjoint(range(item.place.line, last + 1))


def _base(folder: Path, ref: str) -> str:
    commit = _git(folder, "rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}", may_fail=True).strip()
    if not commit:
        raise UserError(
            f"--diff: git knows no commit {ref!r:.60}; fetch it first (a shallow clone lacks most of them)"
        )
    # Where the branches have no common commit, or a shallow clone does not show it, the commit itself is compared with.
    fork = _git(folder, "merge-base", os.fsdecode(commit), "HEAD", may_fail=True).strip()
    return os.fsdecode(fork or commit)


def _in_repository(path: str, folder: Path, top: Path) -> str:
    """A path from the top of the repository, as git writes it."""
    if path == "-":
        raise UserError("--diff: standard input has no history; name files")
    # The file itself may be a link; it is the link that git knows.
    whole = (folder / path).parent.resolve() / Path(path).name
    if not whole.is_relative_to(top):
        raise UserError(f"--diff: {path} lies outside the repository of the current folder")
    return whole.relative_to(top).as_posix()


def _git(folder: Path, *arguments: str, may_fail: bool = False) -> bytes:
    command = ["git", "--no-pager", "--literal-pathspecs", "-c", "core.fsmonitor=false", *arguments]
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
        )
    except FileNotFoundError as err:
        raise UserError("--diff needs git, and there is no program of that name") from err
    except (OSError, subprocess.TimeoutExpired) as err:
        raise UserError(f"--diff: git gave no answer ({type(err).__name__})") from err
    if done.returncode and not may_fail:
        said = " ".join(os.fsdecode(done.stderr).split())
        raise UserError(f"--diff: git {arguments[0]} failed: {said:.200}")
    return done.stdout if done.returncode == 0 else b""


def _read(diff: bytes) -> Iterator[tuple[str, set[int]]]:
    """Each file of a diff with its new or changed lines, by its new name."""
    name: str | None = None
    rows = iter(diff.split(b"\n"))
    for row in rows:
        if row.startswith(b"diff --git "):
            name = _named(row)
            if name is not None:
                yield name, set()
        elif row.startswith(b"+++ ") and not row.startswith(b"+++ /dev/null"):
            # A name with a space in it ends in a tab.
            name = _unquoted(row[4:].removesuffix(b"\t"))
        elif (hunk := _HUNK.match(row)) and name is not None:
            lost, first, come = (int(number) if number else 1 for number in hunk.groups())
            yield name, set(range(first, first + come))
            # The lines themselves are passed over by their number: one of them may look like a heading.
            left = lost + come
            while left and (line := next(rows, None)) is not None:
                left -= not line.startswith(b"\\")  # "\\ No newline at end of file" is no line of the file


def _named(row: bytes) -> str | None:
    """The name in ``diff --git a/NAME b/NAME``, where both are the same; it is all that is said of a file without lines."""
    names = row.removeprefix(b"diff --git ")
    half = names[len(names) // 2 + 1 :]
    one, other = _unquoted(names[: len(names) // 2]), _unquoted(half)
    return other if one == other else None


def _unquoted(name: bytes) -> str:
    """A name as git writes it: with ``a/`` or ``b/`` before it, and quoted if it has unusual characters."""
    if name.startswith(b'"') and name.endswith(b'"') and len(name) > 1:
        name = _ESCAPED.sub(_plain, name[1:-1])
    return os.fsdecode(name[2:])


def _plain(match: re.Match[bytes]) -> bytes:
    code = match[1]
    return bytes([int(code, 8) & 0xFF]) if len(code) == 3 else _ESCAPES.get(code, code)
