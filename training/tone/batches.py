"""Passages side by side, padded to one length, as the network learns from them. Shipped, it reads one at a time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tonecheck.model.encode import Encoded, arrays

# Sizes of batches are rounded up to this: a CPU compiles its kernels anew for each size that it has not met.
SIZES = 16


def rounded(size: int) -> int:
    return -(-size // SIZES) * SIZES


def padded(rows: Sequence[Encoded]) -> dict[str, np.ndarray]:
    """What ``tonecheck.model.encode.arrays`` gives for each of the rows, and ``attention_mask`` of the shape of ``input_ids``, which is 0
    where nothing stands."""
    longest = rounded(max(len(row.ids) for row in rows))
    most = rounded(max(len(row.spans) for row in rows))
    ids = np.zeros((len(rows), longest), dtype=np.int64)
    mask = np.zeros_like(ids)
    pooling = np.zeros((len(rows), most, longest), dtype=np.float32)
    for number, row in enumerate(rows):
        alone = arrays(row)
        ids[number, : len(row.ids)] = alone["input_ids"]
        mask[number, : len(row.ids)] = 1
        pooling[number, : len(row.spans), : len(row.ids)] = alone["pooling"]
    return {"input_ids": ids, "attention_mask": mask, "pooling": pooling}
