"""``tonecheck eval``: score the checker against labelled messages."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import click

from tonecheck import __version__
from tonecheck.cli import options, session


@click.command("eval", epilog="Example: tonecheck eval labelled.jsonl --out docs/EVALUATION.md")
@click.argument("files", nargs=-1, required=True, metavar="FILE.jsonl…", type=click.Path())
@options.add(
    click.option("--format", type=options.OneOf(("markdown", "json")), default="markdown", show_default=True),
    click.option("--out", default="-", metavar="FILE", help="Where to write; standard output if not given."),
    options.PIPELINE,
    *options.CONFIG,
    *options.RULES,
)
def evaluation(files: tuple[str, ...], format: str, out: str, **given: Any) -> int:
    """Check labelled messages and compare: elements, tone spans and categories, verdicts, score.

    A record has the keys id, text, tone, elements and verdict, and the fields of its profile. Each is checked with its
    own profile; options and configuration change the rules only.
    """
    from tonecheck.evaluate import evaluate, prediction_of
    from tonecheck.labels import read_records
    from tonecheck.render import evaluation as render
    from tonecheck.render.json import dumps

    loaded = session.settings(given)
    checker = session.open_checker(loaded.config, session.load_rules(loaded))
    records = [record for file in files for record in read_records(Path(file))]
    pairs = []
    with session.progress(len(records), "Checking") as step:
        for record in records:
            report = checker.check(record.text, record.profile)
            pairs.append((record, prediction_of(report)))
            step(1)
    result = evaluate(pairs)
    if format == "json":
        text = dumps(
            {"version": __version__, "files": [Path(file).name for file in files], **result.to_dict()},
            indent=2,
        )
        text += "\n"
    else:
        text = render.render(result, _notes(files, loaded.config.pipeline, len(checker.rules)))
    with session.output(out) as stream:
        stream.write(text.encode("utf-8"))
    return 0


def _notes(files: tuple[str, ...], pipeline: str, rules: int) -> dict[str, str]:
    names = " ".join(Path(file).name for file in files)
    return {
        "command": f"`tonecheck eval {names}"
        + (f" --pipeline {pipeline}`" if pipeline != "default" else "`"),
        "date": datetime.date.today().isoformat(),
        "version": f"tonecheck {__version__}, {rules} rules, pipeline {pipeline}",
    }
