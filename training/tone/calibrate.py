"""Calibration on labelled messages that were never trained on: temperatures, thresholds, and the plot that shows them.

One temperature per output (Guo et al., *On Calibration of Modern Neural Networks*, ICML 2017), by maximum likelihood.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tonecheck.finding import TONE_CATEGORIES
from training.tone.heldout import Messages

GRID = np.exp(np.linspace(np.log(0.4), np.log(4.0), 60))
# With fewer positives than this an output shares the temperature of all.
FEWEST = 8


def _loss(logits: np.ndarray, truth: np.ndarray, temperature: float) -> float:
    scaled = logits / temperature
    return float(np.mean(np.logaddexp(0, scaled) - truth * scaled))


def temperatures(labels: Sequence[str], logits: np.ndarray, targets: np.ndarray) -> dict[str, float]:
    """By output: what its logits are divided by."""
    shared = float(GRID[np.argmin([_loss(logits, targets, value) for value in GRID])])
    result = {}
    for column, label in enumerate(labels):
        own = [_loss(logits[:, column], targets[:, column], value) for value in GRID]
        enough = targets[:, column].sum() >= FEWEST
        result[label] = round(float(GRID[int(np.argmin(own))]) if enough else shared, 3)
    return result


def thresholds(
    messages: Messages, probabilities: np.ndarray, floor: float, ceiling: float
) -> dict[str, float]:
    """By category: the threshold with the best F1 by message, a pull towards the one that suits all, within limits.

    A hundred messages hold few positives of a category, so that its own best threshold is noise: F1 is computed with the
    other categories' counts, scaled down, added to its own.
    """
    count = len(TONE_CATEGORIES)
    truth = messages.by_message(messages.targets)[:, :count]
    score = messages.by_message(probabilities)[:, :count]
    grid = np.round(np.arange(floor, ceiling + 0.001, 0.02), 2)

    def counts(column: int, at: float) -> np.ndarray:
        said = score[:, column] >= at
        return np.array(
            [(said & (truth[:, column] > 0)).sum(), said.sum(), truth[:, column].sum()], dtype=float
        )

    everything = {at: sum(counts(column, at) for column in range(count)) for at in grid}
    chosen = {}
    for column, name in enumerate(TONE_CATEGORIES):
        totals = {
            at: counts(column, at) + everything[at] * (12.0 / max(12.0, everything[at][2])) for at in grid
        }
        chosen[name] = float(max(grid, key=lambda at: 2 * totals[at][0] / (totals[at][1] + totals[at][2])))
    return chosen


def reliability(targets: np.ndarray, before: np.ndarray, after: np.ndarray, path: Path) -> dict[str, float]:
    """Draw the reliability diagram before and after calibration; expected calibration errors of both."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    count = len(TONE_CATEGORIES)
    figure, axes = pyplot.subplots(figsize=(5, 5))
    axes.plot([0, 1], [0, 1], color="0.7", linewidth=1, label="perfect")
    errors = {}
    for name, values, style in (("before", before, "o--"), ("after", after, "o-")):
        x, y, error = _bins(values[:, :count].ravel(), targets[:, :count].ravel())
        axes.plot(x, y, style, label=f"{name} calibration (ECE {error:.3f})")
        errors[name] = error
    axes.set(xlabel="probability said", ylabel="share that is so", xlim=(0, 1), ylim=(0, 1))
    axes.set_title("Tone model: sentences of the held-out messages, all categories", fontsize=9)
    axes.legend(loc="upper left", fontsize=8)
    figure.tight_layout()
    figure.savefig(path, dpi=110, metadata={"Software": None})
    pyplot.close(figure)
    return errors


def _bins(said: np.ndarray, true: np.ndarray, edges: int = 10) -> tuple[list[float], list[float], float]:
    """Mean probability and share of positives in each bin, and the expected calibration error."""
    x, y, error = [], [], 0.0
    bins = np.minimum((said * edges).astype(int), edges - 1)
    for number in range(edges):
        inside = bins == number
        if inside.sum() >= 5:
            x.append(float(said[inside].mean()))
            y.append(float(true[inside].mean()))
            error += abs(x[-1] - y[-1]) * float(inside.mean())
    return x, y, error
