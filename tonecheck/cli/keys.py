"""``tonecheck keys``: make, list and revoke the API keys of the service."""

from __future__ import annotations

from typing import Any

import click

from tonecheck.cli import options, session
from tonecheck.service.keys import USUAL_RATE, Keys

_FILE = click.option(
    "--file",
    "path",
    required=True,
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="The file of the keys; it holds their hashes alone.",
)


@click.group()
def keys() -> None:
    """Make, list and revoke the API keys of the service."""


@keys.command(epilog="Example: tonecheck keys add crm --file keys.jsonl --rate 300")
@click.argument("name")
@options.add(
    _FILE,
    click.option(
        "--rate",
        type=int,
        metavar="N",
        default=USUAL_RATE,
        show_default=True,
        help="How many requests a minute it may make.",
    ),
)
def add(name: str, path: str, rate: int) -> int:
    """Make a key for NAME, whoever is to use it, and print it: once, for it is not kept.

    The file is made if it is not there. A running service takes the key at once.
    """
    known = Keys.load(path, new=True)
    secret = known.add(name, rate)
    session.write(f"{secret}\n")
    made = known.owner(secret)
    assert made is not None
    click.echo(
        f"key {made.id}, {made.rate} requests a minute; it is shown this once, so keep it where secrets are kept",
        err=True,
    )
    return 0


@keys.command("list")
@options.add(_FILE)
def list_keys(path: str) -> int:
    """List the keys: id, day, requests a minute, whether it is good, and name."""
    known = Keys.load(path).all()
    rows: list[tuple[Any, ...]] = [("id", "created", "rate", "state", "name")]
    rows += [(key.id, key.created, key.rate, "revoked" if key.revoked else "good", key.name) for key in known]
    widths = [max(len(str(row[column])) for row in rows) for column in range(4)]
    terminal = session.terminal()
    for row in rows:
        cells = [str(cell).ljust(width) for cell, width in zip(row[:4], widths, strict=True)]
        session.write("  ".join([*cells, row[4]]) + "\n", terminal.encoding)
    return 0


@keys.command()
@click.argument("id")
@options.add(_FILE)
def revoke(id: str, path: str) -> int:
    """Make the key ID worthless, for good. A running service refuses it at once."""
    revoked = Keys.load(path).revoke(id)
    click.echo(f"key {revoked.id} ({revoked.name}) is revoked", err=True)
    return 0
