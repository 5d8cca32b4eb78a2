"""What the sender knows about the account: ``--context account.json``. It fills what a draft lacks and is held against what it says."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tonecheck.entities import Entity
from tonecheck.errors import ContextError, one_of
from tonecheck.finding import Finding
from tonecheck.rewrite.facts import Fact, fact_of, facts_of

if TYPE_CHECKING:
    from tonecheck.analysis import Analysis

# field → (what it is called where it has to be filled in, the kind of fact)
FIELDS: dict[str, tuple[str, str]] = {
    "balance": ("balance", "amount"),
    "due_date": ("due date", "date"),
    "reference": ("account number", "reference"),
    "payment_link": ("payment link", "link"),
    "payment_phone": ("payment phone", "phone"),
    "phone": ("phone number", "phone"),
    "email": ("email address", "email"),
    "hours": ("opening hours", "time"),
    "reader": ("customer name", "name"),
    "sender": ("company name", "name"),
    "agent": ("your name", "name"),
    "monthly_amount": ("monthly amount", "amount"),
    "lump_sum": ("settlement amount", "amount"),
    "original_creditor": ("original creditor name", "name"),
    "bank_details": ("bank details", "bank"),
    "address": ("address", "name"),
}
_LONGEST = 200


@dataclass(frozen=True)
class Account:
    """Values as they are to be written: ``balance`` is ``"$1,204.50"``, ``due_date`` ``"14 May 2027"``."""

    values: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, data: object) -> Account:
        """From parsed JSON: an object of texts (numbers are written out). Raises ``ContextError`` with the field and the mend."""
        if not isinstance(data, dict):
            raise ContextError(
                f"the context is a JSON object with fields such as {', '.join(list(FIELDS)[:4])}", "context"
            )
        return cls(dict(_values(data)))

    @classmethod
    def parse(cls, text: str | bytes) -> Account:
        """From JSON. Raises ``ContextError``."""
        try:
            return cls.read(json.loads(text))
        except (ValueError, RecursionError) as err:
            place = (
                f"line {err.lineno}, column {err.colno}: {err.msg}"
                if isinstance(err, json.JSONDecodeError)
                else err
            )
            raise ContextError(f"the context is not valid JSON: {place}", "context") from err


def _values(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in data.items():
        if name not in FIELDS:
            raise ContextError(one_of(name, FIELDS, "field of the context"), f"context.{name}")
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise ContextError(f"context.{name} is a text such as is to be written", f"context.{name}")
        text = " ".join(str(value).split())
        if not text or len(text) > _LONGEST:
            raise ContextError(f"context.{name} has 1 to {_LONGEST} characters", f"context.{name}")
        yield name, text


# The elements that say a field, and what is told if they say something else.
_HELD_AGAINST = {
    "balance": ("balance", "amount"),
    "due_date": ("due_date", "date"),
    "reference": ("account_reference", "reference"),
}


def contradictions(analysis: Analysis, account: Account) -> list[Finding]:
    """Where a draft says another balance, date, reference or telephone number than the account. No wording is proposed: which of the
    two is right, a person has to say."""
    found = []
    for name, (element, kind) in _HELD_AGAINST.items():
        if name not in account.values:
            continue
        right = {fact for fact in facts_of(account.values[name]) if fact.kind == kind}
        spans = analysis.elements.get(element, ())
        said = [
            entity
            for entity in analysis.entities
            if entity.kind == kind
            and any(start <= entity.start and entity.end <= end for start, end in spans)
        ]
        text = analysis.document.text
        if right and said and not any(_same(fact_of(entity, text), right, kind) for entity in said):
            found.append(_contradiction(analysis, said[0], name, account.values[name]))
    phones = {account.values[name] for name in ("phone", "payment_phone") if name in account.values}
    if phones:
        right = {fact for phone in phones for fact in facts_of(phone)}
        found += [
            _contradiction(analysis, entity, "phone", " or ".join(sorted(phones)))
            for entity in analysis.entities
            if entity.kind == "phone"
            and fact_of(entity, analysis.document.text) not in right
            and entity.value
        ]
    return found


def _same(fact: Fact, right: set[Fact], kind: str) -> bool:
    if kind != "date":
        return fact in right or fact.value[:1] in "{[<%«*_"
    # "14 May" is said of "14 May 2027", and the other way round.
    return any(fact.value in other.value or other.value in fact.value for other in right) or not any(
        sign.isdigit() for sign in fact.value
    )


def _contradiction(analysis: Analysis, entity: Entity, name: str, right: str) -> Finding:
    document = analysis.document
    source = document.source_span(entity.start, entity.end)
    called = FIELDS[name][0]
    return Finding(
        rule=f"context/{name.replace('_', '-')}",
        category="clarity",
        severity=2,
        message=f"The draft says {document.source[slice(*source)]!r}; the account says {right!r} ({called}).",
        why="A figure or a date that differs from the account sets off a dispute, and may be misleading in law.",
        instead="A person has to decide which is right.",
    ).at(document, source)
