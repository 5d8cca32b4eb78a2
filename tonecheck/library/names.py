"""Which variables a template uses: in its body and subject, and through what it imports, includes and extends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from jinja2 import TemplateNotFound, nodes
from jinja2.meta import find_undeclared_variables

from tonecheck.library.environment import Environment
from tonecheck.library.frontmatter import Fault


class Use(NamedTuple):
    """The name of a variable, and the line (from 1) of the template through which it is used; ``via``: a file that it imports."""

    name: str
    line: int
    via: str | None


def uses(environment: Environment, source: str) -> Iterator[Use]:
    """The variables that ``source`` needs, each once for each way to it. Raises ``Fault`` and Jinja's ``TemplateSyntaxError``."""
    tree = environment.parse(source)
    reader = _Reader(environment)
    for name in sorted(_free(tree, environment)):
        yield Use(name, _line(tree, name), None)
    for node in tree.find_all((nodes.FromImport, nodes.Import, nodes.Include, nodes.Extends)):
        for template in _named(node):
            names = _wanted(node, tree)
            found = reader.of(template, names, node.lineno)
            if isinstance(node, nodes.Import | nodes.FromImport) and not node.with_context:
                if found:
                    first = sorted(found)[0]
                    raise Fault(
                        node.lineno,
                        f"{template} uses the variable {first!r}; import it 'with context', or pass it on",
                    )
                continue
            for name in sorted(found):
                yield Use(name, node.lineno, template)


def _free(tree: nodes.Template, environment: Environment) -> set[str]:
    return find_undeclared_variables(tree) - set(environment.globals)


def _line(tree: nodes.Node, name: str) -> int:
    return min(node.lineno for node in tree.find_all(nodes.Name) if node.name == name)


def _named(node: nodes.Node) -> list[str]:
    """The templates that a statement names. Raises ``Fault`` for a name that is worked out while rendering."""
    template = getattr(node, "template", None)
    if isinstance(template, nodes.Const) and isinstance(template.value, str):
        return [template.value]
    raise Fault(node.lineno, "name the template that is read as a text in quotation marks")


def _wanted(node: nodes.Node, tree: nodes.Template) -> set[str] | None:
    """The macros that a statement brings; ``None`` for all of the file, and what stands outside of macros."""
    if isinstance(node, nodes.FromImport):
        return {one[0] if isinstance(one, tuple) else one for one in node.names}
    if isinstance(node, nodes.Import):
        return {
            one.attr
            for one in tree.find_all(nodes.Getattr)
            if isinstance(one.node, nodes.Name) and one.node.name == node.target
        }
    return None


class _Reader:
    """Follows files; each macro once, so that a circle ends."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._trees: dict[str, nodes.Template] = {}
        self._seen: set[tuple[str, str | None]] = set()

    def _tree(self, template: str, line: int) -> nodes.Template:
        if template not in self._trees:
            loader = self._environment.loader
            assert loader is not None
            try:
                source, filename, _ = loader.get_source(self._environment, template)
            except TemplateNotFound as err:
                raise Fault(line, f"there is no file {template!r} in the folder of the templates") from err
            # Compiled for its errors, which name the file and the line.
            self._environment.compile(source, template, filename)
            self._trees[template] = self._environment.parse(source, template, filename)
        return self._trees[template]

    def of(self, template: str, wanted: set[str] | None, line: int) -> set[str]:
        """The free variables of macros of a file, or of all of it."""
        tree = self._tree(template, line)
        macros = {node.name: node for node in tree.body if isinstance(node, nodes.Macro)}
        rest = nodes.Template([node for node in tree.body if not isinstance(node, nodes.Macro)], lineno=1)
        found: set[str] = set()
        open_names: set[str] = set()
        imported = {
            (one[1] if isinstance(one, tuple) else one): (one[0] if isinstance(one, tuple) else one, node)
            for node in tree.find_all(nodes.FromImport)
            for one in node.names
        }
        if (template, None) not in self._seen:
            self._seen.add((template, None))
            open_names |= self._free_of(rest)
            for node in tree.find_all((nodes.Include, nodes.Extends, nodes.Import)):
                for other in _named(node):
                    found |= self.of(other, _wanted(node, tree), node.lineno)
        pending = list(macros if wanted is None else wanted)
        for name in pending:
            if wanted is not None and name not in macros and name not in imported and not _sets(rest, name):
                from tonecheck.library.errors import nearest

                raise Fault(line, f"{template} has no macro {name!r}{nearest(name, macros)}")
        while pending:
            name = pending.pop()
            if (template, name) in self._seen or name not in macros:
                if name in imported:
                    original, node = imported[name]
                    found |= self.of(_named(node)[0], {original}, node.lineno)
                continue
            self._seen.add((template, name))
            free = self._free_of(nodes.Template([macros[name]], lineno=1))
            pending += [one for one in free if one in macros or one in imported]
            open_names |= {one for one in free if not _sets(rest, one)}
        pending = [one for one in open_names if one in macros or one in imported]
        for name in pending:
            if (template, name) not in self._seen:
                found |= self.of(template, {name}, line)
        return found | {one for one in open_names if one not in macros and one not in imported}

    def _free_of(self, tree: nodes.Template) -> set[str]:
        tree.set_environment(self._environment)
        return _free(tree, self._environment)


def _sets(tree: nodes.Template, name: str) -> bool:
    return any(node.name == name and node.ctx == "store" for node in tree.find_all(nodes.Name))
