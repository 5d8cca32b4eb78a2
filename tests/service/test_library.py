"""The template library under /v1/templates."""

from __future__ import annotations

import pytest

from tonecheck.library import shipped

ID = "reminder-after-due/email-us"
RENDER = f"/v1/templates/{ID}/render"


def samples(client, id: str = ID) -> dict[str, object]:
    variables = client.get(f"/v1/templates/{id}").get_json()["variables"]
    return {name: variable["samples"][0] for name, variable in variables.items()}


def test_all_templates_are_listed_with_what_they_ask_for(client):
    answer = client.get("/v1/templates")
    rows = answer.get_json()["templates"]
    assert [row["id"] for row in rows] == list(shipped().ids)
    for row in rows:
        assert {"id", "title", "purpose", "profile", "variables"} <= row.keys()
        for variable in row["variables"].values():
            assert variable.keys() == {"type", "meaning", "samples", "optional"}
    known = {"If-None-Match": answer.headers["ETag"]}
    assert client.get("/v1/templates", headers=known).status_code == 304


def test_one_template_comes_with_its_source_and_a_sample(client):
    answer = client.get(f"/v1/templates/{ID}").get_json()
    assert answer["source"].startswith("---\ntitle: Friendly reminder")
    assert answer["sample"].startswith("Subject: A friendly note from Northside Dental\n\nHello Sam Lee,")


def test_a_template_is_rendered_and_checked(client):
    values = samples(client) | {"customer_name": "<Sam> & Co", "balance": "1204.50"}
    answer = client.post(RENDER, json={"values": values})
    found = answer.get_json()
    assert answer.status_code == 200
    assert found["subject"] == "A friendly note from Northside Dental"
    assert found["text"].startswith(f"Subject: {found['subject']}\n\nHello <Sam> & Co,")
    assert "Hello &lt;Sam&gt; &amp; Co," in found["html"]
    assert "$1,204.50 was due on May 14, 2027" in found["text"]
    assert found["report"]["verdict"] == "send"
    profile = {"text": found["text"], "channel": "email", "stage": "reminder"}
    assert found["report"] == client.post("/v1/check", json=profile).get_json()


def test_every_wrong_value_is_told_with_its_path(client):
    values = samples(client) | {
        "balance": "a lot",
        "due_date": "soon",
        "custmer_name": "Sam",
        "Pay $40 now": 1,
    }
    del values["phone"]
    answer = client.post(RENDER, json={"values": values})
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert {error["path"]: error["detail"] for error in answer.get_json()["errors"]} == {
        "values.custmer_name": "there is no such variable (did you mean 'customer_name'?)",
        "values.(a name that is no field)": "there is no such variable",
        "values.balance": "give an amount such as 186.20",
        "values.due_date": "give a date such as 2027-05-14",
        "values.phone": "it is required: where to call, for payments and questions",
    }
    assert "Pay $40 now" not in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", "/v1/templates/none/email-us"),
        ("get", "/v1/templates/_macros/shared"),
        ("get", "/v1/templates/../rules/lexicon"),
        ("post", "/v1/templates/none/email-us/render"),
    ],
)
def test_an_unknown_template_is_not_found(client, method, path):
    more = {"json": {"values": {}}} if method == "post" else {}
    answer = getattr(client, method)(path, **more)
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


REFUSED = [
    # body, content type, status, what the detail says
    ('{"values"', "application/json", 400, "not valid JSON"),
    (b'{"values": "\xff"}', "application/json", 400, "not UTF-8"),
    ("[" * 5000, "application/json", 400, "not valid JSON"),
    ("[]", "application/json", 422, "give a JSON object"),
    ("values=1", "application/x-www-form-urlencoded", 415, "Content-Type: application/json"),
    ("{}", "application/json", 422, "values: it is required"),
    ('{"values": 5}', "application/json", 422, "values: "),
    ('{"values": {}, "value": 1}', "application/json", 422, "value: there is no such field"),
    ('{"values": {}}', "application/json", 422, "values.customer_name: it is required"),
]


@pytest.mark.parametrize(("body", "content_type", "status", "detail"), REFUSED)
def test_what_cannot_be_rendered_is_refused_with_place_and_mend(client, body, content_type, status, detail):
    answer = client.post(RENDER, data=body, content_type=content_type)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert detail in answer.get_json()["detail"]


def test_the_routes_are_described(client):
    paths = client.get("/openapi.json").get_json()["paths"]
    assert {"/v1/templates", "/v1/templates/{id}", "/v1/templates/{id}/render"} <= paths.keys()
