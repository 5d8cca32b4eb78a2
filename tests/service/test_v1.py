"""The API under /v1: what it answers, and how it refuses."""

from __future__ import annotations

import gzip
import json

import pytest

from tonecheck.service import create_app
from tonecheck.service.settings import Settings

DRAFT = "Dear Sam, you failed to pay $40 by 3 May. Call 555-0142."

REFUSED = [
    # body, content type, status, what the detail says
    ('{"text": "Hi"', "application/json", 400, "line 1, column 14"),
    (b'{"text": "\xff"}', "application/json", 400, "not UTF-8: see its byte 11"),
    ("[" * 5000, "application/json", 400, "not valid JSON"),
    ('["text"]', "application/json", 422, "give a JSON object"),
    ("text=Hi", "application/x-www-form-urlencoded", 415, "Content-Type: application/json"),
    ("{}", "application/json", 422, "text: it is required"),
    ('{"text": ""}', "application/json", 422, "text: it is empty"),
    ('{"text": "   "}', "application/json", 422, "text: the draft is empty"),
    ('{"text": 5}', "application/json", 422, "text: "),
    ('{"text": "Hi", "channel": "fax"}', "application/json", 422, "channel: it has to be"),
    ('{"text": "Hi", "chanel": "sms"}', "application/json", 422, "chanel: there is no such field"),
    ('{"text": "Hi", "flags": ["voicemial"]}', "application/json", 422, "did you mean 'voicemail'"),
    ('{"text": "Hi", "context": {"balanc": 1}}', "application/json", 422, "context.balanc"),
    ('{"text": "Hi", "context": {"balance": true}}', "application/json", 422, "context.balance"),
]


@pytest.mark.parametrize(("body", "content_type", "status", "detail"), REFUSED)
@pytest.mark.parametrize("route", ["/v1/check", "/v1/fix"])
def test_what_cannot_be_checked_is_refused_with_place_and_mend(
    client, route, body, content_type, status, detail
):
    answer = client.post(route, data=body, content_type=content_type)
    problem = answer.get_json()
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert detail in problem["detail"]
    assert problem["status"] == status
    assert problem["request_id"] == answer.headers["X-Request-ID"]


def test_every_field_that_is_wrong_is_told_with_its_path(client):
    answer = client.post("/v1/check", json={"channel": "fax", "stage": 3, "x": 1})
    assert {error["path"] for error in answer.get_json()["errors"]} == {"text", "channel", "stage", "x"}


def test_a_draft_that_is_too_long_is_refused(client):
    answer = client.post("/v1/check", json={"text": "a" * 100_001})
    assert answer.status_code == 413
    assert "100,001 characters" in answer.get_json()["detail"]


def test_a_body_that_is_too_large_is_refused(client):
    assert client.post("/v1/check", data=b"x" * (3 << 20), content_type="application/json").status_code == 413


def test_a_report_has_an_etag_of_draft_profile_and_rules(client):
    first = client.post("/v1/check", json={"text": DRAFT})
    tag = first.headers["ETag"]
    known = {"If-None-Match": tag}
    assert client.post("/v1/check", json={"text": DRAFT}, headers=known).status_code == 304
    assert client.post("/v1/check", json={"text": DRAFT + " "}, headers=known).status_code == 200
    assert client.post("/v1/check", json={"text": DRAFT, "stage": "final"}, headers=known).status_code == 200
    assert client.post("/v1/fix", json={"text": DRAFT}, headers=known).status_code == 200


def test_another_configuration_has_another_etag(client):
    from tonecheck import Config

    other = create_app(Settings(config=Config(disable=("blame/*",)))).test_client()
    tags = {each.post("/v1/check", json={"text": DRAFT}).headers["ETag"] for each in (client, other)}
    assert len(tags) == 2


def test_answers_are_compressed_for_whoever_takes_it(client):
    plain = client.post("/v1/check", json={"text": DRAFT})
    packed = client.post("/v1/check", json={"text": DRAFT}, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    again = {"If-None-Match": packed.headers["ETag"], "Accept-Encoding": "gzip"}
    assert client.post("/v1/check", json={"text": DRAFT}, headers=again).status_code == 304


def test_a_callers_request_id_is_kept_if_it_is_one(client):
    assert client.get("/healthz", headers={"X-Request-ID": "abc-1"}).headers["X-Request-ID"] == "abc-1"
    assert client.get("/healthz", headers={"X-Request-ID": "a b"}).headers["X-Request-ID"] != "a b"


def test_fix_gives_the_mended_draft_and_both_reports(client):
    answer = client.post("/v1/fix", json={"text": DRAFT}).get_json()
    assert answer["changed"]
    assert "failed" not in answer["text"]
    assert "$40" in answer["text"]
    assert answer["before"]["score"] < answer["after"]["score"]
    assert answer["applied"][0]["suggestion"]["kind"] == "rephrase"


def test_fix_fills_in_what_is_known_about_the_account(client):
    body = {"text": "Dear Sam, please pay soon.", "unsafe": True, "context": {"balance": "$81.20"}}
    assert "$81.20" in client.post("/v1/fix", json=body).get_json()["text"]


def test_rules_are_listed_and_explained(client):
    rules = client.get("/v1/rules").get_json()["rules"]
    assert [rule["id"] for rule in rules] == sorted(rule["id"] for rule in rules)
    one = client.get("/v1/rules/blame/failed-to").get_json()
    assert one["examples"]["flag"] and one["why"]
    assert client.get("/v1/rules/blame/nothing").status_code == 404


@pytest.mark.parametrize(("path", "status"), [("/healthz", 200), ("/readyz", 200), ("/metrics", 200)])
def test_a_monitor_is_answered(client, path, status):
    assert client.get(path).status_code == status


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/nothing", 404), ("GET", "/v1/check", 405)])
def test_a_wrong_address_is_a_problem_too(client, method, path, status):
    answer = client.open(path, method=method)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")


def test_other_sites_may_call_only_if_named():
    def allowed(origins):
        app = create_app(Settings(origins=origins))
        answer = app.test_client().get("/v1/rules/blame/failed-to", headers={"Origin": "https://a.example"})
        return answer.headers.get("Access-Control-Allow-Origin")

    assert allowed(()) is None
    assert allowed(("https://a.example",)) == "https://a.example"
    assert allowed(("https://b.example",)) is None


def test_a_batch_answers_line_by_line_in_order(client):
    lines = [
        '{"id": 1, "text": "You failed to pay."}',
        "nonsense",
        '{"id": "c", "text": "Thank you.", "x": 1}',
    ]
    answer = client.post("/v1/batch", data="\n".join(lines))
    rows = [json.loads(line) for line in answer.data.splitlines()]
    assert answer.mimetype == "application/x-ndjson"
    assert [row["id"] for row in rows] == [1, None, "c"]
    assert rows[0]["report"]["findings"] and "line 2" in rows[1]["error"]["detail"] and "report" in rows[2]
