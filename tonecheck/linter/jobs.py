"""Worker processes for ``tonecheck templates lint --jobs``."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from tonecheck.linter import cache
from tonecheck.linter.linter import Linter
from tonecheck.linter.options import LintOptions

_linter: Linter | None = None
_PORTION = 4


def in_order(work: Sequence[tuple[Path, bool]], options: LintOptions) -> list[dict[str, Any]]:
    """The rows of templates, in their order."""
    # "spawn", since a forked copy of a process with threads can hang.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        min(options.jobs, len(work)), context, initializer=_start, initargs=(options,)
    ) as pool:
        return list(pool.map(_work, work, chunksize=_PORTION))


def _start(options: LintOptions) -> None:
    """Rules and model are loaded once in each worker. An interrupt is the parent's to handle."""
    global _linter
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _linter = Linter(options)


def _work(one: tuple[Path, bool]) -> dict[str, Any]:
    assert _linter is not None
    return cache.row(_linter, *one)
