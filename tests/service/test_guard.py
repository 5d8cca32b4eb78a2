"""With a file of keys only those with a key are answered, and not too often."""

from __future__ import annotations

import base64

import pytest

from tonecheck import Config
from tonecheck.service import create_app
from tonecheck.service.keys import Keys
from tonecheck.service.settings import Settings


@pytest.fixture(scope="module")
def guarded(tmp_path_factory):
    path = tmp_path_factory.mktemp("keys") / "keys.jsonl"
    keys = Keys.load(path, new=True)
    secret, slow = keys.add("tests", 1000), keys.add("slow", 2)
    app = create_app(Settings(config=Config(backend="none", pipeline="none"), keys=path))
    return app.test_client(), secret, slow


def basic(secret):
    return "Basic " + base64.b64encode(f"any:{secret}".encode()).decode()


def test_a_monitor_needs_no_key(guarded):
    client, _, _ = guarded
    assert client.get("/readyz").status_code == 200


@pytest.mark.parametrize("path", ["/v1/rules", "/metrics", "/openapi.json", "/", "/v2/languages"])
def test_everybody_else_does(guarded, path):
    client, _, _ = guarded
    answer = client.get(path)
    assert answer.status_code == 401
    assert "WWW-Authenticate" in answer.headers


@pytest.mark.parametrize("scheme", ["bearer", "header", "basic"])
def test_a_key_opens(guarded, scheme):
    client, secret, _ = guarded
    headers = {
        "bearer": {"Authorization": f"Bearer {secret}"},
        "header": {"X-API-Key": secret},
        "basic": {"Authorization": basic(secret)},
    }[scheme]
    assert client.get("/openapi.json", headers=headers).status_code == 200
    wrong = {name: value[:-3] + "xyz" for name, value in headers.items()}
    assert client.get("/openapi.json", headers=wrong).status_code == 401


def test_a_browser_is_asked_for_the_key(guarded):
    client, _, _ = guarded
    assert client.get("/").headers["WWW-Authenticate"].startswith("Basic")
    assert client.get("/v1/rules").headers["WWW-Authenticate"].startswith("Bearer")


def test_a_languagetool_client_gives_the_key_as_a_parameter(guarded):
    client, secret, _ = guarded
    body = {"language": "en-US", "text": "You failed to pay.", "apiKey": secret, "username": "x"}
    assert client.post("/v2/check", data=body).status_code == 200
    refused = client.post("/v2/check", data={**body, "apiKey": "tck_wrong"})
    assert (refused.status_code, refused.mimetype) == (401, "text/plain")


def test_too_many_calls_are_put_off(guarded):
    client, _, slow = guarded
    headers = {"X-API-Key": slow}
    assert [client.get("/openapi.json", headers=headers).status_code for _ in range(2)] == [200, 200]
    answer = client.get("/openapi.json", headers=headers)
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
