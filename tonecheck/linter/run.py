"""Lints templates: one after another or in several processes, with what is known from earlier runs."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import nodes

from tonecheck.config import Config
from tonecheck.document import Document, MappedText
from tonecheck.engine import Checker
from tonecheck.errors import UserError
from tonecheck.finding import TONE_CATEGORIES, Finding
from tonecheck.linter import cache, lints
from tonecheck.linter.domains import Domains
from tonecheck.linter.expand import Expander, TooMuch, names_used, syntax_error
from tonecheck.linter.explore import CAP, Explored, explore
from tonecheck.linter.found import Found
from tonecheck.linter.judge import FEW, Judge
from tonecheck.linter.parsing import Mistake, Style, parse
from tonecheck.linter.places import Lines, Place
from tonecheck.linter.screen import Screen
from tonecheck.linter.sources import (
    Source,
    Unreadable,
    Variables,
    find,
    format_of,
    profile_of,
    quick_names,
    read,
    read_variables,
    root_of,
    sidecar,
    variables_of,
)
from tonecheck.linter.tree import Item, Leaf
from tonecheck.linter.when import Conditions
from tonecheck.profile import Profile
from tonecheck.suppress import covers, suppressions, unused
from tonecheck.verdict import LIGHT_FINDINGS_FOR_REVISE

_VERDICTS = ("send", "revise", "block")


@dataclass(frozen=True)
class LintOptions:
    """What a run of the linter was asked for. ``profiles``: globs of paths and the fields of a profile that they change, the last that
    fits winning. ``style``: how the team's environment treats white space."""

    config: Config = field(default_factory=lambda: Config(suggestions=False))
    root: Path | None = None
    variables: Variables = field(default_factory=Variables)
    style: Style = field(default_factory=Style)
    profiles: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    cap: int = CAP
    few: int = FEW
    jobs: int = 1
    cached: bool = True


class Linter:
    """Loads rules and model once and lints any number of templates."""

    def __init__(self, options: LintOptions, checker: Checker | None = None) -> None:
        self.options = options
        self._checker = checker
        self._screen: Checker | None = None

    @property
    def checker(self) -> Checker:
        if self._checker is None:
            self._checker = Checker(self.options.config)
        return self._checker

    @property
    def screen(self) -> Checker:
        """The checker without its model."""
        if self._screen is None:
            self._screen = Screen(self.checker)
        return self._screen

    def lint_file(self, file: Path, *, partial: bool = False) -> dict[str, Any]:
        """The row of one template. ``partial``: others pull it in, so it is no message by itself."""
        return self.lint_file_with_sources(file, partial=partial)[0]

    def lint_file_with_sources(
        self, file: Path, *, partial: bool = False
    ) -> tuple[dict[str, Any], tuple[Path, ...]]:
        """The row, and every file that it depends on."""
        one = _OneFile(self, file, partial)
        row = one.row()
        return row, tuple(source.file for source in one.read.values())


class _Prepared(NamedTuple):
    """A template that was followed: its texts, what its variables can be, how it is read, and its subject line."""

    explored: Explored
    domains: Domains
    format: str
    subject: tuple[Item, ...]


class _OneFile:
    """One template on its way through the linter."""

    def __init__(self, linter: Linter, file: Path, partial: bool) -> None:
        self.linter = linter
        self.options = linter.options
        self.file = file
        self.path = file.as_posix()
        self.partial = partial
        self.findings: list[Found] = []
        self.read: dict[str, Source] = {}
        self.branches: dict[str, Any] = {"explored": 0, "feasible": 0, "capped": False}
        self.verdict = "send"
        self.profile = linter.options.config.profile

    def row(self) -> dict[str, Any]:
        try:
            source = read(self.file, self.path)
        except Unreadable as err:
            lines = Lines("")
            self.read[self.path] = Source(self.path, self.file, "", 0, {}, {}, lines)
            self._unreadable(err, Place(self.path, 0, 0))
            return self._result()
        self.read[self.path] = source
        try:
            self._lint(source)
        except Unreadable as err:
            starts = [0]
            for line in source.text.splitlines(keepends=True):
                starts.append(starts[-1] + len(line))
            at = starts[min(err.line - 1, len(starts) - 1)]
            self._unreadable(err, Place(self.path, at, at))
        except TooMuch as err:
            self.findings.append(_too_much(str(err), err.place))
        except RecursionError:
            self.findings.append(_too_much("it nests too deeply", Place(self.path, source.base, source.base)))
        return self._result()

    def _unreadable(self, err: Unreadable, place: Place) -> None:
        self.findings.append(
            Found(
                "template/unreadable",
                "clarity",
                3,
                f"This template cannot be read: {err}.",
                "What cannot be read is not checked.",
                "syntax",
                place,
            )
        )

    # --- the way of a template

    def _lint(self, source: Source) -> None:
        prepared = self.prepare(source)
        if prepared is None:
            return
        explored, domains = prepared.explored, prepared.domains
        self.branches = {
            "explored": len(explored.texts),
            "feasible": max(explored.feasible or 0, len(explored.texts)),
            "capped": explored.capped,
        }
        if explored.capped:
            self.findings.append(_capped(explored, self.options.cap, source))
        self._judge(explored, domains, prepared.format, source)
        if prepared.subject and prepared.format not in ("text", "markdown"):
            self._subject_alone(prepared.subject, domains)

    def prepare(self, source: Source) -> _Prepared | None:
        """The texts that a template can become; ``None`` for one that cannot be parsed. Raises ``Unreadable`` and ``TooMuch``."""
        variables = self._variables(source)
        self.profile = profile_of(source, self._profile())
        style = self.options.style
        if "title" in source.head and "purpose" in source.head:
            style = Style(trim_blocks=True, lstrip_blocks=True)  # a template of our library
        try:
            tree = parse(source.body, style)
        except Mistake as err:
            at = source.base + err.offset
            self.findings.append(syntax_error(str(err), Place(self.path, at, min(at + 1, len(source.text)))))
            return None
        domains = Domains(variables.names)
        root = root_of(self.file, names_used([tree]), self.options.root)
        expander = Expander(root, style, domains, self.profile.jurisdiction == "uk")
        format = format_of(self.file)
        try:
            items, subject = self._expand(expander, source, tree, format)
        finally:
            self.read |= expander.read
            self.findings += expander.notes
            self.findings += lints.unsafe(expander.trees, self.read, format)
            self.findings += lints.filters_and_tests(expander.trees, self.read, variables)
        self.findings += lints.names(expander, variables)
        return _Prepared(explore(items, domains, self.options.cap), domains, format, subject)

    def _variables(self, source: Source) -> Variables:
        """Front matter over the sidecar over ``--vars``."""
        own = Variables()
        if "variables" in source.head or "filters" in source.head:
            try:
                own = variables_of(source.head, self.path)
            except UserError as err:
                line = source.lines.position(source.head_places.get("variables", 0))[0]
                raise Unreadable(str(err).removeprefix(f"{self.path}: "), line) from err
        beside = sidecar(self.file)
        if beside is not None:
            own = own.over(read_variables(beside))
        return own.over(self.options.variables)

    def _profile(self) -> Profile:
        profile = self.options.config.profile
        for pattern, fields in self.options.profiles:
            if fnmatch.fnmatchcase(self.path, pattern) or fnmatch.fnmatchcase(self.path, f"*/{pattern}"):
                profile = profile.changed(**fields)
        return profile

    def _expand(
        self, expander: Expander, source: Source, tree: nodes.Template, format: str
    ) -> tuple[tuple[Item, ...], tuple[Item, ...]]:
        """The message and its subject line. A text begins with it, as it is checked elsewhere."""
        items = expander.expand(source, tree)
        raw = source.head.get("subject")
        if not isinstance(raw, str) or not raw.strip():
            return items, ()
        at = source.head_places.get("subject", 0)
        try:
            subject = expander.expression(source, raw, at)
        except Mistake as err:
            self.findings.append(
                syntax_error(str(err), Place(self.path, at + err.offset, at + err.offset + 1))
            )
            return items, ()
        if format not in ("text", "markdown"):
            return items, subject
        label = "Re: " if self.profile.channel == "letter" else "Subject: "
        place = Place(self.path, at, at)
        return (
            Leaf(label, place, widest=label),
            *subject,
            Leaf("\n\n", place, widest="\n\n"),
            *items,
        ), subject

    def _judge(self, explored: Explored, domains: Domains, format: str, source: Source) -> None:
        conditions = Conditions(domains, explored.paths)
        with_block = _with_block(explored)
        self.findings += lints.blanks(explored, conditions, with_block)
        if self.profile.channel == "sms" and not self.partial:
            self.findings += lints.sms(explored, conditions, Place(self.path, source.base, source.base))
        if not any(text.strip() for text in explored.texts):
            return
        judge = Judge(self.linter.checker, self.linter.screen, self.profile, format)
        judged = judge.judge(explored, conditions, self.options.few)
        found = [one for one in judged.findings if not (self.partial and one.place is None)]
        self.findings += found
        if not self.partial:
            self.verdict = judged.verdict
        if self.profile.channel == "email":
            self.findings += lints.subjects(explored, _subject_spans(judge, explored), conditions)

    def _subject_alone(self, subject: tuple[Item, ...], domains: Domains) -> None:
        explored = explore(subject, domains, 200)
        conditions = Conditions(domains, explored.paths)
        if self.profile.channel == "email":
            spans = [(number, 0, len(text)) for number, text in enumerate(explored.texts)]
            self.findings += lints.subjects(explored, spans, conditions)

    # --- the row

    def _result(self) -> dict[str, Any]:
        verdict = self.verdict
        rows: dict[tuple[Any, ...], dict[str, Any]] = {}
        for found in self.findings:
            if found.counts and found.severity >= 2:
                verdict = max(verdict, "block" if found.severity == 3 else "revise", key=_VERDICTS.index)
            row = self._placed(found)
            key = (
                row["rule"],
                row["path"],
                row["start"],
                row["element"],
                row["message"] if row["start"] is None else "",
            )
            rows.setdefault(key, row)
        ordered = sorted(
            rows.values(),
            key=lambda row: (
                row["start"] is None,
                row["path"] != self.path,
                row["path"],
                row["start"] or 0,
                row["rule"],
                row["message"],
            ),
        )
        ordered, waved = self._without_waved(ordered)
        if waved:
            verdict = verdict_of(ordered)
        return {
            "path": self.path,
            "profile": self.profile.to_dict(),
            "verdict": verdict,
            "partial": self.partial,
            "branches": self.branches,
            "findings": ordered,
            "suppressed": waved,
        }

    def _without_waved(self, rows: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """The findings that no comment in a template waves through, and those that one does; with findings about the comments."""
        comments = []
        faults: list[Finding] = []
        for path, source in self.read.items():
            document = Document(source.text, MappedText.identity(source.text), (), "text")
            found, wrong = suppressions(document, self.options.config.as_of)
            comments += [(path, comment, document) for comment in found]
            faults += wrong if path == self.path else []
        if not comments and not faults:
            return rows, []
        kept: list[dict[str, Any]] = []
        waved: list[dict[str, Any]] = []
        used: set[tuple[str, int]] = set()
        for row in rows:
            finding = Finding(row["rule"], row["category"], row["severity"], "", "", line=row["line"])
            comment = next(
                (one for path, one, _ in comments if path == row["path"] and covers(one, finding)), None
            )
            if comment is None:
                kept.append(row)
                continue
            used.add((row["path"], comment.start))
            waved.append(
                {"path": row["path"], "rule": row["rule"], "line": row["line"], "reason": comment.reason}
            )
        for path, comment, document in comments:
            # One that the rendered page still has is the checker's to judge.
            is_ours = path == self.path and document.source.startswith("{#", comment.start)
            if is_ours and (path, comment.start) not in used:
                faults.append(unused(document, comment))
        for fault in faults:
            place = Place(self.path, fault.start or 0, fault.end or 0)
            about = Found(
                fault.rule, fault.category, 1, fault.message, fault.why, "syntax", place, counts=False
            )
            row = {**about.to_dict(), "path": self.path, "start": fault.start, "end": fault.end}
            kept.append({**row, "line": fault.line, "column": fault.column, "quote": fault.quote})
        return kept, waved

    def _placed(self, found: Found) -> dict[str, Any]:
        row = found.to_dict()
        place = found.place
        if place is None:
            return {
                **row,
                "path": self.path,
                "start": None,
                "end": None,
                "line": None,
                "column": None,
                "quote": None,
            }
        source = self.read.get(place.path) or self.read[self.path]
        text = source.text
        # Jinja reads LF alone; offsets into a file with CRLF are counted on from where its body begins.
        start, end = (_in_file(source, at) for at in (place.start, place.end))
        line, column = source.lines.position(start)
        return {
            **row,
            "path": place.path,
            "start": start,
            "end": end,
            "line": line,
            "column": column,
            "quote": text[start:end],
        }


def _in_file(source: Source, offset: int) -> int:
    """An offset of the text with LF line ends as one of the file."""
    body = source.text[source.base :]
    if "\r\n" not in body or offset <= source.base:
        return min(offset, len(source.text))
    at, left = 0, offset - source.base
    while left > 0:
        found = body.find("\r\n", at)
        if found < 0 or found - at >= left:
            return source.base + at + left
        left -= found - at + 1
        at = found + 2
    return source.base + at


def _with_block(explored: Explored) -> dict[int, int]:
    found: dict[int, int] = {}
    for number, way in enumerate(explored.ways):
        for block in set(way):
            found[block] = found.get(block, 0) | 1 << number
    return found


def _subject_spans(judge: Judge, explored: Explored) -> Iterator[tuple[int, int, int]]:
    """The subject lines of texts, each different one once."""
    seen: set[tuple[int, ...]] = set()
    for number, text in enumerate(explored.texts):
        head = explored.ways[number][:6]
        if head in seen or len(seen) > 64 or ("ubject" not in text[:2000] and judge.format != "html"):
            continue
        seen.add(head)
        document = judge.read(text)
        for segment in document.segments_of({"subject", "preheader"}) if document else ():
            span = document.source_span(segment.start, segment.end) if document else None
            if span is not None:
                yield number, span.start, span.end


def _too_much(message: str, place: Place) -> Found:
    return Found(
        "template/too-large",
        "clarity",
        3,
        f"This template grows beyond every message: {message}.",
        "It is not checked any further; whoever renders it may wait for ever.",
        "unsafe",
        place,
        instead="Bound what it repeats.",
    )


def _capped(explored: Explored, cap: int, source: Source) -> Found:
    of = f" of {explored.feasible:,}" if explored.feasible is not None else ""
    return Found(
        "template/capped",
        "clarity",
        2,
        f"There are more than {cap:,} combinations of conditions; {len(explored.texts):,}{of} were looked at.",
        "What only shows in the others is not found.",
        "unsafe",
        Place(source.path, source.base, source.base),
        instead="Split the template, or raise --cap.",
    )


def verdict_of(findings: Iterable[Mapping[str, Any]]) -> str:
    """The verdict that findings, as rows, amount to."""
    counted = [finding for finding in findings if finding["counts"]]
    worst = max((finding["severity"] for finding in counted), default=0)
    light = sum(finding["category"] in TONE_CATEGORIES for finding in counted)
    return "block" if worst == 3 else "revise" if worst == 2 or light >= LIGHT_FINDINGS_FOR_REVISE else "send"


def texts_of(linter: Linter, file: Path, most: int = 50) -> tuple[Profile, list[str]]:
    """The profile of a template, and up to ``most`` of the texts that it can become. Raises ``Unreadable``."""
    one = _OneFile(linter, file, partial=False)
    try:
        prepared = one.prepare(read(file, file.as_posix()))
    except (TooMuch, RecursionError) as err:
        raise Unreadable("it cannot be followed") from err
    if prepared is None:
        raise Unreadable("it cannot be parsed")
    return one.profile, [text for text in prepared.explored.texts if text.strip()][:most]


# --- many templates ---------------------------------------------------------------------------------------------------


def lint(paths: Iterable[str], options: LintOptions, checker: Checker | None = None) -> dict[str, Any]:
    """The report on all templates that ``paths`` name, in their order. Raises ``UserError`` for a path or a file of variables that
    cannot be used."""
    named = list(paths)
    files = find(named)
    partials = _partials(files, named, options)
    work = [(file, file in partials) for file in files]
    known = [cache.known(options, file, partial) for file, partial in work]
    left = [one for one, row in zip(work, known, strict=True) if row is None]
    if options.jobs > 1 and len(left) > 1:
        from tonecheck.linter.jobs import in_order

        fresh = iter(in_order(left, options))
    else:
        linter = Linter(options, checker)
        fresh = iter([cache.row(linter, file, partial) for file, partial in left])
    return {"files": [row if row is not None else next(fresh) for row in known]}


def _partials(files: Sequence[Path], named: Sequence[str], options: LintOptions) -> set[Path]:
    """Files that are no messages by themselves: others pull them in, or their name or folder begins with ``_``."""
    given = {Path(name) for name in named}
    found: set[Path] = set()
    pulled: dict[Path, None] = {}
    for file in files:
        if any(part.startswith("_") and len(part) > 1 for part in file.parts[-4:]):
            found.add(file)
        if not quick_names(file):
            continue
        try:
            text = read(file, file.as_posix())
            tree = parse(text.body, options.style)
        except (Unreadable, Mistake):
            continue
        names = names_used([tree])
        if names:
            root = root_of(file, names, options.root).resolve()
            for name in names:
                pulled.setdefault((root / name.lstrip("/")).resolve())
                pulled.setdefault((file.resolve().parent / name.lstrip("/")).resolve())
    found |= {file for file in files if file not in given and file.resolve() in pulled}
    return found - given
