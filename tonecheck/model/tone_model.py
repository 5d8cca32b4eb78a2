"""The tone model: passages in, calibrated opinions out. Loaded at the first question; asked once for each passage."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tonecheck.errors import ConfigError
from tonecheck.finding import TONE_CATEGORIES
from tonecheck.model.backends import SHIPPED, Backend, OnnxBackend, TransformersBackend
from tonecheck.model.passages import Passage

if TYPE_CHECKING:
    import numpy as np

# Digits of a probability. Coarser than what differs between machines and thread counts.
DIGITS = 4
# What 1 is in a vector of int8.
VECTOR_SCALE = 127
# Passages that are remembered, some 10 kB each: the paragraphs of a mail merge or of a library of templates.
CACHE_SIZE = 1_000


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the model thinks of one sentence or clause: ``probabilities`` by category, and the chance of each severity.

    ``graver[category]`` holds the chance of severity 2 or more and that of severity 3; empty for a model that does not tell.
    """

    probabilities: Mapping[str, float]
    graver: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    # Where the sentence stands among others by meaning: int8, 127 is 1; None for clauses, and for models without vectors.
    vector: np.ndarray | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Calibration:
    """By output: the temperature that its logit is divided by (Guo et al. 2017). By category: the probability from which on
    it is a finding."""

    temperatures: Mapping[str, float] = field(default_factory=dict)
    thresholds: Mapping[str, float] = field(default_factory=dict)

    DEFAULT_THRESHOLD = 0.5

    def threshold(self, category: str) -> float:
        return self.thresholds.get(category, self.DEFAULT_THRESHOLD)


class ToneModel:
    """Thread-safe. ``backend``: onnx, transformers or none."""

    def __init__(self, backend: str = "onnx", path: str | None = None, threads: int = 1) -> None:
        self.backend = backend
        self._path = path
        self._threads = threads
        self._loaded: tuple[Backend, Calibration] | None = None
        self._cache: OrderedDict[Passage, tuple[Opinion, ...]] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def is_there(self) -> bool:
        return self.backend != "none"

    @property
    def calibration(self) -> Calibration:
        return self._load()[1]

    def _load(self) -> tuple[Backend, Calibration]:
        with self._lock:
            if self._loaded is None:
                self._loaded = _load(self.backend, self._path, self._threads)
        return self._loaded

    def forget(self) -> None:
        """Empty the cache."""
        with self._lock:
            self._cache.clear()

    def judge(self, passages: Sequence[Passage]) -> list[tuple[Opinion, ...]]:
        """By passage: an opinion on each sentence, and after them one on each clause, in their order.

        Raises ``ConfigError`` when the model cannot be loaded."""
        with self._lock:
            known = {passage: self._cache[passage] for passage in passages if passage in self._cache}
            for passage in known:
                self._cache.move_to_end(passage)
        new = list(dict.fromkeys(passage for passage in passages if passage not in known))
        if new:
            backend, calibration = self._load()
            fresh = dict(zip(new, _opinions(backend, calibration, new), strict=True))
            known |= fresh
            with self._lock:
                self._cache |= fresh
                while len(self._cache) > CACHE_SIZE:
                    self._cache.popitem(last=False)
        return [known[passage] for passage in passages]


def _load(name: str, path: str | None, threads: int) -> tuple[Backend, Calibration]:
    if name == "transformers":
        if path is None:
            raise ConfigError("model.backend 'transformers' needs model.path: a folder or a hub id")
        backend: Backend = TransformersBackend(path, threads)
        folder = Path(path)
    else:
        folder = Path(path) if path else SHIPPED
        if not (folder / "model.onnx").is_file():
            raise ConfigError(f"model.path: there is no model.onnx in {folder}; see docs/MODEL.md")
        backend = OnnxBackend(folder, threads)
    known = [label for label in backend.labels if label in TONE_CATEGORIES]
    if not known:
        raise ConfigError(
            f"model.path {path!r}: none of its labels ({', '.join(backend.labels[:6])}, …) is a category of tone; name them "
            f"{', '.join(TONE_CATEGORIES[:3])}, … in id2label"
        )
    about = folder / "model.json"
    values: dict[str, Any] = json.loads(about.read_text(encoding="utf-8")) if about.is_file() else {}
    return backend, Calibration(values.get("temperatures", {}), values.get("thresholds", {}))


def _opinions(
    backend: Backend, calibration: Calibration, passages: Sequence[Passage]
) -> Iterator[tuple[Opinion, ...]]:
    import numpy as np

    scale = np.array([calibration.temperatures.get(label, 1.0) for label in backend.labels], dtype=np.float32)
    column = {label: number for number, label in enumerate(backend.labels)}
    present = [category for category in TONE_CATEGORIES if category in column]
    graded = [category for category in present if {f"{category}:2", f"{category}:3"} <= column.keys()]

    columns = [column[category] for category in present]
    graver = [[column[f"{category}:{severity}"] for category in graded] for severity in (2, 3)]

    for passage, output in zip(passages, backend.outputs(passages), strict=True):
        probabilities = np.round(
            1 / (1 + np.exp(-np.clip(output.logits / scale, -30, 30))).astype(np.float64), DIGITS
        )
        vectors: list[np.ndarray | None] = [None] * len(probabilities)
        if output.vectors is not None:
            whole = output.vectors[: len(passage.sentences)]
            vectors[: len(whole)] = np.round(whole * VECTOR_SCALE).astype(np.int8)
        rows = (probabilities[:, wanted].tolist() for wanted in (columns, *graver))
        yield tuple(
            Opinion(
                dict(zip(present, row, strict=True)),
                dict(zip(graded, zip(second, third, strict=True), strict=True)),
                vector,
            )
            for row, second, third, vector in zip(*rows, vectors, strict=True)
        )
