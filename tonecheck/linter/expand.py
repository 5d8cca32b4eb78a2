"""A template → one tree of text, choices and loops, with includes, inheritance, imports and macros followed.

Everything is bounded: pieces, characters, depth and time. What a template asks for beyond that ends in ``TooMuch``.
"""

from __future__ import annotations

import difflib
import re
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jinja2 import nodes

from tonecheck.linter.domains import Domains
from tonecheck.linter.expressions import (
    BRITISH,
    SAME,
    SOMETHING,
    UNDEFINED,
    Const,
    Expr,
    Op,
    Rendered,
    Unknown,
    Var,
    case_of,
    evaluate,
    follow,
    shown,
    text_of,
    variables,
)
from tonecheck.linter.found import Found
from tonecheck.linter.parsing import Mistake, Style, offset_of, parse
from tonecheck.linter.places import Place
from tonecheck.linter.sources import Source, Unreadable, read, resolve
from tonecheck.linter.tree import Choice, Item, Leaf, Loop, leaves, mapped

MOST_PIECES = 20_000
MOST_CHARACTERS = 100_000
DEEPEST = 30
SECONDS = 1.2
MOST_ENTRIES = 50
_MOST_PARTS = 2_000
_ESCAPED = re.compile(r"%\((\w+)\)s")


class TooMuch(Exception):
    """The template grows beyond every message. ``place``: where it was given up."""

    def __init__(self, message: str, place: Place) -> None:
        super().__init__(message)
        self.place = place


@dataclass(frozen=True)
class Macro:
    """A macro, or the body of a ``call`` block, with where it was defined."""

    node: nodes.Macro | nodes.CallBlock
    source: Source
    env: Env


@dataclass(frozen=True)
class Module:
    """An imported template: its macros and variables."""

    names: Env


@dataclass(frozen=True)
class LoopInfo:
    """What ``loop`` says of an entry."""

    number: int
    count: int


@dataclass(frozen=True)
class Blocks:
    """``self``, or ``super`` in a block."""

    name: str | None = None
    level: int = 0


Env = dict[str, Any]


@dataclass(frozen=True)
class Use:
    """A variable that the template asks for: its name, and below a variable with samples the fields on the way that no sample has."""

    name: str
    field: str
    fields: tuple[str, ...]
    chain: tuple[str, ...]
    called: bool = False


@dataclass
class Expander:
    """Follows one template. ``notes``: what was found on the way; ``read``: every file that had a part in it, by its shown path."""

    root: Path
    style: Style
    domains: Domains
    british: bool = False
    notes: list[Found] = field(default_factory=list)
    read: dict[str, Source] = field(default_factory=dict)
    trees: dict[str, nodes.Template] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    used: dict[Place, Use] = field(default_factory=dict)
    guarded: set[str] = field(default_factory=set)
    pieces: int = 0
    characters: int = 0
    deadline: float = 0.0

    def __post_init__(self) -> None:
        self.source: Source = None  # type: ignore[assignment]
        self.chain: tuple[str, ...] = ()
        self.depth = 0
        self.files: tuple[Path, ...] = ()
        self.assumed: list[tuple[Expr, bool]] = []
        self.blocks: dict[str, list[tuple[nodes.Block, Source, tuple[str, ...]]]] = {}
        self.deadline = time.monotonic() + SECONDS

    # --- files

    def expand(self, source: Source, tree: nodes.Template) -> tuple[Item, ...]:
        """The template's own text and what it pulls in. Raises ``TooMuch``."""
        self.read[source.path] = source
        self.trees[source.path] = tree
        self.source, self.files = source, (source.file.resolve(),)
        return tuple(self._template(tree, {}))

    def expression(self, source: Source, text: str, offset: int) -> tuple[Item, ...]:
        """A one-line template that stands in the front matter of ``source`` from ``offset`` on. Raises ``Mistake``."""
        tree = parse(text, self.style)
        inner = Source(source.path, source.file, source.text, offset, {}, {}, source.lines)
        before = self.source
        self.source = inner
        try:
            return tuple(self._body(tree.body, {}))
        finally:
            self.source = before

    def _template(self, tree: nodes.Template, env: Env) -> list[Item]:
        extends = next((node for node in tree.body if isinstance(node, nodes.Extends)), None)
        for block in tree.find_all(nodes.Block):
            self.blocks.setdefault(block.name, []).append((block, self.source, self.chain))
        env["self"] = Blocks()
        items = self._body(tree.body, env)
        if extends is None:
            return items
        # What a child says outside its blocks is not shown, but its variables and macros are there.
        result: list[Item] = []
        for test, name in self._names(self._expr(extends.template, env)):
            found = self._open(name, extends, "extends")
            inner = self._inside(found, extends, env, keep=True) if found else []
            result = (
                result or inner if test is None else [Choice(((test, tuple(inner)), (None, tuple(result))))]
            )
        return result

    def _names(self, expr: Expr) -> list[tuple[Expr | None, str]]:
        """The names of templates that an expression can be, each with its condition."""
        if isinstance(expr, Op) and expr.kind == "cond":
            first = [name for _, name in self._names(expr.parts[1])]
            last = [name for _, name in self._names(expr.parts[2])]
            return [*((None, name) for name in last[:1]), *((expr.parts[0], name) for name in first[:1])]
        try:
            value = evaluate(expr, self._first)
        except (Unknown, ArithmeticError, TypeError, ValueError, LookupError):
            return []
        return [(None, value)] if isinstance(value, str) else []

    def _first(self, var: Var) -> Any:
        key, path = self.domains.key(var)
        samples = self.domains.samples(key)
        if not samples:
            raise Unknown
        return follow(samples[0], path)

    def _open(self, name: str, node: nodes.Node, how: str, quiet: bool = False) -> Source | None:
        """The template ``name``; a note where it cannot be followed."""
        file = resolve(self.root, name)
        if (
            file is None
            and (self.source.file.parent / name).is_file()
            and ".." not in name
            and not name.startswith("/")
        ):
            # Some teams name a neighbour as it is seen from the file.
            near = (self.source.file.parent / name).resolve()
            file = near if near.is_relative_to(self.root.resolve()) else None
        if file is None:
            self.missing.append(name)
            if not quiet:
                known = [
                    str(path.relative_to(self.root))
                    for path in sorted(self.root.glob("**/*"))[:2000]
                    if path.is_file()
                ]
                near_names = difflib.get_close_matches(name, known, n=1)
                hint = f"; did you mean {near_names[0]!r}?" if near_names else "; name it as --root has it"
                self._note(
                    "template/missing-file",
                    "syntax",
                    3,
                    f"The template {name!r} of {how} is not below the root{hint}.",
                    node,
                )
            return None
        if file in self.files:
            self._note(
                "template/recursion",
                "unsafe",
                3,
                f"The template {name!r} pulls itself in and would never end.",
                node,
            )
            return None
        try:
            for known_source in self.read.values():
                if known_source.file.resolve() == file:
                    source = known_source
                    break
            else:
                source = read(file, self._shown(file))
            if source.path not in self.trees:
                self.trees[source.path] = parse(source.body, self.style)
            self.read[source.path] = source
        except Unreadable as err:
            self._note(
                "template/missing-file",
                "syntax",
                3,
                f"The template {name!r} cannot be followed: {err}.",
                node,
            )
            return None
        except Mistake as err:
            self.read[source.path] = source
            place = Place(source.path, source.base + err.offset, source.base + err.offset + 1)
            self.notes.append(syntax_error(str(err), place, (*self.chain, self._here(node))))
            return None
        return source

    def _shown(self, file: Path) -> str:
        """A file as it is named in the output: beside the template that pulls it in."""
        base = Path(self.source.path)
        try:
            up = len(self.source.file.resolve().parent.relative_to(self.root.resolve()).parts)
            top = base.parent
            for _ in range(up):
                top = top.parent if top.name not in ("", "..") else top / ".."
            return (top / file.relative_to(self.root.resolve())).as_posix()
        except ValueError:
            return file.as_posix()

    def _inside(self, source: Source, node: nodes.Node, env: Env, *, keep: bool = False) -> list[Item]:
        """The items of another file. ``keep``: with the blocks of the file that asks for it."""
        before = (self.source, self.chain, self.files, self.blocks, self.depth)
        self.chain = (*self.chain, self._here(node))
        self.source, self.files, self.depth = source, (*self.files, source.file.resolve()), self.depth + 1
        if not keep:
            self.blocks = {}
        try:
            self._check(node)
            return self._template(self.trees[source.path], env)
        finally:
            self.source, self.chain, self.files, self.blocks, self.depth = before

    # --- bounds and notes

    def _here(self, node: nodes.Node) -> str:
        return f"{self.source.path}:{self.source.lines.position(self.source.base + offset_of(node))[0]}"

    def place(self, node: nodes.Node, length: int = 1) -> Place:
        start = self.source.base + offset_of(node)
        return Place(self.source.path, start, start + length)

    def _note(
        self, rule: str, kind: str, severity: int, message: str, node: nodes.Node, why: str = ""
    ) -> None:
        self.notes.append(
            Found(rule, "clarity", severity, message, why, kind, self.place(node), chain=self.chain)
        )

    def _check(self, node: nodes.Node) -> None:
        if self.depth > DEEPEST:
            raise TooMuch(
                f"it nests more than {DEEPEST} deep: a macro or include calls itself", self.place(node)
            )
        if time.monotonic() > self.deadline:
            raise TooMuch("it takes too long to follow", self.place(node))

    def _leaf(self, leaf: Leaf) -> Leaf:
        self.pieces += 1
        self.characters += len(leaf.text)
        if self.pieces > MOST_PIECES or self.characters > MOST_CHARACTERS:
            raise TooMuch(
                f"it makes more than {MOST_PIECES:,} pieces or {MOST_CHARACTERS:,} characters of text",
                leaf.place,
            )
        return leaf

    # --- statements

    def _body(self, body: Iterable[nodes.Node], env: Env) -> list[Item]:
        items: list[Item] = []
        for node in body:
            if time.monotonic() > self.deadline:
                raise TooMuch("it takes too long to follow", self.place(node))
            items += self._statement(node, env)
        return items

    def _statement(self, node: nodes.Node, env: Env) -> list[Item]:
        match node:
            case nodes.Output():
                return [item for part in node.nodes for item in self._output(part, env)]
            case nodes.If():
                return self._if(node, env)
            case nodes.For():
                return self._for(node, env)
            case nodes.Assign():
                self._assign(node.target, self._value(node.node, env), env)
            case nodes.AssignBlock():
                items = self._filtered(node.filter, self._body(node.body, dict(env)), env)
                self._assign(node.target, Rendered(tuple(items)), env)
            case nodes.Macro():
                env[node.name] = Macro(node, self.source, env)
            case nodes.CallBlock():
                inner = {**env, "caller": Macro(node, self.source, env)}
                return self._output(node.call, inner)
            case nodes.FilterBlock():
                return self._filtered(node.filter, self._body(node.body, dict(env)), env)
            case nodes.With():
                inner = dict(env)
                for target, value in zip(node.targets, node.values, strict=True):
                    self._assign(target, self._value(value, env), inner)
                return self._body(node.body, inner)
            case nodes.Block():
                return self._block(node.name, 0, node, env)
            case nodes.Include():
                return self._include(node, env)
            case nodes.Import():
                env[node.target] = self._module(node, env) or Op("opaque", node.target)
            case nodes.FromImport():
                module = self._module(node, env)
                for name in node.names:
                    original, alias = name if isinstance(name, tuple) else (name, name)
                    if module is not None and original not in module.names:
                        self._missing_name(original, module, node)
                    env[alias] = (
                        module.names.get(original, Op("opaque", alias)) if module else Op("opaque", alias)
                    )
            case nodes.Scope() | nodes.ScopedEvalContextModifier():
                return self._body(node.body, env)
        return []

    def _missing_name(self, name: str, module: Module, node: nodes.Node) -> None:
        known = difflib.get_close_matches(name, [one for one in module.names if one != "self"], n=1)
        hint = f"; did you mean {known[0]!r}?" if known else ""
        self._note(
            "template/undefined-macro", "undefined", 3, f"What is imported has no {name!r}{hint}.", node
        )

    def _assign(self, target: nodes.Node, value: Any, env: Env) -> None:
        match target:
            case nodes.Name(name=name):
                if not _is_small(value):
                    raise TooMuch("a variable grows with every turn", self.place(target))
                if isinstance(value, dict):  # a namespace
                    for attribute, one in value.items():
                        env[f"{name}.{attribute}"] = one
                    value = Op("opaque", name)
                env[name] = value
            case nodes.NSRef(name=name, attr=attribute):
                if not _is_small(value):
                    raise TooMuch("a variable grows with every turn", self.place(target))
                env[f"{name}.{attribute}"] = value
            case nodes.Tuple(items=targets):
                for index, one in enumerate(targets):
                    self._assign(one, self._part(value, index), env)

    def _part(self, value: Any, part: str | int) -> Any:
        match value:
            case Var(root=root, path=path, place=place):
                return Var(root, (*path, part), place)
            case Op(kind="list", parts=parts) if isinstance(part, int) and part < len(parts):
                return parts[part]
            case Const(value=inner):
                try:
                    return Const(follow(inner, (part,)))
                except Unknown:
                    return Op("attribute", str(part), (value,))
            case Op(kind="cond", parts=(test, one, other)):
                return Op("cond", "", (test, self._part(one, part), self._part(other, part)))
            case Op() | Rendered():
                return Op("attribute", str(part), (value,))
        return value

    def _if(self, node: nodes.If, env: Env) -> list[Item]:
        branches: list[tuple[Expr | None, tuple[Item, ...]]] = []
        ends: list[tuple[Expr | None, Env]] = []
        before = len(self.assumed)
        for test, body in [(one.test, one.body) for one in (node, *node.elif_)] + [(None, node.else_)]:
            condition = None if test is None else self._condition(test, env)
            inner = dict(env)
            if condition is not None:
                self.assumed.append((condition, True))
            branches.append((condition, tuple(self._body(body, inner))))
            ends.append((condition, inner))
            if condition is not None:
                self.assumed[-1] = (condition, False)
        del self.assumed[before:]
        self._join(ends, env)
        return [Choice(tuple(branches))]

    def _condition(self, test: nodes.Node, env: Env) -> Expr:
        value = self._expr(test, env)
        # A macro, such as ``caller``, is there.
        condition: Expr = (
            Const(True) if isinstance(value, Macro | Module | Blocks | LoopInfo) else _plain(value)
        )
        self.domains.note(condition)
        return condition

    def _join(self, ends: Sequence[tuple[Expr | None, Env]], env: Env) -> None:
        """Variables that branches set differently: what they are depends on the branch."""
        names = {name for _, end in ends for name in end if end[name] is not env.get(name)}
        for name in sorted(names):
            values = [(test, end.get(name, Const(UNDEFINED))) for test, end in ends]
            if not all(isinstance(value, Const | Var | Op | Rendered) for _, value in values):
                env[name] = values[0][1]
                continue
            result = values[-1][1]
            for test, value in reversed(values[:-1]):
                assert test is not None
                result = Op("cond", "", (test, value, result))
            env[name] = result

    def _for(self, node: nodes.For, env: Env) -> list[Item]:
        over = self._expr(node.iter, env)
        while (
            isinstance(over, Op)
            and over.kind == "filter"
            and over.name in ("sort", "list", "reverse", "unique", "dictsort")
        ):
            over = over.parts[0]
        if isinstance(over, Const) and isinstance(over.value, list | tuple | str | Mapping):
            over = Op("list", "", tuple(Const(one) for one in list(over.value)[:MOST_ENTRIES]))
        if isinstance(over, Op) and over.kind == "list" and len(over.parts) <= MOST_ENTRIES:
            turns = list(over.parts)
            if not turns:
                return self._body(node.else_, env)
            return [item for items in self._turns(node, turns, env) for item in items]
        self.domains.allow_sizes(over)
        sizes = [Op("size", str(size), (over,)) for size in range(3)]
        self.domains.note(sizes[0])
        elements = self._entries(node, over)
        none = {**env}
        one, several = dict(env), dict(env)
        result = Loop(
            over,
            tuple(self._body(node.else_, none)),
            tuple(item for items in self._turns(node, elements[:1], one) for item in items),
            tuple(item for items in self._turns(node, elements, several) for item in items),
        )
        ends: list[tuple[Expr | None, Env]] = [(sizes[0], none), (sizes[1], one), (None, several)]
        # Only what is set on a namespace outlives a turn.
        kept = [(test, {name: end[name] for name in end if "." in name}) for test, end in ends]
        self._join([(test, {**env, **end}) for test, end in kept], env)
        return [result]

    def _entries(self, node: nodes.For, over: Expr) -> list[Expr]:
        """Two entries of a list whose length is open."""
        samples = self.domains.elements(over)
        name = node.target.name if isinstance(node.target, nodes.Name) else "entry"
        pairs = isinstance(over, Op) and over.kind == "call"
        entries: list[Expr] = []
        for number in range(2):
            root = f"{text_of(over)}[{number}]"
            self.domains.add(root, samples, name if number == 0 else f"{name} (second)")
            entries.append(Var(root) if not pairs else Op("opaque", root))
        return entries

    def _turns(self, node: nodes.For, entries: Sequence[Expr], env: Env) -> list[list[Item]]:
        result = []
        self.depth += 1
        self._check(node)
        for number, entry in enumerate(entries):
            inner = {**env, "loop": LoopInfo(number, len(entries))}
            self._assign(node.target, entry, inner)
            if node.test is not None:
                condition = self._condition(node.test, inner)
                items: list[Item] = [Choice(((condition, tuple(self._body(node.body, inner))), (None, ())))]
            else:
                items = self._body(node.body, inner)
            result.append(items)
            env.update({name: inner[name] for name in inner if "." in name})
        self.depth -= 1
        return result

    def _block(self, name: str, level: int, node: nodes.Node, env: Env) -> list[Item]:
        known = self.blocks.get(name, [])
        if level >= len(known):
            return []
        block, source, chain = known[level]
        before = (self.source, self.chain, self.depth)
        self.source, self.chain, self.depth = source, chain, self.depth + 1
        try:
            self._check(block)
            return self._body(block.body, {**env, "super": Blocks(name, level + 1)})
        finally:
            self.source, self.chain, self.depth = before

    def _include(self, node: nodes.Include, env: Env) -> list[Item]:
        expr = self._expr(node.template, env)
        if (isinstance(expr, Op) and expr.kind == "list") or (
            isinstance(expr, Const) and isinstance(expr.value, list | tuple)
        ):
            parts = expr.parts if isinstance(expr, Op) else tuple(Const(one) for one in expr.value)
            names = [value for part in parts for _, value in self._names(part)]
            chosen = next((name for name in names if resolve(self.root, name)), names[0] if names else None)
            choices: list[tuple[Expr | None, str]] = [(None, chosen)] if chosen else []
        else:
            choices = self._names(expr)
        if not choices:
            self._note(
                "template/dynamic-include",
                "unsafe",
                1,
                "Which template is included depends on a value, so it is not checked here.",
                node,
                "Name the template, or give the variable samples.",
            )
        result: list[Item] = []
        for test, name in choices:
            found = self._open(name, node, "include", quiet=node.ignore_missing)
            inner = self._inside(found, node, dict(env)) if found else []
            result = inner if test is None else [Choice(((test, tuple(inner)), (None, tuple(result))))]
            if test is not None:
                self.domains.note(test)
        return result

    def _module(self, node: nodes.Import | nodes.FromImport, env: Env) -> Module | None:
        for _, name in self._names(self._expr(node.template, env)):
            source = self._open(name, node, "import")
            if source is not None:
                inner: Env = dict(env) if node.with_context else {}
                self._inside(source, node, inner)
                return Module(inner)
        return None

    # --- expressions

    def _output(self, node: nodes.Node, env: Env) -> list[Item]:
        if isinstance(node, nodes.TemplateData):
            place = self.place(node, len(node.data))
            return (
                [self._leaf(Leaf(node.data, place, True, self.chain, widest=node.data))] if node.data else []
            )
        return self._emit(self._expr(node, env), self.place(node, 1), node)

    def _emit(self, expr: Any, place: Place, node: nodes.Node) -> list[Item]:
        """What an expression writes."""
        match expr:
            case Const(value=str(text), place=own, verbatim=verbatim):
                return (
                    [self._leaf(Leaf(text, own or place, verbatim, self.chain, widest=text))] if text else []
                )
            case Rendered(items=items):
                for leaf in leaves(items):
                    self._leaf(leaf)
                return list(items)
            case Op(kind="cond", parts=(test, one, other)):
                self.domains.note(test)
                return [self._choice(test, one, other, place, node)]
            case Op(kind="or", parts=(one, other)):
                self.domains.note(one)
                return [self._choice(one, one, other, place, node)]
            case Op(kind="and", parts=(one, other)):
                self.domains.note(one)
                return [self._choice(one, other, one, place, node)]
            case Op(kind="concat", parts=parts):
                return [item for part in parts for item in self._emit(part, place, node)]
            case Op(kind="binary", name="+", parts=parts) if any(map(_is_text, parts)):
                return [item for part in parts for item in self._emit(part, place, node)]
            case Op(kind="filter", name=name, parts=(one, *_)) if case_of(name) and _is_text(one):
                change = case_of(name)
                assert change is not None
                return list(mapped(self._emit(one, place, node), change))
            case Op(kind="filter", name=name, parts=(one, *_)) if name in SAME and _is_text(one):
                return self._emit(one, place, node)
            case Op(kind="filter", name="default" | "d", parts=(one, *rest)):
                return self._default(expr, one, rest[0] if rest else Const(""), place, node)
        return [self._leaf(self._shown_value(expr, place))]

    def _choice(self, test: Expr, one: Expr, other: Expr, place: Place, node: nodes.Node) -> Choice:
        self.assumed.append((test, True))
        first = tuple(self._emit(one, place, node))
        self.assumed[-1] = (test, False)
        second = tuple(self._emit(other, place, node))
        self.assumed.pop()
        return Choice(((test, first), (None, second)))

    def _default(self, expr: Op, one: Expr, other: Expr, place: Place, node: nodes.Node) -> list[Item]:
        boolean = dict(expr.keywords).get("boolean", expr.parts[2] if len(expr.parts) > 2 else Const(False))
        test: Expr = one if isinstance(boolean, Const) and boolean.value else Op("test", "defined", (one,))
        self.domains.note(test)
        return [self._choice(test, one, other, place, node)]

    def _shown_value(self, expr: Expr, place: Place) -> Leaf:
        """A value as a reader gets it: the first sample that is not blank, else a placeholder, whose name says what it is."""
        name = text_of(expr)
        texts = self.domains.texts(expr, self.assumed, _displayed)
        full = [text for text in texts if text and text.strip()]
        blank = "none" if None in texts else "empty" if len(full) < len(texts) else ""
        if full:
            return Leaf(full[0], place, False, self.chain, name, max(full, key=len), blank)
        for root, entry in self.domains.shown.items():
            name = name.replace(root, entry)
        return Leaf("{{ " + _plain_name(name) + " }}", place, False, self.chain, name, "", blank)

    def _filtered(self, node: nodes.Filter | None, items: list[Item], env: Env) -> list[Item]:
        while node is not None:
            change = case_of(node.name)
            if change is not None:
                items = list(mapped(items, change))
            node = node.node if isinstance(node.node, nodes.Filter) else None
        return items

    def _value(self, node: nodes.Node, env: Env) -> Any:
        """The value of an assignment: an expression, or what ``namespace`` holds."""
        if (
            isinstance(node, nodes.Call)
            and isinstance(node.node, nodes.Name)
            and node.node.name == "namespace"
        ):
            return {pair.key: self._expr(pair.value, env) for pair in node.kwargs}
        return self._expr(node, env)

    def _expr(self, node: nodes.Node, env: Env) -> Any:
        self.depth += 1
        try:
            if self.depth > DEEPEST * 4:
                raise TooMuch("an expression nests too deeply", self.place(node))
            return self._convert(node, env)
        finally:
            self.depth -= 1

    def _convert(self, node: nodes.Node, env: Env) -> Any:
        match node:
            case nodes.TemplateData(data=data):
                return Const(data, self.place(node, len(data)), True)
            case nodes.Const(value=value):
                return self._constant(node, value)
            case nodes.Name(name=name):
                if name in env:
                    return env[name]
                place = self.place(node, len(name))
                self.used.setdefault(place, Use(name, "", (), self.chain))
                return Var(name, (), place)
            case nodes.Getattr(node=inner, attr=attribute):
                return self._attribute(inner, attribute, env)
            case nodes.Getitem(node=inner, arg=nodes.Const(value=part)) if isinstance(part, str | int):
                return self._attribute(inner, part, env)
            case nodes.Call():
                return self._call(node, env)
            case nodes.Filter(node=inner, name=name):
                parts = [self._expr(one, env) for one in ([inner] if inner is not None else []) + node.args]
                keywords: list[tuple[str, Expr]] = [
                    (str(one.key), _plain(self._expr(one.value, env))) for one in node.kwargs
                ]
                if name in ("default", "d") and parts:
                    self._guard(parts[0])
                if self.british:
                    keywords.append((BRITISH, Const(True)))
                return Op("filter", name, tuple(map(_plain, parts)), tuple(keywords), self.place(node))
            case nodes.Test(node=inner, name=name):
                parts = [self._expr(one, env) for one in [inner, *(node.args or [])]]
                if name in ("defined", "undefined"):
                    self._guard(parts[0])
                return Op("test", name, tuple(map(_plain, parts)), (), self.place(node))
            case nodes.Not(node=inner):
                return Op("not", "", (_plain(self._expr(inner, env)),))
            case nodes.And(left=left, right=right) | nodes.Or(left=left, right=right):
                kind = "and" if isinstance(node, nodes.And) else "or"
                return Op(kind, "", (_plain(self._expr(left, env)), _plain(self._expr(right, env))))
            case nodes.Compare():
                return self._comparison(node, env)
            case nodes.Concat():
                return Op("concat", "", tuple(_plain(self._expr(one, env)) for one in node.nodes))
            case nodes.CondExpr():
                other = Const("") if node.expr2 is None else self._expr(node.expr2, env)
                test = _plain(self._expr(node.test, env))
                return Op("cond", "", (test, _plain(self._expr(node.expr1, env)), _plain(other)))
            case nodes.List(items=items) | nodes.Tuple(items=items):
                return Op("list", "", tuple(_plain(self._expr(one, env)) for one in items[:1000]))
            case nodes.Dict(items=items):
                pairs = [(self._expr(pair.key, env), self._expr(pair.value, env)) for pair in items[:1000]]
                if all(isinstance(part, Const) for pair in pairs for part in pair):
                    return Const(
                        {key.value: value.value for key, value in pairs if isinstance(key.value, str | int)}
                    )
                return Op("opaque", "{…}")
            case nodes.Neg(node=inner):
                value = self._expr(inner, env)
                return (
                    Const(-value.value)
                    if isinstance(value, Const) and isinstance(value.value, int | float)
                    else Op("call", "", (Op("opaque", "-"), _plain(value)))
                )
            case nodes.Mod(left=left, right=nodes.Dict(items=items)):
                return self._formatted(_plain(self._expr(left, env)), items, env)
            case nodes.BinExpr():
                parts = [_plain(self._expr(node.left, env)), _plain(self._expr(node.right, env))]
                return Op("binary", node.operator, tuple(parts))
            case nodes.MarkSafe(expr=inner) | nodes.MarkSafeIfAutoescape(expr=inner):
                return self._expr(inner, env)
        parts = [
            _plain(self._expr(one, env)) for one in node.iter_child_nodes() if isinstance(one, nodes.Expr)
        ]
        return Op("call", "", (Op("opaque", type(node).__name__.lower()), *parts))

    def _guard(self, value: Any) -> None:
        """A variable that the template knows may be missing."""
        if isinstance(value, Var):
            self.guarded.add(text_of(Var(value.root, value.path)))

    def _constant(self, node: nodes.Node, value: Any) -> Const:
        if not isinstance(value, str):
            return Const(value, self.place(node))
        start = self.source.base + offset_of(node)
        verbatim = self.source.text.startswith(value, start + 1) and bool(value)
        if verbatim:
            return Const(value, Place(self.source.path, start + 1, start + 1 + len(value)), True)
        return Const(value, Place(self.source.path, start, start + len(value) + 2))

    def _formatted(self, text: Expr, items: Sequence[nodes.Pair], env: Env) -> Expr:
        """The text of ``{% trans %}``, whose variables stand in it as ``%(name)s``."""
        if not isinstance(text, Const) or not isinstance(text.value, str):
            return Op("binary", "%", (text, Op("opaque", "{…}")))
        values = {
            pair.key.value: self._expr(pair.value, env) for pair in items if isinstance(pair.key, nodes.Const)
        }
        parts: list[Expr] = []
        at = 0
        for match in _ESCAPED.finditer(text.value):
            parts += [
                Const(text.value[at : match.start()], text.place),
                _plain(values.get(match[1], Const(""))),
            ]
            at = match.end()
        return Op("concat", "", (*parts, Const(text.value[at:], text.place)))

    def _comparison(self, node: nodes.Compare, env: Env) -> Expr:
        left = _plain(self._expr(node.expr, env))
        result: Expr | None = None
        for operand in node.ops:
            right = _plain(self._expr(operand.expr, env))
            one: Expr = Op("compare", operand.op, (left, right))
            if operand.op == "ne":
                one = Op("not", "", (Op("compare", "eq", (left, right)),))
            elif operand.op == "notin":
                one = Op("not", "", (Op("compare", "in", (left, right)),))
            result = one if result is None else Op("and", "", (result, one))
            left = right
        assert result is not None
        return result

    def _attribute(self, inner: nodes.Node, name: str | int, env: Env) -> Any:
        if isinstance(inner, nodes.Name) and f"{inner.name}.{name}" in env:
            return env[f"{inner.name}.{name}"]
        value = self._expr(inner, env)
        match value:
            case Module(names=names):
                if name not in names:
                    self._missing_name(str(name), value, inner)
                return names.get(str(name), Op("opaque", str(name)))
            case LoopInfo(number=number, count=count):
                known = {
                    "index": number + 1,
                    "index0": number,
                    "first": number == 0,
                    "last": number == count - 1,
                    "length": count,
                    "revindex": count - number,
                    "revindex0": count - number - 1,
                }
                return Const(known[str(name)]) if name in known else Op("opaque", f"loop.{name}")
            case Blocks(name=None):
                return Blocks(str(name))
            case Macro():
                return Op("opaque", str(name))
            case Var():
                self._look_up(value, name)
        return self._part(value, name)

    def _look_up(self, var: Var, name: str | int) -> None:
        """Note a field that no sample of a variable has."""
        key, path = self.domains.key(var)
        fields: set[str] = set()
        for sample in self.domains.samples(key) or ():
            try:
                part = follow(sample, path)
            except Unknown:
                continue
            if isinstance(part, Mapping):
                fields |= {str(one) for one in part}
        if (
            fields
            and str(name) not in fields
            and name not in ("items", "keys", "values", "get")
            and var.place
        ):
            place = var.place
            self.used[place] = Use(
                text_of(Var(var.root, var.path)), str(name), tuple(sorted(fields)), self.chain
            )

    def _call(self, node: nodes.Call, env: Env) -> Any:
        if isinstance(node.node, nodes.Getattr):
            found = self._method(node, node.node, env)
            if found is not None:
                return found
        callee = self._expr(node.node, env)
        match callee:
            case Macro():
                return Rendered(tuple(self._macro(callee, node, env)))
            case Blocks(name=str(name), level=level):
                return Rendered(tuple(self._block(name, level, node, env)))
        arguments = [_plain(self._expr(one, env)) for one in node.args]
        if isinstance(node.node, nodes.Name) and node.node.name not in env:
            match node.node.name:
                case "range":
                    return self._range(node, arguments)
                case "_" | "gettext" | "ngettext" if arguments:
                    return arguments[0]
        name = text_of(_plain(callee))
        return Op("call", name, (Op("opaque", name), *arguments), (), self.place(node))

    def _range(self, node: nodes.Call, arguments: Sequence[Expr]) -> Expr:
        numbers = [one.value for one in arguments if isinstance(one, Const) and isinstance(one.value, int)]
        if len(numbers) == len(arguments) and 1 <= len(numbers) <= 3 and (len(numbers) < 3 or numbers[2]):
            span = range(*numbers)
            if max(map(abs, numbers)) < sys.maxsize // 2 and len(span) <= MOST_ENTRIES:
                return Op("list", "", tuple(map(Const, span)))
        return Op("call", "range", (Op("opaque", "range"), *arguments))

    def _method(self, node: nodes.Call, getter: nodes.Getattr, env: Env) -> Any:
        """Methods of texts and mappings that a template may call."""
        if getter.attr in ("upper", "lower", "title", "capitalize") and not node.args:
            return Op("filter", getter.attr, (_plain(self._expr(getter.node, env)),))
        if getter.attr == "strip" and not node.args:
            return Op("filter", "trim", (_plain(self._expr(getter.node, env)),))
        if getter.attr == "get" and node.args and isinstance(node.args[0], nodes.Const):
            value = self._attribute(getter.node, node.args[0].value, env)
            if len(node.args) > 1:
                return Op("filter", "default", (_plain(value), _plain(self._expr(node.args[1], env))))
            return value
        return None

    def _macro(self, macro: Macro, node: nodes.Call, env: Env) -> list[Item]:
        definition = macro.node
        before = (self.source, self.chain, self.depth)
        inner: Env = {**macro.env}
        named = {pair.key: self._expr(pair.value, env) for pair in node.kwargs}
        given = [self._expr(one, env) for one in node.args]
        defaults = list(definition.defaults)
        first_default = len(definition.args) - len(defaults)
        chain = (*self.chain, self._here(node))
        known = {argument.name for argument in definition.args}
        if isinstance(definition, nodes.Macro):
            uses = {one.name for one in definition.find_all(nodes.Name)}
            extra = next((name for name in named if name not in known and "kwargs" not in uses), None)
            if extra is not None or (len(given) > len(definition.args) and "varargs" not in uses):
                what = (
                    f"has no parameter {extra!r}"
                    if extra
                    else f"takes {len(definition.args)} values, not {len(given)}"
                )
                self._note(
                    "template/macro-call", "undefined", 3, f"The macro {definition.name!r} {what}.", node
                )
        self.source, self.depth, self.chain = macro.source, self.depth + 3, chain
        try:
            if self.depth > DEEPEST:
                raise TooMuch("a macro calls itself", self.place(definition))
            for index, argument in enumerate(definition.args):
                if index < len(given):
                    inner[argument.name] = given[index]
                elif argument.name in named:
                    inner[argument.name] = named[argument.name]
                elif index >= first_default:
                    inner[argument.name] = self._expr(defaults[index - first_default], inner)
                else:
                    inner[argument.name] = Const(UNDEFINED)
            inner["caller"] = (
                env.get("caller") if isinstance(definition, nodes.Macro) else macro.env.get("caller")
            )
            if inner["caller"] is None:
                inner["caller"] = Const(UNDEFINED)
            return self._body(definition.body, inner)
        finally:
            self.source, self.chain, self.depth = before


def syntax_error(message: str, place: Place, chain: tuple[str, ...] = ()) -> Found:
    """A template, or a part of one, that cannot be parsed."""
    text = message.strip().rstrip(".")
    return Found(
        "template/syntax",
        "clarity",
        3,
        f"Jinja cannot read this: {text}.",
        "A template that cannot be parsed is never sent, and nothing else in it is checked.",
        "syntax",
        place,
        instead=_mend(text),
        chain=chain,
    )


def _mend(message: str) -> str:
    """What to do about an error of Jinja's."""
    if "Unexpected end of template" in message or "unexpected 'end of template'" in message.lower():
        return "Close the tag that is still open, such as {% if … %} by {% endif %}."
    if "unknown tag" in message:
        return "Close what was opened last, or correct the tag's name."
    if "expected token 'end of print statement'" in message:
        return "Close the expression with }}."
    if "expected token 'end of statement block'" in message:
        return "Close the tag with %}."
    return "Correct the expression here."


def _plain(value: Any) -> Expr:
    """A value as an expression: macros, modules and what loops know have none."""
    if isinstance(value, Const | Var | Op | Rendered):
        return value
    return Op("opaque", f"<{type(value).__name__.lower()}>")


def _is_small(value: Any) -> bool:
    """Whether an expression has few parts, so that it can be written out."""
    open_parts, count = [value], 0
    while open_parts and count <= _MOST_PARTS:
        one = open_parts.pop()
        count += 1
        if isinstance(one, Op):
            open_parts += one.parts
    return count <= _MOST_PARTS


def _is_text(expr: Expr) -> bool:
    """Whether an expression has text of the template in it."""
    match expr:
        case Const(value=value):
            return isinstance(value, str)
        case Rendered():
            return True
        case Op(kind="cond" | "or" | "and" | "concat", parts=parts):
            return any(map(_is_text, parts))
        case Op(kind="binary", name="+", parts=parts):
            return any(map(_is_text, parts))
        case Op(kind="filter", parts=parts):
            return bool(parts) and _is_text(parts[0])
    return False


def _displayed(value: Any) -> str | None:
    """A sample as a reader gets it; ``None`` for what leaves a blank."""
    if value is None or value is UNDEFINED:
        return None
    if value is SOMETHING:
        raise Unknown
    return shown(value)


def _plain_name(name: str) -> str:
    """An expression as a placeholder's name."""
    return " ".join(re.sub(r"[{}\n]|\[\d+\]| \(second\)", "", name).split())[:60] or "value"


def names_used(trees: Iterable[nodes.Template]) -> list[str]:
    """The constant names of templates that trees include, extend or import."""
    found: dict[str, None] = {}
    for tree in trees:
        for node in tree.find_all((nodes.Include, nodes.Extends, nodes.Import, nodes.FromImport)):
            template = node.template  # type: ignore[attr-defined]
            for part in (
                template.find_all(nodes.Const) if not isinstance(template, nodes.Const) else [template]
            ):
                if isinstance(part.value, str):
                    found.setdefault(part.value)
    return list(found)


__all__ = ["Expander", "TooMuch", "names_used", "syntax_error", "variables"]
