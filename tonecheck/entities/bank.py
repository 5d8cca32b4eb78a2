"""Bank details: IBAN, BIC, UK sort code and account number, US routing and account number."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tonecheck.entities.entity import Entity
from tonecheck.entities.patterns import compile_re2, stands_alone

_IBAN = re.compile(
    r"[A-Z](?<![A-Za-z0-9].)[A-Z][0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?(?![A-Za-z0-9])"
)
_IBAN_GROUP_END = re.compile(r"(?<=[A-Z0-9]) ")
_CODE = compile_re2(
    r"(?i:\b(?:bic|swift)(?:[ /](?:swift|bic))?(?: code| no\.?)?)[ \t\n:=-]{1,4}([A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?)\b"
)
_SORT_CODE = re.compile(r"[0-9]{2}-[0-9]{2}-[0-9]{2}")
_SORT_CODE_CUED = compile_re2(
    r"(?i)\b(?:sort(?:ing)?[ -]?code|s/c)(?: number| no\.?| is)?[ \t\n:=-]{0,4}(\d{2}[ -]?\d{2}[ -]?\d{2})\b"
)
_ROUTING = compile_re2(
    r"(?i)\b(?:routing|aba|rtn|transit)(?: transit)?(?: number| no\.?| code| #)?(?: is)?[ \t\n:=#-]{0,4}(\d{9})\b"
)
_ACCOUNT = compile_re2(
    r"(?i)\b(?:account|acct|acc|a/c)\.?(?: number| no\.?| num| #)?(?: is)?[ \t\n:=#-]{0,4}(\d{4} ?\d{4}|\d{6,17})\b"
)
_EIGHT_DIGITS = re.compile(r"[0-9]{8}")
_REACH = 120  # characters between the parts of one set of bank details
_HINT = compile_re2(
    r"(?i)\b(?:sort|s/c|routing|aba|rtn|transit|bic|swift|[A-Z]{2}\d{2} ?[A-Z0-9]{4})|\d\d-\d\d-\d\d"
)


def find_bank_details(text: str) -> Iterator[Entity]:
    """The bank details of ``text``. An account number counts only beside a sort code or a routing number:
    alone it is the customer's reference."""
    if not _HINT.search(text):
        return
    yield from _ibans(text)
    for match in _CODE.finditer(text):
        yield Entity("bank", match.start(1), match.end(1), ("bic", match.group(1)))
    anchors = [*_sort_codes(text), *_routing_numbers(text)]
    yield from anchors
    yield from _account_numbers(text, anchors)


def _ibans(text: str) -> Iterator[Entity]:
    for match in _IBAN.finditer(text):
        end = _valid_iban_end(match[0])
        start = match.start()
        if end:
            yield Entity("bank", start, start + end, ("iban", match[0][:end].replace(" ", "")))
        elif "iban" in text[max(0, start - 16) : start].lower():
            yield Entity("bank", *match.span(), None)


def _valid_iban_end(candidate: str) -> int:
    """How much of ``candidate`` is a valid IBAN, whole groups only; 0 for none."""
    from stdnum import iban  # here, because few messages need it

    ends = [len(candidate), *(space.start() for space in _IBAN_GROUP_END.finditer(candidate))]
    for end in sorted(ends, reverse=True):
        if end >= 15 and iban.is_valid(candidate[:end]):
            return end
    return 0


def _sort_codes(text: str) -> Iterator[Entity]:
    cued = set()
    for match in _SORT_CODE_CUED.finditer(text):
        cued.add(match.start(1))
        yield _sort_code(match.span(1), match.group(1))
    for found in _SORT_CODE.finditer(text):
        start, end = found.span()
        if start in cued or not stands_alone(text, start, end, "-/.,"):
            continue
        day, month = int(found[0][:2]), int(found[0][3:5])
        could_be_date = 1 <= day <= 31 and 1 <= month <= 31 and (day <= 12 or month <= 12)
        if not could_be_date or _EIGHT_DIGITS.search(text, end, end + 40):
            yield _sort_code((start, end), found[0])


def _sort_code(span: tuple[int, int], written: str) -> Entity:
    digits = written.replace("-", "").replace(" ", "")
    return Entity("bank", *span, ("sort_code", f"{digits[:2]}-{digits[2:4]}-{digits[4:]}"))


def _routing_numbers(text: str) -> Iterator[Entity]:
    for match in _ROUTING.finditer(text):
        from stdnum.us import rtn

        digits = match.group(1)
        value = ("routing", digits) if rtn.is_valid(digits) else None
        yield Entity("bank", match.start(1), match.end(1), value)


def _account_numbers(text: str, anchors: list[Entity]) -> Iterator[Entity]:
    """Numbers introduced as an account's, and after a sort code any eight digits that stand alone."""
    for anchor in anchors:
        offset = max(0, anchor.start - _REACH)
        for match in _ACCOUNT.finditer(text[offset : anchor.end + _REACH]):
            start, end = match.span(1)
            if stands_alone(text, offset + start, offset + end, "-/"):
                yield Entity(
                    "bank", offset + start, offset + end, ("account", match.group(1).replace(" ", ""))
                )
        for found in _EIGHT_DIGITS.finditer(text, anchor.end, anchor.end + 40):
            if stands_alone(text, *found.span(), "-/.,"):
                yield Entity("bank", *found.span(), ("account", found[0]))
