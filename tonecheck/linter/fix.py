"""Templates mended in their source: suggestions applied, each only if the linter then finds less, and nothing more on any branch.

An edit touches literal text alone, see ``tonecheck.linter.advice``. It is tried on a draft of the file; every template that the file has a part
in is linted again with it. Nothing is written here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from tonecheck.engine import Checker
from tonecheck.finding import TONE_CATEGORIES
from tonecheck.linter.linter import Linter, Looked
from tonecheck.linter.options import LintOptions
from tonecheck.linter.parsing import Mistake, Style, tags
from tonecheck.linter.run import lint, partials
from tonecheck.linter.sources import Unreadable, find, quick_names, source_of

MOST_PASSES = 5
# As often one template is linted again in one pass to find out which edits do no harm.
MOST_TRIALS = 40
_VERDICTS = ("send", "revise", "block")

Row = Mapping[str, Any]
# Whether each finding of a row is to be mended.
Select = Callable[[Row], Sequence[bool]]


class Changed(NamedTuple):
    """A file, as it is named in the output, with its text before and after."""

    path: str
    file: Path
    before: str
    after: str


@dataclass(frozen=True)
class Fixed:
    """``report`` is that on the mended templates. ``mended`` and ``left``: how many findings are gone and are there, of those that were to be
    mended. ``outside``: files that could have been mended and are not among the paths."""

    report: dict[str, Any]
    mended: int
    left: int
    changed: tuple[Changed, ...]
    outside: tuple[str, ...]

    def corrected(self, report: dict[str, Any]) -> Fixed:
        """The same for ``report``, where not every file could be written."""
        stayed = sum(len(row["findings"]) for row in report["files"]) - sum(
            len(row["findings"]) for row in self.report["files"]
        )
        written = tuple(one for one in self.changed if one.file.read_bytes() == one.after.encode("utf-8"))
        return Fixed(report, self.mended - stayed, self.left + stayed, written, self.outside)


def fix(
    paths: Iterable[str],
    options: LintOptions,
    *,
    unsafe: bool = False,
    select: Select | None = None,
    checker: Checker | None = None,
) -> Fixed:
    """Mend the templates that ``paths`` name, by safe suggestions or all of them. ``select`` is asked once about each row.

    Raises ``UserError`` as ``lint`` does.
    """
    return _Mender(list(paths), options, unsafe, select, checker).fixed()


@dataclass(frozen=True)
class Edit:
    """``texts[0]`` is written at ``[start, end)`` of a file; the others would do as well. ``rules``: the gravest of what it
    mends, by rule and path."""

    file: Path
    path: str
    choices: tuple[tuple[int, int, str], ...]
    rules: tuple[tuple[str, str], ...]
    severity: int

    @property
    def span(self) -> tuple[int, int, str]:
        return self.choices[0]

    def overlaps(self, other: Edit) -> bool:
        (start, end, _), (first, last, _) = self.span, other.span
        return self.file == other.file and ((start < last and first < end) or (start, end) == (first, last))


class _Mender:
    def __init__(
        self,
        paths: Sequence[str],
        options: LintOptions,
        unsafe: bool,
        select: Select | None,
        checker: Checker | None,
    ) -> None:
        self.linter = Linter(options, checker)
        self.unsafe = unsafe
        self.files = find(paths)
        self.partials = partials(self.files, paths, options)
        report = lint(paths, options, linter=self.linter)
        self.rows: dict[Path, Row] = dict(zip(self.files, report["files"], strict=True))
        self.hidden: set[tuple[str, str, str | None]] = set()
        if select is not None:
            for row in self.rows.values():
                shown = zip(row["findings"], select(row), strict=True)
                self.hidden |= {_name(finding) for finding, is_wanted in shown if not is_wanted}
        self.found = self._counted()
        self.given = [Path(path).resolve() for path in paths]
        self.looked: dict[Path, Looked] = {}
        self.before: dict[Path, tuple[str, str]] = {}
        self.outside: dict[str, None] = {}

    def fixed(self) -> Fixed:
        for _ in range(MOST_PASSES):
            done = [self._mend(file) for file in self.files]
            if not any(done):
                break
        changed = [
            Changed(path, file, text, self.linter.drafts[file])
            for file, (path, text) in self.before.items()
            if self.linter.drafts.get(file, text) != text
        ]
        report = {"files": list(self.rows.values())}
        left = self._counted()
        mended = (self.found - left).total()
        return Fixed(report, mended, left.total(), tuple(changed), tuple(self.outside))

    def _counted(self) -> Counter[tuple[str, str, str]]:
        """The findings that are to be mended, by template, file and rule."""
        return Counter(
            (row["path"], finding["path"], finding["rule"])
            for row in self.rows.values()
            for finding in row["findings"]
            if _name(finding) not in self.hidden
        )

    def _look(self, file: Path) -> Looked:
        if file not in self.looked:
            self.looked[file] = self.linter.look(file, partial=file in self.partials)
        return self.looked[file]

    # --- one template

    def _mend(self, file: Path) -> bool:
        """Apply what is suggested for one template; whether anything was."""
        if not self._edits(self.rows[file]):
            return False
        # A row that was remembered does not say enough.
        edits = self._edits(self._look(file).row)
        return bool(edits) and _Trials(self, file).accepted(edits)

    def _edits(self, row: Row) -> list[Edit]:
        """The edits for a row, the gravest finding first and the widest edit; none that overlaps one before it."""
        found: dict[tuple[str, tuple[int, int, str]], Edit] = {}
        for finding in row["findings"]:
            choices = tuple(
                (one["start"], one["end"], one["text"])
                for one in finding["suggestions"]
                if self.unsafe or one["safe"]
            )
            if not choices or _name(finding) in self.hidden:
                continue
            path, file = finding["path"], Path(finding["path"]).resolve()
            if not any(file == given or given in file.parents for given in self.given):
                self.outside.setdefault(path)
                continue
            mends = (finding["rule"], path)
            key = (path, choices[0])
            known = found.get(key) or Edit(file, path, choices, (), 0)
            if finding["severity"] > known.severity:
                known = replace(known, rules=(), severity=finding["severity"])
            if finding["severity"] == known.severity:
                known = replace(known, rules=(*known.rules, mends))
            found[key] = known
        ordered = sorted(found.values(), key=lambda one: (-one.severity, one.span[0] - one.span[1]))
        apart: list[Edit] = []
        for edit in ordered:
            if not any(edit.overlaps(other) for other in apart):
                apart.append(edit)
        return apart

    # --- files and the templates that they have a part in

    def text(self, edit: Edit) -> str:
        """The file of an edit as it stands now."""
        if edit.file not in self.before:
            self.before[edit.file] = (edit.path, edit.file.read_bytes().decode("utf-8"))
        return self.linter.drafts.get(edit.file, self.before[edit.file][1])

    def readers(self, files: Iterable[Path]) -> list[Path]:
        """The templates that any of the files is a part of."""
        wanted = set(files)
        return [
            file
            for file in self.files
            if file.resolve() in wanted or (quick_names(file) and wanted & self._look(file).files)
        ]


def _name(finding: Row) -> tuple[str, str, str | None]:
    """What stays of a finding while text around it changes."""
    return finding["path"], finding["rule"], finding["quote"]


class _Trials:
    """Finds the edits of one template that do no harm, by halves."""

    def __init__(self, mender: _Mender, file: Path) -> None:
        self.mender = mender
        self.file = file
        self.kept: list[Edit] = []
        self.texts: dict[Path, str] = {}
        self.left = MOST_TRIALS

    def accepted(self, edits: Sequence[Edit]) -> bool:
        fit = [one for edit in edits for one in self._fit(edit)]
        for edit in fit:
            self.texts.setdefault(edit.file, self.mender.text(edit))
        if fit:
            self._halve(fit)
        return bool(self.kept)

    def _fit(self, edit: Edit) -> Iterator[Edit]:
        """The edit with the choices that are right in all messages that show what it changes: each of them asks for the same."""
        choices = set(edit.choices)
        for file in self.mender.readers({edit.file}):
            looked = self.mender._look(file)
            if file != self.file and file not in self.mender.partials:
                choices -= {
                    choice
                    for choice in choices
                    if looked.shows(edit.file, *choice[:2]) and choice not in _asked_for(looked, edit.file)
                }
        if choices:
            yield replace(edit, choices=tuple(one for one in edit.choices if one in choices))

    def _halve(self, edits: Sequence[Edit]) -> None:
        if self._try(edits):
            return
        if len(edits) > 1:
            middle = len(edits) // 2
            self._halve(edits[:middle])
            self._halve(edits[middle:])
            return
        edit = edits[0]
        for number in range(1, len(edit.choices)):
            other = replace(edit, choices=edit.choices[number:])
            if not any(other.overlaps(one) for one in self.kept) and self._try([other]):
                return

    def _try(self, edits: Sequence[Edit]) -> bool:
        """Whether the edits may be made beside those that are kept already; then they are kept, too."""
        if self.left == 0:
            return False
        self.left -= 1
        together = [*self.kept, *edits]
        changed = {
            file: _with_edits(text, [edit.span for edit in together if edit.file == file])
            for file, text in self.texts.items()
        }
        if not all(_has_same_tags(self.texts[file], text, file) for file, text in changed.items()):
            return False
        mender, linter = self.mender, self.mender.linter
        readers = mender.readers(changed)
        before = {file: mender._look(file) for file in readers}
        drafts = linter.drafts
        linter.drafts = {**drafts, **changed}
        after = {file: linter.look(file, partial=file in mender.partials) for file in readers}
        is_harmless = not any(_is_worse(before[file], after[file]) for file in readers)
        if not is_harmless or not _are_mended(edits, before[self.file].row, after[self.file].row):
            linter.drafts = drafts
            return False
        self.kept = together
        mender.looked |= after
        mender.rows |= {file: looked.row for file, looked in after.items()}
        return True


def _asked_for(looked: Looked, file: Path) -> set[tuple[int, int, str]]:
    """What is suggested for a file in the row of a template."""
    return {
        (one["start"], one["end"], one["text"])
        for finding in looked.row["findings"]
        if Path(finding["path"]).resolve() == file
        for one in finding["suggestions"]
    }


def _with_edits(text: str, edits: Iterable[tuple[int, int, str]]) -> str:
    pieces, at = [], 0
    for start, end, new in sorted(edits):
        pieces += [text[at:start], new]
        at = end
    return "".join([*pieces, text[at:]])


def _has_same_tags(before: str, after: str, file: Path) -> bool:
    """Whether two texts of a file have the same tags, and front matter that differs at most in the words of its subject."""
    if before == after:
        return True
    if not after.strip():
        return False
    try:
        one, other = source_of(before, file, ""), source_of(after, file, "")
        if tags(one.body, Style()) != tags(other.body, Style()):
            return False
    except (Unreadable, Mistake):
        return False
    if one.text[: one.base] == other.text[: other.base]:
        return True
    old, new = str(one.head.get("subject")), str(other.head.get("subject"))
    rest = [{**source.head, "subject": None} for source in (one, other)]
    return rest[0] == rest[1] and len(new) - len(old) == other.base - one.base


def _is_worse(before: Looked, after: Looked) -> bool:
    """Whether any finding is new, or shows on a path on which it did not; or a path has lost a fact."""
    if after.paths != before.paths or len(after.facts) != len(before.facts):
        return True
    if any(not facts <= kept for facts, kept in zip(before.facts, after.facts, strict=True)):
        return True
    if _VERDICTS.index(after.row["verdict"]) > _VERDICTS.index(before.row["verdict"]):
        return True
    if _counted(after) - _counted(before):
        return True
    known, shown = _paths(before), _paths(after)
    return any(paths & ~known.get(sort, 0) for sort, paths in shown.items())


def _sort(rule: str, category: str) -> str:
    """What findings are counted by: of tone by category, since a blunt demand that is now a mild one is no new finding."""
    return category if category in TONE_CATEGORIES else rule


def _counted(looked: Looked) -> Counter[tuple[str, int]]:
    """How many findings of each sort are at least as grave as 1, 2, 3."""
    return Counter(
        (_sort(one["rule"], one["category"]), severity)
        for one in looked.row["findings"]
        for severity in range(1, one["severity"] + 1)
    )


def _paths(looked: Looked) -> dict[str, int]:
    """By sort: the paths on which something is found, as bits."""
    result: dict[str, int] = {}
    for one in looked.shown:
        if one.paths is not None:
            sort = _sort(one.rule, one.finding.category)
            result[sort] = result.get(sort, 0) | one.paths
    return result


def _are_mended(edits: Iterable[Edit], before: Row, after: Row) -> bool:
    """Whether what the edits are for is no longer found."""
    known, left = (Counter((one["rule"], one["path"]) for one in row["findings"]) for row in (before, after))
    aimed_at = Counter(mends for edit in edits for mends in edit.rules)
    return all(left[mends] <= known[mends] - count for mends, count in aimed_at.items())


__all__ = ["Changed", "Fixed", "fix"]
