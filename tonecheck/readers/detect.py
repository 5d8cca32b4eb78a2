"""Which format a draft is in: by the file's name, else by what it contains."""

from __future__ import annotations

import re
from pathlib import PurePath

EXTENSIONS = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".eml": "eml",
    ".docx": "docx",
}
_ZIP = b"PK\x03\x04"
# Elements that a message is marked up with. <link>, <name>, <address> or <time> are placeholders as often.
_HTML = re.compile(
    r"<!doctype html|</?(?:html|head|body|p|br|div|table|tbody|tr|td|th|span|b|i|u|strong|em|ul|ol|li|h[1-6]|font|img|hr"
    r"|blockquote|center)(?=[\s/>])[^<>]*>|<a\s[^<>]*href|</a>",
    re.I,
)
_MAIL_HEADERS = frozenset(
    "bcc cc comments content-disposition content-language content-transfer-encoding content-type date delivered-to from "
    "in-reply-to importance keywords list-id list-unsubscribe list-unsubscribe-post message-id mime-version organization "
    "priority received references reply-to return-path sender subject thread-index thread-topic to user-agent".split()
)
_TELLING = frozenset("from to received mime-version content-type message-id return-path date".split())
_HEADER_LINE = re.compile(r"([!-9;-~]{1,76}):(?=[ \t\r\n])")


def detect(draft: str | bytes, name: str | None) -> str:
    """The format of ``draft``, one of ``FORMATS``. ``name`` is a file name, if there is one."""
    by_name = EXTENSIONS.get(PurePath(name).suffix.lower()) if name else None
    if by_name:
        return by_name
    if isinstance(draft, bytes):
        if draft.startswith(_ZIP):
            return "docx"
        draft = draft[:100_000].decode("utf-8", "replace")
    if _is_mail(draft):
        return "eml"
    if "<" in draft and _HTML.search(draft):
        return "html"
    return "text"


def _is_mail(draft: str) -> bool:
    """Two or more mail headers, a telling one among them, and nothing else before the first blank line.

    A draft that starts with ``Subject:``, or a letter with ``Date:`` and ``Account:``, is text.
    """
    names: set[str] = set()
    at = 1 if draft.startswith("\ufeff") else 0
    while at < len(draft):
        end = draft.find("\n", at)
        line = draft[at : end if end >= 0 else len(draft)]
        header = _HEADER_LINE.match(line + "\n")
        if header:
            name = header.group(1).lower()
            if name not in _MAIL_HEADERS and not name.startswith(
                ("x-", "arc-", "dkim-", "authentication-", "received-")
            ):
                return False
            names.add(name)
        elif not line.strip() or not (names and line[0] in " \t"):
            return not line.strip() and len(names) >= 2 and bool(names & _TELLING)
        if end < 0:
            break
        at = end + 1
    return len(names) >= 2 and bool(names & _TELLING)
