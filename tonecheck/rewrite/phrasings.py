"""The bank of approved phrasings: ``rules/phrasings``, by intent, by content element and by good practice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from tonecheck.config import data_folder
from tonecheck.errors import RulePackError, one_of
from tonecheck.profile import VALUES, Profile
from tonecheck.rewrite.facts import commitments_of
from tonecheck.rewrite.template import Facts, Template
from tonecheck.rulepack import read_yaml

FORMALITIES = ("plain", "formal", "casual")
_FIELDS = {
    "channels": VALUES["channel"],
    "stages": VALUES["stage"],
    "jurisdictions": VALUES["jurisdiction"],
    "senders": VALUES["sender"],
    "audiences": VALUES["audience"],
}
_KEYS = ("text", "formality", "offers", *_FIELDS)
# What suits a channel best. A text message stays short, a letter may be formal.
_FORMALITY_OF = {"letter": "formal", "sms": "casual", "chat": "casual"}
_SHORT = 100  # code points; longer phrasings come later in a text message or a chat


@dataclass(frozen=True)
class Phrasing:
    """One approved way to say something. ``only``: the profiles that it is for, by field; all where a field is missing.
    ``offers``: it undertakes something that the sender has to be able to keep."""

    template: Template
    formality: str
    only: Mapping[str, tuple[str, ...]]
    offers: bool

    def suits(self, profile: Profile) -> bool:
        return all(getattr(profile, name) in values for name, values in self.only.items())

    def rank(self, profile: Profile) -> tuple[int, bool, int, int]:
        """The smaller, the better it suits: what is made for the profile first, in the channel's own register."""
        misfit = self.formality not in ("plain", _FORMALITY_OF.get(profile.channel, "plain"))
        longish = profile.channel in ("sms", "chat") and len(self.template.text) > _SHORT
        made_for = len(self.only) + (self.formality == _FORMALITY_OF.get(profile.channel))
        # What undertakes nothing needs nobody to see whether it can be kept.
        # Every sign counts in a text message. Who has paid is thanked for that, not for reading.
        length = len(self.template.text) if profile.channel == "sms" else 0
        vague = profile.stage == "thanks" and "stage" not in self.only
        return (misfit + longish + self.offers, vague, length, -made_for)


@dataclass(frozen=True)
class Group:
    """The phrasings of one intent, element or practice."""

    kind: str  # intent | element | practice
    name: str
    phrasings: tuple[Phrasing, ...]

    def ranked(self, profile: Profile) -> list[Phrasing]:
        """Those for the profile, the best first; equals keep the order of the file."""
        return _ranked(self.kind, self.name, profile)

    def carrying(self, facts: Facts, profile: Profile) -> Iterator[tuple[Phrasing, str]]:
        """The phrasings that can say all of ``facts`` and no other, filled, the best first."""
        for phrasing in self.ranked(profile):
            text = phrasing.template.carrying(facts)
            if text is not None:
                yield phrasing, text


@lru_cache(maxsize=4096)
def _ranked(kind: str, name: str, profile: Profile) -> list[Phrasing]:
    suiting = (one for one in bank()[kind, name].phrasings if one.suits(profile))
    return sorted(suiting, key=lambda one: one.rank(profile))


@cache
def bank() -> Mapping[tuple[str, str], Group]:
    """All groups by kind and name. Raises ``RulePackError`` for a file that cannot be used."""
    groups = [read_group(path) for path in sorted(folder().rglob("*.yaml"))]
    return {(group.kind, group.name): group for group in groups}


def folder() -> Path:
    return data_folder("rules") / "phrasings"


def read_group(path: Path) -> Group:
    """One file. Raises ``RulePackError`` with the place and the mend."""
    _, data = read_yaml(path)
    kind = next((kind for kind in ("intent", "element", "practice") if kind in (data or {})), None)
    if kind is None or not isinstance(data.get("phrasings"), list):
        raise RulePackError(
            f"{path}:1: a file of phrasings has 'intent', 'element' or 'practice', and a list 'phrasings'"
        )
    return Group(kind, str(data[kind]), tuple(_phrasing(raw, path) for raw in data["phrasings"]))


def _phrasing(raw: Mapping[str, Any], path: Path) -> Phrasing:
    for key in raw:
        if key not in _KEYS:
            raise RulePackError(f"{path}:1: {one_of(key, _KEYS, 'key')}")
    for key, allowed in _FIELDS.items():
        for value in raw.get(key, ()):
            if value not in allowed:
                raise RulePackError(f"{path}:1: {one_of(value, allowed, key)}")
    try:
        template = Template(raw["text"])
    except (KeyError, ValueError) as err:
        raise RulePackError(f"{path}:1: {err}") from err
    return Phrasing(
        template,
        raw.get("formality", "plain"),
        {key.removesuffix("s"): tuple(raw[key]) for key in _FIELDS if key in raw},
        bool(raw.get("offers")) or bool(commitments_of(raw["text"])),
    )
