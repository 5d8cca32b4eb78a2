"""A client of the service: ``Client("http://127.0.0.1:8000").check("Dear Sam, …")`` gives the report.

It needs the extra ``client`` (urllib3) and loads nothing else of tonecheck. Nothing that it raises, and no ``repr``,
holds a draft or the key.
"""

from tonecheck.client.calls import PORTION, PORTION_BYTES, About, Client
from tonecheck.client.errors import ApiError, ApiUnreachable
from tonecheck.client.transport import FIRST_WAIT, LONGEST_ANSWER, LONGEST_WAIT

__all__ = [
    "FIRST_WAIT",
    "LONGEST_ANSWER",
    "LONGEST_WAIT",
    "PORTION",
    "PORTION_BYTES",
    "About",
    "ApiError",
    "ApiUnreachable",
    "Client",
]
