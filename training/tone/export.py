"""PyTorch → ONNX → int8, and the comparison of the two."""

from __future__ import annotations

import copy
import json
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import nn

from tonecheck.model.encode import Encoded, arrays
from training.tone.classifier import ToneClassifier

MOST_BYTES = 25_000_000
# How much of the spread of a layer's inputs goes to its weights, from 0 to 1.
_TO_WEIGHTS = 0.6
_SMALLEST = 1e-4
INPUTS = ("input_ids", "pooling")
OUTPUTS = ("logits", "vectors")


class _Alone(nn.Module):
    """The network as it is run: on one passage at a time, so without a mask for padding, and with queries, keys and values by one
    multiplication. It gives both outputs: ``vectors`` are what spans are compared by."""

    def __init__(self, model: ToneClassifier) -> None:
        super().__init__()
        self.bert, self.head = model.bert, model.head
        self.projections = nn.ModuleList(
            _projection(layer.attention.self) for layer in model.bert.encoder.layer
        )

    def forward(self, input_ids: torch.Tensor, pooling: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        states = self.bert.embeddings(input_ids=input_ids)
        pieces = states.shape[1]
        for layer, projection in zip(self.bert.encoder.layer, self.projections, strict=True):
            attention = layer.attention.self
            heads, width = attention.num_attention_heads, attention.attention_head_size
            # (3, 1, heads, pieces, width of a head)
            split = projection(states).view(1, pieces, 3, heads, width)
            queries, keys, values = split.permute(2, 0, 3, 1, 4)
            read = torch.softmax(queries @ keys.transpose(-1, -2), dim=-1) @ values
            states = layer.attention.output(read.transpose(1, 2).reshape(1, pieces, heads * width), states)
            states = layer.output(layer.intermediate(states), states)
        vectors = pooling @ states
        return self.head(vectors), vectors


def _projection(attention: nn.Module) -> nn.Linear:
    """Queries (divided by the root of a head's width), keys and values of a layer's attention as one layer."""
    root = attention.attention_head_size**0.5
    parts = [(attention.query, root), (attention.key, 1), (attention.value, 1)]
    joined = nn.Linear(attention.query.in_features, 3 * attention.query.out_features)
    with torch.no_grad():
        joined.weight.copy_(torch.cat([part.weight / by for part, by in parts]))
        joined.bias.copy_(torch.cat([part.bias / by for part, by in parts]))
    return joined


class _Smoothed(nn.Module):
    """A layer whose inputs are divided by ``scale``, one number for each, and whose weights are multiplied by it."""

    def __init__(self, layer: nn.Linear, scale: torch.Tensor) -> None:
        super().__init__()
        self.inverse = nn.Parameter(1 / scale, requires_grad=False)
        self.layer = nn.Linear(layer.in_features, layer.out_features)
        with torch.no_grad():
            self.layer.weight.copy_(layer.weight * scale)
            self.layer.bias.copy_(layer.bias)

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        return self.layer(inputs * self.inverse)


def _smooth(network: _Alone, examples: Sequence[Encoded]) -> None:
    """Even out what goes into the layers behind a normalisation, so that few large inputs do not cost all others their precision in int8
    (SmoothQuant, Xiao et al. 2023, equation 4). ``examples``: to see how large inputs are."""
    layers: list[tuple[nn.Module, str]] = [
        (network.projections, str(number)) for number in range(len(network.projections))
    ]
    layers += [(block.intermediate, "dense") for block in network.bert.encoder.layer]
    largest = [torch.zeros(getattr(*place).in_features) for place in layers]

    def look(number: int) -> Callable[[nn.Module, tuple[torch.Tensor, ...]], None]:
        def seen(_: nn.Module, inputs: tuple[torch.Tensor, ...]) -> None:
            largest[number] = torch.maximum(largest[number], inputs[0].abs().flatten(0, -2).amax(0))

        return seen

    hooks = [getattr(*place).register_forward_pre_hook(look(number)) for number, place in enumerate(layers)]
    with torch.inference_mode():
        for example in examples:
            given = arrays(example)
            network(*(torch.from_numpy(given[name]) for name in INPUTS))
    for hook in hooks:
        hook.remove()
    for (owner, name), inputs in zip(layers, largest, strict=True):
        layer = getattr(owner, name)
        weights = layer.weight.detach().abs().amax(0).clamp(min=_SMALLEST)
        scale = inputs.clamp(min=_SMALLEST) ** _TO_WEIGHTS / weights ** (1 - _TO_WEIGHTS)
        setattr(owner, name, _Smoothed(layer, scale))


def export(model: ToneClassifier, tokenizer: Path, folder: Path, examples: Sequence[Encoded]) -> Path:
    """Write ``model.onnx`` (int8 weights, by channel), ``tokenizer.json`` and ``model.json``; the path of the first. ``examples``: as in
    ``_smooth``.

    Raises ``SystemExit`` when the model is larger than a package should carry.
    """
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / "model.onnx"
    network = _Alone(copy.deepcopy(model).cpu().eval()).eval()
    _smooth(network, examples)
    inputs = (torch.ones((1, 8), dtype=torch.long), torch.full((1, 3, 8), 1 / 8))
    with tempfile.TemporaryDirectory() as temporary:
        plain = Path(temporary) / "plain.onnx"
        torch.onnx.export(
            network,
            inputs,
            plain,
            input_names=list(INPUTS),
            output_names=list(OUTPUTS),
            dynamic_axes={
                "input_ids": {1: "pieces"},
                "pooling": {1: "spans", 2: "pieces"},
                **{name: {1: "spans"} for name in OUTPUTS},
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
