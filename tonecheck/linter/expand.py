"""A template → one tree of text, choices and loops, with includes, inheritance, imports and macros followed.

Everything is bounded: pieces, characters, depth and time. What a template asks for beyond that ends in ``TooMuch``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import nodes

from tonecheck.linter.domains import Domains
from tonecheck.linter.expressions import UNDEFINED, Const, Expr, Op, Rendered, Var, is_small, text_of
from tonecheck.linter.filters import case_of
from tonecheck.linter.opening import Opener
from tonecheck.linter.parsing import Style, offset_of, parse
from tonecheck.linter.scopes import Blocks, Env, LoopInfo, Macro, Module, as_expr, part_of
from tonecheck.linter.sources import Source, read, resolve
from tonecheck.linter.tree import Choice, Item, Leaf, Loop, mapped
from tonecheck.linter.values import MOST_ENTRIES, Values
from tonecheck.linter.walk import DEEPEST, TooMuch, Walk
from tonecheck.linter.writing import Writer


class Expander:
    """Follows one template: its statements. ``walk`` knows what was met on the way; ``reading`` reads a file that is shown by a path."""

    def __init__(
        self,
        root: Path,
        style: Style,
        domains: Domains,
        british: bool = False,
        reading: Callable[[Path, str], Source] = read,
    ) -> None:
        self.style = style
        self.walk = Walk(domains)
        self.opener = Opener(self.walk, root, style, reading)
        self.values = Values(self.walk, british, self._macro, self._block)
        self.writer = Writer(self.walk)
        # By name: the child's block first, then those that it takes the place of.
        self.blocks: dict[str, list[tuple[nodes.Block, Source, tuple[str, ...]]]] = {}

    def expand(self, source: Source, tree: nodes.Template) -> tuple[Item, ...]:
        """The template's own text and what it pulls in. Raises ``TooMuch``."""
        self.walk.read[source.path] = source
        self.walk.trees[source.path] = tree
        self.walk.source, self.walk.files = source, (source.file.resolve(),)
        return tuple(self._template(tree, {}))

    def expression(self, source: Source, text: str, offset: int) -> tuple[Item, ...]:
        """A one-line template that stands in the front matter of ``source`` from ``offset`` on. Raises ``Mistake``."""
        tree = parse(text, self.style)
        inner = Source(source.path, source.file, source.text, offset, {}, {}, source.lines)
        with self.walk.inside(inner, self.walk.chain, deeper=0):
            return tuple(self._body(tree.body, {}))

    def _template(self, tree: nodes.Template, env: Env) -> list[Item]:
        extends = next((node for node in tree.body if isinstance(node, nodes.Extends)), None)
        for block in tree.find_all(nodes.Block):
            self.blocks.setdefault(block.name, []).append((block, self.walk.source, self.walk.chain))
        env["self"] = Blocks()
        items = self._body(tree.body, env)
        if extends is None:
            return items
        # What a child says outside its blocks is not shown, but its variables and macros are there.
        result: list[Item] = []
        for test, name in self.opener.names(self.values.of(extends.template, env)):
            found = self.opener.open(name, extends, "extends")
            inner = self._inside(found, extends, env, keep=True) if found else []
            result = (
                result or inner if test is None else [Choice(((test, tuple(inner)), (None, tuple(result))))]
            )
        return result

    def _inside(self, source: Source, node: nodes.Node, env: Env, *, keep: bool = False) -> list[Item]:
        """The items of another file. ``keep``: with the blocks of the file that asks for it."""
        chain = (*self.walk.chain, self.walk.here(node))
        files = (*self.walk.files, source.file.resolve())
        blocks = self.blocks
        with self.walk.inside(source, chain, files=files):
            if not keep:
                self.blocks = {}
            try:
                self.walk.check(node)
                return self._template(self.walk.trees[source.path], env)
            finally:
                self.blocks = blocks

    def _body(self, body: Iterable[nodes.Node], env: Env) -> list[Item]:
        items: list[Item] = []
        for node in body:
            self.walk.tick(node)
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
                items = _filtered(node.filter, self._body(node.body, dict(env)))
                self._assign(node.target, Rendered(tuple(items)), env)
            case nodes.Macro():
                env[node.name] = Macro(node, self.walk.source, env)
            case nodes.CallBlock():
                inner = {**env, "caller": Macro(node, self.walk.source, env)}
                return self._output(node.call, inner)
            case nodes.FilterBlock():
                return _filtered(node.filter, self._body(node.body, dict(env)))
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
                        self.walk.missing_name(original, module, node)
                    env[alias] = (
                        module.names.get(original, Op("opaque", alias)) if module else Op("opaque", alias)
                    )
            case nodes.Scope() | nodes.ScopedEvalContextModifier():
                return self._body(node.body, env)
        return []

    def _value(self, node: nodes.Node, env: Env) -> Any:
        """The value of an assignment: an expression, or what ``namespace`` holds."""
        if (
            isinstance(node, nodes.Call)
            and isinstance(node.node, nodes.Name)
            and node.node.name == "namespace"
        ):
            return {pair.key: self.values.of(pair.value, env) for pair in node.kwargs}
        return self.values.of(node, env)

    def _output(self, node: nodes.Node, env: Env) -> list[Item]:
        if isinstance(node, nodes.TemplateData):
            place = self.walk.place(node, len(node.data))
            return (
                [self.walk.leaf(Leaf(node.data, place, True, self.walk.chain, widest=node.data))]
                if node.data
                else []
            )
        return self.writer.emit(self.values.of(node, env), self.walk.place(_first(node), 1), node)

    def _assign(self, target: nodes.Node, value: Any, env: Env) -> None:
        match target:
            case nodes.Name(name=name):
                if not is_small(value):
                    raise TooMuch("a variable grows with every turn", self.walk.place(target))
                if isinstance(value, dict):  # a namespace
                    for attribute, one in value.items():
                        env[f"{name}.{attribute}"] = one
                    value = Op("opaque", name)
                env[name] = value
            case nodes.NSRef(name=name, attr=attribute):
                if not is_small(value):
                    raise TooMuch("a variable grows with every turn", self.walk.place(target))
                env[f"{name}.{attribute}"] = value
            case nodes.Tuple(items=targets):
                for index, one in enumerate(targets):
                    self._assign(one, part_of(value, index), env)

    def _if(self, node: nodes.If, env: Env) -> list[Item]:
        branches: list[tuple[Expr | None, tuple[Item, ...]]] = []
        ends: list[tuple[Expr | None, Env]] = []
        before = len(self.walk.assumed)
        for test, body in [(one.test, one.body) for one in (node, *node.elif_)] + [(None, node.else_)]:
            condition = None if test is None else self._condition(test, env)
            inner = dict(env)
            if condition is not None:
                self.walk.assumed.append((condition, True))
            branches.append((condition, tuple(self._body(body, inner))))
            ends.append((condition, inner))
            if condition is not None:
                self.walk.assumed[-1] = (condition, False)
        del self.walk.assumed[before:]
        self._join(ends, env)
        return [Choice(tuple(branches))]

    def _condition(self, test: nodes.Node, env: Env) -> Expr:
        value = self.values.of(test, env)
        # A macro, such as ``caller``, is there.
        condition: Expr = (
            Const(True) if isinstance(value, Macro | Module | Blocks | LoopInfo) else as_expr(value)
        )
        self.walk.domains.note(condition)
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
        over = self.values.of(node.iter, env)
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
        self.walk.domains.allow_sizes(over)
        sizes = [Op("size", str(size), (over,)) for size in range(3)]
        self.walk.domains.note(sizes[0])
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
        samples = self.walk.domains.elements(over)
        name = node.target.name if isinstance(node.target, nodes.Name) else "entry"
        pairs = isinstance(over, Op) and over.kind == "call"
        entries: list[Expr] = []
        for number in range(2):
            root = f"{text_of(over)}[{number}]"
            self.walk.domains.add(root, samples, name if number == 0 else f"{name} (second)")
            entries.append(Var(root) if not pairs else Op("opaque", root))
        return entries

    def _turns(self, node: nodes.For, entries: Sequence[Expr], env: Env) -> list[list[Item]]:
        result = []
        self.walk.depth += 1
        self.walk.check(node)
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
        self.walk.depth -= 1
        return result

    def _block(self, name: str, level: int, node: nodes.Node, env: Env) -> list[Item]:
        known = self.blocks.get(name, [])
        if level >= len(known):
            return []
        block, source, chain = known[level]
        with self.walk.inside(source, chain):
            self.walk.check(block)
            return self._body(block.body, {**env, "super": Blocks(name, level + 1)})

    def _include(self, node: nodes.Include, env: Env) -> list[Item]:
        expr = self.values.of(node.template, env)
        if (isinstance(expr, Op) and expr.kind == "list") or (
            isinstance(expr, Const) and isinstance(expr.value, list | tuple)
        ):
            parts = expr.parts if isinstance(expr, Op) else tuple(Const(one) for one in expr.value)
            names = [value for part in parts for _, value in self.opener.names(part)]
            chosen = next(
                (name for name in names if resolve(self.opener.root, name)), names[0] if names else None
            )
            choices: list[tuple[Expr | None, str]] = [(None, chosen)] if chosen else []
        else:
            choices = self.opener.names(expr)
        if not choices:
            self.walk.note(
                "template/dynamic-include",
                "unsafe",
                1,
                "Which template is included depends on a value, so it is not checked here.",
                node,
                "Name the template, or give the variable samples.",
            )
        result: list[Item] = []
        for test, name in choices:
            found = self.opener.open(name, node, "include", quiet=node.ignore_missing)
            inner = self._inside(found, node, dict(env)) if found else []
            result = inner if test is None else [Choice(((test, tuple(inner)), (None, tuple(result))))]
            if test is not None:
                self.walk.domains.note(test)
        return result

    def _module(self, node: nodes.Import | nodes.FromImport, env: Env) -> Module | None:
        for _, name in self.opener.names(self.values.of(node.template, env)):
            source = self.opener.open(name, node, "import")
            if source is not None:
                inner: Env = dict(env) if node.with_context else {}
                self._inside(source, node, inner)
                return Module(inner)
        return None

    def _macro(self, macro: Macro, node: nodes.Call, env: Env) -> list[Item]:
        definition = macro.node
        named = {pair.key: self.values.of(pair.value, env) for pair in node.kwargs}
        given = [self.values.of(one, env) for one in node.args]
        chain = (*self.walk.chain, self.walk.here(node))
        if isinstance(definition, nodes.Macro):
            self._note_arguments(definition, node)
        # A macro costs more of the depth than a file: it is what calls itself.
        with self.walk.inside(macro.source, chain, deeper=3):
            if self.walk.depth > DEEPEST:
                raise TooMuch("a macro calls itself", self.walk.place(definition))
            inner = self._arguments(macro, given, named)
            caller = (env if isinstance(definition, nodes.Macro) else macro.env).get("caller")
            inner["caller"] = Const(UNDEFINED) if caller is None else caller
            return self._body(definition.body, inner)

    def _arguments(self, macro: Macro, given: Sequence[Any], named: Mapping[str, Any]) -> Env:
        """What stands in a macro's parameters, beside what it knows from where it is defined."""
        definition, inner = macro.node, {**macro.env}
        first_default = len(definition.args) - len(definition.defaults)
        for index, argument in enumerate(definition.args):
            if index < len(given):
                inner[argument.name] = given[index]
            elif argument.name in named:
                inner[argument.name] = named[argument.name]
            elif index >= first_default:
                inner[argument.name] = self.values.of(definition.defaults[index - first_default], inner)
            else:
                inner[argument.name] = Const(UNDEFINED)
        return inner

    def _note_arguments(self, macro: nodes.Macro, call: nodes.Call) -> None:
        """Note a call with more, or other, values than the macro takes."""
        known = {argument.name for argument in macro.args}
        uses = {one.name for one in macro.find_all(nodes.Name)}
        extra = next((pair.key for pair in call.kwargs if pair.key not in known), None)
        if extra is not None and "kwargs" not in uses:
            what = f"has no parameter {extra!r}"
        elif len(call.args) > len(macro.args) and "varargs" not in uses:
            what = f"takes {len(macro.args)} values, not {len(call.args)}"
        else:
            return
        self.walk.note("template/macro-call", "undefined", 3, f"The macro {macro.name!r} {what}.", call)


def _first(node: nodes.Node) -> nodes.Node:
    """The part of an expression that stands first in the source: a filter begins with what it is applied to."""
    # Those that extensions put in stand nowhere.
    return min((one for one in (node, *node.find_all(nodes.Expr)) if one.lineno), key=offset_of, default=node)


def _filtered(node: nodes.Filter | None, items: list[Item]) -> list[Item]:
    """Items through the filters of a block."""
    while node is not None:
        change = case_of(node.name)
        if change is not None:
            items = list(mapped(items, change))
        node = node.node if isinstance(node.node, nodes.Filter) else None
    return items
