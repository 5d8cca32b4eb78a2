"""For each finding, what to write instead.

A sentence in which something was found is rewritten as a whole: by frames, which keep the rest of it; else by an approved
phrasing for what the sentence is for, with its facts; else by leaving out the clauses that carry the findings, or the
sentence. What a draft lacks gets a sentence to insert. Everything passes the guard.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from tonecheck.analysis import Analysis
from tonecheck.document import Document, Span
from tonecheck.entities import Entity, find_entities, mask
from tonecheck.finding import TONE_CATEGORIES, Finding, Suggestion
from tonecheck.rewrite.account import Account
from tonecheck.rewrite.facts import names_of
from tonecheck.rewrite.frames import fitted, possible
from tonecheck.rewrite.guard import Check, Guard
from tonecheck.rewrite.insertions import Gaps
from tonecheck.rewrite.intents import NOTHING, intents_of
from tonecheck.rewrite.phrasings import Group, Phrasing, bank

if TYPE_CHECKING:
    from tonecheck.model.opinions import Opinions
    from tonecheck.rewrite.llm import LanguageModel

# As many sentences of one message are rewritten. No letter comes near it; a megabyte of "pay now" would.
MOST_ADVISED = 100
# As many ways to say it are shown.
MOST_SUGGESTIONS = 3
# As many frames are applied to one sentence; twice as many phrasings are tried.
_MOST_TRIED = 4
PERSON = "No safe wording is known for this: a person has to decide what to write here."
_TAG = re.compile(r"</?(?:b|i|em|strong|u|span|font|mark|small|big)(?:\s[^<>]*)?>", re.IGNORECASE)
_SUBJECT_LINE = re.compile(r"(?i)subject: ?")


class Rewriting(NamedTuple):
    """A new text for a unit. ``kind`` as in ``Suggestion``."""

    text: str
    kind: str
    safe: bool
    intent: str = NOTHING
    source: str = "tonecheck"


class Unit(NamedTuple):
    """Sentences that a set of findings touches, rewritten together. ``span`` and those of the findings index the message."""

    span: Span
    findings: tuple[tuple[Finding, Span], ...]

    @property
    def categories(self) -> tuple[str, ...]:
        return tuple(finding.category for finding, _ in self.findings)


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
        self.llm = llm
        self.analysis = analysis
        self.document: Document = analysis.document
        self.profile = analysis.profile
        self.gaps = Gaps(analysis, account)
        self.guard = Guard(analysis.document.text, is_clean, tuple(account.values.values()))
        self._used: set[str] = set()
        self._said: set[str] = set()  # intents that a sentence before was rewritten for

    def all(self, findings: Sequence[Finding]) -> Iterator[Finding]:
        of_tone = [
            (finding, _text_span(self.document, finding))
            for finding in findings
            if finding.category in TONE_CATEGORIES and not finding.is_absence
        ]
        rewritten: dict[int, tuple[Suggestion, ...]] = {}
        of_units: list[tuple[Span, tuple[Suggestion, ...]]] = []
        for unit in self._units(of_tone)[:MOST_ADVISED]:
            suggestions = tuple(self._suggestions(unit))
            rewritten.update((id(finding), suggestions) for finding, _ in unit.findings)
            of_units.append((unit.span, suggestions))
        for finding in findings:
            element = finding.insert or finding.element
            if finding.is_absence and element:
                yield replace(finding, suggestions=tuple(self._insertions(element)))
            elif finding.category == "compliance" and not finding.is_absence:
                # What the law forbids is mostly what hurts: the same sentence, the same mend.
                span = _text_span(self.document, finding)
                shared = next((done for whole, done in of_units if whole.overlaps(span)), ())
                yield replace(finding, suggestions=shared)
            elif id(finding) in rewritten:
                suggestions = rewritten[id(finding)]
                advice = finding.instead if suggestions or finding.severity < 2 else PERSON
                yield replace(finding, suggestions=suggestions, instead=advice)
            else:
                yield finding

    def _units(self, found: Sequence[tuple[Finding, Span]]) -> list[Unit]:
        """The findings by the sentences that they touch; sentences that one finding joins are one unit."""
        sentences = self.analysis.sentences
        units: list[Unit] = []
        for finding, span in sorted(found, key=lambda pair: pair[1]):
            first = self.analysis.sentence_index(span.start)
            last = self.analysis.sentence_index(max(span.start, span.end - 1))
            if not sentences:
                continue
            # A finding may begin or end in white space, a sentence does not.
            text = self.document.text[slice(*span)]
            span = Span(span.start, span.start + len(text.rstrip()))
            whole = Span(min(sentences[first].start, span.start), max(sentences[last].end, span.end))
            if units and whole.start < units[-1].span.end:
                joined = Span(units[-1].span.start, max(units[-1].span.end, whole.end))
                units[-1] = Unit(joined, (*units[-1].findings, (finding, span)))
            else:
                units.append(Unit(whole, ((finding, span),)))
        return units

    # --- a sentence in which something was found

    def _is_prescribed(self, span: Span) -> bool:
        """Whether the sentence says what the law wants said: its wording is not ours to change."""
        return any(
            span.overlaps(evidence)
            for element in ("collector_disclosure", "dispute_rights", "opt_out")
            for evidence in self.analysis.elements.get(element, ())
        )

    def _suggestions(self, unit: Unit) -> Iterator[Suggestion]:
        if self._is_prescribed(unit.span):
            return
        before = self.document.text[slice(*unit.span)]
        lead = _lead(before)
        if lead:
            # Who is spoken to stays: "Hi Hank, nice try" is rewritten from "nice" on.
            unit = Unit(Span(unit.span.start + len(lead), unit.span.end), unit.findings)
            before = before[len(lead) :]
        given: set[str] = set()
        for rewriting in self._rewritings(unit, before):
            if rewriting.text in given or rewriting.text == before:
                continue
            if lead and not _ends_sentence(lead):
                if not rewriting.text and not _GREETED.match(lead):
                    continue
                rewriting = rewriting._replace(text=_inside(rewriting.text))
            suggestion = self._placed(unit.span, before, rewriting)
            if suggestion is not None:
                if not given:
                    self._used.add(rewriting.text)
                    self._said.add(rewriting.intent)
                given.add(rewriting.text)
                yield suggestion
            if len(given) == MOST_SUGGESTIONS:
                return

    def _rewritings(self, unit: Unit, before: str) -> Iterator[Rewriting]:
        kept = self._kept(unit)
        framed = self._framed(unit, before, kept)
        if framed is not None:
            yield framed
        yield from self._asked(unit, before, kept)
        intents = self._intents(unit)
        facts = self._facts(unit.span)
        periods = [period for period in facts.pop("period", []) if _is_deadline(before, period)]
        empties = not any(facts.values())
        said_already = bool(intents) and intents[0] in self._said
        if empties and (intents[:1] == [NOTHING] or said_already or set(unit.categories) <= _ONLY_HURTS):
            yield from self._without(unit, before, kept)
        found = False
        for held in ([{**facts, "period": periods[:1]}] if periods else []) + [facts]:
            for rewriting in self._phrased(unit, intents, held, before, kept):
                found = True
                yield rewriting
        yield from self._without(unit, before, kept)
        if not found:
            yield from self._phrased(unit, _GENERAL, facts, before, kept)

    def _asked(self, unit: Unit, before: str, kept: str) -> Iterator[Rewriting]:
        """What the language model proposes, as far as the guard lets it."""
        if self.llm is None or all(finding.severity < 2 for finding, _ in unit.findings):
            return
        for text in self.llm.candidates(before, unit.categories, self.profile):
            if self.guard.refuses(before, text, kept=kept) is None:
                yield Rewriting(text, "rephrase", False, source="llm")
                return

    def _framed(self, unit: Unit, before: str, kept: str) -> Rewriting | None:
        """The unit with a frame applied to each of its findings, if that leaves nothing of severity 2 or 3."""
        text, safe = before, True
        pending = [finding for finding, _ in unit.findings]
        covered: list[Span] = [
            Span(span.start - unit.span.start, span.end - unit.span.start) for _, span in unit.findings
        ]
        for _ in range(_MOST_TRIED):
            step = self._frame_step(text, pending, covered if text == before else None)
            if step is None:
                break
            text, safe_step = step
            safe = safe and safe_step
        if text == before or self.guard.refuses(before, text, kept=kept) is not None:
            return None
        return Rewriting(text, "rephrase" if text else "delete", safe and bool(text))

    def _frame_step(
        self, text: str, findings: Sequence[Finding], covered: Sequence[Span] | None
    ) -> tuple[str, bool] | None:
        """``text`` with the first frame that fits one of the findings applied, and whether that is safe."""
        masked = mask(text, find_entities(text))
        for frame in possible(masked):
            if not any(frame.is_for(finding) for finding in findings):
                continue
            for span, texts in frame.places(masked, text):
                if covered is not None and not any(span.overlaps(one) for one in covered):
                    continue
                made = _sentence(texts[0]) if frame.whole else fitted(texts[0], text, span)
                if made != text:
                    return made, frame.safe
        return None

    def _intents(self, unit: Unit) -> list[str]:
        text = self.document.text
        if _SUBJECT_LINE.match(text, unit.span.start) or any(
            start <= unit.span.start < end for _, start, end in self.document.segments_of(("subject",))
        ):
            return ["subject"]
        opinions: Opinions | None = self.analysis.opinions
        vector = None
        if opinions is not None:
            touched = [
                row.vector
                for sentence, row in zip(opinions.sentences, opinions.rows, strict=True)
                if unit.span.start < sentence.end and sentence.start < unit.span.end
            ]
            vector = next((one for one in touched if one is not None), None)
        found = intents_of(vector, unit.categories, text[slice(*unit.span)], self.profile.stage)
        return [name for name in found if name != "subject"]

    def _facts(self, span: Span) -> dict[str, list[str]]:
        """What the sentence says, by kind and in its order, each fact once; names only where no other sentence has them."""
        text = self.document.text
        found: dict[str, list[str]] = {}
        seen = set()
        for kind, place in _whens_joined(text, self.analysis.entities, span):
            said = " ".join(text[slice(*place)].split())
            if (kind, said.lower()) not in seen:
                seen.add((kind, said.lower()))
                found.setdefault(kind, []).append(said)
        return found

    def _names_only_in(self, span: Span) -> list[str]:
        """Names that no other sentence has, as they are written: firms to which the account goes, or the sender."""
        text = self.document.text
        inside = list(names_of(text[slice(*span)], []))
        around = set(names_of(text[: span.start], [])) | set(names_of(text[span.end :], []))
        lowered = text[slice(*span)].lower()
        return [
            text[span.start + at : span.start + at + len(name)]
            for name in dict.fromkeys(inside)
            if name not in around and (at := lowered.find(name)) >= 0
        ]

    def _carrying(
        self, groups: Sequence[Group], span: Span, facts: dict[str, list[str]]
    ) -> Iterator[tuple[Phrasing, str]]:
        """A name that only this sentence has may be told as who writes, or as who takes over; never as anybody else."""
        names = self._names_only_in(span)
        senders = {name for name in names if self._is_sender(name)}
        for group in groups:
            if not self._dates_fit(group.name, span):
                continue
            fitting = group.name == "consequence_handover" or (
                group.name == "no_reply" and senders == set(names)
            )
            told = {**facts, "name": names} if len(names) == 1 and fitting else facts
            yield from group.carrying(told, self.profile)

    def _dates_fit(self, intent: str, span: Span) -> bool:
        """Whether every date of the sentence means what phrasings for ``intent`` would make of it."""
        text = self.document.text
        whens = [place for kind, place in _whens_joined(text, self.analysis.entities, span) if kind == "date"]
        befores = [text[max(span.start, place.start - 30) : place.start] for place in whens]
        if intent in _TELL_WHEN_DUE:
            return all(_DUE.search(before) for before in befores)
        if intent == "carrier":
            return all(_DUE.search(before) or _DEADLINE.search(before) for before in befores)
        return all(_DEADLINE.search(before) for before in befores)

    def _is_sender(self, name: str) -> bool:
        text = self.document.text
        return any(
            name.lower() in text[slice(*span)].lower()
            for span in self.analysis.elements.get("sender_identity", ())
        )

    def _phrased(
        self, unit: Unit, intents: Sequence[str], facts: dict[str, list[str]], before: str, kept: str
    ) -> Iterator[Rewriting]:
        """Approved phrasings for the intents, with all facts of the sentence."""
        groups = [group for name in intents if (group := bank().get(("intent", name))) is not None]
        tried = 0
        for phrasing, text in self._carrying(groups, unit.span, facts):
            if text in self._used or text in self.document.text:
                continue
            tried += 1
            if tried > 2 * _MOST_TRIED:
                return
            if self.guard.refuses(before, text, kept=kept, offers=phrasing.offers, approved=True) is None:
                yield Rewriting(text, "rephrase", False, intents[0])

    def _without(self, unit: Unit, before: str, kept: str) -> Iterator[Rewriting]:
        """The sentence without the clauses that carry findings, if what is left stands alone; else no sentence at all."""
        # What begins in the middle mostly speaks of what is gone.
        headed = len(kept) >= _SHORTEST_HEAD and before.startswith(kept[:_SHORTEST_HEAD])
        left = _standing_alone(kept) if headed else ""
        if left and self.guard.refuses(before, left, kept=kept) is None:
            yield Rewriting(left, "rephrase", False)
        if self._survives(unit) and self.guard.refuses(before, "") is None:
            yield Rewriting("", "delete", False)

    def _survives(self, unit: Unit) -> bool:
        """Whether the message still says something without the unit."""
        others = [
            sentence
            for sentence in self.analysis.views["spoken"].sentences
            if not sentence.overlaps(unit.span) and sentence.end - sentence.start > 20
        ]
        return bool(others)

    def _kept(self, unit: Unit) -> str:
        """The clauses of the unit in which nothing was found."""
        pieces = []
        at = unit.span.start
        for _, span in sorted(unit.findings, key=lambda pair: pair[1]):
            clause = self.analysis.clause(span)
            start = max(at, min(clause.start, span.start))
            pieces.append(self.document.text[at:start])
            at = max(at, clause.end, span.end)
        pieces.append(self.document.text[at : unit.span.end])
        return " ".join("".join(pieces).split())

    # --- back to the draft

    def _placed(self, span: Span, before: str, rewriting: Rewriting) -> Suggestion | None:
        """The edit of the draft, as small as whole words allow; ``None`` where markup or an encoding stands in its way."""
        start, end, text = span.start, span.end, rewriting.text
        if text:
            head = _shared(before, text)
            tail = _shared(before[head:][::-1], text[head:][::-1])
            start, end, text = start + head, end - tail, text[head : len(text) - tail]
        elif self.document.text[end : end + 1] == " ":
            end += 1
        return self._suggestion(start, end, text, rewriting.kind, rewriting.safe, rewriting.source)

    def _suggestion(
        self, start: int, end: int, text: str, kind: str, safe: bool, origin: str = "tonecheck"
    ) -> Suggestion | None:
        document = self.document
        source = document.source_span(start, end) if start < end else _point(document, start)
        if source is None:
            return None
        literal, read = document.source[slice(*source)], document.text[start:end]
        if document.format == "html" or (document.format == "eml" and "<" in literal):
            if html.unescape(_TAG.sub("", literal)).split() != read.split():
                return None
            safe = safe and "<" not in literal
            text = html.escape(text, quote=False)
        elif document.format != "text" and literal.split() != read.split():
            return None
        return Suggestion(source.start, source.end, text, kind, safe, origin)

    # --- what is missing

    def _insertions(self, element: str) -> Iterator[Suggestion]:
        given = 0
        for at, text, phrasing in self.gaps.candidates(element):
            if self.guard.refuses("", text.strip(), offers=phrasing.offers, approved=True) is not None:
                continue
            suggestion = self._suggestion(at, at, text, "insert", safe=False)
            if suggestion is None:
                return
            yield suggestion
            given += 1
            if given == MOST_SUGGESTIONS:
                return


# What is tried for a sentence with facts that no phrasing for its intents can say.
_GENERAL = ("ask_payment", "state_balance", "deadline", "ask_contact", "carrier")
# Who says only such things in a sentence without a fact has nothing to say instead.
_ONLY_HURTS = frozenset({"shame", "insult", "sarcasm", "disclosure"})
# What stands before a date by which something is to be done, or was.
_DEADLINE = re.compile(
    r"(?i)\b(?:by|before|until|till|no later than|not later than|deadline(?: is| of)?|expires?|ends?|closes?)(?: (?:on|at|the))? \Z"
)
_DUE = re.compile(r"(?i)\b(?:due|owed|outstanding|payable|overdue)(?: (?:on|since|from|by|back|at|in))? \Z")
# Phrasings for these tell a date as that on which something was due; all others as a day that is to come.
_TELL_WHEN_DUE = frozenset({"state_balance", "missed_promise", "agreement"})
# Who is spoken to, at the beginning of a sentence, or whose message it is.
_LEAD = re.compile(
    r"(?:(?:hi|hello|hey|dear|ok|okay|look|listen|alright|right|morning|good (?:morning|afternoon|evening)),? )?"
    r"(?:(?:Mr|Mrs|Ms|Miss|Mx|Dr)\.? )?[A-Z][\w'-]+(?:(?: | & | and )[A-Z][\w'-]+){0,3}(?: ?[,:]| [-\u2013\u2014|]| [^\w\s.,;:!?'\"()$£€-]{1,3}) +|"
    r"(?:hi|hello|hey|dear) \{\{[^{}]{1,40}\}\}, +",
    re.IGNORECASE,
)
_LEADING = re.compile(
    r"(?i)\A(?:\s|[,;:.!?)\-\u2013\u2014]|(?:and|but|or|so|because|since|while|whereas|although|then)\b)+"
)
_TRAILING = re.compile(
    r"(?i)(?:\s|[,;:(\-\u2013\u2014]|\b(?:and|but|or|so|because|since|while|whereas|although|until|unless|if|to))+\Z"
)
_FEWEST_WORDS = 4
_BETWEEN_WHENS = re.compile(r"(?:,? (?:on|at|this|of) |,? )\Z", re.IGNORECASE)


def _whens_joined(text: str, entities: Sequence[Entity], span: Span) -> Iterator[tuple[str, Span]]:
    """The facts in ``span`` with "noon on 14 May" as one date; a time alone is a date, too, for whoever writes "by"."""
    last: tuple[str, Span] | None = None
    for entity in entities:
        if entity.start < span.start or entity.end > span.end:
            continue
        kind = "date" if entity.kind == "time" else entity.kind
        here = Span(entity.start, entity.end)
        if last and last[0] == kind == "date" and _BETWEEN_WHENS.match(text[last[1].end : here.start]):
            last = (kind, Span(last[1].start, here.end))
            continue
        if last:
            yield last
        last = (kind, here)
    if last:
        yield last


def _lead(sentence: str) -> str:
    """The beginning of a sentence that says who is spoken to or who speaks; empty if there is none or it is all there is."""
    match = _LEAD.match(sentence)
    if match is None or match.end() == len(sentence):
        return ""
    words = match[0].strip(" ,:").split()
    is_name = any(names_of(match[0], find_entities(match[0]))) or "{{" in match[0]
    return match[0] if is_name and len(words) <= 6 else ""


_GREETED = re.compile(r"(?:hi|hello|hey|dear|morning|good \w+)\b", re.IGNORECASE)


def _ends_sentence(lead: str) -> bool:
    return not lead.rstrip().endswith(",")


def _inside(text: str) -> str:
    """A sentence that follows "Hank," in the same breath."""
    first = text.split(" ", 1)[0]
    keeps = first in ("I", "I'd", "I'm", "I'll", "I've") or first[1:2].isupper() or not first[:1].isalpha()
    return text if keeps else text[0].lower() + text[1:]


_SHORTEST_HEAD = 24


def _standing_alone(kept: str) -> str:
    """The beginning of a sentence as a sentence of its own; empty if it would not stand."""
    text = _TRAILING.sub("", _LEADING.sub("", kept).rstrip(" .!?"))
    if len(text.split()) < _FEWEST_WORDS:
        return ""
    return _sentence(text) + ("?" if kept.rstrip().endswith("?") else ".")


_BEFORE_DEADLINE = re.compile(
    r"(?i)\b(?:within|in|have|have got|you've got|got|next|only|just|another|exactly|you)(?: the)?(?: next| only| just| exactly)? \Z"
)


def _is_deadline(sentence: str, period: str) -> bool:
    """Whether a period is the time that the reader has: "within 24 hours", not "three months old"."""
    words = " ".join(sentence.split())
    at = words.find(period)
    return at >= 0 and _BEFORE_DEADLINE.search(words[:at]) is not None


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _shared(one: str, other: str) -> int:
    """How many characters two texts share at the beginning, to the end of a word."""
    most = min(len(one), len(other))
    same = next((at for at in range(most) if one[at] != other[at]), most)
    while same and not (one[same - 1].isspace() and (same == len(one) or not one[same].isspace())):
        same -= 1
    return same


def _text_span(document: Document, finding: Finding) -> Span:
    """Where a finding stands in the message as read."""
    assert finding.start is not None and finding.end is not None
    mapped = document.mapped
    start = bisect_right(mapped.ends, finding.start)
    return Span(start, max(start, bisect_left(mapped.starts, finding.end)))


def _point(document: Document, at: int) -> Span | None:
    """The empty place in the draft at an offset of the message: after the character before, or before the first one."""
    if not document.text:
        return None
    if at == 0:
        return Span(document.mapped.starts[0], document.mapped.starts[0])
    # Before a sentence that begins a line or a block, else after what stands before.
    if at < len(document.text) and document.text[at - 1].isspace():
        return Span(document.mapped.starts[at], document.mapped.starts[at])
    return Span(document.mapped.ends[at - 1], document.mapped.ends[at - 1])
