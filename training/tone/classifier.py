"""The network: the encoder over a passage, the mean over the word pieces of each sentence or clause, one linear layer.

The base encoder was trained with mean pooling, so its first token carries little. Neighbours are read through attention and
left out of the mean, so that a harsh one does not colour the sentence; all sentences and clauses of a passage share one run.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import nn
from transformers import BertConfig, BertModel


class ToneClassifier(nn.Module):
    """``forward`` gives logits of shape (passages, spans, outputs); see ``training.tone.batches.padded``."""

    def __init__(self, config: BertConfig, outputs: Sequence[str]) -> None:
        super().__init__()
        self.outputs = tuple(outputs)
        self.bert = BertModel(config, add_pooling_layer=False)
        heads = getattr(config, "kept_heads", config.num_attention_heads)
        if heads < config.num_attention_heads:
            _keep_heads(self.bert, heads)
        self.dropout = nn.Dropout(config.hidden_dropout_prob)
        self.head = nn.Linear(config.hidden_size, len(self.outputs))

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor, pooling: torch.Tensor
    ) -> torch.Tensor:
        logits: torch.Tensor = self.head(self.dropout(self.vectors(input_ids, attention_mask, pooling)))
        return logits

    def vectors(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor, pooling: torch.Tensor
    ) -> torch.Tensor:
        """What a span means, of shape (passages, spans, width)."""
        states = self.bert(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        return pooling.to(states.dtype) @ states

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.bert.config.save_pretrained(folder)
        save_file(
            {name: value.contiguous() for name, value in self.state_dict().items()},
            folder / "tone.safetensors",
        )

    @classmethod
    def load(cls, folder: Path, outputs: Sequence[str]) -> ToneClassifier:
        model = cls(BertConfig.from_pretrained(folder), outputs)
        model.load_state_dict(load_file(folder / "tone.safetensors"))
        return model.eval()


def _keep_heads(bert: BertModel, heads: int) -> None:
    """Attention with fewer heads, each as wide as before (see ``training.tone.prune``), which a ``BertConfig`` cannot say."""
    for layer in bert.encoder.layer:
        attention = layer.attention.self
        inner = heads * attention.attention_head_size
        attention.num_attention_heads, attention.all_head_size = heads, inner
        for name in ("query", "key", "value"):
            setattr(attention, name, nn.Linear(getattr(attention, name).in_features, inner))
        layer.attention.output.dense = nn.Linear(inner, layer.attention.output.dense.out_features)
