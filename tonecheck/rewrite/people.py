"""Who is named in a span of a message: the reader, who writes, to whom the money is owed, who takes over."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from tonecheck.analysis import Analysis
from tonecheck.document import Span
from tonecheck.rewrite.around import Found
from tonecheck.rewrite.facts import FIGURES, NAMES, names_at
from tonecheck.rewrite.intents import is_handed_over
from tonecheck.rewrite.sums import whose

# In these a name is a weapon.
_WITH_NAMES = frozenset({"threat", "disclosure", "shame", "insult", "sarcasm"})
# "Men like you are why others pay 29%", "badge 3390".
_WITH_FIGURES = frozenset({"deception", "insult", "sarcasm"})
# The name of a firm tells who takes over, or who sues.
_FIRM = re.compile(
    r"\b(?:(?<!Child )(?<!Social )Services?|Ltd|Limited|LLP|LLC|Inc|Recover(?:y|ies)|Associates|Partners|Group|Agency|Collect(?:ions?)?|Solicitors|Law|Legal|Bureau|Credit|Finance|Bank|Co)\b|&"
)
# Who is spoken to, at the end of a sentence.
_VOCATIVE = re.compile(r",? ([A-Z][\w'-]+)[.!?]*\s*\Z")
# Who is spoken to, at its beginning, without a comma: "Tyler quit dodging me".
_CALLED = re.compile(
    r"([A-Z][\w'-]+)(?:,| (?=(?i:quit|stop|pay|call|ring|text|send|answer|get|dont|don't|do not|u|you|ur|your|please|pls|come on|listen|look)\b))"
)
# A name after this is mentioned; it does not say who writes.
_IN_PASSING = re.compile(
    r"(?i)\b(?:(?:at|in|to|of|with|by|for|near|on) (?:the )?|(?:the|an?|this|that|your|my|our|his|her|their) )(?:(?:mr|mrs|ms|miss|dr)\.? )?\Z"
)


class People:
    """``found``: what was found in the message; what it holds may change."""

    def __init__(self, analysis: Analysis, found: Found) -> None:
        self.analysis = analysis
        self.text = analysis.document.text
        self.profile = analysis.profile
        self._found = found

    def only_in(self, span: Span) -> list[str]:
        """Names that no other sentence has, alone or as a part of another one, as they are written: firms to which the account goes, or the sender."""
        around = "\n".join(f" {name} " for at, name in self._names if not span.start <= at < span.end)
        return [name for name in self._in(span) if f" {name.lower()} " not in around]

    def _in(self, span: Span) -> list[str]:
        """The names in ``span``, as they are written, each once."""
        inside = dict.fromkeys(name for at, name in self._names if span.start <= at < span.end)
        lowered = self.text[slice(*span)].lower()
        return [
            self.text[span.start + at : span.start + at + len(name)]
            for name in inside
            if (at := lowered.find(name)) >= 0
        ]

    @cached_property
    def _names(self) -> list[tuple[int, str]]:
        return list(names_at(self.text, []))

    def is_sender(self, name: str) -> bool:
        return any(
            name.lower() in self.text[slice(*span)].lower()
            for span in self.analysis.elements.get("sender_identity", ())
        )

    def reader(self, span: Span) -> str:
        """The name that ends or begins the sentence, if only this one has it."""
        named = _VOCATIVE.search(self.text, *span) or _CALLED.match(self.text, *span)
        if named is None or named[1] not in self.only_in(span):
            return ""
        # "You owe $640 at QuickCash" speaks to nobody of that name.
        return "" if _IN_PASSING.search(self.text, span.start, named.start(1)) else named[1]

    def introduced(self, names: Sequence[str], span: Span) -> str:
        """Who writes, before what they say, if ``names`` has nobody else but the reader."""
        reader = self.reader(span)
        others = [name for name in names if name != reader]
        if len(others) != 1 or not self.is_sender(others[0]):
            return ""
        if self._in_passing(others[0], span):
            return ""
        return f"{others[0]}: " if self.profile.channel == "sms" else f"This is {others[0]}. "

    def takes_over(self, span: Span) -> str:
        """The firm that ``span`` names as the one that has the account now, or may get it, and that neither writes nor is owed the money; empty
        if there is none, or more than one."""
        if is_handed_over(self.text[slice(*span)]):
            # "The account is with Moss Collect": who has it now does not write, and may be named again with its telephone number.
            firms = [name for name in self._in(span) if _FIRM.search(name) and self._in_passing(name, span)]
            return firms[0] if len(firms) == 1 else ""
        names = self.only_in(span)
        if len(names) != 1 or _FIRM.search(names[0]) is None:
            return ""
        return "" if self.is_sender(names[0]) or names[0] in whose(self.text, span) else names[0]

    def _in_passing(self, name: str, span: Span) -> bool:
        return _IN_PASSING.search(self.text, span.start, self.text.find(name, *span)) is not None

    def may_go(self, span: Span) -> frozenset[str]:
        """The kinds of facts in ``span`` that are there to hurt: names of others and figures, in a threat, a disclosure, a jibe. Not who
        writes."""
        found = {f.category for f, place in self._found if f.severity >= 2 and place.overlaps(span)}
        # Who writes may be told elsewhere, too.
        signed = any(not one.overlaps(span) for one in self.analysis.elements.get("sender_identity", ()))
        names_stay = not found & _WITH_NAMES or any(
            (self.is_sender(name) and not signed) or _FIRM.search(name) for name in self.only_in(span)
        )
        return (FIGURES if found & _WITH_FIGURES else frozenset()) | (frozenset() if names_stay else NAMES)
