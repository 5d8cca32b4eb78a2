"""What a rule may say: its fields, checked the same way everywhere.

The table ``RULE_FIELDS`` is the only description of a rule: validation, error messages and the JSON Schema are made from it.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from typing import Any

from tonecheck.errors import one_of
from tonecheck.finding import CATEGORIES
from tonecheck.matchers import VERBS
from tonecheck.profile import FLAGS, VALUES
from tonecheck.report import ELEMENTS
from tonecheck.scope import GUARDS

VIEWS = ("spoken", "sent", "text")
REPORTS = ("match", "clause", "sentence")

# name → (JSON Schema of the value, one line for editors and messages)
_TEXT = {"type": "string", "minLength": 1}
_TEXTS = {"type": "array", "items": _TEXT, "minItems": 1}
_EXAMPLE = {
    "anyOf": [
        _TEXT,
        {
            "type": "object",
            "properties": {"text": _TEXT, **{name: {"enum": list(values)} for name, values in VALUES.items()}}
            | {"flags": {"type": "array", "items": {"enum": list(FLAGS)}}},
            "required": ["text"],
            "additionalProperties": False,
        },
    ]
}
_EXAMPLE_LIST = {"type": "array", "items": _EXAMPLE}
_APPLIES = {
    "type": "object",
    "properties": {
        **{
            name: {"anyOf": [{"enum": list(values)}, {"type": "array", "items": {"enum": list(values)}}]}
            for name, values in VALUES.items()
        },
        "flags": {"type": "array", "items": {"enum": list(FLAGS)}},
        "not_flags": {"type": "array", "items": {"enum": list(FLAGS)}},
    },
    "additionalProperties": False,
}
_HAS_LACKS = {"type": "object", "properties": {"has": _TEXTS, "lacks": _TEXTS}, "additionalProperties": False}

RULE_FIELDS: dict[str, tuple[dict[str, Any], str]] = {
    "id": ({"type": "string", "pattern": r"^[a-z][a-z_]*/[a-z0-9]+([-._][a-z0-9]+)*$"}, "category/name"),
    "severity": ({"enum": [1, 2, 3]}, "3 must not be sent, 2 should be changed, 1 could be better"),
    "message": (_TEXT, "one plain sentence for the writer; {quote} and {detail} are filled in"),
    "why": (_TEXT, "what it does to the reader, or what the law says"),
    "instead": (_TEXT, "what to write instead"),
    "citation": (_TEXT, "the provision, for a legal rule"),
    "source": (_TEXT, "where the rule comes from, and how sure it is"),
    "effective": (
        {
            "type": "object",
            "properties": {"from": {"type": "string", "format": "date"}, "until": {"type": "string", "format": "date"}},
            "additionalProperties": False,
        },
        "dates between which the rule is in force",
    ),
    "applies": (_APPLIES, "the profiles that the rule is for"),
    "match": (
        {"type": "object", "properties": {verb: {} for verb in VERBS}, "minProperties": 1, "maxProperties": 1,
         "additionalProperties": False},
        f"exactly one of {', '.join(VERBS)}",
    ),
    "view": ({"enum": list(VIEWS)}, "spoken: the sender's prose; sent: also signature and footer; text: everything"),
    "report": ({"enum": list(REPORTS)}, "what is underlined: the match, its clause or its sentence"),
    "unless": ({"type": "array", "items": {"enum": list(GUARDS)}}, "guards under which the match does not count"),
    "only_if": ({"type": "array", "items": {"enum": list(GUARDS)}}, "guards that must all hold"),
    "sentence": (_HAS_LACKS, "phrases that the sentence must have (any of them) or lack (all of them)"),
    "text": (_HAS_LACKS, "phrases that the whole message must have or lack"),
    "except": (_TEXTS, "phrases that a match must not overlap: its near misses"),
    "insert": ({"enum": list(ELEMENTS)}, "the element whose phrasings mend an absence; that of 'absent' if not given"),
    "confidence": ({"type": "number", "exclusiveMinimum": 0, "maximum": 1}, "how sure a hit is"),
    "verdict": ({"type": "boolean"}, "false: reported, but the verdict does not count it"),
    "aliases": (_TEXTS, "former ids"),
    "examples": (
        {
            "type": "object",
            "properties": dict.fromkeys(("flag", "pass", "known_alarm", "known_miss"), _EXAMPLE_LIST),
            "required": ["flag", "pass"],
            "additionalProperties": False,
        },
        "at least three flag (with the exact [[place]]) and three pass",
    ),
}  # fmt: skip
LEXICON_FIELD: dict[str, Any] = {
    "type": "object",
    "properties": {
        "classes": {"type": "object", "additionalProperties": _TEXTS},
        "verbs": {"type": "object", "additionalProperties": _TEXTS},
    },
    "additionalProperties": False,
}
PACK_FIELDS = ("category", "element", "defaults", "lexicon", "rules")
DEFAULTABLE = (
    "applies",
    "view",
    "report",
    "unless",
    "only_if",
    "confidence",
    "verdict",
    "severity",
    "citation",
    "source",
)


def schema() -> dict[str, Any]:
    """The JSON Schema of a rule pack, for editors."""
    rule = {
        "type": "object",
        "properties": {name: {**spec, "description": text} for name, (spec, text) in RULE_FIELDS.items()},
        "required": ["id", "match", "examples"],
        "additionalProperties": False,
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "tonecheck rule pack",
        "type": "object",
        "properties": {
            "category": {"enum": list(CATEGORIES)},
            "element": {"enum": list(ELEMENTS)},
            "defaults": {
                "type": "object",
                "properties": {name: RULE_FIELDS[name][0] for name in DEFAULTABLE},
                "additionalProperties": False,
            },
            "lexicon": LEXICON_FIELD,
            "rules": {"type": "array", "items": rule},
        },
        "additionalProperties": False,
    }


class Fault(Exception):
    """A fault at a path inside a pack; the caller knows the file and finds the line."""

    def __init__(self, path: tuple[str | int, ...], message: str) -> None:
        super().__init__(message)
        self.path = path


def conform(value: Any, spec: Mapping[str, Any], path: tuple[str | int, ...]) -> None:
    """Check ``value`` against the small part of JSON Schema that ``RULE_FIELDS`` uses."""
    what = ".".join(str(step) for step in path[2:] or path)
    if "anyOf" in spec:
        for choice in spec["anyOf"]:
            try:
                return conform(value, choice, path)
            except Fault as fault:
                last = fault
        raise last
    if "enum" in spec and value not in spec["enum"]:
        raise Fault(path, one_of(value, [str(choice) for choice in spec["enum"]], what))
    kinds: dict[str, Any] = {
        "string": str,
        "array": list,
        "object": dict,
        "boolean": bool,
        "number": int | float,
    }
    if "type" in spec and (
        not isinstance(value, kinds[spec["type"]]) or (spec["type"] == "number" and isinstance(value, bool))
    ):
        raise Fault(
            path, f"{what} is a {'list' if spec['type'] == 'array' else spec['type']}, not {value!r:.60}"
        )
    if spec.get("minLength") and not value.strip():
        raise Fault(path, f"{what} is empty")
    if spec.get("minItems") and not value:
        raise Fault(path, f"{what} is empty; leave it out or give an entry")
    if "pattern" in spec and not re.search(spec["pattern"], value):
        raise Fault(path, f"{what} {value!r} is not of the form category/name in lower case with hyphens")
    if "maximum" in spec and not 0 < value <= spec["maximum"]:
        raise Fault(path, f"{what} is above 0 and at most {spec['maximum']}, not {value}")
    if spec.get("format") == "date":
        try:
            datetime.date.fromisoformat(value)
        except ValueError as err:
            raise Fault(path, f"{what} {value!r} is not a date such as 2025-04-06") from err
    if spec.get("type") == "array":
        for number, item in enumerate(value):
            conform(item, spec.get("items", {}), (*path, number))
    if spec.get("type") == "object" and "properties" in spec:
        properties = spec["properties"]
        for key, item in value.items():
            if key in properties:
                conform(item, properties[key], (*path, key))
            elif spec.get("additionalProperties") is False:
                raise Fault((*path, key), one_of(key, properties, f"{what} key"))
        for key in spec.get("required", ()):
            if key not in value:
                raise Fault(path, f"{what} lacks {key!r}")
        if len(value) > spec.get("maxProperties", len(value)) or len(value) < spec.get("minProperties", 0):
            raise Fault(path, f"{what} takes exactly one of {', '.join(properties)}")
    elif spec.get("type") == "object":
        for key, item in value.items():
            conform(item, spec.get("additionalProperties") or {}, (*path, key))
