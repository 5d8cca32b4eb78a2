"""What can be seen without the checker: names, filters, blanks, text messages, subjects and what a template must not do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import pairwise

from jinja2 import nodes
from jinja2.filters import FILTERS
from jinja2.tests import TESTS

from tonecheck.errors import closest
from tonecheck.linter.explore import Explored
from tonecheck.linter.found import ALWAYS, Found, found
from tonecheck.linter.origin import SourceMap
from tonecheck.linter.parsing import offset_of
from tonecheck.linter.places import Place
from tonecheck.linter.sources import Source, Variables
from tonecheck.linter.tree import Leaf
from tonecheck.linter.walk import Walk
from tonecheck.linter.when import Conditions
from tonecheck.sms import sms_parts, ucs2_characters, without_accents_in_names

GLOBALS = frozenset(
    "range dict lipsum cycler joiner namespace loop self super caller varargs kwargs true false none True False None "
    "gettext ngettext pgettext npgettext _".split()
)
OUR_FILTERS = frozenset({"money", "day", "short_day"})
_FILTERS = frozenset(FILTERS) | OUR_FILTERS
_TESTS = frozenset(TESTS)
_LARGE = 100_000
_LONGEST_RANGE = 1_000
_MANY_PARTS = 3
_GROWING = frozenset(
    {
        "center",
        "indent",
        "format",
        "batch",
        "slice",
        "wordwrap",
        "truncate",
        "lipsum",
        "ljust",
        "rjust",
        "zfill",
    }
)
_INTERNAL = re.compile(
    r"^_|^(?:mro|func_globals|func_code|gi_frame|gi_code|cr_frame|f_globals|f_locals|im_self|im_func)$"
)


def _finding(
    rule: str,
    kind: str,
    severity: int,
    message: str,
    why: str,
    place: Place,
    chain: tuple[str, ...] = (),
    mend: str | None = None,
) -> Found:
    return found(rule, kind, severity, message, why, place, instead=mend, chain=chain)


# --- names ------------------------------------------------------------------------------------------------------------


def names(walk: Walk, variables: Variables) -> Iterator[Found]:
    """Variables and fields that nobody declares. Without any declaration nothing can be said of them."""
    if not variables.declared:
        return
    known = [*variables.names, *GLOBALS, *variables.globals]
    for place, use in walk.used.items():
        if use.field:
            if f"{use.name}.{use.field}" not in walk.guarded:
                yield _undefined(
                    f"`{use.name}` has no field `{use.field}`", use.field, use.fields, place, use.chain
                )
        elif use.name not in known:
            near = closest(use.name, variables.names, cutoff=0.75)
            # Who asks whether it is there knows that it may not be; a slip of the pen stays one.
            if use.name not in walk.guarded or near:
                yield _undefined(
                    f"No variable `{use.name}` is declared", use.name, list(variables.names), place, use.chain
                )


def _undefined(what: str, name: str, known: Iterable[str], place: Place, chain: tuple[str, ...]) -> Found:
    near = closest(name, known)
    hint = f"; did you mean `{near}`?" if near else "."
    return _finding(
        "template/undefined-variable",
        "undefined",
        3,
        what + hint,
        "The reader gets a blank in its place, or nothing at all.",
        place,
        chain,
        f"Write {near}." if near else "Declare it with its type and samples, or correct the name.",
    )


def filters_and_tests(
    trees: Mapping[str, nodes.Template], sources: Mapping[str, Source], variables: Variables
) -> Iterator[Found]:
    """Filters and tests that neither Jinja nor the declarations know."""
    for path, tree in trees.items():
        for node in tree.find_all((nodes.Filter, nodes.Test)):
            is_filter = isinstance(node, nodes.Filter)
            known = (_FILTERS | variables.filters) if is_filter else (_TESTS | variables.tests)
            name = node.name
            if name in known:
                continue
            kind = "filter" if is_filter else "test"
            near = closest(name, sorted(known))
            hint = (
                f"; did you mean {near!r}?"
                if near
                else f"; name it under '{kind}s' of the variables if it is yours."
            )
            source = sources[path]
            at = _named(source, node, name)
            yield _finding(
                f"template/unknown-{kind}",
                "undefined",
                3,
                f"There is no {kind} {name!r}{hint}",
                "Rendering the template fails.",
                Place(path, at, at + len(name)),
            )


def _named(source: Source, node: nodes.Node, name: str) -> int:
    """Where the name of a filter or test stands, at or after the beginning of its expression."""
    start = source.base + offset_of(node)
    match = re.compile(rf"(?:\||\bis\b(?:\s+not\b)?|\bfilter\b)\s*{re.escape(name)}\b").search(
        source.text, max(0, start - 40), start + 2000
    )
    if match is None or match.end() < start:
        match = re.compile(rf"\b{re.escape(name)}\b").search(source.text, start)
    return match.end() - len(name) if match else start


# --- what a template must not do --------------------------------------------------------------------------------------


def unsafe(
    trees: Mapping[str, nodes.Template], sources: Mapping[str, Source], format: str
) -> Iterator[Found]:
    """Ways out of the sandbox, values written unescaped into a page, and texts without end."""
    for path, tree in trees.items():
        source = sources[path]

        def place(node: nodes.Node, source: Source = source, path: str = path) -> Place:
            first = (
                node.node
                if isinstance(node, nodes.Call)
                else node.left
                if isinstance(node, nodes.BinExpr)
                else node
            )
            at = source.base + offset_of(first)
            return Place(path, at, at + 1)

        for node in tree.find_all(nodes.Node):
            name = _internal(node)
            if name is not None:
                yield _unsafe(
                    "template/unsafe-access",
                    3,
                    f"This reaches for {name!r}, which is no business of a template's.",
                    place(node),
                )
            elif isinstance(node, nodes.BinExpr) and _grows(node):
                yield _unsafe(
                    "template/unsafe-size", 3, "This makes a text or a number of enormous size.", place(node)
                )
            elif isinstance(node, nodes.Filter | nodes.Call) and _grows_by_call(node):
                yield _unsafe("template/unsafe-size", 3, "This makes a text of enormous size.", place(node))
            elif (
                format == "html"
                and isinstance(node, nodes.Filter)
                and node.name == "safe"
                and _is_value(node.node)
            ):
                yield _unsafe(
                    "template/unsafe-html",
                    2,
                    "This value goes into the page as it is: whoever sets it can write HTML.",
                    place(node),
                )
            elif (
                format == "html"
                and isinstance(node, nodes.ScopedEvalContextModifier)
                and _turns_off_escaping(node)
            ):
                yield _unsafe(
                    "template/unsafe-html", 2, "Values in this part go into the page unescaped.", place(node)
                )
        yield from _ranges(tree, place)


def _unsafe(rule: str, severity: int, message: str, place: Place) -> Found:
    return _finding(
        rule,
        "unsafe",
        severity,
        message,
        "A template only has to place values in a text.",
        place,
        mend="Take it out.",
    )


def _internal(node: nodes.Node) -> str | None:
    name: object = None
    if isinstance(node, nodes.Getattr):
        name = node.attr
    elif isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
        name = node.arg.value
    elif isinstance(node, nodes.Filter) and node.name in (
        "attr",
        "map",
        "selectattr",
        "rejectattr",
        "groupby",
        "sort",
    ):
        constants = [part.value for part in node.args if isinstance(part, nodes.Const)]
        constants += [pair.value.value for pair in node.kwargs if isinstance(pair.value, nodes.Const)]
        name = next((part for part in constants if isinstance(part, str) and "__" in part), None)
    elif isinstance(node, nodes.Name) and node.name.startswith("__"):
        name = node.name
    if isinstance(name, str) and _INTERNAL.search(name):
        return name
    return None


def _number(node: nodes.Node | None) -> float | None:
    """The size of a constant number, also where it is worked out from constants."""
    match node:
        case nodes.Const(value=value) if isinstance(value, int | float) and not isinstance(value, bool):
            return (
                float(min(abs(value), 1e300))
                if not isinstance(value, int) or value.bit_length() < 900
                else 1e300
            )
        case nodes.Pow(left=left, right=right):
            one, other = _number(left), _number(right)
            if one is None or other is None:
                return None
            return 1e300 if one > 1 and other > 300 else one**other if one < 1e6 and other < 40 else 1e300
        case nodes.Mul(left=left, right=right):
            one, other = _number(left), _number(right)
            return None if one is None or other is None else min(one * other, 1e300)
        case nodes.Neg(node=inner):
            return _number(inner)
    return None


def _grows(node: nodes.BinExpr) -> bool:
    if isinstance(node, nodes.Pow):
        power = _number(node.right)
        return (power is not None and power > 64) or (_number(node) or 0) > 1e15
    if isinstance(node, nodes.Mul):
        sizes = [_number(part) for part in (node.left, node.right)]
        return any(size is not None and size > _LARGE for size in sizes) and any(
            size is None for size in sizes
        )
    return (
        isinstance(node, nodes.Mod)
        and isinstance(node.left, nodes.Const)
        and bool(re.search(r"%[^a-zA-Z]*\d{5,}", str(node.left.value)))
    )


def _grows_by_call(node: nodes.Filter | nodes.Call) -> bool:
    if isinstance(node, nodes.Call):
        callee = node.node
        name = (
            callee.name
            if isinstance(callee, nodes.Name)
            else callee.attr
            if isinstance(callee, nodes.Getattr)
            else ""
        )
    else:
        name = node.name
        if (
            name == "format"
            and isinstance(node.node, nodes.Const)
            and re.search(r"\d{5,}", str(node.node.value))
        ):
            return True
    least = 100 if name == "lipsum" else _LARGE
    return name in _GROWING and any(
        (_number(part) or 0) >= least for part in [*node.args, *(pair.value for pair in node.kwargs)]
    )


def _is_value(node: nodes.Node | None) -> bool:
    return (
        node is not None
        and not isinstance(node, nodes.Const | nodes.TemplateData)
        and any(True for _ in [node, *node.find_all(nodes.Name)])
    )


def _turns_off_escaping(node: nodes.ScopedEvalContextModifier) -> bool:
    return any(
        option.key == "autoescape" and isinstance(option.value, nodes.Const) and not option.value.value
        for option in node.options
    )


def _ranges(tree: nodes.Node, place: Callable[[nodes.Node], Place]) -> Iterator[Found]:
    """Ranges that no message needs, by themselves or as loops in loops."""
    open_nodes: list[tuple[nodes.Node, float]] = [(tree, 1)]
    while open_nodes:
        node, outer = open_nodes.pop()
        size = _range_size(node)
        if size > _LONGEST_RANGE:
            grave = 3 if size > 10 * _LONGEST_RANGE else 2
            yield _unsafe(
                "template/unsafe-range",
                grave,
                f"This counts to {_written(size)}, which is no message.",
                place(node),
            )
        turns = _range_size(node.iter) if isinstance(node, nodes.For) else 1.0
        if turns <= _LONGEST_RANGE and turns > 1 and turns * outer > _LARGE:
            total = _written(turns * outer)
            yield _unsafe("template/unsafe-range", 3, f"These loops together run {total} times.", place(node))
            turns, outer = 1.0, 1.0
        inner = min(outer * max(turns, 1.0), 1e300)
        open_nodes += [(child, inner) for child in node.iter_child_nodes()]


def _range_size(node: nodes.Node) -> float:
    """How far a constant range counts; 1 for anything else."""
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name == "range":
        return max((_number(part) or 1.0 for part in node.args[:2]), default=1.0)
    return 1.0


def _written(size: float) -> str:
    return f"{size:,.0f}" if size < 1e15 else "more than can be written"


# --- what the reader gets ---------------------------------------------------------------------------------------------

_TAG = re.compile(r"<[^<>]{0,500}>|&nbsp;")
_GREETING = re.compile(
    r"\b(?:dear|hello|hi|hey|good (?:morning|afternoon|evening)|attention|attn)\W{0,3}$", re.I
)
_LEADS = re.compile(
    r"(?:[$£€#]|\b(?:of|by|at|on|to|is|was|are|for|from|call|ring|until|before|due|the|your|with|in|and|visit|contact|than|about|since"
    r"|no\.?|number|reference|ref\.?|account|amount|balance|total|name|date|owe|pay)\b)\s*[:(\"']?\s*$",
    re.I,
)
_ENDS = re.compile(r"^\s*(?:[.,;:!?)\"']|$)")


def blanks(explored: Explored, conditions: Conditions, with_block: Mapping[int, int]) -> Iterator[Found]:
    """Places where a sample leaves a gap that a reader sees: "Dear ,", "a balance of ."."""
    done: set[tuple[str, int]] = set()
    for number, block in enumerate(explored.blocks):
        texts = with_block.get(number, 0)
        if not texts or not any(piece.blank for piece in block.pieces):
            continue
        text = (texts & -texts).bit_length() - 1
        origin = SourceMap(explored, text)
        whole = explored.texts[text]
        for index, piece in enumerate(origin.pieces):
            key = (piece.place.path, piece.place.start)
            if not piece.blank or origin.owners[index] != number or key in done:
                continue
            before = _TAG.sub("", whole[max(0, origin.starts[index] - 300) : origin.starts[index]])
            after = _TAG.sub("", whole[origin.starts[index + 1] : origin.starts[index + 1] + 300])
            shown = _gap(before.rpartition("\n")[2], after.partition("\n")[0], piece.blank)
            if shown is None:
                continue
            done.add(key)
            name = piece.expr.partition(" | ")[0]
            condition = f"`{name}` is {'none' if piece.blank == 'none' else 'empty'}"
            about = conditions.shown(
                _finding(
                    "template/blank",
                    "blank",
                    2,
                    f"Where `{name}` is {'none' if piece.blank == 'none' else 'empty'}, the reader gets “{shown}”.",
                    "A gap tells the reader that nobody looked, and hides what the sentence was to say.",
                    piece.place,
                    piece.chain,
                    "Ask for it first ({% if … %}) or give a default ({{ … | default('…', true) }}).",
                ),
                texts,
            )
            always = about.when == ALWAYS
            yield replace(about, when=condition if always else f"{about.when} and {condition}")


# A gap between two pieces of text where a branch says nothing.
_BEFORE = re.compile(
    r"(?:^|[^\w])(?:dear|of|by|at|on|to|is|was|are|for|from|until|before|the|your|with|than|about|owe|pay|[$£€#]) $"
    r"|[$£€]$|\bdear$",
    re.I,
)
_AFTER = re.compile(r"[,;:!?]|\.(?!\w)")
_LAST_WORD = re.compile(r"\S+\s*$")
_MOST_GAPS = 20


def gaps(explored: Explored, conditions: Conditions) -> Iterator[Found]:
    """The same where no value is blank but a branch leaves its text out: "Dear {% if name %}{{ name }}{% endif %},"."""
    junctions: dict[tuple[int, int], str | None] = {}
    seen: dict[tuple[str, int], tuple[Found, int]] = {}
    for number, way in enumerate(explored.ways):
        for pair in pairwise(way):
            if pair not in junctions:
                junctions[pair] = _junction(*(explored.blocks[block].text for block in pair))
            shown = junctions[pair]
            if shown is None:
                continue
            piece = explored.blocks[pair[0]].pieces[-1]
            about = _finding(
                "template/blank",
                "blank",
                2,
                f"Here the reader gets “{shown}”.",
                "A gap tells the reader that nobody looked, and hides what the sentence was to say.",
                _last_word(piece),
                piece.chain,
                "Write what stands there otherwise ({% else %}), or leave out the words around it as well.",
            )
            assert about.place is not None
            key = (about.place.path, about.place.start)
            first, texts = seen.get(key, (about, 0))
            seen[key] = (first, texts | 1 << number)
    for about, texts in list(seen.values())[:_MOST_GAPS]:
        yield conditions.shown(about, texts)


def _last_word(piece: Leaf) -> Place:
    if not piece.verbatim:
        return piece.place
    word = _LAST_WORD.search(piece.text)
    path, start, _ = piece.place
    return Place(path, start + (word.start() if word else 0), start + len(piece.text.rstrip() or piece.text))


def _junction(before: str, after: str) -> str | None:
    """The words around a gap between two texts, or ``None`` where there is none."""
    line = _TAG.sub("", before[-300:]).rpartition("\n")[2]
    rest = _TAG.sub("", after[:300])
    if not _BEFORE.search(line) or not (
        _AFTER.match(rest) or (line[-1] in "$£€" and rest[:1] in (" ", "\n"))
    ):
        return None
    lead = " ".join(line.split()[-3:])
    is_apart = line.endswith(" ") or rest[:1].isspace()
    return f"{lead}{' ' if is_apart else ''}{' '.join(rest.split()[:1])}"


def _gap(before: str, after: str, blank: str) -> str | None:
    """The words around a gap, or ``None`` where nobody sees it: on a line of its own, or at the end of a name."""
    lead, tail = before.split()[-3:], after.split()[:2]
    if not lead and not tail:
        return None
    filling = "None" if blank == "none" else ""
    words = f"{' '.join(lead)}{' ' if before.endswith(' ') else ''}{filling}{after[:1] if not after[:1].isspace() else ''}".strip()
    if blank == "none":
        return words or "None"
    if _GREETING.search(before):
        return words
    if _LEADS.search(before) and (_ENDS.search(after) or before.endswith((" ", "$", "£", "€", "#"))):
        return words
    if before.endswith(" ") and _ENDS.search(after) and after.strip():
        return words
    return None


def sms(explored: Explored, conditions: Conditions, place: Place) -> Iterator[Found]:
    """The parts that a text message takes with its widest samples, and the characters that make them shorter."""
    long = {True: 0, False: 0}  # the texts of many parts, and those of some
    parts_of: dict[int, int] = {}
    signs: dict[str, int] = {}
    widest = [
        "".join((piece.widest or "x" * 10) if piece.expr else piece.text for piece in block.pieces)
        for block in explored.blocks
    ]
    for number, way in enumerate(explored.ways):
        text = "".join(widest[block] for block in way).strip()
        plain = without_accents_in_names(text)
        parts = sms_parts(plain)
        parts_of[number] = max(parts, sms_parts(text))
        if parts > 1:
            long[parts > _MANY_PARTS] |= 1 << number
        for sign in ucs2_characters(plain):
            signs[sign] = signs.get(sign, 0) | 1 << number
    for many, texts in long.items():
        if texts:
            most = max(parts_of[number] for number in parts_of if texts >> number & 1)
            yield conditions.shown(
                found(
                    "clarity/sms-many-parts" if many else "clarity/sms-parts",
                    "sms",
                    2 if many else 1,
                    f"With the widest values the text takes up to {most} parts; each is paid for, and may arrive late or out of order.",
                    "One part holds 160 characters of the GSM alphabet, or 70 where a single character is outside it.",
                    None,
                    instead="Say the one thing the reader has to do, and link to the rest.",
                    counts=many,
                ),
                texts,
            )
    for sign, texts in list(signs.items())[:8]:
        where, chain = _of_sign(explored, sign, place)
        yield conditions.shown(
            found(
                "clarity/sms-characters",
                "sms",
                1,
                f"This character makes each part shorter, 70 instead of 160: {sign} (U+{ord(sign):04X}).",
                "One character outside the GSM alphabet sends the whole message as UCS-2.",
                where,
                instead="Use straight quotation marks, a hyphen and three dots.",
                chain=chain,
                counts=False,
            ),
            texts,
        )


def _of_sign(explored: Explored, sign: str, otherwise: Place) -> tuple[Place, tuple[str, ...]]:
    for block in explored.blocks:
        for piece in block.pieces:
            if piece.verbatim and (at := piece.text.find(sign)) >= 0:
                start = piece.place.start + at
                return Place(piece.place.path, start, start + 1), piece.chain
            if sign in piece.text or sign in piece.widest:
                return piece.place, piece.chain
    return otherwise, ()


_DISCLOSES = re.compile(
    r"\b(?:debts?|debtor|overdue|past[ -]?due|collections?|collector|arrears|ow(?:e[sd]?|ing)|unpaid|delinquen\w+|in default|default notice"
    r"|final (?:notice|demand|warning)|charged?[ -]off|outstanding (?:balance|amount|payment|invoice)|missed payment|balance due"
    r"|amount due|late payment|legal action|court|bailiff\w*|repossess\w+)\b",
    re.I,
)


def subjects(
    explored: Explored, spans: Iterable[tuple[int, int, int]], conditions: Conditions
) -> Iterator[Found]:
    """Subject lines, given as ``(text, start, end)``, that tell of a debt whoever sees the screen."""
    seen: dict[tuple[str, int], tuple[Found, int]] = {}
    for number, start, end in spans:
        match = _DISCLOSES.search(explored.texts[number], start, end)
        if match is None:
            continue
        place, chain, _ = SourceMap(explored, number).place(*match.span())
        about = _finding(
            "template/subject-discloses",
            "subject",
            2,
            f"The subject line tells of a debt: “{match[0]}”.",
            "A subject shows on locked screens and to whoever looks over a shoulder.",
            place,
            chain,
            "Name the sender and the account, and keep the rest for the message.",
        )
        key = (place.path, place.start)
        first, texts = seen.get(key, (about, 0))
        seen[key] = (first, texts | 1 << number)
    for about, texts in seen.values():
        yield conditions.shown(about, texts)
