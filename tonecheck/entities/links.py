"""E-mail addresses and links, with or without a scheme."""

from __future__ import annotations

from collections.abc import Iterator

from tonecheck.entities.entity import Entity
from tonecheck.entities.patterns import compile_re2

# Top-level domains that a bare domain may end in: the common ones, those of the two countries, those that
# payment pages like, and the reserved ones that examples use.
_TLDS = (
    "co\\.uk|org\\.uk|gov\\.uk|ac\\.uk|ltd\\.uk|com\\.au|co\\.nz|com|org|net|info|biz|gov|edu|io|co|uk|us|app|dev|ai|me|eu|ie|ca|"
    "pay|money|finance|financial|credit|loans|bank|online|site|shop|store|link|page|cloud|"
    "example|test|invalid|localhost"
)
_PATH = r"(?:[^\s<>\"'`\[\]{}()|\\^\x{e000}-\x{e00f}]|\{\{?[ ]?[\w.]+[ ]?\}?\})*"
_EMAIL = compile_re2(r"(?i)\b[a-z0-9][a-z0-9._%+-]{0,63}@(?:[a-z0-9-]{1,40}\.){1,4}[a-z]{2,24}\b")
_WITH_SCHEME = compile_re2(rf"(?i)\b(?:https?://|www\.)[^\s<>\"'`\[\]()|\\^]{_PATH}")
# Lower case only behind the last dot: "…on your account.Us and" is a missing space.
_BARE = compile_re2(
    rf"\b(?:[A-Za-z0-9][A-Za-z0-9-]{{0,40}}\.){{1,4}}(?:{_TLDS})\b(?::\d{{2,5}}\b)?(?:[/?]{_PATH})?"
)
_TRAILING = ".,;:!?'\"*_~"


def find_links(text: str) -> Iterator[Entity]:
    """The e-mail addresses and links of ``text``; an address inside a link overlaps it."""
    if "@" in text:
        for match in _EMAIL.finditer(text):
            yield Entity("email", match.start(), match.end(), match.group().lower())
    if "." not in text:
        return
    if "://" in text or "www." in text or "WWW." in text:
        for match in _WITH_SCHEME.finditer(text):
            link = match.group().rstrip(_TRAILING)
            yield Entity("link", match.start(), match.start() + len(link), link)
    for match in _BARE.finditer(text):
        start = match.start()
        if start and text[start - 1] in "@/.-_:":
            continue  # the tail of an address or of a link
        link = match.group().rstrip(_TRAILING)
        if text[start + len(link) : start + len(link) + 1] == "@":
            continue
        yield Entity("link", start, start + len(link), link)
