"""A list of known findings, so that a team can begin today and mend the old ones by and by.

The file holds, for each finding, its rule, its file (relative to the folder of the baseline), a digest of the words found and
how often they occur; never a word of a draft. It only ever shrinks, unless a new one is asked for.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tonecheck.ci.findings import STDIN, Located
from tonecheck.errors import UserError

_VERSION = 1
_MARK = "tonecheck_baseline"


class Key(NamedTuple):
    """What a known finding is told by. ``path`` is relative to the folder of the baseline, with forward slashes."""

    path: str
    rule: str
    excerpt: str


class Baseline:
    """Known findings with their counts, and the folder that their paths begin at."""

    def __init__(self, folder: Path, entries: Mapping[Key, int] | None = None) -> None:
        self.folder = folder
        self.entries = dict(entries or {})

    @classmethod
    def read(cls, path: Path) -> Baseline:
        """Raises ``UserError``, with the path, for a file that is not there or is no baseline."""
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError as err:
            raise UserError(f"{path}: there is no such baseline; make one with --new-baseline") from err
        except OSError as err:
            raise UserError(f"{path}: cannot be read: {err.strerror}") from err
        except (ValueError, RecursionError) as err:
            raise UserError(f"{path}: is not JSON; make a new baseline with --new-baseline") from err
        if (
            not isinstance(data, dict)
            or data.get(_MARK) != _VERSION
            or not isinstance(data.get("entries"), list)
        ):
            raise UserError(f"{path}: is no baseline of this release; make a new one with --new-baseline")
        entries: Counter[Key] = Counter()
        for number, row in enumerate(data["entries"], 1):
            entries.update(_entry(row, f"{path}: entry {number}"))
        return cls(path.parent, entries)

    def write(self, path: Path) -> None:
        """In the order of files, rules and digests, so that changes are easy to review. Raises ``UserError``."""
        rows = [
            {"path": key.path, "rule": key.rule, "excerpt": key.excerpt, "count": count}
            for key, count in sorted(self.entries.items())
        ]
        try:
            path.write_text(json.dumps({_MARK: _VERSION, "entries": rows}, indent=2) + "\n", encoding="utf-8")
        except OSError as err:
            raise UserError(f"{path}: cannot be written: {err.strerror}") from err

    def matching(self) -> Matching:
        """Begin to tell known findings from new ones."""
        return Matching(self)

    def without(self, stale: Mapping[Key, int]) -> Baseline:
        """The same with stale entries taken out: it can only be smaller."""
        entries = {key: count - stale.get(key, 0) for key, count in self.entries.items()}
        return Baseline(self.folder, {key: count for key, count in entries.items() if count > 0})

    def renewed(self, items: Sequence[Located], checked: Iterable[str]) -> Baseline:
        """A baseline that knows ``items``; what it knew of files that were not checked, and are still there, stays."""
        known = {self.path(path) for path in checked}
        kept = {
            key: count for key, count in self.entries.items() if key.path not in known and self.has(key.path)
        }
        return Baseline(self.folder, {**kept, **Counter(self.key(item) for item in items)})

    def key(self, item: Located) -> Key:
        return Key(self.path(item.path), item.rule, item.excerpt)

    def has(self, path: str) -> bool:
        """Whether the file of an entry is still there."""
        return path == STDIN or (self.folder / path).exists()

    def path(self, path: str) -> str:
        """The path of a finding as the baseline writes it."""
        if path == STDIN:
            return path
        return Path(os.path.relpath(path, self.folder)).as_posix()


class Matching:
    """One pass over findings, in which each entry stands for as many of them as it counts."""

    def __init__(self, baseline: Baseline) -> None:
        self._baseline = baseline
        self._left = Counter(baseline.entries)

    def is_known(self, item: Located) -> bool:
        """Whether the baseline knows the finding; each call uses up one of its count."""
        key = self._baseline.key(item)
        if self._left[key] <= 0:
            return False
        self._left[key] -= 1
        return True

    def stale(self, checked: Iterable[str]) -> dict[Key, int]:
        """The entries that no finding used up, with what is left of their counts, if their file was checked or is gone.

        ``checked``: the files that were looked at, as findings name them.
        """
        known = {self._baseline.path(path) for path in checked}
        return {
            key: count
            for key, count in sorted(self._left.items())
            if count > 0 and (key.path in known or not self._baseline.has(key.path))
        }


def _entry(row: Any, place: str) -> Iterator[Key]:
    """The key of a row, as often as it counts."""
    if not isinstance(row, dict) or not all(isinstance(row.get(name), str) for name in Key._fields):
        raise UserError(f"{place} needs the texts 'path', 'rule' and 'excerpt'; restore it, or take it out")
    count = row.get("count", 1)
    if not isinstance(count, int) or isinstance(count, bool) or not 1 <= count <= 1_000_000:
        raise UserError(f"{place}: 'count' is a whole number from 1 on")
    yield from [Key(row["path"], row["rule"], row["excerpt"])] * count
