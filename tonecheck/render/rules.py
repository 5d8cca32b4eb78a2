"""Rules → a list, a page about one of them, JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from tonecheck.render.json import dumps
from tonecheck.render.terminal import Terminal
from tonecheck.rulepack import Example, Rule

_KINDS = (
    ("flag", "Flagged"),
    ("passing", "Passed"),
    ("known_alarm", "Known false alarms"),
    ("known_miss", "Known misses"),
)


def as_list(rules: Sequence[Rule], in_force: Mapping[str, Rule], terminal: Terminal) -> str:
    """A line for each rule, by category. ``in_force``: the rules as configured, by id; the others are switched off."""
    lines: list[str] = []
    widest = max((len(rule.id) for rule in rules), default=0)
    for category in dict.fromkeys(sorted(rule.category for rule in rules)):
        members = sorted((rule for rule in rules if rule.category == category), key=lambda rule: rule.id)
        lines += ["", terminal.paint(f"{category} ({len(members)})", "bold")]
        for rule in members:
            state = str(in_force[rule.id].severity or "-") if rule.id in in_force else "off"
            told = rule.message or f"gives evidence of {rule.category}"
            lines += terminal.wrap(told, f"  {rule.id.ljust(widest)}  {state.ljust(3)}  ")
    return "\n".join(
        [*lines[1:], "", f"{len(rules)} rules, {len(rules) - _count(rules, in_force)} switched off", ""]
    )


def _count(rules: Iterable[Rule], in_force: Mapping[str, Rule]) -> int:
    return sum(rule.id in in_force for rule in rules)


def as_json(rules: Iterable[Rule], in_force: Mapping[str, Rule]) -> str:
    """``as_rows`` as JSON."""
    return dumps(as_rows(rules, in_force), indent=2) + "\n"


def as_rows(rules: Iterable[Rule], in_force: Mapping[str, Rule]) -> list[dict[str, Any]]:
    """A list of rules with what a reader of reports wants to know; ``enabled`` and ``severity`` as configured."""
    return [
        _row(in_force.get(rule.id, rule), rule.id in in_force)
        for rule in sorted(rules, key=lambda rule: rule.id)
    ]


def _row(rule: Rule, enabled: bool) -> dict[str, Any]:
    return {
        "id": rule.id,
        "category": rule.category,
        "severity": rule.severity,
        "enabled": enabled,
        "message": rule.message,
        "why": rule.why,
        "instead": rule.instead,
        "citation": rule.citation,
        "source": rule.source,
        "applies": {name: list(values) for name, values in rule.applies.items()},
        "verdict": rule.verdict,
        "confidence": rule.confidence,
        "aliases": list(rule.aliases),
    }


def as_page(rule: Rule, terminal: Terminal) -> str:
    """All about one rule."""
    kind = f"evidence of {rule.category}" if rule.is_element else f"{rule.category}, severity {rule.severity}"
    lines = [f"{terminal.paint(rule.id, 'bold')}  {kind}"]
    for label, text in _facts(rule):
        if text:
            lines += terminal.wrap(text, f"  {label.ljust(11)}")
    lines += ["", terminal.paint(f"Finds ({rule.verb})", "bold")]
    for pattern in rule.argument if isinstance(rule.argument, list) else [rule.argument]:
        lines += terminal.wrap(str(pattern), "  ", "      ")
    for name, title in _KINDS:
        examples: tuple[Example, ...] = getattr(rule.examples, name)
        if examples:
            lines += ["", terminal.paint(title, "bold")]
            for example in examples:
                lines += terminal.wrap(_marked(example), f"  {terminal.plain('·')} ", "    ")
    return "\n".join(lines) + "\n"


def _facts(rule: Rule) -> Iterator[tuple[str, str | None]]:
    yield "message", rule.message
    yield "why", rule.why
    yield "instead", rule.instead
    yield "law", rule.citation
    yield "source", rule.source
    yield "in force", _dates(rule)
    yield (
        "applies to",
        "; ".join(f"{name}: {', '.join(values)}" for name, values in rule.applies.items()) or "every draft",
    )
    yield (
        "reads",
        {"spoken": "the sender's prose", "sent": "also signature and footer", "text": "everything"}[
            rule.view
        ],
    )
    yield "not if", ", ".join(rule.unless)
    yield "only if", ", ".join(rule.only_if)
    for name, phrases in (
        ("sentence has", rule.sentence_has),
        ("and lacks", rule.sentence_lacks),
        ("text has", rule.message_has),
        ("and lacks", rule.message_lacks),
        ("except", rule.exceptions),
    ):
        yield name + " ", " / ".join(phrases)
    yield "verdict", "" if rule.verdict else "reported, but not counted"
    yield "sure", f"{rule.confidence:.2f}"
    yield "formerly", ", ".join(rule.aliases)
    yield "defined in", rule.place


def _dates(rule: Rule) -> str:
    begin = f"from {rule.effective_from}" if rule.effective_from else ""
    return f"{begin} until {rule.effective_until}".strip() if rule.effective_until else begin


def _marked(example: Example) -> str:
    """The example with its places in ``[[ ]]``, and its profile."""
    text, at = "", 0
    for start, end in example.spans:
        text += f"{example.text[at:start]}[[{example.text[start:end]}]]"
        at = end
    text += example.text[at:]
    profile = ", ".join(f"{name}: {value}" for name, value in example.profile.items())
    return f"{text} ({profile})" if profile else text
