"""Reads HTML as a browser shows it: tags gone, entities decoded, space collapsed, hidden elements out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from tonecheck.document import Builder, Reading, Segment
from tonecheck.readers.markup import Attribute, Token, Tokens, attributes, reference
from tonecheck.readers.segments import find_segments

_LINE_BLOCKS = frozenset(
    "address article aside body caption center dd details dialog div dl dt fieldset figcaption figure footer form head "
    "header hr html legend li main menu nav ol optgroup option section select summary table tbody tfoot thead tr ul".split()
)
_PARAGRAPHS = frozenset("blockquote h1 h2 h3 h4 h5 h6 p pre".split())
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_CELLS = frozenset({"td", "th"})
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_NEVER_SHOWN = frozenset(
    "script style template iframe noembed noframes object audio video canvas datalist".split()
)
# An opening tag of these ends an open one of the same name, whose closing tag may be left out.
_IMPLIED_END = frozenset("p li td th tr dt dd option".split())
_KNOWN = (
    _LINE_BLOCKS
    | _PARAGRAPHS
    | _CELLS
    | _VOID
    | _NEVER_SHOWN
    | frozenset(
        "a abbr acronym b bdi bdo big blink button cite code colgroup data del dfn em font frame i ins kbd label map mark "
        "marquee meter nobr noscript output picture progress q rp rt ruby s samp slot small span strike strong sub sup svg "
        "textarea time title tt u var xmp".split()
    )
)
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|max-height\s*:\s*0(?![.\d]*[1-9])|opacity\s*:\s*0(?![.\d]*[1-9])",
    re.I,
)
_PREHEADER = re.compile(r"\b(?:pre-?header|preview-?text)", re.I)
_QUOTE_CLASS = re.compile(
    r"\b(?:gmail_quote|gmail_attr|yahoo_quoted|moz-cite-prefix|protonmail_quote|OutlookMessageHeader)\b"
)
_REPLY_IDS = frozenset({"divrplyfwdmsg", "appendonsend", "x_divrplyfwdmsg"})
_SPACE_OR_REFERENCE = re.compile(r"[ \t\n\r\f]+|&")
_COLLAPSIBLE = " \t\n\r\f"


def read_html(source: str) -> Reading:
    """The visible text of ``source`` and its segments."""
    writer = _Writer(source)
    for token in Tokens(source):
        writer.take(token)
    visible = writer.builder.build()
    return Reading(visible, find_segments(visible.text, writer.segments()))


class _Element:
    """An open element: what its content is (a segment kind, or "" for hidden), and what its end breaks."""

    __slots__ = ("breaks", "kind", "name", "pre")

    def __init__(self, name: str, kind: str, pre: bool, breaks: int) -> None:
        self.name = name
        self.kind = kind
        self.pre = pre
        self.breaks = breaks


class _Writer:
    """Takes the tokens in order and writes what a browser would show."""

    def __init__(self, source: str) -> None:
        self.builder = Builder()
        self._source = source
        self._stack = [_Element("", "body", False, 0)]
        self._open: Counter[str] = Counter()
        self._marks: list[Segment] = []
        self._mark_kind, self._mark_start = "body", 0
        self._line_start = True
        self._space: tuple[int, int] | None = None
        self._breaks, self._line_breaks = 0, 0
        self._break_tag = (0, 0)
        self._cell_tag: tuple[int, int] | None = None
        self._row_has_text = False
        self._thread = False  # an earlier message has begun and runs to the end
        self._said_something = False

    def segments(self) -> list[Segment]:
        self._mark("body")
        return self._marks

    def take(self, token: Token) -> None:
        if token.kind == "text":
            self._text(token)
        elif token.kind == "open":
            self._opening(token)
        elif token.kind == "close":
            self._closing(token)

    # --- Elements ---

    def _opening(self, token: Token) -> None:
        name = token.name
        if name not in _KNOWN and self._is_placeholder(token):
            self._emit(self._source[token.start : token.end], token.start)
            return
        self._end_implied(name, (token.start, token.end))
        known = attributes(self._source, token) if token.inner < token.end - 1 else []
        top = self._stack[-1]
        kind = self._kind_of(name, known, top.kind)
        if top.kind:
            self._break_before(name, kind, (token.start, token.end))
        if name in _VOID:
            if kind:
                self._void(name, known)
            return
        breaks = _break_height(name) or (1 if kind == "preheader" and top.kind != "preheader" else 0)
        self._stack.append(_Element(name, kind, top.pre or name in ("pre", "textarea", "xmp"), breaks))
        self._open[name] += 1
        if name == "li" and kind:
            self._flush()
            self.builder.replace("- ", token.start, token.end)
            self._line_start = True  # no space after the bullet's own

    def _is_placeholder(self, token: Token) -> bool:
        """``<AMOUNT>`` or ``<CUSTOMER_NAME>`` in a template: no element has such a name."""
        raw = self._source[token.start + 1 : token.end - 1]
        return raw.replace("_", "").replace(" ", "").isalnum() and raw.isupper()

    def _kind_of(self, name: str, known: Iterable[Attribute], outer: str) -> str:
        """What the content of an element is: a segment kind, or "" when nobody sees it."""
        if name in _NEVER_SHOWN or (not outer and name != "title"):
            return ""
        if name == "head":
            return ""
        if name == "title":
            return "subject"
        values = {attribute.name: attribute.value for attribute in reversed(list(known))}
        marker = f"{values.get('class', '')} {values.get('id', '')}"
        if outer == "quote" or self._thread or name == "blockquote" or _QUOTE_CLASS.search(marker):
            return "quote"
        if values.get("id", "").lower() in _REPLY_IDS and self._said_something:
            self._thread = True
            return "quote"
        if _PREHEADER.search(marker):
            return "preheader"
        if "hidden" in values or _HIDING.search(values.get("style", "")):
            return "" if self._said_something or name not in ("div", "span", "p", "td") else "preheader"
        return "heading" if name in _HEADINGS else outer

    def _closing(self, token: Token) -> None:
        if token.name == "br":  # browsers read </br> as <br>
            self._line_break((token.start, token.end))
            return
        if not self._open[token.name]:
            return
        while self._pop((token.start, token.end)) != token.name:
            pass

    def _pop(self, tag: tuple[int, int]) -> str:
        element = self._stack.pop()
        self._open[element.name] -= 1
        if element.kind and element.breaks:
            self._block_break(element.breaks, tag)
        if element.name == "tr":
            self._row_has_text, self._cell_tag = False, None
        return element.name

    def _end_implied(self, name: str, tag: tuple[int, int]) -> None:
        top = self._stack[-1].name
        if (top == name and name in _IMPLIED_END) or (top == "p" and _break_height(name)):
            self._pop(tag)

    def _void(self, name: str, known: list[Attribute]) -> None:
        """What a reader sees of an element without content: an image's text, a button's label."""
        wanted = "alt" if name == "img" else "value" if name == "input" else ""
        values = {attribute.name: attribute for attribute in reversed(known)}
        if name == "input" and (
            "type" not in values or values["type"].value.lower() not in ("submit", "button", "reset")
        ):
            return
        shown = values.get(wanted)
        if shown and shown.start < shown.end:
            self._run(shown.start, shown.end)

    # --- Breaks ---

    def _break_before(self, name: str, kind: str, tag: tuple[int, int]) -> None:
        if name == "br":
            self._line_break(tag)
        elif name in _CELLS:
            self._cell_tag = tag if self._row_has_text else None
        else:
            height = _break_height(name) or (
                1 if kind == "preheader" and self._stack[-1].kind != "preheader" else 0
            )
            if height:
                self._block_break(height, tag)
            if name == "tr":
                self._row_has_text, self._cell_tag = False, None

    def _line_break(self, tag: tuple[int, int]) -> None:
        if self._stack[-1].kind:
            self._line_breaks += 1
            self._break_tag = tag
            self._space = None

    def _block_break(self, height: int, tag: tuple[int, int]) -> None:
        if height > self._breaks:
            self._breaks = height
            self._break_tag = tag
        self._space = None

    def _flush(self) -> None:
        """Write the breaks that are due, now that something follows them."""
        due = min(max(self._breaks, self._line_breaks), 3)
        start, end = self._break_tag
        if due and len(self.builder):
            self._mark("body")
            self.builder.replace("\n" * due, start, end)
            self._line_start, self._space = True, None
        elif self._cell_tag and len(self.builder):
            self.builder.replace("\t", *self._cell_tag)
            self._line_start, self._space = True, None
        self._breaks = self._line_breaks = 0
        self._cell_tag = None

    # --- Text ---

    def _text(self, token: Token) -> None:
        element = self._stack[-1]
        if not element.kind:
            return
        if element.pre:
            self._preformatted(token.start, token.end)
        else:
            self._run(token.start, token.end)

    def _run(self, start: int, end: int) -> None:
        """Write ``source[start:end]``: references decoded, space collapsed."""
        source, at = self._source, start
        while at < end:
            found = _SPACE_OR_REFERENCE.search(source, at, end)
            if not found:
                self._emit(source[at:end], at)
                return
            if at < found.start():
                self._emit(source[at : found.start()], at)
            at = found.end()
            if found.group() != "&":
                self._blank(found.start(), at)
                continue
            new, at = reference(source, found.start(), end)
            if new in _COLLAPSIBLE:
                self._blank(found.start(), at)
            else:
                self._emit(new, found.start(), at)

    def _blank(self, start: int, end: int) -> None:
        if self._space is None and not self._line_start:
            self._space = (start, end)

    def _preformatted(self, start: int, end: int) -> None:
        source, at = self._source, start
        while at < end:
            ampersand = source.find("&", at, end)
            until = ampersand if ampersand >= 0 else end
            if at < until:
                self._emit(source[at:until], at)
            at = until
            if ampersand >= 0:
                new, at = reference(source, ampersand, end)
                self._emit(new, ampersand, at)

    def _emit(self, text: str, start: int, end: int | None = None) -> None:
        """Write text that stands verbatim at ``start``, or, with ``end``, in place of ``source[start:end]``."""
        kind = self._stack[-1].kind
        if not kind:
            return
        self._flush()
        if self._space:
            self.builder.replace(" ", *self._space)
            self._space = None
        if self._thread:
            kind = "quote"
        self._mark(kind)
        if end is None:
            self.builder.copy(text, start)
        else:
            self.builder.replace(text, start, end)
        self._line_start = text[-1] == "\n"
        self._row_has_text = True
        if kind not in ("subject", "preheader") and not text.isspace():
            self._said_something = True

    def _mark(self, kind: str) -> None:
        """What is written from here on is ``kind``."""
        if kind != self._mark_kind:
            if self._mark_kind != "body" and self._mark_start < len(self.builder):
                self._marks.append(Segment(self._mark_kind, self._mark_start, len(self.builder)))
            self._mark_kind, self._mark_start = kind, len(self.builder)


def _break_height(name: str) -> int:
    return 2 if name in _PARAGRAPHS else 1 if name in _LINE_BLOCKS else 0
