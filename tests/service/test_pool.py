"""Worker processes: one that dies or hangs costs one request."""

from __future__ import annotations

import multiprocessing
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tonecheck import Config, Profile
from tonecheck.errors import BrokenRule, DraftError, TonecheckError
from tonecheck.service.desk import Busy
from tonecheck.service.jobs import Job
from tonecheck.service.pool import Pool
from tonecheck.service.settings import Settings

GOOD = Job("Dear Sam, please pay $40.", Profile())


# Workers import the jobs that they get, from a folder that they know.
sys.path.append(str(Path(__file__).parent / "jobs"))

from jobs_that_go_wrong import Dies, Fails, Sleeps  # noqa: E402


@pytest.fixture(scope="module")
def pool():
    made = Pool(Settings(config=Config(backend="none", pipeline="none"), workers=2, seconds=3, patience=60))
    yield made
    made.close()


def test_a_worker_that_is_killed_costs_its_own_request_only(pool):
    answers = []
    others = [threading.Thread(target=lambda: answers.append(pool.run(GOOD))) for _ in range(6)]
    for thread in others:
        thread.start()
    with pytest.raises(Busy, match="send the request again"):
        pool.run(Dies())
    for thread in others:
        thread.join()
    assert len(answers) == 6
    assert len(set(answers)) == 1
    assert pool.run(GOOD) == answers[0]


def test_a_worker_that_hangs_is_ended_and_replaced(pool):
    with pytest.raises(Busy, match="more than 3 seconds"):
        pool.run(Sleeps(60))
    assert pool.run(GOOD)
    assert pool.run(Sleeps(0)) == b"slept"


@pytest.mark.parametrize(
    ("kind", "error"), [("draft", DraftError), ("rule", BrokenRule), ("fault", TonecheckError)]
)
def test_an_error_in_a_worker_is_the_callers_without_what_it_may_quote(pool, kind, error):
    with pytest.raises(error) as caught:
        pool.run(Fails(kind))
    assert "secret" not in str(caught.value)
    assert pool.run(GOOD)


def test_a_worker_that_died_idle_costs_nothing(pool):
    before = pool.run(GOOD)
    for process in multiprocessing.active_children():
        process.kill()
        process.join()
    assert [pool.run(GOOD) for _ in range(4)] == [before] * 4


def first_answer(pool):
    """Once the worker has loaded."""
    while True:
        with suppress(Busy):
            return pool.run(GOOD)


def test_who_waits_too_long_for_a_worker_is_told_and_the_worker_goes_on():
    made = Pool(Settings(config=Config(backend="none", pipeline="none"), workers=1, seconds=30, patience=1))
    try:
        assert first_answer(made)
        busy = threading.Thread(target=made.run, args=(Sleeps(2),))
        busy.start()
        time.sleep(0.3)  # it is the first
        with pytest.raises(Busy, match="all workers are busy"):
            made.run(GOOD)
        busy.join()
        assert made.run(GOOD)
    finally:
        made.close()
