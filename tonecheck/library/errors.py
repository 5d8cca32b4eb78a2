"""What can be wrong with a template of the library, or with the values that it is to be filled with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tonecheck.errors import UserError, closest


class TemplateError(UserError):
    """A template cannot be loaded or rendered. The message starts with ``file:line:``."""


class UnknownTemplate(UserError):
    """There is no template with this id."""

    def __init__(self, id: str, known: Iterable[str]) -> None:
        meant = closest(id, known)
        hint = "" if meant is None else f"; did you mean {meant}?"
        super().__init__(f"there is no template {id!r:.80}{hint} ('tonecheck templates list' shows all)")


class ValueErrors(UserError):
    """Values do not fit a template. ``errors``: the field's name (``instalments[0].date``) → what to give instead."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {what}" for name, what in errors.items()))
        self.errors = dict(errors)


def nearest(name: str, known: Iterable[str]) -> str:
    """`` (did you mean 'balance'?)``, or nothing."""
    meant = closest(name, known)
    return "" if meant is None else f" (did you mean {meant!r}?)"
