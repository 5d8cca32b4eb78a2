"""What commands need to start and to end: settings, rules, a checker, drafts to read, output to write."""

from __future__ import annotations

import difflib
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from tonecheck.cli.options import overrides
from tonecheck.config import Config, LoadedConfig, data_folder, load_config
from tonecheck.errors import ContextError, DraftError, UserError

if TYPE_CHECKING:
    from tonecheck.engine import Checker
    from tonecheck.render.terminal import Terminal
    from tonecheck.rewrite.account import Account
    from tonecheck.rulepack import Rule

_NARROWEST, _WIDEST = 40, 100
_GRAVITY = {"send": 0, "revise": 1, "block": 2}
# Where no draft can be longer, reading need not go on; in bytes. The reader refuses what reaches it.
_MOST_BYTES = 32_000_000


def settings(options: Mapping[str, Any]) -> LoadedConfig:
    """The settings in force for a command that was called with ``options``."""
    if options["config"] and options["no_config"]:
        raise click.UsageError("--config and --no-config exclude each other", click.get_current_context())
    file = Path(options["config"]) if options["config"] else None
    return load_config(None if options["no_config"] else Path.cwd(), overrides(options), file=file)


def shipped_rules() -> Path:
    """The folder of the rule packs of this installation."""
    return data_folder("rules")


def load_rules(loaded: LoadedConfig, *, examples: bool = False) -> list[Rule]:
    """All rules of the installation and of the user's packs, with their examples if asked for.

    Raises ``ConfigError`` for settings about rules that do not exist.
    """
    from tonecheck.rulepack import load

    rules = load([shipped_rules(), *loaded.config.packs], examples=examples)
    loaded.check_rules([name for rule in rules for name in rule.names])
    return rules


def open_checker(config: Config, rules: Iterable[Rule]) -> Checker:
    from tonecheck.engine import Checker

    return Checker(config, rules=list(rules))


def rule_named(name: str, rules: Iterable[Rule]) -> Rule:
    """The rule with this id or former id."""
    from tonecheck.config import no_such_rule

    rules = list(rules)
    for rule in rules:
        if name in rule.names:
            return rule
    raise UserError(no_such_rule(name, [known for rule in rules for known in rule.names]))


def fails(verdict: str, fail_on: str) -> bool:
    """Whether a verdict is at or above ``fail_on``."""
    return fail_on != "never" and _GRAVITY[verdict] >= _GRAVITY[fail_on]


def read_draft(path: str) -> bytes:
    """The bytes of a file, or of standard input for ``-``. Raises ``DraftError``."""
    if path == "-":
        return sys.stdin.buffer.read(_MOST_BYTES)
    if Path(path).is_dir():
        raise DraftError(f"it is a folder; name the drafts in it, for example {path.rstrip('/')}/*.txt")
    try:
        with Path(path).open("rb") as file:
            return file.read(_MOST_BYTES)
    except OSError as err:
        raise DraftError(f"it cannot be read: {err.strerror or type(err).__name__}") from err


def read_account(path: str | None) -> Account | None:
    """The account of a ``--context`` file. Raises ``ContextError``."""
    if path is None:
        return None
    from tonecheck.rewrite.account import Account

    try:
        return Account.parse(Path(path).read_bytes())
    except OSError as err:
        raise ContextError(f"{path}: cannot be read: {err.strerror}", "context") from err
    except UnicodeDecodeError as err:
        raise ContextError(f"{path}: is not UTF-8", "context") from err
    except ContextError as err:
        raise ContextError(f"{path}: {err}", err.field) from err


def terminal(colour: str = "auto") -> Terminal:
    """What standard output can show. ``colour``: auto, always or never; ``NO_COLOR`` and a pipe switch auto off."""
    from tonecheck.render.terminal import Terminal

    stream = sys.stdout
    auto = stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    columns = shutil.get_terminal_size((_WIDEST, 24)).columns
    return Terminal(
        width=max(_NARROWEST, min(columns, _WIDEST)),
        colour=colour == "always" or (colour == "auto" and auto),
        encoding=stream.encoding or "ascii",
    )


def write(text: str, encoding: str = "utf-8") -> None:
    """Write to standard output; what ``encoding`` lacks is written out."""
    stream = sys.stdout.buffer
    stream.write(text.encode(encoding, "backslashreplace"))
    stream.flush()


def difference(before: str, after: str, shown: str) -> str:
    """A unified diff of a file that is called ``shown``; empty where nothing changes."""
    lines = difflib.unified_diff(_lines(before), _lines(after), shown, f"{shown} (mended)")
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )


def _lines(text: str) -> list[str]:
    """As patch counts them: LF ends a line, and nothing else does."""
    return [line for line in re.split(r"(?<=\n)", text) if line]


@contextmanager
def output(path: str) -> Iterator[IO[bytes]]:
    """A stream to ``path``, or to standard output for ``-``. A file is there whole, or as it was before."""
    target = Path(path).resolve()
    if path == "-":
        stream = sys.stdout.buffer
        yield stream
        stream.flush()
    elif target.exists() and not target.is_file():
        # A device or a pipe must not be replaced by a file.
        with _opened(lambda: target.open("wb"), path) as stream:
            yield stream
    else:
        with _opened(
            lambda: tempfile.NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False),
            path,
        ) as stream:
            temporary = Path(stream.name)
            try:
                yield stream
                stream.flush()
                _give_usual_permissions(temporary, target)
                temporary.replace(target)
            finally:
                temporary.unlink(missing_ok=True)


def _opened(opening: Callable[[], Any], path: str) -> Any:
    try:
        return opening()
    except OSError as err:
        raise UserError(f"{path}: cannot be written: {err.strerror}") from err


def _give_usual_permissions(temporary: Path, target: Path) -> None:
    """A temporary file is the owner's alone; give it the permissions of the file it replaces, or those of a new one."""
    if target.exists():
        shutil.copymode(target, temporary)
    else:
        mask = os.umask(0)
        os.umask(mask)
        temporary.chmod(0o666 & ~mask)


@contextmanager
def progress(length: int | None, label: str) -> Iterator[Callable[[int], None]]:
    """A bar on stderr when that is a terminal and the length is known; yields what is called with each step."""
    if length and sys.stderr.isatty():
        with click.progressbar(length=length, label=label, file=sys.stderr) as bar:
            yield bar.update
    else:
        yield lambda step: None
