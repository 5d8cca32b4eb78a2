"""What a draft lacks: a ready sentence, with the account's values or placeholders in the draft's own style, and its place."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from tonecheck.analysis import Analysis
from tonecheck.document import Span
from tonecheck.rewrite.account import FIELDS, Account
from tonecheck.rewrite.around import SORRY
from tonecheck.rewrite.phrasings import Phrasing, bank
from tonecheck.rewrite.sums import bare_sums
from tonecheck.rewrite.units import branch_of, leans
from tonecheck.rewrite.whens import is_deadline, told_in
from tonecheck.sentences import sentence_at

# By element: after the first evidence of all of these that are there it goes; else before the closing.
_FOLLOWS: dict[str, frozenset[str]] = {
    "fees_interest": frozenset({"balance", "due_date"}),
    "payment_instructions": frozenset({"balance", "due_date"}),
    "payment_options": frozenset({"balance", "due_date", "payment_instructions"}),
}
_OF_A_FEE = re.compile(
    r"(?i)\b(?:lates?|reconnect\w*|admin\w*|charges?|penalt\w+|surcharge|interest|a (?:day|week|month)|per (?:day|week|month))\b"
)
_DUE = re.compile(r"(?i)\b(?:due|date to keep in mind)\b[^.!?\n]{0,40}\Z")
_LATE = re.compile(
    r"(?i)\b(?:past[ -]due|overdue|(?:was|fell|were) due|(?:days?|weeks?|months?) (?:late|ago))\b"
)
# What follows the day by which to pay.
_AFTER_THE_DAY = ("payment_instructions", "payment_options", "already_paid")
# Fees and what happens next are facts that nobody can write for the sender.
_ONLY_THE_SENDER_KNOWS = frozenset({"fees_interest", "consequences"})
_FIRST = frozenset({"balance", "empathy"})
_LAST = frozenset({"sender_identity"})
_OWN_PARAGRAPH = ("email", "letter")
# What stands below the name.
_FOOTERS = ("collector_disclosure", "opt_out")
_GREETING = re.compile(
    r"(?i)\s*(?:dear|hi|hello|hey|good (?:morning|afternoon|evening)|to whom)\b.{0,80}[,:!.]?\Z"
)
_GREETS = re.compile(
    r"(?i)(?:\w+: )?[\"\u201c]?(?:hi|hello|hey|good (?:morning|afternoon|evening)|may i speak|am i speaking|is that)\b"
)
_SIGN_OFF = re.compile(
    r"(?i)(?:(?:kind|best|warm|warmest|many|with (?:kind|best|warm)) (?:possible )?(?:regards|wishes|thanks)|regards|yours|sincerely|respectfully|cheers|"
    r"all the best|take care|thanks|thank you)\b[^.?!]{0,40},?\Z"
)


# The last sentence of a letter: nothing is said after it.
_THANKS = re.compile(
    r"(?i)(?:thank you|thanks|many thanks)(?: (?:again|in advance|so much|very much))?(?: for (?:reading|your|taking|being|working)\b[^.?!\n]{0,60})?(?:, and all the best|(?: sir| ma'am)? and (?:have|enjoy) (?:a|an|the|your) (?:\w+ )?(?:day|one|evening|weekend|week|afternoon)|, (?:sir|ma'am|goodbye|bye))?[.!]|(?:take (?:good |the best )?care|all the best|cheers|(?:good)?bye(?: bye| now| then| for now)*|(?:speak|talk|see you) soon|see you (?:at|on|in|next|then|there|tomorrow)\b[^.!?\n]{0,30}|ta(?: ta| very much)?|(?:have|enjoy) (?:a|an|the|your) (?:\w+ )?(?:day|one|evening|weekend|week|afternoon))[.!]"
)
# "Stay strong," on a line of its own.
_CLOSES = re.compile(r"[A-Z][\w' ]{1,30},")


def _is_prose(sentence: str) -> bool:
    """Whether a line is a sentence of the letter, not an address or a heading."""
    ends = sentence.rstrip("\"')]*_ ")[-1:] in (".", "?", "!")
    # "S. Whitfield Rudd, Esq." signs; "PAY US RIGHT NOW." does not.
    signs = _NAME_LINE.fullmatch(sentence.strip()) is not None and not sentence.isupper()
    is_long = len(sentence.split()) >= _FEWEST_WORDS or _ASKS.match(sentence) is not None
    return ends and is_long and not signs


def _is_a_row(line: str) -> bool:
    """Whether a line is one of a table or a list: facts, and no end of a sentence."""
    return any(map(str.isdigit, line)) and line.rstrip()[-1:] not in (".", "?", "!")


_ASKS = re.compile(r"(?i)\b(?:please|grateful|could you|appreciate|a payment by)\b")
_OF_MONEY = re.compile(
    r"(?i)\b(?:pay(?:s|ing|ment|ments|able)?|paid|balance|owe[sd]?|owing|debts?|amount|bill|invoice|account|loan|arrears|instal?lments?|due|collect\w*|money|card|credit)\b"
)
_OF_A_PAYMENT = frozenset({"balance", "due_date", "payment_instructions", "payment_options"})
_NOTHING_OWED = re.compile(
    r"(?i)\b(?:(?:closing|closed) (?:our|the|this|your) (?:file|account)|nothing (?:is |more is |further is )?(?:owed|owing|due|to pay)|(?:do not|don't|no longer) owe|"
    r"(?:are|is) not responsible for|paid (?:off )?in full|(?:owe us|balance is|owe) nothing|balance (?:of|is) (?:zero|nil|[$£€]0(?:\.00)?\b))"
)
# What is said when a call begins, and how the answer to one objection begins in a script.
_AT_THE_BEGINNING = frozenset(
    {"sender_identity", "account_reference", "balance", "due_date", "contact", "collector_disclosure"}
)
_IN_THE_MIDDLE = re.compile(r"(?i)\s*\[(?:if|when)\b")
_BRANCHES = re.compile(r"(?i)\b(?:if|when)\b[^:\n\]]{1,80}[:\]]")
# Who is asked to pass something on is not the one who owes.
_THROUGH_OTHERS = re.compile(
    r"\b(?i:could|can|would|will) you (?i:let|tell|ask|remind|get|have) (?:her|him|them|\{\{|[A-Z])|\b(?i:pass (?:this|it|that|a message) on to) "
)
_NO_REPLY = re.compile(
    r"(?i)\b(?:do not|don't|cannot|can't|please don't) reply\b|\bno-?reply\b|\b(?:not|isn't|un)[ -]?(?:monitored|read|staffed)\b"
)
_NO_PARTS = re.compile(
    r"(?i)\b(?:partials?|part[ -]?payments?|partial (?:payments?|tenders?|remittances?|settlements?)|instal?lments?)\b[^.!?\n]{0,20}\b(?:not|won't|cannot|can't|no longer|refused|returned|sent back)\b|\b(?:no|not take|not accept|not able to (?:take|accept)) (?:part|partial)[ -]?payments?\b"
    r"|\b(?:in full|full (?:payment|amount|balance|sum)) only\b|\bonly (?:in full|full payment)\b|\b(?:other|less) than the (?:full|whole) (?:amount|balance|sum)\b|\bfull [^.!?\n]{0,12} or nothing\b|\b(?:lost|lose|forfeit\w*)\b[^.!?\n]{0,30}\binstal?lments?\b"
)
# Who is with an adviser need not be told of one.
_HAS_AN_ADVISER = re.compile(
    r"(?i)\bbreathing space\b|\badvis[eo]rs (?:at|of|with|on)\b|\b(?:your|the|a) (?:debt |money |credit )?(?:advis[eo]r|counsell?or)\b"
)
_PAUSED = re.compile(
    r"(?i)\b(?:we|i)(?:'ve| have)?(?: now| already)? (?:paused|frozen|put (?:it|this|everything|(?:the|your) \w+) on hold)\b|\b(?:is|are|has been|have been) (?:paused|frozen|(?:put )?on hold)\b"
)
# "01632 960505 (automated, all hours)"
_OF_A_MACHINE = re.compile(r"(?i)\bautomat(?:ed|ic)\b")
_CALL_TO_PAY = re.compile(r"(?i)\bto pay,? please (?:call|ring|phone)\b")
_ASKS_WHAT_IS_WRONG = re.compile(
    r"(?i)\bif (?:you (?:see|find|spot|think|believe|feel|disagree)|(?:something|anything|any (?:part|of (?:this|it)|figure)))\b[^.!?]{0,40}\b(?:missed|wrong|mistake|mistaken|error|disagree|amiss|not right|incorrect)\b"
)
# What was agreed with somebody in trouble, or what they are offered each week, is not put to the question again.
_AGREED = re.compile(
    r"(?i)\bwhat we (?:have )?agreed\b|\b(?:we|i) ask (?:you )?(?:only )?for (?:only )?the normal\b|\bcan (?:do|take|accept|manage) [$£€]\d[\d.,]* ?(?:/|a|per|each|every) ?(?:wk|week|fortnight|month|mo)\b"
)
# Somebody says who they are, and may have no business: "It's Mrs. Okafor from 14 Birch".
_INTRODUCED = re.compile(
    r"\b(?i:it['\u2019]?s|this is|i['\u2019]?m|i am|my name is) (?:(?:Mr|Mrs|Ms|Miss|Dr)\.? )?(?!(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August|"
    r"September|October|November|December)[A-Z][a-z]+(?: [A-Z][a-z]+)?(?:,| \(| (?:from|at|of|with|here|over|down|speaking|who)\b)"
    r"|\b(?i:(?:i['\u2019]?m|i am) (?:calling|ringing|phoning) (?:you )?(?:from|for|on behalf of)) "
)
_NAME = r"(?:[A-Z][\w'\u2019&.-]*|[&@/|]|and|of|the|for)"
_NAME_LINE = re.compile(rf"{_NAME}(?:,? {_NAME})*\.?")
# "xo Mads", "Pam, front office", "- Dave": a name, with what goes before and after one.
_SIGNED = re.compile(
    rf"(?:(?:x+o*x*|love|cheers|thx|thanks|ta|regards|[-~\u2013\u2014]),? ?)?[A-Z][\w'\u2019&.-]*(?: {_NAME}){{0,3}}(?:, [\w'\u2019& /-]{{3,40}})?(?: x+)?"
)
_BELOW_A_NAME = re.compile(
    r"(?:(?i:tel|phone|call|text|mob(?:ile)?|t|m|e|email)[.:]? ?)?(?:\+?[\d ()-]{7,20}|\S+@\S+|(?:www\.|https?://)?\S+\.\S{2,}/?)"
)
# "… again this year! Joaquin"
_SIGNED_AT_THE_END = re.compile(r"[.!?)]\s+(?:[-~\u2013\u2014] ?)?[A-Z][a-z]+(?: [A-Z][a-z]+)?\s*\Z")
# What tells somebody what to say, and is not said: "If she says car trouble: …", "Tell her …".
_TELLS_WHAT_TO_SAY = re.compile(
    r"(?i)\b(?:if (?:she|he|they)(?:['\u2019]s| says?| asks?| pushe?s?| tr(?:y|ies)| wants?| mentions?)|(?:she|he|they)['\u2019]ll (?:say|tell|claim|try)|they say|once (?:he|she)['\u2019]s on"
    r"|(?:tell|give|offer|ask|remind|get|let|make) (?:him|her|them)\b(?! know)|open with|get past|push for|don['\u2019]t (?:offer|bring up|get drawn|mention|give)|you['\u2019]?re speaking to the account holder)"
)
_SPEAKS_OF_THE_LAST = re.compile(r"\s*(?:(?i:if not|otherwise|failing (?:that|which))\b|Or else\b)")
_CLOSING_QUOTES = ('"', "\u201d")
_FEWEST_WORDS = 4
_SHORT_MESSAGES = ("sms", "chat")
_MOST_WORDS_OF_A_NAME = 5
_STYLES: tuple[tuple[re.Pattern[str], Callable[[str], str]], ...] = (
    (re.compile(r"\{\{"), lambda name: "{{ " + name.replace(" ", "_") + " }}"),
    (re.compile(r"\{[A-Za-z_]"), lambda name: "{" + name.replace(" ", "_") + "}"),
    (re.compile(r"\[\["), lambda name: f"[[{name.upper()}]]"),
    (re.compile(r"\[[A-Z]"), lambda name: f"[{name.upper()}]"),
    (re.compile(r"\[[a-z]"), lambda name: f"[{name}]"),
    (re.compile(r"<<"), lambda name: f"<<{name}>>"),
    (re.compile(r"<[A-Za-z]"), lambda name: f"<{name}>"),
    (re.compile(r"«"), lambda name: f"«{name}»"),
    (re.compile(r"%[A-Za-z]"), lambda name: f"%{name.upper().replace(' ', '_')}%"),
    (re.compile(r"\*\|"), lambda name: f"*|{name.upper().replace(' ', '_')}|*"),
)
_DEFAULT_STYLE = _STYLES[3][1]


class Gaps:
    """Fills the gaps of one message."""

    def __init__(self, analysis: Analysis, account: Account) -> None:
        self._analysis = analysis
        self._account = account

    def candidates(self, element: str) -> Iterator[tuple[int, str, Phrasing]]:
        """Places (offsets in the message), sentences to insert there with what separates them, and their phrasings, the best first."""
        group = bank().get(("element", element))
        at = self._place(element)
        if group is None or at is None or element in _ONLY_THE_SENDER_KNOWS:
            return
        at = self._within_speech(self._behind_what_hangs(at))
        if self._only_asks_to_call or self._contradicts(element):
            return
        options: list[tuple[bool, int, tuple[int, ...], int, str, Phrasing]] = []
        profile = self._analysis.profile
        if _LATE.search(self._analysis.document.text):
            # "The due date was", whatever the stage is said to be.
            profile = replace(profile, stage="overdue") if element == "due_date" else profile
        for phrasing in group.ranked(profile):
            missing = phrasing.template.required - self._known.keys()
            values = {
                slot: self._known.get(slot) or self._placeholder(slot) for slot in phrasing.template.required
            }
            if element in _LAST and self._is_letter and ("\n" in phrasing.template.text) == self._is_signed:
                continue  # who has said "Kind regards" needs the name alone, who has not both
            values |= {slot: self._known[slot] for slot in phrasing.template.slots if slot in self._known}
            text = phrasing.template.filled(values)
            if text is not None:
                options.append(
                    (
                        self._asks_again(element, text),
                        len(missing),
                        phrasing.rank(profile),
                        len(options),
                        text,
                        phrasing,
                    )
                )
        no_reply = _NO_REPLY.search(self._analysis.document.text) is not None
        for *_, text, phrasing in sorted(options, key=lambda option: option[:4]):
            if no_reply and "reply" in text.lower() and element == "contact":
                continue
            yield at, self._separated(at, text), phrasing

    def _behind_what_hangs(self, at: int) -> int:
        """``at``, or behind the sentence there that speaks of the one before: "Pay by Friday. | Otherwise the line closes." """
        text = self._analysis.document.text
        if _SPEAKS_OF_THE_LAST.match(text, at) is None:
            return at
        number = bisect_left(self._sentences, at, key=lambda one: one.start)
        return self._sentences[number].end if number < len(self._sentences) else at

    def _within_speech(self, at: int) -> int:
        """``at``, or before the quotation mark there that closes what is said on the telephone."""
        text = self._analysis.document.text
        if self._analysis.profile.channel != "call_script" or text[at - 1 : at] not in _CLOSING_QUOTES:
            return at
        if branch_of(text, at - 1)[0]:
            return at  # an answer to one objection
        opens = text.rfind("\n", 0, at) + 1
        is_closed = text[at - 1] == "\u201d" or text.count('"', opens, at) % 2 == 0
        return at - 1 if is_closed else at

    def _asks_again(self, element: str, text: str) -> bool:
        """Whether a sentence that tells the day would ask once more for what the message asks for already."""
        elements = self._analysis.elements
        asked = bool(elements.get("payment_instructions") or elements.get("balance"))
        return element == "due_date" and asked and _ASKS.search(text) is not None

    @cached_property
    def _only_asks_to_call(self) -> bool:
        """Whether a collector's message on a machine says nothing of money, so that nobody else who hears it learns of a debt
        (12 CFR 1006.2(j), the limited-content message)."""
        profile = self._analysis.profile
        return (
            (profile.channel, profile.sender) == ("call_script", "third_party")
            and not any(entity.kind == "amount" for entity in self._analysis.entities)
            and _OF_MONEY.search(self._analysis.document.spoken) is None
        )

    def _contradicts(self, element: str) -> bool:
        """Whether the message says the opposite of what would be inserted for ``element``, or has no use for it."""
        text = self._analysis.document.text
        if (
            self._analysis.profile.channel == "call_script"
            and _THROUGH_OTHERS.search(text)
            and _BRANCHES.search(text) is None
        ):
            return True
        if element in _AT_THE_BEGINNING and _IN_THE_MIDDLE.match(text):
            return True
        if self._is_instructions and element != "collector_disclosure":
            return True
        if element in _OF_A_PAYMENT and _NOTHING_OWED.search(text):
            return True
        if element in _LAST:
            return self._is_named or _INTRODUCED.search(text) is not None
        if element == "dispute_rights" and _ASKS_WHAT_IS_WRONG.search(text):
            return True
        if element == "empathy" and SORRY.search(text):
            return True
        if element == "payment_instructions" and _CALL_TO_PAY.search(text):
            return True
        if element == "support_resources" and _HAS_AN_ADVISER.search(text):
            return True
        if element == "balance":
            # It is told, if without its currency, or as what is to be paid.
            return any(True for _ in bare_sums(text, self._analysis.entities)) or any(
                entity.kind == "amount" and not _OF_A_FEE.search(text, entity.start - 12, entity.end + 30)
                for entity in self._analysis.entities
            )
        if element == "due_date":
            # An offer has its own day, and "by 6am" is one, too.
            is_offer = self._analysis.profile.stage == "settlement"
            return any(
                is_offer
                or is_deadline(before := text[max(0, when.start - 60) : when.start])
                or _DUE.search(before) is not None
                for kind, when in told_in(text, self._analysis.entities)
                if kind == "date"
            )
        return element == "payment_options" and any(
            said.search(text) for said in (_NO_PARTS, _PAUSED, _AGREED)
        )

    @cached_property
    def _is_instructions(self) -> bool:
        """Whether a call script tells the caller what to do, more than once: what is inserted would be said to nobody."""
        return (
            self._analysis.profile.channel == "call_script"
            and len(_TELLS_WHAT_TO_SAY.findall(self._analysis.document.text)) > 1
        )

    @cached_property
    def _known(self) -> Mapping[str, str]:
        """The account's values, and what the draft itself says where it says one thing only."""
        known = dict(self._account.values)
        text = self._analysis.document.text
        for kind, slot in (("phone", "phone"), ("email", "email")):
            said = {
                text[entity.start : entity.end]
                for entity in self._analysis.entities
                if entity.kind == kind and not self._is_for_paying(entity.start)
            }
            if len(said) == 1:
                known.setdefault(slot, said.pop())
        return known

    def _is_for_paying(self, at: int) -> bool:
        """Whether a number or address stands where the message says how to pay, or is a machine's: nobody may answer there."""
        elements = self._analysis.elements
        text = self._analysis.document.text
        if _OF_A_MACHINE.search(text, max(0, at - 30), at + 50):
            return True
        return any(
            span.start <= at < span.end for span in elements.get("payment_instructions", ())
        ) and not any(span.start <= at < span.end for span in elements.get("contact", ()))

    def _placeholder(self, slot: str) -> str:
        return self._style(FIELDS[slot][0])

    @cached_property
    def _style(self) -> Callable[[str], str]:
        text = self._analysis.document.text
        for entity in self._analysis.entities:
            for pattern, style in _STYLES:
                if pattern.match(text[entity.start : entity.end].lstrip("$£€ ")):
                    return style
        return _DEFAULT_STYLE

    @cached_property
    def _sentences(self) -> Sequence[Span]:
        return self._analysis.views["spoken"].sentences

    @cached_property
    def _body(self) -> Span | None:
        """From the first to the last sentence that is neither subject, greeting nor closing."""
        text, sentences = self._analysis.document.text, list(self._sentences)
        # Segments of these kinds stand in order and apart.
        subjects = list(self._analysis.document.segments_of(("subject", "preheader", "heading")))
        starts = [start for _, start, _ in subjects]
        inner = [
            sentence
            for sentence in sentences
            if not (number := bisect_left(starts, sentence.end)) or subjects[number - 1].end <= sentence.start
        ]
        # What stands above the greeting is a letterhead, what stands below the closing a signature.
        greeting = next((n for n, one in enumerate(inner[:8]) if _GREETING.match(text[slice(*one)])), None)
        if greeting is not None and greeting + 1 < len(inner):
            inner = inner[greeting + 1 :]
        closing = next(
            (
                n
                for n, one in enumerate(inner)
                if n
                and (
                    _SIGN_OFF.match(text[slice(*one)])
                    or (n > len(inner) // 2 and self._is_letter and _CLOSES.fullmatch(text[slice(*one)]))
                )
            ),
            None,
        )
        inner = inner[:closing]
        if self._analysis.profile.channel in _SHORT_MESSAGES:
            # A text message needs no full stops; only a name at its end is no sentence of it.
            while len(inner) > 1 and (
                self._is_name_alone(inner[-1]) or self._analysis.is_evidence(inner[-1], "opt_out")
            ):
                inner.pop()
            return Span(inner[0].start, inner[-1].end) if inner else None
        first = next((n for n, one in enumerate(inner) if _is_prose(text[slice(*one)])), len(inner) - 1)
        inner = inner[max(0, first) :]
        while len(inner) > 1 and self._ends_the_body(inner[-2], inner[-1]):
            inner.pop()
        return Span(inner[0].start, inner[-1].end) if inner else None

    def _ends_the_body(self, before: Span, last: Span) -> bool:
        """Whether ``last`` is no sentence of the body: a line that is no prose, or thanks."""
        text = self._analysis.document.text
        words = text[slice(*last)]
        begins_a_line = "\n" in text[before.end : last.start]
        if last.end == len(text.rstrip()) and _SIGNED_AT_THE_END.search(text, before.start, last.end):
            return True
        is_footer = self._is_letter and begins_a_line and self._analysis.is_evidence(last, *_FOOTERS)
        return _THANKS.fullmatch(words) is not None or is_footer or (not _is_prose(words) and begins_a_line)

    def _is_name_alone(self, sentence: Span) -> bool:
        """Whether a text message is signed with ``sentence``: a name or a few words without a fact, no question or remark."""
        said = self._analysis.document.text[slice(*sentence)].strip()
        is_name = any(one.fullmatch(said) for one in (_NAME_LINE, _SIGNED, _THANKS)) or _SIGN_OFF.match(said)
        return (
            bool(is_name or not any(map(str.isalnum, said)))
            and len(said.split()) <= _MOST_WORDS_OF_A_NAME
            and not any(sentence.start <= entity.start < sentence.end for entity in self._analysis.entities)
        )

    @cached_property
    def _is_letter(self) -> bool:
        return self._analysis.profile.channel in _OWN_PARAGRAPH

    @cached_property
    def _is_signed(self) -> bool:
        """Whether the message has a closing, so that a name may follow it."""
        text = self._analysis.document.text
        return self._is_named or any(_SIGN_OFF.match(text[slice(*one)]) for one in self._sentences[-3:])

    @cached_property
    def _is_named(self) -> bool:
        """Whether a name stands at the end of a letter, even if nobody can tell that it is one."""
        text = self._analysis.document.text.rstrip()
        last = text.rsplit("\n", 1)[-1].strip()
        if _SIGNED_AT_THE_END.search(text):
            return True
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        # A telephone number, an address or a role may stand below the name.
        while len(lines) > 2 and _BELOW_A_NAME.fullmatch(lines[-1]):
            lines.pop()
            last = lines[-1]
        if any(_SIGN_OFF.match(line) and "." not in line for line in lines[-3:-1]):
            return True  # whatever stands below "Kind regards" is who writes
        return (
            "\n" in text
            and (_NAME_LINE.fullmatch(last) or _SIGNED.fullmatch(last)) is not None
            and len(last.split()) <= _MOST_WORDS_OF_A_NAME
            and _SIGN_OFF.match(last) is None
        )

    @cached_property
    def _is_greeted(self) -> bool:
        """Whether a greeting stands right before the body, on a line of its own."""
        text = self._analysis.document.text
        body = self._body
        before = [one for one in self._sentences if body is not None and one.end <= body.start]
        return bool(before) and _GREETING.match(text[slice(*before[-1])]) is not None

    def _place(self, element: str) -> int | None:
        """Where to insert: an offset after a sentence, or before the first one of the body."""
        body = self._body
        if body is None:
            return None
        if element in _LAST and self._is_letter:
            return len(self._analysis.document.text.rstrip())
        if element == "due_date":
            return self._beside_the_balance(body)
        firsts = []
        for other in _FOLLOWS.get(element, ()):
            spans = self._analysis.elements.get(other, ())
            firsts += [span.start for span in spans if body.start <= span.start < body.end][:1]
        if firsts and self._analysis.profile.channel in _SHORT_MESSAGES:
            return body.end
        if firsts:
            return self._below_a_table(self._after(sentence_at(self._sentences, max(firsts)), body), body)
        if element in _LAST and self._analysis.profile.channel == "call_script":
            # Who calls says so first, after "Hello, may I speak with …?"
            text, first = self._analysis.document.text, sentence_at(self._sentences, body.start)
            is_greeting = _GREETS.match(text[slice(*self._sentences[first])]) is not None
            return self._after(first, body) if is_greeting else body.start
        if element in _FIRST:
            return (
                body.start
                if self._is_greeted
                else self._after(sentence_at(self._sentences, body.start), body)
            )
        return body.end

    def _beside_the_balance(self, body: Span) -> int:
        """Right after the sentence that tells the balance, unless the next one speaks of it; else before how to pay."""
        text, sentences = self._analysis.document.text, self._sentences
        balances = [
            one for one in self._analysis.elements.get("balance", ()) if body.start <= one.start < body.end
        ]
        if balances:
            index = sentence_at(sentences, balances[0].start)
            here, following = sentences[index], sentences[index + 1 : index + 2]
            hangs = any(leans(text[slice(*one)]) for one in following)
            if _is_prose(text[slice(*here)]) and here.end <= body.end and not hangs:
                return here.end
            is_short = self._analysis.profile.channel in _SHORT_MESSAGES
            return body.end if is_short else self._after(index, body)
        for index, sentence in enumerate(sentences):
            if body.start < sentence.start < body.end and self._analysis.is_evidence(
                sentence, *_AFTER_THE_DAY
            ):
                before = sentences[index - 1].end
                return sentence.start if "\n" in text[before : sentence.start] else before
        return body.end

    def _below_a_table(self, at: int, body: Span) -> int:
        """``at``, or below the last of the lines without a blank one between them that it is among: "7731 - £24.15 - due 6 Jan"."""
        text = self._analysis.document.text
        row = text[text.rfind("\n", 0, at) + 1 : at]
        while (
            _is_a_row(row)
            and _is_a_row(below := text[at:].removeprefix("\n").split("\n", 1)[0])
            and at < body.end
        ):
            row, at = below, at + 1 + len(below)
        return at

    def _after(self, index: int, body: Span) -> int:
        """The end of the line on which a sentence stands, so that no passage is torn; not beyond ``body``."""
        text, sentences = self._analysis.document.text, self._sentences
        while index + 1 < len(sentences):
            here, following = sentences[index], sentences[index + 1]
            if "\n" in text[here.end : following.start] or following.end > body.end:
                break
            index += 1
        return sentences[index].end

    def _separated(self, at: int, text: str) -> str:
        """``text`` with white space as its place wants it."""
        document, profile = self._analysis.document, self._analysis.profile
        body = self._body
        assert body is not None
        own = profile.channel in _OWN_PARAGRAPH and document.format in ("text", "markdown", "eml")
        if at > body.end and "\n" in self._analysis.document.text + text:
            return ("\n" if self._is_signed else "\n\n") + text
        if at == body.start:
            begins_line = document.text[:at].rstrip(" ").endswith("\n")
            return text + ("\n\n" if own and begins_line else " ")
        if document.text[at - 1 : at] == "\n":
            return text + " "
        goes_on = document.text[at:].split("\n", 1)[0].strip() != ""
        if own and at == body.end and not goes_on:
            return "\n\n" + text
        if "\n" in text and self._is_letter:
            return "\n" + text
        # After what has no full stop a new line begins.
        stands_apart = self._analysis.document.text[at - 1 : at] in ".!?:)]}\"'"
        return (" " if stands_apart else "\n") + text
