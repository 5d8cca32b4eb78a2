"""What a client asks. Clients name content types that their bodies do not have, so the body itself tells what it is."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from werkzeug.formparser import MultiPartParser

from tonecheck.profile import VALUES, Profile, parse_flags
from tonecheck.service.languagetool.markup import MarkedText, Piece

# These add up where several places give them; of all others the place nearest to the draft decides.
_LISTS = ("disabledRules", "enabledRules", "disabledCategories", "enabledCategories")
_MISSING = "Missing 'text' or 'data' parameter"
_JURISDICTIONS = {"en-us": "us", "en-gb": "uk"}
_WHITE_SPACE = re.compile(r"[ \t\r\n]")
_NEXT_PARAMETER = re.compile(r"&(?=[A-Za-z]\w*=)")


class BadQuery(Exception):
    """The request cannot be understood. ``str()`` says why, without a word of the draft."""


def parameters(body: bytes, query: Mapping[str, str], settings: str = "") -> dict[str, str]:
    """All parameters of a request: those of its body before those of its query string before those of its address.

    ``settings`` come from the address, as in ``stage=final;level=picky``. Unknown parameters are kept; nobody reads them.
    """
    result: dict[str, str] = {}
    for given in (_body(body), query, dict(_pair(part) for part in re.split("[;&]", settings) if part)):
        for name, value in given.items():
            if name in _LISTS and result.get(name):
                result[name] += "," + value
            else:
                result.setdefault(name, value)
    return result


def _pair(part: str) -> tuple[str, str]:
    name, _, value = part.partition("=")
    return name.strip(), value.strip()


def _body(body: bytes) -> dict[str, str]:
    if body.lstrip().startswith(b"--") and b"content-disposition:" in body[:1000].lower():
        return _multipart(body.lstrip())
    text = body.decode("utf-8-sig", errors="replace")
    if text.lstrip().startswith("{"):
        return _json(text)
    text = text.strip("\r\n")
    if _WHITE_SPACE.search(text):
        # A form-encoded body has no white space: nothing here is encoded, as older LibreOffice and careless scripts send it.
        pairs = [part.partition("=") for part in _NEXT_PARAMETER.split(text)]
        return {name: value for name, _, value in reversed(pairs)}
    return dict(reversed(parse_qsl(text, keep_blank_values=True)))


def _json(text: str) -> dict[str, str]:
    try:
        given = json.loads(text)
    except (ValueError, RecursionError) as err:
        raise BadQuery("The body starts like JSON but is not valid JSON") from err
    if "annotation" in given:
        return {"data": text}
    return {name: _as_text(value) for name, value in given.items() if value is not None}


def _as_text(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(one if isinstance(one, str) else json.dumps(one) for one in value)
    return value if isinstance(value, str) else json.dumps(value)


def _multipart(body: bytes) -> dict[str, str]:
    boundary = body.partition(b"\n")[0].strip()[2:]
    parser = MultiPartParser(max_form_memory_size=len(body), max_form_parts=100)
    try:
        form, files = parser.parse(io.BytesIO(body), boundary, len(body))
    except ValueError as err:
        raise BadQuery("The body starts like a multipart form but is not one") from err
    result = {name: file.read().decode("utf-8", errors="replace") for name, file in files.items()}
    return result | dict(form.items())


def text_of(given: Mapping[str, str]) -> MarkedText:
    """What is to be checked. Raises ``BadQuery``."""
    if "text" in given and "data" in given:
        raise BadQuery("Set only 'text' or 'data' parameter, not both")
    if "text" in given:
        return MarkedText([Piece(given["text"], given["text"])])
    if "data" not in given:
        raise BadQuery(_MISSING)
    try:
        data = json.loads(given["data"])
    except (ValueError, RecursionError) as err:
        raise BadQuery("Could not parse JSON from 'data' parameter") from err
    if not isinstance(data, dict) or ("text" in data) == ("annotation" in data):
        raise BadQuery("'data' key in JSON requires either 'text' or 'annotation' key")
    if "text" in data:
        return MarkedText([Piece(str(data["text"]), str(data["text"]))])
    if not isinstance(data["annotation"], list):
        raise BadQuery("'annotation' has to be a list")
    return MarkedText(_piece(node, place) for place, node in enumerate(data["annotation"]))


def _piece(node: Any, place: int) -> Piece:
    if not isinstance(node, dict) or (node.get("text") is None) == (node.get("markup") is None):
        raise BadQuery(f"annotation[{place}] has to be an object with either 'text' or 'markup'")
    if node.get("text") is not None:
        return Piece(str(node["text"]), str(node["text"]))
    read = node.get("interpretAs")
    return Piece(str(node["markup"]), "" if read is None else str(read), is_markup=True)


def profile_of(given: Mapping[str, str], default: Profile) -> Profile:
    """The profile fields among the parameters, else what the language tells, else ``default``. Raises ``ProfileError``."""
    fields: dict[str, object] = {"jurisdiction": _jurisdiction(given)}
    fields |= {name: given[name].strip() for name in VALUES if given.get(name, "").strip()}
    if given.get("flags"):
        fields["flags"] = parse_flags(given["flags"].split(","))
    return default.changed(**fields)


def _jurisdiction(given: Mapping[str, str]) -> str | None:
    """Of the language, or where that names no country, of the first variant of English that the client prefers."""
    asked = [given.get("language", ""), *given.get("preferredVariants", "").split(",")]
    codes = [code.strip().lower().replace("_", "-") for code in asked]
    if codes[0] not in ("", "auto", "en"):
        codes = codes[:1]
    return next((_JURISDICTIONS[code] for code in codes if code in _JURISDICTIONS), None)


def identifier(name: str) -> str:
    """A rule's or category's name as clients know it: ``threat/wages`` is ``THREAT_WAGES``."""
    return re.sub(r"[^A-Z0-9]+", "_", name.upper()).strip("_")


@dataclass(frozen=True)
class Wanted:
    """Which findings a client wants. ``places`` and ``absences``: those that are somewhere, and those of the whole text."""

    disabled: frozenset[str] = frozenset()
    enabled: frozenset[str] = frozenset()
    disabled_categories: frozenset[str] = frozenset()
    enabled_categories: frozenset[str] = frozenset()
    only: bool = False
    picky: bool = False
    places: bool = True
    absences: bool = True

    def admits(self, finding: Mapping[str, Any]) -> bool:
        rule, category = identifier(finding["rule"]), identifier(finding["category"])
        if rule in self.disabled or not (self.absences if finding["start"] is None else self.places):
            return False
        if rule in self.enabled or category in self.enabled_categories:
            return True
        if self.only or category in self.disabled_categories:
            return False
        return self.picky or bool(finding["severity"] > 1)


def wanted_by(given: Mapping[str, str]) -> Wanted:
    """Raises ``BadQuery`` where everything is turned off: silence would look like praise."""

    def names(parameter: str) -> frozenset[str]:
        return frozenset(filter(None, map(identifier, given.get(parameter, "").split(","))))

    # The browser add-on asks twice: for the paragraph at hand, and for what only the whole text can tell.
    mode = identifier(given.get("mode", "")).replace("_", "")
    wanted = Wanted(
        disabled=names("disabledRules"),
        enabled=names("enabledRules"),
        disabled_categories=names("disabledCategories"),
        enabled_categories=names("enabledCategories"),
        only=given.get("enabledOnly", "").strip().lower() in ("true", "yes", "1"),
        picky=given.get("level", "").strip().lower() == "picky",
        places=mode != "TEXTLEVELONLY",
        absences=mode != "ALLBUTTEXTLEVELONLY",
    )
    if wanted.only and not wanted.enabled and not wanted.enabled_categories:
        raise BadQuery("You must specify enabled rules or categories when using enabledOnly=true")
    return wanted
