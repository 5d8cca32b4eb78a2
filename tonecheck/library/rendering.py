"""A template and its values → a message."""

from __future__ import annotations

import re
from typing import NamedTuple

_BLANK_LINES = re.compile(r"\n{3,}")
_SALUTATION = re.compile(r"^(?:Dear|Hello|Hi)\b[^\n]*,$", re.MULTILINE)


class Rendered(NamedTuple):
    """A message. ``text``: all of it, as it is checked; an e-mail begins with a line "Subject: …"; a letter that has a subject says
    "Re: …" on the line before its salutation. ``subject``: without that label. ``body``: the text of an e-mail without its subject, else
    the text. ``html``: the body of an e-mail as a page."""

    text: str
    subject: str | None
    html: str | None
    body: str


def tidy(text: str) -> str:
    """Without spaces at the ends of lines, and with one empty line where conditions left several."""
    lines = "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    return _BLANK_LINES.sub("\n\n", lines).strip("\n")


def put_together(channel: str, jurisdiction: str, subject: str | None, body: str) -> Rendered:
    """The message of a rendered subject and body."""
    body = tidy(body)
    # A subject is one line, whatever stands in a value: nobody adds a header to an e-mail.
    subject = None if subject is None else " ".join(subject.split())
    if channel == "email":
        from tonecheck.library.html import page

        return Rendered(
            f"Subject: {subject}\n\n{body}", subject, page(subject or "", body, jurisdiction), body
        )
    if subject is not None:
        found = _SALUTATION.search(body)
        at = found.start() if found else 0
        body = f"{body[:at]}Re: {subject}\n\n{body[at:]}"
    return Rendered(body, subject, None, body)
