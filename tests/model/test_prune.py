"""Taking heads and neurons out of a network (needs PyTorch: TONECHECK_TEST_TORCH=1 scripts/test)."""

from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="pruning needs PyTorch: TONECHECK_TEST_TORCH=1 scripts/test")

from transformers import BertConfig  # noqa: E402

from training.tone.classifier import ToneClassifier  # noqa: E402
from training.tone.prune import Worth, pruned  # noqa: E402

HEADS, NEURONS, LAYERS = 4, 16, 2


@pytest.fixture
def whole() -> ToneClassifier:
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=50,
        hidden_size=32,
        num_hidden_layers=LAYERS,
        num_attention_heads=HEADS,
        intermediate_size=NEURONS,
    )
    return ToneClassifier(config, ("threat", "blame")).eval()


@pytest.fixture
def worth() -> Worth:
    """The first two heads and the last ten neurons are worth most."""
    return Worth(
        [torch.tensor([4.0, 3.0, 2.0, 1.0])] * LAYERS, [torch.arange(NEURONS, dtype=torch.float32)] * LAYERS
    )


def inputs() -> dict[str, object]:
    return {
        "input_ids": torch.tensor([[3, 4, 5, 6]]),
        "attention_mask": torch.ones((1, 4), dtype=torch.long),
        "pooling": torch.full((1, 1, 4), 0.25),
    }


def test_when_nothing_is_taken_out_then_the_network_says_the_same(whole, worth):
    same = pruned(whole, worth, HEADS, NEURONS).eval()
    assert torch.allclose(same(**inputs()), whole(**inputs()), atol=1e-6)


def test_when_parts_that_do_nothing_are_taken_out_then_the_network_says_the_same(whole, worth):
    with torch.no_grad():
        for layer in whole.bert.encoder.layer:
            layer.attention.output.dense.weight[:, 16:] = 0  # what the last two heads give
            layer.output.dense.weight[:, :6] = 0  # what the first six neurons give
    less = pruned(whole, worth, 2, 10).eval()
    assert torch.allclose(less(**inputs()), whole(**inputs()), atol=1e-6)
    assert less.bert.encoder.layer[0].attention.self.query.weight.shape == (16, 32)


def test_when_a_pruned_network_is_saved_then_it_is_loaded_in_its_shape(whole, worth, tmp_path: Path):
    less = pruned(whole, worth, 2, 10).eval()
    less.save(tmp_path)
    again = ToneClassifier.load(tmp_path, less.outputs)
    assert torch.allclose(again(**inputs()), less(**inputs()))
