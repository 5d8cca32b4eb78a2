"""Templates → a list, and a page about one of them, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from tonecheck.library.rendering import Rendered
from tonecheck.library.template import Template, Variable
from tonecheck.profile import Profile
from tonecheck.render.json import dumps
from tonecheck.render.terminal import Terminal

_CHANNELS = {
    "email": "e-mail",
    "letter": "letter",
    "sms": "text message",
    "chat": "chat message",
    "call_script": "call script",
}
_JURISDICTIONS = {"us": "United States", "uk": "United Kingdom"}
_SENDERS = {"first_party": "the creditor itself", "third_party": "a collector for a creditor"}
_AUDIENCES = {"consumer": "a consumer", "business": "a business"}


def as_list(templates: Sequence[Template], terminal: Terminal) -> str:
    """A line for each template, by purpose: id and title."""
    lines: list[str] = []
    widest = max((len(template.id) for template in templates), default=0)
    for purpose, members in groupby(templates, key=lambda template: template.id.rpartition("/")[0]):
        lines += ["", terminal.paint(purpose.replace("-", " ").capitalize(), "bold")]
        for template in members:
            lines += terminal.wrap(template.title, f"  {template.id.ljust(widest)}  ")
    return "\n".join([*lines[1:], "", f"{len(templates)} templates", ""])


def as_page(template: Template, sample: Rendered, terminal: Terminal) -> str:
    """All about one template: its head in words, its source, and ``sample``."""
    lines = [f"{terminal.paint(template.id, 'bold')}  {terminal.plain(template.title)}"]
    for label, text in (
        ("purpose", template.purpose),
        ("profile", in_words(template.profile)),
        ("file", str(template.path)),
    ):
        lines += terminal.wrap(text, f"  {label.ljust(9)}")
    lines += ["", terminal.paint("Variables", "bold")]
    widest = max((len(name) for name in template.variables), default=0)
    for variable in template.variables.values():
        lines += terminal.wrap(_told(variable), f"  {variable.name.ljust(widest)}  ")
    for title, text in (("Source", template.source), ("Sample", sample.text)):
        lines += ["", terminal.paint(title, "bold"), *_shown(text, terminal)]
    return "\n".join(lines) + "\n"


def in_words(profile: Profile) -> str:
    """A profile as a person says it."""
    said = (
        f"{_CHANNELS[profile.channel]}, stage {profile.stage}, {_JURISDICTIONS[profile.jurisdiction]}; "
        f"from {_SENDERS[profile.sender]} to {_AUDIENCES[profile.audience]}"
    )
    return f"{said}; {', '.join(sorted(profile.flags))}" if profile.flags else said


def _told(variable: Variable) -> str:
    optional = ", may be left out" if variable.optional else ""
    sample = dumps(variable.samples[0])
    return f"{variable.type}{optional}: {variable.meaning}, for example {sample}"


def _shown(text: str, terminal: Terminal) -> Iterator[str]:
    for line in text.rstrip("\n").split("\n"):
        yield f"  {terminal.plain(line)}".rstrip()
