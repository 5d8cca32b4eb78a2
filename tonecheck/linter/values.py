"""The expressions of Jinja's tree as values: what is known of them, with variables left open."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from jinja2 import nodes

from tonecheck.linter.expressions import BRITISH, Const, Expr, Op, Rendered, Unknown, Var, follow, text_of
from tonecheck.linter.parsing import offset_of
from tonecheck.linter.places import Place
from tonecheck.linter.scopes import Blocks, Env, LoopInfo, Macro, Module, as_expr, part_of
from tonecheck.linter.tree import Item
from tonecheck.linter.walk import DEEPEST, TooMuch, Use, Walk

MOST_ENTRIES = 50
_ESCAPED = re.compile(r"%\((\w+)\)s")


class Values:
    """``macro`` and ``block`` give what a call of one writes."""

    def __init__(
        self,
        walk: Walk,
        british: bool,
        macro: Callable[[Macro, nodes.Call, Env], list[Item]],
        block: Callable[[str, int, nodes.Node, Env], list[Item]],
    ) -> None:
        self.walk = walk
        self.british = british
        self._macro = macro
        self._block = block

    def of(self, node: nodes.Node, env: Env) -> Any:
        self.walk.tick(node)
        self.walk.depth += 1
        try:
            if self.walk.depth > DEEPEST * 4:
                raise TooMuch("an expression nests too deeply", self.walk.place(node))
            return self._convert(node, env)
        finally:
            self.walk.depth -= 1

    def _convert(self, node: nodes.Node, env: Env) -> Any:
        match node:
            case nodes.TemplateData(data=data):
                return Const(data, self.walk.place(node, len(data)), True)
            case nodes.Const(value=value):
                return self._constant(node, value)
            case nodes.Name(name=name):
                if name in env:
                    return env[name]
                place = self.walk.place(node, len(name))
                self.walk.used.setdefault(place, Use(name, "", (), self.walk.chain))
                return Var(name, (), place)
            case nodes.Getattr(node=inner, attr=attribute):
                return self._attribute(inner, attribute, env)
            case nodes.Getitem(node=inner, arg=nodes.Const(value=part)) if isinstance(part, str | int):
                return self._attribute(inner, part, env)
            case nodes.Call():
                return self._call(node, env)
            case nodes.Filter(node=inner, name=name):
                parts = [self.of(one, env) for one in ([inner] if inner is not None else []) + node.args]
                keywords: list[tuple[str, Expr]] = [
                    (str(one.key), as_expr(self.of(one.value, env))) for one in node.kwargs
                ]
                if name in ("default", "d") and parts:
                    self._guard(parts[0])
                if self.british:
                    keywords.append((BRITISH, Const(True)))
                return Op("filter", name, tuple(map(as_expr, parts)), tuple(keywords), self.walk.place(node))
            case nodes.Test(node=inner, name=name):
                parts = [self.of(one, env) for one in [inner, *(node.args or [])]]
                if name in ("defined", "undefined"):
                    self._guard(parts[0])
                return Op("test", name, tuple(map(as_expr, parts)), (), self.walk.place(node))
            case nodes.Not(node=inner):
                return Op("not", "", (as_expr(self.of(inner, env)),))
            case nodes.And(left=left, right=right) | nodes.Or(left=left, right=right):
                kind = "and" if isinstance(node, nodes.And) else "or"
                return Op(kind, "", (as_expr(self.of(left, env)), as_expr(self.of(right, env))))
            case nodes.Compare():
                return self._comparison(node, env)
            case nodes.Concat():
                return Op("concat", "", tuple(as_expr(self.of(one, env)) for one in node.nodes))
            case nodes.CondExpr():
                other = Const("") if node.expr2 is None else self.of(node.expr2, env)
                test = as_expr(self.of(node.test, env))
                return Op("cond", "", (test, as_expr(self.of(node.expr1, env)), as_expr(other)))
            case nodes.List(items=items) | nodes.Tuple(items=items):
                return Op("list", "", tuple(as_expr(self.of(one, env)) for one in items[:1000]))
            case nodes.Dict(items=items):
                pairs = [(self.of(pair.key, env), self.of(pair.value, env)) for pair in items[:1000]]
                if all(isinstance(part, Const) for pair in pairs for part in pair):
                    return Const(
                        {key.value: value.value for key, value in pairs if isinstance(key.value, str | int)}
                    )
                return Op("opaque", "{…}")
            case nodes.Neg(node=inner):
                value = self.of(inner, env)
                return (
                    Const(-value.value)
                    if isinstance(value, Const) and isinstance(value.value, int | float)
                    else Op("call", "", (Op("opaque", "-"), as_expr(value)))
                )
            case nodes.Mod(left=left, right=nodes.Dict(items=items)):
                return self._formatted(as_expr(self.of(left, env)), items, env)
            case nodes.BinExpr():
                parts = [as_expr(self.of(node.left, env)), as_expr(self.of(node.right, env))]
                return Op("binary", node.operator, tuple(parts))
            case nodes.MarkSafe(expr=inner) | nodes.MarkSafeIfAutoescape(expr=inner):
                return self.of(inner, env)
        parts = [as_expr(self.of(one, env)) for one in node.iter_child_nodes() if isinstance(one, nodes.Expr)]
        return Op("call", "", (Op("opaque", type(node).__name__.lower()), *parts))

    def _guard(self, value: Any) -> None:
        """A variable that the template knows may be missing."""
        if isinstance(value, Var):
            self.walk.guarded.add(text_of(Var(value.root, value.path)))

    def _constant(self, node: nodes.Node, value: Any) -> Const:
        if not isinstance(value, str):
            return Const(value, self.walk.place(node))
        start = self.walk.source.base + offset_of(node)
        verbatim = self.walk.source.text.startswith(value, start + 1) and bool(value)
        if verbatim:
            return Const(value, Place(self.walk.source.path, start + 1, start + 1 + len(value)), True)
        return Const(value, Place(self.walk.source.path, start, start + len(value) + 2))

    def _formatted(self, text: Expr, items: Sequence[nodes.Pair], env: Env) -> Expr:
        """The text of ``{% trans %}``, whose variables stand in it as ``%(name)s``."""
        if not isinstance(text, Const) or not isinstance(text.value, str):
            return Op("binary", "%", (text, Op("opaque", "{…}")))
        values = {
            pair.key.value: self.of(pair.value, env) for pair in items if isinstance(pair.key, nodes.Const)
        }
        parts: list[Expr] = []
        at = 0
        for match in _ESCAPED.finditer(text.value):
            parts += [
                Const(text.value[at : match.start()], text.place),
                as_expr(values.get(match[1], Const(""))),
            ]
            at = match.end()
        return Op("concat", "", (*parts, Const(text.value[at:], text.place)))

    def _comparison(self, node: nodes.Compare, env: Env) -> Expr:
        left = as_expr(self.of(node.expr, env))
        result: Expr | None = None
        for operand in node.ops:
            right = as_expr(self.of(operand.expr, env))
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
        value = self.of(inner, env)
        match value:
            case Module(names=names):
                if name not in names:
                    self.walk.missing_name(str(name), value, inner)
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
        return part_of(value, name)

    def _look_up(self, var: Var, name: str | int) -> None:
        """Note a field that no sample of a variable has."""
        key, path = self.walk.domains.key(var)
        fields: set[str] = set()
        for sample in self.walk.domains.samples(key) or ():
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
            self.walk.used[place] = Use(
                text_of(Var(var.root, var.path)), str(name), tuple(sorted(fields)), self.walk.chain
            )

    def _call(self, node: nodes.Call, env: Env) -> Any:
        if isinstance(node.node, nodes.Getattr):
            found = self._method(node, node.node, env)
            if found is not None:
                return found
        callee = self.of(node.node, env)
        match callee:
            case Macro():
                return Rendered(tuple(self._macro(callee, node, env)))
            case Blocks(name=str(name), level=level):
                return Rendered(tuple(self._block(name, level, node, env)))
        arguments = [as_expr(self.of(one, env)) for one in node.args]
        if isinstance(node.node, nodes.Name) and node.node.name not in env:
            match node.node.name:
                case "range":
                    return self._range(node, arguments)
                case "_" | "gettext" | "ngettext" if arguments:
                    return arguments[0]
        name = text_of(as_expr(callee))
        return Op("call", name, (Op("opaque", name), *arguments), (), self.walk.place(node))

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
            return Op("filter", getter.attr, (as_expr(self.of(getter.node, env)),))
        if getter.attr == "strip" and not node.args:
            return Op("filter", "trim", (as_expr(self.of(getter.node, env)),))
        if getter.attr == "get" and node.args and isinstance(node.args[0], nodes.Const):
            value = self._attribute(getter.node, node.args[0].value, env)
            if len(node.args) > 1:
                return Op("filter", "default", (as_expr(value), as_expr(self.of(node.args[1], env))))
            return value
        return None
