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

        likeness = self.vectors @ (vector.astype(np.float32) / VECTOR_SCALE**2)
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
)
_NEXT = (
    "consequence_court",
    "consequence_handover",
    "consequence_credit",
    "consequence_service",
    "consequence_general",
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
        "consequence_court": r"court|legal|sue\b|suing|lawsuit|solicitor|lawyer|attorney|judg|claim|bailiff|warrant|garnish|wages|sheriff|enforcement",
        "consequence_handover": r"agency|agencies|collection|collector|pass(?:ed|ing)? (?:it|this|you)|sell|sold|recovery|third part",
        "consequence_credit": r"credit|score|bureau|default",
        "consequence_service": r"cut (?:it |you )?off|disconnect|suspend|repossess|evict|supply|access|membership|service|clos(?:e|ed|ing) (?:the|your)|stop work|locks?\b|power|key",
        "consequence_general": r"if|unless|or (?:else|we|i)|otherwise|until|further|action|steps?|consequence",
        "fees": r"fees?|interest|charges?|costs?|penalt|surcharge",
        "hardship": r"job|hours|ill\b|illness|sick|hospital|hardship|lost|afford|situation|circumstances|stor(?:y|ies)|excuse|problem|difficult|money trouble|personal|baby|divorce|redundan|laid off|reasons?",
        "dispute": r"disput|complain|fault|wrong|query|queries|question|return|contest|challenge|disagree|refus|error|mistake|claim",
        "refuse": r"no\b|not|cannot|can't|won't|never|refus|extension|discount|plan|more time",
        "plan": r"plan|instal|arrangement|part(?:ial)? payment|monthly|weekly|schedule",
        "missed_promise": r"promis|said|agreed|arrang|plan|instal|bounce|returned|declin|went through|missed|word|pledg|assur",
        "no_reply": r"repl|answer|ignor|respon|call|letter|email|e-mail|message|heard|hear|silen|contact|ghost|text|voicemail|reach",
        "documents": r"document|proof|form|statement|paper|details|address|receipt|evidence",
        "offer": r"offer|settle|discount|deal|accept",
        "our_need": r"staff|business|work|job|did|finished|deliver|rely|bills|suppliers|family|fund|pay (?:my|our)",
        "agreement": r"agree|contract|sign|terms|deal|order",
        "thanks": r"thank|appreciat|grateful",
        "how_to_pay": r"pay|transfer|card|bank|link|online|cash|cheque|check",
        "second_reminder": r"remind|again|second|third|fourth|already|times|before|notice",
    }.items()
}
# In these stages nothing is asked for that a first notice asks for.
_AT_STAGE = {
    "thanks": {"thanks", "greeting", "closing", "ask_contact"},
    "hardship": {"hardship", "plan", "documents", "ask_contact", "greeting", "closing", "refuse"},
    "dispute": {"dispute", "documents", "ask_contact", "greeting", "closing", "refuse"},
}


def intents_of(
    vector: np.ndarray | None, categories: Sequence[str], text: str = "", stage: str = "overdue"
) -> list[str]:
    """What a sentence may be for, the likeliest first. ``categories``: those of its findings, for want of a vector; ``text``: the
    sentence, which has to speak of what is said in its place."""
    found = _likely(vector, categories)
    at_stage = _AT_STAGE.get(stage)
    spoken = [
        name
        if (name not in _SPEAKS_OF or _SPEAKS_OF[name].search(text))
        and (at_stage is None or name in at_stage)
        else NOTHING
        for name in found
    ]
    return list(dict.fromkeys(spoken))


def _likely(vector: np.ndarray | None, categories: Sequence[str]) -> list[str]:
    if vector is None:
        return list(dict.fromkeys(BY_CATEGORY.get(category, NOTHING) for category in categories))
    fitting = {NOTHING, *(name for category in categories for name in _FITTING[category])}
    found = [name for name, share in _shares(vector.tobytes()) if share >= LEAST_SHARE]
    # What does not fit says that the sentence is for something that is not worth saying.
    return list(dict.fromkeys(name if name in fitting else NOTHING for name in found))


@lru_cache(maxsize=4096)
def _shares(vector: bytes) -> list[tuple[str, float]]:
    import numpy as np

    return shipped().shares(np.frombuffer(vector, dtype=np.int8))
