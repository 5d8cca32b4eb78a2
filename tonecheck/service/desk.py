"""Who checks the drafts that come in: threads of this process, or worker processes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from itertools import islice
from threading import Semaphore
from typing import TYPE_CHECKING, Protocol

from tonecheck.errors import TonecheckError
from tonecheck.service.jobs import Job, Mend, Record

if TYPE_CHECKING:
    from tonecheck import records
    from tonecheck.engine import Checker
    from tonecheck.profile import Profile
    from tonecheck.rewrite.account import Account
    from tonecheck.service.settings import Settings


class Busy(TonecheckError):
    """Nobody could answer in time. ``retry_after``: seconds after which to ask again."""

    def __init__(self, message: str, retry_after: int = 1) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Runner(Protocol):
    """Runs jobs, each in bounded time."""

    def run(self, job: Job | Record) -> bytes:
        """Raises what the job raises, and ``Busy``."""
        ...

    def is_ready(self) -> bool:
        """Whether rules and model are loaded."""
        ...

    def close(self) -> None: ...


class Desk:
    """Takes drafts and hands out reports as JSON bytes."""

    def __init__(self, runner: Runner, settings: Settings) -> None:
        self.runner = runner
        self.settings = settings

    def check(
        self, text: str, profile: Profile, *, format: str | None = None, account: Account | None = None
    ) -> bytes:
        """The report. Raises ``DraftError``, ``BrokenRule`` and ``Busy``."""
        return self.runner.run(Job(text, profile, format, account.values if account else None))

    def fix(
        self,
        text: str,
        profile: Profile,
        *,
        unsafe: bool = False,
        format: str | None = None,
        account: Account | None = None,
    ) -> bytes:
        """The mended draft with the reports on both. Raises as ``check`` does."""
        return self.runner.run(Mend(text, profile, format, account.values if account else None, unsafe))

    def batch(self, lines: Iterable[records.Line]) -> Iterator[bytes]:
        """The answers to lines, in their order; as many at once as there are workers, so that one batch leaves room for others."""
        from tonecheck.records import refused

        def answered(line: records.Line) -> bytes:
            try:
                return self.runner.run(Record(line))
            except Busy as err:
                return refused(line, None, "Not checked", str(err)).line

        at_once = max(1, self.settings.workers)
        waiting = iter(lines)
        with ThreadPoolExecutor(at_once, thread_name_prefix="batch") as threads:
            pending: list[Future[bytes]] = [
                threads.submit(answered, line) for line in islice(waiting, 2 * at_once)
            ]
            try:
                while pending:
                    yield pending.pop(0).result()
                    pending += [threads.submit(answered, line) for line in islice(waiting, 1)]
            finally:
                for future in pending:
                    future.cancel()


class Here:
    """Runs jobs in threads of this process."""

    def __init__(self, settings: Settings) -> None:
        from tonecheck.engine import Checker

        self._settings = settings
        self._checker: Checker = Checker(settings.config)
        self._threads = ThreadPoolExecutor(settings.threads, thread_name_prefix="check")
        self._room = Semaphore(settings.threads)
        warm_up(self._checker)

    def run(self, job: Job | Record) -> bytes:
        if not self._room.acquire(timeout=self._settings.patience):
            raise Busy("all workers are busy; ask again in a moment")
        future = self._threads.submit(job.run, self._checker)
        # The thread is free again when the check ends, not when we stop waiting for it: no worker is lost, none is had twice.
        future.add_done_callback(lambda _: self._room.release())
        try:
            return future.result(timeout=self._settings.seconds)
        except FutureTimeout as err:
            raise Busy(
                f"the check took more than {self._settings.seconds:g} seconds; send a shorter draft", 5
            ) from err

    def is_ready(self) -> bool:
        return True

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


def warm_up(checker: Checker) -> None:
    """Load what is loaded on the first check: the first visitor should not wait for it."""
    checker.check("Dear Sam, you owe us $40. Pay now or we will see you in court.")


def the_desk() -> Desk:
    """The desk of the application that answers the current request."""
    from flask import current_app

    desk = current_app.extensions["tonecheck.desk"]
    assert isinstance(desk, Desk)
    return desk
