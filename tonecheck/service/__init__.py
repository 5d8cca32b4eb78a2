"""The HTTP service: the API under ``/v1``, LanguageTool's under ``/v2``, and the page at ``/``.

create_app ─ app.py      settings, hooks, errors, routes put together
  routes   ─ v1.py, languagetool.py, page.py, health.py
  desk.py  ─ who checks: this process, or worker processes (pool.py)
  jobs.py  ─ what is asked of them
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from tonecheck.service.settings import Settings

__all__ = ["create_app"]


def create_app(settings: Settings | None = None) -> Flask:
    """The WSGI application. Without ``settings`` those of the configuration file in force (see docs/SERVICE.md).

    Raises ``ConfigError`` for settings that cannot be used and ``MissingExtra`` without the extra ``server``.
    """
    try:
        from tonecheck.service.app import build
    except ModuleNotFoundError as err:
        from tonecheck.errors import MissingExtra

        if err.name and err.name.startswith("tonecheck"):
            raise
        raise MissingExtra("the service", "server") from err
    return build(settings)
