"""An application in this process, and a real server process."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from tonecheck.service import create_app
from tonecheck.service.settings import Settings

_ADDRESS = re.compile(r"serves (http://\S+?)/ ")


@pytest.fixture(scope="session")
def app():
    made = create_app(Settings())
    made.config["TESTING"] = True
    made.config["PROPAGATE_EXCEPTIONS"] = False
    return made


@pytest.fixture
def client(app):
    return app.test_client()


@contextlib.contextmanager
def serving(*arguments: str, cwd: Path | None = None) -> Iterator[tuple[str, list[str], subprocess.Popen]]:
    """A ``tonecheck serve`` on a free port of the loopback interface: its address, the lines that it logs, its process."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tonecheck", "serve", "--port", "0", "--no-config", *arguments],
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert process.stderr is not None
    lines: list[str] = []
    reader: threading.Thread | None = None
    try:
        address = _address(process.stderr, lines)
        reader = threading.Thread(target=lambda: lines.extend(process.stderr or ()), daemon=True)
        reader.start()
        _wait_until_ready(address)
        yield address, lines, process
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if reader is not None:
            reader.join(timeout=10)
        process.stderr.close()


def _wait_until_ready(address: str) -> None:
    """Rules and model are loaded by workers after the server listens."""
    for _ in range(600):
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/readyz", timeout=10):
            return
        time.sleep(0.1)
    raise AssertionError("the server did not become ready")


def _address(stream: IO[str], lines: list[str]) -> str:
    for line in stream:
        lines.append(line)
        if found := _ADDRESS.search(line):
            return found[1]
    raise AssertionError("the server did not start:\n" + "".join(lines))


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The base URL of a server process with one worker."""
    with serving("--workers", "1") as (address, _, _):
        yield address
