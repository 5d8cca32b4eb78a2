"""The entry for any WSGI server: ``waitress-serve api:app``, ``gunicorn api:app``, ``flask --app api run``.

``tonecheck serve`` needs none of this; see docs/SERVICE.md.
"""

from __future__ import annotations

from typing import Any

from tonecheck.service import create_app

__all__ = ["create_app"]


def __getattr__(name: str) -> Any:
    # Made when a server asks for it: importing this module loads no model.
    if name == "app":
        globals()["app"] = create_app()
        return globals()["app"]
    raise AttributeError(name)
