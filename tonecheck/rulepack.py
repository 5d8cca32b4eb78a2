"""YAML rule packs → ``Rule`` objects, strictly validated.

A pack is one file: ``category`` (or ``element``) and ``rules``, optionally ``lexicon`` and ``defaults``. What they may say is in
``tonecheck.ruleschema``.
"""

from __future__ import annotations

import datetime
import fnmatch
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from tonecheck import packcache
from tonecheck.errors import RulePackError, one_of
from tonecheck.finding import CATEGORIES, OTHER_CATEGORIES
from tonecheck.matchers import Matcher, build
from tonecheck.matchers.phrase import PhraseMatcher
from tonecheck.phrase import Lexicon
from tonecheck.profile import Profile
from tonecheck.report import ELEMENTS
from tonecheck.ruleschema import DEFAULTABLE, LEXICON_FIELD, PACK_FIELDS, RULE_FIELDS, Fault, conform


@dataclass(frozen=True, slots=True)
class Example:
    """A text that shows what a rule does. ``spans`` are the marked places in ``text`` (marks taken out)."""

    text: str
    spans: tuple[tuple[int, int], ...]
    profile: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Examples:
    flag: tuple[Example, ...] = ()
    passing: tuple[Example, ...] = ()
    known_alarm: tuple[Example, ...] = ()
    known_miss: tuple[Example, ...] = ()


@dataclass(frozen=True)
class Rule:
    """One rule. ``severity`` is 1 to 3; 0 for evidence of an element."""

    id: str
    category: str
    severity: int
    verb: str
    argument: Any
    lexicon: Lexicon = field(repr=False)
    message: str = ""
    why: str = ""
    instead: str | None = None
    insert: str | None = None
    citation: str | None = None
    source: str | None = None
    effective_from: datetime.date | None = None
    effective_until: datetime.date | None = None
    applies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    view: str = "spoken"
    report: str = "match"
    unless: tuple[str, ...] = ()
    only_if: tuple[str, ...] = ()
    sentence_has: tuple[str, ...] = ()
    sentence_lacks: tuple[str, ...] = ()
    message_has: tuple[str, ...] = ()
    message_lacks: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()
    confidence: float = 0.9
    own_severity: bool = False  # the user chose it: it holds wherever the rule applies
    verdict: bool = True
    aliases: tuple[str, ...] = ()
    examples: Examples = field(default_factory=Examples, repr=False)
    place: str = ""

    @property
    def is_element(self) -> bool:
        return self.category in ELEMENTS

    @property
    def names(self) -> tuple[str, ...]:
        """The id and the former ids."""
        return (self.id, *self.aliases)

    def is_named(self, pattern: str) -> bool:
        """Whether ``pattern``, an id or a glob (``sarcasm/*``), stands for this rule."""
        return any(fnmatch.fnmatchcase(name, pattern) for name in self.names)

    @cached_property
    def matcher(self) -> Matcher:
        return build(self.verb, self.argument, self.lexicon)

    @cached_property
    def conditions(self) -> dict[str, PhraseMatcher]:
        """Phrases that the sentence or the message must have or lack, or that a hit must not be part of."""
        named = {
            "sentence_has": self.sentence_has,
            "sentence_lacks": self.sentence_lacks,
            "message_has": self.message_has,
            "message_lacks": self.message_lacks,
            "exceptions": self.exceptions,
        }
        return {
            name: PhraseMatcher(list(phrases), self.lexicon) for name, phrases in named.items() if phrases
        }

    def applies_to(self, profile: Profile, as_of: datetime.date | None = None) -> bool:
        """Whether the rule is meant for this profile and in force. ``flags`` must all be declared, ``not_flags`` none."""
        for name, values in self.applies.items():
            if name == "flags":
                if not set(values) <= profile.flags:
                    return False
            elif name == "not_flags":
                if set(values) & profile.flags:
                    return False
            elif getattr(profile, name) not in values:
                return False
        if as_of is not None:
            if self.effective_from and as_of < self.effective_from:
                return False
            if self.effective_until and as_of > self.effective_until:
                return False
        return True


_TUPLES = (
    "unless",
    "only_if",
    "sentence_has",
    "sentence_lacks",
    "message_has",
    "message_lacks",
    "exceptions",
    "aliases",
)
_MINIMUM_EXAMPLES = 3


# --- reading -----------------------------------------------------------------------------------------------------


class _StrictLoader(yaml.CSafeLoader):
    """YAML without repeated keys, which would silently drop a rule's field, and without dates made of strings."""


def _strict_mapping(loader: _StrictLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[Any] = set()
    for key, _ in node.value:
        name = key.value
        if name in seen:
            raise yaml.constructor.ConstructorError(
                None, None, f"the key {name!r} stands twice", key.start_mark
            )
        seen.add(name)
    return {
        loader.construct_object(key, deep=True): loader.construct_object(value, deep=True)
        for key, value in node.value
    }


_StrictLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _strict_mapping)
_StrictLoader.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def load_file(path: Path, lexicon: Lexicon) -> tuple[list[Rule], Lexicon]:
    """The rules of one pack file and the lexicon with the pack's own classes added.

    Raises ``RulePackError`` with ``file:line: what is wrong; the mend``.
    """
    text, data = read_yaml(path)
    try:
        return _read_pack(data, lexicon, str(path))
    except Fault as fault:
        raise RulePackError(f"{path}:{_line_of(text, fault.path)}: {fault}") from fault


def read_yaml(path: Path) -> tuple[str, Any]:
    """The text of a file of rules or wordings, and what it says. Raises ``RulePackError`` as ``load_file`` does."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as err:
        raise RulePackError(f"{path}: cannot be read as UTF-8 text: {err}") from err
    try:
        data = yaml.load(text, _StrictLoader)
    except yaml.YAMLError as err:
        mark = getattr(err, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        problem = getattr(err, "problem", None) or getattr(err, "note", None) or str(err)
        raise RulePackError(f"{path}:{line}: not valid YAML: {problem}") from err
    except RecursionError as err:
        raise RulePackError(f"{path}:1: nested too deeply to be a rule pack") from err
    return text, data


def _line_of(text: str, path: tuple[str | int, ...]) -> int:
    """Line of the node at ``path``, or of its nearest existing ancestor."""
    node = yaml.compose(text, _StrictLoader)
    line = node.start_mark.line + 1 if node else 1
    for step in path:
        if isinstance(node, yaml.MappingNode):
            pair = next(((key, value) for key, value in node.value if key.value == step), None)
            if pair is None:
                break
            line, node = pair[0].start_mark.line + 1, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line + 1
        else:
            break
    return line


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


# --- the packs of an installation ----------------------------------------------------------------------------------


NO_RULES = ("phrasings", "rewrites")


def pack_files(folder: Path) -> Iterator[Path]:
    """All pack files under ``folder`` (or ``folder`` itself, if it is one), in a stable order, lexicons first.

    What stands in ``phrasings`` and ``rewrites`` is no rule (see ``tonecheck.rewrite``).
    """
    if folder.is_file():
        yield folder
        return
    files = sorted(
        path
        for suffix in ("*.yaml", "*.yml")
        for path in folder.rglob(suffix)
        if path.relative_to(folder).parts[0] not in NO_RULES
    )
    yield from sorted(files, key=lambda path: path.name != "lexicon.yaml")


def load(folders: Iterable[Path], *, examples: bool = False) -> list[Rule]:
    """All rules of all packs, with their ``examples`` only if asked for (they take the longest to read).

    Raises ``RulePackError`` for a fault, a double id, or when there is no rule at all.
    """
    paths: list[Path] = []
    looked_in: list[str] = []
    for folder in folders:
        looked_in.append(str(folder))
        if not folder.exists():
            raise RulePackError(
                f"{folder}:1: there is no such rule pack; give a .yaml file or a folder of them"
            )
        paths += pack_files(folder)
    contents = {str(path): _bytes_of(path) for path in paths}
    key = packcache.digest(contents)
    stored = None if examples else packcache.read(key)
    if stored is not None:
        return [_restored(row) for row in stored]
    rules = _load_all(paths)
    if not rules:
        raise RulePackError(f"no rules were found in {', '.join(looked_in)}; nothing would be checked")
    if not examples:
        packcache.write(key, rules)
    return rules


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as err:
        raise RulePackError(f"{path}:1: cannot be read: {err.strerror}") from err


def _restored(row: dict[str, Any]) -> Rule:
    for name in ("effective_from", "effective_until"):
        if row[name]:
            row[name] = datetime.date.fromisoformat(row[name])
    for name in _TUPLES:
        row[name] = tuple(row[name])
    row["applies"] = {name: tuple(values) for name, values in row["applies"].items()}
    return Rule(**row)


def _load_all(paths: Iterable[Path]) -> list[Rule]:
    rules: dict[str, Rule] = {}
    lexicon = Lexicon()
    for path in paths:
        found, lexicon_of_pack = load_file(path, lexicon)
        if path.name == "lexicon.yaml":
            lexicon = lexicon_of_pack
        for rule in found:
            if rule.id in rules:
                raise RulePackError(
                    f"{rule.place}:1: the id {rule.id} is taken by {rules[rule.id].place}; rename one of them"
                )
            rules[rule.id] = rule
    return list(rules.values())
