"""What the service needs to know beside the checker's own configuration."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from tonecheck.config import Config

MEBIBYTE = 1 << 20


@dataclass(frozen=True)
class Settings:
    """``workers``: processes that check; 0 checks in the serving process. ``longest``: code points of a draft. ``body`` and ``batch_body``:
    bytes of a request. ``seconds``: as long may one check take; ``patience``: as long may it wait for a worker. ``origins``: sites whose
    pages may call the API (CORS), ``*`` for all. ``keys``: the file of API keys; ``None`` asks for none."""

    config: Config = field(default_factory=Config)
    workers: int = 0
    threads: int = 8
    longest: int = 100_000
    body: int = 2 * MEBIBYTE
    batch_body: int = 64 * MEBIBYTE
    seconds: float = 20.0
    patience: float = 10.0
    origins: tuple[str, ...] = ()
    keys: Path | None = None
