"""What the serving process and a worker say to each other: a socket that carries whole messages.

In place of ``multiprocessing.Pipe``, whose ``poll`` and ``recv`` ask the system three times for one message. The serving process waits for several
workers at once, and each time one of its threads asks, another may keep it waiting.
"""

from __future__ import annotations

import pickle
import socket
import struct
import sys
from typing import Any

_LENGTH = struct.Struct("!Q")
_MOST_AT_ONCE = 1 << 18


def packed(message: object) -> bytes:
    """``message`` as it is sent."""
    data = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    return _LENGTH.pack(len(data)) + data


class Channel:
    """One end. ``receive`` raises ``TimeoutError`` after its limit without a byte, if it has one, and ``EOFError`` where the other end is
    gone."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end

    def limit(self, seconds: float) -> None:
        """Wait no longer in ``receive`` from now on."""
        if sys.platform == "win32":
            self._end.settimeout(seconds)
        else:
            # With a time limit of Python's own, the system would be asked twice.
            limit = struct.pack("@ll", int(seconds), int(seconds % 1 * 1_000_000))
            self._end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)

    def send(self, message: bytes) -> None:
        """Send what ``packed`` made. Raises ``OSError`` where the other end is gone."""
        self._end.sendall(message)

    def receive(self) -> Any:
        data = self._some()
        while len(data) < _LENGTH.size:
            data += self._some()
        size = _LENGTH.size + _LENGTH.unpack_from(data)[0]
        if len(data) < size:
            pieces, held = [data], len(data)
            while held < size:
                pieces.append(self._some())
                held += len(pieces[-1])
            data = b"".join(pieces)
        return pickle.loads(memoryview(data)[_LENGTH.size :])

    def fileno(self) -> int:
        return self._end.fileno()

    def close(self) -> None:
        self._end.close()

    def _some(self) -> bytes:
        try:
            data = self._end.recv(_MOST_AT_ONCE)
        except BlockingIOError as err:
            raise TimeoutError from err
        if not data:
            raise EOFError
        return data
