"""What a harsh sentence is for: the intents of the labelled sentences that are nearest to it by meaning.

The sentences are ``training/data/intents.tsv``; ``python -m training.intents`` writes their vectors, which are shipped.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from tonecheck.model.backends import SHIPPED
from tonecheck.model.tone_model import VECTOR_SCALE
from tonecheck.rewrite.things import effects_in

if TYPE_CHECKING:
    import numpy as np

NEIGHBOURS = 24
# How fast the weight of a neighbour falls with its distance in cosine.
SHARPNESS = 12.0
# An intent with less of the votes is not considered.
LEAST_SHARE = 0.12
NOTHING = "none"
FILE = SHIPPED / "intents.npz"

# Without a model that gives vectors, the category tells something.
BY_CATEGORY = {
    "demand": "ask_payment",
    "pressure": "deadline",
    "blame": "state_balance",
    "negative_wording": "state_balance",
    "threat": "consequence_general",
    "deception": "consequence_general",
    "dismissive": "hardship",
    "shouting": "ask_payment",
}


class Intents(NamedTuple):
    """``vectors[i]`` (int8, of length ``VECTOR_SCALE``) is of intent ``names[labels[i]]``."""

    vectors: np.ndarray
    labels: np.ndarray
    names: tuple[str, ...]

    def shares(self, vector: np.ndarray) -> list[tuple[str, float]]:
        """The intents of the nearest sentences by their share of the votes, the greatest first."""
        import numpy as np

        # Row by row: a product of matrix and vector wakes the threads of the linear algebra library, which then spin for as long as a whole
        # check takes, on cores that have other work to do.
        likeness = np.vecdot(self.vectors, vector.astype(np.float32) / VECTOR_SCALE**2)
        near = np.sort(np.argpartition(-likeness, NEIGHBOURS)[:NEIGHBOURS])
        # A stable order, so that equals vote alike everywhere.
        nearest = near[np.argsort(-likeness[near], kind="stable")]
        votes = np.zeros(len(self.names))
        weights = np.exp(SHARPNESS * (likeness[nearest] - likeness[nearest[0]]))
        np.add.at(votes, self.labels[nearest], weights)
        votes /= votes.sum()
        order = np.argsort(-votes, kind="stable")
        return [(self.names[number], float(votes[number])) for number in order if votes[number] > 0]


@cache
def shipped() -> Intents:
    import numpy as np

    with np.load(FILE) as data:
        return Intents(
            data["vectors"].astype(np.float32),
            data["labels"].astype(np.int64),
            tuple(map(str, data["names"])),
        )


CONSEQUENCES = (
    "consequence_court",
    "consequence_handover",
    "consequence_credit",
    "consequence_named",
    "consequence_supply",
    "consequence_goods",
    "consequence_home",
    "consequence_access",
    "consequence_service",
    "consequence_general",
)
_MONEY = (
    "ask_payment",
    "state_balance",
    "deadline",
    "how_to_pay",
    "ask_contact",
    "documents",
    "plan",
    "agreement",
    "missed_promise",
)
_STORY = (
    "no_reply",
    "missed_promise",
    "state_balance",
    "ask_payment",
    "ask_contact",
    "hardship",
    "dispute",
    "our_need",
    "second_reminder",
    "thanks",
    "greeting",
    "closing",
    "plan",
    "plan_terms",
)
_NEXT = (
    "plan_terms",
    *CONSEQUENCES,
    "fees",
    "deadline",
)
# What a sentence with such a finding can be for. A consequence is stated only where one was: a jibe has none.
_FITTING = {
    "demand": _MONEY,
    "pressure": (*_MONEY, *_NEXT, "offer", "second_reminder"),
    "blame": (*_STORY, "agreement", "documents"),
    "negative_wording": (*_STORY, *_NEXT, "refuse", "agreement", "documents"),
    "threat": (*_NEXT, "ask_contact"),
    "deception": (*_NEXT, "ask_contact"),
    "dismissive": ("hardship", "refuse", "dispute", "plan", "documents"),
    "shame": _STORY,
    "insult": _STORY,
    "sarcasm": _STORY,
    "disclosure": (*_STORY, "documents"),
    "shouting": (*_MONEY, *_STORY, *_NEXT),
}


# What a sentence has to speak of to be for this. Each says something that would be an invention elsewhere.
_SPEAKS_OF = {
    name: re.compile(rf"(?i)\b(?:{words})")
    for name, words in {
        "consequence_court": r"court|legal|summons|statutory demand|petition|tribunal|liens?\b|litigat\w*|bankruptcy|sue\b|suing|lawsuit|solicitor|lawyer|attorney|judg|claim|bailiff|warrant|garnish|wages|sheriff|enforcement",
        "consequence_handover": r"agency|agencies|collection|collector|pass(?:ed|ing)? (?:it|this|you)\b|sell|sold|recovery|third part",
        "consequence_credit": r"credit|score|bureau|default",
        "consequence_supply": r"(?:cut|shut|switch|turn)(?:ting|ning)? (?:it |you |your \w+ |the \w+ )?off|disconnect\w*|(?:in|sit in) the dark|(?:electricity|gas|water|power|phone|broadband|internet) (?:supply|service|line)|pull the plug|lights? (?:go|out|off)",
        "consequence_goods": r"repossess\w*|auction\w*|(?:car|van|vehicle|truck|bike) keys|keys or\b|(?:recover|collect|take|tow|fetch|seiz)\w* (?:back )?(?:the|your|my|our|that|it)\b[^.!?]{0,20}\b(?:vehicle|car|van|truck|bike|sofa|furniture|goods|stock|equipment|tools?|machine|piano|boat|trailer|item|kit)\b|(?:vehicle|car|van|truck) (?:goes|will go|is going|back)",
        "consequence_home": r"evict\w*|possession (?:order|of the|proceedings)|chang\w* (?:the |your )?locks|out of (?:the|your|my) (?:flat|house|home|apartment|room|unit)|notice to quit|(?:lose|losing) (?:your|the) (?:home|flat|tenancy|lease)|on the street",
        "consequence_access": r"(?:suspend|clos|paus|block|cancel|lock|terminat|end)\w* (?:your |the |this |my |our )?(?:\w+ )?(?:account|membership|access|subscription|card|line|credit|insurance|policy|place|enrol\w+|licen[cs]e)|locked out|lose (?:your )?access",
        "consequence_service": r"cut (?:it |you )?off|disconnect|suspend|repossess|evict|clos(?:e|ed|ing) (?:the|your)|stop work"
        r"|(?:end|stop|paus|withdr[ae]w|terminat|cancel|los|keep|without|no more|no further)\w* (?:your |the |our |any |a )?(?:\w+ )?(?:suppl\w+|services?|access|membership|power)\b",
        "consequence_general": r"if|unless|or (?:else|we|i)|otherwise|until|further|action|steps?|consequence",
        "fees": r"fees?|(?<!an )(?<!your )(?<!any )(?<!some )(?<!great )(?<!it with )interest\b(?! in\b)|charges?|costs?|penalt|surcharge",
        "hardship": r"job|hours|ill\b|illness|sick|hospital|hardship|lost|afford|situation|circumstances|stor(?:y|ies)|excuse|problem|difficult|money trouble|personal|baby|divorce|redundan|laid off|reasons?",
        "dispute": r"disput|complain|fault|wrong|query|queries|question|return|contest|challenge|disagree|refus|error|mistake|claim",
        "refuse": r"no (?:more|further|longer|extensions?|discounts?|plans?|part\w*|instal\w*|exceptions?|reductions?)\b|cannot|can't|won't|will not|unable|refus\w*|declin\w*|reject\w*",
        "plan": r"plan|instal|arrangement|part(?:ial)? payment|monthly|weekly|schedule",
        "missed_promise": r"promis|said|agreed|bounce|returned|declin|went through|miss(?:ed|ing)?\b|word|pledg|assur|(?:not|n't|never|no)\b[^.!?]{0,40}\b(?:plan|instal\w*|arrang\w*)|(?:plan|instal\w*|arrang\w*)\b[^.!?]{0,60}\b(?:not|n't|never|no|late|fail\w*|broke\w*|slip\w*|sli(?:d|de|ding)|nowhere|short|behind|lapse\w*)\b",
        "no_reply": r"repl|answer|ignor|respon|call|letter|email|e-mail|message|heard|hear|silen|contact|ghost|text|voicemail|reach",
        "plan_terms": r"plan|instal|agree|arrang|miss|late\b|slip|again|every (?:date|month|payment)|on time|keep",
        "documents": r"document|proof|form|statement|paper|details|address|receipt|evidence",
        "offer": r"offer|settle|discount|deal|accept",
        "our_need": r"staff|business|work|job|did|finished|deliver|rely|bills|suppliers|family|fund|pay (?:my|our)",
        "agreement": r"agree|contract|sign|terms|deal|order",
        "thanks": r"thank|appreciat|grateful",
        "how_to_pay": r"pay|transfer|card|bank|link|online|cash|cheque|check",
        "second_reminder": r"remind|again|second|third|fourth|already|times|before|notice",
    }.items()
}
# The element that a message has where it says somewhere what a sentence without facts would say for the intent.
ELEMENT_OF = {
    "state_balance": "balance",
    "ask_payment": "payment_instructions",
    "how_to_pay": "payment_instructions",
    "ask_contact": "contact",
    "plan": "payment_options",
    "offer": "payment_options",
    "hardship": "empathy",
    "thanks": "courtesy",
    "closing": "courtesy",
    "deadline": "due_date",
    "dispute": "dispute_rights",
}
_NAMED = {
    name: re.compile(rf"(?i)\b(?:{words})\b")
    for name, words in {
        "missed_promise": r"you (?:promised|swore)|your word|you (?:agreed|said you(?:'d| would))",
        "consequence_credit": r"credit (?:file|score|report|rating|record|history)|bureaus?|your credit",
        "consequence_handover": r"collections|collection agenc(?:y|ies)|agency|debt buyers?|(?:sell|sold|pass|hand|send|sign)(?:ing|ed)? (?:it|this|you|your \w+|the (?!message|word|news)\w+|that)(?: \w+)? (?:over|on|to(?! (?:everyone|everybody|all|you|your|each|both)\b))",
        "consequence_court": r"court|small claims|winding-up petition|statutory demand|bankruptcy petition|liens?|summons|litigation|sue|suing|lawsuit|solicitors?|lawyers?|attorneys?|judgments?|ccj|bailiffs?|warrant|garnish\w*",
        "fees": r"late fees?|interest|late charges?|penalt(?:y|ies)|surcharge",
        "offer": r"(?:offer|discount|deal|figure)\b[^.!?]{0,30} (?:dies|ends|expires|lapses|closes|goes away|is gone|stands until)",
        "consequence_supply": r"disconnect\w*|(?:service|supply|power|water|gas|electricity|heating|phone|internet|broadband) (?:will|may|can|could|is going to|is|gets?) (?:be )?(?:cut|shut|turned|switched)(?: off)?|cut (?:you |your \w+ )off|(?:cut|shut|turn|switch)(?:ting|ning)? off (?:your|the) (?:power|electricity|gas|water|supply|heating|phone|internet|broadband)",
        "consequence_goods": r"repossess\w*",
        "consequence_home": r"evict\w*|possession order|notice to quit",
        "consequence_access": r"suspend\w*",
        "consequence_service": r"disconnect\w*|suspend\w*|repossess\w*|evict\w*|cut (?:it |you |your \w+ )?off|shut (?:it |you )?off",
    }.items()
}
# What the label of a branch in a call script tells of what is to be answered; the first that fits.
_REPLIES = tuple(
    (name, re.compile(rf"(?i)\b(?:{words})"))
    for name, words in (
        (
            "reply_third_party",
            r"someone else|somebody else|anyone|anybody|whoever|relative|parent|room-?mate|flat-?mate|house-?mate|son\b|daughter|brother|sister|boyfriend|girlfriend|friend|neighbou?r|mother|mum|mom|father|dad|partner|wife|husband|spouse|wrong person|colleague|voicemail|answered by|not (?:in|there|available)",
        ),
        (
            "reply_dispute",
            r"disput|wrong|mistake|not (?:mine|theirs)|doesn't owe|isn't (?:mine|theirs)|already paid|has paid|complain|recogni|contest|proof|verif|refus(?:es|ed) the bill|faulty",
        ),
        (
            "reply_hardship",
            r"hardship|afford|lost|job|ill\b|illness|sick|health|hospital|difficult|struggl|bereave|depress|upset|cries|crying|benefits|broke\b|redundan|laid off|divorce|baby|family|no money|can't pay|cannot pay|unable|vulnerab",
        ),
        (
            "reply_time",
            r"time|later|next (?:week|month)|extension|wait|think|payday|when|busy|call(?:ed|s)? back|pay day|until|delay",
        ),
        (
            "reply_amount",
            r"too much|lower|less|part|plan|instal|arrangement|discount|reduc|settle|half|amount|offer|how much|figure|smaller",
        ),
        ("reply_manager", r"manager|supervisor|someone senior|complaint|lawyer|solicitor|attorney"),
        (
            "reply_goodbye",
            r"hangs? up|ends? the call|rude|abus|swear|angry|shout|leave (?:me|us) alone|stop calling|silent|does not (?:reply|answer)|no answer|goodbye",
        ),
        ("reply_pay", r"agrees|will pay|wants to pay|ready|how to pay|says yes|pays|pay now|card"),
        ("reply_other", r"if|when|customer|caller|says|asks|refuses|objects|no\b|won't"),
    )
)
# "If he wants to talk to his wife": it is he who answers.
_ASKS_SOMEBODY = re.compile(
    r"(?i)\b(?:talk(?:s|ing)?|speak(?:s|ing)?|check(?:s|ing)?|think\w*|ask(?:s|ing)?|tell(?:s|ing)?)\b[^:\]]{0,20}\b(?:his|her|their|a|the)\b"
)
# What says that another firm has the account already.
_HANDED_OVER = re.compile(
    r"(?i)\b(?:(?:is|are|sits|lies)(?: now)? with|(?:has|have|'s|'ve) (?:now |already |just )?(?:gone|moved|passed) to|belongs? to"
    r"|(?:has|have) (?:now |already |just )?been (?:passed|sold|sent|handed|transferred|assigned|moved|placed|given|turned)|was (?:passed|sold|sent|handed|transferred|assigned|placed|given)"
    r"|(?:we|i)(?:'ve| have)? (?:now |already |just )?(?:passed|sold|sent|handed|transferred|assigned|given|turned)|(?:now )?(?:has|holds|owns) (?:your|the) (?:account|debt|file|balance))\b"
)
# In a message about a handover that is decided, it will go, whatever the reader does: "On 3 May we will sell your account to Tarn Finance".
_GOES_OVER = re.compile(
    r"(?i)\b(?:(?:we|i)(?:'ll| will| shall|'re going to| are going to) (?:be )?(?:sell|pass|hand|transfer|assign|move|place|send|refer|turn)(?:ing)?"
    r"|(?:will be|is being|is to be|is going to be) (?:sold|passed|handed|transferred|assigned|moved|placed|sent|referred|turned)"
    r"|(?:goes|moves|passes|transfers|will go|will move|will pass|is going|is moving|is passing) (?:over |across )?(?:from us )?to|will be with)\b"
)
_DEPENDS = re.compile(r"(?i)\b(?:if|unless|or|otherwise|else|until|should|before|by)\b")
_ENDS_A_PLAN = re.compile(
    r"(?i)\b(?:miss\w*|late|short|bounce\w*|skip\w*|slip|break|broken)\b[^.!?]*\b(?:finished|over|off|cancel\w*|void|end(?:s|ed)?|full balance|whole (?:balance|amount|sum)|in full|revoked?|done|(?:pull|scrap|withdraw|tear up|rip up|bin|pulling|scrapping|withdrawing) (?:the|your|this) (?:plan|arrangement|agreement|deal)|(?:the|your|this) (?:plan|arrangement) (?:is|will be) (?:gone|dead|pulled|scrapped|withdrawn)|(?:call|declare|make) (?:the )?(?:whole|full|entire|rest|lot|it|everything)[^.!?]* due)\b"
)
# Only here has the reader asked for something that can be refused.
_ASKED_AT = frozenset({"hardship", "dispute", "plan", "plan_followup", "settlement"})
# In these stages nothing is asked for that a first notice asks for.
_AT_STAGE = {
    "plan": {
        "plan_terms",
        "plan",
        "agreement",
        "missed_promise",
        "ask_contact",
        "documents",
        "hardship",
        "refuse",
        "how_to_pay",
        "fees",
        "greeting",
        "closing",
        "thanks",
        "carrier",
        "balance_at_issue",
        "deadline",
    },
    "plan_followup": {
        "plan_terms",
        "plan",
        "agreement",
        "missed_promise",
        "ask_contact",
        "hardship",
        "how_to_pay",
        "fees",
        "no_reply",
        "greeting",
        "closing",
        "thanks",
        "carrier",
        "balance_at_issue",
        "deadline",
        "ask_payment",
        "documents",
        "refuse",
        *CONSEQUENCES,
    },
    "thanks": {"thanks", "greeting", "closing"},
    "hardship": {
        "hardship",
        "plan",
        "plan_terms",
        "documents",
        "ask_contact",
        "greeting",
        "closing",
        "refuse",
        "carrier",
        "balance_at_issue",
    },
    "dispute": {
        "dispute",
        "documents",
        "ask_contact",
        "greeting",
        "closing",
        "refuse",
        "carrier",
        "balance_at_issue",
    },
}


def is_handed_over(sentence: str) -> bool:
    """Whether a sentence says that somebody has the account already."""
    return _HANDED_OVER.search(sentence) is not None


def handover_in(sentence: str, stage: str) -> str:
    """What a sentence is for that names the firm which takes over: it has the account, will get it, or may get it."""
    if is_handed_over(sentence):
        return "handed_over"
    decided = stage == "handover" and _GOES_OVER.search(sentence) and not _DEPENDS.search(sentence)
    return "handing_over" if decided else "consequence_handover"


def intents_of(
    vector: np.ndarray | None, categories: Sequence[str], text: str = "", stage: str = "overdue"
) -> list[str]:
    """What a sentence may be for, the likeliest first. ``categories``: those of its findings, for want of a vector; ``text``: the
    sentence, which has to speak of what is said in its place."""
    found = _likely(vector, categories, text)
    spoken = [name if _speaks_of(name, text) and at_stage([name], stage) else NOTHING for name in found]
    return list(dict.fromkeys(spoken))


def consequences_in(text: str) -> list[str]:
    """The consequences that a sentence speaks of, the most telling first; at least that there may be one."""
    return [name for name in CONSEQUENCES[:-1] if _speaks_of(name, text)] + [CONSEQUENCES[-1]]


def named_next(text: str, stage: str) -> list[str]:
    """What a threat may be told as, if it names something that may rightly follow: the end of a plan, or one of the consequences."""
    if stage in ("plan", "plan_followup") and _ENDS_A_PLAN.search(text):
        return ["plan_terms"]
    # By a word that means nothing else: "court", unlike "claim" or "wages". The last two are too vague to be named.
    named = [
        name
        for name in CONSEQUENCES[:-2]
        if (effects_in(text) if name not in _NAMED else _NAMED[name].search(text))
    ]
    return at_stage(named, stage)


def _speaks_of(name: str, text: str) -> bool:
    if name == "consequence_named":
        return bool(effects_in(text))
    return name not in _SPEAKS_OF or _SPEAKS_OF[name].search(text) is not None


def at_stage(intents: Sequence[str], stage: str) -> list[str]:
    """Those of the intents that something is said for in the stage."""
    allowed = _AT_STAGE.get(stage)
    return [
        name
        for name in intents
        if (allowed is None or name in allowed)
        and (name != "refuse" or stage in _ASKED_AT)
        and (name, stage) != ("consequence_general", "reminder")
        and (name != "thanks" or stage == "thanks")
    ]


def is_reply(intents: Sequence[str]) -> bool:
    """Whether the intents are answers in a branch of a call script."""
    return any(name.startswith("reply_") for name in intents)


def replies_to(label: str) -> list[str]:
    """What is answered in a branch of a call script by its label ("If customer asks for time:"), the likeliest first; none for the label of
    a speaker ("Agent:")."""
    found = [name for name, words in _REPLIES if words.search(label)]
    if _ASKS_SOMEBODY.search(label) and "reply_third_party" in found:
        found.remove("reply_third_party")
    return found if "reply_other" in found else []


def _likely(vector: np.ndarray | None, categories: Sequence[str], text: str) -> list[str]:
    """Meaning tells a threat from a jibe better than court from credit file: what a sentence names by a word of its own comes first."""
    if vector is None:
        return list(dict.fromkeys(BY_CATEGORY.get(category, NOTHING) for category in categories))
    named = [name for name, words in _NAMED.items() if words.search(text)]
    fitting = {NOTHING, *(name for category in categories for name in _FITTING[category])}
    found = [name for name in named if name in fitting]
    found += [name for name, share in _shares(vector.tobytes()) if share >= LEAST_SHARE]
    # What does not fit says that the sentence is for something that is not worth saying.
    return list(dict.fromkeys(name if name in fitting else NOTHING for name in found))


@lru_cache(maxsize=4096)
def _shares(vector: bytes) -> list[tuple[str, float]]:
    import numpy as np

    return shipped().shares(np.frombuffer(vector, dtype=np.int8))
