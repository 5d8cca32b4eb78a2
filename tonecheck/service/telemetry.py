"""Request ids, structured logs and metrics. They tell routes, statuses, sizes and times; never a draft, a value or a key."""

from __future__ import annotations

import json
import logging
import re
import sys
import time
import uuid
from typing import Any

from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

_log = logging.getLogger("tonecheck.access")
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_OWN = frozenset(vars(logging.makeLogRecord({})))


class JsonLines(logging.Formatter):
    """A log record as a line of JSON: time (UTC), level, logger, message, and what was given as ``extra``."""

    def format(self, record: logging.LogRecord) -> str:
        row: dict[str, Any] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created)),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        row |= {
            name: value for name, value in vars(record).items() if name not in _OWN | {"message", "taskName"}
        }
        return json.dumps(row, ensure_ascii=True, default=str)


def log_to_stderr(level: str = "info") -> None:
    """Write the service's logs to standard error, a line of JSON each."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logger = logging.getLogger("tonecheck")
    logger.handlers[:] = [handler]
    logger.setLevel(level.upper())
    logger.propagate = False


class Metrics:
    """What ``/metrics`` shows, of one application."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "tonecheck_requests", "Requests answered.", ["method", "route", "status"], registry=self.registry
        )
        self.seconds = Histogram(
            "tonecheck_request_seconds",
            "Time from the whole request to the answer.",
            ["route"],
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10, 30),
            registry=self.registry,
        )
        self.running = Gauge("tonecheck_requests_running", "Requests being answered.", registry=self.registry)


def register(app: Flask) -> Metrics:
    """Give each request an id and tell of each answer."""
    metrics = Metrics()

    @app.before_request
    def start() -> None:
        given = request.headers.get("X-Request-ID", "")
        # A caller's own id is kept if it is one and cannot be anything else, such as two lines of a log.
        g.request_id = given if _ID.fullmatch(given) else uuid.uuid4().hex
        g.started = time.perf_counter()
        metrics.running.inc()

    @app.after_request
    def told(response: Response) -> Response:
        response.headers["X-Request-ID"] = g.get("request_id", "")
        route = request.url_rule.rule if request.url_rule else "(none)"
        seconds = time.perf_counter() - g.get("started", time.perf_counter())
        metrics.requests.labels(_method(), route, response.status_code).inc()
        metrics.seconds.labels(route).observe(seconds)
        _log.info(
            "answered",
            extra={
                "request_id": g.get("request_id"),
                "method": _method(),
                "route": route,
                "status": response.status_code,
                "ms": round(seconds * 1000, 1),
                "bytes_in": request.content_length or 0,
                "key": g.get("key_id"),
            },
        )
        return response

    @app.teardown_request
    def done(_: BaseException | None) -> None:
        if "started" in g:
            metrics.running.dec()

    return metrics


def _method() -> str:
    """The method, or "other": labels must not grow with what strangers make up."""
    known = ("GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH")
    return request.method if request.method in known else "other"
