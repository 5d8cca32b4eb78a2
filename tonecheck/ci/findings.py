"""One finding with its file and its place: what every writer of this package, the baseline and ``--diff`` work on.

Findings come from the report of a draft (``from_report``) or from the JSON of ``tonecheck templates lint`` (``from_lint``).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from tonecheck.ci.positions import Place, Positions

if TYPE_CHECKING:
    from tonecheck.report import Report

STDIN = "stdin"
ALWAYS = "always"
# The text inside such a file has lines and columns that nobody finds in the file itself.
_CONTAINERS = frozenset({"docx"})
_ABSENT = "absence"


class Fix(NamedTuple):
    """A proposed edit: replace ``place`` by ``text``. ``kind``: rephrase, insert or delete."""

    place: Place
    text: str
    kind: str
    safe: bool


class Step(NamedTuple):
    """One step of the way to a finding: an include, a macro or a parent. ``line`` counts from 1; ``None``: the whole file."""

    path: str
    line: int | None
    text: str


class Located(NamedTuple):
    """One finding. ``path`` is relative to the current folder where it can be, with forward slashes.

    ``place`` is ``None`` for an absence, which stands for the whole file. ``severity`` is 1, 2 or 3. ``kind``, ``when`` and
    ``chain`` come from the linter of templates: the kind of finding, the condition under which it shows, and the way there.
    """

    path: str
    rule: str
    category: str
    severity: int
    message: str
    why: str
    citation: str | None
    place: Place | None
    quote: str | None
    suggestions: tuple[Fix, ...] = ()
    kind: str = "tone"
    when: str = ALWAYS
    chain: tuple[Step, ...] = ()

    @property
    def sentence(self) -> str:
        """What is wrong, and under which condition."""
        return self.message if self.when == ALWAYS else f"{self.message} (when {self.when})"

    @property
    def reason(self) -> str:
        """Why it matters, with the law where the reason does not name it."""
        if not self.citation or self.citation in self.why:
            return self.why
        return f"{self.why} ({self.citation})" if self.why else self.citation

    @property
    def text(self) -> str:
        """Sentence, reason and way there, for formats that have one field for all."""
        way = "".join(f"\n  via {_shown(step)}" for step in self.chain)
        return f"{self.sentence}\n{self.reason}{way}".rstrip("\n")

    @property
    def fixes(self) -> tuple[Fix, ...]:
        """The edits that may be applied without a second thought."""
        return tuple(fix for fix in self.suggestions if fix.safe)

    @property
    def excerpt(self) -> str:
        """A digest of the words found, white space aside; of an absence the digest of nothing. It tells no word."""
        return hashlib.sha256(
            " ".join((self.quote or "").split()).encode("utf-8", "surrogatepass")
        ).hexdigest()[:16]

    def sort_key(self) -> tuple[Any, ...]:
        """By file, then in the order of the file, absences last."""
        where = (1, 0, 0) if self.place is None else (0, self.place.start, self.place.end)
        return (self.path, *where, self.rule, self.message, self.when)


def fingerprints(items: Iterable[Located]) -> list[str]:
    """A name for each finding that stays while lines above it come and go; equal findings of a file are numbered."""
    seen: Counter[tuple[str, str, str]] = Counter()
    names = []
    for item in items:
        key = (item.path, item.rule, item.excerpt)
        seen[key] += 1
        text = "\0".join((*key, str(seen[key])))
        names.append(hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest())
    return names


def relative(path: str) -> str:
    """A path as code hosts want it: relative to the current folder if it lies in it, with forward slashes."""
    if path == "-":
        return STDIN
    here = Path.cwd()
    absolute = Path(path) if Path(path).is_absolute() else here / path
    # Not resolved: a link stays the file that the repository knows.
    parts: list[str] = []
    for part in absolute.parts:
        if part == ".." and len(parts) > 1:
            parts.pop()
        elif part != "..":
            parts.append(part)
    absolute = Path(*parts)
    return absolute.relative_to(here).as_posix() if absolute.is_relative_to(here) else absolute.as_posix()


def from_report(path: str, report: Report, source: str) -> list[Located]:
    """The findings of a report in its order. ``source``: the draft exactly as the report indexes it."""
    shown = relative(path)
    positions = None if report.format in _CONTAINERS else Positions(source)
    items = []
    for finding in report.findings:
        place = None
        if positions is not None and finding.start is not None and finding.end is not None:
            place = positions.place(finding.start, finding.end)
        fixes = () if positions is None else tuple(_fixes(finding.to_dict()["suggestions"], positions))
        items.append(
            Located(
                shown,
                finding.rule,
                finding.category,
                finding.severity,
                finding.message,
                finding.why,
                finding.citation,
                place,
                finding.quote,
                fixes,
                kind=_ABSENT if finding.is_absence else "tone",
            )
        )
    return items


def from_lint(
    result: Mapping[str, Any], source_of: Callable[[str], str | None] | None = None
) -> list[Located]:
    """The findings of ``tonecheck templates lint --format json``, by file and in the order of the file.

    ``source_of`` gives the text of a template by its path as the result writes it, ``None`` for one that cannot be read;
    left out, files are read from disk. Without its text a finding has its line and column, and no more.
    """
    read = source_of or _text_of
    known: dict[str, Positions | None] = {}

    def positions_of(path: str) -> Positions | None:
        if path not in known:
            text = read(path)
            known[path] = None if text is None else Positions(text)
        return known[path]

    items = [
        _linted(finding, str(finding.get("path") or file["path"]), positions_of)
        for file in result["files"]
        for finding in file["findings"]
    ]
    return sorted(items, key=Located.sort_key)


def _linted(
    finding: Mapping[str, Any], path: str, positions_of: Callable[[str], Positions | None]
) -> Located:
    positions = positions_of(path)
    suggestions = finding.get("suggestions") or ()
    return Located(
        relative(path),
        str(finding["rule"]),
        str(finding["category"]),
        int(finding["severity"]),
        str(finding["message"]),
        str(finding.get("why") or ""),
        finding.get("citation"),
        _place_of(finding, positions),
        finding.get("quote"),
        () if positions is None else tuple(_fixes(suggestions, positions)),
        str(finding.get("kind") or "tone"),
        str(finding.get("when") or ALWAYS),
        tuple(map(_step, finding.get("chain") or ())),
    )


def _place_of(finding: Mapping[str, Any], positions: Positions | None) -> Place | None:
    line, column, quote = finding.get("line"), finding.get("column") or 1, finding.get("quote") or ""
    start, end = finding.get("start"), finding.get("end")
    if line is None:
        return None
    if positions is None:
        length = len(quote.splitlines()[0]) if quote else 0
        # The line is not known, so bytes cannot be counted; characters are the best guess.
        return Place(start or 0, end or 0, line, column, line, column + length, column, column + length)
    if start is not None and end is not None and positions.place(start, end)[2:4] == (line, column):
        return positions.place(start, end)
    at = positions.offset(line, column)
    # Words that only arise from both sides of a tag stand nowhere in the file; then the place is the part before the tag.
    shared = zip(quote, positions.source[at : at + len(quote)], strict=False)
    return positions.place(at, at + sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], shared)))


def _fixes(suggestions: Sequence[Mapping[str, Any]], positions: Positions) -> Iterator[Fix]:
    for row in suggestions:
        yield Fix(positions.place(row["start"], row["end"]), row["text"], row["kind"], bool(row["safe"]))


def _step(step: Any) -> Step:
    """A step of a chain, which is a text or a row with ``path``, ``line`` and, perhaps, ``name``."""
    if not isinstance(step, Mapping):
        return Step("", None, str(step))
    path = relative(str(step["path"])) if step.get("path") else ""
    name = step.get("text") or step.get("name") or step.get("kind") or ""
    return Step(path, step.get("line"), str(name))


def _shown(step: Step) -> str:
    place = step.path if step.line is None else f"{step.path}:{step.line}"
    return f"{place} ({step.text})" if place and step.text else place or step.text


def _text_of(path: str) -> str | None:
    try:
        # Read as bytes, so that line ends stay as they are and offsets hold.
        return Path(path).read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return None
