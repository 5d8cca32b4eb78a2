"""What a call can raise."""

from __future__ import annotations

from tonecheck.errors import TonecheckError


class ApiError(TonecheckError):
    """The service refused, or answered what it should not.

    ``status`` is that of HTTP, ``title`` and ``detail`` are the service's words, ``request_id`` finds the request in
    its log, and ``retry_after`` are the seconds after which it wants to be asked again; the last two may be ``None``.
    """

    def __init__(
        self,
        status: int,
        title: str,
        detail: str = "",
        request_id: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(status, title, detail, request_id, retry_after)
        self.status = status
        self.title = title
        self.detail = detail
        self.request_id = request_id
        self.retry_after = retry_after

    def __str__(self) -> str:
        told = f"the service answered {self.status}: {self.title}"
        if self.detail:
            told += f": {self.detail}"
        return told + (f" (request {self.request_id})" if self.request_id else "")


class ApiUnreachable(TonecheckError):
    """The service cannot be reached, broke off its answer, or gave none in time. ``str()`` is one sentence with the mend."""


class Dropped(ApiUnreachable):
    """The connection failed: asking again may help."""
