"""The client against a small server that answers what it is told; tests/service/test_keys.py has it speak with a real one."""

from __future__ import annotations

import contextlib
import gzip
import itertools
import json
import logging
import pickle
import socket
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest

from tonecheck.client import PORTION, ApiError, ApiUnreachable, Client, calls, transport
from tonecheck.errors import TonecheckError, UserError

KEY = "tck_bmV2ZXItc2hvdy10aGlzLWtleS1pbi1hLW1lc3NhZ2U"
DRAFT = "Dear Wilhelmina Quartermaine, you owe us $7,431.09 under reference ZX-90417-K. Pay it."
REPORT = {"verdict": "send", "score": 100, "findings": [], "note": "naïve 🙂"}


class Seen(NamedTuple):
    """A request that came in."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def records(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.body.splitlines()]


class Answer(NamedTuple):
    """What is answered. ``length``: what Content-Length says, if not the truth."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = MappingProxyType({})
    length: int | None = None


class Hang:
    """No answer at all."""


class Drop:
    """The connection is closed without an answer."""


Script = Callable[[Seen], Answer] | Answer | type[Hang] | type[Drop]


class Fake:
    """Answers requests by its script, one after another, and by the last entry for ever."""

    def __init__(self) -> None:
        self.script: list[Script] = []
        self.seen: list[Seen] = []
        self.released = threading.Event()
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                seen = Seen(self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body)
                fake.seen.append(seen)
                step = fake.script.pop(0) if len(fake.script) > 1 else fake.script[0]
                if step is Hang:
                    fake.released.wait(20)
                if step is Hang or step is Drop:
                    self.close_connection = True
                    return
                answer = step if isinstance(step, Answer) else step(seen)
                length = len(answer.body) if answer.length is None else answer.length
                self.send_response(answer.status)
                for name, value in {"Content-Type": "application/json", **answer.headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(length))
                self.end_headers()
                # The client may have had enough of it.
                with contextlib.suppress(OSError):
                    self.wfile.write(answer.body)
                self.close_connection = length != len(answer.body)

            do_GET = do_POST = answer

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = False
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        self.thread.start()

    def close(self) -> None:
        self.released.set()
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


def ok(value: Any = REPORT, **headers: str) -> Answer:
    return Answer(200, json.dumps(value).encode(), headers)


def problem(status: int, title: str, detail: Any, **headers: str) -> Answer:
    body = json.dumps({"status": status, "title": title, "detail": detail}).encode()
    return Answer(status, body, {"Content-Type": "application/problem+json", **headers})


def busy(wait: str | None = "0", status: int = 503) -> Answer:
    return problem(status, "Busy", "all are busy", **({} if wait is None else {"Retry-After": wait}))


def judged(seen: Seen) -> Answer:
    """A batch, answered."""
    lines = [json.dumps({"id": record["id"], "report": REPORT}) for record in seen.records]
    return Answer(
        200, "".join(f"{line}\n" for line in lines).encode(), {"Content-Type": "application/x-ndjson"}
    )


def drafts(count: int) -> list[dict[str, Any]]:
    return [{"id": number, "text": DRAFT} for number in range(count)]


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[Fake]:
    monkeypatch.setattr(transport, "FIRST_WAIT", 0.001)
    made = Fake()
    yield made
    made.close()


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that the client would have waited."""
    waited: list[float] = []
    monkeypatch.setattr(transport.time, "sleep", waited.append)
    return waited


@pytest.fixture
def client(fake: Fake) -> Iterator[Client]:
    with Client(fake.url + "/", key=KEY, timeout=10) as made:
        yield made


def test_check_sends_what_was_given_and_nothing_else(fake, client):
    fake.script = [ok()]
    found = client.check(
        DRAFT, channel="sms", flags={"texas"}, format="html", context={"balance": "$5"}, request_id="call-1"
    )
    assert found == REPORT
    (seen,) = fake.seen
    assert (seen.method, seen.path) == ("POST", "/v1/check")
    assert seen.json == {
        "text": DRAFT,
        "channel": "sms",
        "flags": ["texas"],
        "format": "html",
        "context": {"balance": "$5"},
    }
    assert seen.headers["authorization"] == f"Bearer {KEY}"
    assert seen.headers["content-type"] == "application/json"
    assert seen.headers["x-request-id"] == "call-1"
    client.check("\ud800 lone")
    assert fake.seen[1].json == {"text": "\ud800 lone"}


def test_without_a_key_none_is_sent(fake):
    fake.script = [ok()]
    with Client(fake.url) as client:
        client.check(DRAFT)
    assert "authorization" not in fake.seen[0].headers


def test_fix_rules_and_rule_ask_for_the_right_thing(fake, client):
    fake.script = [ok({"text": "x"}), ok({"rules": [{"id": "threat/wages"}]}), ok({"id": "threat/wages"})]
    assert client.fix(DRAFT, unsafe=True, stage="final") == {"text": "x"}
    assert client.rules() == [{"id": "threat/wages"}]
    assert client.rule("threat/wages") == {"id": "threat/wages"}
    assert [seen.path for seen in fake.seen] == ["/v1/fix", "/v1/rules", "/v1/rules/threat/wages"]
    assert fake.seen[0].json == {"text": DRAFT, "stage": "final", "unsafe": True}


def test_a_closed_client_says_so(fake, client):
    fake.script = [ok()]
    client.check(DRAFT)
    client.close()
    with pytest.raises(UserError, match="closed"):
        client.check(DRAFT)


def test_an_address_below_a_path_is_kept(fake):
    fake.script = [ok()]
    with Client(f"{fake.url}/tone/") as client:
        client.check(DRAFT)
    assert fake.seen[0].path == "/tone/v1/check"


def test_a_compressed_answer_is_read(fake, client):
    fake.script = [Answer(200, gzip.compress(json.dumps(REPORT).encode()), {"Content-Encoding": "gzip"})]
    assert client.check(DRAFT) == REPORT
    assert "gzip" in fake.seen[0].headers["accept-encoding"]


@pytest.mark.parametrize("step", [busy(), busy(status=429), busy(None), Drop, ok()._replace(length=9_999)])
def test_what_may_help_is_tried_again_until_it_does(fake, client, step):
    fake.script = [step, step, ok()]
    assert client.check(DRAFT, request_id="same") == REPORT
    assert [seen.headers["x-request-id"] for seen in fake.seen] == ["same"] * 3
    assert len({seen.body for seen in fake.seen}) == 1


@pytest.mark.parametrize("step", [busy(), busy(status=429), Drop])
def test_the_retries_are_spent_once(fake, step):
    fake.script = [step]
    with Client(fake.url, retries=2) as client, pytest.raises((ApiError, ApiUnreachable)):
        client.check(DRAFT)
    assert len(fake.seen) == 3


@pytest.mark.parametrize("status", [400, 401, 404, 413, 422, 500, 502])
def test_what_will_not_help_is_asked_once(fake, client, status):
    fake.script = [problem(status, "No", "not so", **{"X-Request-ID": "abc"})]
    with pytest.raises(ApiError) as caught:
        client.check(DRAFT)
    err = caught.value
    assert len(fake.seen) == 1
    assert (err.status, err.title, err.detail, err.request_id) == (status, "No", "not so", "abc")
    assert str(err) == f"the service answered {status}: No: not so (request abc)"
    assert str(pickle.loads(pickle.dumps(err))) == str(err)


def test_the_client_waits_as_the_service_says(fake, client, waits):
    fake.script = [busy("7"), busy("0", 429), ok()]
    assert client.check(DRAFT) == REPORT
    assert waits == [7, 0]


def test_a_date_is_waited_for(fake, client, waits):
    fake.script = [busy(formatdate(transport.time.time() + 40, usegmt=True)), ok()]
    assert client.check(DRAFT) == REPORT
    (wait,) = waits
    assert 10 < wait <= 40


def test_without_a_time_each_wait_is_longer(fake, client, waits, monkeypatch):
    monkeypatch.setattr(transport, "FIRST_WAIT", 1.0)
    monkeypatch.setattr(transport.random, "uniform", lambda low, high: high)
    fake.script = [busy(None), busy(None), busy(None), ok()]
    assert client.check(DRAFT) == REPORT
    assert waits == [1, 2, 4]


@pytest.mark.parametrize("wait", ["soon", "-5", "", "9" * 6_000, "Fri, 99 Nov 99999 99:99:99 GMT"])
def test_a_time_that_makes_no_sense_does_no_harm(fake, client, waits, wait):
    fake.script = [busy(wait), ok()]
    assert client.check(DRAFT) == REPORT
    assert all(0 <= one < 1 for one in waits)


def test_a_longer_wait_than_the_cap_is_left_to_the_caller(fake, client, waits):
    fake.script = [busy("3600", 429)]
    with pytest.raises(ApiError) as caught:
        client.check(DRAFT)
    assert (caught.value.status, caught.value.retry_after) == (429, 3600)
    assert (waits, len(fake.seen)) == ([], 1)


def test_a_service_that_does_not_run_is_named(fake, client):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    with Client(address) as lost, pytest.raises(ApiUnreachable, match=r"127.0.0.1:\d+ cannot be reached"):
        lost.check(DRAFT)
    with Client(address) as lost:
        assert lost.ready() is False
    fake.script = [ok()]
    assert client.check(DRAFT) == REPORT


def test_no_answer_in_time_is_not_asked_for_again(fake):
    fake.script = [Hang]
    with Client(fake.url, timeout=0.2) as client:
        with pytest.raises(ApiUnreachable, match=r"no answer in 0\.2 s"):
            client.check(DRAFT)
        assert len(fake.seen) == 1
        assert client.ready() is False


@pytest.mark.parametrize("path", ["check", "batch"])
def test_an_answer_that_only_trickles_has_an_end(fake, client, monkeypatch, path):
    class Clock:
        time, sleep = transport.time.time, transport.time.sleep
        ticks = itertools.count(step=7)

        @classmethod
        def monotonic(cls) -> float:
            return next(cls.ticks)

    monkeypatch.setattr(transport, "time", Clock)
    monkeypatch.setattr(transport, "_CHUNK", 1)
    fake.script = [ok()]
    with pytest.raises(ApiUnreachable, match="no answer in 10 s"):
        client.check(DRAFT) if path == "check" else list(client.batch(drafts(1)))
    assert len(fake.seen) == 1


MALFORMED = {
    "a page": Answer(200, b"<html>Welcome</html>", {"Content-Type": "text/html"}),
    "nothing": Answer(200, b""),
    "not UTF-8": Answer(200, b'{"a": "\xff"}'),
    "cut off": Answer(200, b'{"verdict": "send"'),
    "too deep": Answer(200, b"[" * 200_000),
    "a huge number": Answer(200, b"9" * 10_000),
    "another type": Answer(200, b'["send"]'),
    "null": Answer(200, b"null"),
}


@pytest.mark.parametrize("answer", MALFORMED.values(), ids=MALFORMED)
@pytest.mark.parametrize("call", ["check", "fix", "batch", "rules", "rule"])
def test_a_malformed_answer_is_one_clear_error(fake, call, answer):
    fake.script = [answer]
    calls: dict[str, Callable[[Client], Any]] = {
        "check": lambda client: client.check(DRAFT),
        "fix": lambda client: client.fix(DRAFT),
        "batch": lambda client: list(client.batch(drafts(1))),
        "rules": lambda client: client.rules(),
        "rule": lambda client: client.rule("a/b"),
    }
    with Client(fake.url, retries=1) as client, pytest.raises((ApiError, ApiUnreachable)) as caught:
        calls[call](client)
    if isinstance(caught.value, ApiError):
        assert (caught.value.status, caught.value.title) == (200, "Unexpected answer")
    else:
        # An empty batch is taken for one that broke off.
        assert (call, answer.body) == ("batch", b"")


@pytest.mark.parametrize("rules", [{"rules": ["threat/wages"]}, {"rules": None}, {}])
def test_a_list_of_rules_holds_rules(fake, client, rules):
    fake.script = [ok(rules)]
    with pytest.raises(ApiError, match="no list of rules"):
        client.rules()


@pytest.mark.parametrize("path", ["check", "batch"])
def test_a_huge_answer_is_not_read_to_its_end(fake, client, monkeypatch, path):
    monkeypatch.setattr(transport, "LONGEST_ANSWER", 200_000)
    for answer in (
        Answer(200, b'"' + b"a" * 3_000_000),
        Answer(200, gzip.compress(b"a" * 50_000_000), {"Content-Encoding": "gzip"}),
    ):
        fake.script = [answer]
        with pytest.raises(ApiError, match="more than 200,000 bytes"):
            client.check(DRAFT) if path == "check" else list(client.batch(drafts(1)))


def test_a_broken_compression_is_one_clear_error(fake, client):
    fake.script = [Answer(200, b"no gzip at all", {"Content-Encoding": "gzip"})]
    with pytest.raises(ApiUnreachable, match="cannot be understood"):
        client.check(DRAFT)


def test_a_redirect_is_not_followed(fake, client):
    fake.script = [Answer(307, b"", {"Location": f"{fake.url}/elsewhere"})]
    with pytest.raises(ApiError, match="another address") as caught:
        client.check(DRAFT)
    assert (caught.value.status, len(fake.seen)) == (307, 1)


PROBLEMS = {
    "no object": (b"[1]", ""),
    "no JSON": (b"{", ""),
    "wrong types": (b'{"title": 5, "detail": {"a": 1}}', ""),
    "control characters": (b'{"title": "A\\u001b[31m\\nB", "detail": "c\\u0000d"}', "A [31m B: c d"),
    "endless": (
        json.dumps({"title": "T" * 9_999, "detail": "d" * 9_999}).encode(),
        f"{'T' * 100}: {'d' * 500}",
    ),
}


@pytest.mark.parametrize(("body", "told"), PROBLEMS.values(), ids=PROBLEMS)
def test_a_strange_problem_is_told_in_one_short_line(fake, client, body, told):
    fake.script = [Answer(422, body, {"Content-Type": "application/problem+json; charset=utf-8"})]
    with pytest.raises(ApiError) as caught:
        client.check(DRAFT)
    assert str(caught.value) == f"the service answered 422: {told or 'HTTP 422'}"


def test_an_error_that_is_no_problem_says_its_status_alone(fake, client):
    fake.script = [Answer(502, b"<html>nginx</html>", {"Content-Type": "text/html"})]
    with pytest.raises(ApiError) as caught:
        client.check(DRAFT)
    assert str(caught.value) == "the service answered 502: HTTP 502"


ECHOES = {
    "the draft": f"cannot read {DRAFT}",
    "a part of it": "near 'Wilhelmina Quartermaine'",
    "the key": f"the key {KEY} is unknown",
    "the context": "context.reference: 'ZX-90417-K-2' is not known",
}


def told_by(err: BaseException) -> str:
    return "".join([str(err), repr(err), repr(vars(err)), *traceback.format_exception(err)])


@pytest.mark.parametrize("echo", ECHOES.values(), ids=ECHOES)
@pytest.mark.parametrize("call", ["check", "batch"])
def test_no_error_repeats_the_draft_or_the_key(fake, client, caplog, echo, call):
    caplog.set_level(logging.DEBUG)
    given = {"text": DRAFT, "context": {"reference": "ZX-90417-K-2"}}
    answers = [
        problem(422, echo, echo),
        Answer(200, echo.encode()),
        Answer(200, json.dumps([echo]).encode()),
        Answer(500, echo.encode()),
        Answer(200, echo.encode(), {"Content-Encoding": "gzip"}),
    ]
    for answer in answers:
        fake.script = [answer]
        with pytest.raises(TonecheckError) as caught:
            client.check(**given) if call == "check" else list(client.batch([{"id": "A", **given}]))
        told = told_by(caught.value) + caplog.text + repr(client)
        assert [
            part for part in (DRAFT, "Wilhelmina", "7,431.09", "ZX-90417-K", KEY, KEY[4:20]) if part in told
        ] == []


def test_a_plain_detail_is_told_though_it_shares_words_with_the_request(fake, client):
    detail = "sender: it has to be 'first_party' or 'third_party'"
    fake.script = [problem(422, "Invalid field", detail)]
    with pytest.raises(ApiError) as caught:
        client.check("Hello", sender="third_party", flags=["first_party"])
    assert caught.value.detail == detail


@pytest.mark.parametrize(
    "arguments",
    [
        {"base_url": "127.0.0.1:8000"},
        {"base_url": "ftp://example.com"},
        {"base_url": "http://"},
        {"base_url": "http://example.com:99999"},
        {"base_url": "http://[::1"},
        {"base_url": f"http://me:{KEY}@example.com"},
        {"base_url": f"http://example.com/?key={KEY}"},
        {"base_url": "http://example.com/\r\nHost: x"},
        {"key": f"{KEY}\r\nX-Evil: 1"},
        {"key": ""},
        {"timeout": 0},
        {"retries": -1},
    ],
)
def test_arguments_that_cannot_be_used_are_refused_without_quoting_them(arguments):
    with pytest.raises(UserError, match=next(iter(arguments))) as caught:
        Client(**arguments)
    assert KEY not in told_by(caught.value).replace(repr(arguments), "")


@pytest.mark.parametrize("id", ["", "../check", "threat/../../metrics", "a?b", "a#b", "/a", "a/", "a\nb"])
def test_what_is_no_id_of_a_rule_is_not_asked_for(fake, client, id):
    with pytest.raises(UserError, match="threat/wages"):
        client.rule(id)
    assert fake.seen == []


def test_ready_is_what_the_service_says(fake, client):
    fake.script = [ok({}), busy(), Answer(404)]
    assert [client.ready(), client.ready(), client.ready()] == [True, False, False]
    assert [seen.path for seen in fake.seen] == ["/readyz"] * 3


def test_a_batch_keeps_its_order_over_many_portions(fake, client):
    fake.script = [judged]
    count = 2 * PORTION + 5
    answers = list(client.batch(drafts(count)))
    assert [answer["id"] for answer in answers] == list(range(count))
    assert [len(seen.records) for seen in fake.seen] == [PORTION, PORTION, 5]
    assert {(seen.path, seen.headers["content-type"]) for seen in fake.seen} == {
        ("/v1/batch", "application/x-ndjson")
    }


def test_a_batch_takes_records_only_as_answers_are_taken(fake, client):
    fake.script = [judged]
    taken = itertools.count()
    endless = ({"id": number, "text": DRAFT} for number in taken)
    assert [answer["id"] for answer in itertools.islice(client.batch(endless), 3)] == [0, 1, 2]
    assert next(taken) <= PORTION + 2


def test_a_portion_of_long_drafts_is_small(fake, client, monkeypatch):
    monkeypatch.setattr(calls, "PORTION_BYTES", 2 * len(DRAFT) + 10)
    fake.script = [judged]
    assert len(list(client.batch(drafts(5)))) == 5
    assert [len(seen.records) for seen in fake.seen] == [2, 2, 1]


def test_of_a_batch_that_breaks_off_only_the_rest_is_sent_again(fake, client):
    def half(seen: Seen) -> Answer:
        whole = judged(seen).body
        return Answer(200, whole[: len(whole) * 2 // 3], length=len(whole))

    fake.script = [half, busy(), half, judged]
    assert [answer["id"] for answer in client.batch(drafts(9))] == list(range(9))
    first, refused, again, last = ([record["id"] for record in seen.records] for seen in fake.seen)
    assert first == list(range(9))
    # Whole lines of two thirds of nine came, then none, then those of two thirds of the rest.
    assert 0 < refused[0] < 9
    assert again == refused == list(range(refused[0], 9))
    assert last == list(range(last[0], 9))
    assert last[0] > again[0]


def test_an_error_in_a_batch_stands_in_its_place(fake, client):
    error = {"title": "Invalid field", "detail": "line 1: text: give the draft as a text"}
    fake.script = [Answer(200, json.dumps({"id": None, "error": error}).encode())]
    assert list(client.batch([{"text": 5}])) == [{"id": None, "error": error}]


@pytest.mark.parametrize(
    "lines",
    [[{"id": 1, "report": {}}, {"id": 0, "report": {}}], [{"report": {}}], [{"id": i} for i in range(3)]],
)
def test_a_batch_whose_lines_do_not_fit_the_records_is_refused(fake, client, lines):
    fake.script = [Answer(200, "\n".join(map(json.dumps, lines)).encode())]
    with pytest.raises(ApiError, match="Unexpected answer"):
        list(client.batch(drafts(2)))
    assert len(fake.seen) == 1


def test_a_record_that_is_no_json_is_refused_without_quoting_it(fake, client):
    with pytest.raises(UserError) as caught:
        list(client.batch([{"id": 1, "text": DRAFT, "other": {DRAFT}}]))
    assert "Wilhelmina" not in told_by(caught.value)
    assert fake.seen == []


def test_threads_share_a_client(fake, client):
    fake.script = [judged]
    results: list[list[int]] = []

    def work() -> None:
        results.append([answer["id"] for answer in client.batch(drafts(40))])

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [list(range(40))] * 6


def test_the_client_loads_nothing_else_of_tonecheck():
    code = "import sys, tonecheck.client; print(*sorted(name for name in sys.modules if name.startswith('tonecheck')), 'spacy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    *loaded, spacy = done.stdout.split()
    assert spacy == "False"
    assert [name for name in loaded if not name.startswith("tonecheck.client")] == [
        "tonecheck",
        "tonecheck.errors",
    ]


def test_without_urllib3_the_extra_is_named():
    code = "import sys; sys.modules['urllib3'] = None; import tonecheck.client"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 1
    assert "pip install 'tonecheck[client]'" in done.stderr
