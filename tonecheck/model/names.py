"""Where the name of a person, firm or place stands in a run of capitalised words."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

# English words that are no names, one a line; made by ``python -m training.tone.words``.
WORDS = Path(__file__).parents[1] / "data" / "words.txt"
_PARTICLE = r"(?:(?:of|de|del|della|di|da|la|le|los|las|van|von|der|den|y|al|el|bin|ibn|ap|the) ){0,2}"
_CAPITAL = r"(?:(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof)\b\.?|[^\W\d_a-z][\w'-]*[^\WA-Z\d_][\w'-]*|(?!I\b)[A-Z]\b\.?)"
CAPITALISED = rf"{_CAPITAL}(?:(?: | & |-){_PARTICLE}{_CAPITAL})*"
_LETTERS = re.compile(r"[^\W\d_]+")
# How firms are called whose names are ordinary words ("Granite State Credit"), and what offices are called.
_FIRMS = frozenset(
    "agency airlines apartments appliance appliances associates auto autos bakery bank barbers books broadband builders capital "
    "cards carpets cars catalogue catering cleaners cleaning clinic collections college company cooling credit dental design "
    "designs digital electric energy enterprises equipment estates events farm farms feeds fencing finance financial flooring "
    "florist flowers foods freight fuels furnishings furniture gas grocers group gym haulage health heating hire holdings homes "
    "hotel hotels housing inn insurance jewelers jewellers kitchens labs landscaping laundry leasing lending lettings limited "
    "loans lodge logistics ltd market markets mattress media mobile mortgages motors movers music networks nurseries nursery "
    "opticians parking partners payday pharmacy photography plumbing pool pools power print printing properties property realty "
    "recoveries removals rentals resort roofing salon scaffolding services solar solutions spa storage stores studio supplies "
    "supply systems telecom tires tools towing traders trading travel trust tyres utilities ventures veterinary vets water "
    "wholesale windows".split()
)
_OFFICIAL = frozenset(
    "attorney bailiff bailiffs bureau council county court department district division enforcement federal government judge "
    "justice legal ministry national office officer police prosecutor revenue security sheriff supreme tax tribunal warrant".split()
)
_TITLED = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof)\b")
_GREETING = re.compile(
    r"(?:Dear|Hi|Hello|Hey|Good (?:Morning|Afternoon|Evening)|Morning|Afternoon|Evening) (?=\w)"
)
# Who is greeted by one of these is not greeted by name.
_NO_NAME = re.compile(
    r"(?i)\b(?:debtors?|deadbeats?|delinquents?|defaulters?|liars?|losers?|thie(?:f|ves)|cheats?|crooks?|scroungers?|freeloaders?|"
    r"chancers?|idiots?|morons?|fools?|clowns?|bums?|scum|scammers?|fraudsters?|trash|snakes?|parasites?|leech(?:es)?|"
    r"procrastinators?|payers?|genius|einstein|majesty|highness|princess|superstar|moneybags|stranger|ghost|houdini)\b"
)
# What a sentence begins with, capitalised, before a name.
_SENTENCE_STARTS = frozenset(
    "a an and as at but by call dear for from good hello hey hi if in is it my no not of on or our please so subject thank thanks "
    "that the this to we when will with your yours you i sorry regards sincerely re fao attention tell ask pay "
    "ring text phone email message contact see meet give let send write reply visit bring".split()
)


def name_in(run: str) -> tuple[int, int] | None:
    """Where in a run of capitalised words a name stands: from its first word that is not ordinary, or the title before it, to
    the end of the run without a possessive; ``None`` if all are ordinary."""
    greeting = _GREETING.match(run)
    if greeting is not None and not _NO_NAME.search(run):
        return greeting.end(), _without_possessive(run)
    if (title := _TITLED.search(run)) is not None:
        return title.start(), _without_possessive(run)
    ordinary = ordinary_words()
    words = list(_LETTERS.finditer(run))
    unknown = [word for word in words if len(word[0]) > 1 and word[0].lower() not in ordinary]
    if not unknown:
        if (
            len(words) < 2
            or words[-1][0].lower() not in _FIRMS
            or any(word[0].lower() in _OFFICIAL for word in words)
        ):
            return None
        unknown = words[1:]
    start = (
        words[0].start()
        if unknown[0] is words[0] or words[0][0].lower() not in _SENTENCE_STARTS
        else words[1].start()
    )
    return start, _without_possessive(run)


def _without_possessive(run: str) -> int:
    """Where ``run`` ends without its "'s"."""
    return len(run) - (2 if run.endswith("'s") else 0)


@cache
def ordinary_words() -> frozenset[str]:
    return frozenset(WORDS.read_text(encoding="utf-8").split())
