"""``tonecheck serve``: the HTTP API and the page."""

from __future__ import annotations

import ipaddress
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any

import click

from tonecheck.cli import options, session
from tonecheck.errors import ConfigError, MissingExtra, UserError

_MOST_WORKERS = 64
_SECONDS_A_TURN = 0.0005


@click.command(epilog="Example: tonecheck serve --port 8000, then open http://127.0.0.1:8000/")
@options.add(
    click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on."),
    click.option(
        "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 takes a free one."
    ),
    click.option(
        "--workers",
        type=click.IntRange(0, _MOST_WORKERS),
        help="Processes that check; by default one for each processor, 0 checks in the serving process.",
    ),
    click.option(
        "--keys",
        type=click.Path(dir_okay=False),
        metavar="FILE",
        help="The file of API keys (see 'tonecheck keys'); needed for any but the loopback address.",
    ),
    click.option(
        "--origin",
        "origins",
        multiple=True,
        metavar="URL",
        help="A site whose pages may call the API from a browser (CORS).",
    ),
    click.option(
        "--max-chars",
        type=click.IntRange(1, 5_000_000),
        default=100_000,
        show_default=True,
        help="Of a draft.",
    ),
    click.option(
        "--seconds",
        type=click.FloatRange(0.1, 600),
        default=20.0,
        show_default=True,
        help="As long may one check take.",
    ),
    click.option(
        "--log-level",
        type=options.OneOf(("debug", "info", "warning", "error")),
        default="info",
        show_default=True,
        help="Of the log on standard error, a line of JSON for each request. No draft is ever in it.",
    ),
    *options.PROFILE,
    *options.JUDGING,
)
def serve(host: str, port: int, workers: int | None, keys: str | None, **given: Any) -> int:
    """Serve the HTTP API and the page where drafts are pasted.

    Nothing leaves this machine, and no draft is stored or logged. Ends at once, but after the requests that it has, when it is interrupted.
    """
    loaded = session.settings(given)
    # Whoever starts it is to learn at once what is wrong with the rules, and not each request.
    session.load_rules(loaded)
    if keys is None and not _is_loopback(host):
        raise UserError(
            f"--host {host} can be reached by others: give --keys FILE (see 'tonecheck keys add --help'), or listen on 127.0.0.1"
        )
    try:
        import waitress  # type: ignore[import-untyped]

        from tonecheck.service.app import build
        from tonecheck.service.settings import Settings
        from tonecheck.service.telemetry import log_to_stderr
    except ModuleNotFoundError as err:
        raise MissingExtra("the service", "server") from err

    settings = Settings(
        config=loaded.config,
        workers=os.cpu_count() or 1 if workers is None else workers,
        longest=given["max_chars"],
        seconds=given["seconds"],
        origins=given["origins"],
        keys=Path(keys) if keys else None,
    )
    log_to_stderr(given["log_level"])
    listening = _listen(host, port)
    try:
        app = build(settings)
    except BaseException:
        listening.close()
        raise
    server = waitress.create_server(
        app,
        sockets=[listening],
        # Threads only wait for workers and write answers.
        threads=max(16, 8 * (settings.workers or 1)),
        max_request_body_size=settings.batch_body,
        # A body or an answer beyond these would go to a temporary file; no draft is to be on a disk.
        inbuf_overflow=settings.batch_body + (1 << 20),
        outbuf_overflow=1 << 30,
        channel_timeout=60,
        connection_limit=1000,
        ident=None,
        clear_untrusted_proxy_headers=True,
    )
    if settings.workers:
        # Threads here do little at a time; by default one that has an answer to pass on waits 5 ms for its turn.
        sys.setswitchinterval(_SECONDS_A_TURN)
    shown = f"[{host}]" if ":" in host else host
    click.echo(
        f"tonecheck serves http://{shown}:{listening.getsockname()[1]}/ (stop it with Ctrl-C)", err=True
    )
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        server.run()
    except KeyboardInterrupt:
        pass
    finally:
        server.close()
        app.extensions["tonecheck.desk"].runner.close()
    return 0


def _interrupt(*_: Any) -> None:
    raise KeyboardInterrupt


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _listen(host: str, port: int) -> socket.socket:
    """A socket that listens. Raises ``ConfigError`` with the reason."""
    listening: socket.socket | None = None
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listening = socket.socket(family, socket.SOCK_STREAM)
        if sys.platform != "win32":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(1024)
    except OSError as err:
        if listening is not None:
            listening.close()
        raise ConfigError(f"cannot listen on {host}, port {port}: {err.strerror or err}") from err
    return listening
