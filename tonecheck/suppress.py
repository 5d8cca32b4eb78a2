"""Comments in a draft or template that wave one finding through, each with a reason.

``tonecheck: ignore RULE -- reason`` inside ``<!-- … -->`` or ``{# … #}`` covers the line it stands on and the next one
that is not empty.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Sequence
from typing import NamedTuple

from tonecheck.document import Document
from tonecheck.finding import Finding

_COMMENT = re.compile(r"(?:<!--|\{#-?)[ \t]*tonecheck:[ \t]*ignore[ \t]*([^\n]{0,300}?)[ \t]*(?:-->|-?#\})")
_BODY = re.compile(r"^(\S+)[ \t]+(?:--|—|because)[ \t]+(\S.*)$")


class Suppression(NamedTuple):
    """A comment in a draft: the rule (or glob) it names, its reason, and the lines it covers (1-based)."""

    rule: str
    reason: str
    lines: frozenset[int]
    line: int
    start: int
    end: int


def suppressions(document: Document) -> tuple[list[Suppression], list[Finding]]:
    """The valid comments, and a finding for each that lacks a rule or a reason."""
    found: list[Suppression] = []
    faults: list[Finding] = []
    if "tonecheck:" not in document.source:
        return found, faults
    lines = document.source.splitlines()
    for match in _COMMENT.finditer(document.source):
        line, column = document.position(match.start())
        body = _BODY.match(match[1])
        if body is None:
            faults.append(
                Finding(
                    rule="clarity/suppression-without-reason",
                    category="clarity",
                    severity=1,
                    message="This comment suppresses nothing: it needs a rule and a reason.",
                    why="Write: tonecheck: ignore threat/court -- the reason why it may stay.",
                    start=match.start(),
                    end=match.end(),
                    line=line,
                    column=column,
                    quote=match[0],
                )
            )
            continue
        last = document.position(match.end() - 1)[0]
        after = last + 1
        while after <= len(lines) and not lines[after - 1].strip():
            after += 1
        found.append(
            Suppression(
                body[1], body[2], frozenset({*range(line, last + 1), after}), line, match.start(), match.end()
            )
        )
    return found, faults


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
