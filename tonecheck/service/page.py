"""The page at ``/``: a form that works without JavaScript, and that the page's script makes lively."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request

from tonecheck import __version__
from tonecheck.errors import UserError
from tonecheck.profile import VALUES, Profile
from tonecheck.service.desk import Busy, the_desk


def blueprint() -> Blueprint:
    """A new blueprint for each application."""
    routes = Blueprint("page", __name__)

    @routes.get("/")
    def empty() -> Response:
        return _page(the_desk().settings.config.profile)

    @routes.post("/")
    def checked() -> Response:
        """The form without JavaScript."""
        desk = the_desk()
        default = desk.settings.config.profile
        text = request.form.get("text", "").replace("\r\n", "\n")
        try:
            profile = default.changed(**{name: request.form.get(name) or None for name in VALUES})
        except UserError as err:
            return _page(default, text=text, error=str(err), status=422)
        if len(text) > desk.settings.longest:
            error = f"The draft has {len(text):,} characters; at most {desk.settings.longest:,} are taken."
            return _page(profile, text=text[: desk.settings.longest], error=error, status=413)
        if not text.strip():
            return _page(profile, text=text, error="Write or paste a message first.", status=422)
        try:
            report = json.loads(desk.check(text, profile, format="text"))
        except Busy as err:
            return _page(profile, text=text, error=f"{err}.", status=503)
        except UserError as err:
            return _page(profile, text=text, error=f"{err}.", status=422)
        return _page(profile, text=text, report=report)

    return routes


def _page(
    profile: Profile,
    *,
    text: str = "",
    report: dict[str, Any] | None = None,
    error: str | None = None,
    status: int = 200,
) -> Response:
    response = make_response(
        render_template(
            "page.html",
            profile_values=VALUES,
            profile=profile.to_dict(),
            text=text,
            report=report,
            error=error,
            version=__version__,
        ),
        status,
    )
    # The page with a draft in it must not stay in a cache, on a disk, or in the history's.
    response.headers["Cache-Control"] = "no-store"
    return response
