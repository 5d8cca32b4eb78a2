"""What a load balancer and a monitor ask: ``/healthz``, ``/readyz``, ``/metrics``."""

from __future__ import annotations

from flask import Response, current_app, jsonify
from flask_openapi3 import APIBlueprint, Tag
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from tonecheck import __version__
from tonecheck.service.desk import the_desk
from tonecheck.service.models import Health
from tonecheck.service.problems import problem
from tonecheck.service.telemetry import Metrics

_running = Tag(name="Running", description="For load balancers and monitors.")


def blueprint() -> APIBlueprint:
    """A new blueprint for each application."""
    routes = APIBlueprint("health", __name__)

    @routes.get("/healthz", tags=[_running], responses={200: Health})
    def healthz() -> Response:
        """Whether the process answers."""
        return jsonify(status="ok", version=__version__)

    @routes.get("/readyz", tags=[_running], responses={200: Health})
    def readyz() -> Response:
        """Whether rules and model are loaded, so that drafts can be checked; 503 until then."""
        if not the_desk().runner.is_ready():
            return problem(503, "rules and model are being loaded", headers={"Retry-After": "1"})
        return jsonify(status="ok", version=__version__)

    @routes.get(
        "/metrics",
        tags=[_running],
        responses={200: {"description": "Prometheus' text format.", "content": {"text/plain": {}}}},
    )
    def metrics() -> Response:
        """Counts and times by route and status, for Prometheus."""
        found = current_app.extensions["tonecheck.metrics"]
        assert isinstance(found, Metrics)
        return Response(generate_latest(found.registry), content_type=CONTENT_TYPE_LATEST)

    return routes
