"""What a recogniser hands out, and the characters that stand for it in masked text."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import NamedTuple

KINDS = ("amount", "date", "period", "time", "phone", "email", "link", "bank", "reference", "placeholder")

# One control character per kind, so that a pattern can ask for "an amount" on a text of the same length. They are
# neither printed nor white space, and as ASCII they keep byte and code point offsets the same in most messages.
MASKS: dict[str, str] = {kind: chr(0x0E + index) for index, kind in enumerate(KINDS)}

# A control character that the writer typed must not pass for an entity.
_FOREIGN = {ord(mask): "\x7f" for mask in MASKS.values()}


class Entity(NamedTuple):
    """A concrete fact: ``text[start:end]``, in code points, is of ``kind`` (see ``KINDS``).

    ``value`` is what the words certainly mean, else ``None``:

    - amount: ``(Decimal, ISO code or None)``
    - date: ``dict`` with ``kind`` (``day``, ``weekday``, ``month``, ``end``), ``day``, ``month``, ``year``,
      ``weekday`` (Monday is 0); what is unknown, or depends on the country's order, is ``None``
    - period: ``(number or None, unit)``, the larger number of a range
    - bank: ``(type, string)``, types ``iban``, ``bic``, ``sort_code``, ``account``, ``routing``
    - email, link, phone, reference: the normalised string
    - time: ``"HH:MM"``, or ``None`` for opening days such as "Monday to Friday"
    - placeholder: the name inside, in lower case
    """

    kind: str
    start: int
    end: int
    value: object = None


def is_free(entities: Sequence[Entity], start: int, end: int) -> bool:
    """Whether no entity touches ``[start, end)``. ``entities`` are ordered and do not overlap, as ``find_entities`` gives them."""
    number = bisect_left(entities, end, key=lambda one: one.start)
    return number == 0 or entities[number - 1].end <= start


def mask(text: str, entities: Iterable[Entity]) -> str:
    """``text`` with every entity's characters replaced by the mask of its kind; the length stays the same.

    ``entities`` are ordered and do not overlap, as ``find_entities`` gives them.
    """
    if any(char in text for char in MASKS.values()):
        text = text.translate(_FOREIGN)
    pieces, at = [], 0
    for entity in entities:
        pieces.append(text[at : entity.start])
        pieces.append(MASKS[entity.kind] * (entity.end - entity.start))
        at = entity.end
    pieces.append(text[at:])
    return "".join(pieces)
