"""``tonecheck eval``: score the checker, and other systems beside it, against labelled messages."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from tonecheck import __version__
from tonecheck.cli import options, session
from tonecheck.config import Config
from tonecheck.errors import UserError

if TYPE_CHECKING:
    from tonecheck.engine import Checker
    from tonecheck.evaluate import Evaluation
    from tonecheck.labels import Record

_BOTH, _RULES, _MODEL = "rules and model", "rules alone", "model alone"


class Beside(NamedTuple):
    """Another system: the name of its column, and the file with its predictions."""

    name: str
    file: str


class _NameAndFile(click.ParamType):  # type: ignore[type-arg]
    name = "NAME=FILE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Beside:
        if isinstance(value, Beside):
            return value
        name, _, file = (part.strip() for part in str(value).partition("="))
        if not name or not file or "|" in name or not name.isprintable():
            self.fail(f"{value!r} is not of the form vader=vader.jsonl, with a name without '|'", param, ctx)
        if name in (_BOTH, _RULES, _MODEL):
            self.fail(f"{name!r} is the name of a column of its own", param, ctx)
        return Beside(name, file)


@click.command("eval", epilog="Example: tonecheck eval labelled.jsonl --out docs/EVALUATION.md")
@click.argument("files", nargs=-1, required=True, metavar="FILE.jsonl…", type=click.Path())
@options.add(
    click.option("--compare", is_flag=True, help="Evaluate the rules alone and the model alone, too."),
    click.option(
        "--beside",
        multiple=True,
        type=_NameAndFile(),
        help="Another system and the JSON Lines with its predictions; can be repeated.",
    ),
    click.option("--rewrites", is_flag=True, help="Evaluate suggestions and fix instead."),
    click.option("--format", type=options.OneOf(("markdown", "json")), default="markdown", show_default=True),
    click.option("--out", default="-", metavar="FILE", help="Where to write; standard output if not given."),
    *options.JUDGING,
)
def evaluation(
    files: tuple[str, ...],
    compare: bool,
    beside: tuple[Beside, ...],
    rewrites: bool,
    format: str,
    out: str,
    **given: Any,
) -> int:
    """Check labelled messages and compare: elements, tone spans and categories, verdicts, score.

    A record has the keys id, text, tone, elements and verdict, and the fields of its profile. Each is checked with its
    own profile; options and configuration change the rules only.

    With --compare or --beside one table has a column for each system. A prediction of another system has the key id
    and some of score (the higher the better), verdict and tone, a list of start and end and, if known, category and
    severity.
    """
    from tonecheck.labels import read_records
    from tonecheck.render import evaluation as render
    from tonecheck.render.json import dumps

    loaded = session.settings(given)
    if compare and loaded.config.backend == "none":
        raise click.UsageError(
            "--compare needs a tone model; the settings say 'none'", click.get_current_context()
        )
    if rewrites and (compare or beside):
        raise click.UsageError("--rewrites goes without --compare and --beside", click.get_current_context())
    checker = session.open_checker(replace(loaded.config, suggestions=rewrites), session.load_rules(loaded))
    records = [record for file in files for record in read_records(Path(file))]
    if rewrites:
        _write_rewrites(
            checker, records, _command(files, False, (), loaded.config) + " --rewrites", format, out
        )
        return 0
    # Predictions are read first: a mistake in them should not wait for the checks.
    others = _evaluated_beside(beside, records)
    evaluations = _evaluated(_systems(checker, compare), records) | others
    compared = len(evaluations) > 1
    result = next(iter(evaluations.values()))
    if format == "json":
        told: dict[str, Any] = {"version": __version__, "files": [Path(file).name for file in files]}
        if compared:
            told |= {"messages": result.messages, "systems": render.comparison_dict(evaluations)}
        else:
            told |= result.to_dict()
        text = dumps(told, indent=2) + "\n"
    else:
        notes = _notes(_command(files, compare, beside, loaded.config), loaded.config, len(checker.rules))
        text = render.render_comparison(evaluations, notes) if compared else render.render(result, notes)
    with session.output(out) as stream:
        stream.write(text.encode("utf-8"))
    return 0


def _write_rewrites(checker: Checker, records: Sequence[Record], command: str, format: str, out: str) -> None:
    from tonecheck.render.json import dumps
    from tonecheck.rewrite.measure import measure

    result = measure(checker, records)
    if format == "json":
        text = dumps({"version": __version__, **asdict(result)}, indent=2) + "\n"
    else:
        rows = [f"| {name} | {value} |" for name, value in result.rows()]
        notes = [
            f"- {name}: {value}"
            for name, value in _notes(f"`{command}`", checker.config, len(checker.rules)).items()
        ]
        text = "\n".join([*notes, "", f"| {result.messages} messages | |", "| --- | ---: |", *rows]) + "\n"
    with session.output(out) as stream:
        stream.write(text.encode("utf-8"))


def _systems(checker: Checker, compare: bool) -> dict[str, Checker]:
    """The configured checker and, if asked for, its rules without its model and its model without its rules of tone.

    Elements and what is missing are found by rules in all three, since a verdict needs them.
    """
    from tonecheck.finding import TONE_CATEGORIES

    config = checker.config
    if not compare:
        return {_RULES if config.backend == "none" else _BOTH: checker}
    # The rules of a checker are those that are not switched off, with their severities; names need not be checked again.
    config = replace(config, disable=(), severity={})
    rules = [rule for rule in checker.rules if rule.verb != "model"]
    others = [rule for rule in checker.rules if rule.verb == "model" or rule.category not in TONE_CATEGORIES]
    return {
        _BOTH: checker,
        _RULES: session.open_checker(replace(config, backend="none"), rules),
        _MODEL: session.open_checker(config, others),
    }


def _evaluated(checkers: Mapping[str, Checker], records: Sequence[Record]) -> dict[str, Evaluation]:
    from tonecheck.evaluate import evaluate, prediction_of

    result = {}
    with session.progress(len(records) * len(checkers), "Checking") as step:
        for name, checker in checkers.items():
            pairs = []
            for record in records:
                pairs.append((record, prediction_of(checker.check(record.text, record.profile))))
                step(1)
            result[name] = evaluate(pairs)
    return result


def _evaluated_beside(beside: Sequence[Beside], records: Sequence[Record]) -> dict[str, Evaluation]:
    from tonecheck.evaluate import evaluate
    from tonecheck.predictions import read_predictions

    lengths = {record.id: len(record.text) for record in records}
    if beside and len(lengths) < len(records):
        raise UserError("--beside: an id stands in more than one of the labelled files; predictions go by id")
    result: dict[str, Evaluation] = {}
    for name, file in beside:
        if name in result:
            raise UserError(f"--beside: the name {name!r} is given twice")
        predictions = read_predictions(Path(file), lengths)
        result[name] = evaluate((record, predictions[record.id]) for record in records)
    return result


def _command(files: Sequence[str], compare: bool, beside: Sequence[Beside], config: Config) -> str:
    """The call, with the names of files alone, as somebody else would repeat it."""
    words = ["tonecheck eval", *(Path(file).name for file in files)]
    words += ["--compare"] if compare else []
    for name, file in beside:
        given = f"{name}={Path(file).name}"
        words.append(f'--beside "{given}"' if " " in given else f"--beside {given}")
    words += [f"--pipeline {config.pipeline}"] if config.pipeline != "default" else []
    words += [f"--model {config.backend}"] if config.backend != Config.backend else []
    return " ".join(words)


def _notes(command: str, config: Config, rules: int) -> dict[str, str]:
    return {
        "command": f"`{command.strip('`')}`",
        "date": datetime.date.today().isoformat(),
        "version": f"tonecheck {__version__}, {rules} rules, pipeline {config.pipeline}, model {config.backend}",
    }
