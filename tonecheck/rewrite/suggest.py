"""For each finding, what to write instead.

A sentence in which something was found is rewritten as a whole: by frames, which keep the rest of it; else by an approved
phrasing for what the sentence is for, with its facts; else by leaving out the clauses that carry the findings, or the
sentence. What a draft lacks gets a sentence to insert. Everything passes the guard.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from tonecheck.analysis import Analysis
from tonecheck.document import Document, Span
from tonecheck.finding import TONE_CATEGORIES, Finding, Suggestion
from tonecheck.rewrite import edits
from tonecheck.rewrite.account import Account
from tonecheck.rewrite.candidates import Candidates, Rewriting
from tonecheck.rewrite.guard import Check, Guard
from tonecheck.rewrite.insertions import Gaps
from tonecheck.rewrite.leads import (
    ends_sentence,
    greets,
    inside,
    lead_of,
    opening_and_closing,
    opening_of,
    tail_of,
)
from tonecheck.rewrite.units import Unit, units_of

if TYPE_CHECKING:
    from tonecheck.rewrite.llm import LanguageModel

# As many sentences of one message are rewritten. No letter comes near it; a megabyte of "pay now" would.
MOST_ADVISED = 100
# As many ways to say it are shown.
MOST_SUGGESTIONS = 3
PERSON = "No safe wording is known for this: a person has to decide what to write here."
_PRESCRIBED = ("collector_disclosure", "dispute_rights", "opt_out")


def advised(
    findings: Sequence[Finding],
    analysis: Analysis,
    is_clean: Check,
    account: Account,
    llm: LanguageModel | None = None,
) -> tuple[Finding, ...]:
    """The findings, each with its suggestions. ``llm``: asked, too, about sentences with a finding of severity 2 or 3."""
    return tuple(_Adviser(analysis, is_clean, account, llm).all(findings))


class _Adviser:
    def __init__(
        self, analysis: Analysis, is_clean: Check, account: Account, llm: LanguageModel | None
    ) -> None:
        self.analysis = analysis
        self.document: Document = analysis.document
        self._is_clean = is_clean
        self._account = account
        self._llm = llm

    # Made when they are needed: most mail that is mailed in thousands has findings without a suggestion, or none.
    @cached_property
    def gaps(self) -> Gaps:
        return Gaps(self.analysis, self._account)

    @cached_property
    def guard(self) -> Guard:
        return Guard(self.analysis.document.text, self._is_clean, tuple(self._account.values.values()))

    @cached_property
    def candidates(self) -> Candidates:
        return Candidates(self.analysis, self.guard, self._llm)

    def all(self, findings: Sequence[Finding]) -> Iterator[Finding]:
        of_tone = [
            (finding, edits.text_span(self.document, finding))
            for finding in findings
            if finding.category in TONE_CATEGORIES and not finding.is_absence
        ]
        rewritten: dict[int, tuple[Suggestion, ...]] = {}
        of_units: list[tuple[Span, tuple[Suggestion, ...]]] = []
        units = units_of(self.analysis, of_tone)[:MOST_ADVISED] if of_tone else []
        if units:
            self.candidates.know(units)
        for unit in units:
            suggestions = tuple(self._suggestions(unit))
            rewritten.update((id(finding), suggestions) for finding, _ in unit.findings)
            of_units.append((unit.span, suggestions))
        for finding in findings:
            element = finding.insert or finding.element
            if finding.is_absence and element:
                yield replace(finding, suggestions=tuple(self._insertions(element)))
            elif finding.category == "compliance" and not finding.is_absence:
                # What the law forbids is mostly what hurts: the same sentence, the same mend.
                span = edits.text_span(self.document, finding)
                shared = next((done for whole, done in of_units if whole.overlaps(span)), ())
                yield replace(finding, suggestions=shared)
            elif id(finding) in rewritten:
                suggestions = rewritten[id(finding)]
                advice = finding.instead if suggestions or finding.severity < 2 else PERSON
                yield replace(finding, suggestions=suggestions, instead=advice)
            else:
                yield finding

    # --- a sentence in which something was found

    def _is_prescribed(self, span: Span) -> bool:
        """Whether the sentence alone says what the law wants said: its wording is not ours to change."""
        return any(
            any(one.overlaps(span) for one in said) and all(one.overlaps(span) for one in said)
            for element in _PRESCRIBED
            if (said := self.analysis.elements.get(element, ()))
        )

    def _suggestions(self, unit: Unit) -> Iterator[Suggestion]:
        if self._is_prescribed(unit.span):
            return
        text = self.document.text
        sentence = text[slice(*unit.span)]
        lead = lead_of(text, unit.span, self.analysis.profile.channel) or opening_of(sentence)
        tail = tail_of(sentence, lead)
        if lead.endswith(", ") and self._is_sender(unit.span.start, lead):
            # "Dell & Son, inv 916" tells who writes; "Dell & Son, please pay" would speak to them.
            lead = lead.rstrip(" ,")
        if lead or tail:
            # Who is spoken to stays, and the quotation mark: "Hi Hank, nice try" is rewritten from "nice" on.
            unit = unit.within(unit.span.start + len(lead), unit.span.end - len(tail))
        given: set[str] = set()
        for rewriting in self.candidates.of(unit):
            suggestion = self._placed(rewriting, lead if rewriting.span.start == unit.span.start else "")
            if suggestion is None or rewriting.text in given:
                continue
            if not given:
                self.candidates.is_used(rewriting)
            given.add(rewriting.text)
            yield suggestion
            if len(given) == MOST_SUGGESTIONS:
                return

    def _is_sender(self, at: int, lead: str) -> bool:
        """Whether the name at ``at`` is that of who writes."""
        name = Span(at, at + len(lead.rstrip(" ,")))
        return self.analysis.is_evidence(name, "sender_identity")

    def _placed(self, rewriting: Rewriting, lead: str) -> Suggestion | None:
        new = rewriting.text
        span = rewriting.span
        if lead and new and self.document.text.startswith(",", span.start):
            new = f": {new}"
        elif lead and not ends_sentence(lead):
            if not new and not greets(lead):
                return None
            new = inside(new, self.document.text[slice(*span)])
            if not new and self._goes_on(span.end):
                # "Hi Marisa," has nothing to introduce any more.
                span, new = Span(span.start - (len(lead) - len(lead.rstrip(" ,"))), span.end), "."
        before = self.document.text[slice(*span)]
        if new and opening_and_closing(before) and not opening_and_closing(new):
            # What a script has somebody say stays between its quotation marks.
            new = f"{before[0]}{new}{before[-1]}"
        if new == before:
            return None
        placed = edits.replacing(
            self.document, span, new, rewriting.kind, safe=rewriting.safe, source=rewriting.source
        )
        return None if placed is None else replace(placed, intent=rewriting.intent)

    def _goes_on(self, at: int) -> bool:
        """Whether more is said on the line of ``at``."""
        text = self.document.text
        line_end = text.find("\n", at)
        return text[at : line_end if line_end >= 0 else len(text)].strip() != ""

    # --- what is missing

    def _insertions(self, element: str) -> Iterator[Suggestion]:
        given = 0
        for at, text, phrasing in self.gaps.candidates(element):
            if self.guard.refuses("", text.strip(), offers=phrasing.offers, approved=True) is not None:
                continue
            suggestion = edits.at(self.document, Span(at, at), text, "insert", safe=False)
            if suggestion is None:
                return
            yield suggestion
            given += 1
            if given == MOST_SUGGESTIONS:
                return
