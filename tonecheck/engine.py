"""draft → document → rules and model → findings → report, on one screen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from tonecheck import __version__, readers
from tonecheck.analysis import Analysis
from tonecheck.anchors import AnchorIndex
from tonecheck.config import Config, check_rule_names, data_folder
from tonecheck.document import Document, Span
from tonecheck.finding import TONE_CATEGORIES, Finding
from tonecheck.fusion import Judged, distinct, fuse, is_weak, weighed
from tonecheck.language import Language
from tonecheck.model.opinions import Opinions
from tonecheck.model.tone_model import ToneModel
from tonecheck.profile import Profile
from tonecheck.readability import readability
from tonecheck.report import ELEMENTS, Element, Evidence, Report, Tone
from tonecheck.rulehits import findings_of, places
from tonecheck.rulepack import Rule, load
from tonecheck.suppress import Suppression, covers, suppressions, unused
from tonecheck.verdict import aside, judge, score
from tonecheck.wording import Wordings

if TYPE_CHECKING:
    from tonecheck.rewrite.account import Account


# For sentences that are only weighed: a parse would cost more than all else.
_NO_SYNTAX = Language("none")


class Choice:
    """Rules of which a message needs a few: those whose phrases its words allow, and those that have no phrases."""

    def __init__(self, rules: list[Rule], anchors: AnchorIndex) -> None:
        self._rules = rules
        self._always = [number for number, rule in enumerate(rules) if rule.matcher not in anchors.owners]
        # By view, then by matcher: the numbers of the rules that look there.
        self._looking: dict[str, dict[object, list[int]]] = {}
        for number, rule in enumerate(rules):
            self._looking.setdefault(rule.view, {}).setdefault(rule.matcher, []).append(number)

    def possible(self, analysis: Analysis) -> list[Rule]:
        """The rules that the words of the message do not rule out, in order."""
        numbers = set(self._always)
        for name, view in analysis.views.items():
            looking = self._looking.get(name, {})
            for owner in looking.keys() & view.possible.keys():
                numbers.update(looking[owner])
        return [self._rules[number] for number in sorted(numbers)]


class Plan(NamedTuple):
    """The rules for one profile: those that find elements, those that judge, and which elements are required."""

    finding: Choice
    judging: Choice
    required: frozenset[str]


class Checker:
    """Loads rules and language once and checks any number of drafts. Safe to share between threads."""

    def __init__(self, config: Config | None = None, *, rules: Sequence[Rule] | None = None) -> None:
        self.config = config or Config()
        self.language = Language(self.config.pipeline)
        self.model = ToneModel(self.config.backend, self.config.model_path, self.config.threads)
        loaded = list(rules) if rules is not None else load([data_folder("rules"), *self.config.packs])
        check_rule_names(self.config, [name for rule in loaded for name in rule.names])
        self.rules = [rule for rule in map(self._configured, loaded) if rule is not None]
        self._plans: dict[Profile, Plan] = {}
        self._wordings = Wordings()
        self._cleanness = lru_cache(maxsize=4096)(self._is_clean)

    def _configured(self, rule: Rule) -> Rule | None:
        if any(rule.is_named(pattern) for pattern in self.config.disable):
            return None
        if rule.verb == "model" and not self.model.is_there:
            return None
        severity = None
        for pattern, level in self.config.severity.items():
            if rule.is_named(pattern):
                severity = level
        return rule if severity is None else replace(rule, severity=severity, own_severity=True)

    def check(
        self,
        draft: str | bytes,
        profile: Profile | None = None,
        *,
        format: str | None = None,
        name: str | None = None,
        account: Account | None = None,
    ) -> Report:
        """Judge one draft. ``format`` or the file ``name`` says how to read it, else its content does. ``account``: see
        ``check_document``.

        Raises ``DraftError`` for a draft that cannot be read and ``BrokenRule`` for a rule that fails.
        """
        return self.check_document(readers.read(draft, format=format, name=name), profile, account)

    def analyse(self, document: Document, profile: Profile | None = None) -> Analysis:
        """What is known about a message before the rules judge it, its elements included."""
        profile = profile or self.config.profile
        plan = self._plan(profile)
        analysis = Analysis(document, profile, self.language, self._anchors, self.model, self._wordings)
        for rule in plan.finding.possible(analysis):
            analysis.elements.setdefault(rule.category, []).extend(
                span for span, _ in places(rule, analysis) if span
            )
        return analysis

    @cached_property
    def _anchors(self) -> AnchorIndex:
        """What all rules need, of whatever profile: it is far larger than all else about a profile."""
        index = AnchorIndex()
        for rule in self.rules:
            rule.matcher.prepare(index)
        return index

    def practise(self) -> Iterator[None]:
        """Compile, a pattern at each step, what is otherwise compiled when a draft first needs it: for who has time before the drafts come."""
        from tonecheck.rewrite.frames import frames

        for rule in self.rules:
            yield from rule.matcher.practise()
            for condition in rule.conditions.values():
                yield from condition.practise()
        for frame in frames():
            frame.practise()
            yield

    def _plan(self, profile: Profile) -> Plan:
        if profile not in self._plans:
            rules = [rule for rule in self.rules if rule.applies_to(profile, self.config.as_of)]
            self._plans[profile] = Plan(
                Choice([rule for rule in rules if rule.is_element], self._anchors),
                Choice([rule for rule in rules if not rule.is_element], self._anchors),
                _required(rules),
            )
        return self._plans[profile]

    def check_document(
        self, document: Document, profile: Profile | None = None, account: Account | None = None
    ) -> Report:
        """Judge a draft that has been read. ``account``: what is known about the account, to fill gaps and to be held against
        what the draft says. Raises ``BrokenRule`` for a rule that fails."""
        return self.check_analysis(self.analyse(document, profile), account)

    def check_analysis(self, analysis: Analysis, account: Account | None = None) -> Report:
        """Judge a draft that has been analysed; as ``check_document``."""
        document = analysis.document
        plan = self._plan(analysis.profile)
        pairs, judged = self._judged(analysis, _found(plan.judging.possible(analysis), analysis))

        comments, faults = suppressions(document, self.config.as_of)
        idle = set(comments)
        kept, waved = [], []
        for rule, finding in pairs:
            covering = [comment for comment in comments if covers(comment, finding, rule.aliases)]
            idle.difference_update(covering)
            if not covering:
                kept.append((rule, finding))
            else:
                waved.append({"rule": finding.rule, "line": finding.line, "reason": covering[0].reason})
        faults += [
            unused(document, comment) for comment in idle if self._could_use(comment, analysis.profile)
        ]

        kept = weighed(kept)
        counted = [finding for rule, finding in kept if self._counts(rule)]
        uncounted = [finding for rule, finding in kept if not self._counts(rule)] + faults
        if account is not None:
            from tonecheck.rewrite.account import contradictions

            uncounted += contradictions(analysis, account)
        judgement = judge(counted)
        findings = tuple(sorted([*counted, *uncounted], key=Finding.sort_key))
        if findings and self.config.suggestions:
            findings = self.advised(findings, analysis, account)
        return Report(
            version=__version__,
            profile=analysis.profile,
            verdict=judgement.verdict,
            score=score(counted, uncounted),
            findings=findings,
            elements=_elements(analysis, plan.required),
            readability=readability(document.spoken, analysis.sentences),
            tone=_tone(analysis.opinions, judged),
            reasons=judgement.reasons + aside(uncounted),
            format=document.format,
            suppressed=tuple(waved),
        )

    def _could_use(self, comment: Suppression, profile: Profile) -> bool:
        """Whether a rule that judges this profile is meant by a comment. Of one that is switched off, or belongs to another
        profile, nobody can say that it finds nothing."""
        return any(
            rule.is_named(comment.rule)
            and not rule.is_element
            and rule.applies_to(profile, self.config.as_of)
            for rule in self.rules
        )

    def limited(self, report: Report, findings: Sequence[Finding], reasons: Sequence[str] = ()) -> Report:
        """The report with only ``findings``, some of its own, judged by those alone. ``reasons``: what to say of the others."""
        counting = {rule.id for rule in self.rules if self._counts(rule)}
        counted = [finding for finding in findings if finding.rule in counting]
        uncounted = [finding for finding in findings if finding.rule not in counting]
        judgement = judge(counted)
        return replace(
            report,
            verdict=judgement.verdict,
            score=score(counted, uncounted),
            findings=tuple(findings),
            reasons=(*judgement.reasons, *aside(uncounted), *reasons),
        )

    def _judged(self, analysis: Analysis, pairs: Iterable[Judged]) -> tuple[list[Judged], list[Span]]:
        """What rules and model, who found ``pairs``, say together, and the sentences that the model judged."""
        opinions = analysis.opinions
        judged: list[Span] = []
        if opinions is not None:
            judged = [analysis.document.source_span(*sentence) for sentence in opinions.sentences]
            pairs = fuse(pairs, opinions, judged)
        return distinct(pairs), judged

    def advised(
        self, findings: Sequence[Finding], analysis: Analysis, account: Account | None
    ) -> tuple[Finding, ...]:
        """The findings, in their order, with what to write instead."""
        # Imported here: a draft without findings needs none of it.
        from tonecheck.rewrite.account import Account
        from tonecheck.rewrite.suggest import advised

        profile, llm = analysis.profile, None
        if self.config.llm_url is not None:
            from tonecheck.rewrite.llm import LanguageModel

            llm = LanguageModel(self.config.llm_url, self.config.llm_model, self.config.llm_seconds)
        return advised(
            findings, analysis, lambda text: self.is_clean(text, profile), account or Account(), llm
        )

    def is_clean(self, sentence: str, profile: Profile | None = None) -> bool:
        """Whether a sentence by itself, without syntax, is free of findings of tone of severity 2 or 3."""
        return self._cleanness(sentence, profile or self.config.profile)

    def _is_clean(self, sentence: str, profile: Profile) -> bool:
        plan = self._plan(profile)
        document = readers.read(sentence, format="text")
        analysis = Analysis(document, profile, _NO_SYNTAX, self._anchors, self.model, self._wordings)
        rules = [rule for rule in plan.judging.possible(analysis) if rule.category in TONE_CATEGORIES]
        # What a sure rule finds stands whatever the model says, so the model, which takes most of the time, is often not asked.
        by_model = [rule for rule in rules if rule.verb == "model"]
        pairs = _found([rule for rule in rules if rule.verb != "model"], analysis)
        if any(finding.severity > 1 and not is_weak(finding) for _, finding in pairs):
            return False
        pairs, _ = self._judged(analysis, pairs + _found(by_model, analysis))
        return all(finding.severity < 2 for _, finding in weighed(pairs))

    def _counts(self, rule: Rule) -> bool:
        return rule.verdict or (rule.category == "compliance" and self.config.compliance == "enforce")


def check(draft: str | bytes, profile: Profile | None = None, *, format: str | None = None) -> Report:
    """Judge one draft with the default configuration.

    >>> check("Dear Sam, you failed to pay.").verdict
    'revise'
    """
    global _default
    if _default is None:
        _default = Checker()
    return _default.check(draft, profile, format=format)


_default: Checker | None = None


# --- the parts of a report ---------------------------------------------------------------------------------------------


def _found(rules: Iterable[Rule], analysis: Analysis) -> list[Judged]:
    return [(rule, finding) for rule in rules for finding in findings_of(rule, analysis)]


def _tone(opinions: Opinions | None, sentences: Sequence[Span]) -> Tone:
    """The model's opinions as the report hands them out; ``sentences`` are places in the draft."""
    if opinions is None:
        return Tone({})
    rows = [
        {"start": start, "end": end, "probabilities": dict(row.probabilities)}
        for (start, end), row in zip(sentences, opinions.rows, strict=True)
    ]
    return Tone(opinions.highest(), tuple(rows))


def _required(rules: Iterable[Rule]) -> frozenset[str]:
    return frozenset(
        rule.argument["element"]
        for rule in rules
        if rule.category == "missing"
        and rule.verdict
        and rule.verb == "absent"
        and isinstance(rule.argument, dict)
    )


def _elements(analysis: Analysis, required: frozenset[str]) -> dict[str, Element]:
    document = analysis.document
    result = {}
    for name in ELEMENTS:
        spans = sorted({document.source_span(*span) for span in analysis.elements.get(name, ())})
        evidence = tuple(Evidence(start, end, document.source[start:end]) for start, end in spans)
        result[name] = Element(bool(evidence), name in required, evidence)
    return result
