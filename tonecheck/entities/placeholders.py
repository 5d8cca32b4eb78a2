"""Placeholders of template languages and of people: {{ balance }}, [AMOUNT], <name>, %REF%, «Name», ____."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tonecheck.entities.entity import Entity

# A currency sign in front, if any, then one of the forms; the group that took part names the form.
_PLACEHOLDER = re.compile(
    r"(?=[$£€{\[<%«*_])(?P<sign>[$£€] ?)?(?:"
    r"\{\{[{!]?[ ]?(?P<double>[A-Za-z_][^{}\n]{0,80})\}\}\}?"
    r"|\{[!]?[ ]?(?P<single>[A-Za-z_][\w .|()'\",:-]{0,60})\}"
    r"|\[\[?(?P<square>[A-Za-z$£€][\w .'/$£€#&-]{0,50})\]\]?"
    r"|<<?(?P<angle>[A-Za-z][\w .'/-]{0,40})>>?"
    r"|«[ ]?(?P<guillemet>[A-Za-z][\w .'/-]{0,40})»"
    r"|%(?P<percent>[A-Za-z][A-Za-z0-9_]{1,40})%"
    r"|\*\|(?P<merge>[A-Za-z][A-Za-z0-9_:]{0,40})\|\*"
    r"|(?P<blank>___{1,40})(?![A-Za-z0-9_])"
    r")"
)
_BLANK_DATE = re.compile(
    r"(?=[DMdmxX])(?<![A-Za-z0-9/])(?:DD|dd|MM|mm|[xX]{2})([/.-])(?:DD|dd|MM|mm|[xX]{2})\1(?:[Yy]{2,4}|[xX]{2,4})(?![A-Za-z0-9])"
)
_HINT = re.compile(r"[{\[<%«]|\*\||__")
_UNIT_AFTER = re.compile(r"[ -](?:working |business |calendar )?(days?|weeks?|months?|hours?)\b")

# In square brackets these are emphasis or editing, not something to fill in.
_NOT_PLACEHOLDERS = frozenset(
    "sic urgent external internal final warning notice important stop reminder confidential action required "
    "attention overdue private draft redacted we you your our us i they he she it".split()
)
_INSERT = frozenset(
    "insert enter your our the add put here please fill in customer customer's client".split()
)

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")

# The first line whose words meet those of the name decides; "" says that the name is of no special kind.
_KIND_WORDS: tuple[tuple[str, frozenset[str]], ...] = tuple(
    (kind, frozenset(words.split()))
    for kind, words in (
        (
            "",
            "name firstname lastname surname forename fullname percent percentage rate apr count method status type",
        ),
        ("email", "email mail"),
        ("link", "link url website site portal web href unsubscribe"),
        ("phone", "phone tel telephone mobile cell fax freephone"),
        ("bank", "iban bic swift sort sortcode routing"),
        ("time", "time hours"),
        ("period", "days weeks months period"),
        ("date", "date day deadline duedate expiry month weekday"),
        (
            "amount",
            "amount amt balance total sum owed arrears fee fees charge charges price outstanding cost money",
        ),
        (
            "",
            "plan option options manager handler holder team agent address title company terms reason description",
        ),
        (
            "reference",
            "account acct invoice reference ref case file order policy contract loan ticket agreement card member "
            "membership last4 last digits number no id inv iban accountnumber invoicenumber",
        ),
        ("amount", "settlement payment instalment installment minimum value discount deposit interest"),
        ("date", "due"),
    )
)
_KINDS_BY_FILTER = {"currency": "amount", "money": "amount", "usd": "amount", "gbp": "amount", "date": "date"}


def placeholder_kind(name: str) -> str:
    """The kind that a placeholder of this name stands for, by its words; "placeholder" when they say nothing.

    >>> placeholder_kind("amount_due"), placeholder_kind("account.balance | currency"), placeholder_kind("Name")
    ('amount', 'amount', 'placeholder')
    """
    name, _, filters = name.partition("|")
    words = {word.lower() for word in _WORD.findall(name)}
    for kind, known in _KIND_WORDS:
        if words & known:
            return kind or "placeholder"
    for word in _WORD.findall(filters):
        if word.lower() in _KINDS_BY_FILTER:
            return _KINDS_BY_FILTER[word.lower()]
    return "placeholder"


def find_placeholders(text: str) -> Iterator[Entity]:
    """The placeholders of ``text``, each as the kind that its name says; the value of a plain one is its name."""
    if _HINT.search(text):
        for match in _PLACEHOLDER.finditer(text):
            entity = _entity(text, match)
            if entity is not None:
                yield entity
    for match in _BLANK_DATE.finditer(text):
        yield Entity("date", match.start(), match.end())


def _entity(text: str, match: re.Match[str]) -> Entity | None:
    form = match.lastgroup or ""
    start, end = match.span()
    name = match[form].strip()
    if form == "square" and not _reads_as_placeholder(name, text, end):
        return None
    sign = match["sign"] or ""
    if form == "blank":
        touches = start > 0 and (text[start - 1].isalnum() or text[start - 1] == "_")
        return None if sign or touches else Entity("placeholder", start, end, "")
    kind = placeholder_kind(name)
    signed = sign and not (sign == "$" and form == "single")  # "${name}" is a form of its own
    if signed and kind in ("placeholder", "reference"):
        kind = "amount"
    if signed and kind not in ("amount", "placeholder"):
        start += len(sign)  # the sign belongs to something else
    unit = _UNIT_AFTER.match(text, end)
    if unit and kind in ("placeholder", "period", "reference"):
        return Entity("period", start, unit.end(), (None, unit[1].rstrip("s")))
    if form == "square" and name.lstrip()[0] in "$£€":
        kind = "amount"
    return Entity(kind, start, end, name.lower() if kind == "placeholder" else None)


def _reads_as_placeholder(name: str, text: str, end: int) -> bool:
    """Whether square brackets hold a thing to fill in: few words, no sentence, no emphasis, no link's label."""
    words = name.lower().split()
    if len([word for word in words if word not in _INSERT]) > 4 or len(words) > 8 or name.endswith("."):
        return False
    if text[end : end + 1] == "(":
        return False  # [label](target)
    return not all(word.strip("'") in _NOT_PLACEHOLDERS for word in words)
