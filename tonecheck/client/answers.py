"""Answers of success, and what the service's words must not repeat."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from tonecheck.client.errors import ApiError

# A text of the service's that repeats as many characters of what was sent is not shown.
_REPEATED = 16


class Answer:
    """An answer of success: its JSON, status, and the id of the request."""

    def __init__(self, content: bytes, status: int, request_id: str | None) -> None:
        self.value = parsed(content)
        self._status = status
        self._request_id = request_id

    def object(self) -> dict[str, Any]:
        """Raises ``ApiError`` for another type."""
        if not isinstance(self.value, dict):
            raise self.unexpected("it is no JSON object")
        return self.value

    def unexpected(self, what: str) -> ApiError:
        if isinstance(self.value, _Broken):
            what = "it is not JSON"
        return ApiError(
            self._status,
            "Unexpected answer",
            f"{what}; see whether the address is that of a tonecheck service of this version",
            self._request_id,
        )


class _Broken:
    """Stands for what is not JSON."""


def parsed(content: bytes) -> Any:
    """The JSON, or ``_Broken``. The error would hold the answer, and with it the draft; it goes no further."""
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return _Broken()


class Sent:
    """What a message must not repeat: the key, and what records say of persons."""

    def __init__(self, key: str, *records: Mapping[str, Any]) -> None:
        said = (text for record in records for text in _private(record))
        self._secrets = [text for text in (key, *said) if text.strip()]

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


def texts(record: Any) -> Iterator[str]:
    """The texts of a record, at any depth."""
    if isinstance(record, str):
        yield record
    elif isinstance(record, Mapping):
        for value in record.values():
            yield from texts(value)
    elif isinstance(record, list | tuple):
        for value in record:
            yield from texts(value)


def _private(record: Mapping[str, Any]) -> Iterator[str]:
    """What a record says of a person; the names of a profile's values may well be in a message."""
    for name in ("id", "text", "context"):
        yield from texts(record.get(name))
