"""Worker processes: one that dies or hangs costs one request."""

from __future__ import annotations

import sys
import threading
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
