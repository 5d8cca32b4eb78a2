"""Worker processes for ``tonecheck batch --jobs``."""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from typing import TYPE_CHECKING, Any

from tonecheck.config import Config

if TYPE_CHECKING:
    from tonecheck.engine import Checker

_checker: Checker | None = None


def in_order(
    portions: Iterator[list[Any]], config: Config, jobs: int, *, waiting: int
) -> Iterator[list[Any]]:
    """The answers to portions of lines, in their order. No more than ``waiting`` portions a worker are in memory."""
    # "spawn", since a forked copy of a process with threads can hang.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, context, initializer=_start, initargs=(config,)) as pool:
        pending: deque[Future[list[Any]]] = deque()
        try:
            for portion in portions:
                pending.append(pool.submit(_work, portion))
                if len(pending) >= jobs * waiting:
                    yield pending.popleft().result()
            while pending:
                yield pending.popleft().result()
        finally:
            for future in pending:
                future.cancel()


def _start(config: Config) -> None:
    """Load rules and language once in each worker. An interrupt is the parent's to handle."""
    from tonecheck.engine import Checker

    global _checker
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _checker = Checker(config)


def _work(portion: list[Any]) -> list[Any]:
    from tonecheck.records import answer

    assert _checker is not None
    return [answer(line, _checker) for line in portion]
