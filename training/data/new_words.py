"""How many hurtful sentences in new words are found, and how many kind ones are flagged: ``new_words.tsv``, each sentence in a kind message.

python training/data/new_words.py
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from pathlib import Path

from tonecheck import Checker, Profile
from tonecheck.finding import TONE_CATEGORIES

FILE = Path(__file__).with_suffix(".tsv")
MESSAGE = (
    "Hello Sam,\n\nYour account shows a balance of £120 for the work in May. {} You can pay by card on 01632 960100.\n\n"
    "Kind regards,\nNorthfield Plumbing\n"
)


def main() -> int:
    checker, profile = Checker(), Profile(jurisdiction="uk")
    counts: Counter[tuple[str, str, str]] = Counter()
    with FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            start = MESSAGE.index("{")
            end = start + len(row["sentence"])
            severity = max(
                (
                    finding.severity
                    for finding in checker.check(MESSAGE.format(row["sentence"]), profile).findings
                    if finding.category in TONE_CATEGORIES
                    and finding.start is not None
                    and finding.end is not None
                    and finding.start < end
                    and start < finding.end
                ),
                default=0,
            )
            for part in (row["part"], "all"):
                counts[row["label"], part, "sentences"] += 1
                counts[row["label"], part, "found"] += severity >= 2
                counts[row["label"], part, "hinted"] += severity == 1
    print(
        "| label | part | sentences | flagged with severity 2 or 3 | hinted at |\n| --- | --- | ---: | ---: | ---: |"
    )
    for label, part in sorted({key[:2] for key in counts}):
        told = (counts[label, part, name] for name in ("sentences", "found", "hinted"))
        print(f"| {label} | {part} | {' | '.join(map(str, told))} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
