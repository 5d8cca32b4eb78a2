"""How our recognisers compare with the libraries that might replace them: time per message, and right answers.

    python benchmarks/entities.py

Needs ``price-parser``, ``dateparser``, ``phonenumbers`` and ``python-stdnum``; a missing one is left out. Right means: the
same stretch of text (dates, phones) or the same number (amounts) as a person marked; extra means: reported, but
not marked.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable

from tonecheck.entities import find_entities
from tonecheck.entities.amounts import find_amounts
from tonecheck.entities.dates import find_dates
from tonecheck.entities.phones import find_phones

# The message, then the amounts (as numbers), dates and telephone numbers in it.
MESSAGES: tuple[tuple[str, tuple[float, ...], tuple[str, ...], tuple[str, ...]], ...] = (
    (
        "Invoice INV-0076 for £286.40 was due on 14 May. Please call us on 020 7946 0155 if you may need more time.",
        (286.40,),
        ("14 May",),
        ("020 7946 0155",),
    ),
    (
        "We can split the $1,200 into six payments of two hundred dollars, the first on the 15th. "
        "Call (479) 555-0168 or 555-0142.",
        (1200, 200),
        ("the 15th",),
        ("(479) 555-0168", "555-0142"),
    ),
    (
        "May I ask you to pay 85 quid by Friday? Sort code 20-45-12, account 12345678, reference HB2217.",
        (85,),
        ("Friday",),
        (),
    ),
    (
        "Your plan of £1.2k runs until 30 June 2026; page 14/20 has the terms. Text 07700 900 562.",
        (1200,),
        ("30 June 2026",),
        ("07700 900 562",),
    ),
    (
        "We wrote on 06/30/2026 and again on Monday 6 July. The March payment of $50 came back. Two things help.",
        (50,),
        ("06/30/2026", "Monday 6 July", "March"),
        (),
    ),
    (
        "Nothing is owed: your balance is £0.00. Thank you. If a question comes up, 01632 960 345 is open 24/7.",
        (0,),
        (),
        ("01632 960 345",),
    ),
    (
        "Dear customer, we would be glad to hear from you, whatever the reason. A short reply to this message is enough.",
        (),
        (),
        (),
    ),
)
TEXTS = [message[0] for message in MESSAGES]


def main() -> None:
    print(f"{'task':<8} {'library':<42} {'µs/message':>10} {'right':>9} {'extra':>6} {'import ms':>10}")
    for task, name, module, find, column in _contestants():
        try:
            find(TEXTS[0])
        except ImportError:
            print(f"{task:<8} {name:<42} not installed")
            continue
        right = extra = marked = 0
        for message in MESSAGES:
            expected, answers = Counter[object](message[column]), Counter[object](find(message[0]))
            marked += expected.total()
            right += (expected & answers).total()
            extra += (answers - expected).total()
        took, loads = _microseconds(find), _import_milliseconds(module)
        print(f"{task:<8} {name:<42} {took:>10.0f} {f'{right} of {marked}':>9} {extra:>6} {loads:>10.0f}")
    whole = " ".join(TEXTS[:5])
    print(
        f"\nall kinds, one message of {len(whole.split())} words: {_microseconds(find_entities, [whole]):.0f} µs"
    )
    _check_digits()


def _contestants() -> Iterable[tuple[str, str, str, Callable[[str], Iterable[object]], int]]:
    return (
        ("amounts", "tonecheck.entities.amounts", "tonecheck.entities.amounts", _our_amounts, 1),
        ("amounts", "price-parser, a sentence at a time", "price_parser", _price_parser, 1),
        ("dates", "tonecheck.entities.dates", "tonecheck.entities.dates", _our_dates, 2),
        ("dates", "dateparser.search, English", "dateparser.search", _dateparser, 2),
        ("phones", "tonecheck.entities.phones", "tonecheck.entities.phones", _our_phones, 3),
        ("phones", "phonenumbers, possible numbers, GB and US", "phonenumbers", _phonenumbers_possible, 3),
        ("phones", "phonenumbers, valid numbers, GB and US", "phonenumbers", _phonenumbers_valid, 3),
    )


def _our_amounts(text: str) -> list[object]:
    return [float(entity.value[0]) for entity in find_amounts(text) if isinstance(entity.value, tuple)]


def _price_parser(text: str) -> list[object]:
    from price_parser import Price

    prices = [Price.fromstring(sentence) for sentence in text.split(". ")]
    return [price.amount_float for price in prices if price.amount_float is not None]


def _our_dates(text: str) -> list[object]:
    return [text[entity.start : entity.end] for entity in find_dates(text) if entity.kind == "date"]


def _dateparser(text: str) -> list[object]:
    from dateparser.search import search_dates

    found = search_dates(text, languages=["en"]) or []
    return [words.removeprefix("on ").removeprefix("by ") for words, _ in found]


def _our_phones(text: str) -> list[object]:
    return [text[entity.start : entity.end] for entity in find_phones(text)]


def _phonenumbers_possible(text: str) -> Iterable[object]:
    from phonenumbers import Leniency

    return _phonenumbers(text, Leniency.POSSIBLE)


def _phonenumbers_valid(text: str) -> Iterable[object]:
    from phonenumbers import Leniency

    return _phonenumbers(text, Leniency.VALID)


def _phonenumbers(text: str, leniency: int) -> Iterable[object]:
    """Both countries are asked, because a message does not say which one it is from."""
    from phonenumbers import PhoneNumberMatcher

    return sorted(
        {
            match.raw_string
            for region in ("GB", "US")
            for match in PhoneNumberMatcher(text, region, leniency=leniency)
        }
    )


def _microseconds(find: Callable[[str], object], texts: list[str] = TEXTS) -> float:
    """Processor time per text, the best of five rounds."""
    rounds = []
    for _ in range(5):
        start, runs = time.process_time(), 0
        while time.process_time() - start < 0.2:
            for text in texts:
                find(text)
            runs += len(texts)
        rounds.append((time.process_time() - start) / runs)
    return min(rounds) * 1e6


def _import_milliseconds(module: str) -> float:
    """The import in a fresh interpreter, less the start of the interpreter; the best of three."""

    def run(code: str) -> float:
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        return time.perf_counter() - start

    return 1e3 * (min(run(f"import {module}") for _ in range(3)) - min(run("pass") for _ in range(3)))


def _check_digits() -> None:
    try:
        from stdnum import iban
    except ImportError:
        return
    took = _microseconds(iban.is_valid, ["GB82 WEST 1234 5698 7654 32", "GB00 WEST 1234 5698 7654 32"])
    print(
        f"stdnum.iban.is_valid: {took:.0f} µs per candidate, import {_import_milliseconds('stdnum.iban'):.0f} ms"
    )


if __name__ == "__main__":
    main()
