"""A template and its variables, as their file declares them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tonecheck.errors import ProfileError, one_of
from tonecheck.library import frontmatter
from tonecheck.library.errors import ValueErrors, nearest
from tonecheck.library.frontmatter import Fault, Head
from tonecheck.library.types import TYPES, Unfit, read
from tonecheck.profile import FIELDS, VALUES, Profile

KEYS = ("title", "purpose", "profile", "subject", "variables")
VARIABLE_KEYS = ("type", "meaning", "samples", "optional")
# A letter shows its subject as a line "Re: …".
WITH_SUBJECT = ("email", "letter")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_TELLING = ("channel", "stage", "jurisdiction")


@dataclass(frozen=True)
class Variable:
    """What a template asks for. ``samples``: JSON values that fit, awkward ones among them."""

    name: str
    type: str
    meaning: str
    samples: tuple[Any, ...]
    optional: bool = False

    def read(self, value: object) -> Any:
        """What the template is given for a JSON value. Raises ``Unfit``."""
        if value is None or (self.optional and value == ""):
            if self.optional:
                return None
            raise Unfit(_wanted(self))
        return read(self.type, value, self.samples)

    def to_dict(self) -> dict[str, Any]:
        return {
            "type": self.type,
            "meaning": self.meaning,
            "samples": list(self.samples),
            "optional": self.optional,
        }


def _wanted(variable: Variable) -> str:
    return f"it is required: {variable.meaning[0].lower()}{variable.meaning[1:].rstrip('.')}"


@dataclass(frozen=True)
class Template:
    """A message of the library. ``source`` is its whole file; ``id`` its path without ``.j2``."""

    id: str
    title: str
    purpose: str
    profile: Profile
    subject: str | None
    variables: Mapping[str, Variable]
    path: Path
    source: str = field(repr=False)

    @property
    def body(self) -> str:
        """What follows the head."""
        found = frontmatter.split(self.source)
        return self.source if found is None else "\n".join(self.source.split("\n")[found[1] - 1 :])

    def read(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """What the template is given for JSON values: a value for every variable, ``None`` for an optional one that is not there.

        Raises ``ValueErrors`` with every field that is wrong.
        """
        wrong = {
            name: f"there is no such variable{nearest(str(name), self.variables)}"
            for name in values
            if name not in self.variables
        }
        given = {}
        for name, variable in self.variables.items():
            try:
                given[name] = variable.read(values.get(name))
            except Unfit as err:
                wrong |= {f"{name}{path}": what for path, what in err.errors.items()}
        if wrong:
            raise ValueErrors(wrong)
        return given

    def to_dict(self) -> dict[str, Any]:
        """All but the source."""
        return {
            "id": self.id,
            "title": self.title,
            "purpose": self.purpose,
            "profile": self.profile.to_dict(),
            "variables": {name: variable.to_dict() for name, variable in self.variables.items()},
        }


def parse(id: str, path: Path, source: str) -> Template:
    """The template of a file; its names are not yet held against its body. Raises ``Fault``."""
    head = frontmatter.read(source)
    head.mapping(known=KEYS)
    for key in ("title", "purpose", "profile"):
        if key not in head.data:
            raise Fault(1, f"the head lacks {key!r}; add a line '{key}: …'")
    profile = _profile(head)
    _fits_name(id, profile, head)
    return Template(
        id=id,
        title=head.text("title"),
        purpose=head.text("purpose"),
        profile=profile,
        subject=_subject(head, profile),
        variables=_variables(head),
        path=path,
        source=source,
    )


def _profile(head: Head) -> Profile:
    values = head.mapping("profile", known=FIELDS)
    for name in _TELLING:
        if name not in values:
            raise head.fault(f"profile lacks {name!r}: one of {', '.join(VALUES[name])}", "profile")
    flags = values.get("flags", [])
    if not isinstance(flags, list) or not all(isinstance(flag, str) for flag in flags):
        raise head.fault("profile.flags is a list of names", "profile", "flags")
    try:
        return Profile().changed(**{**values, "flags": frozenset(flags)})
    except ProfileError as err:
        raise head.fault(str(err), "profile", err.field) from err
    except TypeError as err:  # a list or a mapping where a word is wanted
        raise head.fault("each field of profile is a word", "profile") from err


def _fits_name(id: str, profile: Profile, head: Head) -> None:
    """A template is called ``<channel>-<us|uk>``, with more behind it if needed."""
    name = id.rpartition("/")[2]
    wanted = f"{profile.channel}-{profile.jurisdiction}"
    if name != wanted and not name.startswith(f"{wanted}-"):
        raise head.fault(
            f"the file is called {name}.j2, its profile wants {wanted}.j2 or {wanted}-….j2; change either",
            "profile",
        )


def _subject(head: Head, profile: Profile) -> str | None:
    if "subject" not in head.data:
        if profile.channel == "email":
            raise Fault(1, "an e-mail has a subject; add a line 'subject: …'")
        return None
    if profile.channel not in WITH_SUBJECT:
        raise head.fault(f"only {' and '.join(WITH_SUBJECT)} have a subject; take it out", "subject")
    return head.text("subject")


def _variables(head: Head) -> dict[str, Variable]:
    if head.data.get("variables") is None:
        return {}
    return {name: _variable(name, head) for name in head.mapping("variables")}


def _variable(name: str, head: Head) -> Variable:
    place = ("variables", name)
    if not _NAME.fullmatch(name):
        raise head.fault(f"the variable {name!r:.60} is called in small letters, digits and _", *place)
    values = head.mapping(*place, known=VARIABLE_KEYS)
    for key in ("type", "meaning", "samples"):
        if key not in values:
            raise head.fault(f"the variable {name} lacks {key!r}", *place)
    if values["type"] not in TYPES:
        raise head.fault(one_of(values["type"], TYPES, f"the type of {name}"), *place, "type")
    optional = values.get("optional", False)
    if not isinstance(optional, bool):
        raise head.fault("optional is true or false", *place, "optional")
    samples = values["samples"]
    if not isinstance(samples, list) or not samples:
        raise head.fault(f"samples is a list of values of {name}, at least one", *place, "samples")
    variable = Variable(name, values["type"], head.text(*place, "meaning"), tuple(samples), optional)
    for number, sample in enumerate(samples):
        try:
            variable.read(sample)
        except Unfit as err:
            where, what = next(iter(err.errors.items()))
            raise head.fault(
                f"a sample of {name}{where} is no {variable.type}: {what}", *place, "samples", number
            ) from err
    return variable
