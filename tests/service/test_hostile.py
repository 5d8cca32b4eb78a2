"""Input that means harm, and callers that are slow: the service answers, and goes on answering."""

from __future__ import annotations

import json
import socket
import urllib.error
import urllib.request
from urllib.parse import urlsplit

import pytest

HOSTILE = [
    "<script>alert(1)</script><img src=x onerror=alert(1)> Pay now!",
    "{{ 7*7 }} {% for x in range(10**9) %}a{% endfor %} {{ ''.__class__.__mro__ }}",
    "\u202eevil\u202c \ud83d\ude00" + "\u0300" * 5000,
    "a" * 90_000,
    "pay " * 20_000,
    "(" * 40_000,
    "!" * 50_000,
    "\x00\x01\x1b[31mPay now",
    "=cmd|'/c calc'!A1",
    "Content-Type: multipart/mixed; boundary=x\n\n" + "--x\n" * 5000,
    "<div>" * 9000 + "pay now",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("route", ["/v1/check", "/v1/fix"])
def test_a_hostile_draft_is_a_draft(client, route, text):
    answer = client.post(route, json={"text": text})
    assert answer.status_code in (200, 422)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.mimetype in ("application/json", "application/problem+json")


def test_the_page_shows_script_as_text(client):
    page = client.post("/", data={"text": HOSTILE[0]}).get_data(as_text=True)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_the_page_never_renders_a_draft_as_a_template(client):
    page = client.post("/", data={"text": "{{ 7*7 }}-{{ config }} pay now"}).get_data(as_text=True)
    assert "{{ 7*7 }}" in page
    assert "49-" not in page and "SECRET_KEY" not in page


@pytest.mark.parametrize("path", ["/", "/v1/rules/blame/failed-to", "/healthz"])
def test_every_answer_forbids_scripts_of_others(client, path):
    policy = client.get(path).headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "http" not in policy


def test_files_beside_the_assets_are_not_served(client):
    for path in ("/static/../app.py", "/static/%2e%2e/app.py", "/static/....//app.py", "/static//etc/passwd"):
        assert client.get(path).status_code in (404, 308), path


def raw(server):
    address = urlsplit(server)
    return socket.create_connection((address.hostname, address.port), timeout=30)


def healthy(server):
    with urllib.request.urlopen(f"{server}/readyz", timeout=30) as answer:
        return answer.status == 200


def test_slow_callers_hold_nobody_up(server):
    slow = [raw(server) for _ in range(40)]
    try:
        for connection in slow:
            connection.sendall(b"POST /v1/check HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n")
            connection.sendall(b"Content-Length: 1000\r\n\r\n{")
        assert healthy(server)
        request = urllib.request.Request(
            f"{server}/v1/check",
            json.dumps({"text": "Pay now."}).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            assert answer.status == 200
    finally:
        for connection in slow:
            connection.close()


@pytest.mark.parametrize(
    "head",
    [
        b"POST /v1/check HTTP/1.1\r\nHost: x\r\nContent-Length: 10000000\r\n\r\n",
        b"POST /v1/check HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
        b"POST /v1/check HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GARBAGE\r\n\r\n",
        b"GET /" + b"a" * 300_000 + b" HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
)
def test_broken_requests_harm_nobody(server, head):
    with raw(server) as connection:
        connection.settimeout(5)
        try:
            connection.sendall(head)
            connection.sendall(b"x" * 100_000)
            connection.recv(1000)
        except OSError:
            pass
    assert healthy(server)


def test_ten_megabytes_are_refused(server):
    request = urllib.request.Request(
        f"{server}/v1/check",
        json.dumps({"text": "a" * 10_000_000}).encode(),
        {"Content-Type": "application/json"},
    )
    try:
        urllib.request.urlopen(request, timeout=30)
        status = 200
    except urllib.error.HTTPError as err:
        status = err.code
        err.close()
    except OSError:
        status = 413  # hung up on before all was sent
    assert status == 413
    assert healthy(server)
