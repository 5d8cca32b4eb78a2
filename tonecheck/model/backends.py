"""Where the numbers come from: ONNX Runtime with the shipped model, or transformers with any sequence classifier."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from tonecheck.errors import ConfigError, MissingExtra
from tonecheck.model.encode import Encoded, arrays, encode
from tonecheck.model.passages import Passage

if TYPE_CHECKING:
    import numpy as np

SHIPPED = Path(__file__).parents[1] / "data" / "tone"


class Output(NamedTuple):
    """What a network says of one passage: a row for each sentence, and after them one for each clause, in their order.

    ``vectors``, by which sentences are compared, are of length 1; ``None`` for a network that gives none.
    """

    logits: np.ndarray
    vectors: np.ndarray | None = None


class Backend(Protocol):
    """``labels`` names the columns of the logits."""

    labels: tuple[str, ...]

    def outputs(self, passages: Sequence[Passage]) -> list[Output]:
        """One output a passage."""
        ...


class OnnxBackend:
    """A folder with ``model.onnx``, ``tokenizer.json`` and ``model.json`` (see ``training/tone/export.py``).

    Each passage is a run of its own: int8 arithmetic scales by the largest value of a whole run, so that in a batch the
    judgement of a passage would depend on what else is in it. ``threads`` run side by side, each passage on one.
    """

    def __init__(self, folder: Path, threads: int) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        about = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        self.labels = tuple(about["labels"])
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # Sum and normalisation in one step sound quicker than they are: they are not vectorised, and a passage takes an eighth longer.
        self._session = onnxruntime.InferenceSession(
            folder / "model.onnx",
            options,
            providers=["CPUExecutionProvider"],
            disabled_optimizers=["SkipLayerNormFusion"],
        )
        self._has_vectors = any(output.name == "vectors" for output in self._session.get_outputs())
        self._pool = ThreadPoolExecutor(threads, "tone") if threads > 1 else None

    def outputs(self, passages: Sequence[Passage]) -> list[Output]:
        encoded = encode(self._tokenizer, passages)
        run = self._pool.map if self._pool is not None and len(passages) > 1 else map
        return list(run(self._one, encoded))

    def _one(self, row: Encoded) -> Output:
        import numpy as np

        if not self._has_vectors:
            return Output(self._session.run(["logits"], arrays(row))[0][0])
        logits, vectors = (result[0] for result in self._session.run(["logits", "vectors"], arrays(row)))
        return Output(logits, vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


class TransformersBackend:
    """Any folder or hub id with a sequence-classification head, on PyTorch in fp32, in batches of like length.

    Each sentence and clause is classified by itself: what such a model makes of a neighbour, nobody knows.
    """

    BATCH = 32
    MOST_PIECES = 128

    def __init__(self, name: str, threads: int) -> None:
        try:
            import torch
            from transformers import AutoModelForSequenceClassification, AutoTokenizer
        except ImportError as err:
            raise MissingExtra("model.backend 'transformers'", "torch") from err
        # PyTorch keeps one number of threads a process.
        torch.set_num_threads(threads)
        try:
            self._tokenizer = AutoTokenizer.from_pretrained(name)
            self._model = AutoModelForSequenceClassification.from_pretrained(name).eval()
        except (OSError, ValueError) as err:
            raise ConfigError(
                f"model.path {name!r} cannot be loaded as a sequence classifier: {str(err).splitlines()[0]}"
            ) from err
        names = self._model.config.id2label
        self.labels = tuple(names[number] for number in range(self._model.config.num_labels))

    def outputs(self, passages: Sequence[Passage]) -> list[Output]:
        import numpy as np

        texts = [_texts(passage) for passage in passages]
        flat = list(dict.fromkeys(text for group in texts for text in group))
        rows = dict(zip(flat, self._rows(flat), strict=True))
        return [Output(np.stack([rows[text] for text in group])) for group in texts]

    def _rows(self, texts: list[str]) -> np.ndarray:
        import numpy as np
        import torch

        order = sorted(range(len(texts)), key=lambda number: len(texts[number]))
        rows = np.zeros((len(texts), len(self.labels)), dtype=np.float32)
        for start in range(0, len(order), self.BATCH):
            group = order[start : start + self.BATCH]
            batch = self._tokenizer(
                [texts[number] for number in group],
                padding=True,
                truncation=True,
                max_length=self.MOST_PIECES,
                return_tensors="pt",
            )
            with torch.inference_mode():
                rows[group] = self._model(**batch).logits.float().numpy()
        return rows


def _texts(passage: Passage) -> list[str]:
    sentences = [sentence.text for sentence in passage.sentences]
    clauses = [sentence.text[start:end] for sentence in passage.sentences for start, end in sentence.clauses]
    return sentences + clauses
