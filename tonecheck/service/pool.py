"""Worker processes. One that hangs or dies costs the request that it had, and is replaced; the others go on.

The pools of the standard library break as a whole when a worker dies, and cannot end one that takes too long.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import select
import signal
import socket
import sys
import threading
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing.context import SpawnProcess
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

from tonecheck.errors import BrokenRule, DraftError, TonecheckError, UserError
from tonecheck.service.channel import Channel, packed
from tonecheck.service.desk import Busy, warm_up
from tonecheck.service.jobs import Job, Record

if TYPE_CHECKING:
    from tonecheck.config import Config
    from tonecheck.service.settings import Settings

# Objects made and not freed after which the newest are searched for garbage: some forty checks.
_NEW_OBJECTS = 20_000
# Seconds without a request after which a new worker practises; and patterns that it compiles before it looks up again: some ten milliseconds.
_IDLE = 0.05
_PRACTICE = 20
_NICE = 4
# Seconds after which a worker that could not load is started once more: at once it would only burn the processor.
_TRY_AGAIN = 1.0


def _locked() -> threading.Lock:
    lock = threading.Lock()
    lock.acquire()
    return lock


@dataclass(eq=False)
class _Ticket:
    """A job that waits, packed. Whoever has ``claim`` decides: a keeper to have it done, or the caller to wait no longer. ``done`` is free when there is an
    outcome."""

    job: bytes
    claim: threading.Lock = field(default_factory=threading.Lock)
    done: threading.Lock = field(default_factory=_locked)
    answer: bytes = b""
    error: TonecheckError | None = None


@dataclass(frozen=True)
class _Worker:
    process: SpawnProcess
    channel: Channel

    def end(self) -> None:
        self.process.kill()
        self.channel.close()


class Pool:
    """``settings.workers`` processes, each with a checker of its own, one job at a time, and a thread here that keeps it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        # A worker remembers hundreds of megabytes, in no order: in large pages it finds them faster. Only glibc reads this, when a process starts.
        os.environ.setdefault("GLIBC_TUNABLES", "glibc.malloc.hugetlb=1")
        # "spawn", since a forked copy of a process with threads can hang.
        self._context = multiprocessing.get_context("spawn")
        self._waiting: SimpleQueue[_Ticket | None] = SimpleQueue()
        self._workers: dict[int, _Worker] = {}
        self._closed = threading.Event()
        self._ready = threading.Event()
        for number in range(settings.workers):
            self._workers[number] = self._start()
            threading.Thread(target=self._keep, args=(number,), daemon=True, name=f"keeper-{number}").start()

    def _start(self) -> _Worker:
        ours, theirs = socket.socketpair()
        process = self._context.Process(
            target=_serve, args=(theirs, self._settings.config), daemon=True, name="tonecheck-worker"
        )
        process.start()
        theirs.close()
        return _Worker(process, Channel(ours))

    def _keep(self, number: int) -> None:
        """Let a worker do what waits; when it is gone, start another one."""
        while not self._closed.is_set():
            worker = self._workers[number]
            try:
                worker.channel.receive()
            except (EOFError, OSError):
                self._closed.wait(_TRY_AGAIN)
            else:
                self._ready.set()
                worker.channel.limit(self._settings.seconds)
                self._serve(worker.channel)
            worker.end()
            if not self._closed.is_set():
                self._workers[number] = self._start()

    def _serve(self, channel: Channel) -> None:
        """Until the worker is gone, or takes too long."""
        while (ticket := self._waiting.get()) is not None:
            if not ticket.claim.acquire(blocking=False):
                continue
            try:
                channel.send(ticket.job)
            except OSError:
                # It died before it was asked: nothing is lost.
                ticket.claim.release()
                self._waiting.put(ticket)
                return
            try:
                kind, answer = channel.receive()
            except TimeoutError:
                ticket.error = Busy(
                    f"the check took more than {self._settings.seconds:g} seconds; send a shorter draft", 5
                )
            except (EOFError, OSError):
                ticket.error = Busy("the worker that had this request ended; send the request again")
            else:
                if kind == "answer":
                    ticket.answer = answer
                else:
                    ticket.error = _error(kind, answer)
                ticket.done.release()
                continue
            ticket.done.release()
            return

    def run(self, job: Job | Record) -> bytes:
        ticket = _Ticket(packed(job))
        self._waiting.put(ticket)
        if not ticket.done.acquire(timeout=self._settings.patience):
            if ticket.claim.acquire(blocking=False):
                raise Busy("all workers are busy; ask again in a moment")
            # A worker has it, and its keeper sees to it that it ends.
            ticket.done.acquire()
        if ticket.error is not None:
            raise ticket.error
        return ticket.answer

    def is_ready(self) -> bool:
        return self._ready.is_set()

    def close(self) -> None:
        """End all workers."""
        self._closed.set()
        for worker in self._workers.values():
            self._waiting.put(None)
            worker.end()


def _error(kind: str, answer: Any) -> TonecheckError:
    """What went wrong in a worker, as it went wrong there."""
    if kind == "draft":
        return DraftError(answer)
    if kind == "user":
        return UserError(answer)
    if kind == "rule":
        return BrokenRule(*answer)
    return TonecheckError(answer)


def _serve(end: socket.socket, config: Config) -> None:
    """The life of a worker: load, then one job after the other until the other end is closed. An interrupt is the parent's to handle."""
    from tonecheck.engine import Checker

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform != "win32":
        # The process that takes requests and hands out answers goes first: all others wait for it.
        os.nice(_NICE)
    channel = Channel(end)
    checker = Checker(config)
    warm_up(checker)
    _rest_garbage_collection()
    channel.send(packed("ready"))
    practice = checker.practise()
    is_practised = False
    while True:
        # A worker with nothing to do compiles patterns before a caller has to wait for it.
        if not is_practised and not _is_asked(channel, _IDLE):
            while not is_practised and not _is_asked(channel, 0):
                is_practised = len(list(islice(practice, _PRACTICE))) < _PRACTICE
            if is_practised:
                _rest_garbage_collection()
        try:
            job = channel.receive()
        except (EOFError, ConnectionError):
            return
        channel.send(packed(_outcome(job, checker)))


def _rest_garbage_collection() -> None:
    """What is loaded stays: to search all of it for garbage again and again would hold up the check of that moment. A check
    itself leaves little that only such a search frees, so the newest objects are searched more seldom, too."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS)


def _is_asked(channel: Channel, seconds: float) -> bool:
    return bool(select.select([channel], [], [], seconds)[0])


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
