"""The HTTP service under load from a second process, beside a route of Flask's that does nothing.

    python benchmarks/service.py [--seconds 15] [--workers 2]
    python benchmarks/service.py --requests 20000     memory of all processes over so many requests

Needs ``wrk`` (Debian: apt install wrk). "new text": drafts of about 120 words, none of which has a sentence of another: nothing is
remembered. The server is warm: it was started, and left alone for some seconds. "templated": one mail merge, other names, sums and dates in each. "at half load" has as many connections, each of which
waits so long before a request that half of the greatest rate results. For scale: LanguageTool's makers and users give 89 to 238 ms for 278 characters on a warm
server.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import timing

HERE = Path(__file__).parent
PASSAGES = HERE.parent / "training" / "data" / "passages"
WORDS = 120
# Seconds that the server is left alone before the load, as one is that somebody starts and then uses: its workers compile their patterns.
IDLE = 10
_LABEL = re.compile(r"</?[a-z_]*[0-9]?>|^~ ?")
_STUB = """
from flask import Flask, jsonify, request
app = Flask(__name__)
@app.post("/stub")
def stub():
    return jsonify(words=len(request.get_json()["text"].split()))
import waitress
waitress.serve(app, host="127.0.0.1", port=int(__import__("sys").argv[1]), threads=16)
"""
_MERGE = (
    "Dear {name},\n\nThank you for being a customer of Larkspur Dental. After your insurance, a balance of ${sum} remains on account {number}, which was due on "
    "{day} May. We know that life gets busy and that a bill can slip by.\n\nYou can pay at example.com/larkspur, by card on 555-0142, or with a check to 12 High Street. If paying in full is "
    "difficult, please ask us about installments; we are glad to spread it over three months, without fees or interest.\n\nIf you have already paid, thank you; please disregard this message. If you "
    "have any questions, or something on the bill looks wrong, please call {agent} at 555-0143 from 9am to 5pm, and we will look into it with you.\n\nKind regards,\n{agent}\nLarkspur Dental"
)
_NAMES = "Marisol Trey Dana Ines Callum Priya Joel Wanjiru Hank Zoe Amir Linh Otto Freya Kofi Rosa".split()


def new_drafts() -> list[str]:
    """Drafts of ``WORDS`` words, made of sentences of the training data, each used once."""
    lines = [
        _LABEL.sub("", line).strip()
        for path in sorted(PASSAGES.glob("*.txt"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line and not line.startswith(("#", "Subject"))
    ]
    lines = sorted({line for line in lines if len(line.split()) > 3})
    random.Random(5).shuffle(lines)
    drafts, words = [[]], 0
    for line in lines:
        drafts[-1].append(line)
        words += len(line.split())
        if words >= WORDS:
            drafts.append([])
            words = 0
    return ["Hello,\n\n" + " ".join(draft) for draft in drafts[:-1]]


def merged(count: int) -> list[str]:
    """Letters of one mail merge."""
    chance = random.Random(7)
    return [
        _MERGE.format(
            name=chance.choice(_NAMES),
            agent=chance.choice(_NAMES),
            sum=f"{chance.randint(20, 4000)}.{chance.randint(0, 99):02}",
            number=chance.randint(100000, 999999),
            day=chance.randint(1, 28),
        )
        for _ in range(count)
    ]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=int, default=15)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--requests", type=int, default=0)
    given = parser.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("wrk is not installed; on Debian: apt install wrk")
    with tempfile.TemporaryDirectory() as folder:
        new = _bodies(Path(folder) / "new.jsonl", new_drafts())
        templated = _bodies(Path(folder) / "templated.jsonl", merged(20_000))
        if given.requests:
            _memory(given, [new, templated])
        else:
            _load(given, new, templated)


def _load(given: argparse.Namespace, new: Path, templated: Path) -> None:
    rows: list[list[str]] = []
    with _stub() as address:
        rows.append(_row("a Flask route that does nothing", _run(given, f"{address}/stub", new), None))
    stub = float(rows[0][3])
    with _server(given.workers) as (address, _):
        check = f"{address}/v1/check"
        time.sleep(IDLE)
        _run(given, check, new, seconds=5)
        start = 0
        for name, bodies in (("new text", new), ("templated", templated)):
            start = 400 if bodies is new else 0
            full = _run(given, check, bodies, start=start)
            rows.append(_row(f"{name}, as much as there is", full, stub))
            start += full[3]
            pause = max(0.0, given.connections / (full[2] / 2) * 1000 - full[0] / 2)
            rows.append(
                _row(f"{name}, at half load", _run(given, check, bodies, pause=pause, start=start), stub)
            )
    print(
        f"{timing.machine()}; {given.workers} workers, {given.connections} connections, {given.seconds} s each\n"
    )
    print(timing.table(["", "p50 ms", "p99 ms", "requests/s", "of the stub's", "errors"], rows))


def _row(name: str, result: tuple[float, float, float, int, int], stub: float | None) -> list[str]:
    p50, p99, rate, _, errors = result
    return [
        name,
        f"{p50:.1f}",
        f"{p99:.1f}",
        f"{rate:.1f}",
        "" if stub is None else f"{rate / stub:.3f}",
        str(errors),
    ]


def _memory(given: argparse.Namespace, bodies: Sequence[Path]) -> None:
    steps = 10
    rows = []
    with _server(given.workers) as (address, process):
        done = 0
        rows.append(["0", f"{_megabytes(process):.0f}"])
        for step in range(steps):
            while done < given.requests * (step + 1) // steps:
                kind = bodies[step % len(bodies)]
                done += _run(given, f"{address}/v1/check", kind, seconds=5, start=done)[3]
            rows.append([f"{done:,}", f"{_megabytes(process):.0f}"])
    print(f"{timing.machine()}; {given.workers} workers, new and templated drafts in turn\n")
    print(timing.table(["requests", "MB of all processes"], rows))


def _megabytes(process: subprocess.Popen[str]) -> float:
    """Resident memory of a process and its children."""
    total = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            fields = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        except OSError:
            continue
        if int(fields["Pid"]) == process.pid or int(fields["PPid"]) == process.pid:
            total += int(fields.get("VmRSS", "0 kB").split()[0])
    return total / 1024


def _bodies(path: Path, drafts: Sequence[str]) -> Path:
    path.write_text("\n".join(json.dumps({"text": draft}) for draft in drafts) + "\n", encoding="utf-8")
    return path


def _run(
    given: argparse.Namespace, url: str, bodies: Path, *, seconds: int = 0, pause: float = 0, start: int = 0
) -> tuple[float, float, float, int, int]:
    """p50 and p99 in milliseconds, requests a second, requests, errors."""
    done = subprocess.run(
        [
            *("wrk", "-t1", f"-c{given.connections}", f"-d{seconds or given.seconds}s", "--timeout", "10s"),
            *("-s", str(HERE / "load.lua"), url),
        ],
        env={**os.environ, "BODIES": str(bodies), "PAUSE": str(round(pause)), "START": str(start)},
        capture_output=True,
        text=True,
        check=True,
    )
    p50, p99, rate, requests, errors = re.search(
        r"RESULT (\S+) (\S+) (\S+) (\S+) (\S+)", done.stdout
    ).groups()
    return float(p50), float(p99), float(rate), int(requests), int(errors)


@contextmanager
def _server(workers: int) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    command = [
        sys.executable,
        "-m",
        "tonecheck",
        "serve",
        "--port",
        "0",
        "--no-config",
        "--log-level",
        "warning",
    ]
    # As anybody starts it: nothing tells its libraries how many threads to use.
    env = {name: value for name, value in os.environ.items() if name not in timing.THREADS}
    process = subprocess.Popen(
        [*command, "--workers", str(workers)], stderr=subprocess.PIPE, text=True, env=env
    )
    try:
        assert process.stderr is not None
        address = re.search(r"http://\S+?(?=/ )", process.stderr.readline())[0]
        _wait(f"{address}/readyz")
        yield address, process
    finally:
        process.terminate()
        process.wait()


@contextmanager
def _stub() -> Iterator[str]:
    process = subprocess.Popen([sys.executable, "-c", _STUB, "8765"])
    try:
        _wait("http://127.0.0.1:8765/")
        yield "http://127.0.0.1:8765"
    finally:
        process.terminate()
        process.wait()


def _wait(url: str) -> None:
    import urllib.error
    import urllib.request

    for _ in range(300):
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except urllib.error.HTTPError as err:
            if err.code == 404:
                return
        except OSError:
            pass
        time.sleep(0.2)
    sys.exit(f"{url} does not answer")


if __name__ == "__main__":
    main()
