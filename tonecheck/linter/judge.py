"""The texts of a template judged by the checker, and its findings taken back to where their words stand in the templates.

A few texts are all checked. Of many, those are that ``cover`` chooses: by the rules alone, which is quick, and whatever they find, and every
piece of text at least once, by rules and model together. Which elements are there is worked out for every text from the pieces
that show them, and each absence that follows is confirmed by a check of one such text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from tonecheck import readers
from tonecheck.analysis import Analysis
from tonecheck.document import Document
from tonecheck.engine import Checker
from tonecheck.errors import DraftError
from tonecheck.finding import Finding
from tonecheck.linter.advice import Advice, Change, Proposal
from tonecheck.linter.advising import Advising
from tonecheck.linter.cover import Window, Windows
from tonecheck.linter.explore import Explored
from tonecheck.linter.found import Found, kind_of
from tonecheck.linter.origin import SourceMap
from tonecheck.linter.places import Place
from tonecheck.linter.when import Conditions
from tonecheck.matchers.absent import AbsentMatcher
from tonecheck.matchers.phrase import PhraseMatcher
from tonecheck.profile import Profile
from tonecheck.report import Report
from tonecheck.rulepack import Rule

# Up to this many different texts each one is checked.
FEW = 6
# Checks of a template that confirm what the rules alone found.
_MOST_CONFIRMED = 40
_MOST_WITNESSES = 5
_VERDICTS = ("send", "revise", "block")
# Measured with the widest samples, and comments read in the template itself.
_OURS = ("clarity/sms-", "clarity/suppression-")

Key = tuple[str, str, int]


def _key(found: Found) -> Key:
    return (found.rule, found.place.path, found.place.start) if found.place else (found.rule, "", -1)


@dataclass
class _Seen:
    """A finding at a place: at its gravest, in which texts, and of which blocks its words are."""

    found: Found
    texts: int = 0
    proposals: dict[tuple[Change, ...], Proposal] = field(default_factory=dict)
    support: frozenset[int] = frozenset()
    windows: set[Window] = field(default_factory=set)
    is_confirmed: bool = False

    def learn(self, proposals: Iterable[Proposal]) -> None:
        """Take in what is suggested for one text; the same edit may be suggested for several."""
        for proposal in proposals:
            known = self.proposals.setdefault(proposal.changes, proposal)
            known.sentences |= proposal.sentences


@dataclass
class _Absence:
    """A rule that misses something: the sets of blocks that bring it, and those that must be there for it to apply."""

    rule: Rule
    bring: set[frozenset[int]] = field(default_factory=set)
    need: set[frozenset[int]] | None = None
    fired: int = 0
    quiet: int = 0


@dataclass(frozen=True)
class Judged:
    """``verdict``: the worst of all texts."""

    findings: tuple[Found, ...]
    verdict: str
    checked: int


class Judge:
    """Judges the texts of one template. ``screen``: the same checker without a model."""

    def __init__(
        self, checker: Checker, screen: Checker, profile: Profile, format: str, advice: Advice
    ) -> None:
        self.checker = Advising(checker, self._unadvised)
        self.screen = screen
        self.profile = profile
        self.format = format
        self.advice = advice
        self.rules = {rule.id: rule for rule in checker.rules}
        self.verdict = "send"
        self.checked = 0
        self._text: SourceMap | None = None  # the one that is being checked
        self._advised: set[tuple[Key, str]] = set()

    def judge(self, explored: Explored, conditions: Conditions, few: int = FEW) -> Judged:
        """What is found in any of the texts, each finding once."""
        if len(explored.texts) <= few:
            findings = self._all(explored, conditions)
        else:
            findings = _Many(self, explored, conditions).findings()
        return Judged(tuple(findings), self.verdict, self.checked)

    def _all(self, explored: Explored, conditions: Conditions) -> list[Found]:
        seen: dict[Key, _Seen] = {}
        for number in range(len(explored.texts)):
            report = self.check(explored, number)
            if report is not None:
                self.collect(report, explored, number, seen)
        return [self.settled(one, conditions, one.texts) for one in seen.values()]

    def read(self, text: str) -> Document | None:
        try:
            return readers.read(text, format=self.format)
        except DraftError:
            return None

    def check(self, explored: Explored, number: int) -> Report | None:
        """The report on a text; ``None`` for one that is empty."""
        document = self.read(explored.texts[number])
        if document is None:
            return None
        self.checked += 1
        self._text = SourceMap(explored, number)
        report = self.checker.check_document(document, self.profile)
        self.verdict = max(self.verdict, report.verdict, key=_VERDICTS.index)
        return report

    def _unadvised(self, findings: Sequence[Finding]) -> list[Finding]:
        """The findings of the text that is being checked that want advice: all of its words, if one was not met yet in its sentence,
        and what is missing for the first time."""
        assert self._text is not None
        new = []
        for finding in findings:
            if finding.rule.startswith(_OURS):
                continue
            found, _ = self.located(finding, self._text)
            sentence = self.advice.sentence_at(self._text, finding.start) if found.place else ""
            known = (_key(found), sentence)
            if known not in self._advised:
                self._advised.add(known)
                new.append(finding)
        if all(finding.is_absence for finding in new):
            return new
        return [finding for finding in findings if finding in new or not finding.is_absence]

    def collect(
        self,
        report: Report,
        explored: Explored,
        number: int,
        seen: dict[Key, _Seen],
        *,
        absences: bool = True,
    ) -> None:
        """Add the findings of one text to those seen."""
        origin = SourceMap(explored, number)
        for finding in report.findings:
            if finding.rule.startswith(_OURS) or (finding.is_absence and not absences):
                continue
            found, support = self.located(finding, origin)
            proposals = self.proposals(finding, found, number, origin)
            key = _key(found)
            known = seen.get(key)
            if known is None:
                known = seen[key] = _Seen(found, support=support)
            elif found.severity > known.found.severity:
                known.found = found
            known.texts |= 1 << number
            known.learn(proposals)

    def located(self, finding: Finding, origin: SourceMap) -> tuple[Found, frozenset[int]]:
        place: Place | None = None
        chain: tuple[str, ...] = ()
        support: frozenset[int] = frozenset()
        if finding.start is not None and finding.end is not None and origin.pieces:
            place, chain, support = origin.place(finding.start, finding.end)
        rule = self.rules.get(finding.rule)
        counts = rule is not None and (
            rule.verdict or (rule.category == "compliance" and self.checker.config.compliance == "enforce")
        )
        # Its place in the text says nothing about the template.
        bare = replace(
            finding, start=None, end=None, line=None, column=None, quote=None, suggestions=(), trace=None
        )
        return Found(bare, kind_of(finding), place, chain=chain, counts=counts), support

    def proposals(self, finding: Finding, found: Found, number: int, origin: SourceMap) -> Sequence[Proposal]:
        """What is suggested for a finding in one text, as edits of the file that the finding is told of."""
        if not finding.suggestions:
            return ()
        path = found.place.path if found.place else self.advice.path
        return tuple(self.advice.proposals(finding.suggestions, number, origin, path))

    def settled(self, one: _Seen, conditions: Conditions, texts: int) -> Found:
        """A finding with the texts in which it stands, and what may be written instead in all of them."""
        suggestions = self.advice.accepted(one.proposals.values(), texts, absence=one.found.place is None)
        found = replace(one.found, finding=replace(one.found.finding, suggestions=suggestions))
        return conditions.shown(found, texts)


class _Many:
    """The texts of a template with too many of them to check each."""

    def __init__(self, judge: Judge, explored: Explored, conditions: Conditions) -> None:
        self.judge = judge
        self.explored = explored
        self.conditions = conditions
        self.windows = Windows(explored.blocks, explored.ways)
        self.everything = (1 << len(explored.texts)) - 1
        self.screened: dict[int, Report] = {}
        self.full: dict[int, Report] = {}
        applying = [
            rule
            for rule in judge.checker.rules
            if rule.verb == "absent" and rule.applies_to(judge.profile, judge.checker.config.as_of)
        ]
        self.absences = [_Absence(rule) for rule in applying]

    def findings(self) -> list[Found]:
        extremes = self.windows.extremes(self.explored.ways)
        chosen = list(dict.fromkeys([*extremes, *self.windows.covering()]))
        seen: dict[Key, _Seen] = {}
        whole = self._every_block(chosen)
        for number in chosen:
            self._screen(number, seen, closely=number in whole)
        for number in whole:
            self._check(number, seen)
        for one in [one for one in seen.values() if not one.is_confirmed][:_MOST_CONFIRMED]:
            if not one.is_confirmed:
                self._confirm(one, seen)
        found = [
            self.judge.settled(one, self.conditions, self._texts(one))
            for one in seen.values()
            if one.is_confirmed
        ]
        return found + self._missing()

    # --- what stands in the text

    def _screen(self, number: int, seen: dict[Key, _Seen], *, closely: bool) -> None:
        document = self.judge.read(self.explored.texts[number])
        if document is None:
            return
        report = self.judge.screen.check_document(document, self.judge.profile)
        self.screened[number] = report
        self._remember(report, number, seen, confirmed=False)
        self._learn(
            number, report, self.judge.screen.analyse(document, self.judge.profile) if closely else None
        )

    def _check(self, number: int, seen: dict[Key, _Seen]) -> None:
        if number in self.full:
            return
        report = self.judge.check(self.explored, number)
        if report is not None:
            self.full[number] = report
            self._remember(report, number, seen, confirmed=True)

    def _remember(self, report: Report, number: int, seen: dict[Key, _Seen], *, confirmed: bool) -> None:
        here: dict[Key, _Seen] = {}
        self.judge.collect(report, self.explored, number, here, absences=False)
        for key, one in here.items():
            known = seen.setdefault(key, one)
            known.texts |= one.texts
            known.learn(one.proposals.values())
            if confirmed and (not known.is_confirmed or one.found.severity > known.found.severity):
                known.found = one.found
            known.is_confirmed |= confirmed
            known.windows |= {window for window in self.windows.by_text[number] if one.support & set(window)}

    def _every_block(self, chosen: Sequence[int]) -> list[int]:
        """Of the chosen texts a few in which every block stands."""
        missing = {block for block in self.windows.with_block if self.windows.has_words[block]}
        result = []
        for number in sorted(chosen, key=lambda one: -len(self.explored.ways[one])):
            new = missing & set(self.explored.ways[number])
            if new:
                result.append(number)
                missing -= new
        shortest = min(chosen, key=lambda one: len(self.explored.ways[one]))
        return list(dict.fromkeys([*result, shortest]))

    def _confirm(self, one: _Seen, seen: dict[Key, _Seen]) -> None:
        """Check one text in which the rules alone found something, by rules and model."""
        number = next((number for number in self.screened if one.texts >> number & 1), None)
        if number is not None:
            self._check(number, seen)

    def _texts(self, one: _Seen) -> int:
        """The texts in which a finding stands: those with its words, less those where its neighbours keep it away."""
        texts = self._with(one.support) if one.support else one.texts
        if not one.support:
            return texts
        looked = self.full if one.found.finding.detectors == ("model",) else self.screened
        elsewhere = 0
        for number in looked:
            if texts >> number & 1 and not one.texts >> number & 1:
                for window in self.windows.by_text[number]:
                    if one.support & set(window) and window not in one.windows:
                        elsewhere |= self.windows.texts[window]
                elsewhere |= 1 << number
        seen_there = one.texts
        for window in one.windows:
            seen_there |= self.windows.texts[window] & texts
        return texts & ~elsewhere | (seen_there & texts if not elsewhere else one.texts)

    def _with(self, blocks: Iterable[int]) -> int:
        """The texts in which all blocks stand."""
        texts = self.everything
        for block in blocks:
            texts &= self.windows.with_block.get(block, 0)
        return texts

    # --- what is missing

    def _learn(self, number: int, report: Report, analysis: Analysis | None) -> None:
        """Which blocks bring what an absence asks for: elements in every text, phrases in those that were analysed."""
        origin = SourceMap(self.explored, number)
        fired = {finding.rule for finding in report.findings if finding.is_absence}
        elements = {
            name: {self._owners(origin, place.start, place.end) for place in element.evidence}
            for name, element in report.elements.items()
        }
        for one in self.absences:
            rule, matcher = one.rule, one.rule.matcher
            one.fired |= (rule.id in fired) << number
            one.quiet |= (rule.id not in fired) << number
            assert isinstance(matcher, AbsentMatcher)
            if matcher.element is not None:
                one.bring |= elements.get(matcher.element, set())
            if analysis is None:
                continue
            if matcher.element is None:
                one.bring |= self._phrases(origin, analysis, matcher._phrases, rule.view)
            one.bring |= self._phrases(origin, analysis, rule.conditions.get("message_lacks"), rule.view)
            if has := rule.conditions.get("message_has"):
                one.need = (one.need or set()) | self._phrases(origin, analysis, has, rule.view)

    def _phrases(
        self, origin: SourceMap, analysis: Analysis, phrases: PhraseMatcher | None, view: str
    ) -> set[frozenset[int]]:
        """The blocks in which phrases stand."""
        found = set()
        for hit in phrases.find(analysis, analysis.views[view]) if phrases is not None else ():
            span = analysis.document.source_span(hit.start or 0, hit.end or 0)
            found.add(self._owners(origin, span.start, span.end))
        return found

    @staticmethod
    def _owners(origin: SourceMap, start: int, end: int) -> frozenset[int]:
        return frozenset(origin.owners[piece] for piece in origin.pieces_in(start, end))

    def _missing(self) -> list[Found]:
        result = []
        for one in self.absences:
            there = 0
            for blocks in one.bring:
                there |= self._with(blocks)
            texts = self.everything & ~there
            if one.need is not None:
                needed = 0
                for blocks in one.need:
                    needed |= self._with(blocks)
                texts &= needed
            texts = (texts | one.fired) & ~one.quiet
            found = self._witnessed(one.rule.id, texts)
            if found is not None:
                result.append(found)
        return result

    def _witnessed(self, rule: str, texts: int) -> Found | None:
        """The absence, as a check of one text without it says it; texts that turn out to have it are left out."""
        for _ in range(_MOST_WITNESSES):
            if not texts:
                return None
            number = self._first(texts)
            report = self.full.get(number) or self.screened.get(number) or self._full(number)
            finding = next((one for one in report.findings if one.rule == rule), None) if report else None
            if finding is not None:
                origin = SourceMap(self.explored, number)
                one = _Seen(self.judge.located(finding, origin)[0])
                one.learn(self.judge.proposals(finding, one.found, number, origin))
                return self.judge.settled(one, self.conditions, texts)
            texts &= ~(1 << number)
        return None

    def _first(self, texts: int) -> int:
        """One of the texts, one that was checked if there is one."""
        for number in (*self.full, *self.screened):
            if texts >> number & 1:
                return number
        return (texts & -texts).bit_length() - 1

    def _full(self, number: int) -> Report | None:
        report = self.judge.check(self.explored, number)
        if report is not None:
            self.full[number] = report
        return report
