"""Requests to one address: what they carry, how long they may take and how much may come back, when they are repeated."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import urlsplit

from tonecheck import __version__
from tonecheck.client.answers import Answer, Sent, parsed
from tonecheck.client.errors import ApiError, ApiUnreachable, Dropped
from tonecheck.errors import MissingExtra, UserError

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

JSON = "application/json"
NDJSON = "application/x-ndjson"
_PROBLEM = "application/problem+json"
_RETRIED = frozenset({429, 503})
_CHUNK = 1 << 16
_LONGEST_DETAIL = 500
_LONGEST_TITLE = 100


class Transport:
    """A pool of connections to ``base_url``, for any number of threads; see ``Client``."""

    def __init__(self, base_url: str, *, key: str | None, timeout: float, retries: int) -> None:
        self.base_url = _checked_url(base_url)
        if timeout <= 0 or retries < 0:
            raise UserError("timeout: give seconds above 0; retries: give 0 or more")
        self.timeout = timeout
        self.retries = retries
        self.key = key or ""
        self._headers = {
            "Accept": f"{JSON}, {NDJSON}, {_PROBLEM}",
            "Accept-Encoding": "gzip",
            "User-Agent": f"tonecheck-client/{__version__}",
        }
        if key is not None:
            self._headers["Authorization"] = f"Bearer {_checked_word(key, 'key')}"
        # The pool of one host rather than a manager of pools: closing a manager leaves connections to the garbage collector.
        self._pool = urllib3.connection_from_url(
            self.base_url, maxsize=8, timeout=urllib3.Timeout(connect=timeout, read=timeout)
        )
        self._path = urlsplit(self.base_url).path

    def close(self) -> None:
        self._pool.close()

    def headers(self, request_id: str | None = None, content_type: str | None = None) -> dict[str, str]:
        headers = dict(self._headers)
        if request_id is not None:
            headers["X-Request-ID"] = _checked_word(request_id, "request_id")
        if content_type is not None:
            headers["Content-Type"] = content_type
        return headers

    @contextmanager
    def asked(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> Iterator[Response]:
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
            yield Response(response, headers, self)
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
            return self.late()
        if isinstance(err, exceptions.ConnectTimeoutError | exceptions.NewConnectionError):
            return Dropped(f"{where} cannot be reached; see that the service runs there")
        if isinstance(err, exceptions.ProtocolError):
            return Dropped(
                f"{where} broke off the connection; try again, and see whether a tonecheck service runs there"
            )
        return ApiUnreachable(f"{where} cannot be understood ({type(err).__name__}); see the address")

    def late(self) -> ApiUnreachable:
        return ApiUnreachable(
            f"{self.base_url} gave no answer in {self.timeout:g} s; give it more with timeout="
        )

    def wait_or_raise(self, err: Dropped | ApiError, attempt: int) -> None:
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


class Response:
    """The head of an answer, and its body as it comes."""

    def __init__(
        self, response: urllib3.BaseHTTPResponse, headers: Mapping[str, str], transport: Transport
    ) -> None:
        self.status = response.status
        told = response.headers.get("X-Request-ID", "")
        self._request_id = told if re.fullmatch(r"[\x21-\x7e]{1,128}", told) else headers.get("X-Request-ID")
        self._response = response
        self._transport = transport

    def refuse_errors(self, sent: Sent) -> None:
        """Raise ``ApiError`` for an answer that is none of success."""
        if 200 <= self.status < 300:
            return
        headers = self._response.headers
        wait = _retry_after(headers.get("Retry-After"))
        title, detail = f"HTTP {self.status}", ""
        if 300 <= self.status < 400:
            detail = "it refers to another address; give that one as base_url"
        elif headers.get("Content-Type", "").partition(";")[0].strip().lower() == _PROBLEM:
            problem = parsed(b"".join(self._chunks()))
            if isinstance(problem, dict):
                title = sent.left_out_of(problem.get("title"), _LONGEST_TITLE) or title
                detail = sent.left_out_of(problem.get("detail"), _LONGEST_DETAIL)
        raise ApiError(self.status, title, detail, self._request_id, wait)

    def whole(self) -> Answer:
        """The body as one answer."""
        return self._answer(b"".join(self._chunks()))

    def lines(self) -> Iterator[Answer]:
        """The lines that are not blank, each no longer than ``LONGEST_ANSWER`` and in no more than ``timeout`` seconds."""
        rest = bytearray()
        searched = 0
        end = self._end()
        while chunk := self._response.read1(_CHUNK):
            rest += chunk
            while (stop := rest.find(b"\n", searched)) >= 0:
                line = bytes(rest[:stop])
                del rest[: stop + 1]
                searched = 0
                if line.strip():
                    yield self._answer(line)
                    # The time that the caller took is not the service's.
                    end = self._end()
            searched = len(rest)
            self._bound(searched, end)
        if rest.strip():
            yield self._answer(bytes(rest))

    def _chunks(self) -> Iterator[bytes]:
        """The body, piece by piece, no longer than ``LONGEST_ANSWER`` and in no more than ``timeout`` seconds."""
        length, end = 0, self._end()
        while chunk := self._response.read1(_CHUNK):
            length += len(chunk)
            self._bound(length, end)
            yield chunk

    def _end(self) -> float:
        return time.monotonic() + self._transport.timeout

    def _bound(self, length: int, end: float) -> None:
        """Raise where too much has come, or come too late."""
        if length > LONGEST_ANSWER:
            raise ApiError(
                self.status,
                "Unexpected answer",
                f"it has more than {LONGEST_ANSWER:,} bytes",
                self._request_id,
            )
        # A time-out of the connection alone would let a drop now and then go on for ever.
        if time.monotonic() > end:
            raise self._transport.late()

    def _answer(self, content: bytes) -> Answer:
        return Answer(content, self.status, self._request_id)


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
