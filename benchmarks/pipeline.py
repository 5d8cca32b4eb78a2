"""What the tagger and the parser buy on labelled messages, and what they cost.

    python benchmarks/pipeline.py LABELLED.jsonl [DRAFT]

Checks the same messages with the whole pipeline, without the parser, without the tagger, and without statistics, and prints
quality beside the time of one draft (median of 100, one thread).
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

from tonecheck import Checker, Config
from tonecheck.evaluate import evaluate, prediction_of
from tonecheck.labels import read_records
from tonecheck.language import Language

VARIANTS = {
    "tagger, lemmatiser, parser": ("default", ()),
    "tagger and parser": ("default", ("trainable_lemmatizer",)),
    "parser alone": ("default", ("trainable_lemmatizer", "tagger")),
    "tagger alone": ("default", ("trainable_lemmatizer", "parser")),
    "none": ("none", ()),
}


def main() -> int:
    if len(sys.argv) < 2:
        print(__doc__)
        return 2
    records = list(read_records(Path(sys.argv[1])))
    draft = Path(sys.argv[2] if len(sys.argv) > 2 else Path(__file__).with_name("draft.txt")).read_text()
    print(
        "| pipeline | span precision | span recall | clean flagged | verdict | parsed sentences | ms a draft |"
    )
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name, (pipeline, without) in VARIANTS.items():
        checker = Checker(Config(pipeline=pipeline))
        checker.language = Counting(pipeline, without)
        result = evaluate(
            (record, prediction_of(checker.check(record.text, record.profile))) for record in records
        )
        parsed = checker.language.parsed / len(records)
        times = []
        for _ in range(100):
            start = time.perf_counter()
            checker.check(draft)
            times.append(time.perf_counter() - start)
        spans = result.spans
        print(
            f"| {name} | {spans.precision or 0:.3f} | {spans.recall or 0:.3f} | {result.false_alarms} of {result.clean} "
            f"| {result.accuracy or 0:.3f} | {parsed:.2f} | {statistics.median(times) * 1e3:.2f} |"
        )
    return 0


class Counting(Language):
    """Counts the sentences that were parsed."""

    parsed = 0

    def parse(self, sentence: str) -> object | None:
        self.parsed += 1
        return super().parse(sentence)


if __name__ == "__main__":
    sys.exit(main())
