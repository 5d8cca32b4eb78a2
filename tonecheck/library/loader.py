"""The templates of a folder: found, read, held against their own declarations, and rendered."""

from __future__ import annotations

import re
import traceback
from collections.abc import Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Never

import jinja2

from tonecheck.config import data_folder
from tonecheck.errors import one_of
from tonecheck.library import names, template
from tonecheck.library.environment import FILTERS, LONGEST_OUTPUT, Environment, TooMuch, bounded
from tonecheck.library.errors import TemplateError, UnknownTemplate, nearest
from tonecheck.library.frontmatter import Fault, body_in_place, read
from tonecheck.library.rendering import Rendered, put_together
from tonecheck.library.template import Template
from tonecheck.library.types import Unfit

_SUFFIX = ".j2"
_NO_FILTER = re.compile(r"No filter named '(\w+)'")


class Library:
    """The templates below ``folder``, by default those of this installation. Each is read when it is first asked for, and kept.

    A template that is wrong raises ``TemplateError`` when it is read: ``file:line:``, what is wrong, and the mend.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or data_folder("templates")
        self._read: dict[str, Template] = {}
        self._environments: dict[str, Environment] = {}

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """The ids of all templates, sorted. Folders that begin with ``_`` hold what templates share."""
        places = (path.relative_to(self.folder).parts for path in self.folder.rglob(f"*{_SUFFIX}"))
        return tuple(
            sorted(
                "/".join(parts)[: -len(_SUFFIX)]
                for parts in places
                if not any(part.startswith(("_", ".")) for part in parts)
            )
        )

    @property
    def templates(self) -> tuple[Template, ...]:
        """All templates, by id."""
        return tuple(map(self.get, self.ids))

    def get(self, id: str) -> Template:
        """Raises ``UnknownTemplate`` and ``TemplateError``."""
        if id not in self._read:
            if id not in self.ids:
                raise UnknownTemplate(id, self.ids)
            self._read[id] = self._load(id)
        return self._read[id]

    def render(self, id: str, values: Mapping[str, Any]) -> Rendered:
        """The message of a template for JSON values. Raises ``UnknownTemplate``, ``TemplateError`` and ``ValueErrors``."""
        found = self.get(id)
        given = found.read(values)
        environment = self._environment(found)
        try:
            with bounded():
                subject = (
                    None if found.subject is None else environment.from_string(found.subject).render(given)
                )
                body = _limited(environment.get_template(f"{id}{_SUFFIX}"), given)
        except (
            jinja2.TemplateError,
            Unfit,
            ArithmeticError,
            AttributeError,
            LookupError,
            TypeError,
            ValueError,
        ) as err:
            _refuse(found, err)
        except RecursionError as err:
            raise TemplateError(f"{found.path}:1: the template calls itself without end") from err
        return put_together(found.profile.channel, found.profile.jurisdiction, subject, body)

    def _environment(self, template: Template) -> Environment:
        jurisdiction = template.profile.jurisdiction
        if jurisdiction not in self._environments:
            self._environments[jurisdiction] = Environment(self.folder, jurisdiction)
        return self._environments[jurisdiction]

    def _load(self, id: str) -> Template:
        path = self.folder.joinpath(*f"{id}{_SUFFIX}".split("/"))
        try:
            source = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as err:
            reason = err.strerror if isinstance(err, OSError) else "it is not UTF-8"
            raise TemplateError(f"{path}:1: the template cannot be read: {reason}") from err
        try:
            found = template.parse(id, path, source)
            self._hold_against_body(found)
        except Fault as err:
            raise TemplateError(f"{path}:{err.line}: {err}") from err
        except jinja2.TemplateSyntaxError as err:
            raise TemplateError(f"{err.filename or path}:{err.lineno}: {_told(err)}") from err
        return found

    def _hold_against_body(self, found: Template) -> None:
        """Every variable that is used is declared, and the other way round."""
        environment = self._environment(found)
        head = read(found.source)
        used: set[str] = set()
        if found.subject is not None:
            try:
                in_subject = list(names.uses(environment, found.subject))
            except jinja2.TemplateSyntaxError as err:
                raise head.fault(f"the subject is no template: {_told(err)}", "subject") from err
            for use in in_subject:
                _declared(found, use.name, head.line("subject"), " in the subject")
                used.add(use.name)
        source = body_in_place(found.source)
        # Names of filters and tests are looked up when a template is compiled.
        environment.compile(source, f"{found.id}{_SUFFIX}", str(found.path))
        for use in names.uses(environment, source):
            _declared(found, use.name, use.line, f" by {use.via}" if use.via else "")
            used.add(use.name)
        for name in found.variables:
            if name not in used:
                raise head.fault(
                    f"the variable {name!r} is declared but not used; use it or take it out",
                    "variables",
                    name,
                )


def _declared(found: Template, name: str, line: int, where: str) -> None:
    if name not in found.variables:
        raise Fault(
            line, f"the variable {name!r} is used{where} but not declared{nearest(name, found.variables)}"
        )


def _told(err: jinja2.TemplateSyntaxError) -> str:
    """Jinja's sentence, with the filters that there are for one that does not exist."""
    unknown = _NO_FILTER.match(err.message or "")
    if unknown is None:
        return (err.message or "it is no template").rstrip(".")
    return one_of(unknown[1], FILTERS, "the filter")


def _limited(body: jinja2.Template, values: Mapping[str, Any]) -> str:
    parts, size = [], 0
    for part in body.generate(values):
        size += len(part)
        if size > LONGEST_OUTPUT:
            raise TooMuch(f"the message has more than {LONGEST_OUTPUT:,} characters")
        parts.append(part)
    return "".join(parts)


def _refuse(found: Template, err: Exception) -> Never:
    """What went wrong while a template was rendered, with the line of the last file that it came through."""
    place = f"{found.path}:1"
    for frame in traceback.extract_tb(err.__traceback__):
        if frame.filename.endswith(_SUFFIX):
            place = f"{frame.filename}:{frame.lineno}"
    if isinstance(err, jinja2.TemplateSyntaxError):
        place = f"{err.filename or found.path}:{err.lineno}"
    raise TemplateError(f"{place}: {err}") from err


@lru_cache(maxsize=1)
def shipped() -> Library:
    """The library of this installation, read once."""
    return Library()
