"""The rules of all packs of an installation, from their files or as they were compiled before."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from tonecheck import packcache
from tonecheck.errors import RulePackError
from tonecheck.phrase import Lexicon
from tonecheck.rulepack.reading import load_file
from tonecheck.rulepack.rule import Rule
from tonecheck.rulepack.yamlfile import bytes_of

_NO_RULES = ("phrasings", "rewrites")


def pack_files(folder: Path) -> Iterator[Path]:
    """All pack files under ``folder`` (or ``folder`` itself, if it is one), in a stable order, lexicons first.

    What stands in ``phrasings`` and ``rewrites`` is no rule (see ``tonecheck.rewrite``).
    """
    if folder.is_file():
        yield folder
        return
    files = sorted(
        path
        for suffix in ("*.yaml", "*.yml")
        for path in folder.rglob(suffix)
        if path.relative_to(folder).parts[0] not in _NO_RULES
    )
    yield from sorted(files, key=lambda path: path.name != "lexicon.yaml")


def load(folders: Iterable[Path], *, examples: bool = False) -> list[Rule]:
    """All rules of all packs, with their ``examples`` only if asked for (they take the longest to read).

    Raises ``RulePackError`` for a fault, a double id, or when there is no rule at all.
    """
    paths: list[Path] = []
    looked_in: list[str] = []
    for folder in folders:
        looked_in.append(str(folder))
        if not folder.exists():
            raise RulePackError(
                f"{folder}:1: there is no such rule pack; give a .yaml file or a folder of them"
            )
        paths += pack_files(folder)
    contents = {path: bytes_of(path) for path in paths}
    key = packcache.digest({str(path): content for path, content in contents.items()})
    stored = None if examples else packcache.read(key)
    if stored is not None:
        return [_restored(row) for row in stored]
    rules = _load_all(paths, contents)
    if not rules:
        raise RulePackError(f"no rules were found in {', '.join(looked_in)}; nothing would be checked")
    if not examples:
        packcache.write(key, rules)
    return rules


_TUPLES = (
    "unless",
    "only_if",
    "sentence_has",
    "sentence_lacks",
    "message_has",
    "message_lacks",
    "exceptions",
    "aliases",
)


def _restored(row: dict[str, Any]) -> Rule:
    for name in ("effective_from", "effective_until"):
        if row[name]:
            row[name] = datetime.date.fromisoformat(row[name])
    for name in _TUPLES:
        row[name] = tuple(row[name])
    row["applies"] = {name: tuple(values) for name, values in row["applies"].items()}
    return Rule(**row)


def _load_all(paths: Iterable[Path], contents: Mapping[Path, bytes]) -> list[Rule]:
    rules: dict[str, Rule] = {}
    lexicon = Lexicon()
    for path in paths:
        found, lexicon_of_pack = load_file(path, lexicon, contents[path])
        if path.name == "lexicon.yaml":
            lexicon = lexicon_of_pack
        for rule in found:
            if rule.id in rules:
                raise RulePackError(
                    f"{rule.place}:1: the id {rule.id} is taken by {rules[rule.id].place}; rename one of them"
                )
            rules[rule.id] = rule
    return list(rules.values())
