"""A language model may propose; the guard decides; nothing that a server does breaks a check."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tonecheck import Checker, Config

DRAFT = "Dear Sam,\n\nYou must pay $640 immediately, you lazy liar.\n\nCall us on 555-0142.\n"
GOOD = "Could you please pay $640 when you can?"


class Server(ThreadingHTTPServer):
    answer: Callable[[BaseHTTPRequestHandler], None]
    asked: list[dict]


@pytest.fixture
def server() -> Iterator[Server]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            running.asked.append(json.loads(self.rfile.read(length)))
            running.answer(self)

        def log_message(self, *_: object) -> None:
            return

    running = Server(("127.0.0.1", 0), Handler)
    running.asked = []
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield running
    running.shutdown()
    running.server_close()


def says(body: bytes, status: int = 200, headers: tuple[tuple[str, str], ...] = ()) -> Callable:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for header in headers:
            handler.send_header(*header)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def told(content: object) -> bytes:
    return json.dumps({"choices": [{"message": {"content": content}}]}).encode()


def suggestions(server: Server, seconds: int = 5) -> list[str]:
    config = Config(llm_url=f"http://127.0.0.1:{server.server_port}/v1", llm_seconds=seconds, llm_model="m")
    report = Checker(config).check(DRAFT)
    return [one.text for finding in report.findings for one in finding.suggestions if one.source == "llm"]


def test_a_good_candidate_is_proposed_and_marked(server: Server) -> None:
    server.answer = says(told(f"```json\n{json.dumps([GOOD])}\n```"))
    assert any("Could you please pay $640" in text for text in suggestions(server))
    assert server.asked[0]["model"] == "m"
    assert "You must pay $640 immediately" in server.asked[0]["messages"][1]["content"]


HOSTILE = {
    "another sum": told(json.dumps(["Could you please pay $64 when you can?"])),
    "another fact": told(json.dumps(["Could you please pay $640 at evil.example/pay?"])),
    "a promise": told(json.dumps(["Please pay $640 when you can, and we will waive the interest."])),
    "still harsh": told(json.dumps(["You must pay $640 right now or else."])),
    "no list": told("Sure, here you go!"),
    "control characters": told(json.dumps(["Please pay\u0000 $640\u202e."])),
    "too long": told(json.dumps(["Please pay $640. " * 200])),
    "no text": told(None),
    "no choices": b'{"choices": []}',
    "not JSON": b"<html>",
    "deep": b"[" * 50_000,
    "huge": b'{"a": "' + b"x" * 2_000_000 + b'"}',
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_what_is_malformed_or_hostile_is_not_proposed(server: Server, body: bytes) -> None:
    server.answer = says(body)
    assert suggestions(server) == []


@pytest.mark.parametrize("status", [302, 404, 500])
def test_errors_and_redirects_are_not_followed(server: Server, status: int) -> None:
    server.answer = says(b"", status, (("Location", f"http://127.0.0.1:{server.server_port}/else"),))
    assert suggestions(server) == []


def test_a_slow_server_is_waited_for_no_longer_than_said(server: Server) -> None:
    server.answer = lambda handler: time.sleep(3)
    began = time.monotonic()
    assert suggestions(server, seconds=1) == []
    assert time.monotonic() - began < 30


def test_without_a_url_nobody_is_asked(server: Server) -> None:
    Checker().check(DRAFT)
    assert server.asked == []
