"""What suggestions cost: checks with them beside checks without, one thread.

    python benchmarks/rewrite.py [--messages 150]

"new text": different messages of ``training/data/heldout.jsonl``, each checked once, after 40 others; half of them are harsh. "met
before": the same messages once more. The last line is ``fix --unsafe`` of a harsh e-mail.
"""

from __future__ import annotations

import argparse
import gc
import time
from collections import deque
from pathlib import Path

import timing  # first of the project's imports: it limits the threads

HERE = Path(__file__).parent
MESSAGES = HERE.parent / "training" / "data" / "heldout.jsonl"
WARM_UP = 40


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--messages", type=int, default=150)
    count = parser.parse_args().messages
    from tonecheck import Checker, Config, entities
    from tonecheck.labels import read_records
    from tonecheck.rewrite.fix import fix

    records = list(read_records(MESSAGES))[: WARM_UP + count]
    checkers = Checker(), Checker(Config(suggestions=False))
    for checker in checkers:
        # What is loaded and compiled once must not fall on one of the two.
        deque(checker.practise(), maxlen=0)
        checker.language.parse("Please call us.")
        for record in records[:WARM_UP]:
            checker.check(record.text, record.profile)
    # As the service does: else one search for garbage through all that is loaded falls on one check of one of the two.
    gc.collect()
    gc.freeze()
    print(f"{timing.machine()}; {len(records) - WARM_UP} messages, milliseconds a message\n")
    rows = []
    for kind in ("new text", "met before"):
        if kind == "met before":
            for record in records[WARM_UP:]:
                for checker in checkers:
                    checker.check(record.text, record.profile)
        samples: dict[tuple[str, int], list[float]] = {}
        for number, record in enumerate(records[WARM_UP:]):
            harsh = "to revise or block" if record.verdict != "send" else "fit to send"
            # Side by side, in changing order, so that both meet the same moments of the machine.
            for which in (0, 1) if number % 2 else (1, 0):
                checker = checkers[which]
                if kind == "new text":
                    # Known to both: the second of them would not meet the text for the first time.
                    entities._kept.cache_clear()
                start = time.perf_counter()
                checker.check(record.text, record.profile)
                took = (time.perf_counter() - start) * 1000
                samples.setdefault((harsh, which), []).append(took)
                samples.setdefault(("all", which), []).append(took)
        for name in ("fit to send", "to revise or block", "all"):
            with_them, without = (sum(samples[name, which]) / len(samples[name, which]) for which in (0, 1))
            rows.append(
                [f"{kind}, {name}", f"{with_them:.1f}", f"{without:.1f}", f"{with_them / without:.2f}"]
            )
    print(timing.table(["", "with suggestions", "without", "ratio"], rows))
    harsh = (HERE / "harsh.txt").read_text(encoding="utf-8")
    sample = timing.sample(lambda: fix(checkers[0], harsh, unsafe=True), 10, warmup=2)
    print(f"\nfix --unsafe of harsh.txt, met before: {timing.median(sample):.1f} ms")


if __name__ == "__main__":
    main()
