"""Taking out of a trained network what it can best do without: whole attention heads and whole neurons, so that any runtime gains.

What a head or a neuron is worth is how much the loss would change without it, to first order: the absolute value of what it gives times
the gradient there, summed over the positions of a passage and averaged over passages (Michel et al. 2019, "Are Sixteen Heads Really
Better than One?", equation 2). Every layer keeps as many as every other.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from tokenizers import Tokenizer
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits

from tonecheck.model.encode import encode
from training.tone.batches import padded
from training.tone.classifier import ToneClassifier
from training.tone.examples import Example
from training.tone.fit import Recipe, wanted


@dataclass(frozen=True)
class Worth:
    """For each layer one number a head, and one a neuron between the two halves of the feed-forward block."""

    heads: list[torch.Tensor]
    neurons: list[torch.Tensor]


def worth(model: ToneClassifier, tokenizer: Tokenizer, examples: Sequence[Example], recipe: Recipe) -> Worth:
    """What each head and neuron of ``model`` is worth on ``examples``."""
    model = copy.deepcopy(model).cpu().eval()
    layers = model.bert.encoder.layer
    width = layers[0].attention.self.attention_head_size
    found = Worth(
        [torch.zeros(layer.attention.self.num_attention_heads) for layer in layers],
        [torch.zeros(layer.intermediate.dense.out_features) for layer in layers],
    )
    given: dict[tuple[int, bool], torch.Tensor] = {}

    def keep(number: int, head: bool) -> Callable[[nn.Module, tuple[torch.Tensor, ...]], None]:
        def seen(_: nn.Module, inputs: tuple[torch.Tensor, ...]) -> None:
            inputs[0].retain_grad()
            given[number, head] = inputs[0]

        return seen

    for number, layer in enumerate(layers):
        layer.attention.output.dense.register_forward_pre_hook(keep(number, True))
        layer.output.dense.register_forward_pre_hook(keep(number, False))
    for example, row in zip(
        examples, encode(tokenizer, [example.passage for example in examples]), strict=True
    ):
        inputs = {name: torch.from_numpy(value) for name, value in padded([row]).items()}
        targets, counts = wanted([example], recipe)
        loss = binary_cross_entropy_with_logits(model(**inputs), targets, reduction="none")
        ((loss.sum(2) * counts).sum() / counts.sum()).backward()
        for (number, head), output in given.items():
            effect = (output * output.grad)[0].sum(0).detach()
            if head:
                found.heads[number] += effect.view(-1, width).sum(1).abs()
            else:
                found.neurons[number] += effect.abs()
        model.zero_grad(set_to_none=True)
    return found


def pruned(model: ToneClassifier, worth: Worth, heads: int, neurons: int) -> ToneClassifier:
    """A copy of ``model`` with the ``heads`` and ``neurons`` of each layer that are worth most."""
    config = copy.deepcopy(model.bert.config)
    config.kept_heads, config.intermediate_size = heads, neurons
    width = model.bert.encoder.layer[0].attention.self.attention_head_size
    state = dict(model.state_dict())
    for number in range(config.num_hidden_layers):
        places = _best(worth.heads[number], heads)
        rows = (places[:, None] * width + torch.arange(width)).flatten()
        inner = _best(worth.neurons[number], neurons)
        layer = f"bert.encoder.layer.{number}."
        for name in ("query", "key", "value"):
            for part in ("weight", "bias"):
                key = f"{layer}attention.self.{name}.{part}"
                state[key] = state[key][rows]
        state[f"{layer}attention.output.dense.weight"] = state[f"{layer}attention.output.dense.weight"][
            :, rows
        ]
        for part in ("weight", "bias"):
            key = f"{layer}intermediate.dense.{part}"
            state[key] = state[key][inner]
        state[f"{layer}output.dense.weight"] = state[f"{layer}output.dense.weight"][:, inner]
    smaller = ToneClassifier(config, model.outputs)
    smaller.load_state_dict(state)
    return smaller.to(next(model.parameters()).device)


def _best(values: torch.Tensor, count: int) -> torch.Tensor:
    return values.topk(count).indices.sort().values
