"""Who may call: everybody, as on the loopback interface, or those with a key of the file of keys."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask, Response, g, request

from tonecheck.service.problems import problem

if TYPE_CHECKING:
    from tonecheck.service.keys import Keys

# A load balancer has no key.
_OPEN = ("/healthz", "/readyz")
# LanguageTool's clients can only give a key as a parameter.
_KEY_AS_PARAMETER = "/v2/"


class Guard:
    """``path``: the file of keys; without one everybody may call."""

    def __init__(self, path: Path | None) -> None:
        """Raises ``UserError`` for a file that is no file of keys."""
        self._keys: Keys | None = None
        if path is not None:
            from tonecheck.service.keys import Keys

            self._keys = Keys.load(path)

    def register(self, app: Flask) -> None:
        """Ask for a key before every request that is not open to all."""
        if self._keys is None:
            return
        from tonecheck.service.keys import Rates, decide

        keys, rates = self._keys, Rates()

        @app.before_request
        def ask() -> Response | None:
            # A CORS preflight carries no key by design.
            if request.path in _OPEN or request.method == "OPTIONS":
                return None
            decision = decide(_presented(), keys, rates)
            g.key_id = decision.key.id if decision.key else None
            if decision.allowed:
                return None
            headers = dict(decision.headers)
            if decision.status == 401 and not request.path.startswith("/v"):
                # A browser that opens the page asks for the key, and gives it with everything that the page calls.
                headers["WWW-Authenticate"] = 'Basic realm="tonecheck: the API key is the password"'
            if request.path.startswith(_KEY_AS_PARAMETER):
                return Response(f"Error: {decision.detail}", decision.status, headers, mimetype="text/plain")
            return problem(decision.status, decision.detail, headers=headers)


def _presented() -> str | None:
    from tonecheck.service.keys import presented_key

    found = presented_key(request.headers)
    if found is None and request.authorization is not None and request.authorization.type == "basic":
        found = request.authorization.password or None
    if found is None and request.path.startswith(_KEY_AS_PARAMETER):
        from tonecheck.service.languagetool import key_among_parameters

        found = key_among_parameters() or None
    return found
