"""What can be wrong with a template of the library, or with the values that it is to be filled with."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping

from tonecheck.errors import UserError


class TemplateError(UserError):
    """A template cannot be loaded or rendered. The message starts with ``file:line:``."""


class UnknownTemplate(UserError):
    """There is no template with this id."""

    def __init__(self, id: str, known: Iterable[str]) -> None:
        nearest = difflib.get_close_matches(id, list(known), n=1)
        hint = f"; did you mean {nearest[0]}?" if nearest else ""
        super().__init__(f"there is no template {id!r:.80}{hint} ('tonecheck templates list' shows all)")


class ValueErrors(UserError):
    """Values do not fit a template. ``errors``: the field's name (``instalments[0].date``) → what to give instead."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {what}" for name, what in errors.items()))
        self.errors = dict(errors)


def nearest(name: str, known: Iterable[str]) -> str:
    """`` (did you mean 'balance'?)``, or nothing."""
    found = difflib.get_close_matches(name, list(known), n=1)
    return f" (did you mean {found[0]!r}?)" if found else ""
