"""The ladder: a sequence of messages linted as one thing.

A cadence is a YAML file with ``steps``, each ``{template, when, firmness, promises}``; templates are named from the folder that holds the
cadence's folder, or from ``--root``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from tonecheck.document import Lines
from tonecheck.errors import UserError, did_you_mean
from tonecheck.linter.found import Found, found
from tonecheck.linter.linter import Linter, texts_of
from tonecheck.linter.options import LintOptions
from tonecheck.linter.places import Place
from tonecheck.linter.sources import EXTENSIONS, LARGEST, Unreadable, resolve
from tonecheck.profile import Profile

# What a reader was once offered and then misses.
_OFFERS = ("payment_options", "support_resources")
_LABELS = {"payment_options": "a way to pay in parts or later", "support_resources": "where to get help"}
# Messages that answer the reader, where nothing has to be offered.
_ANSWERS = frozenset({"thanks", "plan", "plan_followup", "dispute", "hardship"})
_DAYS = re.compile(r"(\d+) days? (before|after) (.+?)(?:,|$)")


class Step(NamedTuple):
    """A message of the ladder. ``place``: where its template is named."""

    template: str
    when: str
    firmness: int | None
    promises: tuple[str, ...]
    place: Place
    profile: Profile | None = None
    offers: frozenset[str] = frozenset()


def lint_cadence(file: Path, options: LintOptions, linter: Linter | None = None) -> dict[str, Any]:
    """The row of a cadence, like that of a template. Raises ``UserError`` for a file that is no cadence."""
    text, steps = _read(file)
    linter = linter or Linter(options)
    root = options.root or file.resolve().parent.parent
    faults: list[Found] = []
    known = []
    for step in steps:
        path = _file_of(root, step.template)
        if path is None:
            faults.append(_missing(step, root))
        else:
            known.append(_looked_at(step, path, linter))
    faults += [*_firmness(steps), *_days(steps), *_finals(known), *_promises(steps), *_offers(known)]
    lines = Lines(text)
    rows = []
    for one in sorted(faults, key=lambda one: (one.place.start if one.place else 0, one.rule)):
        assert one.place is not None
        _, start, end = one.place
        line, column = lines.position(start)
        rows.append(
            one.placed(file.as_posix(), start=start, end=end, line=line, column=column, quote=text[start:end])
        )
    worst = max((one.severity for one in faults), default=1)
    return {
        "path": file.as_posix(),
        "profile": options.config.profile.to_dict(),
        "verdict": ("send", "revise", "block")[worst - 1],
        "partial": False,
        "branches": {"explored": 0, "feasible": 0, "capped": False},
        "findings": rows,
        "suppressed": [],
    }


def _read(file: Path) -> tuple[str, list[Step]]:
    try:
        if file.stat().st_size > LARGEST:
            raise UserError(f"{file}: larger than {LARGEST:,} bytes; no cadence is")
        text = file.read_text(encoding="utf-8")
        node = yaml.compose(text, yaml.CSafeLoader)
    except OSError as err:
        raise UserError(f"{file}: cannot be read: {err.strerror}") from err
    except (UnicodeDecodeError, yaml.YAMLError, RecursionError) as err:
        mark = getattr(err, "problem_mark", None)
        raise UserError(f"{file}:{mark.line + 1 if mark else 1}: not valid YAML") from err
    entries = dict(_pairs(node)).get("steps")
    if not isinstance(entries, yaml.SequenceNode) or not entries.value:
        raise UserError(f"{file}: a cadence has 'steps', a list of templates with 'when' and 'firmness'")
    return text, [_step(entry, file, Lines(text)) for entry in entries.value]


def _pairs(node: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield str(key.value), value


def _step(node: Any, file: Path, lines: Lines) -> Step:
    fields = dict(_pairs(node))
    name = fields.get("template")
    line = node.start_mark.line + 1
    if not isinstance(name, yaml.ScalarNode):
        raise UserError(f"{file}:{line}: a step names its 'template'")
    firmness = fields.get("firmness")
    promises = fields.get("promises")
    if isinstance(firmness, yaml.ScalarNode) and not re.fullmatch(r"\d{1,3}", firmness.value):
        raise UserError(f"{file}:{line}: 'firmness' is a whole number")
    start = lines.start(name.start_mark.line + 1) + name.start_mark.column
    when = fields.get("when")
    return Step(
        name.value,
        when.value if isinstance(when, yaml.ScalarNode) else "",
        int(firmness.value) if isinstance(firmness, yaml.ScalarNode) else None,
        tuple(str(one.value) for one in promises.value) if isinstance(promises, yaml.SequenceNode) else (),
        Place(file.as_posix(), start, start + len(name.value)),
    )


def _file_of(root: Path, name: str) -> Path | None:
    for ending in ("", *sorted(EXTENSIONS), ".txt.j2", ".md.j2", ".html.j2", ".eml.j2"):
        file = resolve(root, f"{name}{ending}")
        if file is not None:
            return file
    return None


def _looked_at(step: Step, path: Path, linter: Linter) -> Step:
    """The step with its profile, and what its message offers on every path."""
    try:
        profile, texts = texts_of(linter, path)
    except (Unreadable, UserError):
        return step
    offers = None
    for text in texts:
        report = linter.screen.check(text, profile, format="text")
        there = frozenset(name for name in _OFFERS if report.elements[name].present)
        offers = there if offers is None else offers & there
    return step._replace(profile=profile, offers=offers or frozenset())


def _finding(rule: str, severity: int, message: str, why: str, place: Place, mend: str) -> Found:
    return found(f"cadence/{rule}", "contradiction", severity, message, why, place, instead=mend)


def _missing(step: Step, root: Path) -> Found:
    known = [
        path.relative_to(root).with_suffix("").as_posix()
        for path in sorted(root.glob("**/*"))[:5000]
        if path.suffix in EXTENSIONS
    ]
    hint = did_you_mean(step.template, known) or "."
    return found(
        "cadence/missing-template",
        "syntax",
        3,
        f"There is no template {step.template!r}{hint}",
        "The step cannot be sent.",
        step.place,
    )


def _firmness(steps: list[Step]) -> Iterator[Found]:
    why = "A reader who is met more sternly than before without a step between has no chance to answer."
    for before, step in pairwise(steps):
        if before.firmness is None or step.firmness is None:
            continue
        if step.firmness < before.firmness:
            message = f"Firmness falls from {before.firmness} to {step.firmness}."
            yield _finding(
                "firmness-falls",
                2,
                message,
                "Who is taken less seriously later was not meant seriously before.",
                step.place,
                "Order the steps by firmness.",
            )
        elif step.firmness > before.firmness + 1:
            message = f"Firmness leaps from {before.firmness} to {step.firmness}."
            yield _finding(
                "step-skipped",
                2,
                message,
                why,
                step.place,
                f"Put a message of firmness {before.firmness + 1} between.",
            )


def _days(steps: list[Step]) -> Iterator[Found]:
    """Days that run backwards, where they are counted from the same event."""
    last: dict[str, int] = {}
    for step in steps:
        match = _DAYS.match(step.when)
        if match is None:
            continue
        day = int(match[1]) * (-1 if match[2] == "before" else 1)
        event = match[3].strip()
        if event in last and day <= last[event]:
            yield _finding(
                "out-of-order",
                2,
                f"“{step.when}” is not after the step before it.",
                "The messages would cross.",
                step.place,
                "Move the step or its day.",
            )
        last[event] = max(day, last.get(event, day))


def _finals(steps: list[Step]) -> Iterator[Found]:
    finals = [
        number
        for number, step in enumerate(steps)
        if (step.profile is not None and step.profile.stage == "final") or "final-notice" in step.template
    ]
    why = "Final means that nothing like it follows; said twice or early it is not true."
    for number in finals[:-1]:
        yield _finding(
            "final-twice",
            2,
            "Another final notice follows this one.",
            why,
            steps[number].place,
            "Call only the last one final.",
        )
    for number in finals[-1:]:
        later = [
            step
            for step in steps[number + 1 :]
            if step.profile is None or step.profile.stage in ("reminder", "overdue", "final")
        ]
        if later:
            yield _finding(
                "final-not-last",
                2,
                f"{later[0].template!r} asks for payment after the final notice.",
                why,
                steps[number].place,
                "Put the final notice last.",
            )


def _promises(steps: list[Step]) -> Iterator[Found]:
    for number, step in enumerate(steps):
        later = {one.template for one in steps[number + 1 :]}
        for promised in step.promises:
            if promised not in later:
                yield _finding(
                    "promise-broken",
                    2,
                    f"This step announces {promised!r}, which does not follow.",
                    "What is announced and does not come is an empty threat, or an offer that was not meant.",
                    step.place,
                    "Add the step, or take the announcement out.",
                )


def _offers(steps: list[Step]) -> Iterator[Found]:
    offered: dict[str, str] = {}
    for step in steps:
        for name in _OFFERS:
            is_answer = step.profile is not None and step.profile.stage in _ANSWERS
            if name in offered and name not in step.offers and step.profile is not None and not is_answer:
                yield _finding(
                    "offer-vanishes",
                    2,
                    f"This message no longer says {_LABELS[name]}, which {offered[name]!r} did.",
                    "The firmer a message is, the more its reader needs a way out.",
                    step.place,
                    "Say it here as well.",
                )
        offered |= {name: step.template for name in step.offers if name not in offered}
