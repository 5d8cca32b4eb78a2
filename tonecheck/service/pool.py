"""Worker processes. One that hangs or dies costs the request that it had, and is replaced; the others go on.

The pools of the standard library break as a whole when a worker dies, and cannot end one that takes too long.
"""

from __future__ import annotations

import multiprocessing
import os
import queue
import signal
import sys
import threading
from dataclasses import dataclass
from itertools import islice
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import TYPE_CHECKING, Any

from tonecheck.errors import BrokenRule, DraftError, TonecheckError, UserError
from tonecheck.service.desk import Busy, warm_up
from tonecheck.service.jobs import Job, Record

if TYPE_CHECKING:
    from tonecheck.config import Config
    from tonecheck.service.settings import Settings

# Seconds without a request after which a new worker practises; and patterns that it compiles before it looks up again: some ten milliseconds.
_IDLE = 0.05
_PRACTICE = 20
_NICE = 4
# A process that has just died is seen within as many seconds where nobody waits for its answer.
_LOOK_EVERY = 1.0


@dataclass
class _Worker:
    process: SpawnProcess
    pipe: Connection


class Pool:
    """``settings.workers`` processes, each with a checker of its own and one job at a time."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        # "spawn", since a forked copy of a process with threads can hang.
        self._context = multiprocessing.get_context("spawn")
        self._idle: queue.LifoQueue[_Worker] = queue.LifoQueue()
        self._closed = False
        self._ready = threading.Event()
        for _ in range(settings.workers):
            self._start()

    def _start(self) -> None:
        """A new worker; it joins the others when it has loaded rules and model."""
        ours, theirs = self._context.Pipe()
        process = self._context.Process(
            target=_serve, args=(theirs, self._settings.config), daemon=True, name="tonecheck-worker"
        )
        process.start()
        theirs.close()
        worker = _Worker(process, ours)
        threading.Thread(target=self._join, args=(worker,), daemon=True).start()

    def _join(self, worker: _Worker) -> None:
        try:
            worker.pipe.recv()
        except (EOFError, OSError):
            if not self._closed:
                # It could not even load: trying again at once would only burn the processor.
                threading.Event().wait(_LOOK_EVERY)
                self._start()
            return
        self._ready.set()
        self._idle.put(worker)

    def run(self, job: Job | Record) -> bytes:
        worker = self._take()
        try:
            worker.pipe.send(job)
            if not worker.pipe.poll(self._settings.seconds):
                self._replace(worker)
                raise Busy(
                    f"the check took more than {self._settings.seconds:g} seconds; send a shorter draft", 5
                )
            kind, answer = worker.pipe.recv()
        except (EOFError, OSError) as err:
            self._replace(worker)
            raise Busy("the worker that had this request ended; send the request again") from err
        self._idle.put(worker)
        if kind == "answer":
            assert isinstance(answer, bytes)
            return answer
        raise _error(kind, answer)

    def _take(self) -> _Worker:
        """A worker that lives. Raises ``Busy``."""
        while True:
            try:
                worker = self._idle.get(timeout=self._settings.patience)
            except queue.Empty as err:
                raise Busy("all workers are busy; ask again in a moment") from err
            if worker.process.is_alive():
                return worker
            self._replace(worker)

    def _replace(self, worker: _Worker) -> None:
        worker.process.kill()
        worker.pipe.close()
        if not self._closed:
            self._start()

    def is_ready(self) -> bool:
        return self._ready.is_set()

    def close(self) -> None:
        """End all workers."""
        self._closed = True
        while True:
            try:
                worker = self._idle.get_nowait()
            except queue.Empty:
                return
            worker.process.kill()
            worker.pipe.close()


def _error(kind: str, answer: Any) -> TonecheckError:
    """What went wrong in a worker, as it went wrong there."""
    if kind == "draft":
        return DraftError(answer)
    if kind == "user":
        return UserError(answer)
    if kind == "rule":
        return BrokenRule(*answer)
    return TonecheckError(answer)


def _serve(pipe: Connection, config: Config) -> None:
    """The life of a worker: load, then one job after the other until the other end is closed. An interrupt is the parent's to handle."""
    from tonecheck.engine import Checker

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform != "win32":
        # The process that takes requests and hands out answers goes first: all others wait for it.
        os.nice(_NICE)
    checker = Checker(config)
    warm_up(checker)
    pipe.send("ready")
    practice = checker.practise()
    is_practised = False
    while True:
        # A worker with nothing to do compiles patterns before a caller has to wait for it.
        if not is_practised and not pipe.poll(_IDLE):
            while not is_practised and not pipe.poll():
                is_practised = len(list(islice(practice, _PRACTICE))) < _PRACTICE
        try:
            job = pipe.recv()
        except EOFError:
            return
        pipe.send(_outcome(job, checker))


def _outcome(job: Job | Record, checker: Any) -> tuple[str, Any]:
    try:
        return "answer", job.run(checker)
    except DraftError as err:
        return "draft", str(err)
    except UserError as err:
        return "user", str(err)
    except BrokenRule as err:
        return "rule", (err.rule, "inside a worker")
    except Exception as err:
        # The text of an unforeseen error may quote the draft: its kind has to do.
        return "fault", f"{type(err).__name__} inside tonecheck"
