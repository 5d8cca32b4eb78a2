"""Errors as ``application/problem+json`` (RFC 9457). None of them quotes a draft, and none shows a traceback."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Mapping
from typing import Any

from flask import Flask, Response, current_app, g
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException

from tonecheck.errors import BrokenRule, ContextError, DraftError, ProfileError, TonecheckError, UserError
from tonecheck.render.json import dumps
from tonecheck.service.desk import Busy

_log = logging.getLogger("tonecheck.service")
# What pydantic's own sentences are told as; the others are told as pydantic does.
_SENTENCES = {
    "missing": "it is required",
    "extra_forbidden": "there is no such field",
    "string_pattern_mismatch": "it is no name that is known here",
    "string_too_short": "it is empty; give the draft",
}
_NAME = re.compile(r"[A-Za-z0-9_]{1,40}")
_TITLES = {
    400: "Malformed request",
    401: "Not allowed",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    406: "Not acceptable",
    413: "Too large",
    415: "Unsupported media type",
    422: "Invalid field",
    429: "Too many requests",
    500: "Internal error",
    503: "Not available",
}


def problem(
    status: int,
    detail: str,
    *,
    errors: Iterable[tuple[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """``errors``: pairs of a field's path and what is wrong with it."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": _TITLES.get(status, "Error"),
        "status": status,
        "detail": detail,
        "request_id": g.get("request_id"),
    }
    listed = [{"path": path, "detail": what} for path, what in errors]
    if listed:
        body["errors"] = listed
    return Response(
        dumps(body) + "\n", status=status, mimetype="application/problem+json", headers=dict(headers or {})
    )


def invalid(error: ValidationError) -> Response:
    """422 with the path of every field that is wrong. The values stay out of it."""
    errors = [
        (_path(one["loc"]), _sentence(one)) for one in error.errors(include_input=False, include_url=False)
    ]
    first, what = errors[0]
    return problem(422, f"{first}: {what}", errors=errors)


def _path(place: tuple[int | str, ...]) -> str:
    """Where a field is, such as ``context.balance``. What cannot be the name of a field may be a piece of the draft, and is not quoted."""
    parts = [str(part) for part in place if part not in ("str", "int", "float")]
    return (
        ".".join(part if _NAME.fullmatch(part) else "(a name that is no field)" for part in parts) or "body"
    )


def _sentence(error: Any) -> str:
    known = _SENTENCES.get(error["type"])
    return known or str(error["msg"]).replace("Input should be", "it has to be")


def register(app: Flask) -> None:
    """Answer every error of ours, of Flask's and of nobody's as a problem."""

    @app.errorhandler(TonecheckError)
    def ours(error: TonecheckError) -> Response:
        if isinstance(error, Busy):
            return problem(503, str(error), headers={"Retry-After": str(error.retry_after)})
        if isinstance(error, ProfileError | ContextError):
            return problem(422, f"{error.field}: {error}", errors=[(error.field, str(error))])
        if isinstance(error, DraftError):
            return problem(422, f"text: {error}", errors=[("text", str(error))])
        if isinstance(error, BrokenRule):
            _log.error("broken rule", extra={"rule": error.rule})
            return problem(500, f"the rule {error.rule} failed; please report it")
        if isinstance(error, UserError):
            return problem(400, str(error))
        _log.error("internal error", extra={"error": type(error).__name__})
        return problem(500, "something failed inside tonecheck; please report it")

    @app.errorhandler(ValidationError)
    def not_valid(error: ValidationError) -> Response:
        return invalid(error)

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response:
        if error.response is not None and isinstance(error.response, Response):
            return error.response
        status = error.code or 500
        headers = dict(error.get_headers()) if status == 405 else {}
        detail = {
            404: "there is nothing here; /openapi.json lists what there is",
            405: "this address takes other methods; see the header Allow",
            413: "the request is too large",
        }.get(status, str(error.description or error.name))
        return problem(status, detail, headers={"Allow": headers["Allow"]} if "Allow" in headers else None)

    @app.errorhandler(Exception)
    def unforeseen(error: Exception) -> Response:
        # Its text may quote the draft, so its kind and place have to do.
        _log.error("internal error", extra={"error": type(error).__name__, "place": _place(error)})
        if current_app.config.get("PROPAGATE_EXCEPTIONS"):
            raise error
        return problem(500, "something failed inside tonecheck; please report it")


def _place(error: Exception) -> str:
    """The last line of code that an error came through."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "unknown"
    code = trace.tb_frame.f_code
    return f"{code.co_name}:{trace.tb_lineno}"
