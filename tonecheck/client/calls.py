"""The calls of the service's API: what is sent for each, and what has to come back."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypedDict, Unpack
from urllib.parse import quote

from tonecheck.client.answers import Answer, Sent, texts
from tonecheck.client.errors import ApiError, ApiUnreachable, Dropped
from tonecheck.client.transport import JSON, NDJSON, Transport
from tonecheck.errors import UserError

# So many records, or bytes of them, go to the service at once.
PORTION = 32
PORTION_BYTES = 1_000_000


class About(TypedDict, total=False):
    """What ``check`` and ``fix`` take beside the draft. What is left out or ``None`` is as the service has it by default.

    ``format``: how to read the draft, such as "html" or "eml". ``context``: what is known about the account, such as
    ``{"balance": "$120.00"}``.
    """

    channel: str | None
    stage: str | None
    jurisdiction: str | None
    sender: str | None
    audience: str | None
    flags: Iterable[str]
    format: str | None
    context: Mapping[str, Any] | None


class Client:
    """Calls the service at ``base_url``. Any number of threads may use one client; close it, or use it in ``with``.

    ``key`` is the API key, if the service asks for one. ``timeout`` is in seconds: for the connection, for the answer
    to begin, and then for all of it (in ``batch``, for each line). A call is repeated up to ``retries`` times where the connection
    fails, where the service is busy (503) or where the key has called too often (429). Between two attempts the client
    waits as the service says (``Retry-After``); if that is more than ``LONGEST_WAIT`` seconds, ``ApiError`` is raised
    at once. An answer that does not come in time is not asked for again: the service bounds its own time.

    No redirect is followed, and no proxy of the environment is used: a draft goes to the address given, or nowhere.
    Raises ``UserError`` for arguments that cannot be used.
    """

    def __init__(
        self,
        base_url: str = "http://127.0.0.1:8000",
        *,
        key: str | None = None,
        timeout: float = 30.0,
        retries: int = 3,
    ) -> None:
        self._transport = Transport(base_url, key=key, timeout=timeout, retries=retries)

    @property
    def base_url(self) -> str:
        return self._transport.base_url

    @property
    def timeout(self) -> float:
        return self._transport.timeout

    @property
    def retries(self) -> int:
        return self._transport.retries

    def __repr__(self) -> str:
        return f"Client({self.base_url!r})"

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections. A call afterwards raises ``UserError``."""
        self._transport.close()

    def check(self, text: str, *, request_id: str | None = None, **about: Unpack[About]) -> dict[str, Any]:
        """The report on a draft. Its offsets are code points of ``text``.

        ``about``: channel, stage, jurisdiction, sender, audience, flags, format and context, see ``About``.
        ``request_id``: a name for the call in the log of the service. Raises ``ApiError`` and ``ApiUnreachable``, as all
        methods do.
        """
        return self._post("/v1/check", _record("check", text, about), request_id).object()

    def fix(
        self, text: str, *, unsafe: bool = False, request_id: str | None = None, **about: Unpack[About]
    ) -> dict[str, Any]:
        """The draft with its safe suggestions applied, or all of them with ``unsafe``: ``{"text", "before", "after", "applied"}``.

        ``before`` and ``after`` are reports. The other arguments are those of ``check``.
        """
        record = {**_record("fix", text, about), "unsafe": unsafe}
        return self._post("/v1/fix", record, request_id).object()

    def batch(
        self, records: Iterable[Mapping[str, Any]], *, request_id: str | None = None
    ) -> Iterator[dict[str, Any]]:
        """Check many drafts: for each record ``{"id", "text", …}`` one of ``{"id", "report"}`` or ``{"id", "error"}``, in the same order.

        Records are taken and answers are given as they come, in constant memory: ``records`` may go on for ever.
        They are sent in portions; where one fails midway, only those that have no answer yet are sent again.
        """
        # Not in the generator: a mistake in the arguments is told when the call is made, not at its first answer.
        headers = self._transport.headers(request_id, NDJSON)
        return itertools.chain.from_iterable(
            self._portion_answers(portion, headers) for portion in _portions(records)
        )

    def rules(self, *, request_id: str | None = None) -> list[dict[str, Any]]:
        """All rules: id, category, severity, message, why, …"""
        answer = self._get("/v1/rules", request_id)
        rules = answer.object().get("rules")
        if isinstance(rules, list) and all(isinstance(rule, dict) for rule in rules):
            return rules
        raise answer.unexpected("it is no list of rules")

    def rule(self, id: str, *, request_id: str | None = None) -> dict[str, Any]:
        """One rule by its id, such as ``threat/wages``. ``ApiError`` with the status 404 says that there is none."""
        # Dots between slashes would lead to another address.
        if not re.fullmatch(r"\w[\w.-]*(/\w[\w.-]*)*", id):
            raise UserError("id: give the id of a rule, such as threat/wages")
        return self._get(f"/v1/rules/{quote(id)}", request_id).object()

    def ready(self) -> bool:
        """Whether the service can be reached and has loaded its rules and its model. It is asked once."""
        try:
            with self._transport.asked("GET", "/readyz", None, self._transport.headers()) as response:
                return response.status == 200
        except ApiUnreachable:
            return False

    def _get(self, path: str, request_id: str | None) -> Answer:
        headers = self._transport.headers(request_id)
        return self._answer("GET", path, None, headers, Sent(self._transport.key))

    def _post(self, path: str, record: Mapping[str, Any], request_id: str | None) -> Answer:
        body, headers = _encoded(record), self._transport.headers(request_id, JSON)
        return self._answer("POST", path, body, headers, Sent(self._transport.key, record))

    def _answer(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str], sent: Sent
    ) -> Answer:
        """The JSON of an answer, asked for until it comes or the retries are spent."""
        for attempt in itertools.count():
            try:
                with self._transport.asked(method, path, body, headers) as response:
                    response.refuse_errors(sent)
                    answer = response.whole()
                break
            except (Dropped, ApiError) as err:
                self._transport.wait_or_raise(err, attempt)
        return answer

    def _portion_answers(
        self, portion: list[Mapping[str, Any]], headers: Mapping[str, str]
    ) -> Iterator[dict[str, Any]]:
        """The answers to some records."""
        lines = [_encoded(record) + b"\n" for record in portion]
        sent = Sent(self._transport.key, *portion)
        done = attempt = 0
        while done < len(portion):
            try:
                body = b"".join(lines[done:])
                with self._transport.asked("POST", "/v1/batch", body, headers) as response:
                    response.refuse_errors(sent)
                    for answer in response.lines():
                        if done == len(portion):
                            raise answer.unexpected("it has more lines than records were sent")
                        yield _line(answer, portion[done])
                        done += 1
                        # What has come on keeps its right to all the retries.
                        attempt = 0
                if done < len(portion):
                    raise Dropped(f"{self.base_url} ended its answer before the last record; try again")
            except (Dropped, ApiError) as err:
                self._transport.wait_or_raise(err, attempt)
                attempt += 1


def _record(call: str, text: str, about: About) -> dict[str, Any]:
    """What is sent about a draft. Raises ``TypeError`` as Python does for an argument that there is not."""
    for name in about:
        if name not in About.__annotations__:
            raise TypeError(f"Client.{call}() got an unexpected keyword argument {name!r}")
    given: dict[str, Any] = {**about, "flags": list(about.get("flags", ())) or None}
    told = {name: given.get(name) for name in About.__annotations__}
    return {"text": text, **{name: value for name, value in told.items() if value is not None}}


def _encoded(record: Mapping[str, Any]) -> bytes:
    try:
        # Escapes keep a lone surrogate from breaking the encoding.
        return json.dumps(dict(record)).encode("ascii")
    except (TypeError, ValueError, RecursionError):
        pass
    # Outside of the handler: the error above may know the record.
    raise UserError("the record cannot be written as JSON: give texts, numbers, lists and dicts")


def _line(answer: Answer, record: Mapping[str, Any]) -> dict[str, Any]:
    """A line of a batch. Raises ``ApiError`` where it belongs to another record."""
    value = answer.object()
    # A record without a usable id is answered with an error and null.
    if "id" not in value or (value["id"] is not None and value["id"] != record.get("id")):
        raise answer.unexpected("its lines are not those of the records sent")
    return value


def _portions(records: Iterable[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    portion: list[Mapping[str, Any]] = []
    size = 0
    for record in records:
        length = sum(map(len, texts(record)))
        if portion and (len(portion) == PORTION or size + length > PORTION_BYTES):
            yield portion
            portion, size = [], 0
        portion.append(record)
        size += length
    if portion:
        yield portion
