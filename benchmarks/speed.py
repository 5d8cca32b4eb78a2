"""How fast a check is, beside other linters: the same 120-word e-mail, one thread, everything warm.

    python benchmarks/speed.py [--rounds 200] [--repeats 3]

proselint and vaderSentiment come with ``pip install --group bench``; write-good and alex with ``npm ci`` in
benchmarks/peers. What is not installed is left out, and a line says so. Every subject is measured once in
each of the repeats, in turn, so that a busy moment of the machine does not fall on one of them alone; the median is
over all.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import timing  # first of the project's imports: it limits the threads

HERE = Path(__file__).parent
PEERS = HERE / "peers"
WITH = "tonecheck, with the pipeline"
WITHOUT = "tonecheck, without it"
NODE_SUBJECTS = ("write-good", "alex")


def tonecheck(pipeline: str, draft: str) -> Callable[[], object]:
    from tonecheck import Checker, Config, Profile

    checker, profile = Checker(Config(pipeline=pipeline, backend="none")), Profile()
    return lambda: checker.check(draft, profile)


def proselint(draft: str) -> Callable[[], object]:
    from proselint.checks import __register__
    from proselint.registry import CheckRegistry
    from proselint.tools import LintFile

    CheckRegistry().register_many(__register__)
    return lambda: LintFile("draft", draft).lint()


def vader(draft: str) -> Callable[[], object]:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyzer = SentimentIntensityAnalyzer()
    return lambda: analyzer.polarity_scores(draft)


def node_peers(draft: str, rounds: int, warmup: int) -> dict[str, list[float]]:
    """Milliseconds by npm peer, all measured in one Node process."""
    done = subprocess.run(
        ["node", str(PEERS / "run.mjs"), str(rounds), str(warmup)],
        input=draft,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    times: dict[str, list[float]] = json.loads(done.stdout)
    return times


def node_is_ready() -> bool:
    if shutil.which("node") is None:
        print("left out: write-good and alex (node is not installed)", file=sys.stderr)
    elif not (PEERS / "node_modules").is_dir():
        print("left out: write-good and alex (run `npm ci` in benchmarks/peers)", file=sys.stderr)
    else:
        return True
    return False


def subjects(draft: str) -> dict[str, Callable[[], object]]:
    ready = {WITH: tonecheck("default", draft), WITHOUT: tonecheck("none", draft)}
    for name, module, make in (
        ("proselint", "proselint", proselint),
        ("vaderSentiment", "vaderSentiment", vader),
    ):
        if importlib.util.find_spec(module):
            ready[name] = make(draft)
        else:
            print(f"left out: {name} (pip install --group bench)", file=sys.stderr)
    return ready


def measure(draft: str, rounds: int, repeats: int) -> dict[str, list[float]]:
    warmup = max(rounds // 4, 5)
    ready, node = subjects(draft), node_is_ready()
    times: dict[str, list[float]] = {name: [] for name in ready}
    for _ in range(repeats):
        for name, work in ready.items():
            times[name] += timing.sample(work, rounds, warmup)
        if node:
            # The JIT needs more calls than an interpreter before it is warm.
            for name, more in node_peers(draft, rounds, warmup * 6).items():
                times.setdefault(name, []).extend(more)
    return times


def report(times: dict[str, list[float]]) -> str:
    """A table: median and best, and how many times as long the two ways to run tonecheck take."""
    ours = {name: timing.median(times[name]) for name in (WITH, WITHOUT)}
    rows = [
        [
            name,
            f"{timing.median(sample):.2f}",
            f"{min(sample):.2f}",
            *(f"{ours[which] / timing.median(sample):.2f}" for which in (WITH, WITHOUT)),
        ]
        for name, sample in times.items()
    ]
    return timing.table(["", "median ms", "best ms", "with / this", "without / this"], rows)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--repeats", type=int, default=3)
    arguments = parser.parse_args()
    draft = (HERE / "draft.txt").read_text(encoding="utf-8")
    print(f"{timing.machine()}; {len(draft.split())} words")
    print(f"{arguments.repeats} x {arguments.rounds} calls each\n")
    print(report(measure(draft, arguments.rounds, arguments.repeats)))


if __name__ == "__main__":
    main()
