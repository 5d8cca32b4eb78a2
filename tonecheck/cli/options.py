"""Options that several commands share, and the settings that they stand for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import click

from tonecheck.config import SETTINGS
from tonecheck.errors import one_of
from tonecheck.profile import VALUES

F = TypeVar("F", bound=Callable[..., Any])


class OneOf(click.ParamType):  # type: ignore[type-arg]
    """One of a few words, hyphens or underscores; a wrong one is refused with the nearest."""

    name = "one of"

    def __init__(self, choices: Sequence[str]) -> None:
        self.choices = tuple(choices)

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        return f"[{'|'.join(self.choices)}]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        name = str(value).lower()
        for choice in self.choices:
            if name.replace("-", "_") == choice:
                return choice
        self.fail(one_of(value, self.choices, "the value"), param, ctx)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
        from click.shell_completion import CompletionItem

        return [CompletionItem(choice) for choice in self.choices if choice.startswith(incomplete)]


class Level(click.ParamType):  # type: ignore[type-arg]
    """``RULE=N``: a rule's id or glob, and a severity from 1 to 3."""

    name = "RULE=N"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, int]:
        if isinstance(value, tuple):
            return value
        rule, _, level = str(value).rpartition("=")
        if not rule or level not in ("1", "2", "3"):
            self.fail(
                f"{value!r} is not of the form threat/court=2, with a severity of 1, 2 or 3", param, ctx
            )
        return rule, int(level)


PROFILE = tuple(
    click.option(f"--{name.replace('_', '-')}", name, type=OneOf(values), help=f"Profile: {name}.")
    for name, values in VALUES.items()
)
FLAG = click.option(
    "--flag",
    "flags",
    multiple=True,
    metavar="NAME",
    help="A circumstance that no text can show, such as time_barred.",
)
# Who writes to whom, how and when.
MESSAGE = (*PROFILE, FLAG)
CONFIG = (
    click.option(
        "--config", "config", type=click.Path(dir_okay=False), metavar="FILE", help="The configuration file."
    ),
    click.option("--no-config", is_flag=True, help="Read no configuration file."),
    click.option(
        "--pack", "packs", multiple=True, type=click.Path(), metavar="PATH", help="Another rule pack."
    ),
)
RULES = (
    click.option(
        "--disable", multiple=True, metavar="RULE", help="Switch off a rule or a glob such as sarcasm/*."
    ),
    click.option(
        "--severity",
        multiple=True,
        type=Level(),
        help="Change the severity of a rule or glob, e.g. threat/*=3.",
    ),
)
PIPELINE = click.option(
    "--pipeline", metavar="NAME", help="The spaCy pipeline: default, none, an installed one or its folder."
)
MODEL = click.option(
    "--model",
    type=OneOf(SETTINGS["model.backend"].choices),
    help="The tone model: onnx (the shipped one), transformers (see model.path) or none.",
)
# By what messages are judged: every command that has a checker takes these.
JUDGING = (*CONFIG, *RULES, PIPELINE, MODEL)
FAIL_ON = click.option(
    "--fail-on",
    type=OneOf(SETTINGS["output.fail_on"].choices),
    help="The verdict from which on the exit status is 1.",
)


def drafts(formats: Sequence[str]) -> tuple[Any, ...]:
    """The options of commands that read drafts from files: what they are, how they are read, and the exit status."""
    return (
        *MESSAGE,
        click.option(
            "--context",
            type=click.Path(dir_okay=False),
            metavar="FILE",
            help="What is known about the account (JSON): balance, due_date, reference, payment_link, phone, …",
        ),
        click.option(
            "--input-format", type=OneOf(formats), help="How to read the drafts, if the name does not say."
        ),
        FAIL_ON,
    )


def add(*options: Any) -> Callable[[F], F]:
    """A decorator that adds options in the order in which the help shows them."""

    def decorate(function: F) -> F:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


_SETTING_OF = {
    **{name: f"profile.{name}" for name in VALUES},
    "flags": "profile.flags",
    "pipeline": "language.pipeline",
    "model": "model.backend",
    "packs": "rules.packs",
    "disable": "rules.disable",
    "severity": "rules.severity",
    "fail_on": "output.fail_on",
    "format": "output.format",
}


def overrides(options: Mapping[str, Any]) -> dict[str, Any]:
    """The settings that were given as options."""
    given = {
        _SETTING_OF[name]: value
        for name, value in options.items()
        if name in _SETTING_OF and value not in (None, ())
    }
    if "rules.severity" in given:
        given["rules.severity"] = dict(given["rules.severity"])
    return given
