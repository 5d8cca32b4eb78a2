"""An ensemble of folds as a second annotator: every example also learns what models that never saw it say of it."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from training.tone.examples import OUTPUTS, Example
from training.tone.fit import Recipe, fit, fresh, predict


def fold_of(group: str, folds: int) -> int:
    """All examples of a passage file fall into one fold: an author's turns of phrase must not leak."""
    return zlib.crc32(group.split(":")[0].encode()) % folds


def out_of_fold(
    start: Path, tokenizer: Tokenizer, examples: Sequence[Example], recipe: Recipe, folds: int, say=print
) -> list[np.ndarray]:
    """Probabilities in the shape of the targets, each by the model whose training left out the example's fold."""
    number = np.array([fold_of(example.group, folds) for example in examples])
    result: list[np.ndarray] = [np.zeros(0)] * len(examples)
    for fold in range(folds):
        say(f"fold {fold + 1} of {folds}", flush=True)
        others = [example for example, own in zip(examples, number, strict=True) if own != fold]
        model = fit(fresh(start, OUTPUTS, recipe), tokenizer, others, recipe, say)
        held = np.flatnonzero(number == fold)
        logits = predict(model, tokenizer, [examples[index].passage for index in held])
        for index, rows in zip(held, logits, strict=True):
            result[index] = 1 / (1 + np.exp(-rows))
    return result


def softened(examples: Sequence[Example], opinions: Sequence[np.ndarray], share: float) -> list[Example]:
    """Targets that are ``1 - share`` the author's label and ``share`` the ensemble's opinion."""
    return [
        example._replace(targets=(1 - share) * example.targets + share * said)
        for example, said in zip(examples, opinions, strict=True)
    ]
