"""Time from cold: a fresh process each, best and median.

    python benchmarks/startup.py [--rounds 10]

An import is given as what it adds to an empty Python, a command as a user waits for it.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

import timing

HERE = Path(__file__).parent
DRAFT = HERE.parent / "examples" / "sms-reminder-uk.txt"
PYTHON = sys.executable
EMPTY = "python, empty"
COMMANDS = {
    EMPTY: [PYTHON, "-c", ""],
    "import tonecheck": [PYTHON, "-c", "import tonecheck"],
    "tonecheck --help": [PYTHON, "-m", "tonecheck", "--help"],
    "tonecheck check (short draft)": [PYTHON, "-m", "tonecheck", "check", "--fail-on", "never", str(DRAFT)],
}


def cold(command: list[str], rounds: int) -> list[float]:
    """Milliseconds for each of ``rounds`` processes; one more goes first to fill the disk cache."""

    def run() -> None:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)

    return timing.sample(run, rounds, warmup=1)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=10)
    rounds = parser.parse_args().rounds
    times = {name: cold(command, rounds) for name, command in COMMANDS.items()}
    empty = times[EMPTY]
    times["import tonecheck"] = [t - timing.median(empty) for t in times["import tonecheck"]]
    print(f"{timing.machine()}; {rounds} processes each\n")
    rows = [[name, f"{min(sample):.0f}", f"{timing.median(sample):.0f}"] for name, sample in times.items()]
    print(timing.table(["", "best ms", "median ms"], rows))


if __name__ == "__main__":
    main()
