"""``tonecheck check``: judge drafts."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from tonecheck.cli import options, selection, session
from tonecheck.cli.group import WRONG, complain
from tonecheck.config import SETTINGS
from tonecheck.errors import BrokenRule, DraftError, MissingExtra

if TYPE_CHECKING:
    from tonecheck.ci.findings import Located
    from tonecheck.config import LoadedConfig
    from tonecheck.document import Document
    from tonecheck.engine import Checker
    from tonecheck.report import Report
    from tonecheck.rulepack import Rule

_INPUT_FORMATS = ("text", "markdown", "html", "eml", "docx")


@click.command(epilog="Examples: tonecheck check draft.txt --channel sms; tonecheck check - < draft.txt")
@click.argument("files", nargs=-1, metavar="[FILE… | -]", type=click.Path())
@options.add(
    click.option(
        "--format", type=options.OneOf(SETTINGS["output.format"].choices), help="How to write the report."
    ),
    *options.drafts(_INPUT_FORMATS),
    *selection.OPTIONS,
    *options.JUDGING,
    click.option("--explain", is_flag=True, help="Say what matched and which guards were tried."),
    click.option("--explain-miss", metavar="RULE", help="Say why this rule did not fire."),
    click.option(
        "--show-config", is_flag=True, help="Print every setting and where it comes from, and stop."
    ),
    click.option(
        "--color", type=options.OneOf(("auto", "always", "never")), default="auto", help="Colour the text."
    ),
    click.option("--quiet", "-q", is_flag=True, help="One line for each draft."),
)
def check(files: tuple[str, ...], **given: Any) -> int:
    """Check drafts and say how they land, what is missing and what the law says.

    Reads standard input for - or when no file is named. The verdict, its reasons and every finding go to standard output.
    """
    loaded = session.settings(given)
    if given["show_config"]:
        session.write(loaded.to_toml())
        return 0
    if not files and sys.stdin.isatty():
        raise click.UsageError(
            "no draft: name a file, or pipe one in, as in 'tonecheck check - < draft.txt'",
            click.get_current_context(),
        )
    return _Run(loaded, given).all(files or ("-",))


class _Run:
    """One call of the command: what was asked, the reports so far, and the exit status."""

    def __init__(self, loaded: LoadedConfig, given: dict[str, Any]) -> None:
        self.config = loaded.config
        self.given = given
        rules = session.load_rules(loaded)
        self.account = session.read_account(given["context"])
        name = given["explain_miss"]
        self.missed: Rule | None = session.rule_named(name, rules) if name else None
        self.checker: Checker = session.open_checker(loaded.config, rules)
        self.terminal = session.terminal(given["color"])
        self.reports: list[tuple[str, Report, dict[str, Any]]] = []
        self.broken = False
        # For the formats of code hosts: the files that were checked, and what is shown of them.
        self.checked: list[str] = []
        self.located: list[Located] = []

    def all(self, paths: tuple[str, ...]) -> int:
        self.selection = selection.opened(paths, self.given)
        for path in paths:
            self._one(path)
        if self.config.format == "json":
            self._write_json(several=len(paths) > 1)
        elif self.config.format != "text":
            self._write_for_host()
        elif len(self.reports) > 1:
            from tonecheck.render.text import summary

            self._write(
                ("" if self.given["quiet"] else "\n") + summary(report for _, report, _ in self.reports)
            )
        selection.finish(self.selection)
        if self.broken:
            return WRONG
        return int(any(session.fails(report.verdict, self.config.fail_on) for _, report, _ in self.reports))

    def _one(self, path: str) -> None:
        """Check one draft. One that cannot be checked is named on stderr, and the others go on."""
        from tonecheck import readers

        try:
            name = None if path == "-" else path
            document = readers.read(session.read_draft(path), format=self.given["input_format"], name=name)
            report = self.checker.check_document(document, account=self.account)
            misses = self._misses(document, report)
        except (DraftError, MissingExtra, BrokenRule) as err:
            complain(f"{'standard input' if path == '-' else path}: {err}")
            self.broken = True
            return
        report = self._shown(path, document, report)
        self.reports.append((path, report, misses))
        if self.config.format == "text":
            self._write_text(path, document, report, misses)

    def _shown(self, path: str, document: Document, report: Report) -> Report:
        """The report without what a baseline knows and what stands on lines that did not change."""
        if self.selection is None and self.config.format in ("text", "json"):
            return report
        from tonecheck.ci.findings import from_report, relative

        located = from_report(path, report, document.source)
        if self.selection is not None:
            picked, reasons = self.selection.pick(path, located)
            located = [item for item, shown in zip(located, picked, strict=True) if shown]
            kept = [finding for finding, shown in zip(report.findings, picked, strict=True) if shown]
            report = self.checker.limited(report, kept, reasons)
        self.checked.append(relative(path))
        self.located += located
        return report

    def _misses(self, document: Document, report: Report) -> dict[str, Any]:
        if self.missed is None:
            return {}
        from tonecheck.explain import why_not

        return {"rule": self.missed.id, "reasons": why_not(self.missed, self.checker, document, report)}

    def _write_text(self, path: str, document: Document, report: Report, misses: dict[str, Any]) -> None:
        from tonecheck.render import text

        shown = "standard input" if path == "-" else path
        if self.given["quiet"]:
            self._write(text.render_line(report, shown, self.terminal))
        else:
            body = text.render(report, document.source, shown, self.terminal, explain=self.given["explain"])
            self._write(body if len(self.reports) == 1 else "\n" + body)
        if misses:
            lines = [line for reason in misses["reasons"] for line in self.terminal.wrap(reason, "  ")]
            self._write("\n".join(["", f"Why {misses['rule']} is not reported:", *lines]) + "\n")

    def _write_json(self, *, several: bool) -> None:
        from tonecheck.render import json

        rows = [
            (path, report, {"explain_miss": misses} if misses else {})
            for path, report, misses in self.reports
        ]
        if several:
            self._write(json.render_many(rows, explain=self.given["explain"]), "utf-8")
        elif rows:
            _, report, extra = rows[0]
            self._write(json.render(report, extra, explain=self.given["explain"]), "utf-8")

    def _write_for_host(self) -> None:
        from tonecheck import __version__, ci

        text = ci.render(self.config.format, self.located, version=__version__, paths=self.checked)
        self._write(text, "utf-8")

    def _write(self, text: str, encoding: str | None = None) -> None:
        session.write(text, encoding or self.terminal.encoding)
