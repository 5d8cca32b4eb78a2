"""The text of an e-mail as a page: paragraphs, lists and links; everything in it escaped."""

from __future__ import annotations

import re
from html import escape

_ITEM = re.compile(r"(?:[-*•]|(\d{1,3})[.)])[ \t]+")
_LINK = re.compile(
    r"(?P<mail>[\w.+-]+@(?:[\w-]+\.)+[\w-]{2,})|(?P<link>https?://[^\s<>\"]+|(?<![\w@.-])(?:www\.(?:[a-z0-9-]+\.)+[a-z]{2,}|(?:[a-z0-9-]+\.)+[a-z]{2,}/[^\s<>\"]+))"
)
_AFTER_A_LINK = ".,;:!?)]}'’”"
_STYLE = "margin: 0 auto; padding: 1.5em; max-width: 38em; font: 16px/1.5 sans-serif; color: #1f2430"
_LANGUAGES = {"us": "en-US", "uk": "en-GB"}


def page(title: str, text: str, jurisdiction: str) -> str:
    """A whole HTML document."""
    blocks = "\n".join(_block(part.split("\n")) for part in text.split("\n\n") if part.strip())
    return (
        f'<!doctype html>\n<html lang="{_LANGUAGES[jurisdiction]}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<title>{escape(title)}</title>\n</head>\n<body style="{_STYLE}">\n{blocks}\n</body>\n</html>\n'
    )


def _block(lines: list[str]) -> str:
    """A paragraph; where lines of it begin as entries of a list, paragraphs and lists."""
    done: list[str] = []
    prose: list[str] = []
    items: list[str] = []
    numbered = False

    def close() -> None:
        if prose:
            done.append(f"<p>{'<br>'.join(prose)}</p>")
            prose.clear()
        if items:
            kind = "ol" if numbered else "ul"
            entries = "\n".join(f"<li>{item}</li>" for item in items)
            done.append(f"<{kind}>\n{entries}\n</{kind}>")
            items.clear()

    for line in lines:
        if not line.strip():
            continue
        found = _ITEM.match(line)
        if found is None and items and line.startswith(" "):
            items[-1] += f" {_linked(line.strip())}"
        elif found is None:
            if items:
                close()
            prose.append(_linked(line.strip()))
        else:
            if prose or (items and numbered != bool(found[1])):
                close()
            numbered = bool(found[1])
            items.append(_linked(line[found.end() :].strip()))
    close()
    return "\n".join(done)


def _linked(text: str) -> str:
    """Escaped, with links and addresses that can be clicked."""
    done, at = [], 0
    for found in _LINK.finditer(text):
        shown = found[0].rstrip(_AFTER_A_LINK)
        target = f"mailto:{shown}" if found["mail"] else shown if "://" in shown else f"https://{shown}"
        done.append(escape(text[at : found.start()]))
        done.append(f'<a href="{escape(target)}">{escape(shown)}</a>')
        at = found.start() + len(shown)
    return "".join(done) + escape(text[at:])
