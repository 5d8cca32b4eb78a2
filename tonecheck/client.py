"""A client of the service: ``Client("http://127.0.0.1:8000").check("Dear Sam, …")`` gives the report.

It needs the extra ``client`` (urllib3) and loads nothing else of tonecheck. Nothing that it raises, and no ``repr``,
holds a draft or the key.
"""

from __future__ import annotations

import itertools
import json
import random
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote, urlsplit

from tonecheck import __version__
from tonecheck.errors import MissingExtra, TonecheckError, UserError

try:
    import urllib3
    from urllib3 import exceptions
except ModuleNotFoundError as err:
    raise MissingExtra("tonecheck.client", "client") from err

# The service asks for more patience than this only when waiting is the caller's decision; in seconds.
LONGEST_WAIT = 60.0
# Before the first retry where the service names no time; it doubles with each. In seconds.
FIRST_WAIT = 0.2
# Bytes of an answer, or of a line of one, after decompression: many times those of the longest report.
LONGEST_ANSWER = 64_000_000
# So many records, or bytes of them, go to the service at once.
PORTION = 32
PORTION_BYTES = 1_000_000

_RETRIED = frozenset({429, 503})
_CHUNK = 1 << 16
_LONGEST_DETAIL = 500
_LONGEST_TITLE = 100
# A text of the service's that repeats as many characters of what was sent is not shown.
_REPEATED = 16
_JSON = "application/json"
_NDJSON = "application/x-ndjson"
_PROBLEM = "application/problem+json"


class ApiError(TonecheckError):
    """The service refused, or answered what it should not.

    ``status`` is that of HTTP, ``title`` and ``detail`` are the service's words, ``request_id`` finds the request in
    its log, and ``retry_after`` are the seconds after which it wants to be asked again; the last two may be ``None``.
    """

    def __init__(
        self,
        status: int,
        title: str,
        detail: str = "",
        request_id: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(status, title, detail, request_id, retry_after)
        self.status = status
        self.title = title
        self.detail = detail
        self.request_id = request_id
        self.retry_after = retry_after

    def __str__(self) -> str:
        told = f"the service answered {self.status}: {self.title}"
        if self.detail:
            told += f": {self.detail}"
        return told + (f" (request {self.request_id})" if self.request_id else "")


class ApiUnreachable(TonecheckError):
    """The service cannot be reached, broke off its answer, or gave none in time. ``str()`` is one sentence with the mend."""


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
        self.base_url = _checked_url(base_url)
        if timeout <= 0 or retries < 0:
            raise UserError("timeout: give seconds above 0; retries: give 0 or more")
        self.timeout = timeout
        self.retries = retries
        self._headers = {
            "Accept": f"{_JSON}, {_NDJSON}, {_PROBLEM}",
            "Accept-Encoding": "gzip",
            "User-Agent": f"tonecheck-client/{__version__}",
        }
        if key is not None:
            self._headers["Authorization"] = f"Bearer {_checked_word(key, 'key')}"
        self._key = key or ""
        # The pool of one host rather than a manager of pools: closing a manager leaves connections to the garbage collector.
        self._pool = urllib3.connection_from_url(
            self.base_url, maxsize=8, timeout=urllib3.Timeout(connect=timeout, read=timeout)
        )
        self._path = urlsplit(self.base_url).path

    def __repr__(self) -> str:
        return f"Client({self.base_url!r})"

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections. A call afterwards raises ``UserError``."""
        self._pool.close()

    def check(
        self,
        text: str,
        *,
        channel: str | None = None,
        stage: str | None = None,
        jurisdiction: str | None = None,
        sender: str | None = None,
        audience: str | None = None,
        flags: Iterable[str] = (),
        format: str | None = None,
        context: Mapping[str, Any] | None = None,
        request_id: str | None = None,
    ) -> dict[str, Any]:
        """The report on a draft. Its offsets are code points of ``text``.

        What is ``None`` is as the service has it by default. ``format``: how to read the draft, such as "html" or
        "eml". ``context``: what is known about the account, such as ``{"balance": "$120.00"}``. ``request_id``: a name
        for the call in the log of the service. Raises ``ApiError`` and ``ApiUnreachable``, as all methods do.
        """
        profile = _profile(channel, stage, jurisdiction, sender, audience, flags)
        record = {"text": text, **profile, **_given(format=format, context=context)}
        return _object(self._post("/v1/check", record, request_id))

    def fix(
        self,
        text: str,
        *,
        unsafe: bool = False,
        channel: str | None = None,
        stage: str | None = None,
        jurisdiction: str | None = None,
        sender: str | None = None,
        audience: str | None = None,
        flags: Iterable[str] = (),
        format: str | None = None,
        context: Mapping[str, Any] | None = None,
        request_id: str | None = None,
    ) -> dict[str, Any]:
        """The draft with its safe suggestions applied, or all of them with ``unsafe``: ``{"text", "before", "after", "applied"}``.

        ``before`` and ``after`` are reports. The other arguments are those of ``check``.
        """
        profile = _profile(channel, stage, jurisdiction, sender, audience, flags)
        record = {"text": text, **profile, **_given(format=format, context=context), "unsafe": unsafe}
        return _object(self._post("/v1/fix", record, request_id))

    def batch(
        self, records: Iterable[Mapping[str, Any]], *, request_id: str | None = None
    ) -> Iterator[dict[str, Any]]:
        """Check many drafts: for each record ``{"id", "text", …}`` one of ``{"id", "report"}`` or ``{"id", "error"}``, in the same order.

        Records are taken and answers are given as they come, in constant memory: ``records`` may go on for ever.
        They are sent in portions; where one fails midway, only those that have no answer yet are sent again.
        """
        # Not in the generator: a mistake in the arguments is told when the call is made, not at its first answer.
        headers = self._headers_of(request_id, _NDJSON)
        return itertools.chain.from_iterable(
            self._portion_answers(portion, headers) for portion in _portions(records)
        )

    def rules(self, *, request_id: str | None = None) -> list[dict[str, Any]]:
        """All rules: id, category, severity, message, why, …"""
        answer = self._get("/v1/rules", request_id)
        rules = _object(answer).get("rules")
        if isinstance(rules, list) and all(isinstance(rule, dict) for rule in rules):
            return rules
        raise answer.unexpected("it is no list of rules")

    def rule(self, id: str, *, request_id: str | None = None) -> dict[str, Any]:
        """One rule by its id, such as ``threat/wages``. ``ApiError`` with the status 404 says that there is none."""
        # Dots between slashes would lead to another address.
        if not re.fullmatch(r"\w[\w.-]*(/\w[\w.-]*)*", id):
            raise UserError("id: give the id of a rule, such as threat/wages")
        return _object(self._get(f"/v1/rules/{quote(id)}", request_id))

    def ready(self) -> bool:
        """Whether the service can be reached and has loaded its rules and its model. It is asked once."""
        try:
            with self._sent("GET", "/readyz", None, self._headers) as response:
                return response.status == 200
        except ApiUnreachable:
            return False

    def _get(self, path: str, request_id: str | None) -> _Answer:
        return self._answer("GET", path, None, self._headers_of(request_id), _Sent(self._key))

    def _post(self, path: str, record: Mapping[str, Any], request_id: str | None) -> _Answer:
        return self._answer(
            "POST",
            path,
            _encoded(record),
            self._headers_of(request_id, _JSON),
            _Sent(self._key, *_private(record)),
        )

    def _headers_of(self, request_id: str | None, content_type: str | None = None) -> dict[str, str]:
        headers = dict(self._headers)
        if request_id is not None:
            headers["X-Request-ID"] = _checked_word(request_id, "request_id")
        if content_type is not None:
            headers["Content-Type"] = content_type
        return headers

    def _answer(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str], sent: _Sent
    ) -> _Answer:
        """The JSON of an answer, asked for until it comes or the retries are spent."""
        for attempt in itertools.count():
            try:
                with self._sent(method, path, body, headers) as response:
                    self._refuse_errors(response, headers, sent)
                    request_id = _request_id(response, headers)
                    content = self._whole(response, request_id)
                break
            except (_Dropped, ApiError) as err:
                self._wait_or_raise(err, attempt)
        return _Answer(_parsed(content), response.status, request_id)

    def _portion_answers(
        self, portion: list[Mapping[str, Any]], headers: Mapping[str, str]
    ) -> Iterator[dict[str, Any]]:
        """The answers to some records."""
        lines = [_encoded(record) + b"\n" for record in portion]
        sent = _Sent(self._key, *(text for record in portion for text in _private(record)))
        done = attempt = 0
        while done < len(portion):
            try:
                with self._sent("POST", "/v1/batch", b"".join(lines[done:]), headers) as response:
                    self._refuse_errors(response, headers, sent)
                    request_id = _request_id(response, headers)
                    for line in self._lines(response, request_id):
                        answer = _Answer(_parsed(line), response.status, request_id)
                        if done == len(portion):
                            raise answer.unexpected("it has more lines than records were sent")
                        yield _line(answer, portion[done])
                        done += 1
                        # What has come on keeps its right to all the retries.
                        attempt = 0
                if done < len(portion):
                    raise _Dropped(f"{self.base_url} ended its answer before the last record; try again")
            except (_Dropped, ApiError) as err:
                self._wait_or_raise(err, attempt)
                attempt += 1

    @contextmanager
    def _sent(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> Iterator[urllib3.BaseHTTPResponse]:
        """An answer whose body has not been read yet. What urllib3 raises, also while it is read, becomes ``ApiUnreachable``."""
        response: urllib3.BaseHTTPResponse | None = None
        try:
            response = self._pool.request(
                method,
                self._path + path,
                body=body,
                headers=headers,
                retries=False,
                redirect=False,
                preload_content=False,
            )
            yield response
        except exceptions.ClosedPoolError:
            raise UserError("the client is closed; make a new one") from None
        except exceptions.HTTPError as err:
            # urllib3's own error adds nothing for whoever reads ours.
            raise self._unreachable(err) from None
        finally:
            if response is not None:
                # The connection is kept if all was read; otherwise it goes.
                response.close()

    def _unreachable(self, err: exceptions.HTTPError) -> ApiUnreachable:
        where = self.base_url
        if isinstance(err, exceptions.SSLError):
            return ApiUnreachable(f"{where}: no safe connection; see its certificate and the address")
        if isinstance(err, exceptions.ReadTimeoutError):
            return self._late()
        if isinstance(err, exceptions.ConnectTimeoutError | exceptions.NewConnectionError):
            return _Dropped(f"{where} cannot be reached; see that the service runs there")
        if isinstance(err, exceptions.ProtocolError):
            return _Dropped(
                f"{where} broke off the connection; try again, and see whether a tonecheck service runs there"
            )
        return ApiUnreachable(f"{where} cannot be understood ({type(err).__name__}); see the address")

    def _late(self) -> ApiUnreachable:
        return ApiUnreachable(
            f"{self.base_url} gave no answer in {self.timeout:g} s; give it more with timeout="
        )

    def _wait_or_raise(self, err: _Dropped | ApiError, attempt: int) -> None:
        """Wait for the next attempt (the first is 0), or raise ``err`` where another would be of no use."""
        wait: float | None = None
        if isinstance(err, ApiError):
            if err.status not in _RETRIED:
                raise err
            wait = err.retry_after
        if wait is None:
            # Spread out, so that many clients of a service that comes back do not call all at once.
            wait = min(FIRST_WAIT * 2 ** min(attempt, 16), LONGEST_WAIT) * random.uniform(0.5, 1)
        if attempt >= self.retries or wait > LONGEST_WAIT:
            raise err
        time.sleep(wait)

    def _refuse_errors(
        self, response: urllib3.BaseHTTPResponse, headers: Mapping[str, str], sent: _Sent
    ) -> None:
        """Raise ``ApiError`` for an answer that is none of success."""
        if 200 <= response.status < 300:
            return
        request_id = _request_id(response, headers)
        wait = _retry_after(response.headers.get("Retry-After"))
        title, detail = f"HTTP {response.status}", ""
        if 300 <= response.status < 400:
            detail = "it refers to another address; give that one as base_url"
        elif response.headers.get("Content-Type", "").partition(";")[0].strip().lower() == _PROBLEM:
            problem = _parsed(self._whole(response, request_id))
            if isinstance(problem, dict):
                title = sent.left_out_of(problem.get("title"), _LONGEST_TITLE) or title
                detail = sent.left_out_of(problem.get("detail"), _LONGEST_DETAIL)
        raise ApiError(response.status, title, detail, request_id, wait)

    def _whole(self, response: urllib3.BaseHTTPResponse, request_id: str | None) -> bytes:
        return b"".join(self._chunks(response, request_id))

    def _chunks(self, response: urllib3.BaseHTTPResponse, request_id: str | None) -> Iterator[bytes]:
        """The body, piece by piece, no longer than ``LONGEST_ANSWER`` and in no more than ``timeout`` seconds."""
        length, end = 0, time.monotonic() + self.timeout
        while chunk := response.read1(_CHUNK):
            length += len(chunk)
            if length > LONGEST_ANSWER:
                raise _too_long(response, request_id)
            # A time-out of the connection alone would let a drop now and then go on for ever.
            if time.monotonic() > end:
                raise self._late()
            yield chunk

    def _lines(self, response: urllib3.BaseHTTPResponse, request_id: str | None) -> Iterator[bytes]:
        """The lines that are not blank, each no longer than ``LONGEST_ANSWER`` and in no more than ``timeout`` seconds."""
        rest = bytearray()
        searched = 0
        end = time.monotonic() + self.timeout
        while chunk := response.read1(_CHUNK):
            rest += chunk
            while (stop := rest.find(b"\n", searched)) >= 0:
                line = bytes(rest[:stop])
                del rest[: stop + 1]
                searched = 0
                if line.strip():
                    yield line
                    # The time that the caller took is not the service's.
                    end = time.monotonic() + self.timeout
            searched = len(rest)
            if searched > LONGEST_ANSWER:
                raise _too_long(response, request_id)
            if time.monotonic() > end:
                raise self._late()
        if rest.strip():
            yield bytes(rest)


class _Dropped(ApiUnreachable):
    """The connection failed: asking again may help."""


class _Broken:
    """Stands for what is not JSON."""


class _Answer:
    """An answer of success: its JSON, status, and the id of the request."""

    def __init__(self, value: Any, status: int, request_id: str | None) -> None:
        self.value = value
        self._status = status
        self._request_id = request_id

    def unexpected(self, what: str) -> ApiError:
        if isinstance(self.value, _Broken):
            what = "it is not JSON"
        return ApiError(
            self._status,
            "Unexpected answer",
            f"{what}; see whether the address is that of a tonecheck service of this version",
            self._request_id,
        )


class _Sent:
    """What a message must not repeat: the key, and the texts of a request."""

    def __init__(self, key: str, *texts: str) -> None:
        self._secrets = [text for text in (key, *texts) if text.strip()]

    def left_out_of(self, told: Any, longest: int) -> str:
        """What the service tells, in one line; nothing where it repeats what was sent."""
        if not isinstance(told, str):
            return ""
        line = " ".join("".join(c if c.isprintable() else " " for c in told[:longest]).split())
        return "" if any(_repeats(line, secret) for secret in self._secrets) else line


def _repeats(line: str, secret: str) -> bool:
    secret = " ".join(secret.split())
    size = min(_REPEATED, len(secret))
    # A secret of a few letters is in every line.
    if size < _REPEATED // 2:
        return False
    return any(line[start : start + size] in secret for start in range(len(line) - size + 1))


def _texts(record: Any) -> Iterator[str]:
    """The texts of a record, at any depth."""
    if isinstance(record, str):
        yield record
    elif isinstance(record, Mapping):
        for value in record.values():
            yield from _texts(value)
    elif isinstance(record, list | tuple):
        for value in record:
            yield from _texts(value)


def _private(record: Mapping[str, Any]) -> Iterator[str]:
    """What a record says of a person; the names of a profile's values may well be in a message."""
    for name in ("id", "text", "context"):
        yield from _texts(record.get(name))


def _object(answer: _Answer) -> dict[str, Any]:
    if not isinstance(answer.value, dict):
        raise answer.unexpected("it is no JSON object")
    return answer.value


def _line(answer: _Answer, record: Mapping[str, Any]) -> dict[str, Any]:
    """A line of a batch. Raises ``ApiError`` where it belongs to another record."""
    value = _object(answer)
    # A record without a usable id is answered with an error and null.
    if "id" not in value or (value["id"] is not None and value["id"] != record.get("id")):
        raise answer.unexpected("its lines are not those of the records sent")
    return value


def _portions(records: Iterable[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    portion: list[Mapping[str, Any]] = []
    size = 0
    for record in records:
        length = sum(map(len, _texts(record)))
        if portion and (len(portion) == PORTION or size + length > PORTION_BYTES):
            yield portion
            portion, size = [], 0
        portion.append(record)
        size += length
    if portion:
        yield portion


def _profile(
    channel: str | None,
    stage: str | None,
    jurisdiction: str | None,
    sender: str | None,
    audience: str | None,
    flags: Iterable[str],
) -> dict[str, Any]:
    return _given(
        channel=channel,
        stage=stage,
        jurisdiction=jurisdiction,
        sender=sender,
        audience=audience,
        flags=list(flags) or None,
    )


def _given(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _encoded(record: Mapping[str, Any]) -> bytes:
    try:
        # Escapes keep a lone surrogate from breaking the encoding.
        return json.dumps(dict(record)).encode("ascii")
    except (TypeError, ValueError, RecursionError):
        pass
    # Outside of the handler: the error above may know the record.
    raise UserError("the record cannot be written as JSON: give texts, numbers, lists and dicts")


def _parsed(content: bytes) -> Any:
    """The JSON, or ``_Broken``. The error would hold the answer, and with it the draft; it goes no further."""
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return _Broken()


def _too_long(response: urllib3.BaseHTTPResponse, request_id: str | None) -> ApiError:
    return ApiError(
        response.status, "Unexpected answer", f"it has more than {LONGEST_ANSWER:,} bytes", request_id
    )


def _request_id(response: urllib3.BaseHTTPResponse, headers: Mapping[str, str]) -> str | None:
    told = response.headers.get("X-Request-ID", "")
    return told if re.fullmatch(r"[\x21-\x7e]{1,128}", told) else headers.get("X-Request-ID")


def _retry_after(header: str | None) -> float | None:
    """Seconds, from a header that gives seconds or a date; ``None`` where it gives neither."""
    if header is None:
        return None
    try:
        return urllib3.Retry(retry_after_max=10**9).parse_retry_after(header)
    except (exceptions.InvalidHeader, ValueError, OverflowError):
        return None


def _checked_url(url: str) -> str:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or parts.query or parts.fragment or not url.isprintable() or " " in url:
        raise UserError("base_url: give the address of the service, such as http://127.0.0.1:8000")
    if parts.username is not None or parts.password is not None:
        raise UserError("base_url: leave name and password out of the address; give the API key as key=")
    return url.rstrip("/")


def _checked_word(value: str, name: str) -> str:
    """``value`` if a header can hold it. It is not quoted: it may be a secret."""
    if not re.fullmatch(r"[\x21-\x7e]{1,200}", value):
        raise UserError(f"{name}: give 1 to 200 ASCII characters without white space")
    return value
