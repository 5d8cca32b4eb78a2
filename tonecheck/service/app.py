"""The application put together."""

from __future__ import annotations

import json

from flask import Flask, Response, jsonify, request
from flask_compress import Compress
from flask_cors import CORS
from flask_openapi3 import Info, OpenAPI, Server

from tonecheck import __version__
from tonecheck.service import health, languagetool, library, page, problems, telemetry, v1
from tonecheck.service.catalogue import Catalogue
from tonecheck.service.desk import Desk, Here, Runner
from tonecheck.service.guard import Guard
from tonecheck.service.models import Problem
from tonecheck.service.settings import Settings

# Nothing from elsewhere, nothing inline. The page has its scripts and styles in files.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_JSON_ROUTES = ("/v1/check", "/v1/fix")


def build(settings: Settings | None = None) -> Flask:
    """See ``tonecheck.service.create_app``."""
    settings = settings or _configured()
    app = OpenAPI(
        "tonecheck.service",
        info=Info(
            title="tonecheck",
            version=__version__,
            description="Reads a draft message about money that somebody owes and says how it will land, what is missing and what the law says. "
            "No draft is stored or logged.",
        ),
        servers=[Server(url="/")],
        security_schemes={"key": {"type": "http", "scheme": "bearer"}} if settings.keys else {},
        doc_prefix="/docs",
        validation_error_status=422,
        validation_error_model=Problem,
        validation_error_callback=problems.invalid,
        static_folder="static",
        static_url_path="/static",
        template_folder="templates",
    )
    app.config["MAX_CONTENT_LENGTH"] = settings.batch_body
    app.config["COMPRESS_ALGORITHM"] = ["gzip"]
    app.config["COMPRESS_MIMETYPES"] = [
        "text/html",
        "text/css",
        "text/javascript",
        "application/json",
        "application/problem+json",
        "image/svg+xml",
    ]
    app.json.sort_keys = False  # type: ignore[attr-defined]
    # What can be wrong is found before any worker starts.
    guard = Guard(settings.keys)
    app.extensions["tonecheck.catalogue"] = Catalogue(settings.config)
    app.extensions["tonecheck.desk"] = Desk(_runner(settings), settings)
    app.extensions["tonecheck.metrics"] = telemetry.register(app)
    guard.register(app)
    _limit(app, settings)
    problems.register(app)
    app.add_url_rule("/openapi.json", "openapi_json", lambda: jsonify(app.api_doc))
    app.register_api(v1.blueprint())
    app.register_api(library.blueprint())
    app.register_api(health.blueprint())
    app.register_blueprint(languagetool.blueprint())
    app.register_blueprint(page.blueprint())
    Compress(app)
    if settings.origins:
        CORS(
            app,
            resources={r"/v[12]/.*": {"origins": list(settings.origins)}},
            expose_headers=["ETag", "X-Request-ID", "Retry-After"],
        )
    app.after_request(_protect)
    return app


def _configured() -> Settings:
    """Those of the configuration file in force where the server was started."""
    from pathlib import Path

    from tonecheck.config import load_config

    return Settings(config=load_config(Path.cwd(), {}).config)


def _runner(settings: Settings) -> Runner:
    if settings.workers == 0:
        return Here(settings)
    from tonecheck.service.pool import Pool

    return Pool(settings)


def _limit(app: Flask, settings: Settings) -> None:
    """Refuse what is too large or no JSON before anything looks at it."""

    @app.before_request
    def look() -> Response | None:
        if request.method != "POST" or not request.path.startswith("/v1/"):
            return None
        most = settings.batch_body if request.path == "/v1/batch" else settings.body
        # Where the length is not told, reading stops there.
        request.max_content_length = most
        if (request.content_length or 0) > most:
            return problems.problem(413, f"the body is larger than {most:,} bytes; send less at once")
        takes_json = request.path in _JSON_ROUTES or request.path.endswith("/render")
        return _not_json() if takes_json else None


def _not_json() -> Response | None:
    """Why the body is no JSON object; ``None`` if it is one."""
    if not request.is_json:
        return problems.problem(415, "send JSON, with the header Content-Type: application/json")
    try:
        value = json.loads(request.get_data())
    except UnicodeDecodeError as err:
        return problems.problem(400, f"the body is not UTF-8: see its byte {err.start + 1}")
    except json.JSONDecodeError as err:
        return problems.problem(400, f"the body is not valid JSON: see line {err.lineno}, column {err.colno}")
    except (ValueError, RecursionError):
        return problems.problem(
            400, "the body is not valid JSON: it nests too deeply or has a number with too many digits"
        )
    if not isinstance(value, dict):
        return problems.problem(422, "body: give a JSON object", errors=[("body", "it has to be an object")])
    return None


def _protect(response: Response) -> Response:
    """Headers that keep a browser from doing what nobody asked for."""
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    if not request.path.startswith("/docs"):
        response.headers.setdefault("Content-Security-Policy", _POLICY)
    return response
