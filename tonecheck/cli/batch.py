"""``tonecheck batch``: JSON Lines in, JSON Lines out, in the same order and in constant memory."""

from __future__ import annotations

import collections
import itertools
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from tonecheck.cli import options, session
from tonecheck.errors import UserError
from tonecheck.records import Answer, Line, answer, read_lines

if TYPE_CHECKING:
    from tonecheck.config import Config
    from tonecheck.rulepack import Rule

# How many records a worker process gets at once, and how many such portions wait for each worker.
_PORTION = 8
_WAITING = 4


@click.command(epilog="Example: tonecheck batch drafts.jsonl -o reports.jsonl --fail-on block")
@click.argument("source", metavar="IN", type=click.Path())
@options.add(
    click.option(
        "-o", "--output", "target", metavar="OUT", required=True, help="Where to write; - is standard output."
    ),
    *options.MESSAGE,
    options.FAIL_ON,
    *options.JUDGING,
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
        for answer in _answers(read_lines(lines), config, rules, jobs):
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


def _answers(lines: Iterator[Line], config: Config, rules: Iterable[Rule], jobs: int) -> Iterator[Answer]:
    if jobs == 1:
        checker = session.open_checker(config, rules)
        for line in lines:
            yield answer(line, checker)
        return
    from tonecheck.cli.workers import in_order

    portions = iter(lambda: list(itertools.islice(lines, _PORTION)), [])
    for answers in in_order(portions, config, jobs, waiting=_WAITING):
        yield from answers


def _summary(counts: Mapping[str, int]) -> str:
    told = [f"{counts[name]} {name}" for name in ("send", "revise", "block", "error") if counts[name]]
    total = sum(counts.values())
    return f"{total} record{'' if total == 1 else 's'}" + (f": {', '.join(told)}" if told else "")
