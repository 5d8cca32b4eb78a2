"""API keys: the file that holds their hashes, how often each may call, and whether a request may pass."""

from __future__ import annotations

import hashlib
import hmac
import json
import math
import os
import re
import secrets
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

from tonecheck.errors import MissingExtra, UserError, one_of

PREFIX = "tck_"
USUAL_RATE = 120
HIGHEST_RATE = 100_000
LONGEST_NAME = 80
_MINUTE = 60
_RANDOM_BYTES = 32
# Longer than any key; what a stranger sends is not hashed without end.
_LONGEST_PRESENTED = 200
_UNREADABLE_WAIT = 5


@dataclass(frozen=True)
class Key:
    """One key as it is kept. ``sha256``: of the key, in hexadecimal; ``created``: a day, ``2027-05-14``; ``rate``: requests a minute."""

    id: str
    name: str
    # A plain, fast hash is fit here: a key is 256 random bits, so that there is nothing to guess, which is what the
    # slow hashes for passwords guard against; and one of those would cost every request its time.
    sha256: str = field(repr=False)
    created: str
    rate: int = USUAL_RATE
    revoked: bool = False


_FIELDS = tuple(one.name for one in fields(Key))


class Keys:
    """The keys of a file: JSON Lines, one key a line, read again when it has changed.

    Any number of threads may ask at once.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._keys: tuple[Key, ...] = ()
        self._seen: tuple[int, ...] | None = None
        self._lock = Lock()

    def __repr__(self) -> str:
        return f"Keys({str(self._path)!r})"

    @classmethod
    def load(cls, path: str | os.PathLike[str], *, new: bool = False) -> Keys:
        """The keys in ``path``; with ``new`` the file need not exist. Raises ``UserError`` with the line and the mend."""
        keys = cls(Path(path))
        if not new or keys._path.exists():
            keys.all()
        return keys

    def all(self) -> tuple[Key, ...]:
        """Every key, revoked ones, too, in the order of the file.

        Raises ``UserError`` where the file cannot be used now: a key that was revoked in it must not go on being good.
        """
        try:
            seen = _state(self._path.stat())
        except OSError as err:
            raise _unreadable(self._path, err) from err
        if seen != self._seen:
            with self._lock:
                if seen != self._seen:
                    self._keys, self._seen = _read(self._path)
        return self._keys

    def owner(self, presented: str) -> Key | None:
        """The key that ``presented`` is, or ``None`` for one that is unknown or revoked. Raises ``UserError`` as ``all`` does."""
        if len(presented) > _LONGEST_PRESENTED:
            return None
        digest = _digest(presented)
        found: Key | None = None
        for key in self.all():
            # Every key is compared, each in constant time: how long the answer takes says nothing about any of them.
            if hmac.compare_digest(digest, key.sha256):
                found = key
        return None if found is None or found.revoked else found

    def add(self, name: str, rate: int = USUAL_RATE) -> str:
        """Make a key and write its hash to the file. The key itself is in the answer and nowhere else.

        Raises ``UserError`` for a name or rate that cannot be kept, and where the file cannot be written.
        """
        _check_name(name)
        _check_rate(rate)
        secret = PREFIX + secrets.token_urlsafe(_RANDOM_BYTES)
        with _alone(self._path):
            known = self.all() if self._path.exists() else ()
            taken = {key.id for key in known}
            number = next(new for new in iter(lambda: secrets.token_hex(4), "") if new not in taken)
            today = datetime.now(UTC).date().isoformat()
            _write(self._path, [*known, Key(number, name, _digest(secret), today, rate)])
        return secret

    def revoke(self, id: str) -> Key:
        """Mark a key as revoked, for good. Revoking it twice is no mistake. Raises ``UserError`` for an id that is not there."""
        if id.startswith(PREFIX):
            raise UserError("that is a key, not the id of one; see 'tonecheck keys list'")
        with _alone(self._path):
            known = self.all()
            if id not in {key.id for key in known}:
                raise UserError(f"{self._path}: {one_of(id, (key.id for key in known), 'key')}")
            changed = [replace(key, revoked=True) if key.id == id else key for key in known]
            _write(self._path, changed)
        return next(key for key in changed if key.id == id)


class Rates:
    """How often each key has called in the last minute, in the memory of this process. Any number of threads may ask at once."""

    def __init__(self) -> None:
        """Raises ``MissingExtra`` without the extra ``server``."""
        try:
            from limits import RateLimitItemPerMinute
            from limits.storage import MemoryStorage
            from limits.strategies import MovingWindowRateLimiter
        except ModuleNotFoundError as err:
            raise MissingExtra("a limit on the rate of calls", "server") from err
        self._item = RateLimitItemPerMinute
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        # The count and the time of the next free place are read together.
        self._lock = Lock()

    def allow(self, key_id: str, per_minute: int) -> int | None:
        """Count one call and give ``None``; or count nothing and give the whole seconds, 1 to 60, until there is room."""
        item = self._item(per_minute)
        with self._lock:
            if self._limiter.hit(item, key_id):
                return None
            reset = self._limiter.get_window_stats(item, key_id).reset_time
        return min(max(math.ceil(reset - time.time()), 1), _MINUTE)


class Headers(Protocol):
    """The headers of a request, whatever the case of their names: those of werkzeug fit."""

    def get(self, key: str, /) -> str | None: ...


@dataclass(frozen=True)
class Decision:
    """Whether a request may pass. ``status``: 200, 401, 429 or 503; ``title`` and ``detail`` are for the error, and hold
    nothing of what was sent; ``headers`` go with the answer; ``key`` is the one that calls, known with 200 and 429."""

    status: int
    key: Key | None = None
    title: str = ""
    detail: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def allowed(self) -> bool:
        return self.status == 200


def presented_key(headers: Headers) -> str | None:
    """The key in ``X-API-Key``, or else in ``Authorization: Bearer …``; ``None`` without either."""
    # The former wins: the latter may be meant for something that stands in front of the service.
    if key := (headers.get("X-API-Key") or "").strip():
        return key
    scheme, _, key = (headers.get("Authorization") or "").strip().partition(" ")
    return key.strip() or None if scheme.lower() == "bearer" else None


def decide(presented: str | None, keys: Keys, rates: Rates) -> Decision:
    """Whether a request with this key may pass; if so, it is counted."""
    if presented is None:
        return _refused("send the API key as 'Authorization: Bearer tck_…' or as 'X-API-Key: tck_…'")
    try:
        key = keys.owner(presented)
    except UserError:
        # Which file, and what is wrong with it, is no business of whoever calls; ``keys.all()`` says it to the log.
        return Decision(
            503,
            title="Keys unavailable",
            detail="the service cannot read its API keys at the moment",
            headers={"Retry-After": str(_UNREADABLE_WAIT)},
        )
    if key is None:
        return _refused("the API key is unknown or was revoked; ask for a new one", 'error="invalid_token"')
    wait = rates.allow(key.id, key.rate)
    if wait is None:
        return Decision(200, key)
    return Decision(
        429,
        key,
        "Too many requests",
        f"this key may call {key.rate} times a minute; try again in {wait} s",
        {"Retry-After": str(wait)},
    )


def _refused(detail: str, *attributes: str) -> Decision:
    challenge = ", ".join(('Bearer realm="tonecheck"', *attributes))
    return Decision(401, title="Unauthorized", detail=detail, headers={"WWW-Authenticate": challenge})


def _digest(secret: str) -> str:
    # What comes out of a header can be any text at all.
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _state(status: os.stat_result) -> tuple[int, ...]:
    """What changes when a file does, however soon after: our own changes give it a new inode."""
    return status.st_mtime_ns, status.st_size, status.st_ino


def _read(path: Path) -> tuple[tuple[Key, ...], tuple[int, ...]]:
    """The keys of a file and its state. Raises ``UserError``."""
    try:
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            text = file.read().decode("utf-8")
    except OSError as err:
        raise _unreadable(path, err) from err
    except UnicodeDecodeError as err:
        raise UserError(f"{path}: is not UTF-8; name the file that 'tonecheck keys add' wrote") from err
    # Whoever may write to the file can let himself in. Where there are no such permissions, all of them read as set.
    if os.name == "posix" and status.st_mode & 0o022:
        raise UserError(f"{path}: others than its owner may write to it; mend it with: chmod 600 {path}")
    keys: list[Key] = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            try:
                key = _key(line)
                if any(key.id == other.id for other in keys):
                    raise UserError(f"id: {key.id} is there twice; remove one of the two lines")
            except UserError as err:
                raise UserError(f"{path}:{number}: {err}") from err
            keys.append(key)
    return tuple(keys), _state(status)


def _unreadable(path: Path, err: OSError) -> UserError:
    mend = "; make it with 'tonecheck keys add'" if isinstance(err, FileNotFoundError) else ""
    return UserError(f"{path}: the keys cannot be read: {err.strerror or type(err).__name__}{mend}")


def _key(line: str) -> Key:
    """The key of a line. It is read strictly: a mistyped "revoked" must not leave a key good."""
    try:
        values = json.loads(line)
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, dict):
        raise UserError("it is not a JSON object; a line holds one key as 'tonecheck keys add' wrote it")
    for name in values:
        if name not in _FIELDS:
            raise UserError(one_of(name[:LONGEST_NAME], _FIELDS, "field"))
    texts = ("id", "name", "sha256", "created")
    for name in texts:
        if not isinstance(values.get(name), str):
            raise UserError(f"{name}: give a text")
    key = Key(**values)
    if not re.fullmatch("[0-9a-z_-]{1,40}", key.id):
        raise UserError("id: give 1 to 40 small letters, digits, - or _")
    if not re.fullmatch("[0-9a-f]{64}", key.sha256):
        raise UserError("sha256: give the 64 hexadecimal digits of the key's hash")
    if not isinstance(key.revoked, bool):
        raise UserError("revoked: give true or false")
    _check_name(key.name)
    _check_rate(key.rate)
    try:
        date.fromisoformat(key.created)
    except ValueError:
        raise UserError("created: give a day such as 2027-05-14") from None
    return key


def _check_name(name: str) -> None:
    if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
        raise UserError(f"name: give 1 to {LONGEST_NAME} characters that can be printed")


def _check_rate(rate: Any) -> None:
    if isinstance(rate, bool) or not isinstance(rate, int) or not 1 <= rate <= HIGHEST_RATE:
        raise UserError(f"rate: give a whole number of requests a minute, 1 to {HIGHEST_RATE}")


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """No other process changes the file meanwhile: of two keys that are added at once, none gets lost."""
    try:
        import fcntl
    except ModuleNotFoundError:  # Windows
        yield
        return
    # The folder is locked: the file is replaced by the change, and a lock file would be left lying about.
    try:
        folder = os.open(path.resolve().parent, os.O_RDONLY)
    except OSError as err:
        raise _unwritable(path, err) from err
    try:
        # A file system that has no locks is no reason to refuse.
        with suppress(OSError):
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _write(path: Path, keys: Sequence[Key]) -> None:
    """Write the file: it is there whole, or as it was before, and its owner's alone. Raises ``UserError``."""
    target = path.resolve()
    temporary: Path | None = None
    try:
        # A temporary file of this kind has mode 0600 from its beginning.
        with tempfile.NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as file:
            temporary = Path(file.name)
            for key in keys:
                file.write(json.dumps(asdict(key), ensure_ascii=False).encode("utf-8") + b"\n")
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            _give_to_the_owner_of(target, temporary)
        temporary.replace(target)
    except OSError as err:
        raise _unwritable(path, err) from err
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def _give_to_the_owner_of(target: Path, temporary: Path) -> None:
    """Whoever adds a key as root must not take the file away from the user that the service runs as."""
    old, new = target.stat(), temporary.stat()
    if os.name == "posix" and (old.st_uid, old.st_gid) != (new.st_uid, new.st_gid):
        os.chown(temporary, old.st_uid, old.st_gid)


def _unwritable(path: Path, err: OSError) -> UserError:
    return UserError(f"{path}: the keys cannot be written: {err.strerror or type(err).__name__}")
