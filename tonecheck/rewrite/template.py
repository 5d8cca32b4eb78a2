"""Phrasings with slots: ``"Could you please send us[ {amount}][ by {date}]?"``.

A slot is filled with a fact as it stands in the draft. ``[...]`` is kept where all of its slots are filled. The
second fact of a kind goes to ``{amount2}``, and so on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

_PIECE = re.compile(r"\[([^\[\]]*)\]|([^\[\]]+)")
_SLOT = re.compile(r"\{([a-z_]+?)(\d?)\}")

Facts = Mapping[str, Sequence[str]]
"""By kind of fact: what the draft says, in its order."""


@dataclass(frozen=True)
class Template:
    """Raises ``ValueError`` for brackets that do not pair."""

    text: str

    def __post_init__(self) -> None:
        if self.text.count("[") != self.text.count("]") or "".join(self._whole()) != self.text:
            raise ValueError(f"{self.text!r}: an optional part is written [like this], and parts do not nest")

    def _whole(self) -> Iterator[str]:
        for optional, plain in _PIECE.findall(self.text):
            yield plain or f"[{optional}]"

    @cached_property
    def _parts(self) -> tuple[tuple[str, bool, frozenset[str]], ...]:
        """Text, whether it is optional, and its slots."""
        found = []
        for match in _PIECE.finditer(self.text):
            text, optional = (match[2], False) if match[1] is None else (match[1], True)
            found.append((text, optional, frozenset("".join(slot) for slot in _SLOT.findall(text))))
        return tuple(found)

    @cached_property
    def slots(self) -> frozenset[str]:
        return frozenset[str]().union(*(slots for _, _, slots in self._parts))

    @cached_property
    def required(self) -> frozenset[str]:
        """The slots outside of optional parts."""
        return frozenset[str]().union(*(slots for _, optional, slots in self._parts if not optional))

    def filled(self, values: Mapping[str, str]) -> str | None:
        """The text with ``values`` in its slots; ``None`` if a required one has none. A fact that begins a sentence, and a
        full stop after one that ends with it, are fitted."""
        if not values.keys() >= self.required:
            return None
        text = "".join(
            part for part, optional, slots in self._parts if not optional or slots <= values.keys()
        )
        return _SLOT.sub(lambda slot: values[slot[1] + slot[2]], text).replace("..", ".")

    def carrying(self, facts: Facts) -> str | None:
        """The text with all of these facts in it, each once; ``None`` where it has no room for one or lacks one."""
        values = {
            kind + (str(number + 1) if number else ""): text
            for kind, texts in facts.items()
            for number, text in enumerate(texts)
        }
        return self.filled(values) if values.keys() <= self.slots else None

    def variants(self) -> Iterator[frozenset[str]]:
        """Every set of slots that it can be filled with."""
        optional = [slots for _, is_optional, slots in self._parts if is_optional]
        seen = set()
        for chosen in product((False, True), repeat=len(optional)):
            slots = self.required.union(
                *(part for part, wanted in zip(optional, chosen, strict=True) if wanted)
            )
            if slots not in seen:
                seen.add(slots)
                yield slots
