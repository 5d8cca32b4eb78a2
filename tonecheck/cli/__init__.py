"""The command line. ``main`` is the whole of it; each command has its own module, imported when it is called."""

from __future__ import annotations

from tonecheck.cli.group import Commands

__all__ = ["main"]

main = Commands(
    "tonecheck",
    "Reads a draft collection message and says how it will land, what is missing and what the law says.",
    {
        "check": ("tonecheck.cli.check:check", "Check drafts: files, or standard input."),
        "fix": ("tonecheck.cli.fix:fix", "Mend drafts: apply suggestions."),
        "batch": ("tonecheck.cli.batch:batch", "Check JSON Lines, one draft a line."),
        "templates": ("tonecheck.cli.templates:templates", "List, show, render and lint message templates."),
        "rules": ("tonecheck.cli.rules:rules", "List, explain and test the rules."),
        "serve": ("tonecheck.cli.serve:serve", "Serve the HTTP API and the page."),
        "keys": ("tonecheck.cli.keys:keys", "Add, list and revoke API keys of the service."),
        "eval": ("tonecheck.cli.evaluation:evaluation", "Score the checker against labelled messages."),
    },
    epilog="Exit status: 0 nothing at or above --fail-on; 1 something was; 2 the call, a file or the configuration is wrong.",
    version=True,
)
