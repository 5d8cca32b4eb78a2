"""How near the training data comes to messages that it is measured on.

    python -m training.tone.contamination LABELLED.jsonl

Two views: character 5-grams shared by two sentences (Jaccard), which sees copies and small edits, and the cosine of their
embeddings by the base encoder, which sees paraphrases (needs torch). Sentences of fewer than seven words are left out:
"Thank you for your payment" belongs to nobody.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from tonecheck.sentences import sentence_spans
from training.tone.examples import passage_files, read_passages

DATA = Path(__file__).parents[1] / "data"
FEWEST_WORDS = 7
LENGTH = 5  # of a gram, in characters
# A gram in more sentences than this finds no candidates; what is a copy shares rarer ones.
MOST_COMMON = 400


class Pair(NamedTuple):
    likeness: float
    measured: str
    written: str


def sentences_of(text: str) -> list[str]:
    found = [text[start:end] for start, end in sentence_spans(text)]
    return [sentence for sentence in found if len(re.findall(r"[A-Za-z']+", sentence)) >= FEWEST_WORDS]


def training_sentences() -> list[str]:
    files = passage_files()
    return sorted({sentence for written in read_passages(files) for sentence in sentences_of(written.text)})


def measured_sentences(path: Path) -> list[str]:
    records = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return sorted({sentence for record in records for sentence in sentences_of(record["text"])})


def grams(text: str) -> set[str]:
    plain = " ".join(re.findall(r"[a-z0-9']+", text.lower()))
    return {plain[at : at + LENGTH] for at in range(len(plain) - LENGTH + 1)}


def nearest_by_characters(measured: Sequence[str], written: Sequence[str]) -> list[Pair]:
    """For each measured sentence the written one that shares most of its characters, the nearest pair first."""
    sets = [grams(sentence) for sentence in written]
    owners: dict[str, list[int]] = defaultdict(list)
    for number, own in enumerate(sets):
        for gram in own:
            owners[gram].append(number)
    pairs = []
    for sentence in measured:
        own = grams(sentence)
        candidates: Counter[int] = Counter()
        for gram in own:
            if len(owners.get(gram, ())) <= MOST_COMMON:
                candidates.update(owners.get(gram, ()))
        best = Pair(0.0, sentence, "")
        for number, _ in candidates.most_common(20):
            likeness = len(own & sets[number]) / len(own | sets[number])
            best = max(best, Pair(likeness, sentence, written[number]))
        pairs.append(best)
    return sorted(pairs, reverse=True)


def nearest_by_meaning(measured: Sequence[str], written: Sequence[str], encoder: Path) -> list[Pair]:
    """The same by the cosine of mean-pooled embeddings of the encoder in ``encoder``. Raises ``ImportError`` without torch."""
    one, other = _embedded(measured, encoder), _embedded(written, encoder)
    pairs = []
    for number, row in enumerate(one):
        cosine = other @ row
        at = int(cosine.argmax())
        pairs.append(Pair(float(cosine[at]), measured[number], written[at]))
    return sorted(pairs, reverse=True)


def _embedded(sentences: Sequence[str], encoder: Path) -> np.ndarray:
    import torch
    from tokenizers import Tokenizer
    from transformers import BertModel

    tokenizer = Tokenizer.from_file(str(encoder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(64)
    model = BertModel.from_pretrained(encoder, add_pooling_layer=False).eval()
    encoded = tokenizer.encode_batch(list(sentences))
    order = sorted(range(len(encoded)), key=lambda number: len(encoded[number].ids))
    rows = np.zeros((len(encoded), model.config.hidden_size), dtype=np.float32)
    for start in range(0, len(order), 128):
        group = order[start : start + 128]
        longest = max(len(encoded[number].ids) for number in group)
        ids = torch.zeros((len(group), longest), dtype=torch.long)
        for row, number in enumerate(group):
            ids[row, : len(encoded[number].ids)] = torch.tensor(encoded[number].ids)
        mask = (ids > 0).long()
        with torch.inference_mode():
            states = model(input_ids=ids, attention_mask=mask).last_hidden_state
        mean = (states * mask.unsqueeze(-1)).sum(1) / mask.sum(1, keepdim=True)
        rows[group] = torch.nn.functional.normalize(mean, dim=1).numpy()
    return rows


def main() -> int:
    from training.tone.base import base_encoder

    measured, written = measured_sentences(Path(sys.argv[1])), training_sentences()
    print(f"{len(measured)} sentences measured, {len(written)} written")
    encoder = base_encoder()
    for name, pairs in (
        ("characters", nearest_by_characters(measured, written)),
        ("meaning", nearest_by_meaning(measured, written, encoder)),
    ):
        print(
            f"nearest by {name}: highest {pairs[0].likeness:.3f}, median {pairs[len(pairs) // 2].likeness:.3f}"
        )
        for pair in pairs[:15]:
            print(f"  {pair.likeness:.3f}  {pair.measured!r}\n         {pair.written!r}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
