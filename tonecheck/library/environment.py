"""Where templates are rendered: Jinja's sandbox, narrowed until no template can do more than write text, and not much of it.

A template reads its values, calls macros and the filters below. Steps (turns of loops, calls), sizes and depths are bounded, so that a
mistake ends in an error instead of an endless message.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from pathlib import Path
from typing import Any

from jinja2 import BaseLoader, StrictUndefined, TemplateNotFound, nodes
from jinja2.exceptions import SecurityError
from jinja2.filters import FILTERS as _JINJA
from jinja2.loaders import split_template_path
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.tests import TESTS

from tonecheck.library.frontmatter import body_in_place
from tonecheck.library.types import Unfit, as_day, as_money

MOST_STEPS = 20_000
LONGEST_OUTPUT = 100_000
_CURRENCIES = {"us": ("USD", "en_US"), "uk": ("GBP", "en_GB")}
_DAYS = {"us": "MMMM d, y", "uk": "d MMMM y"}
_SHORT_DAYS = {"us": "MMM d", "uk": "d MMM"}
# Jinja's own filters and tests that cannot blow a text up, and what methods of a value a template may call.
_FILTERS = tuple(
    "abs batch capitalize count d default dictsort first float groupby int items join last length list lower map max min reject "
    "rejectattr reverse round select selectattr sort string sum title trim truncate unique upper wordcount".split()
)
_OURS = ("money", "day", "short_day", "replace")
# What a template can call: for messages about one that does not exist.
FILTERS = tuple(sorted((*_FILTERS, *_OURS)))
_TESTS = tuple(
    "boolean defined divisibleby eq equalto even false ge gt greaterthan in integer iterable le lessthan lower lt mapping ne none "
    "number odd sameas sequence string true undefined upper".split()
)
_METHODS = frozenset(
    "capitalize endswith get isdigit items keys lower lstrip rstrip split startswith strip title upper values".split()
)


class TooMuch(SecurityError):
    """A template wants to do more than a message needs."""


_steps: ContextVar[list[int]] = ContextVar("steps")


@contextmanager
def bounded() -> Iterator[None]:
    """Within, templates may be rendered: with ``MOST_STEPS`` steps in all."""
    token = _steps.set([MOST_STEPS])
    try:
        yield
    finally:
        _steps.reset(token)


def _step() -> None:
    left = _steps.get()
    left[0] -= 1
    if left[0] < 0:
        raise TooMuch(f"it takes more than {MOST_STEPS:,} steps")


class _Files(BaseLoader):
    """The files of a folder, their heads left out."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get_source(self, environment: Any, template: str) -> tuple[str, str, Callable[[], bool]]:
        path = self._folder.joinpath(*split_template_path(template))
        try:
            source = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as err:
            raise TemplateNotFound(template) from err
        return body_in_place(source), str(path), lambda: True


class Environment(ImmutableSandboxedEnvironment):
    """Renders the templates below ``folder``, with amounts and dates as ``jurisdiction`` writes them."""

    intercepted_binops = frozenset(["+", "*", "**", "%"])

    def __init__(self, folder: Path, jurisdiction: str) -> None:
        super().__init__(
            loader=_Files(folder),
            undefined=StrictUndefined,
            autoescape=False,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=False,
            auto_reload=False,
        )
        self.globals = {"range": _range}
        self.filters = {name: _measured(_JINJA[name]) for name in _FILTERS}
        self.filters |= {
            "replace": _replace,
            "money": lambda value: _money(value, jurisdiction),
            "day": lambda value: _day(value, jurisdiction, _DAYS),
            "short_day": lambda value: _day(value, jurisdiction, _SHORT_DAYS),
        }
        self.tests = {name: TESTS[name] for name in _TESTS}
        self.filters |= {"_counted": _counted, "_joined": _joined}

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        for loop in tree.find_all(nodes.For):
            loop.iter = _through("_counted", loop.iter, self)
        for joined in list(tree.find_all(nodes.Concat)):
            # In place: whoever holds the node has to see another one.
            parts = nodes.List(list(joined.nodes), lineno=joined.lineno, environment=self)
            joined.nodes = [_through("_joined", parts, self)]
        return tree

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        if not super().is_safe_attribute(obj, attr, value):
            return False
        return (
            not callable(value)
            or attr in _METHODS
            or not isinstance(obj, str | Mapping | list | tuple | date)
        )

    def wrap_str_format(self, value: Any) -> None:
        """Nothing: the methods that format texts are not for templates."""

    def call(self, context: Any, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        _step()
        return super().call(context, obj, *args, **kwargs)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        if operator == "**":
            raise TooMuch("** is not for messages")
        if any(isinstance(side, str | list | tuple) for side in (left, right)):
            if operator != "+":
                raise TooMuch(f"{operator} is for numbers")
            return _sized(left + right)
        return super().call_binop(context, operator, left, right)


def _through(filter: str, value: nodes.Node, environment: Environment) -> nodes.Filter:
    return nodes.Filter(value, filter, [], [], None, None, lineno=value.lineno, environment=environment)


def _counted(values: Iterable[Any]) -> list[Any]:
    def each() -> Iterator[Any]:
        for value in values:
            _step()
            yield value

    return list(each())


def _joined(parts: Iterable[Any]) -> str:
    return str(_sized("".join(map(str, parts))))


def _sized(value: Any) -> Any:
    if isinstance(value, str | list | tuple) and len(value) > LONGEST_OUTPUT:
        raise TooMuch(f"a text of it has more than {LONGEST_OUTPUT:,} characters")
    return value


def _measured(filter: Callable[..., Any]) -> Callable[..., Any]:
    """A filter of Jinja's whose result is held against the longest text."""
    from functools import wraps

    @wraps(filter)
    def measured(*args: Any, **kwargs: Any) -> Any:
        _step()
        return _sized(filter(*args, **kwargs))

    return measured


def _replace(value: Any, old: str, new: str) -> str:
    text = str(value)
    if text.count(old) * len(new) > LONGEST_OUTPUT:
        raise TooMuch(f"a text of it has more than {LONGEST_OUTPUT:,} characters")
    return text.replace(old, new)


def _range(*bounds: int) -> range:
    values = range(*bounds)
    if len(values) > MOST_STEPS:
        raise TooMuch(f"range() has more than {MOST_STEPS:,} numbers")
    return values


def _money(value: Any, jurisdiction: str) -> str:
    """$1,204.50 or £1,204.50. Raises ``Unfit``."""
    from babel.numbers import format_currency

    currency, locale = _CURRENCIES[jurisdiction]
    return format_currency(as_money(value), currency, locale=locale)


def _day(value: Any, jurisdiction: str, patterns: Mapping[str, str]) -> str:
    """May 14, 2027 or 14 May 2027. Raises ``Unfit``."""
    from babel.dates import format_date

    return format_date(as_day(value), patterns[jurisdiction], locale=_CURRENCIES[jurisdiction][1])


__all__ = ["FILTERS", "LONGEST_OUTPUT", "MOST_STEPS", "Environment", "TooMuch", "Unfit", "bounded"]
