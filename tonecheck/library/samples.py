"""The sample values of a template, combined.

The rule: every combination, where there are at most ``most``. Otherwise first each sample of each variable once while the others have
their first one (an optional variable is also left out once), then combinations spread evenly over all of them, ``most`` in all.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import gcd, prod
from typing import Any

from tonecheck.library.template import Template

MOST = 200
# A step of this part of all combinations comes to none twice, and leaves none of them far from one that was taken.
_GOLDEN = 0.6180339887


def first(template: Template) -> dict[str, Any]:
    """The first sample of every variable."""
    return {name: variable.samples[0] for name, variable in template.variables.items()}


def combinations(template: Template, most: int = MOST) -> Iterator[dict[str, Any]]:
    """Values to render the template with, none twice, at most ``most``."""
    choices = {
        name: [*variable.samples, *([None] if variable.optional else [])]
        for name, variable in template.variables.items()
    }
    sizes = [len(each) for each in choices.values()]
    total = prod(sizes)
    if total <= most:
        numbers: Iterator[int] = iter(range(total))
    else:
        numbers = _spread(sizes, total)
    seen: set[int] = set()
    for number in numbers:
        if number in seen:
            continue
        seen.add(number)
        yield _picked(choices, number)
        if len(seen) >= min(most, total):
            return


def _spread(sizes: list[int], total: int) -> Iterator[int]:
    weight = 1
    yield 0
    for size in sizes:
        yield from (weight * digit for digit in range(1, size))
        weight *= size
    step = max(1, int(total * _GOLDEN))
    while gcd(step, total) != 1:
        step += 1
    yield from (turn * step % total for turn in range(1, total))


def _picked(choices: dict[str, list[Any]], number: int) -> dict[str, Any]:
    picked = {}
    for name, each in choices.items():
        number, digit = divmod(number, len(each))
        picked[name] = each[digit]
    return picked
