"""What the GitHub Action runs: ``python -m tonecheck.ci.action``. Its inputs come as the variables that ``action.yml`` sets.

It is a program, not a shell script, so that nothing an input holds is ever run, and so that it is the same on every runner.
"""

from __future__ import annotations

import glob
import os
import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

_WRONG = 2


def main(environment: Mapping[str, str] = os.environ) -> int:
    """Check the files and lint the templates that the inputs name; the exit status is the worse of the two."""
    jobs = [
        (command, paths)
        for command, name in ((("check",), "FILES"), (("templates", "lint"), "TEMPLATES"))
        if (paths := expanded(environment.get(name, "")))
    ]
    if not jobs:
        print("::error title=tonecheck::The inputs files and templates name no file that is there.")
        return _WRONG
    try:
        options = shlex.split(environment.get("ARGS", ""))
    except ValueError as err:
        print(f"::error title=tonecheck::The input args cannot be split into words: {err}".rstrip("."))
        return _WRONG
    for name, option in (("FAIL_ON", "--fail-on"), ("DIFF", "--diff")):
        if environment.get(name):
            options.append(f"{option}={environment[name]}")
    status = 0
    for command, paths in jobs:
        status = max(status, _run((*command, "--format", "github", *options, "--", *paths)))
        if environment.get("SARIF"):
            target = Path(environment["SARIF"])
            if len(jobs) > 1 and command != ("check",):
                target = target.with_name(f"templates-{target.name}")
            # Once more, for the file; what is found has been told.
            with target.open("wb") as stream:
                _run((*command, "--format", "sarif", *options, "--", *paths), stdout=stream.fileno())
    return status


def expanded(lines: str) -> list[str]:
    """The files that a list stands for, one path or pattern a line. A path without a wildcard is taken as it is."""
    found: list[str] = []
    for line in map(str.strip, lines.splitlines()):
        if glob.has_magic(line):
            # Path.glob takes no absolute pattern, and of a final ** only folders.
            matches = glob.glob(line, recursive=True)  # noqa: PTH207
            found += sorted(path for path in matches if Path(path).is_file())
        elif line:
            found.append(line)
    return list(dict.fromkeys(found))


def _run(arguments: Sequence[str], stdout: int | None = None) -> int:
    sys.stdout.flush()
    return subprocess.run([sys.executable, "-m", "tonecheck", *arguments], stdout=stdout).returncode


if __name__ == "__main__":
    sys.exit(main())
