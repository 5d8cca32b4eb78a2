"""Jobs that hang, die and fail, for the tests of the pool: worker processes have to be able to import them."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass

from tonecheck.errors import BrokenRule, DraftError


@dataclass(frozen=True)
class Sleeps:
    seconds: float

    def run(self, checker):
        time.sleep(self.seconds)
        return b"slept"


@dataclass(frozen=True)
class Dies:
    def run(self, checker):
        os.kill(os.getpid(), signal.SIGKILL)


@dataclass(frozen=True)
class Fails:
    kind: str

    def run(self, checker):
        raise {
            "draft": DraftError("the draft is empty"),
            "rule": BrokenRule("a/b", "secret"),
            "fault": ZeroDivisionError("secret"),
        }[self.kind]
