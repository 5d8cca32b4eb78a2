"""Commands that are imported only when they are called, and the one place where an error becomes an exit status.

0: nothing at or above ``--fail-on``. 1: something was. 2: the call, a file or the configuration is wrong.
130: interrupted. 141: whoever read the output stopped reading.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Mapping
from typing import Any

import click

from tonecheck import __version__
from tonecheck.errors import TonecheckError

INTERRUPTED = 130
BROKEN_PIPE = 141
WRONG = 2
DEBUG = "TONECHECK_DEBUG"


class Commands(click.Group):
    """A group whose commands are ``name → ("module:attribute", one line of help)``."""

    def __init__(
        self,
        name: str,
        help: str,
        modules: Mapping[str, tuple[str, str]],
        *,
        epilog: str | None = None,
        version: bool = False,
    ) -> None:
        super().__init__(
            name, help=help, epilog=epilog, context_settings={"help_option_names": ["-h", "--help"]}
        )
        self._modules = modules
        if version:
            click.version_option(__version__, prog_name=name)(self)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self._modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self._modules:
            return None
        module, attribute = self._modules[cmd_name][0].split(":")
        command = getattr(importlib.import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        # The lines come from the table: importing every command for its help would cost what we save.
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in self._modules.items()])

    def invoke(self, ctx: click.Context) -> Any:
        try:
            status = super().invoke(ctx)
            sys.stdout.flush()
            return status
        except BrokenPipeError:
            # What Python still holds back must go somewhere when it flushes at exit.
            _point_stdout_at_nothing()
            return BROKEN_PIPE

    def main(  # type: ignore[override]
        self,
        args: list[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run the command line and exit with its status; without ``standalone_mode``, return it or raise."""
        name = self.name
        if not standalone_mode:
            return super().main(args, name, complete_var, standalone_mode=False, **extra)
        try:
            status = super().main(args, name, complete_var, standalone_mode=False, **extra)
        except click.exceptions.NoArgsIsHelpError as err:
            err.show()
            status = WRONG
        except click.ClickException as err:
            status = _refuse(_with_help(err))
        except TonecheckError as err:
            status = _refuse(str(err))
        except (click.Abort, KeyboardInterrupt):
            status = INTERRUPTED
        except Exception as err:
            # The only place where everything is caught: nobody is helped by a traceback that may quote the draft.
            if os.environ.get(DEBUG) == "1":
                raise_with_status(err)
            status = _refuse(
                f"{type(err).__name__} inside tonecheck, which is a mistake of ours; "
                f"please report it with what {DEBUG}=1 shows"
            )
        sys.exit(status or 0)


def raise_with_status(err: Exception) -> None:
    """Show the traceback on stderr and exit with the status of an error."""
    import traceback

    traceback.print_exception(err)
    sys.exit(WRONG)


def complain(message: str) -> None:
    """One line on stderr. Control characters, such as a file's name can hold, are written out."""
    from tonecheck.render.terminal import Terminal

    click.echo(
        Terminal(encoding=sys.stderr.encoding or "ascii").plain(f"tonecheck: error: {message}"), err=True
    )


def _refuse(message: str) -> int:
    complain(message)
    return WRONG


def _with_help(err: click.ClickException) -> str:
    message = " ".join(err.format_message().split()).rstrip(".")
    context = getattr(err, "ctx", None)
    return f"{message}; see '{context.command_path} --help'" if context else message


def _point_stdout_at_nothing() -> None:
    nothing = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nothing, sys.stdout.fileno())
    except (OSError, ValueError):
        pass
    finally:
        os.close(nothing)
