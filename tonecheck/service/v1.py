"""The routes under ``/v1``."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from flask import Response, current_app, request
from flask_openapi3 import APIBlueprint, Tag

from tonecheck import __version__, records
from tonecheck.render.json import dumps
from tonecheck.service import models
from tonecheck.service.catalogue import Catalogue
from tonecheck.service.desk import the_desk
from tonecheck.service.problems import problem

JSON = "application/json"
NDJSON = "application/x-ndjson"
_checking = Tag(name="Checking", description="Judge drafts, and mend them.")
_rules = Tag(name="Rules", description="What is looked for, and why.")
_ETAG = {"ETag": {"description": "Of the draft, the profile and the rules.", "schema": {"type": "string"}}}


def blueprint() -> APIBlueprint:
    """A new blueprint for each application."""
    routes = APIBlueprint(
        "v1", __name__, url_prefix="/v1", abp_responses=_problems(400, 401, 413, 415, 422, 429, 503)
    )

    @routes.post("/check", tags=[_checking], responses={200: models.Report, 304: None})
    def check(body: models.CheckIn) -> Response:
        """Judge a draft.

        The answer is the same to the byte as that of `tonecheck check --format json`. Send its `ETag` back as `If-None-Match` to hear with
        304 that nothing changed.
        """
        return _answered("check", body, the_desk().check)

    @routes.post("/fix", tags=[_checking], responses={200: models.FixOut, 304: None})
    def fix(body: models.FixIn) -> Response:
        """Mend a draft: apply safe suggestions, or all of them, until nothing more can be mended."""
        return _answered("fix", body, partial(the_desk().fix, unsafe=body.unsafe))

    @routes.post(
        "/batch",
        tags=[_checking],
        openapi_extensions={},
        responses={
            200: {
                "description": "One line for each line of the request, in its order, as they are done.",
                "content": {NDJSON: {"schema": {"type": "string"}}},
            }
        },
    )
    def batch() -> Response:
        """Judge many drafts: JSON Lines in, JSON Lines out, as `tonecheck batch` does.

        A line is `{"id", "text"}` and, if wanted, profile fields and `flags`; other keys are ignored. Its answer is `{"id", "report"}`, or
        `{"id", "error": {"title", "detail"}}`: one bad line costs no other.
        """
        desk = the_desk()
        lines = records.read_lines(io.BytesIO(request.get_data(cache=False)), desk.settings.body)

        def answers() -> Iterator[bytes]:
            yield from desk.batch(lines)

        return Response(answers(), mimetype=NDJSON)

    @routes.get("/rules", tags=[_rules], responses={200: models.Rules})
    def rules() -> Response:
        """All rules, in the order of their ids."""
        catalogue = _catalogue()
        return _json((dumps({"rules": catalogue.rows}, indent=2) + "\n").encode(), catalogue.digest)

    @routes.get("/rules/<path:id>", tags=[_rules], responses={200: models.Rule, **_problems(404)})
    def rule(path: models.RulePath) -> Response:
        """One rule with its examples."""
        found = _catalogue().page(path.id)
        if found is None:
            return problem(404, "there is no such rule; /v1/rules lists all")
        return _json((dumps(found, indent=2) + "\n").encode(), None)

    return routes


def _problems(*statuses: int) -> dict[Any, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        str(status): {
            "description": "See `detail`.",
            "content": {"application/problem+json": {"schema": schema}},
        }
        for status in statuses
    }


def _catalogue() -> Catalogue:
    found = current_app.extensions["tonecheck.catalogue"]
    assert isinstance(found, Catalogue)
    return found


def _answered(kind: str, body: models.CheckIn, work: Callable[..., bytes]) -> Response:
    """The answer of ``work`` on the draft, unless the caller has it already or the draft is too long."""
    tag = _tag(kind, body)
    if _is_known(tag):
        return _unchanged(tag)
    refused = _too_long(body.text)
    if refused is not None:
        return refused
    profile = body.profile(the_desk().settings.config.profile)
    return _json(work(body.text, profile, format=body.format, account=body.account()), tag)


def _tag(kind: str, body: models.CheckIn) -> str:
    """Of what the answer depends on: the request, the rules and model of this installation, and its settings."""
    digest = hashlib.blake2b(digest_size=16)
    for part in (kind, body.model_dump_json(), _catalogue().digest, __version__):
        digest.update(part.encode("utf-8", "surrogatepass"))
        digest.update(b"\0")
    return digest.hexdigest()


def _is_known(tag: str) -> bool:
    # An answer that was compressed carries the name of the algorithm behind its tag.
    return any(known.partition(":")[0] == tag for known in request.if_none_match.as_set(include_weak=True))


def _unchanged(tag: str) -> Response:
    response = Response(status=304)
    response.set_etag(tag)
    return response


def _too_long(text: str) -> Response | None:
    longest = the_desk().settings.longest
    if len(text) <= longest:
        return None
    what = f"the draft has {len(text):,} characters; at most {longest:,} are taken"
    return problem(413, f"text: {what}", errors=[("text", what)])


def _json(answer: bytes, tag: str | None) -> Response:
    response = Response(answer, mimetype=JSON)
    if tag is not None:
        response.set_etag(tag)
    response.headers["Cache-Control"] = "private, no-cache"
    return response
