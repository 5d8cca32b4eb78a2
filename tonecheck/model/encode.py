"""Passages → word pieces, and which of them each sentence and clause covers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from tonecheck.model.passages import Passage

if TYPE_CHECKING:
    import numpy as np
    from tokenizers import Tokenizer

# Word pieces of a passage; what goes beyond is not read. No passage of prose comes near it.
MOST_PIECES = 384


class Encoded(NamedTuple):
    """``ids``: word pieces of the passage, sentences set apart by separators. ``spans``: for each sentence, and after all
    sentences for each clause in their order, the half-open range of word pieces that it covers."""

    ids: list[int]
    spans: list[tuple[int, int]]


def encode(tokenizer: Tokenizer, passages: Sequence[Passage]) -> list[Encoded]:
    """One encoding a passage. The tokenizer must add no special tokens of its own accord beyond the usual pair."""
    texts: list[str] = []
    for passage in passages:
        texts += [passage.before, *(sentence.text for sentence in passage.sentences)]
    tokenizer.no_padding()
    tokenizer.no_truncation()
    pieces = iter(tokenizer.encode_batch(texts, add_special_tokens=False))
    begin, end = (int(tokenizer.token_to_id(sign) or 0) for sign in ("[CLS]", "[SEP]"))
    result = []
    for passage in passages:
        ids = [begin]
        before = next(pieces)
        if before.ids:
            ids += [*before.ids, end]
        sentences: list[tuple[int, int]] = []
        clauses: list[tuple[int, int]] = []
        for sentence in passage.sentences:
            encoding = next(pieces)
            at = len(ids)
            sentences.append((at, at + len(encoding.ids)))
            for first, last in sentence.clauses:
                covered = [
                    number
                    for number, (start, stop) in enumerate(encoding.offsets)
                    if start < last and stop > first
                ]
                clauses.append((at + covered[0], at + covered[-1] + 1) if covered else sentences[-1])
            ids += [*encoding.ids, end]
        spans = [_within(span) for span in sentences + clauses]
        result.append(Encoded(ids[:MOST_PIECES], spans))
    return result


def _within(span: tuple[int, int]) -> tuple[int, int]:
    """A span of at least one piece, inside what is read."""
    start = min(span[0], MOST_PIECES - 1)
    return start, max(start + 1, min(span[1], MOST_PIECES))


def arrays(row: Encoded) -> dict[str, np.ndarray]:
    """What the network takes, for one passage: ``input_ids`` of shape (1, pieces), and ``pooling`` of shape (1, spans, pieces), whose rows
    sum to 1 and turn states into the mean over a span."""
    import numpy as np

    pooling = np.zeros((1, len(row.spans), len(row.ids)), dtype=np.float32)
    for place, (start, end) in enumerate(row.spans):
        end = min(end, len(row.ids))
        pooling[0, place, start:end] = 1 / max(1, end - start)
    return {"input_ids": np.array([row.ids], dtype=np.int64), "pooling": pooling}
