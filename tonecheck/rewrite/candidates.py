"""What could stand in the place of a unit, the best first; everything has passed the guard."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from tonecheck.analysis import Analysis
from tonecheck.document import Span
from tonecheck.entities import find_entities, mask
from tonecheck.finding import Finding
from tonecheck.rewrite.around import GOES_ON_FROM, SUBJECT_LINE, Around, Found
from tonecheck.rewrite.cuts import capitalised, head_of, is_torn, leaves_a_verb, standing_alone
from tonecheck.rewrite.facts import FIGURES, NAMES, facts_of, names_of
from tonecheck.rewrite.frames import fitted, possible
from tonecheck.rewrite.guard import Guard, does_not_read
from tonecheck.rewrite.intents import (
    CONSEQUENCES,
    NOTHING,
    at_stage,
    consequences_in,
    handover_in,
    intents_of,
    is_reply,
    named_next,
    replies_to,
)
from tonecheck.rewrite.letters import in_small_letters
from tonecheck.rewrite.offices import without_office
from tonecheck.rewrite.people import People
from tonecheck.rewrite.phrasings import Group, Phrasing, bank
from tonecheck.rewrite.things import effects_in, step_in
from tonecheck.rewrite.told import SPEAKS_OF_MONEY, Told
from tonecheck.rewrite.units import (
    SIGN_OFF,
    Unit,
    announces,
    answers,
    branch_of,
    is_headline,
    label_before,
    leans,
    leans_on_somebody,
)
from tonecheck.sentences import clause_breaks

if TYPE_CHECKING:
    from tonecheck.model.opinions import Opinions
    from tonecheck.rewrite.llm import LanguageModel

# As many frames are applied to one sentence; twice as many phrasings are tried.
_MOST_TRIED = 4
# What is tried for a sentence with facts that no phrasing for its intents can say.
_GENERAL = (
    "ask_payment",
    "state_balance",
    "deadline",
    "ask_contact",
    "carrier",
    "balance_at_issue",
    "next_contact",
)
_WHEN_PAID = ("thanks",)
_ASK_BY = ("ask_payment", "deadline")
# What divides a demand from the threat behind it.
_OR_ELSE = re.compile(
    r"(?i)(?:[,;.!]|\s[\u2013\u2014-])?\s+(?:or else|or|otherwise),? (?=(?:on|at|from|i|we|you|u|it|the|my|our|your|every|there|its|this|that|deals?)\b)"
)
# The other way round: "The van goes on Friday | unless I get $600 by noon".
_UNLESS_PAID = re.compile(
    r"(?i),? unless (?=(?:i|we) (?:get|receive|see|have|am paid|are paid|hear)\b|you (?:pay|send|settle|clear|find|bring)\b)"
)
_DEAL_IS_OFF = re.compile(
    r"(?i)\b(?:deal|plan|arrangement|agreement)(?:'?s)?\b[^.!?]*\b(?:off|over|void|dead|cancelled|canceled|finished|ends?|gone)\b"
)
_WITH_A_PERIOD = ("ask_payment", "deadline", "ask_contact")
# A sentence with no other facts asks for a call.
_WAYS_TO_REACH = frozenset({"phone", "email"})
# Who says only such things in a sentence without a fact has nothing to say instead.
_ONLY_HURTS = frozenset({"shame", "insult", "sarcasm", "disclosure"})
# Only for these a line below the message goes; of "xo Mads" the model has been known to doubt.
_CLAIMS_OR_ABUSES = frozenset({"deception", "insult", "threat", "disclosure"})
# "Pre-Judgment Enforcement Division"; not "Disputes Unit".
_FALSE_OFFICE = re.compile(
    r"(?i)court|warrant|judg|enforce|legal|bailiff|sheriff|marshal|police|federal|government|crimin|arrest|fraud|investigat|civil|bureau|trial|docket|officer|levy|seiz|adjudicat|tribunal|prosecut|by order of (?!the (?:board|committee|council|directors|trustees|management)\b)"
)
# Phrasings that name the firm which has the account, or may get it.
_TELL_WHO = frozenset({"consequence_handover", "handed_over", "handing_over"})
_SAY_WHAT_NEXT = frozenset({"plan_terms", "subject", "handed_over", "handing_over", *CONSEQUENCES})
_IN_ITS_WORDS = ("effect", "step")
_IN_HOURS = re.compile(r"(?i)\b(?:hours?|hrs?|minutes?|mins?)\b")
# What says that something may happen, not only that it would be a pity.
_STATES = re.compile(r"(?:If|Should|The account may|An open balance may|We may)\b")
# In these another firm is named as the one who takes over.
_TOLD_OF_FIRMS = frozenset({"threat", "disclosure", "blame"})
# As many slips in one sentence are no slips.
_MANY = 3
_ASKS = frozenset({"demand", "pressure", "shouting"})
_ASKED_FOR = re.compile(
    r"(?:Release(?= (?:the|our|your) (?:full |whole |outstanding )?(?:amount|balance|payment|funds|sum))|Forward|Provide|Wire|Mail|Post|Deposit|Remit|Zelle|Venmo|Drop|Hand|Get|Bring|Send|Pay|Call|Ring|Make|Transfer|Settle|Clear|Sign|Return|Reply|Contact|Complete|Use|Update|Log in|Submit|Provide|Arrange|Visit)\b(?!.*\n)"
)
# What is to be paid by when, without a verb: "The other two by Wednesday 16th, noon".
_PART_BY = re.compile(
    r"(?i)(?:the (?:other|rest|remaining|remainder|first|second|last|full|whole|balance|lot)\b|all of|both\b|half\b|everything\b)[\w' ]{0,40} by [^.!?;\n]{3,40}"
)
# To whom it would be told if nobody paid, which nothing says calmly.
_EXPOSES = re.compile(
    r"(?i)\b(?:page|group|wall|noticeboard|facebook|insta(?:gram)?|google|reviews?|neighbou?rs?|everyone|everybody|the (?:whole|entire) \w+|"
    r"your (?:boss|work|mum|mom|dad|wife|husband|family|friends|parents|church|clients|customers))\b"
)
# What goes on with the sentence before it, whatever stands between them: "by Friday!! & we'll see".
_GOES_ON = re.compile(r" ?&|\s+(?:and|but|or|so)\b")
_AMPERSAND = re.compile(r"(?i) & (?=(?:i|we|you|u|they|my|our|your)\b)")
# What divides a sentence into two that could stand for themselves.
_HALF = re.compile(
    r";\s+|\s+[\u2013\u2014]\s+|,? and (?=(?:from|as of|starting) (?:[A-Z\d]|next|the|this|today|tomorrow))"
)
_GIVES_A_REASON, _CLAUSE = (
    re.compile(r"(?i)(?:because|since|as|given that|seeing that) (?:you|u|your)\b"),
    re.compile(r",\s+(?!and\b|but\b|or\b)"),
)
# "Once you have been honest with yourself, | please send us the form."
_LEADS_IN = re.compile(r"(?i)(?:once|when|after|now that|before|as soon as|instead of|rather than)\b")
_ASKS_AT_LAST = re.compile(r"(?i),\s+(?=(?:please|kindly)\b)")
# Below it a threat is only doubted, and names nothing.
_SURE = 0.5
# A call that a machine takes, and what is said to a reader but not to a listener.
_RECORDED = re.compile(
    r"(?i)\b(?:voice ?mail|machine|beep|tone|leav(?:e|ing) (?:a|this) message|message for|call(?:ing)? (?:me |us )?back)\b"
)
_TO_SOMEBODY_ELSEWHERE = re.compile(
    r"(?i)\b(?:get in touch|hear from you|reply|contact us|trying to reach|call us|write to us|visit)\b"
)
# It stands for a word that was in the sentence before: "A list of unpaid bills hangs in the hall. Yours stands at $40."
_YOURS = re.compile(r" Yours(?= (?:is|stands|now|presently|currently|comes|has|remains)\b)")
_OF_THE_ACCOUNT = frozenset({"amount", "reference", "link", "phone", "email", "bank", *FIGURES})
_FEWEST_WORDS = 4
_LIST = re.compile(r"[ \t]*\n\s*(?:\(?1[.)]|[-*\u2022]|\(?[ai][.)]) ")
_CLOSES = re.compile(r"[A-Z][\w' ]{1,30},")
_TELLS_A_CHARGE = re.compile(r"(?i)[$£€]\d.*\b(?:storage|interest|charges?|fees?|a day|per day)\b")
# A question that only the sentence after it answers: "Already in the mail? Ignore our nudge!"
_MOST_WORDS_OF_A_LEADING_QUESTION = 5


def _tells_of_the_account(text: str) -> bool:
    return any(fact.kind in _OF_THE_ACCOUNT for fact in facts_of(text))


class Rewriting(NamedTuple):
    """A new text for ``span`` of the message. ``kind`` as in ``Suggestion``."""

    span: Span
    text: str
    kind: str
    safe: bool = False
    intent: str = NOTHING
    source: str = "tonecheck"
    phrasing: str = ""


class _Step(NamedTuple):
    """What a frame makes of a text. ``whole``: all of it is said in other words."""

    text: str
    safe: bool
    whole: bool


class Candidates:
    """Those for the units of one message, which are to be asked for in order."""

    def __init__(self, analysis: Analysis, guard: Guard, llm: LanguageModel | None) -> None:
        self.analysis = analysis
        self.text = analysis.document.text
        self.profile = analysis.profile
        self.guard = guard
        self.llm = llm
        self._found: Found = []
        self.around = Around(analysis, self._found)
        self.people = People(analysis, self._found)
        self.told = Told(analysis, guard.facts, self._found, self.around, self.people)
        self._used: set[str] = set()  # texts, and the phrasings behind them
        self._said: set[str] = set()  # intents that a sentence before was rewritten for

    def know(self, units: Sequence[Unit]) -> None:
        """What was found, in all units."""
        self._found[:] = (pair for unit in units for pair in unit.findings)

    def is_used(self, rewriting: Rewriting) -> None:
        """The rewriting is going to be proposed: it is not for another unit, too."""
        self._used |= {rewriting.text, rewriting.phrasing}
        self._said.add(rewriting.intent)

    def of(self, unit: Unit) -> Iterator[Rewriting]:
        before = self.text[slice(*unit.span)]
        if SIGN_OFF.fullmatch(before):
            return
        if _CLOSES.fullmatch(before) and self.text[unit.span.end : unit.span.end + 1] == "\n":
            # "See you soon,": a letter ends with it, and "Neil you clown," begins one.
            unit = unit.within(unit.span.start, unit.span.end - 1)
            framed = self._framed(unit, before[:-1], self._kept(unit))
            yield from () if framed is None else (framed._replace(text=framed.text.rstrip()),)
            return
        kept = self._kept(unit)
        yield from self._to_others(unit, kept)
        if any(finding.severity >= 2 for finding, _ in unit.findings) and (replies := self._replies(unit)):
            for span in dict.fromkeys((unit.around, unit.span)):
                yield from self._instead(unit, span, replies, kept)
        framed = self._framed(unit, before, kept)
        if framed is not None:
            yield framed
        if not self.around.says_what_next(unit.span):
            yield from self._head(unit, before, kept)
        yield from self._asked(unit, before, kept)
        yield from self._without_office(unit, before, kept)
        yield from self._in_small_letters(unit, before, kept)
        yield from self._politely(unit, before, kept)
        slight = all(finding.severity < 2 for finding, _ in unit.findings)
        if slight and len(unit.findings) < _MANY:
            return  # a slip is mended in its own words, or left alone
        yield from self._tail(unit, before)
        if is_torn(self.text, unit.span) or _LIST.match(self.text, unit.span.end):
            return  # nothing else would lead up to the list
        if self.around.is_signature(unit.span):
            # Nothing could stand there instead; a false office need not, who writes has to.
            claims = _FALSE_OFFICE.search(before) or "deception" not in unit.categories
            if claims and not self._is_who_writes(unit) and _CLAIMS_OR_ABUSES.intersection(unit.categories):
                yield from self._without(unit, unit.span, kept)
            return
        spans = list(dict.fromkeys((unit.around, unit.span)))
        spans = [span for span in spans if not is_torn(self.text, span)]
        if announces(self.around.preceding(unit.span)):
            spans = spans[:1]
        intents = self._intents(unit)
        if any("sent" in facts for facts in self.told.facts(unit.span)):
            intents = [*(name for name in intents if name != NOTHING), "no_reply"]
        # What may happen next is told once, and again only where nothing else can be.
        again = [name for name in intents if name in CONSEQUENCES and self._said.intersection(CONSEQUENCES)]
        intents = [name for name in intents if name not in again]
        for span in spans:
            yield from self._instead(unit, span, intents, kept)
        if intents[:1] == ["subject"] or is_reply(intents):
            return
        yield from self._in_two(unit, kept)
        # Who has asked for payment once states the balance the next time.
        told = self.told.facts(unit.span)[0].keys()
        only_contact = bool(told) and told <= _WAYS_TO_REACH
        general = sorted(
            at_stage((*_GENERAL, *_WHEN_PAID), self.profile.stage),
            key=lambda name: (name != "ask_contact" if only_contact else False, name in self._said),
        )
        for span in spans:
            named = ["fees"] if self.told.is_a_rate(span) else []
            for facts in self.told.facts(span):
                yield from self._phrased(span, [*general, *again, *named], facts, kept)

    def _to_others(self, unit: Unit, kept: str) -> Iterator[Rewriting]:
        """What is said to somebody else who answers the telephone, as a whole: of a debt they must hear nothing
        (15 USC 1692c(b); CONC 7.9.6R)."""
        label, branch = branch_of(self.text, unit.span.start)
        if self.profile.channel != "call_script" or replies_to(label)[:1] != ["reply_third_party"]:
            return
        if any(finding.severity >= 2 for finding, _ in unit.findings):
            for facts in self.told.facts(branch)[-1:]:
                yield from self._phrased(branch, ["reply_third_party"], facts, kept)

    def _instead(self, unit: Unit, span: Span, intents: Sequence[str], kept: str) -> Iterator[Rewriting]:
        """Phrasings for ``span`` and its deletion; which comes first depends on whether it says anything that is worth saying."""
        held = self.told.facts(span)
        empty = not held[-1] and "period" not in held[0]
        idle = (
            intents[:1] == [NOTHING]
            or (intents == ["subject"] and not self.around.is_subject(span))
            or set(unit.categories) <= _ONLY_HURTS
            or (
                bool(intents)
                and (intents[0] in self._said or self.around.is_said_elsewhere(intents[0], span))
            )
        )
        if empty and idle:
            yield from self._without(unit, span, kept)
        for facts in held:
            yield from self._phrased(span, intents, facts, kept)
            if "period" in facts:
                # Rather in other words than without the time that the reader has.
                yield from self._phrased(span, _WITH_A_PERIOD, facts, kept)
        if not (empty and idle):
            yield from self._without(unit, span, kept)

    def _in_two(self, unit: Unit, kept: str) -> Iterator[Rewriting]:
        """A demand and the threat that follows it, "Pay by Friday, | or on Saturday I'm at your door", each said by itself."""
        if (half := _OR_ELSE.search(self.text, *unit.span)) is not None:
            first, second = Span(unit.span.start, half.start()), Span(half.end(), unit.span.end)
        elif (half := _UNLESS_PAID.search(self.text, *unit.span)) is not None:
            first, second = Span(half.end(), unit.span.end), Span(unit.span.start, half.start())
        else:
            return
        days = bank()["intent", "next_contact"]
        later = [""] if not any(self.told.facts(second)[0].values()) else []
        if self.told.only_threatens(second):
            later = [text for _, text in days.carrying(self.told.facts(second)[-1], self.profile)]
        if self.profile.stage in ("plan", "plan_followup") and _DEAL_IS_OFF.search(self.text, *second):
            terms = bank()["intent", "plan_terms"]
            said = [text for _, text in terms.carrying(self.told.facts(second)[-1], self.profile)]
            later = sorted(said, key=lambda text: "may end" not in text)
        before = self.text[slice(*unit.span)]
        for facts in self.told.facts(first):
            groups = [bank()["intent", name] for name in at_stage(_ASK_BY, self.profile.stage)]
            for group, phrasing, text in self._carrying(groups, first, facts) if later else ():
                both = f"{text} {later[0]}".strip()
                if text in self.text or {text, phrasing.template.text} & self._used:
                    continue
                may_go = self.people.may_go(unit.span)
                if self.guard.refuses(before, both, kept=kept, approved=True, may_go=may_go) is None:
                    yield Rewriting(
                        unit.span, both, "rephrase", intent=group.name, phrasing=phrasing.template.text
                    )
                    return

    def _is_who_writes(self, unit: Unit) -> bool:
        """Whether the unit says who writes, and does not only pretend to."""
        return "deception" not in unit.categories and self.analysis.is_evidence(unit.span, "sender_identity")

    # --- by frames

    def _framed(self, unit: Unit, before: str, kept: str) -> Rewriting | None:
        """The unit with a frame applied to each of its findings, if that leaves nothing of severity 2 or 3."""
        text, safe, whole = before, True, False
        pending = [finding for finding, _ in unit.findings]
        covered = [
            Span(span.start - unit.span.start, span.end - unit.span.start) for _, span in unit.findings
        ]
        for _ in range(_MOST_TRIED):
            step = self._frame_step(text, pending, covered if text == before else None)
            if step is None:
                break
            text, safe, whole = step.text, safe and step.safe, whole or step.whole
        # A name that a frame leaves out was there to be told.
        may_go = self.people.may_go(unit.span) & FIGURES
        if text == before or self.guard.refuses(before, text, kept=kept, may_go=may_go) is not None:
            return None
        if self._repeats(text, before, unit.span) or (not text and not self.around.can_go(unit.span)):
            return None
        around = self.text[slice(*unit.around)]
        # What falls with a sentence falls if all of it is said in other words, too.
        falls = (
            (whole or not text)
            and unit.around != unit.span
            and self.guard.refuses(around, text, kept=kept, may_go=may_go) is None
        )
        kind = "rephrase" if text else "delete"
        return Rewriting(unit.around if falls else unit.span, text, kind, safe and bool(text) and not falls)

    def _repeats(self, text: str, before: str, span: Span) -> bool:
        """Whether the new text says a sentence that another one already says."""
        around = " ".join((self.text[: span.start] + "\n" + self.text[span.end :]).split()).lower()
        new = [one.strip().lower() for one in re.split(r"(?<=[.!?]) ", text)]
        return any(
            len(one.split()) >= _FEWEST_WORDS and one in around and one not in before.lower() for one in new
        ) or len(set(new)) < len(new)

    def _frame_step(
        self, text: str, findings: Sequence[Finding], covered: Sequence[Span] | None
    ) -> _Step | None:
        """``text`` with the first frame that fits one of the findings applied."""
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
                        return _Step(made, frame.safe, frame.whole)
        return None

    # --- by small changes

    def _politely(self, unit: Unit, before: str, kept: str) -> Iterator[Rewriting]:
        """Without the signs, if only signs were found; a demand with "please", if that is all it lacks."""
        if not any(any(map(str.isalnum, self.text[slice(*span)])) for _, span in unit.findings):
            for _, span in unit.findings:
                if self.guard.refuses(self.text[slice(*span)], "") is None:
                    yield Rewriting(span, "", "delete")
            return
        half = _OR_ELSE.search(before)
        if half is not None and (part := _PART_BY.fullmatch(before[: half.start()])) is not None:
            text = f"Please pay {part[0][0].lower()}{part[0][1:]}."
            may_go = self.people.may_go(unit.span)
            if self.guard.refuses(before, text, may_go=may_go) is None:
                yield Rewriting(unit.span, text, "rephrase")
        elif _ASKED_FOR.match(capitalised(before)):
            half = half if half is not None and self._only_frightens(before[half.end() :]) else None
            if set(unit.categories) <= _ASKS or half is not None:
                asked = before[: half.start()] if half is not None else before
                goes_on = _GOES_ON.match(self.text, unit.span.end) is not None
                text = (
                    f"Please {asked[0].lower()}{asked[1:].rstrip('! ').rstrip('.')}{',' if goes_on else '.'}"
                )
                if self.guard.refuses(before, text, kept=kept) is None:
                    yield Rewriting(unit.span, text, "rephrase")

    def _only_frightens(self, threat: str) -> bool:
        """Whether nothing that may rightly follow is named in ``threat``."""
        return _EXPOSES.search(threat) is not None or not (consequences_in(threat)[:-1] or facts_of(threat))

    def _without_office(self, unit: Unit, before: str, kept: str) -> Iterator[Rewriting]:
        """What passes for an officer's words, without the titles and offices that it claims; who writes, and for whom, stays."""
        if "deception" not in unit.categories:
            return
        text, claimed = without_office(before)
        lost = set(names_of(before, [])) - set(names_of(text, []))
        if text == before or not text.strip() or any(name not in claimed for name in lost):
            return
        if self.guard.refuses(before, text, kept=kept, may_go=NAMES | FIGURES) is None:
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

    def _replies(self, unit: Unit) -> list[str]:
        """What is answered in the branch of a call script in which the unit stands; nothing elsewhere."""
        if self.profile.channel != "call_script" or self.around.is_subject(unit.span):
            return []
        label = label_before(self.text, unit.span.start)
        return replies_to(label) if label and not is_headline(self.text, unit.span) else []

    def _intents(self, unit: Unit) -> list[str]:
        """What the unit may be for, the likeliest first."""
        if self.around.is_subject(unit.span) or is_headline(self.text, unit.span):
            return ["subject"]
        if replies := self._replies(unit):
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
        threatens = threatens and self.around.alone_says_what_next(unit.span)
        named = named_next(self.text[slice(*unit.span)], self.profile.stage)
        # What is payable only once a plan has ended is not asked for now.
        named = named if threatens or named == ["plan_terms"] else []
        if self.profile.stage == "settlement" and "pressure" in unit.categories:
            named = ["offer", *named]
        if _TOLD_OF_FIRMS.intersection(unit.categories) and self.people.takes_over(unit.span):
            named = [
                *at_stage(
                    [handover_in(self.text[slice(*unit.span)], self.profile.stage)], self.profile.stage
                ),
                *named,
            ]
        return list(dict.fromkeys([*named, *(name for name in found if name != "subject")]))

    def _phrased(
        self, span: Span, intents: Sequence[str], facts: dict[str, list[str]], kept: str
    ) -> Iterator[Rewriting]:
        """Approved phrasings for the intents, with all facts of ``span``."""
        if not any(facts.values()) and not is_reply(intents) and self.around.says_what_next(span):
            # Nothing but what happens next is said, so nothing else is to be.
            names = [
                *(intents[:1] if intents[:1] == ["plan_terms"] else ()),
                *consequences_in(self.text[slice(*span)]),
            ]
            if self.people.takes_over(span):
                names = [handover_in(self.text[slice(*span)], self.profile.stage), *names]
            intents = at_stage(names, self.profile.stage) or intents
        groups = [group for name in intents if (group := bank().get(("intent", name))) is not None]
        before = self.text[slice(*span)]
        is_subject = self.around.is_subject(span)
        tried = 0
        for group, phrasing, text in self._carrying(groups, span, facts):
            if group.name == "subject" and not is_subject:
                text = capitalised(SUBJECT_LINE.sub("", text))
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
                # The forms that were approved leave days, and name nothing in words of the draft.
                approved=not _IN_HOURS.search(text) and phrasing.template.slots.isdisjoint(_IN_ITS_WORDS),
                may_go=self.people.may_go(span),
            )
            if refused is None:
                yield self._going_on(
                    Rewriting(span, text, "rephrase", intent=group.name, phrasing=phrasing.template.text)
                )

    def _going_on(self, rewriting: Rewriting) -> Rewriting:
        """With the first word of the sentence after it, if that goes on from what was said: "Nevertheless, please pay" begins with "Please"."""
        if (owned := _YOURS.match(self.text, rewriting.span.end)) is not None:
            text = f"{rewriting.text} Your balance".lstrip()
            return rewriting._replace(
                span=Span(rewriting.span.start, owned.end()), text=text, kind="rephrase"
            )
        goes_on = GOES_ON_FROM.match(self.text, rewriting.span.end)
        if goes_on is None or not self.around.following(rewriting.span):
            return rewriting
        text = f"{rewriting.text} {capitalised(goes_on[1])}".lstrip()
        return rewriting._replace(span=Span(rewriting.span.start, goes_on.end()), text=text, kind="rephrase")

    def _addressed(self, text: str, span: Span) -> str:
        """``text`` to the reader whose name ends the sentence in ``span``, if no other sentence has it: "…, Dave." """
        reader = self.people.reader(span)
        if not reader:
            return text
        said = text.rstrip(".!?")
        return f"{said}, {reader}{text[len(said) :]}"

    def _consequence(self, intent: str, span: Span) -> Iterator[str]:
        """What may happen next, calmly, if only ``span`` says that something will, and a phrasing for ``intent`` would not."""
        if intent in _SAY_WHAT_NEXT or is_reply([intent]) or not self.around.says_what_next(span):
            return
        # The last is too vague to be told beside something else: who is warned of "next steps" without a name reads a threat.
        for name in consequences_in(self.text[slice(*span)])[:-1]:
            for named in self._named(name, span):
                for _, text in bank()["intent", name].carrying(named, self.profile):
                    if not _STATES.match(text) or text in self._used or text in self.text:
                        continue
                    yield text
                    return

    @cached_property
    def _is_live(self) -> bool:
        """Whether somebody listens who can answer at once."""
        return self.profile.channel == "call_script" and _RECORDED.search(self.text) is None

    def _suits(self, intent: str, text: str, span: Span, facts: dict[str, list[str]]) -> bool:
        """Whether what follows still has what it speaks of, and nothing is said that stands elsewhere already."""
        if (
            not any(facts.values())
            and intent == "state_balance"
            and self.around.is_said_elsewhere(intent, span)
        ):
            return False
        if self._is_live and _TO_SOMEBODY_ELSEWHERE.search(text):
            return False
        following = self.around.following(span)
        if not leans(following):
            return True
        if answers(following):
            return text.endswith("?")
        return not leans_on_somebody(following) and SPEAKS_OF_MONEY.search(text) is not None

    def _carrying(
        self, groups: Sequence[Group], span: Span, facts: dict[str, list[str]]
    ) -> Iterator[tuple[Group, Phrasing, str]]:
        """A name that only this sentence has may be told as who writes, or as who takes over; never as anybody else."""
        is_subject = self.around.is_subject(span)
        told_with_sums = " ".join(facts.get("amount", ()))
        names = [name for name in self.people.only_in(span) if name not in told_with_sums]
        senders = {name for name in names if self.people.is_sender(name)}
        for group in groups:
            if not self.told.means_the_same(group.name, span):
                continue
            firm = self.people.takes_over(span) if group.name in _TELL_WHO else ""
            fitting = group.name in _TELL_WHO or (group.name == "no_reply" and senders == set(names))
            introduced = self.people.introduced(names, span) if senders and not fitting else ""
            for named in self._named(group.name, span):
                told = {**facts, **named}
                if firm or (len(names) == 1 and fitting):
                    told["name"] = [firm] if firm else names
                for phrasing, text in group.carrying(told, self.profile):
                    yield group, phrasing, text if is_subject else introduced + text

    def _named(self, intent: str, span: Span) -> list[dict[str, list[str]]]:
        """What ``span`` threatens to take away, or which step it announces, where that is what phrasings for ``intent`` speak of, the most
        telling first."""
        sentence = self.text[slice(*span)]
        if intent == "consequence_named":
            return [{"effect": [effect]} for effect in effects_in(sentence)] or [{}]
        if intent == "consequence_court" and self._may_name_steps(span) and (step := step_in(sentence)):
            return [{"step": [step]}, {}]
        return [{}]

    def _may_name_steps(self, span: Span) -> bool:
        """Whether a step in court may be named as one that the sender may take. A collector in the US may not speak of a suit that is not meant
        (15 USC 1692e(5)), and nobody of one that may only be pretended."""
        collects_in_us = self.profile.sender == "third_party" and self.profile.jurisdiction == "us"
        pretended = self.profile.audience == "consumer" and any(
            finding.category == "deception" and place.overlaps(span) for finding, place in self._found
        )
        return not collects_in_us and not pretended

    # --- by leaving out

    def _without(self, unit: Unit, span: Span, kept: str) -> Iterator[Rewriting]:
        """The sentence without the clauses that carry findings, if what is left stands alone; else no sentence at all."""
        before = self.text[slice(*span)]
        if span == unit.span and self.around.says_what_next(span):
            # Of any other sentence it was proposed before the phrasings.
            yield from map(self._saying_what_next, self._head(unit, before, kept))
        may_go = self.people.may_go(span)
        whole = self._with_its_question(span)
        said = self.text[slice(*whole)]
        can_go = self.around.can_go(whole) and not self.guard.refuses(said, "", may_go=may_go)
        # What tells of the account is worth more than nothing, even if it stands elsewhere.
        if span == unit.span and (not can_go or _tells_of_the_account(before)):
            for one in self._shortened(unit, before):
                if not can_go or _tells_of_the_account(one.text):
                    yield one
        if can_go:
            yield self._going_on(Rewriting(whole, "", "delete"))

    def _with_its_question(self, span: Span) -> Span:
        """``span`` with the short question before it, which nothing else answers: "Already in the mail? Ignore our nudge!" """
        question = self.around.preceding(span)
        if not question.endswith("?") or len(question.split()) > _MOST_WORDS_OF_A_LEADING_QUESTION:
            return span
        start = self.text.rfind(question, 0, span.start)
        if start < 0:  # it goes on into the span
            return span
        whole = Span(start, span.end)
        is_rewritten = any(place.end > whole.start and place.start < span.start for _, place in self._found)
        return span if is_rewritten else whole

    def _head(self, unit: Unit, before: str, kept: str) -> Iterator[Rewriting]:
        """The beginning of the sentence, if all that was found stands behind it and it holds what the sentence has to say."""
        if leans(self.around.following(unit.span)):
            return
        first = self.text[unit.span.start : min(self._clause(span).start for _, span in unit.findings)]
        for said in dict.fromkeys((kept, " ".join(first.split()))):
            left = head_of(before, said)
            if left and self.guard.refuses(before, left, kept=said) is None:
                yield Rewriting(unit.span, left, "rephrase")
                return

    def _tail(self, unit: Unit, before: str) -> Iterator[Rewriting]:
        """The second half of a sentence, if all that was found stands in the first: "Spare us the tale; | the fee is $5.",
        "Because you would not talk, | file 3 was closed." """
        last = max(span.end for _, span in unit.findings) - unit.span.start
        # The model finds whole sentences; the guard sees whether the half is clean.
        whole = last >= len(before.rstrip(" .!?"))
        divides = (
            _CLAUSE if _GIVES_A_REASON.match(before) else _ASKS_AT_LAST if _LEADS_IN.match(before) else _HALF
        )
        half = divides.search(before, 0 if whole else last)
        rest = before[half.end() :] if half is not None else ""
        # A charge is told as what may happen next.
        silent = self.around.says_what_next(unit.span) and _TELLS_A_CHARGE.search(rest) is None
        if not facts_of(rest) or leans(rest) or silent:
            return
        left = standing_alone(rest)
        if left and self.guard.refuses(before, left, kept=rest) is None:
            yield Rewriting(unit.span, left, "rephrase")

    def _saying_what_next(self, shortened: Rewriting) -> Rewriting:
        """``shortened`` and what may happen next, calmly, if only what was cut off said so."""
        if consequences_in(shortened.text)[:-1]:
            return shortened
        before, may_go = self.text[slice(*shortened.span)], self.people.may_go(shortened.span)
        for said in self._consequence("", shortened.span):
            text = f"{shortened.text} {said}"
            if self.guard.refuses(before, text, may_go=may_go) is None:
                return shortened._replace(text=text)
        return shortened

    def _shortened(self, unit: Unit, before: str) -> Iterator[Rewriting]:
        """The sentence up to one of its clauses, the longest that is clean and has all of its facts: "it moves to Bowland on Monday, | and they
        are not soft like us"; if need be with frames applied to it: "I'm attaching invoice 3390 yet again, | since the first copy got lost"."""
        span = unit.span
        if leans(self.around.following(span)) or "\n" in before:
            return
        findings = [finding for finding, _ in unit.findings]
        breaks = clause_breaks(mask(before, find_entities(before)), Span(0, len(before)))
        breaks = sorted([*breaks, *(Span(*one.span()) for one in _AMPERSAND.finditer(before))])
        for cut in breaks[: -_MOST_TRIED - 1 : -1]:
            left = "" if leaves_a_verb(before[cut.start :]) else standing_alone(before[: cut.start])
            for text in dict.fromkeys((left, self._with_frames(left, findings))) if left else ():
                if text and self.guard.refuses(before, text, may_go=self.people.may_go(span)) is None:
                    yield self._saying_what_next(Rewriting(span, text, "rephrase"))
                    return

    def _with_frames(self, text: str, findings: Sequence[Finding]) -> str:
        for _ in range(_MOST_TRIED):
            step = self._frame_step(text, findings, None)
            if step is None:
                break
            text = step.text
        return text

    def _clause(self, span: Span) -> Span:
        """The clause in which something was found, and that itself if it is more."""
        clause = self.analysis.clause(span)
        return Span(min(clause.start, span.start), max(clause.end, span.end))

    def _kept(self, unit: Unit) -> str:
        """The clauses of the unit in which nothing was found."""
        pieces = []
        at = unit.span.start
        for _, span in sorted(unit.findings, key=lambda pair: pair[1]):
            clause = self._clause(span)
            pieces.append(self.text[at : max(at, clause.start)])
            at = max(at, clause.end)
        pieces.append(self.text[at : unit.span.end])
        return " ".join("".join(pieces).split())
