"""``tonecheck batch``: JSON Lines in, JSON Lines out, in the same order and in constant memory."""

from __future__ import annotations

import collections
import itertools
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

import click

from tonecheck.cli import options, session
from tonecheck.errors import BrokenRule, ProfileError, UserError
from tonecheck.profile import VALUES, Profile, parse_flags

if TYPE_CHECKING:
    from tonecheck.config import Config
    from tonecheck.engine import Checker
    from tonecheck.rulepack import Rule

# A record's text may be escaped, six bytes for a character.
_LONGEST_LINE = 64_000_000
_CHUNK = 1 << 20
_LONGEST_NAME = 40
# How many records a worker process gets at once, and how many such portions wait for each worker.
_PORTION = 8
_WAITING = 4


@click.command(epilog="Example: tonecheck batch drafts.jsonl -o reports.jsonl --fail-on block")
@click.argument("source", metavar="IN", type=click.Path())
@options.add(
    click.option(
        "-o", "--output", "target", metavar="OUT", required=True, help="Where to write; - is standard output."
    ),
    *options.PROFILE,
    options.FLAG,
    options.FAIL_ON,
    *options.CONFIG,
    *options.RULES,
    options.PIPELINE,
    options.MODEL,
    click.option(
        "--jobs", "-j", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes that check."
    ),
)
def batch(source: str, target: str, jobs: int, **given: Any) -> int:
    """Check the drafts in IN, JSON Lines with the keys id, text and, if wanted, channel, stage, jurisdiction, sender,
    audience and flags; - is standard input.

    Each line gives a line in OUT with the same id and its report, or the error that kept it from being checked. The
    profile options hold for records that do not say otherwise.
    """
    loaded = session.settings(given)
    rules = session.load_rules(loaded)
    config = loaded.config
    counts: collections.Counter[str] = collections.Counter()
    with (
        _source(source) as (lines, size),
        session.output(target) as out,
        session.progress(size, "Checking") as step,
    ):
        for answer in _answers(_lines(lines), config, rules, jobs):
            out.write(answer.line)
            counts[answer.verdict] += 1
            step(answer.bytes_read)
    click.echo(_summary(counts), err=True)
    return int(
        any(
            counts[verdict] and session.fails(verdict, config.fail_on)
            for verdict in ("send", "revise", "block")
        )
    )


class _Line(NamedTuple):
    """A line of IN: its number from 1 and its bytes, or ``None`` for one that is too long."""

    number: int
    content: bytes | None
    bytes_read: int


class _Answer(NamedTuple):
    """A line of OUT, the verdict in it (or "error"), and how many bytes of IN it stands for."""

    line: bytes
    verdict: str
    bytes_read: int


class _Source:
    """IN as a stream of bytes and its size, if that is known."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __enter__(self) -> tuple[IO[bytes], int | None]:
        if self.path == "-":
            self.stream: IO[bytes] = sys.stdin.buffer
            return self.stream, None
        try:
            self.stream = Path(self.path).open("rb")
            return self.stream, Path(self.path).stat().st_size
        except OSError as err:
            raise UserError(f"{self.path}: cannot be read: {err.strerror}") from err

    def __exit__(self, *_: object) -> None:
        if self.path != "-":
            self.stream.close()


def _source(path: str) -> _Source:
    return _Source(path)


def _lines(stream: IO[bytes]) -> Iterator[_Line]:
    """The lines that are not blank. Of a line that is too long no more than a part is held in memory."""
    number = 0
    while content := stream.readline(_LONGEST_LINE):
        number += 1
        read = len(content)
        if read == _LONGEST_LINE and not content.endswith(b"\n"):
            while rest := stream.readline(_CHUNK):
                read += len(rest)
                if rest.endswith(b"\n"):
                    break
            yield _Line(number, None, read)
        elif content.strip():
            yield _Line(number, content, read)


def _answers(lines: Iterator[_Line], config: Config, rules: Iterable[Rule], jobs: int) -> Iterator[_Answer]:
    if jobs == 1:
        checker = session.open_checker(config, rules)
        for line in lines:
            yield _answer(line, checker)
        return
    from tonecheck.cli.workers import in_order

    portions = iter(lambda: list(itertools.islice(lines, _PORTION)), [])
    for answers in in_order(portions, config, jobs, waiting=_WAITING):
        yield from answers


def _answer(line: _Line, checker: Checker) -> _Answer:
    """What OUT says of a line. An error names the line and never quotes the draft."""
    record_id: Any = None
    try:
        record = _record(line)
        record_id = _id(record)
        report = checker.check(_text(record), _profile(record, checker.config.profile))
    except _Refused as err:
        return _refused(line, record_id, err.title, str(err))
    except ProfileError as err:
        return _refused(line, record_id, "Invalid field", str(err))
    except UserError as err:
        return _refused(line, record_id, "Unreadable draft", str(err))
    except BrokenRule as err:
        return _refused(line, record_id, "Broken rule", f"the rule {err.rule} failed")
    except Exception as err:
        # One record must not cost the answers of all the others; the error stands in its place.
        return _refused(
            line, record_id, "Internal error", f"{type(err).__name__} inside tonecheck; please report it"
        )
    return _Answer(_encoded({"id": record_id, "report": report.to_dict()}), report.verdict, line.bytes_read)


class _Refused(Exception):
    """A record that cannot be checked, with a title for its kind of error."""

    def __init__(self, title: str, detail: str) -> None:
        super().__init__(detail)
        self.title = title


def _record(line: _Line) -> Mapping[str, Any]:
    if line.content is None:
        raise _Refused("Line too long", f"the line has more than {_LONGEST_LINE:,} bytes")
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


def _refused(line: _Line, record_id: Any, title: str, detail: str) -> _Answer:
    error = {"title": title, "detail": f"line {line.number}: {detail}"}
    return _Answer(_encoded({"id": record_id, "error": error}), "error", line.bytes_read)


def _encoded(row: Mapping[str, Any]) -> bytes:
    from tonecheck.render.json import dumps

    return dumps(row).encode("utf-8") + b"\n"


def _summary(counts: Mapping[str, int]) -> str:
    told = [f"{counts[name]} {name}" for name in ("send", "revise", "block", "error") if counts[name]]
    total = sum(counts.values())
    return f"{total} record{'' if total == 1 else 's'}" + (f": {', '.join(told)}" if told else "")
