"""What could stand in the place of a unit, the best first; everything has passed the guard."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from tonecheck.analysis import Analysis
from tonecheck.document import Span
from tonecheck.entities import find_entities, mask
from tonecheck.finding import Finding
from tonecheck.rewrite.cuts import capitalised, head_of, is_torn, standing_alone
from tonecheck.rewrite.facts import facts_of, names_at, names_of
from tonecheck.rewrite.frames import fitted, possible
from tonecheck.rewrite.guard import Guard, does_not_read
from tonecheck.rewrite.intents import (
    CONSEQUENCES,
    ELEMENT_OF,
    NOTHING,
    at_stage,
    consequences_in,
    intents_of,
    is_reply,
    named_next,
    replies_to,
)
from tonecheck.rewrite.letters import in_small_letters
from tonecheck.rewrite.offices import without_office
from tonecheck.rewrite.phrasings import Group, Phrasing, bank
from tonecheck.rewrite.sums import what_for, whose
from tonecheck.rewrite.units import (
    Unit,
    announces,
    is_headline,
    label_before,
    leans,
    leans_on_people,
    leans_on_somebody,
    says_more,
)
from tonecheck.rewrite.whens import (
    is_a_day,
    is_deadline,
    is_due,
    is_sent,
    is_time_left,
    told_in,
    whens_joined,
)
from tonecheck.sentences import clause_breaks

if TYPE_CHECKING:
    from tonecheck.model.opinions import Opinions
    from tonecheck.rewrite.llm import LanguageModel

# As many frames are applied to one sentence; twice as many phrasings are tried.
_MOST_TRIED = 4
# What is tried for a sentence with facts that no phrasing for its intents can say.
_GENERAL = ("ask_payment", "state_balance", "deadline", "ask_contact", "carrier", "next_contact")
# Who says only such things in a sentence without a fact has nothing to say instead.
_ONLY_HURTS = frozenset({"shame", "insult", "sarcasm", "disclosure"})
# In these a name is a weapon.
_WITH_NAMES = frozenset({"threat", "disclosure", "shame", "insult", "sarcasm"})
# The name of a firm tells who takes over, or who sues.
_FIRM = re.compile(
    r"\b(?:(?<!Child )(?<!Social )Services?|Ltd|Limited|LLP|LLC|Inc|Recover(?:y|ies)|Associates|Partners|Group|Agency|Collections?|Solicitors|Law|Legal|Bureau|Credit|Finance|Bank|Co)\b|&"
)
# Phrasings for these tell a date as that on which something was due; all others as a day that is to come.
_TELL_WHEN_DUE = frozenset({"state_balance", "missed_promise", "agreement"})
# A sum that is a fee or a saving is no balance that could be asked for.
_TELL_FEES = frozenset({"fees", "offer", "plan", "plan_terms"})
_SAY_WHAT_NEXT = frozenset({"plan_terms", "subject", *CONSEQUENCES})
# What says that something may happen, not only that it would be a pity.
_STATES = re.compile(r"(?:If|Should|The account may|An open balance may|We may)\b")
# As many slips in one sentence are no slips.
_MANY = 3
_ASKS = frozenset({"demand", "pressure", "shouting"})
_ASKED_FOR = re.compile(
    r"(?:Get|Bring|Send|Pay|Call|Ring|Make|Transfer|Settle|Clear|Sign|Return|Reply|Contact|Complete|Use|Update|Log in|Submit|Provide|Arrange|Visit)\b(?!.*\n)"
)
_OF_A_FEE = re.compile(
    r"(?i)\b(?:fees?|compensation|interest|penalty|charges?|costs|surcharge|per (?:day|week|month)|a (?:day|week|month)|off|discount|worth|statutory|adds?|added|on top)\b"
)
_ASK_FOR_MONEY = frozenset({"ask_payment", "deadline", "how_to_pay", "state_balance", "missed_promise"})
_SPEAKS_OF_MONEY = re.compile(
    r"(?i)\b(?:balance|payments?|amount|account|invoice|bill|rent|instal?lments?|pay|paid|settle|transfer|cash|card|cheque|check|money|funds|owe|due|clear)\b"
)
_SUBJECT_LINE = re.compile(r"(?i)subject: ?")
# Who is spoken to, at the end of a sentence.
_VOCATIVE = re.compile(r",? ([A-Z][\w'-]+)[.!?]*\s*\Z")
_HOUR = re.compile(r"(?i)\d ?(?:[ap]\.?m\b|o'clock)|\d:\d\d")
_ENDING = re.compile(r"(?i)\b(?:ending|ends)(?: in| with)? \Z")
# A name after this is mentioned; it does not say who writes.
_IN_PASSING = re.compile(r"(?i)\b(?:at|in|to|of|with|by|for|near|on) (?:the )?\Z")
# How a sentence begins that goes on from one that may not stand there any more.
_GOES_ON_FROM = re.compile(
    r"(?i) (?:nevertheless|nonetheless|even so|still|that said|anyway|anyhow|so|but|and),? ([a-z][\w'-]*)"
)
# What goes on with the sentence before it, whatever stands between them: "by Friday!! & we'll see".
_GOES_ON = re.compile(r" ?&|\s+(?:and|but|or|so)\b")
_NOT_ARRIVED = re.compile(
    r"(?i)\b(?:did not|didn't|has not|hasn't|have not|haven't|never|was not|wasn't|not yet|do not yet)(?: yet)? (?:arrived?|reach(?:ed)?|come|show|been (?:received|made|paid)|received?|posted|gone through|made)\b"
)
# Below it a threat is only doubted, and names nothing.
_SURE = 0.5
_QUOTES = ('"', "\u201c", "\u201d")
_FEWEST_WORDS = 4


class Rewriting(NamedTuple):
    """A new text for ``span`` of the message. ``kind`` as in ``Suggestion``."""

    span: Span
    text: str
    kind: str
    safe: bool = False
    intent: str = NOTHING
    source: str = "tonecheck"
    phrasing: str = ""


class Candidates:
    """Those for the units of one message, which are to be asked for in order."""

    def __init__(self, analysis: Analysis, guard: Guard, llm: LanguageModel | None) -> None:
        self.analysis = analysis
        self.text = analysis.document.text
        self.profile = analysis.profile
        self.guard = guard
        self.llm = llm
        self._found: list[tuple[Finding, Span]] = []
        self._used: set[str] = set()  # texts, and the phrasings behind them
        self._said: set[str] = set()  # intents that a sentence before was rewritten for

    def know(self, units: Sequence[Unit]) -> None:
        """What was found, in all units."""
        self._found = [pair for unit in units for pair in unit.findings]

    def is_used(self, rewriting: Rewriting) -> None:
        """The rewriting is going to be proposed: it is not for another unit, too."""
        self._used |= {rewriting.text, rewriting.phrasing}
        self._said.add(rewriting.intent)

    def of(self, unit: Unit) -> Iterator[Rewriting]:
        before = self.text[slice(*unit.span)]
        kept = self._kept(unit)
        framed = self._framed(unit, before, kept)
        if framed is not None:
            yield framed
        if not self._says_what_next(unit.span):
            yield from self._head(unit, before, kept)
        yield from self._asked(unit, before, kept)
        yield from self._without_office(unit, before, kept)
        yield from self._in_small_letters(unit, before, kept)
        yield from self._politely(unit, before, kept)
        slight = all(finding.severity < 2 for finding, _ in unit.findings)
        if slight and len(unit.findings) < _MANY:
            return  # a slip is mended in its own words, or left alone
        if is_torn(self.text, unit.span):
            return
        if self._is_signature(unit.span):
            # Nothing could stand there instead; a false office need not, who writes has to.
            if not self._is_who_writes(unit):
                yield from self._without(unit, unit.span, kept)
            return
        spans = list(dict.fromkeys((unit.around, unit.span)))
        spans = [span for span in spans if not is_torn(self.text, span)]
        if announces(self._preceding(unit.span)):
            spans = spans[:1]
        intents = self._intents(unit)
        if any("sent" in facts for facts in self._facts(unit.span)):
            intents = [*(name for name in intents if name != NOTHING), "no_reply"]
        for span in spans:
            yield from self._instead(unit, span, intents, kept)
        if intents[:1] == ["subject"] or is_reply(intents):
            return
        # Who has asked for payment once states the balance the next time.
        general = sorted(at_stage(_GENERAL, self.profile.stage), key=lambda name: name in self._said)
        for span in spans:
            for facts in self._facts(span):
                yield from self._phrased(span, general, facts, kept)

    def _instead(self, unit: Unit, span: Span, intents: Sequence[str], kept: str) -> Iterator[Rewriting]:
        """Phrasings for ``span`` and its deletion; which comes first depends on whether it says anything that is worth saying."""
        held = self._facts(span)
        empty = not held[-1]
        idle = (
            intents[:1] == [NOTHING]
            or (intents == ["subject"] and not self._is_subject(span))
            or set(unit.categories) <= _ONLY_HURTS
            or (bool(intents) and (intents[0] in self._said or self._is_said_elsewhere(intents[0], span)))
        )
        if empty and idle:
            yield from self._without(unit, span, kept)
        for facts in held:
            yield from self._phrased(span, intents, facts, kept)
        if not (empty and idle):
            yield from self._without(unit, span, kept)

    def _names_may_go(self, span: Span) -> bool:
        """Whether the names in ``span`` are there to hurt: those of others, in a threat, a disclosure, a jibe. Not who writes."""
        hurting = any(
            finding.severity >= 2 and finding.category in _WITH_NAMES and place.overlaps(span)
            for finding, place in self._found
        )
        if not hurting:
            return False
        # Who writes may be told elsewhere, too.
        signed = any(not one.overlaps(span) for one in self.analysis.elements.get("sender_identity", ()))
        return not any(
            (self._is_sender(name) and not signed) or _FIRM.search(name) for name in self._names_only_in(span)
        )

    def _is_signature(self, span: Span) -> bool:
        """Whether ``span`` is a line that is no sentence, below the first paragraph: nothing could stand there instead."""
        return is_headline(self.text, span) and any(
            one.end <= span.start and self.text[one.end - 1] in ".!?" for one in self._spoken
        )

    def _is_who_writes(self, unit: Unit) -> bool:
        """Whether the unit says who writes, and does not only pretend to."""
        return "deception" not in unit.categories and self.analysis.is_evidence(unit.span, "sender_identity")

    # --- by frames

    def _framed(self, unit: Unit, before: str, kept: str) -> Rewriting | None:
        """The unit with a frame applied to each of its findings, if that leaves nothing of severity 2 or 3."""
        text, safe = before, True
        pending = [finding for finding, _ in unit.findings]
        covered = [
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
        if self._repeats(text, before, unit.span) or (not text and not self._can_go(unit.span)):
            return None
        return Rewriting(unit.span, text, "rephrase" if text else "delete", safe and bool(text))

    def _repeats(self, text: str, before: str, span: Span) -> bool:
        """Whether the new text says a sentence that another one already says."""
        around = " ".join((self.text[: span.start] + "\n" + self.text[span.end :]).split()).lower()
        new = [one.strip().lower() for one in re.split(r"(?<=[.!?]) ", text)]
        return any(
            len(one.split()) >= _FEWEST_WORDS and one in around and one not in before.lower() for one in new
        ) or len(set(new)) < len(new)

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
                for new in texts:
                    made = capitalised(new) if frame.whole else fitted(new, text, span)
                    if made != text and does_not_read(text, made) is None:
                        return made, frame.safe
        return None

    # --- by small changes

    def _politely(self, unit: Unit, before: str, kept: str) -> Iterator[Rewriting]:
        """Without the signs, if only signs were found; a demand with "please", if that is all it lacks."""
        if not any(any(map(str.isalnum, self.text[slice(*span)])) for _, span in unit.findings):
            for _, span in unit.findings:
                if self.guard.refuses(self.text[slice(*span)], "") is None:
                    yield Rewriting(span, "", "delete")
        elif set(unit.categories) <= _ASKS and _ASKED_FOR.match(before):
            goes_on = _GOES_ON.match(self.text, unit.span.end) is not None
            text = f"Please {before[0].lower()}{before[1:].rstrip('! ').rstrip('.')}{',' if goes_on else '.'}"
            if self.guard.refuses(before, text, kept=kept) is None:
                yield Rewriting(unit.span, text, "rephrase")

    def _without_office(self, unit: Unit, before: str, kept: str) -> Iterator[Rewriting]:
        """What passes for an officer's words, without the titles and offices that it claims; who writes, and for whom, stays."""
        if "deception" not in unit.categories:
            return
        text, claimed = without_office(before)
        lost = set(names_of(before, [])) - set(names_of(text, []))
        if text == before or any(name not in claimed for name in lost):
            return
        if self.guard.refuses(before, text, kept=kept, names_may_go=True) is None:
            yield Rewriting(unit.span, text, "rephrase")

    def _in_small_letters(self, unit: Unit, before: str, kept: str) -> Iterator[Rewriting]:
        """What is only shouted, said in small letters."""
        if any(finding.category != "shouting" for finding, _ in unit.findings if finding.severity >= 2):
            return
        text = in_small_letters(before)
        if text and self.guard.refuses(before, text, kept=kept) is None:
            yield Rewriting(unit.span, text, "rephrase", safe=True)

    # --- by a language model

    def _asked(self, unit: Unit, before: str, kept: str) -> Iterator[Rewriting]:
        """What the language model proposes, as far as the guard lets it."""
        if self.llm is None or all(finding.severity < 2 for finding, _ in unit.findings):
            return
        for text in self.llm.candidates(before, unit.categories, self.profile):
            if self.guard.refuses(before, text, kept=kept) is None:
                yield Rewriting(unit.span, text, "rephrase", source="llm")
                return

    # --- by approved phrasings

    def _intents(self, unit: Unit) -> list[str]:
        """What the unit may be for, the likeliest first."""
        if self._is_subject(unit.span) or is_headline(self.text, unit.span):
            return ["subject"]
        label = label_before(self.text, unit.span.start)
        if label and self.profile.channel == "call_script":
            replies = replies_to(label)
            if replies:
                return replies
        opinions: Opinions | None = self.analysis.opinions
        vector = None
        if opinions is not None:
            touched = [
                row.vector
                for one, row in zip(opinions.sentences, opinions.rows, strict=True)
                if unit.span.start < one.end and one.start < unit.span.end
            ]
            vector = next((one for one in touched if one is not None), None)
        found = intents_of(vector, unit.categories, self.text[slice(*unit.span)], self.profile.stage)
        # Who asks for something and threatens in one breath is to ask first; the consequence follows (see ``_consequence``).
        threatens = "demand" not in unit.categories and any(
            finding.category == "threat" and finding.confidence >= _SURE for finding, _ in unit.findings
        )
        threatens = threatens and self._alone_says_what_next(unit.span)
        named = named_next(self.text[slice(*unit.span)], self.profile.stage) if threatens else []
        if "threat" in unit.categories and self._takes_over(unit.span):
            named = [*at_stage(["consequence_handover"], self.profile.stage), *named]
        return list(dict.fromkeys([*named, *(name for name in found if name != "subject")]))

    def _takes_over(self, span: Span) -> bool:
        """Whether the one name that only ``span`` has is that of a firm that neither writes nor is owed the money."""
        names = self._names_only_in(span)
        return (
            len(names) == 1
            and _FIRM.search(names[0]) is not None
            and not self._is_sender(names[0])
            and names[0] not in whose(self.text, span)
        )

    def _is_subject(self, span: Span) -> bool:
        return _SUBJECT_LINE.match(self.text, span.start) is not None or any(
            start <= span.start < end for _, start, end in self.analysis.document.segments_of(("subject",))
        )

    def _is_said_elsewhere(self, intent: str, span: Span) -> bool:
        """Whether the message says outside of ``span`` what a sentence without facts would say for ``intent``."""
        if intent == "missed_promise":
            return any(not span.overlaps(Span(*found.span())) for found in _NOT_ARRIVED.finditer(self.text))
        evidence = self.analysis.elements.get(ELEMENT_OF.get(intent, ""), ())
        return any(not one.overlaps(span) for one in evidence)

    def _facts(self, span: Span) -> list[dict[str, list[str]]]:
        """What the sentence says, by kind and in its order, each fact once: with the time that it gives, without, and only what no other
        sentence says. The last is what has to be said at least."""
        found: dict[str, list[str]] = {}
        inside = facts_of(self.text[slice(*span)])
        least: dict[str, list[str]] = {}
        seen = set()
        for kind, place in self._told(span):
            said = self._with_what_for(kind, place, span)
            if (kind, said.lower()) not in seen:
                seen.add((kind, said.lower()))
                found.setdefault(kind, []).append(said)
                alone = facts_of(_as_said(kind, said))
                if kind != "period" and (
                    not alone or any(self.guard.facts[fact] <= inside[fact] for fact in alone)
                ):
                    least.setdefault(kind, []).append(said)
        before = self.text[slice(*span)]
        periods = [period for period in found.pop("period", []) if is_time_left(before, period)]
        ways = ([{**found, "period": periods[:1]}] if periods else []) + [found, least]
        return [way for number, way in enumerate(ways) if way not in ways[:number]]

    def _with_what_for(self, kind: str, place: Span, span: Span) -> str:
        """A fact as it is told; a sum with what it is for and to whom it is owed, "£310 for your old contract", unless something was found in
        that."""
        end = place.end
        if kind == "amount" and (after := what_for(self.text, place.end, span.end)) is not None:
            hurts = any(one.overlaps(after) for _, one in self._found if one.start >= place.start)
            end = place.end if hurts else after.end
        said = " ".join(self.text[place.start : end].split())
        if kind == "amount" and (owner := whose(self.text, span)) and owner in self._names_only_in(span):
            return said if owner in said else f"{said} owed to {owner}"
        return said

    def _told(self, span: Span) -> Iterator[tuple[str, Span]]:
        """The facts in ``span``; a day on which the sender wrote is of kind ``sent``, the last digits of a card of kind ``ending``: nothing is
        said for these as for a deadline or a reference."""
        for kind, place in whens_joined(self.text, self._all_told, span):
            before = self._before(place, span)
            said = self.text[slice(*place)]
            if kind == "date" and any(map(str.isdigit, said)) and not _HOUR.search(said) and is_sent(before):
                kind = "sent"
            elif kind == "reference" and _ENDING.search(before):
                kind = "ending"
            yield kind, place

    @cached_property
    def _all_told(self) -> list[tuple[str, Span]]:
        return told_in(self.text, self.analysis.entities)

    def _before(self, place: Span, span: Span) -> str:
        return self.text[max(span.start, place.start - 60) : place.start]

    def _phrased(
        self, span: Span, intents: Sequence[str], facts: dict[str, list[str]], kept: str
    ) -> Iterator[Rewriting]:
        """Approved phrasings for the intents, with all facts of ``span``."""
        if not any(facts.values()) and not is_reply(intents) and self._says_what_next(span):
            # Nothing but what happens next is said, so nothing else is to be.
            names = consequences_in(self.text[slice(*span)])
            if self._takes_over(span):
                names = ["consequence_handover", *names]
            intents = at_stage(names, self.profile.stage) or intents
        groups = [group for name in intents if (group := bank().get(("intent", name))) is not None]
        before = self.text[slice(*span)]
        is_subject = self._is_subject(span)
        tried = 0
        for group, phrasing, text in self._carrying(groups, span, facts):
            if group.name == "subject" and not is_subject:
                text = capitalised(_SUBJECT_LINE.sub("", text))
            # With another date it would still be the same sentence twice.
            if (
                {text, phrasing.template.text} & self._used
                or text in self.text
                or not self._suits(group.name, text, span, facts)
            ):
                continue
            text = self._addressed(" ".join((text, *self._consequence(group.name, span))), span)
            tried += 1
            if tried > 2 * _MOST_TRIED:
                return
            refused = self.guard.refuses(
                before,
                text,
                kept=kept,
                offers=phrasing.offers,
                approved=True,
                names_may_go=self._names_may_go(span),
            )
            if refused is None:
                yield self._going_on(
                    Rewriting(span, text, "rephrase", intent=group.name, phrasing=phrasing.template.text)
                )

    def _going_on(self, rewriting: Rewriting) -> Rewriting:
        """With the first word of the sentence after it, if that goes on from what was said: "Nevertheless, please pay" begins with "Please"."""
        goes_on = _GOES_ON_FROM.match(self.text, rewriting.span.end)
        if goes_on is None or not self._following(rewriting.span):
            return rewriting
        text = f"{rewriting.text} {capitalised(goes_on[1])}".lstrip()
        return rewriting._replace(span=Span(rewriting.span.start, goes_on.end()), text=text, kind="rephrase")

    def _addressed(self, text: str, span: Span) -> str:
        """``text`` to the reader whose name ends the sentence in ``span``, if no other sentence has it: "…, Dave." """
        reader = self._reader(span)
        if not reader:
            return text
        said = text.rstrip(".!?")
        return f"{said}, {reader}{text[len(said) :]}"

    def _reader(self, span: Span) -> str:
        """The name that ends the sentence, if only this one has it."""
        named = _VOCATIVE.search(self.text, *span)
        return named[1] if named is not None and named[1] in self._names_only_in(span) else ""

    def _consequence(self, intent: str, span: Span) -> Iterator[str]:
        """What may happen next, calmly, if only ``span`` says that something will, and a phrasing for ``intent`` would not."""
        if intent in _SAY_WHAT_NEXT or is_reply([intent]) or not self._says_what_next(span):
            return
        for name in consequences_in(self.text[slice(*span)]):
            for phrasing in bank()["intent", name].ranked(self.profile):
                text = phrasing.template.carrying({})
                if text is None or not _STATES.match(text) or text in self._used or text in self.text:
                    continue
                yield text
                return

    def _says_what_next(self, span: Span) -> bool:
        """Whether ``span`` is the only place where the message says what may happen next."""
        return bool(self.analysis.elements.get("consequences")) and self._alone_says_what_next(span)

    def _alone_says_what_next(self, span: Span) -> bool:
        """Whether nothing outside of ``span`` says what may happen next."""
        return all(one.overlaps(span) for one in self.analysis.elements.get("consequences", ()))

    def _suits(self, intent: str, text: str, span: Span, facts: dict[str, list[str]]) -> bool:
        """Whether what follows still has what it speaks of, and nothing is said that stands elsewhere already."""
        if not any(facts.values()) and intent == "state_balance" and self._is_said_elsewhere(intent, span):
            return False
        following = self._following(span)
        if not leans(following):
            return True
        return not leans_on_somebody(following) and _SPEAKS_OF_MONEY.search(text) is not None

    def _preceding(self, span: Span) -> str:
        """The sentence before ``span`` on its line."""
        sentences = self.analysis.sentences
        number = bisect_left(sentences, span.start, key=lambda one: one.start) - 1
        if number < 0 or "\n" in self.text[sentences[number].end : span.start]:
            return ""
        return self.text[slice(*sentences[number])]

    def _following(self, span: Span) -> str:
        """What stands after ``span`` on its line and stays; prescribed sentences lean on nothing."""
        sentences = self.analysis.sentences
        after = bisect_left(sentences, span.end, key=lambda one: one.start)
        for one in sentences[after : after + 1]:
            prescribed = self.analysis.is_evidence(one, "collector_disclosure", "opt_out", "sender_identity")
            rewritten = any(place.overlaps(one) for _, place in self._found)
            following = self.text[slice(*one)]
            if prescribed or rewritten:
                return ""
            # Who "they" are may be told in the paragraph before, what "this" is rarely.
            if "\n" in self.text[span.end : one.start] and not leans_on_people(following):
                return ""
            return following
        return ""

    def _carrying(
        self, groups: Sequence[Group], span: Span, facts: dict[str, list[str]]
    ) -> Iterator[tuple[Group, Phrasing, str]]:
        """A name that only this sentence has may be told as who writes, or as who takes over; never as anybody else."""
        is_subject = self._is_subject(span)
        told_with_sums = " ".join(facts.get("amount", ()))
        names = [name for name in self._names_only_in(span) if name not in told_with_sums]
        senders = {name for name in names if self._is_sender(name)}
        for group in groups:
            if not self._means_the_same(group.name, span):
                continue
            fitting = group.name == "consequence_handover" or (
                group.name == "no_reply" and senders == set(names)
            )
            told = {**facts, "name": names} if len(names) == 1 and fitting else facts
            introduced = self._introduced(names, span) if senders and not fitting else ""
            for phrasing, text in group.carrying(told, self.profile):
                yield group, phrasing, text if is_subject else introduced + text

    def _introduced(self, names: Sequence[str], span: Span) -> str:
        """Who writes, before what they say, if ``names`` has nobody else but the reader."""
        reader = self._reader(span)
        others = [name for name in names if name != reader]
        if len(others) != 1 or not self._is_sender(others[0]):
            return ""
        if _IN_PASSING.search(self.text, span.start, self.text.find(others[0], *span)):
            return ""
        return f"{others[0]}: " if self.profile.channel == "sms" else f"This is {others[0]}. "

    def _names_only_in(self, span: Span) -> list[str]:
        """Names that no other sentence has, as they are written: firms to which the account goes, or the sender."""
        inside: dict[str, None] = {}
        around = set()
        for at, name in self._names:
            if span.start <= at < span.end:
                inside[name] = None
            else:
                around.add(name)
        lowered = self.text[slice(*span)].lower()
        return [
            self.text[span.start + at : span.start + at + len(name)]
            for name in inside
            if name not in around and (at := lowered.find(name)) >= 0
        ]

    @cached_property
    def _names(self) -> list[tuple[int, str]]:
        return list(names_at(self.text, []))

    def _means_the_same(self, intent: str, span: Span) -> bool:
        """Whether every date and sum of the sentence means what phrasings for ``intent`` would make of it."""
        text = self.text
        dates = [place for kind, place in self._told(span) if kind == "date"]
        threatened = [place for place in dates if self._is_threatened(place)]
        only_threatened = intent not in CONSEQUENCES and self._is_only_threatened(threatened, span)
        if (intent == "next_contact") != only_threatened:
            return False
        if intent == "next_contact":
            return dates == threatened
        befores = ["by " if place in threatened else self._before(place, span) for place in dates]
        if befores and self._is_a_time(span):
            befores = ["by "]
        if intent in _ASK_FOR_MONEY and not self._speaks_of_money(span):
            return False
        if intent not in _TELL_FEES and any(
            _OF_A_FEE.search(text, max(span.start, place.start - 12), min(span.end, place.end + 30))
            for kind, place in self._told(span)
            if kind == "amount"
        ):
            return False
        if intent in _TELL_WHEN_DUE:
            return all(map(is_due, befores))
        return all(map(is_deadline, befores))

    def _is_only_threatened(self, dates: Sequence[Span], span: Span) -> bool:
        """Whether ``dates`` are days of a threat, and no last day for the reader, who is told of one elsewhere."""
        return (
            bool(dates)
            and all(is_a_day(self.text[slice(*place)]) for place in dates)
            and self._is_said_elsewhere("deadline", span)
        )

    def _is_threatened(self, date: Span) -> bool:
        """Whether something bad is to happen on a day: until then the reader has time to answer."""
        return any(
            finding.severity >= 2
            and finding.category == "threat"
            and self.analysis.clause(place).overlaps(date)
            for finding, place in self._found
        )

    def _is_a_time(self, span: Span) -> bool:
        """Whether all that is said is a day or an hour, which is then the reader's last: "4pm tomorrow." """
        text = self.text[slice(*span)].strip(" .!?,")
        return any(
            kind == "date" and " ".join(self.text[slice(*place)].split()) == text
            for kind, place in self._told(span)
        )

    def _speaks_of_money(self, span: Span) -> bool:
        """Whether what is asked for by a day in ``span`` may be a payment; without a day nothing is asked for by then."""
        told = {kind for kind, _ in self._told(span)}
        return (
            "date" not in told
            or bool(told & {"amount", "link", "bank", "reference"})
            or _SPEAKS_OF_MONEY.search(self.text, *span) is not None
        )

    def _is_sender(self, name: str) -> bool:
        return any(
            name.lower() in self.text[slice(*span)].lower()
            for span in self.analysis.elements.get("sender_identity", ())
        )

    # --- by leaving out

    def _without(self, unit: Unit, span: Span, kept: str) -> Iterator[Rewriting]:
        """The sentence without the clauses that carry findings, if what is left stands alone; else no sentence at all."""
        before = self.text[slice(*span)]
        if span == unit.span and self._says_what_next(span):
            # Of any other sentence it was proposed before the phrasings.
            yield from self._head(unit, before, kept)
        names_may_go = self._names_may_go(span)
        if self._can_go(span) and self.guard.refuses(before, "", names_may_go=names_may_go) is None:
            yield self._going_on(Rewriting(span, "", "delete"))
        elif span == unit.span:
            yield from self._shortened(span, before)

    def _head(self, unit: Unit, before: str, kept: str) -> Iterator[Rewriting]:
        """The beginning of the sentence, if all that was found stands behind it and it holds what the sentence has to say."""
        left = head_of(before, kept)
        if (
            left
            and not leans(self._following(unit.span))
            and self.guard.refuses(before, left, kept=kept) is None
        ):
            yield Rewriting(unit.span, left, "rephrase")

    def _shortened(self, span: Span, before: str) -> Iterator[Rewriting]:
        """The sentence up to one of its clauses, the longest that is clean and has all of its facts: "it moves to Bowland on Monday, | and they
        are not soft like us"."""
        if leans(self._following(span)) or "\n" in before:
            return
        breaks = clause_breaks(mask(before, find_entities(before)), Span(0, len(before)))
        for cut in breaks[: -_MOST_TRIED - 1 : -1]:
            left = standing_alone(before[: cut.start])
            if left and self.guard.refuses(before, left, names_may_go=self._names_may_go(span)) is None:
                yield Rewriting(span, left, "rephrase")
                return

    def _can_go(self, span: Span) -> bool:
        """Whether the message still says something without ``span``, nothing hangs, and no label is left with nothing to say."""
        goes_on = _GOES_ON_FROM.match(self.text, span.end)
        if leans(self._following(span)) and (
            goes_on is None or leans(self.text[goes_on.start(1) : goes_on.end(1) + 1])
        ):
            return False
        if self._is_subject(span) or self._is_all_that_is_said(span) or announces(self._preceding(span)):
            return False
        return any(says_more(self.analysis, one) for one in self._spoken if not one.overlaps(span))

    def _is_all_that_is_said(self, span: Span) -> bool:
        """Whether ``span`` is all that follows a label: "Agent: ", "If they ask: ", or all that stands between quotation marks."""
        if (
            self.text[span.start - 1 : span.start] in _QUOTES
            and self.text[span.end : span.end + 1] in _QUOTES
        ):
            return True
        line_end = self.text.find("\n", span.end)
        rest = self.text[span.end : line_end if line_end >= 0 else len(self.text)]
        return label_before(self.text, span.start) != "" and not rest.strip(" \"'\u201d\u2019")

    @cached_property
    def _spoken(self) -> Sequence[Span]:
        return self.analysis.views["spoken"].sentences

    def _kept(self, unit: Unit) -> str:
        """The clauses of the unit in which nothing was found."""
        pieces = []
        at = unit.span.start
        for _, span in sorted(unit.findings, key=lambda pair: pair[1]):
            clause = self.analysis.clause(span)
            start = max(at, min(clause.start, span.start))
            pieces.append(self.text[at:start])
            at = max(at, clause.end, span.end)
        pieces.append(self.text[at : unit.span.end])
        return " ".join("".join(pieces).split())


def _as_said(kind: str, said: str) -> str:
    """A fact in words in which it is recognised again: "by tonight", "pay 410"."""
    return f"by {said}" if kind in ("date", "sent") else f"pay {said}" if kind == "amount" else said
