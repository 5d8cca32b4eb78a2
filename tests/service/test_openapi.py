"""What /openapi.json says is what the service does: generated requests find no 5xx and no answer that it does not describe."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tonecheck import Config
from tonecheck.service import create_app
from tonecheck.service.settings import Settings

# Without model and parser: what is generated is no prose, and hundreds of requests are made.
_APP = create_app(Settings(config=Config(backend="none", pipeline="none")))
schema = schemathesis.openapi.from_wsgi("/openapi.json", _APP)


@schema.parametrize()
@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_generated_requests_get_answers_that_are_described(case):
    case.call_and_validate(
        # The transport for WSGI does not unpack what is compressed.
        headers={"Accept-Encoding": "identity"},
        checks=[
            not_a_server_error,
            status_code_conformance,
            content_type_conformance,
            response_schema_conformance,
        ],
    )


@pytest.mark.parametrize(
    "path",
    ["/v1/check", "/v1/fix", "/v1/batch", "/v1/rules", "/v1/rules/{id}", "/healthz", "/readyz", "/metrics"],
)
def test_every_route_is_described(path):
    described = _APP.test_client().get("/openapi.json").get_json()["paths"][path]
    for operation in described.values():
        assert operation["summary"] and operation["responses"]["200"]


def test_the_documentation_needs_nothing_from_elsewhere():
    client = _APP.test_client()
    page = client.get("/docs/swagger").get_data(as_text=True)
    assert client.get("/docs/").status_code == 200
    assert "http://" not in page.replace("http://www.w3.org", "") and "https://" not in page
