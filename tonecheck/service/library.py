"""The template library under ``/v1/templates``."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Literal

from flask import Response, request
from flask_openapi3 import APIBlueprint, Tag
from pydantic import BaseModel, ConfigDict, Field

from tonecheck.library import UnknownTemplate, ValueErrors, shipped
from tonecheck.library.types import TYPES
from tonecheck.render.json import dumps
from tonecheck.service import models
from tonecheck.service.desk import the_desk
from tonecheck.service.problems import problem

_tag = Tag(
    name="Templates", description="Messages that are fit to send, to be filled with the values of an account."
)
_NONE_SUCH = "there is no such template; /v1/templates lists all"
# Field names of ours, short enough to be quoted in an error.
_LONGEST_NAME = 80


class Variable(BaseModel):
    """What a template asks for. `samples` are values that fit."""

    type: Literal[tuple(TYPES)]  # type: ignore[valid-type]
    meaning: str
    samples: list[Any]
    optional: bool


class Template(BaseModel):
    """A message of the library."""

    model_config = ConfigDict(extra="allow")

    id: str
    title: str
    purpose: str
    profile: models.ProfileOut
    variables: dict[str, Variable]


class Templates(BaseModel):
    templates: list[Template]


class TemplatePage(Template):
    """A template with its whole file and with the message of its first samples."""

    source: str
    sample: str


class TemplatePath(BaseModel):
    id: str = Field(description="The template's id, such as `reminder-after-due/email-us`.")


class RenderIn(BaseModel):
    """The values of a template's variables."""

    model_config = ConfigDict(extra="forbid", strict=True)

    values: dict[str, Any] = Field(
        description="A value for each variable: amounts as numbers or decimal texts, dates as `2027-05-14`.",
        examples=[{"customer_name": "Sam Lee", "balance": 186.2, "due_date": "2027-05-14"}],
    )


class RenderOut(BaseModel):
    """The message: `text` as it was checked, `html` and `subject` where the channel has them, and the report on `text`."""

    model_config = ConfigDict(extra="allow")

    text: str
    subject: str | None
    html: str | None
    body: str = Field(description="`text` without the line of its subject, for an e-mail.")
    report: models.Report


def blueprint() -> APIBlueprint:
    """A new blueprint for each application."""
    routes = APIBlueprint(
        "library", __name__, url_prefix="/v1", abp_responses=_problems(400, 401, 413, 415, 422, 429, 503)
    )

    @routes.get("/templates", tags=[_tag], responses={200: Templates})
    def templates() -> Response:
        """All templates of the library, in the order of their ids."""
        return _json({"templates": [template.to_dict() for template in shipped().templates]}, tagged=True)

    @routes.get("/templates/<path:id>", tags=[_tag], responses={200: TemplatePage, **_problems(404)})
    def template(path: TemplatePath) -> Response:
        """One template with its source and a sample."""
        from tonecheck.library.samples import first

        try:
            found = shipped().get(path.id)
        except UnknownTemplate:
            return problem(404, _NONE_SUCH)
        sample = shipped().render(found.id, first(found)).text
        return _json({**found.to_dict(), "source": found.source, "sample": sample}, tagged=True)

    @routes.post("/templates/<path:id>/render", tags=[_tag], responses={200: RenderOut, **_problems(404)})
    def render(path: TemplatePath, body: RenderIn) -> Response:
        """Fill a template and check the message. A value that does not fit is refused as `values.NAME`."""
        try:
            found = shipped().get(path.id)
            message = shipped().render(found.id, body.values)
        except UnknownTemplate:
            return problem(404, _NONE_SUCH)
        except ValueErrors as err:
            errors = [(f"values.{_quoted(name)}", what) for name, what in err.errors.items()]
            return problem(422, f"{errors[0][0]}: {errors[0][1]}", errors=errors)
        longest = the_desk().settings.longest
        if len(message.text) > longest:
            return problem(
                413, f"the message has {len(message.text):,} characters; at most {longest:,} are taken"
            )
        report = json.loads(the_desk().check(message.text, found.profile))
        return _json(
            {
                "text": message.text,
                "subject": message.subject,
                "html": message.html,
                "body": message.body,
                "report": report,
            }
        )

    return routes


def _quoted(name: str) -> str:
    """A name as an error may show it: what cannot be one may be a piece of a message."""
    return (
        name
        if len(name) <= _LONGEST_NAME and name.isascii() and " " not in name
        else "(a name that is no field)"
    )


def _problems(*statuses: int) -> dict[Any, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        str(status): {
            "description": "See `detail`.",
            "content": {"application/problem+json": {"schema": schema}},
        }
        for status in statuses
    }


def _json(answer: dict[str, Any], *, tagged: bool = False) -> Response:
    content = (dumps(answer, indent=2) + "\n").encode()
    response = Response(content, mimetype="application/json")
    response.headers["Cache-Control"] = "private, no-cache"
    if tagged:
        response.set_etag(hashlib.blake2b(content, digest_size=16).hexdigest())
        response.make_conditional(request)
    return response
