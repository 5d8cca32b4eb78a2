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


def arrays(rows: Sequence[Encoded], *, round_to: int = 1) -> dict[str, np.ndarray]:
    """What the network takes: ``input_ids`` and ``attention_mask`` of shape (passages, pieces), ``pooling`` of shape
    (passages, spans, pieces), whose rows sum to 1 and turn states into the mean over a span. Rows are padded to the
    longest; ``round_to`` rounds sizes up to a multiple."""
    import numpy as np

    longest = -(-max(len(row.ids) for row in rows) // round_to) * round_to
    most = -(-max(len(row.spans) for row in rows) // round_to) * round_to
    ids = np.zeros((len(rows), longest), dtype=np.int64)
    mask = np.zeros_like(ids)
    pooling = np.zeros((len(rows), most, longest), dtype=np.float32)
    for number, row in enumerate(rows):
        ids[number, : len(row.ids)] = row.ids
        mask[number, : len(row.ids)] = 1
        for place, (start, end) in enumerate(row.spans):
            end = min(end, len(row.ids))
            pooling[number, place, start:end] = 1 / max(1, end - start)
    return {"input_ids": ids, "attention_mask": mask, "pooling": pooling}
