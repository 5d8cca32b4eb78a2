"""Comments in a draft or template that wave one finding through, each with a reason.

``tonecheck: ignore RULE -- reason`` inside ``<!-- … -->`` or ``{# … #}`` covers the line it stands on and the next one
that is not empty. ``tonecheck: ignore RULE until=2027-01-31 -- reason`` does so up to and including that day.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from tonecheck.document import Document, Span
from tonecheck.finding import Finding

_COMMENT = re.compile(r"(?:<!--|\{#-?)[ \t]*tonecheck:[ \t]*ignore[ \t]*([^\n]{0,300}?)[ \t]*(?:-->|-?#\})")
_BODY = re.compile(r"^(\S+)[ \t]+(?:until=(\S+)[ \t]+)?(?:--|—|because)[ \t]+(\S.*)$")


class Suppression(NamedTuple):
    """A comment in a draft: the rule (or glob) it names, its reason, and the lines it covers (1-based).

    ``start`` and ``end`` are code points of the draft.
    """

    rule: str
    reason: str
    lines: frozenset[int]
    line: int
    start: int
    end: int


def suppressions(document: Document, as_of: date = date.min) -> tuple[list[Suppression], list[Finding]]:
    """The comments in force, and a finding for each that lacks a rule or a reason, or whose last day is before ``as_of``."""
    found: list[Suppression] = []
    faults: list[Finding] = []
    if "tonecheck:" not in document.source:
        return found, faults
    lines = document.source.splitlines()
    for match in _COMMENT.finditer(document.source):
        start, end = match.span()
        line = document.position(start)[0]
        body = _BODY.match(match[1])
        until = _day(body[2]) if body and body[2] else date.max
        if body is None or until is None:
            faults.append(_fault(document, start, end, "without-reason", *_INCOMPLETE))
            continue
        if until < as_of:
            faults.append(_fault(document, start, end, "expired", *_EXPIRED))
            continue
        last = document.position(end - 1)[0]
        after = last + 1
        while after <= len(lines) and not lines[after - 1].strip():
            after += 1
        found.append(
            Suppression(body[1], body[3], frozenset({*range(line, last + 1), after}), line, start, end)
        )
    return found, faults


def unused(document: Document, suppression: Suppression) -> Finding:
    """The finding for a comment that waves nothing through."""
    return _fault(document, suppression.start, suppression.end, "unused", *_UNUSED)


_INCOMPLETE = (
    "This comment suppresses nothing: it needs a rule and a reason.",
    "Write: tonecheck: ignore threat/court -- the reason why it may stay.",
)
_EXPIRED = (
    "This comment suppresses nothing any more: its last day has passed.",
    "Mend what it covers and take it out, or give it a later day and a reason that still holds.",
)
_UNUSED = (
    "This comment suppresses nothing: its rule finds nothing here.",
    "Take it out; left in, it would hide the next finding of that rule without anybody deciding so.",
)


def _fault(document: Document, start: int, end: int, name: str, message: str, why: str) -> Finding:
    return Finding(
        rule=f"clarity/suppression-{name}",
        category="clarity",
        severity=1,
        message=message,
        why=why,
    ).at(document, Span(start, end))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def covers(suppression: Suppression, finding: Finding, former: Sequence[str] = ()) -> bool:
    """Whether the comment waves this finding through; an absence is covered from anywhere by its exact rule.

    ``former``: earlier ids of the finding's rule, which comments may still use.
    """
    names = (finding.rule, *former)
    if not any(fnmatch.fnmatchcase(name, suppression.rule) for name in names):
        return False
    if finding.line is None:
        return suppression.rule in names
    return finding.line in suppression.lines
