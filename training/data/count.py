"""Counts the training passages: sentences, clean ones, hard near misses, and sentences by category.

python training/data/count.py
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from training.tone.examples import passage_files, read_passages


def main() -> int:
    counts: Counter[str] = Counter()
    for written in read_passages(passage_files()):
        counts["passages"] += 1
        for line, near in zip(written.lines, written.near, strict=True):
            counts["sentences"] += 1
            found = {
                mark.category
                for mark in written.marks
                if min(mark.end, line.end) > max(mark.start, line.start)
            }
            counts["clean"] += not found
            counts["hard near misses"] += near
            counts.update(found)
    for name, count in counts.most_common():
        print(f"{count:6} {name}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
