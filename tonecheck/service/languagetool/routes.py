"""The addresses below ``/v2``. Errors are plain text, as LanguageTool's clients show them to people."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException

import tonecheck
from tonecheck.errors import BrokenRule, TonecheckError, UserError
from tonecheck.service.desk import Busy, the_desk
from tonecheck.service.languagetool.markup import MarkedText
from tonecheck.service.languagetool.matches import matches_of, ranges_of, sentences_of
from tonecheck.service.languagetool.query import BadQuery, Wanted, parameters, profile_of, text_of, wanted_by

_log = logging.getLogger("tonecheck.service")
_NAMES = {"en": "English", "en-US": "English (US)", "en-GB": "English (GB)"}
# Most clients can be told nothing but an address, so settings can be a part of it. Some append "/check" to it, others
# "/v2/check", whether or not it ends in "/v2" already.
_BASES = ("", "/v2", "/with/<settings>", "/with/<settings>/v2")
_METHODS = ["GET", "POST"]


def blueprint() -> Blueprint:
    """A new blueprint for each application."""
    routes = Blueprint("languagetool", __name__, url_prefix="/v2")
    for base in _BASES:
        for name, view in (
            ("check", _check),
            ("languages", _languages),
            ("healthcheck", _healthcheck),
            ("info", _info),
            ("maxtextlength", _maxtextlength),
            ("<path:other>", _nothing),
        ):
            routes.add_url_rule(
                f"{base}/{name}", view.__name__.strip("_"), view, methods=_METHODS, strict_slashes=False
            )
    routes.register_error_handler(BadQuery, _bad_query)
    routes.register_error_handler(TonecheckError, _ours)
    routes.register_error_handler(HTTPException, _http)
    routes.register_error_handler(Exception, _unforeseen)
    return routes


def key_among_parameters() -> str | None:
    """The API key of the current request: LanguageTool's clients know no other place for it than a parameter."""
    try:
        return _given().get("apiKey") or None
    except (BadQuery, HTTPException):
        # What is wrong with the request is told to those who may call.
        return None


def _given(settings: str = "") -> dict[str, str]:
    """The parameters of the current request. Raises ``BadQuery``, and ``RequestEntityTooLarge`` for a body over the limit."""
    request.max_content_length = the_desk().settings.body
    body = request.get_data()
    # Flask forgets the body of a form that somebody else has parsed; then the form is all there is.
    query = request.args.to_dict() | ({} if body else request.form.to_dict())
    return parameters(body, query, settings)


def _check(settings: str = "") -> Response:
    desk = the_desk()
    given = _given(settings)
    text, wanted = text_of(given), wanted_by(given)
    longest = desk.settings.longest
    if len(text.read) > longest:
        return _error(
            413,
            f"Your text exceeds the limit of {longest} characters (it's {len(text.read)} characters). "
            "Please submit a shorter text.",
        )
    profile = profile_of(given, desk.settings.config.profile)
    # An editor asks about an empty document, too, and nothing is wrong with that.
    findings = (
        json.loads(desk.check(text.read, profile, format="text"))["findings"] if text.read.strip() else []
    )
    return _json(_answer(text, findings, wanted, "en-GB" if profile.jurisdiction == "uk" else "en-US"))


def _answer(text: MarkedText, findings: list[dict[str, Any]], wanted: Wanted, code: str) -> dict[str, Any]:
    sentences = sentences_of(text)
    ranges = ranges_of(text, sentences)
    language = {"name": _NAMES[code], "code": code}
    return {
        "software": _software(),
        "warnings": {"incompleteResults": False},
        # Only English is read, so that there is nothing to detect.
        "language": language | {"detectedLanguage": language | {"confidence": 1.0, "source": "default"}},
        "matches": matches_of(findings, text, sentences, wanted),
        "sentenceRanges": ranges,
        "extendedSentenceRanges": [
            {"from": start, "to": end, "detectedLanguages": [{"language": "en", "rate": 1.0}]}
            for start, end in ranges
        ],
    }


def _languages(settings: str = "") -> Response:
    return _json(
        [
            {"name": name, "code": code.partition("-")[0], "longCode": code}
            for code, name in sorted(_NAMES.items(), key=lambda entry: entry[1])
        ]
    )


def _healthcheck(settings: str = "") -> Response:
    if the_desk().runner.is_ready():
        return _plain(200, "OK")
    return _error(503, "The rules and the model are still being loaded. Please try again in a moment.")


def _info(settings: str = "") -> Response:
    return _json({"software": _software()})


def _maxtextlength(settings: str = "") -> Response:
    return _plain(200, str(the_desk().settings.longest))


def _nothing(other: str, settings: str = "") -> Response:
    return _error(
        404, "Unsupported action. There are check, languages, healthcheck, info and maxtextlength below /v2."
    )


@cache
def _software() -> dict[str, Any]:
    built = datetime.fromtimestamp(Path(tonecheck.__file__).stat().st_mtime, UTC)
    return {
        "name": "tonecheck",
        "version": tonecheck.__version__,
        "buildDate": built.strftime("%Y-%m-%d %H:%M:%S +0000"),
        "apiVersion": 1,
        "premium": False,
        "premiumHint": "",
        "status": "",
    }


def _bad_query(error: BadQuery) -> Response:
    return _error(400, str(error))


def _ours(error: TonecheckError) -> Response:
    if isinstance(error, Busy):
        response = _error(503, str(error))
        response.headers["Retry-After"] = str(error.retry_after)
        return response
    if isinstance(error, BrokenRule):
        _log.error("broken rule", extra={"rule": error.rule})
        return _error(500, f"the rule {error.rule} failed; please report it")
    if isinstance(error, UserError):
        return _error(400, str(error))
    return _unforeseen(error)


def _http(error: HTTPException) -> Response:
    if error.code == 413:
        most = the_desk().settings.body
        return _error(413, f"Your request exceeds the limit of {most} bytes. Please submit a shorter text.")
    return _error(error.code or 500, error.description or error.name)


def _unforeseen(error: Exception) -> Response:
    # Its text may quote the draft, so its kind has to do.
    _log.error("internal error", extra={"error": type(error).__name__})
    return _error(500, "something failed inside tonecheck; please report it")


def _error(status: int, message: str) -> Response:
    return _plain(status, f"Error: {message}")


def _plain(status: int, text: str) -> Response:
    return Response(text, status, mimetype="text/plain")


def _json(value: Any) -> Response:
    return Response(json.dumps(value, ensure_ascii=False), mimetype="application/json")
