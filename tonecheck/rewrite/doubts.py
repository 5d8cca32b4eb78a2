"""Sentences of a harsh message in which nothing was found, but of which the model doubts that they are kind.

No finding: in a report, one in two of them would be a false alarm. But who has a harsh message rewritten as a whole has more from a plain
sentence than from a jibe that stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tonecheck.analysis import Analysis
from tonecheck.document import Span
from tonecheck.finding import TONE_CATEGORIES, Finding
from tonecheck.rewrite.facts import tells_figures
from tonecheck.rewrite.units import WARM, is_headline

# Chosen on the labelled messages: of the sentences of unfit messages that hurt and were not found, three in five have at least this much, of
# those that do not hurt one in six if they hold no fact and one in fifty if they do.
DOUBTED, DOUBTED_WITH_FACTS = 0.12, 0.25
# In a message that is not harsh throughout, and of a pleasantry, the model has to be surer: "Lovely telly in the front window, by the way."
_DOUBTED_ALONE, _DOUBTED_IF_WARM, _SURE_OF_A_WISH = 0.6, 0.3, 0.9
# Who offers a way out or help means well, whatever stands around it.
_WAYS_OUT = ("payment_options", "support_resources")
# Who sends love, wants to keep a customer or says what resumes after payment, too, and who knows of no complaint says so for the record, unless the model is sure that it is
# meant otherwise.
WELL_MEANT = re.compile(
    r"(?i)\blove to (?:the|your|all|everyone)\b|\b(?:want|like|love|hope) to keep you\b|\bnot aware of any\b|\b(?:resumes?|restarts?) [^.!?]{0,40}\bpayment\b"
)
# A question for what the reader is to do is what the message is for.
_ASKS = re.compile(
    r"(?i)(?:so |and )?(?:can|could|would|will) (?:you|we|i)\b[^.!]*\b(?:pay|payment|date|settle|call|let (?:me|us)|reply|send|speak|talk|discuss|arrange)\b[^.!]*\?"
)
# What was decided has to be told, whatever its tone.
_DECIDES = re.compile(
    r"(?i)\b(?:in favou?r of|(?:not )?upheld|(?:completed|finished|concluded) (?:our|the|a|my) (?:review|investigation|enquir\w+|inquir\w+|checks)|(?:we|i)(?:'ve| have)? (?:reviewed|looked (?:at|into)|checked|agreed|decided|accepted)|what we agreed|acknowledge (?:receipt|your))\b"
)
# What leads up to a list is needed whatever its tone.
_LEADS_UP = re.compile(r"(?i)\b(?:below|as follows|the following)\b|:\Z")
# A name at the end, "Card or cheque?"
FEWEST_WORDS = 4
# Mild coldness is no reason to rewrite what nobody would object to.
HURTS = frozenset(
    {
        "threat",
        "pressure",
        "blame",
        "shame",
        "insult",
        "sarcasm",
        "dismissive",
        "deception",
        "disclosure",
    }
)


def places_of(findings: Sequence[Finding]) -> list[Span]:
    """Where findings of tone stand; a long sentence may hurt all the same."""
    return [
        Span(one.start, one.end)
        for one in findings
        if one.start is not None and one.end is not None and one.category in TONE_CATEGORIES
    ]


def doubts(analysis: Analysis, findings: Sequence[Finding], *, harsh: bool) -> Iterator[Finding]:
    """For each doubted sentence, what would be said of it if it were found. Offsets as in ``findings``: of the draft. ``harsh``: whether the
    message is harsh throughout."""
    opinions = analysis.opinions
    if opinions is None:
        return
    document = analysis.document
    found = places_of(findings)
    for sentence, row in zip(opinions.sentences, opinions.rows, strict=True):
        category, probability = max(
            ((name, chance) for name, chance in row.probabilities.items() if name in HURTS),
            key=lambda pair: pair[1],
        )
        words = document.text[slice(*sentence)]
        if (
            probability < (DOUBTED if harsh else _DOUBTED_ALONE)
            or (probability < _DOUBTED_IF_WARM and WARM.search(words))
            or (probability < _SURE_OF_A_WISH and WELL_MEANT.search(words))
            or is_headline(document.text, sentence)
            or _LEADS_UP.search(words)
            or (probability < _DOUBTED_IF_WARM and (_ASKS.match(words) or _DECIDES.search(words)))
            or len(words.split()) < FEWEST_WORDS
        ):
            continue
        if (not harsh or probability < DOUBTED_WITH_FACTS) and (
            analysis.says_something(sentence) or tells_figures(words)
        ):
            continue
        if analysis.is_evidence(sentence, *_WAYS_OUT):
            continue
        place = document.source_span(*sentence)
        if any(place.overlaps(one) for one in found):
            continue
        yield Finding(
            rule=f"model/{category}",
            category=category,
            severity=2,
            message="Next to what was found, this may hurt, too.",
            why="The model has doubts about this sentence; alone they would not be a finding.",
            confidence=round(probability, 2),
            detectors=("model",),
        ).at(document, place)
