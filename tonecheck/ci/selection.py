"""Which findings a run shows: all, or those that the baseline does not know and that stand on changed lines."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tonecheck.ci.baseline import Baseline, Matching
from tonecheck.ci.diff import changed_lines, on_changed_lines
from tonecheck.ci.findings import Located, relative
from tonecheck.errors import UserError


class Selection:
    """What ``--baseline``, ``--update-baseline``, ``--new-baseline`` and ``--diff`` ask for, in one run over ``paths``.

    Raises ``UserError`` for a baseline that cannot be read and for what git cannot answer.
    """

    def __init__(
        self,
        paths: Sequence[str],
        *,
        baseline: str | None = None,
        update: bool = False,
        new: bool = False,
        ref: str | None = None,
    ) -> None:
        if baseline is None and (update or new):
            raise UserError(
                "--update-baseline and --new-baseline need --baseline FILE, which says where it is"
            )
        self._path = Path(baseline) if baseline is not None else None
        self._update, self._new = update, new
        self._baseline, self._matching = self._opened()
        self._changed: dict[str, set[int]] | None = None
        if ref is not None:
            self._changed = {relative(path): lines for path, lines in changed_lines(ref, paths).items()}
        self._seen: list[Located] = []
        self._checked: list[str] = []

    def _opened(self) -> tuple[Baseline | None, Matching | None]:
        if self._path is None:
            return None, None
        if self._new and not self._path.exists():
            baseline = Baseline(self._path.parent)
        else:
            baseline = Baseline.read(self._path)
        return baseline, baseline.matching()

    def pick(self, path: str, items: Sequence[Located]) -> tuple[list[bool], list[str]]:
        """For each finding of one file whether it is shown, and what to say of those that are not. To be called once for each file.

        ``path``: the file as the call names it.
        """
        self._checked.append(relative(path))
        self._seen += items
        known = [self._is_known(item) for item in items]
        aside = [
            not hidden and not self._stands_on_change(item) for hidden, item in zip(known, items, strict=True)
        ]
        reasons = []
        if count := sum(known):
            reasons.append(f"{_findings(count)} of the baseline not shown")
        if count := sum(aside):
            reasons.append(f"{_findings(count)} on lines that did not change not shown")
        return [not (hidden or off) for hidden, off in zip(known, aside, strict=True)], reasons

    def _is_known(self, item: Located) -> bool:
        # What a new baseline takes in is known from now on.
        return self._new or (self._matching is not None and self._matching.is_known(item))

    def _stands_on_change(self, item: Located) -> bool:
        return self._changed is None or on_changed_lines(item, self._changed.get(item.path))

    def finish(self) -> str | None:
        """Write the baseline if that was asked for. What is to be said about it in one line, if anything. Raises ``UserError``."""
        if self._baseline is None or self._matching is None or self._path is None:
            return None
        if self._new:
            self._baseline.renewed(self._seen, self._checked).write(self._path)
            return f"{self._path}: holds {_findings(len(self._seen))} of this run"
        stale = self._matching.stale(self._checked)
        count = sum(stale.values())
        if not count:
            return None
        if self._update:
            self._baseline.without(stale).write(self._path)
            return f"{self._path}: {_findings(count)} mended and taken out"
        key = next(iter(stale))
        more = f" and {count - 1} more" if count > 1 else ""
        return f"{self._path}: {key.rule} in {key.path}{more} mended; take it out with --update-baseline"


def _findings(count: int) -> str:
    return f"{count} finding{'' if count == 1 else 's'}"
