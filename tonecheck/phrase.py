"""The phrase language: what a rule author writes, and the linear-time pattern it becomes.

    you (have|had)? failed to          words, alternatives, an optional part
    {reader} ... <ignore> ...3 {ours}  named classes, gaps (0-5 words, or up to N), inflected verbs
    garnish*  fees?                    any ending; with or without the last letter
    ^ pay {AMOUNT} (now|today) $       start and end of a sentence; {CAPITALS} are recognised facts
    how many times \\?                  a literal sign

Matching ignores case, takes any single white space, comma or dash between words, treats apostrophes as optional
and never crosses the end of a sentence. Patterns are run by RE2, whose time is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from tonecheck.anchors import NOTHING, SHORTHAND, Anchors, Needs, all_of, any_of, of_word
from tonecheck.entities import KINDS, MASKS

DEFAULT_GAP = 5
_SEPARATOR = r"(?:[,:]?[ \n] ?| ?- ?|\.\.\.? ?|, ?)"
_GAP_WORD = r"[^\s.!?;()]+"
_SENTENCE_START = r"(?:^|[.!?:;\n)\]][\"')*]*)[ \n\"'(*-]*"
_SENTENCE_END = r"[\"')]?(?:[ ]?[.!?]|$)"

# Recognised facts as phrases name them: {AMOUNT}, {DATE}, ...
FACTS: dict[str, str] = {kind.upper(): MASKS[kind] for kind in KINDS}

_TOKEN = re.compile(
    r"""(?P<space>\s+)
      | (?P<gap>\.\.\.(?P<most>\d*))
      | (?P<open>\() | (?P<close>\)(?P<maybe>\?)?) | (?P<bar>\|)
      | \{(?P<name>[A-Za-z_]+)\}(?P<name_maybe>\?)?
      | <(?P<lemma>[a-z]+)>(?P<lemma_maybe>\?)?
      | (?P<anchor>[\^$])
      | (?P<any>_)(?P<any_maybe>\?)?(?=[\s)|]|$)
      | (?P<word>(?:\\.|[^\s(){}<>|?^$\\])+)(?P<word_maybe>\?)?
    """,
    re.VERBOSE,
)


class PhraseError(ValueError):
    """A phrase that cannot be read; the message says what to write instead."""


class Item(NamedTuple):
    """One part of a phrase. ``anchors``: see ``tonecheck.anchors``."""

    kind: str  # word | gap | group | anchor
    regex: str
    optional: bool = False
    anchors: Anchors = NOTHING


@dataclass(frozen=True)
class Lexicon:
    """Named classes of phrases, and verbs with irregular forms."""

    classes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    verbs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # What was compiled with these classes already: the same phrase or class is never read twice.
    phrases: dict[str, Phrase] = field(default_factory=dict, compare=False, repr=False)
    items: dict[str, Item] = field(default_factory=dict, compare=False, repr=False)

    def merged(self, other: Lexicon) -> Lexicon:
        """This lexicon with the classes and verbs of ``other`` added, or itself when there are none."""
        if not other.classes and not other.verbs:
            return self
        return Lexicon({**self.classes, **other.classes}, {**self.verbs, **other.verbs})

    def inflections(self, verb: str) -> tuple[str, ...]:
        """All forms of an English verb: those listed, else the regular ones."""
        return self.verbs.get(verb) or regular_forms(verb)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A compiled phrase. ``regex`` has no capturing group; ``before`` and ``after`` surround the part that counts.
    ``needs``: the words without which it cannot match, see ``tonecheck.anchors``.
    ``marked`` is ``regex`` with its alternatives still marked, and ``labels`` says what they are, for coverage."""

    source: str
    before: str
    regex: str
    after: str
    needs: Needs
    marked: str = ""
    labels: tuple[str, ...] = ()

    @property
    def pattern(self) -> str:
        """The whole as RE2 and ``re`` take it; group 1 is the part that counts."""
        return f"(?im){self.before}({self.regex}){self.after}"

    def branches(self) -> Iterator[tuple[str, str]]:
        """Each alternative as its label and a pattern that captures it."""
        for number, label in enumerate(self.labels):
            yield label, f"(?im){self.before}{_mark(self.marked, number)}{self.after}"


def regular_forms(verb: str) -> tuple[str, ...]:
    """Base, -s, -ed and -ing of a regular verb, final consonant not doubled unless it is short (CVC)."""
    vowels = "aeiou"
    if verb.endswith("e"):
        return verb, verb + "s", verb + "d", verb[:-1] + "ing"
    if verb.endswith("y") and verb[-2] not in vowels:
        return verb, verb[:-1] + "ies", verb[:-1] + "ied", verb + "ing"
    third = verb + ("es" if verb.endswith(("s", "x", "z", "ch", "sh", "o")) else "s")
    short = (
        len(verb) >= 3 and verb[-1] not in vowels + "wxy" and verb[-2] in vowels and verb[-3] not in vowels
    )
    stem = verb + verb[-1] if short and len(verb) <= 4 else verb
    return verb, third, stem + "ed", stem + "ing"


def compile_phrase(source: str, lexicon: Lexicon) -> Phrase:
    """Read one phrase. Raises ``PhraseError`` with the mend."""
    phrase = lexicon.phrases.get(source)
    if phrase is None:
        phrase = lexicon.phrases[source] = _Reader(source, lexicon).phrase()
    return phrase


def capturing(source: str, lexicon: Lexicon) -> tuple[Phrase, str]:
    """The phrase, and its pattern with a named group for each part that a rewriting may refer to: ``g1``, ``g2`` … for
    groups in parentheses, the lower-case name for a fact (its first, where it stands twice)."""
    reader = _Reader(source, lexicon)
    reader.captured = set()
    return compile_phrase(source, lexicon), reader.phrase().pattern


class _Reader:
    # The names of the groups that capture; none captures if ``None``.
    captured: set[str] | None = None

    def __init__(self, source: str, lexicon: Lexicon, within: tuple[str, ...] = ()) -> None:
        self.source = source
        self.lexicon = lexicon
        self.within = within  # classes being expanded, to refuse cycles
        self.branches: list[str] = []
        self.tokens = list(self._tokenize())
        self.at = 0

    def _tokenize(self) -> Iterator[re.Match[str]]:
        at = 0
        while at < len(self.source):
            match = _TOKEN.match(self.source, at)
            if match is None or match.end() == at:
                raise PhraseError(
                    f"cannot read {self.source[at:]!r}: write a literal sign as \\{self.source[at]}"
                )
            at = match.end()
            if match["space"] is None:
                yield match

    def phrase(self) -> Phrase:
        items = self._sequence(top=True)
        if self.at < len(self.tokens):
            raise PhraseError(f"there is a ')' too many in {self.source!r}")
        before = _SENTENCE_START if items and items[0] == Item("anchor", "^") else ""
        after = _SENTENCE_END if items and items[-1] == Item("anchor", "$") else ""
        items = [item for item in items if item.kind != "anchor"]
        regex = _join(items, self.source)
        return Phrase(
            self.source, before, _unmark(regex), after, _anchors(items).needs, regex, tuple(self.branches)
        )

    def _sequence(self, *, top: bool = False) -> list[Item]:
        items: list[Item] = []
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            if token["bar"] or token["close"]:
                if top and token["bar"]:
                    raise PhraseError(f"put alternatives in parentheses: ({self.source})")
                break
            self.at += 1
            item = self._item(token)
            items.append(self._capturing(token, item) if top and self.captured is not None else item)
        if not items:
            raise PhraseError(
                f"there is an empty alternative in {self.source!r}; write (a|b)? for an optional part"
            )
        return items

    def _item(self, token: re.Match[str]) -> Item:
        if token["gap"]:
            most = int(token["most"] or DEFAULT_GAP)
            if not 0 < most <= 12:
                raise PhraseError(f"a gap may span 1 to 12 words, not {most}")
            return Item("gap", str(most), True)
        if token["open"]:
            return self._group()
        if token["name"]:
            return self._class(token["name"], bool(token["name_maybe"]))
        if token["lemma"]:
            forms = self.lexicon.inflections(token["lemma"])
            return Item(
                "group",
                _any(_word(form) for form in forms),
                bool(token["lemma_maybe"]),
                any_of(map(of_word, forms)),
            )
        if token["anchor"]:
            first, last = token["anchor"] == "^", self.at == len(self.tokens)
            if (first and self.at != 1) or (not first and not last):
                raise PhraseError("^ goes first in a phrase and $ last")
            return Item("anchor", token["anchor"])
        if token["any"]:
            return Item("word", _GAP_WORD, bool(token["any_maybe"]))
        word = re.sub(r"\\(.)", r"\1", token["word"])
        if token["word_maybe"]:  # "fees?" as in regular expressions: the last letter is optional
            forms = (word, word[:-1])
            return Item("group", _any(_word(form) for form in forms), False, any_of(map(of_word, forms)))
        return Item("word", _word(word), False, of_word(word))

    def _capturing(self, token: re.Match[str], item: Item) -> Item:
        assert self.captured is not None
        name = ""
        if token["open"]:
            name = f"g{sum(known.startswith('g') and known[1:].isdigit() for known in self.captured) + 1}"
        elif token["name"] in FACTS:
            name = token["name"].lower()
        if not name or name in self.captured:
            return item
        self.captured.add(name)
        return item._replace(regex=f"(?P<{name}>{item.regex})")

    def _group(self) -> Item:
        alternatives: list[str] = []
        anchors: list[Anchors] = []
        while True:
            start = self.tokens[self.at].start() if self.at < len(self.tokens) else len(self.source)
            items = self._sequence()
            if self.at >= len(self.tokens):
                raise PhraseError(f"a '(' is not closed in {self.source!r}")
            token = self.tokens[self.at]
            self.at += 1
            label = self.source[start : token.start()].strip()
            alternatives.append(_branch(len(self.branches), _join(items, self.source)))
            self.branches.append(label)
            anchors.append(_anchors(items))
            if token["close"]:
                return Item("group", _any(alternatives), bool(token["maybe"]), any_of(anchors))

    def _class(self, name: str, optional: bool) -> Item:
        if name in FACTS:
            return Item(
                "group",
                FACTS[name] + "+",
                optional,
                Anchors((((sign := frozenset({FACTS[name]})),),), sign, sign),
            )
        if name not in self.lexicon.classes:
            known = sorted({*self.lexicon.classes, *FACTS})
            raise PhraseError(
                f"there is no class {{{name}}}; add it to a lexicon, or use one of {', '.join(known)}"
            )
        if name in self.within:
            raise PhraseError(f"class {{{name}}} contains itself")
        if name not in self.lexicon.items:
            self.lexicon.items[name] = self._expanded(name)
        return self.lexicon.items[name]._replace(optional=optional)

    def _expanded(self, name: str) -> Item:
        regexes: list[str] = []
        anchors: list[Anchors] = []
        for phrase in self.lexicon.classes[name]:
            reader = _Reader(phrase, self.lexicon, (*self.within, name))
            items = reader._sequence(top=True)
            regexes.append(_unmark(_join(items, phrase)))
            anchors.append(_anchors(items))
        return Item("group", _any(regexes), False, any_of(anchors))


# Without their apostrophe these are other words.
_OTHER_WORDS = frozenset("we're we'll we'd i'll i'd he'll he'd she'll she'd it'll".split())


@lru_cache(maxsize=8192)
def _word(word: str) -> str:
    spellings = SHORTHAND.get(word.lower())
    return _any([_spelling(spelling) for spelling in spellings]) if spellings else _spelling(word)


def _spelling(word: str) -> str:
    stem, ending = (word[:-1], r"\w*") if word.endswith("*") and len(word) > 1 else (word, "")
    apostrophe = "'" if stem.lower().replace("’", "'") in _OTHER_WORDS else "'?"
    inner = range(1, len(stem) - 1)
    pieces = [
        "[- ]" if sign == "-" else apostrophe if sign in "'’" and at in inner else re.escape(sign)
        for at, sign in enumerate(stem)
    ]
    first = r"\b" if re.match(r"[A-Za-z0-9_]", stem) else ""
    last = r"\b" if ending or re.search(r"[A-Za-z0-9_]$", stem) else ""
    return first + "".join(pieces) + ending + last


def _any(regexes: Iterator[str] | list[str]) -> str:
    return "(?:" + "|".join(regexes) + ")"


def _join(items: list[Item], source: str) -> str:
    mandatory = [number for number, item in enumerate(items) if not item.optional]
    if not mandatory:
        raise PhraseError(f"every part of {source!r} is optional, so it would match anything")
    last = mandatory[-1]
    pieces: list[str] = []
    for number, item in enumerate(items):
        if item.kind == "gap":
            unit = _GAP_WORD + _SEPARATOR if number < last else _SEPARATOR + _GAP_WORD
            pieces.append(f"(?:{unit}){{0,{item.regex}}}")
        elif item.optional:
            unit = item.regex + _SEPARATOR if number < last else _SEPARATOR + item.regex
            pieces.append(f"(?:{unit})?")
        else:
            pieces.append(item.regex + (_SEPARATOR if number < last else ""))
    return "".join(pieces)


def _anchors(items: list[Item]) -> Anchors:
    return all_of([None if item.optional else item.anchors for item in items if item.kind != "anchor"])


# Alternatives are marked in the pattern while it is built and resolved into plain or capturing groups at the end.
_MARK = "\ufdd0"


def _branch(number: int, regex: str) -> str:
    return f"{_MARK}{number}{_MARK}{regex}{_MARK}"


def _unmark(regex: str) -> str:
    plain = re.sub(rf"{_MARK}\d+{_MARK}", "(?:", regex).replace(_MARK, ")")
    return _WORD_RUN.sub(_one_word, plain)


# Alternatives that are words, one after the other: RE2 compiles them much faster with one boundary around them all.
_WORD_RUN = re.compile(
    r"(?<=[|:])(?:(?:\(\?:\\b[a-z]+\\b\)|\\b[a-z]+\\b)\|)+(?:\(\?:\\b[a-z]+\\b\)|\\b[a-z]+\\b)(?=[|)])"
)


def _one_word(run: re.Match[str]) -> str:
    return rf"\b(?:{'|'.join(re.findall(r'b([a-z]+).b', run[0]))})\b"


def _mark(regex: str, wanted: int) -> str:
    opened = re.sub(rf"{_MARK}(\d+){_MARK}", lambda m: "(" if int(m[1]) == wanted else "(?:", regex)
    return opened.replace(_MARK, ")")
