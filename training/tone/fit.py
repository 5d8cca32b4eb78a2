"""Fine-tuning: one loop for the intermediate task, the tone model and its students, on a CPU or a GPU."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch.nn.functional import binary_cross_entropy_with_logits
from transformers import BertConfig, BertModel

from tonecheck.model.encode import encode
from tonecheck.model.passages import Passage
from training.tone.batches import SIZES, padded, rounded
from training.tone.classifier import ToneClassifier
from training.tone.examples import Example


@dataclass(frozen=True)
class Recipe:
    """Everything that a run depends on beside the data."""

    epochs: float = 5
    rate: float = 3e-4  # of the head and the last layer
    layer_decay: float = 0.9  # each layer below learns this much slower
    batch: int = 16
    layers: tuple[int, ...] = (0, 1, 2, 3, 4, 5)  # which layers of the encoder are kept
    dropout: float = 0.1
    weight_decay: float = 0.01
    warm_up: float = 0.1  # share of the steps
    focal: float = 0.0  # gamma of the focal loss; 0 is plain cross-entropy
    smoothing: float = 0.02
    positive_power: float = 0.0  # a positive weighs (negatives / positives) to this power; 0 is no weight
    context: bool = True  # whether sentences are read together with their neighbours
    clauses: float = 0.5  # how much a clause weighs beside a sentence
    embeddings: bool = False  # whether the word embeddings learn, too
    seed: int = 7


def device() -> torch.device:
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def fresh(folder: Path, outputs: Sequence[str], recipe: Recipe) -> ToneClassifier:
    """The encoder of ``folder``, of the layers that the recipe keeps, with a new head.

    ``folder`` is a published encoder, or what ``ToneClassifier.save`` wrote, whose head is left behind.
    """
    torch.manual_seed(recipe.seed)
    config = BertConfig.from_pretrained(folder)
    config.hidden_dropout_prob = recipe.dropout
    config.attention_probs_dropout_prob = 0.0  # dropout inside attention doubles its time on a CPU
    weights = folder / "tone.safetensors"
    if weights.is_file():
        encoder = {
            name.removeprefix("bert."): value
            for name, value in load_file(weights).items()
            if name.startswith("bert.")
        }
    else:
        encoder = BertModel.from_pretrained(folder, add_pooling_layer=False).state_dict()
    model = ToneClassifier(config, outputs)
    model.bert.load_state_dict(encoder)
    layers = model.bert.encoder.layer
    if len(recipe.layers) < len(layers):
        model.bert.encoder.layer = torch.nn.ModuleList([layers[index] for index in recipe.layers])
        config.num_hidden_layers = len(recipe.layers)
    return model.to(device())


def batches(lengths: Sequence[int], size: int, chance: random.Random) -> list[list[int]]:
    """Numbers of examples of about the same length, in random order: little padding, still mixed."""
    order = sorted(range(len(lengths)), key=lambda index: lengths[index] // SIZES + chance.random())
    groups = [order[start : start + size] for start in range(0, len(order), size)]
    chance.shuffle(groups)
    return groups


def _groups(model: ToneClassifier, recipe: Recipe) -> list[dict]:
    """Parameters with a rate of their own for each layer, and no decay for biases and norms."""
    depth = len(model.bert.encoder.layer)
    model.bert.embeddings.requires_grad_(recipe.embeddings)

    def rate(name: str) -> float:
        if ".embeddings." in name:
            return recipe.rate * recipe.layer_decay ** (depth + 1)
        if ".encoder.layer." in name:
            return recipe.rate * recipe.layer_decay ** (
                depth - 1 - int(name.split(".layer.")[1].split(".")[0])
            )
        return recipe.rate

    return [
        {
            "params": [parameter],
            "lr": rate(name),
            "weight_decay": 0.0 if parameter.ndim < 2 else recipe.weight_decay,
        }
        for name, parameter in model.named_parameters()
        if parameter.requires_grad
    ]


def fit(
    model: ToneClassifier, tokenizer: Tokenizer, examples: Sequence[Example], recipe: Recipe, say=print
) -> ToneClassifier:
    """Train ``model`` in place and return it, ready to predict. Deterministic for a seed and a machine."""
    torch.manual_seed(recipe.seed)
    chance = random.Random(recipe.seed)
    where = device()
    encoded = encode(tokenizer, [example.passage for example in examples])
    share = np.concatenate([example.targets for example in examples]).mean(0).clip(1e-4, 0.5)
    weight = (
        torch.tensor(((1 - share) / share) ** recipe.positive_power, device=where)
        if recipe.positive_power
        else None
    )
    groups = _groups(model, recipe)
    optimiser = torch.optim.AdamW(groups, betas=(0.9, 0.98), fused=where.type == "cuda")
    steps = math.ceil(recipe.epochs * math.ceil(len(examples) / recipe.batch))
    warm = max(1, int(recipe.warm_up * steps))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(step / warm, max(0.0, (steps - step) / max(1, steps - warm)))
    )
    model.train()
    done, began, running = 0, time.monotonic(), 0.0
    while done < steps:
        for group in batches([len(row.ids) for row in encoded], recipe.batch, chance):
            if done >= steps:
                break
            inputs = {
                name: torch.from_numpy(value).to(where)
                for name, value in padded([encoded[index] for index in group]).items()
            }
            targets, counts = (
                value.to(where) for value in wanted([examples[index] for index in group], recipe)
            )
            with torch.autocast(where.type, torch.bfloat16):
                logits = model(**inputs).float()
            loss = binary_cross_entropy_with_logits(logits, targets, reduction="none", pos_weight=weight)
            if recipe.focal:
                loss = loss * (logits.sigmoid() - targets).abs().detach() ** recipe.focal
            loss = (loss.sum(2) * counts).sum() / counts.sum()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            optimiser.zero_grad(set_to_none=True)
            done += 1
            running += (loss.item() - running) / min(done, 50)
            if done % 100 == 0 or done == steps:
                say(f"step {done}/{steps}: loss {running:.3f}, {time.monotonic() - began:.0f} s", flush=True)
    return model.eval()


def wanted(examples: Sequence[Example], recipe: Recipe) -> tuple[torch.Tensor, torch.Tensor]:
    """Targets, padded to the most spans, and how much each span counts."""
    most = rounded(max(len(example.targets) for example in examples))
    targets = np.zeros((len(examples), most, examples[0].targets.shape[1]), dtype=np.float32)
    counts = np.zeros((len(examples), most), dtype=np.float32)
    for number, example in enumerate(examples):
        spans, sentences = len(example.targets), len(example.passage.sentences)
        targets[number, :spans] = example.targets * (1 - recipe.smoothing) + recipe.smoothing / 2
        counts[number, :sentences] = 1
        counts[number, sentences:spans] = recipe.clauses
    return torch.from_numpy(targets), torch.from_numpy(counts)


@torch.inference_mode()
def predict(model: ToneClassifier, tokenizer: Tokenizer, passages: Sequence[Passage]) -> list[np.ndarray]:
    """Logits in fp32: one array a passage, a row for each of its sentences and after them of its clauses."""
    where = next(model.parameters()).device
    model.eval()
    encoded = encode(tokenizer, passages)
    order = sorted(range(len(encoded)), key=lambda index: len(encoded[index].ids))
    rows: list[np.ndarray] = [np.zeros(0)] * len(encoded)
    for start in range(0, len(order), 32):
        group = order[start : start + 32]
        batch = padded([encoded[index] for index in group])
        logits = (
            model(**{name: torch.from_numpy(value).to(where) for name, value in batch.items()})
            .float()
            .cpu()
            .numpy()
        )
        for index, row in zip(group, logits, strict=True):
            rows[index] = row[: len(encoded[index].spans)]
    return rows
