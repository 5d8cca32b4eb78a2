"""PyTorch → ONNX → int8, and the comparison of the two."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import nn

from training.tone.classifier import ToneClassifier

MOST_BYTES = 25_000_000
INPUTS = ("input_ids", "attention_mask", "pooling")
OUTPUTS = ("logits", "vectors")


class _Exported(nn.Module):
    """The network with both of its outputs: ``vectors`` are what spans are compared by."""

    def __init__(self, model: ToneClassifier) -> None:
        super().__init__()
        self.model = model

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor, pooling: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        vectors = self.model.vectors(input_ids, attention_mask, pooling)
        return self.model.head(vectors), vectors


def export(model: ToneClassifier, tokenizer: Path, folder: Path) -> Path:
    """Write ``model.onnx`` (int8 weights, by channel), ``tokenizer.json`` and ``model.json``; the path of the first.

    Raises ``SystemExit`` when the model is larger than a package should carry.
    """
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / "model.onnx"
    model = model.cpu().eval()
    example = torch.ones((2, 8), dtype=torch.long)
    inputs = (example, torch.ones_like(example), torch.full((2, 3, 8), 1 / 8))
    with tempfile.TemporaryDirectory() as temporary:
        plain = Path(temporary) / "plain.onnx"
        torch.onnx.export(
            _Exported(model).eval(),
            inputs,
            plain,
            input_names=list(INPUTS),
            output_names=list(OUTPUTS),
            dynamic_axes={
                "input_ids": {0: "passages", 1: "pieces"},
                "attention_mask": {0: "passages", 1: "pieces"},
                "pooling": {0: "passages", 1: "spans", 2: "pieces"},
                **{name: {0: "passages", 1: "spans"} for name in OUTPUTS},
            },
            opset_version=17,
            dynamo=False,
        )
        quantize_dynamic(plain, target, weight_type=QuantType.QInt8, per_channel=True)
    if target.stat().st_size > MOST_BYTES:
        raise SystemExit(f"{target} has {target.stat().st_size:,} bytes; {MOST_BYTES:,} are the most")
    write_tokenizer(tokenizer, folder / "tokenizer.json")
    write_about(folder, model.outputs, {})
    return target


def write_tokenizer(source: Path, target: Path) -> None:
    """The tokenizer without padding and truncation of its own."""
    data = json.loads(source.read_text(encoding="utf-8"))
    data["padding"] = data["truncation"] = None
    target.write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


def write_about(folder: Path, labels: Sequence[str], calibration: dict[str, Any]) -> None:
    """``model.json``: the names of the outputs, and how their logits become findings."""
    text = json.dumps({"labels": list(labels), **calibration}, indent=1)
    (folder / "model.json").write_text(text + "\n", encoding="utf-8")
