"""One line of JSON Lines in, one line out: what ``tonecheck batch`` and ``/v1/batch`` say of a record.

In: ``id``, ``text`` and, if wanted, profile fields and ``flags``; other keys are ignored. Out: ``{"id", "report"}``, or
``{"id", "error": {"title", "detail"}}`` for a record that cannot be checked. An error names the line and never quotes the draft.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from tonecheck.errors import BrokenRule, ProfileError, UserError
from tonecheck.profile import VALUES, Profile, parse_flags
from tonecheck.render.json import dumps

if TYPE_CHECKING:
    from tonecheck.engine import Checker

# A record's text may be escaped, six bytes for a character.
LONGEST_LINE = 64_000_000
_CHUNK = 1 << 20
_LONGEST_NAME = 40


class Line(NamedTuple):
    """A line of IN: its number from 1 and its bytes, or ``None`` for one that is too long."""

    number: int
    content: bytes | None
    bytes_read: int


class Answer(NamedTuple):
    """A line of OUT, the verdict in it (or "error"), and how many bytes of IN it stands for."""

    line: bytes
    verdict: str
    bytes_read: int


def read_lines(stream: IO[bytes], longest: int | None = None) -> Iterator[Line]:
    """The lines that are not blank. Of one that is longer than ``longest`` bytes no more than a part is held in memory."""
    longest = LONGEST_LINE if longest is None else longest
    number = 0
    while content := stream.readline(longest):
        number += 1
        read = len(content)
        if read == longest and not content.endswith(b"\n"):
            while rest := stream.readline(_CHUNK):
                read += len(rest)
                if rest.endswith(b"\n"):
                    break
            yield Line(number, None, read)
        elif content.strip():
            yield Line(number, content, read)


def answer(line: Line, checker: Checker) -> Answer:
    """What OUT says of a line. An error names the line and never quotes the draft."""
    record_id: Any = None
    try:
        record = _record(line)
        record_id = _id(record)
        report = checker.check(_text(record), _profile(record, checker.config.profile))
    except _Refused as err:
        return refused(line, record_id, err.title, str(err))
    except ProfileError as err:
        return refused(line, record_id, "Invalid field", str(err))
    except UserError as err:
        return refused(line, record_id, "Unreadable draft", str(err))
    except BrokenRule as err:
        return refused(line, record_id, "Broken rule", f"the rule {err.rule} failed")
    except Exception as err:
        # One record must not cost the answers of all the others; the error stands in its place.
        return refused(
            line, record_id, "Internal error", f"{type(err).__name__} inside tonecheck; please report it"
        )
    return Answer(_encoded({"id": record_id, "report": report.to_dict()}), report.verdict, line.bytes_read)


class _Refused(Exception):
    """A record that cannot be checked, with a title for its kind of error."""

    def __init__(self, title: str, detail: str) -> None:
        super().__init__(detail)
        self.title = title


def _record(line: Line) -> Mapping[str, Any]:
    if line.content is None:
        raise _Refused("Line too long", "the line is longer than a record may be")
    try:
        text = line.content.decode("utf-8-sig" if line.number == 1 else "utf-8")
    except UnicodeDecodeError as err:
        raise _Refused("Not UTF-8", f"the byte at position {err.start + 1} is not UTF-8") from err
    try:
        record = json.loads(text)
    except json.JSONDecodeError as err:
        raise _Refused("Not JSON", f"{err.msg.removesuffix(' at')} at column {err.colno}") from err
    except (RecursionError, ValueError) as err:
        raise _Refused("Not JSON", "nested too deeply, or a number with too many digits") from err
    if not isinstance(record, dict):
        raise _Refused("Not a record", "a record is a JSON object with 'id' and 'text'")
    return record


def _id(record: Mapping[str, Any]) -> str | int:
    value = record.get("id")
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise _Refused("Invalid field", "id: give a text or a whole number")
    return value


def _text(record: Mapping[str, Any]) -> str:
    if not isinstance(record.get("text"), str):
        raise _Refused("Invalid field", "text: give the draft as a text")
    return str(record["text"])


def _profile(record: Mapping[str, Any], default: Profile) -> Profile:
    """The profile of a record: its own fields over the defaults. ``null`` stands for the default."""
    values = {name: record.get(name) for name in VALUES}
    for name, value in values.items():
        if value is not None and not _is_name(value):
            raise _Refused("Invalid field", f"{name}: give one of {', '.join(VALUES[name])}")
    flags = record.get("flags")
    if flags is None:
        return default.changed(**values)
    if not isinstance(flags, list) or not all(map(_is_name, flags)):
        raise _Refused("Invalid field", "flags: give a list of the names of flags")
    return default.changed(**values, flags=parse_flags(flags))


def _is_name(value: Any) -> bool:
    """Whether a message about ``value`` may quote it: no more than a word that was mistyped."""
    return isinstance(value, str) and len(value) <= _LONGEST_NAME and not any(map(str.isspace, value))


def refused(line: Line, record_id: Any, title: str, detail: str) -> Answer:
    error = {"title": title, "detail": f"line {line.number}: {detail}"}
    return Answer(_encoded({"id": record_id, "error": error}), "error", line.bytes_read)


def _encoded(row: Mapping[str, Any]) -> bytes:
    return dumps(row).encode("utf-8") + b"\n"
