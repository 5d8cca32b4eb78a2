"""Compiled rule packs between runs.

Reading a few hundred rules costs more than checking a draft with them, so what was read is kept in the user's cache
folder under the digest of the packs' contents. Nothing about drafts is ever written. ``TONECHECK_CACHE`` names another
folder, or ``off``. A cache that cannot be read or written is as good as none.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import fields
from itertools import chain
from pathlib import Path
from typing import Any

from tonecheck import __version__
from tonecheck.phrase import Lexicon, Phrase

ENVIRONMENT = "TONECHECK_CACHE"
_LAYOUT = 4  # of the file; a file of another layout has another name


def digest(contents: Mapping[str, bytes]) -> str:
    """A name for these packs as this version of tonecheck compiles them."""
    total = hashlib.sha256(f"{__version__} {_LAYOUT}".encode())
    for name, content in contents.items():
        total.update(f"\0{name}\0{len(content)}\0".encode("utf-8", "surrogateescape"))
        total.update(content)
    return total.hexdigest()[:32]


def folder() -> Path | None:
    """Where compiled packs are kept; ``None`` when that is switched off."""
    chosen = os.environ.get(ENVIRONMENT)
    if chosen:
        return None if chosen == "off" else Path(chosen)
    from platformdirs import user_cache_path

    return user_cache_path("tonecheck", appauthor=False)


def read(key: str) -> list[dict[str, Any]] | None:
    """The fields of the rules stored under ``key``, lexicons included, or ``None``."""
    place = folder()
    if place is None:
        return None
    try:
        data = json.loads((place / f"rules-{key}.json").read_bytes())
        sets = [frozenset(words) for words in data["sets"]]
        lexicons = [_lexicon(raw, sets) for raw in data["lexicons"]]
        return [{**raw, "lexicon": lexicons[raw["lexicon"]]} for raw in data["rules"]]
    except (OSError, ValueError, LookupError, TypeError):
        return None


def write(key: str, rules: Iterable[Any]) -> None:
    """Store rules under ``key``; examples are left out. Older files of the same kind are dropped."""
    place = folder()
    if place is None:
        return
    lexicons: list[Lexicon] = []
    numbers: dict[int, int] = {}
    rows = []
    for rule in rules:
        number = numbers.setdefault(id(rule.lexicon), len(lexicons))
        if number == len(lexicons):
            lexicons.append(rule.lexicon)
        row = {
            field.name: getattr(rule, field.name)
            for field in fields(rule)
            if field.name not in ("lexicon", "examples")
        }
        rows.append({**row, "lexicon": number})
    sets: dict[frozenset[str], int] = {}
    for lexicon in lexicons:
        for phrase in lexicon.phrases.values():
            for part in chain.from_iterable(phrase.needs):
                sets.setdefault(part, len(sets))
    plain = [_plain(lexicon, sets) for lexicon in lexicons]
    data = {"sets": [sorted(part) for part in sets], "lexicons": plain, "rules": rows}
    with suppress(OSError):
        place.mkdir(parents=True, exist_ok=True)
        for old in sorted(place.glob("rules-*.json"), key=lambda path: path.stat().st_mtime)[:-8]:
            old.unlink(missing_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=place, delete=False, encoding="utf-8") as file:
            json.dump(data, file, default=_json)
        Path(file.name).replace(place / f"rules-{key}.json")


def _json(value: object) -> object:
    if isinstance(value, datetime.date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in a compiled rule")


def _plain(lexicon: Lexicon, numbers: Mapping[frozenset[str], int]) -> dict[str, Any]:
    return {
        "verbs": {name: list(forms) for name, forms in lexicon.verbs.items()},
        "phrases": [
            [
                phrase.source,
                phrase.before,
                phrase.regex,
                phrase.after,
                [[numbers[part] for part in way] for way in phrase.needs],
            ]
            for phrase in lexicon.phrases.values()
        ],
    }


def _lexicon(raw: dict[str, Any], sets: list[frozenset[str]]) -> Lexicon:
    phrases = {
        source: Phrase(
            source, before, regex, after, tuple(tuple(sets[number] for number in way) for way in needs)
        )
        for source, before, regex, after, needs in raw["phrases"]
    }
    return Lexicon({}, {name: tuple(forms) for name, forms in raw["verbs"].items()}, phrases)
