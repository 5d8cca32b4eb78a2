"""One pack file → its rules; a fault is told with its line."""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import Any

from tonecheck.errors import RulePackError, one_of
from tonecheck.finding import CATEGORIES, OTHER_CATEGORIES
from tonecheck.phrase import Lexicon
from tonecheck.report import ELEMENTS
from tonecheck.rulepack.rule import Example, Examples, Rule
from tonecheck.rulepack.yamlfile import bytes_of, line_of, parse_yaml
from tonecheck.ruleschema import DEFAULTABLE, LEXICON_FIELD, PACK_FIELDS, RULE_FIELDS, Fault, conform

_MINIMUM_EXAMPLES = 3


def load_file(path: Path, lexicon: Lexicon, content: bytes | None = None) -> tuple[list[Rule], Lexicon]:
    """The rules of one pack file and the lexicon with the pack's own classes added. ``content``: of the file, where it
    has been read.

    Raises ``RulePackError`` with ``file:line: what is wrong; the mend``.
    """
    text, data = parse_yaml(path, bytes_of(path) if content is None else content)
    try:
        return _read_pack(data, lexicon, str(path))
    except Fault as fault:
        raise RulePackError(f"{path}:{line_of(text, fault.path)}: {fault}") from fault


def _read_pack(data: Any, lexicon: Lexicon, file: str) -> tuple[list[Rule], Lexicon]:
    if not isinstance(data, dict):
        raise Fault((), "a rule pack is a mapping with 'category' (or 'element') and 'rules'")
    for key in data:
        if key not in PACK_FIELDS:
            raise Fault((key,), one_of(key, PACK_FIELDS, "pack key"))
    lexicon = lexicon.merged(_read_lexicon(data.get("lexicon") or {}))
    rules = data.get("rules") or []
    if not isinstance(rules, list):
        raise Fault(("rules",), "'rules' is a list")
    if not rules:
        return [], lexicon
    category = data.get("category", data.get("element"))
    allowed = CATEGORIES if "category" in data else ELEMENTS
    if "category" in data and "element" in data:
        raise Fault(("element",), "a pack has either 'category' or 'element'")
    if category not in allowed:
        raise Fault(("category",), one_of(category, allowed, "category" if "category" in data else "element"))
    defaults = data.get("defaults") or {}
    for key, value in defaults.items():
        if key not in DEFAULTABLE:
            raise Fault(("defaults", key), one_of(key, DEFAULTABLE, "default"))
        conform(value, RULE_FIELDS[key][0], ("defaults", key))
    return [
        _read_rule(
            {**defaults, **_mapping(raw, ("rules", number))}, str(category), lexicon, ("rules", number), file
        )
        for number, raw in enumerate(rules)
    ], lexicon


def _mapping(value: Any, path: tuple[str | int, ...]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Fault(path, "a rule is a mapping; see 'tonecheck rules schema'")
    return value


def _read_lexicon(data: Any) -> Lexicon:
    conform(data, LEXICON_FIELD, ("lexicon",))
    return Lexicon(
        {name: tuple(phrases) for name, phrases in (data.get("classes") or {}).items()},
        {name: tuple(forms) for name, forms in (data.get("verbs") or {}).items()},
    )


def _read_rule(
    raw: dict[str, Any], category: str, lexicon: Lexicon, path: tuple[str | int, ...], file: str
) -> Rule:
    for key, value in raw.items():
        if key not in RULE_FIELDS:
            raise Fault((*path, key), one_of(key, RULE_FIELDS, "rule key"))
        conform(value, RULE_FIELDS[key][0], (*path, key))
    rule_id = raw.get("id")
    if not rule_id:
        raise Fault(path, "a rule needs an 'id' such as threat/wages")
    family = rule_id.split("/")[0]
    if (
        family != category
        and category not in OTHER_CATEGORIES
        and not (family == "model" and "model" in raw.get("match", {}))
    ):
        raise Fault(
            (*path, "id"),
            f"the id {rule_id!r} must start with {category}/, the category of its pack (or model/, if it asks the model)",
        )
    element = category in ELEMENTS
    for key in ("match", "examples") if element else ("severity", "message", "why", "match", "examples"):
        if key not in raw:
            raise Fault(path, f"rule {rule_id} lacks {key!r}")
    (verb, argument), *_ = raw["match"].items()
    if verb in ("phrase", "regex"):
        argument = [argument] if isinstance(argument, str) else argument
        if (
            not isinstance(argument, list)
            or not argument
            or not all(isinstance(item, str) and item for item in argument)
        ):
            raise Fault((*path, "match", verb), f"{verb} takes a text or a list of texts")
    examples = _read_examples(raw["examples"], rule_id, path)
    effective = raw.get("effective") or {}
    rule = Rule(
        id=rule_id,
        category=category,
        severity=raw.get("severity", 0),
        verb=verb,
        argument=argument,
        lexicon=lexicon,
        message=raw.get("message", ""),
        why=raw.get("why", ""),
        instead=raw.get("instead"),
        insert=raw.get("insert"),
        citation=raw.get("citation"),
        source=raw.get("source"),
        effective_from=datetime.date.fromisoformat(effective["from"]) if "from" in effective else None,
        effective_until=datetime.date.fromisoformat(effective["until"]) if "until" in effective else None,
        applies={
            name: (values,) if isinstance(values, str) else tuple(values)
            for name, values in (raw.get("applies") or {}).items()
        },
        view=raw.get("view", "sent" if element else "spoken"),
        report=raw.get("report", "match"),
        unless=tuple(raw.get("unless") or ()),
        only_if=tuple(raw.get("only_if") or ()),
        sentence_has=tuple((raw.get("sentence") or {}).get("has", ())),
        sentence_lacks=tuple((raw.get("sentence") or {}).get("lacks", ())),
        message_has=tuple((raw.get("text") or {}).get("has", ())),
        message_lacks=tuple((raw.get("text") or {}).get("lacks", ())),
        exceptions=tuple(raw.get("except") or ()),
        confidence=float(raw.get("confidence", 0.9)),
        verdict=raw.get("verdict", True),
        aliases=tuple(raw.get("aliases") or ()),
        examples=examples,
        place=file,
    )
    try:
        rule.matcher  # noqa: B018 - built here so that a bad pattern is reported with its line
        rule.conditions  # noqa: B018
    except (ValueError, TypeError) as err:
        raise Fault((*path, "match", verb), f"rule {rule_id}: {err}") from err
    return rule


def _read_examples(raw: dict[str, list[Any]], rule_id: str, path: tuple[str | int, ...]) -> Examples:
    for name in ("flag", "pass"):
        count = len(raw[name])
        if count < _MINIMUM_EXAMPLES:
            raise Fault(
                (*path, "examples", name), f"rule {rule_id} has {count} {name!r} examples; give at least 3"
            )
    return Examples(
        flag=tuple(_example(item) for item in raw["flag"]),
        passing=tuple(_example(item) for item in raw["pass"]),
        known_alarm=tuple(_example(item) for item in raw.get("known_alarm", ())),
        known_miss=tuple(_example(item) for item in raw.get("known_miss", ())),
    )


def _example(raw: Any) -> Example:
    values = {"text": raw} if isinstance(raw, str) else dict(raw)
    marked = values.pop("text")
    text, spans, at = "", [], 0
    for match in re.finditer(r"\[\[(.+?)\]\](?!\])", marked, re.DOTALL):
        text += marked[at : match.start()]
        spans.append((len(text), len(text) + len(match[1])))
        text += match[1]
        at = match.end()
    return Example(text + marked[at:], tuple(spans), values)
