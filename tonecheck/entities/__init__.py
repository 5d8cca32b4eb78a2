"""The concrete facts in a message: sums, dates, telephone numbers, links, bank details, references, blanks.

>>> [(entity.kind, entity.value) for entity in find_entities("Call 555-0142 by 5pm.")]
[('phone', '5550142'), ('time', '17:00')]
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from tonecheck.entities.amounts import find_amounts
from tonecheck.entities.bank import find_bank_details
from tonecheck.entities.dates import find_dates
from tonecheck.entities.entity import KINDS, MASKS, Entity, is_free, mask
from tonecheck.entities.links import find_links
from tonecheck.entities.phones import find_phones
from tonecheck.entities.placeholders import find_placeholders, placeholder_kind
from tonecheck.entities.references import find_references
from tonecheck.entities.times import find_periods, find_times

__all__ = ["KINDS", "MASKS", "Entity", "find_entities", "is_free", "mask", "placeholder_kind"]

# Who wins where two overlap: the earlier row, then the longer, then the first. References come after all of
# these, on a text that no longer shows them.
_RECOGNISERS = (
    find_links,
    find_placeholders,
    find_bank_details,
    find_phones,
    find_periods,
    find_times,
    find_dates,
    find_amounts,
)

_SURROGATES = re.compile("[\ud800-\udfff]")


def find_entities(text: str) -> list[Entity]:
    """The entities of ``text``, in its order, not overlapping; offsets in code points, linear time."""
    return list(_kept(text)) if len(text) <= _LONGEST_KEPT else _found(text)


# Messages and their sentences are asked about again and again while suggestions are weighed; nothing is written to disk.
_MOST_KEPT = 2048
_LONGEST_KEPT = 2000


@lru_cache(maxsize=_MOST_KEPT)
def _kept(text: str) -> tuple[Entity, ...]:
    return tuple(_found(text))


def _found(text: str) -> list[Entity]:
    try:
        return _find(text)
    except UnicodeEncodeError:  # half a character: RE2 reads UTF-8, which has none
        return _find(_SURROGATES.sub("\ufffd", text))


def _find(text: str) -> list[Entity]:
    candidates: list[tuple[int, int, int, Entity]] = []
    for rank, find in enumerate(_RECOGNISERS):
        candidates += [(rank, entity.start - entity.end, entity.start, entity) for entity in find(text)]
    candidates.sort(key=lambda row: row[:3])
    found = _without_overlaps((row[3] for row in candidates), len(text))
    references = sorted(find_references(mask(text, found)), key=lambda entity: (entity.start, -entity.end))
    found += _without_overlaps(references, len(text))
    return sorted(found, key=lambda entity: entity.start)


def _without_overlaps(ranked: Iterable[Entity], length: int) -> list[Entity]:
    """Those of ``ranked`` that overlap none before them, by start; ``length`` is that of the text."""
    taken = bytearray(length)
    kept = []
    for entity in ranked:
        if taken.find(1, entity.start, entity.end) < 0:
            taken[entity.start : entity.end] = b"\1" * (entity.end - entity.start)
            kept.append(entity)
    return sorted(kept, key=lambda entity: entity.start)
