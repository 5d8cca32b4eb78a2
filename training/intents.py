"""The vectors by which the intent of a sentence is found: ``training/data/intents.tsv`` → ``tonecheck/data/tone/intents.npz``.

    python -m training.intents

To be run after each training of the tone model, whose vectors they are. Ends by printing how often the intent of a sentence is that
of its neighbours, each sentence left out in turn.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np

from tonecheck.document import Span
from tonecheck.entities import find_entities
from tonecheck.model.backends import SHIPPED, OnnxBackend
from tonecheck.model.passages import Passage, Sentence
from tonecheck.model.stock import Stocked
from tonecheck.model.tone_model import VECTOR_SCALE
from tonecheck.rewrite.intents import FILE, Intents

SOURCE = Path(__file__).parent / "data" / "intents.tsv"


def main() -> int:
    rows = [line.split("\t") for line in SOURCE.read_text(encoding="utf-8").splitlines()]
    names = tuple(sorted({name for name, _ in rows}))
    passages = [
        Passage((Sentence(Stocked(text, find_entities(text), Span(0, len(text))).text),)) for _, text in rows
    ]
    outputs = OnnxBackend(SHIPPED, threads=2).outputs(passages)
    vectors = np.stack([output.vectors[0] for output in outputs if output.vectors is not None])
    stored = np.round(vectors * VECTOR_SCALE).astype(np.int8)
    labels = np.array([names.index(name) for name, _ in rows], dtype=np.uint8)
    np.savez_compressed(FILE, vectors=stored, labels=labels, names=np.array(names))
    everything = Intents(stored.astype(np.float32), labels.astype(np.int64), names)
    first, second = Counter[str](), Counter[str]()
    for number, (name, _) in enumerate(rows):
        others = Intents(
            np.delete(everything.vectors, number, 0), np.delete(everything.labels, number), names
        )
        found = [other for other, _ in others.shares(stored[number])][:2]
        first[name] += found[0] == name
        second[name] += name in found
    total = Counter(name for name, _ in rows)
    print("| intent | sentences | first | among the first two |\n| --- | ---: | ---: | ---: |")
    for name in names:
        print(
            f"| {name} | {total[name]} | {first[name] / total[name]:.2f} | {second[name] / total[name]:.2f} |"
        )
    print(f"| all | {len(rows)} | {first.total() / len(rows):.2f} | {second.total() / len(rows):.2f} |")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
