"""Findings about templates that cannot be parsed."""

from __future__ import annotations

from tonecheck.linter.found import Found, found
from tonecheck.linter.places import Place


def syntax_error(message: str, place: Place, chain: tuple[str, ...] = ()) -> Found:
    """A template, or a part of one, that cannot be parsed."""
    text = message.strip().rstrip(".")
    return found(
        "template/syntax",
        "syntax",
        3,
        f"Jinja cannot read this: {text}.",
        "A template that cannot be parsed is never sent, and nothing else in it is checked.",
        place,
        instead=_mend(text),
        chain=chain,
    )


def _mend(message: str) -> str:
    """What to do about an error of Jinja's."""
    if "Unexpected end of template" in message or "unexpected 'end of template'" in message.lower():
        return "Close the tag that is still open, such as {% if … %} by {% endif %}."
    if "unknown tag" in message:
        return "Close what was opened last, or correct the tag's name."
    if "expected token 'end of print statement'" in message:
        return "Close the expression with }}."
    if "expected token 'end of statement block'" in message:
        return "Close the tag with %}."
    return "Correct the expression here."
