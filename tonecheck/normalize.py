"""The text that rules match on: typography made plain and disguises seen through, every character mapped.

The folding goes in stages, each a list of edits on the text of the stage before. Case is kept, and so is all that
carries meaning (½, ², ™, currency signs, emoji). Plain ASCII without a sign of a disguise passes untouched.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tonecheck.document import Edit, MappedText, edited

SOFT_WRAP_COLUMNS = 45
"""A line of at least this many characters that does not end a sentence was broken by its editor, not its writer."""

MAX_MARKS = 2
"""Combining marks that a letter may carry (Vietnamese needs two); those beyond are decoration."""


def fold(visible: MappedText) -> MappedText:
    """``visible`` made plain, mapped to the source of ``visible``."""
    return fold_text(visible.text).after(visible)


def fold_text(text: str) -> MappedText:
    """``text`` made plain, mapped to ``text`` itself."""
    mapped = _fold_characters(text)
    folded = mapped.text
    if not folded.isascii():
        folded = _latin_letters(_HALF_CHARACTER.sub("\ufffd", folded))
    if _SPACED_HINT.search(folded) or not folded.isascii():
        joined = edited(folded, _join_spaced(folded))
        folded, mapped = joined.text, joined.after(mapped)
    folded = _plain_letters(_unwrap(folded))
    return MappedText(folded, mapped.starts, mapped.ends)


# --- Characters -------------------------------------------------------------------------------------------

# One character for one: these need no map. Keys are what writers and word processors put for the plain character.
_ONE_FOR_ONE = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′‵´ʹʻʼʽˈꞌ`ˋ՚＇", "'"),
        **dict.fromkeys("“”„‟″‶«»〝〞ˮ＂", '"'),
        **dict.fromkeys("‐‑‒–—―−⁃﹘﹣－", "-"),
        **dict.fromkeys(
            "\t\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a", " "
        ),
        **dict.fromkeys("\u202f\u205f\u3000\u2800", " "),
        **dict.fromkeys("\x0b\x0c\x85\u2028\u2029", "\n"),
    }
)
# Half of a surrogate pair is no character, and cannot be encoded.
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")
_NOT_PLAIN = re.compile(r"[^\n\x20-\x7e]")
# What has no width, by itself or in a message: controls, fillers, joiners, bidi marks, variation selectors, tags.
_INVISIBLE = (
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e01ef"
)
_MARK = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20dc\u20e5-\u20f0\ufe20-\ufe2f"
_JAMO = "\u1100-\u115e\u1161-\u11ff"
_TO_EDIT = re.compile(
    rf"\r\n?|…|(?P<cluster>[^\n{_MARK}{_INVISIBLE}\r]?[{_MARK}]+)|(?P<jamo>[{_JAMO}]{{2,}})"
    rf"|(?P<invisible>[{_INVISIBLE}]+)|(?P<other>[^\x00-\x7f{_MARK}])"
)
# Western letters and signs pass as they are; so does the euro.
_NEEDS_EDIT = re.compile("[^\n\x20-\x7e\xa1-\xac\xae-\u0131€]")
_OVERLAY = {chr(code) for code in (*range(0x334, 0x339), *range(0x20D0, 0x20DD), *range(0x20E5, 0x20F1))}
_EMOJI_GLUE = frozenset("\u200d\ufe0e\ufe0f")
_BLACK_FLAG = "\U0001f3f4"


def _fold_characters(text: str) -> MappedText:
    if text.isascii() and not _NOT_PLAIN.search(text):
        return MappedText.identity(text)
    straight = text.translate(_ONE_FOR_ONE)
    if not _NEEDS_EDIT.search(straight):
        return MappedText.identity(straight)
    return edited(straight, _character_edits(straight))


def _character_edits(text: str) -> Iterator[Edit]:
    for match in _TO_EDIT.finditer(text):
        start, end = match.span()
        found, kind = match.group(), match.lastgroup
        if kind == "other":
            new = _compatible(found)
        elif kind == "cluster":
            new = _composed(found)
        elif kind == "jamo":
            new = unicodedata.normalize("NFC", found)
        elif kind == "invisible":
            yield from _drop_invisible(text, start, end)
            continue
        else:
            new = "..." if found == "…" else "\n"
        if new != found:
            yield Edit(start, end, new)


@cache
def _compatible(char: str) -> str:
    """The plain letters or digits that a styled character (fullwidth, bold, circled, ligature) stands for."""
    code = ord(char)
    if 0x1F150 <= code <= 0x1F169:
        return chr(code - 0x1F150 + ord("A"))
    if 0x1F170 <= code <= 0x1F189:
        return chr(code - 0x1F170 + ord("A"))
    tag, _, rest = unicodedata.decomposition(char).partition(" ")
    if not tag:
        return char
    if not tag.startswith("<"):
        return unicodedata.normalize("NFC", char) if not rest else char  # a twin such as the Kelvin sign
    plain = unicodedata.normalize("NFKC", char)
    if tag in ("<wide>", "<narrow>", "<font>"):
        return plain
    letters = plain.isalnum() and unicodedata.category(char)[0] in "LS"
    if tag == "<super>":  # not ², ª or ™, which mean something
        return plain if letters and unicodedata.category(char) == "Lm" else char
    if tag in ("<circle>", "<square>", "<compat>"):
        return plain if letters and len(plain) <= 3 and plain.isascii() and char not in "℡№" else char
    return char


@cache
def _composed(cluster: str) -> str:
    """A base and its marks: overlays dropped, a pile cut down, the rest composed."""
    base, marks = cluster[:1], cluster[1:]
    if unicodedata.combining(base) or base in _OVERLAY:
        base, marks = "", cluster
    if base and ord(base) > 0x7F:
        base = _compatible(base)
    kept = [mark for mark in marks if mark not in _OVERLAY][:MAX_MARKS]
    if not base and kept:  # marks on nothing
        return ""
    return unicodedata.normalize("NFC", base + "".join(kept))


def _drop_invisible(text: str, start: int, end: int) -> Iterator[Edit]:
    """Invisible characters go, but for what glues an emoji together."""
    for at in range(start, end):
        char = text[at]
        before = text[at - 1] if at else ""
        after = text[at + 1] if at + 1 < len(text) else ""
        if char == "\u200d":
            keep = _is_emoji(before) and _is_emoji(after)
        elif char in _EMOJI_GLUE:
            keep = _is_emoji(before) or after == "\u20e3"
        else:
            keep = "\U000e0020" <= char <= "\U000e007f" and (before == _BLACK_FLAG or before > "\U000e001f")
        if not keep:
            yield Edit(at, at + 1, "")


def _is_emoji(char: str) -> bool:
    return bool(char) and (char in _EMOJI_GLUE or unicodedata.category(char) in ("So", "Sk"))


# --- Letters of other scripts -----------------------------------------------------------------------------

# Look-alikes, by Unicode's confusables; only those that a reader takes for the Latin letter at a glance.
_FOREIGN = str.maketrans(
    "АВЕЅІЈКМНОРСТУХаеѕіјорсухкмԛԝһԁӏгԌᎪᏴᏟᎠᎬᎻᎫᏦᏞᎷᏢᎡᏚᎢᏙᎳᏃΑΒΕΖΗΙΚΜΝΟΡΤΥΧαενιορτυχκγσСԚԜոսօհցԼՏՍՕ",
    "ABESIJKMHOPCTYXaesijopcyxkmqwhdlrGABCDEHJKLMPRSTVWZABEZHIKMNOPTYXaevioptuxkyoCQWnuohgLSUO",
)
_FOREIGN_LETTER = re.compile("[" + "".join(map(chr, _FOREIGN)) + "]")
# Latin letters that stand in for plain ones; turned only where that gives a listed word.
_ODD_LATIN = str.maketrans("ıɑɡɩɪʏʀɴʟᴀʙᴄᴅᴇɢʜᴊᴋᴍᴏᴘꜱᴛᴜᴠᴡᴢ", "iagiiyrnlabcdeghjkmopstuvwz")
_TOKEN = re.compile(r"[^\W\d_]+")


def _latin_letters(text: str) -> str:
    """``text`` with look-alike letters turned Latin, one for one."""
    pieces: list[str] = []
    at = 0
    for match in _TOKEN.finditer(text):
        token = match.group()
        if token.isascii():
            continue
        plain = _latin_token(token)
        if plain != token:
            pieces += (text[at : match.start()], plain)
            at = match.end()
    pieces.append(text[at:])
    return "".join(pieces)


def _latin_token(token: str) -> str:
    if _FOREIGN_LETTER.search(token):
        plain = token.translate(_FOREIGN)
        if any("a" <= char <= "z" or "A" <= char <= "Z" for char in token) or plain.lower() in words():
            return plain
    if len(token) <= _LONGEST:
        bare = "".join(map(_without_marks, token.translate(_FOREIGN).translate(_ODD_LATIN)))
        if bare.lower() in words():
            return bare
    return token


@cache
def _without_marks(letter: str) -> str:
    base = unicodedata.normalize("NFD", letter)[0]
    return base if base.isascii() else letter


# --- Letter-spaced words ----------------------------------------------------------------------------------

_SPACED_HINT = re.compile(r"\b[A-Za-z]([ .*·|~/_-])[A-Za-z]\1[A-Za-z](?![A-Za-z])")
_SPACED_RUN = re.compile(r"(?<![^\W_])[A-Za-z]([ .*·|~/_-])[A-Za-z](?:\1[A-Za-z])*(?![^\W_]|')")
_GAP = re.compile(r"[ \n]{1,4}")


def _join_spaced(text: str) -> Iterator[Edit]:
    """The separators inside spaced-out words (``P A Y  N O W``, ``p-a-y``), deleted."""
    group: list[re.Match[str]] = []
    for run in _SPACED_RUN.finditer(text.translate(_FOREIGN)):
        if group and not _GAP.fullmatch(text[group[-1].end() : min(run.start(), group[-1].end() + 5)]):
            yield from _join_group(group)
            group = []
        group.append(run)
    yield from _join_group(group)


def _join_group(group: list[re.Match[str]]) -> Iterator[Edit]:
    """Runs with nothing but space between them: two long ones are a spaced phrase whatever they say."""
    phrase = sum(_letters(run) >= 3 for run in group) >= 2
    for run in group:
        start, end = run.span()
        word = run.group()[::2].lower()
        if phrase or (len(word) >= 3 and word in words()):
            yield from (Edit(at, at + 1, "") for at in range(start + 1, end, 2))
            continue
        # One separator throughout ("P A Y N O W") hides the word boundaries: listed words give them back.
        ends = _split(word)
        for at in range(start + 1, end, 2) if ends else ():
            yield Edit(at, at + 1, " " if (at - start + 1) // 2 in ends else "")


def _letters(run: re.Match[str]) -> int:
    return (run.end() - run.start() + 1) // 2


def _split(letters: str) -> frozenset[int]:
    """Where the words end when ``letters`` is nothing but two or more listed words; else empty."""
    if not 6 <= len(letters) <= 60:
        return frozenset()
    reached: dict[int, frozenset[int]] = {0: frozenset()}
    for end in range(3, len(letters) + 1):
        for start in range(max(0, end - _LONGEST), end - 2):
            if start in reached and letters[start:end] in words():
                reached[end] = reached[start] | {end}
    return reached.get(len(letters), frozenset())


# --- Leetspeak and masked letters -------------------------------------------------------------------------

_LEET_HINT = re.compile(r"[0-9@$!|+*][A-Za-z]|[A-Za-z][0-9@$|+*]")
_LEET_TOKEN = re.compile(r"[A-Za-z0-9@$!|+*]+")
_LEET_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@$!|+*")
_LEET = str.maketrans("013456789@$!|+", "oieasgtbgasiit")
_LONGEST = 16
_REFERENCE_BEFORE = re.compile(
    r"(?:[/#:_.=-]|\b(?:ref|reference|account|acct|invoice|code|no|number|order|id)[.:]? ?)$", re.I
)
_POSTCODE_END = re.compile(r"\d[A-Z]{2}")  # SW1A 5UE is a place


def _plain_letters(text: str) -> str:
    """``text`` with ``n0w``, ``$cum`` and ``f*ck`` written out, one character for one."""
    hint = _LEET_HINT.search(text)
    pieces: list[str] = []
    at = 0
    while hint:
        match = _LEET_TOKEN.match(text, hint.start())
        end = match.end() if match else hint.end()
        start = _token_start(text, hint.start(), at)
        if start >= 0 and end - start <= _LONGEST + 8:
            first, token = _core(text[start:end])
            plain = _spelled_out(token, text[max(0, start - 12) : start], text[end : end + 1])
            if plain is not None:
                pieces += (text[at : start + first], plain)
                at = start + first + len(plain)
        hint = _LEET_HINT.search(text, end)
    if not pieces:
        return text
    pieces.append(text[at:])
    return "".join(pieces)


def _token_start(text: str, at: int, floor: int) -> int:
    """Where the token around ``at`` starts; -1 when it is longer than any word."""
    for start in range(at, max(floor, at - _LONGEST - 8) - 1, -1):
        if start == floor or text[start - 1] not in _LEET_CHARACTERS:
            return start
    return -1


def _core(token: str) -> tuple[int, str]:
    """The token without emphasis at its edges, and where that starts."""
    kept = token.rstrip("!*|+").lstrip("*|+!")
    return token.find(kept) if kept else 0, kept


def _spelled_out(token: str, before: str, after: str) -> str | None:
    """The word that ``token`` disguises, in the token's case, or nothing."""
    letters = sum(char.isalpha() for char in token)
    if len(token) < 3 or letters in (0, len(token)) or letters < len(token) - letters:
        return None
    if (
        after in ("#", "_", "/", "@", "=")
        or _POSTCODE_END.fullmatch(token)
        or _REFERENCE_BEFORE.search(before)
    ):
        return None
    plain = token.lower().translate(_LEET)
    word = _masked_word(plain) if "*" in plain else _skeletons().get(plain.replace("l", "i"))
    if word is None:
        return None
    upper = all(char.isupper() for char in token if char.isalpha())
    pairs = zip(token, word, strict=True)
    return "".join(old if old.isalpha() else new.upper() if upper else new for old, new in pairs)


def _masked_word(token: str) -> str | None:
    """The listed word that ``token`` spells with some letters starred out; its first letter must show."""
    for word in sorted(words()):
        if len(word) == len(token) and all(a in ("*", b) for a, b in zip(token, word, strict=True)):
            return word
    return None


@cache
def words() -> frozenset[str]:
    """The words that a disguise may stand for (``data/obfuscated_words.txt``)."""
    lines = (Path(__file__).parent / "data" / "obfuscated_words.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


@cache
def _skeletons() -> dict[str, str]:
    """Listed words by their shape with l and i as one, since 1, | and ! stand for either."""
    return {word.replace("l", "i"): word for word in sorted(words())}


# --- Soft-wrapped lines -----------------------------------------------------------------------------------


def _unwrap(text: str) -> str:
    """``text`` with the line breaks that only an editor's margin made turned into spaces."""
    breaks = []
    line, newline = 0, text.find("\n")
    while newline >= 0:
        wide = newline - line >= SOFT_WRAP_COLUMNS and text[newline - 1] not in ".!?:;\n"
        if wide and text[newline + 1 : newline + 2].islower():
            breaks.append(newline)
        line, newline = newline + 1, text.find("\n", newline + 1)
    if not breaks:
        return text
    pieces: list[str] = []
    at = 0
    for newline in breaks:
        pieces += (text[at:newline], " ")
        at = newline + 1
    pieces.append(text[at:])
    return "".join(pieces)
