"""How good the suggestions are on labelled messages: ``tonecheck eval FILE --rewrites``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tonecheck import readers
from tonecheck.entities import find_entities
from tonecheck.finding import TONE_CATEGORIES, Finding, Suggestion
from tonecheck.labels import Record
from tonecheck.report import VERDICTS
from tonecheck.rewrite.fix import fix, with_edits
from tonecheck.rewrite.whens import is_month

if TYPE_CHECKING:
    from tonecheck.engine import Checker


@dataclass
class Rewrites:
    """Counts over all messages. ``grave``: findings of severity 2 or 3; ``advised``: those with a suggestion."""

    messages: int = 0
    suggestions: int = 0
    facts_kept: int = 0
    grave: int = 0
    advised: int = 0
    grave_tone: int = 0
    advised_tone: int = 0
    unfit: int = 0
    made_fit: int = 0
    made_fit_safely: int = 0
    worse: int = 0
    settled: int = 0

    def rows(self) -> Iterator[tuple[str, str]]:
        """What is reported, by name."""
        yield "suggestions", str(self.suggestions)
        yield "suggestions that keep every fact", _share(self.facts_kept, self.suggestions)
        yield "findings of severity 2 or 3 with a suggestion", _share(self.advised, self.grave)
        yield "those of tone", _share(self.advised_tone, self.grave_tone)
        yield (
            "messages judged revise or block that `fix --unsafe` makes fit to send",
            _share(self.made_fit, self.unfit),
        )
        yield "the same by `fix` with safe edits alone", _share(self.made_fit_safely, self.unfit)
        yield "messages that are worse after `fix --unsafe`", str(self.worse)
        yield "messages that a second `fix --unsafe` leaves as they are", _share(self.settled, self.messages)


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole} ({part / whole:.1%})" if whole else "none"


def measure(checker: Checker, records: Iterable[Record]) -> Rewrites:
    found = Rewrites()
    for record in records:
        found.messages += 1
        fixed = fix(checker, record.text, record.profile, unsafe=True)
        for finding in fixed.before.findings:
            _count(found, record.text, finding)
        if fixed.before.verdict != "send":
            found.unfit += 1
            found.made_fit += fixed.after.verdict == "send"
            found.made_fit_safely += fix(checker, record.text, record.profile).after.verdict == "send"
        found.worse += (
            VERDICTS.index(fixed.after.verdict) > VERDICTS.index(fixed.before.verdict)
            or fixed.after.score < fixed.before.score
        )
        found.settled += fix(checker, fixed.text, record.profile, unsafe=True).text == fixed.text
    return found


def _count(found: Rewrites, text: str, finding: Finding) -> None:
    tone = finding.category in TONE_CATEGORIES
    if finding.severity >= 2:
        found.grave += 1
        found.advised += bool(finding.suggestions)
        found.grave_tone += tone
        found.advised_tone += tone and bool(finding.suggestions)
    for suggestion in finding.suggestions:
        found.suggestions += 1
        found.facts_kept += keeps_facts(text, suggestion)


def keeps_facts(text: str, suggestion: Suggestion) -> bool:
    """Whether all sums, dates, numbers, links and addresses of the draft are in the changed one, as they were written, and no new
    one but placeholders. Looks at the whole drafts, without the guard."""
    before, after = _written(text), _written(with_edits(text, [suggestion]))
    return before <= after and all(fact[:1] in "[{<%«*_$£€" for fact in after - before)


def _written(text: str) -> set[str]:
    read = readers.read(text).text
    return {
        " ".join(read[entity.start : entity.end].lower().split()).removeprefix("the ")
        for entity in find_entities(read)
        if entity.kind != "period" and not is_month(entity, read)
    }
