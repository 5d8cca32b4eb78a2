"""JUnit XML, which most build servers show as test results: a test case for each file, a failure for each finding."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree import ElementTree as xml

from tonecheck.ci.findings import Located

_LEVEL = {1: "hint", 2: "should be changed", 3: "must not be sent"}
# What XML 1.0 cannot hold, not even escaped.
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(items: Sequence[Located], *, version: str, paths: Sequence[str] = ()) -> str:
    """One suite. Times are left out as 0: a report must not depend on the clock."""
    by_file: dict[str, list[Located]] = {path: [] for path in paths}
    for item in items:
        by_file.setdefault(item.path, []).append(item)
    counts = {
        "tests": str(len(by_file)),
        "failures": str(sum(1 for found in by_file.values() if found)),
        "errors": "0",
        "time": "0",
    }
    suites = xml.Element("testsuites", {"name": "tonecheck", **counts})
    suite = xml.SubElement(suites, "testsuite", {"name": "tonecheck", **counts, "skipped": "0"})
    properties = xml.SubElement(suite, "properties")
    xml.SubElement(properties, "property", {"name": "version", "value": _legal(version)})
    for path, found in by_file.items():
        case = xml.SubElement(
            suite, "testcase", {"name": _legal(path), "classname": "tonecheck", "time": "0"}
        )
        for item in found:
            failure = xml.SubElement(
                case, "failure", {"type": _legal(item.rule), "message": _legal(item.sentence)}
            )
            failure.text = _legal(_body(item))
    xml.indent(suites)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + xml.tostring(suites, encoding="unicode") + "\n"


def _body(item: Located) -> str:
    where = item.path if item.place is None else f"{item.path}:{item.place.line}:{item.place.column}"
    words = f"\n  {item.quote}" if item.quote else ""
    return f"{where}: {item.rule} ({_LEVEL[item.severity]}){words}\n{item.text}"


def _legal(text: str) -> str:
    return _ILLEGAL.sub(lambda match: match[0].encode("unicode_escape").decode("ascii"), text)
