"""One template on its way through the linter: read, followed, judged, and made a row of the report."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from jinja2 import nodes

from tonecheck.document import Document, Lines, MappedText
from tonecheck.errors import UserError
from tonecheck.finding import TONE_CATEGORIES, Finding
from tonecheck.linter import lints
from tonecheck.linter.advice import Advice
from tonecheck.linter.domains import Domains
from tonecheck.linter.expand import Expander
from tonecheck.linter.explore import Explored, explore
from tonecheck.linter.found import Found, found
from tonecheck.linter.judge import Judge
from tonecheck.linter.mistakes import syntax_error
from tonecheck.linter.opening import names_used
from tonecheck.linter.parsing import Mistake, Style, parse
from tonecheck.linter.places import Place
from tonecheck.linter.sources import (
    Source,
    Unreadable,
    Variables,
    format_of,
    profile_of,
    read_variables,
    root_of,
    sidecar,
    variables_of,
)
from tonecheck.linter.tree import Item, Leaf
from tonecheck.linter.walk import TooMuch
from tonecheck.linter.when import Conditions
from tonecheck.profile import Profile
from tonecheck.suppress import covers, suppressions, unused
from tonecheck.verdict import LIGHT_FINDINGS_FOR_REVISE

if TYPE_CHECKING:
    from tonecheck.linter.linter import Linter

_VERDICTS = ("send", "revise", "block")


class Prepared(NamedTuple):
    """A template that was followed: its texts, what its variables can be, how it is read, and its subject line."""

    explored: Explored
    domains: Domains
    format: str
    subject: tuple[Item, ...]


class OneFile:
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
        self.style = linter.options.style
        self.explored: Explored | None = None
        self.shown: list[Found] = []  # the findings of the row, but for those about comments

    def row(self) -> dict[str, Any]:
        try:
            source = self.linter.source(self.file, self.path)
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
            found(
                "template/unreadable",
                "syntax",
                3,
                f"This template cannot be read: {err}.",
                "What cannot be read is not checked.",
                place,
            )
        )

    # --- the way of a template

    def _lint(self, source: Source) -> None:
        prepared = self.prepare(source)
        if prepared is None:
            return
        explored, domains = prepared.explored, prepared.domains
        self.explored = explored
        self.branches = {
            "explored": len(explored.texts),
            "feasible": max(explored.feasible or 0, len(explored.texts)),
            "capped": explored.capped,
        }
        if explored.capped:
            self.findings.append(_capped(explored, source))
        self._judge(explored, domains, prepared.format, source)
        if prepared.subject and prepared.format not in ("text", "markdown"):
            self._subject_alone(prepared.subject, domains)

    def prepare(self, source: Source) -> Prepared | None:
        """The texts that a template can become; ``None`` for one that cannot be parsed. Raises ``Unreadable`` and ``TooMuch``."""
        variables = self._variables(source)
        self.profile = self._given(profile_of(source, self._profile()))
        if "title" in source.head and "purpose" in source.head:
            self.style = Style(trim_blocks=True, lstrip_blocks=True)  # a template of our library
        style = self.style
        try:
            tree = parse(source.body, style)
        except Mistake as err:
            at = source.base + err.offset
            self.findings.append(syntax_error(str(err), Place(self.path, at, min(at + 1, len(source.text)))))
            return None
        domains = Domains(variables.names)
        root = root_of(self.file, names_used([tree]), self.options.root)
        expander = Expander(root, style, domains, self.profile.jurisdiction == "uk", self.linter.source)
        format = format_of(self.file)
        try:
            items, subject = self._expand(expander, source, tree, format)
        finally:
            walk = expander.walk
            self.read |= walk.read
            self.findings += walk.notes
            self.findings += lints.unsafe(walk.trees, self.read, format)
            self.findings += lints.filters_and_tests(walk.trees, self.read, variables)
        self.findings += lints.names(expander.walk, variables)
        return Prepared(explore(items, domains, self.options.cap), domains, format, subject)

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
        """That of the configuration, with what its globs say of this path."""
        profile = self.options.config.profile
        names = [self.path]
        folder, file = self.options.folder, self.file.resolve()
        if folder is not None and file.is_relative_to(folder.resolve()):
            names.append(file.relative_to(folder.resolve()).as_posix())
        for pattern, fields in self.options.config.template_profiles.items():
            if any(fnmatch.fnmatchcase(name, one) for name in names for one in (pattern, f"*/{pattern}")):
                flags = frozenset(fields["flags"]) if "flags" in fields else None
                profile = profile.changed(**{**fields, "flags": flags})
        return profile

    def _given(self, profile: Profile) -> Profile:
        """A profile with the fields that the call names; flags are added to."""
        fields = dict(self.options.given)
        flags = profile.flags | frozenset(fields.pop("flags", ()))
        return profile.changed(**fields, flags=flags)

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
        self.findings += lints.gaps(explored, conditions)
        if self.profile.channel == "sms" and not self.partial:
            self.findings += lints.sms(explored, conditions, Place(self.path, source.base, source.base))
        if not any(text.strip() for text in explored.texts):
            return
        advice = Advice(self.path, explored, self.read, self.style)
        judge = Judge(self.linter.checker, self.linter.screen, self.profile, format, advice)
        judged = judge.judge(explored, conditions, self.options.few)
        self.findings += [one for one in judged.findings if not (self.partial and one.place is None)]
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
        of_row: dict[int, Found] = {}
        for one in self.findings:
            if one.counts and one.severity >= 2:
                verdict = max(verdict, "block" if one.severity == 3 else "revise", key=_VERDICTS.index)
            row = self._placed(one)
            key = (
                row["rule"],
                row["path"],
                row["start"],
                row["element"],
                row["message"] if row["start"] is None else "",
            )
            if key not in rows:
                rows[key] = row
                of_row[id(row)] = one
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
        self.shown = [of_row[id(row)] for row in ordered if id(row) in of_row]
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
            kept.append(Found(replace(fault, severity=1), "syntax", place, counts=False).placed(self.path))
        return kept, waved

    def _placed(self, found: Found) -> dict[str, Any]:
        place = found.place
        if place is None:
            return found.placed(self.path)
        source = self.read.get(place.path) or self.read[self.path]
        start = source.in_file(place.start)
        end = _behind_value(source.text, start, source.in_file(place.end))
        line, column = source.lines.position(start)
        quote = source.text[start:end]
        return found.placed(place.path, start=start, end=end, line=line, column=column, quote=quote)


def _behind_value(text: str, start: int, end: int) -> int:
    """Where words end of which the last come from a value: behind its tag."""
    opened = text.rfind("{{", start, end)
    if opened < 0 or text.find("}}", opened, end) >= 0:
        return end
    closed = text.find("}}", end)
    return end if closed < 0 else closed + 2


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
    return found(
        "template/too-large",
        "unsafe",
        3,
        f"This template grows beyond every message: {message}.",
        "It is not checked any further; whoever renders it may wait for ever.",
        place,
        instead="Bound what it repeats.",
    )


def _capped(explored: Explored, source: Source) -> Found:
    of = f" of {explored.feasible:,}" if explored.feasible is not None and explored.feasible < 10**12 else ""
    return found(
        "template/capped",
        "unsafe",
        2,
        f"There are too many combinations of conditions; {len(explored.texts):,}{of} were looked at.",
        "What only shows in the others is not found.",
        Place(source.path, source.base, source.base),
        instead="Split the template, or raise --cap.",
    )


def verdict_of(findings: Iterable[Mapping[str, Any]]) -> str:
    """The verdict that findings, as rows, amount to."""
    counted = [finding for finding in findings if finding["counts"]]
    worst = max((finding["severity"] for finding in counted), default=0)
    light = sum(finding["category"] in TONE_CATEGORIES for finding in counted)
    return "block" if worst == 3 else "revise" if worst == 2 or light >= LIGHT_FINDINGS_FOR_REVISE else "send"
