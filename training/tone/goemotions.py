"""GoEmotions: 58,009 English comments with 27 emotions or neutral; an intermediate task, and a baseline.

Demszky et al., *GoEmotions: A Dataset of Fine-Grained Emotions*, ACL 2020; Apache-2.0. Read from a folder with the official
``train.tsv``, ``dev.tsv``, ``test.tsv`` and ``labels.txt``; it is not part of this project.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tonecheck.model.passages import Passage, Sentence
from training.tone.examples import Example

# The emotions of Demszky et al.'s sentiment grouping that speak against the reader or the sender's mood.
NEGATIVE = frozenset(
    "anger annoyance disappointment disapproval disgust embarrassment fear grief nervousness remorse sadness".split()
)


def labels(folder: Path) -> list[str]:
    return (folder / "labels.txt").read_text(encoding="utf-8").split()


def read(folder: Path, part: str) -> list[Example]:
    """``part``: train, dev or test. Targets are 0 or 1 for each emotion, in the order of ``labels``."""
    names = labels(folder)
    examples = []
    for line in (folder / f"{part}.tsv").read_text(encoding="utf-8").splitlines():
        text, numbers, _ = line.split("\t")
        chosen = {int(number) for number in numbers.split(",")}
        targets = np.array([[float(index in chosen) for index in range(len(names))]], dtype=np.float32)
        examples.append(Example(Passage((Sentence(text),)), targets))
    return examples
