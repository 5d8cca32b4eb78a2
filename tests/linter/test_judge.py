"""What is found, where, on which paths; and that many texts judged by a few of them give what judging each gives."""

from __future__ import annotations

import random
from typing import Any

import pytest

SENTENCES = (
    "Your balance is $186.20.",
    "The balance was due on May 14, 2027.",
    "You can pay at https://pay.example.com/2231.",
    "Please call us on 555-0142 if you have a question.",
    "You failed to pay.",
    "We will sue you.",
    "You can also pay in instalments.",
    "If you have paid already, thank you.",
    "Your account is 4471-2231.",
    "This is your last chance.",
    "We are here to help.",
    "What kind of person ignores a bill?",
)


def a_letter(seed: int) -> str:
    chance = random.Random(seed)
    parts = ["Dear Sam,\n"]
    for number, sentence in enumerate(chance.sample(SENTENCES, 8)):
        kind = chance.random()
        if kind < 0.45:
            parts.append(f"{{% if c{chance.randint(0, 3)} %}}{sentence} {{% endif %}}")
        elif kind < 0.6:
            other = chance.choice(SENTENCES)
            parts.append(f"{{% if c{chance.randint(0, 3)} %}}{sentence}{{% else %}}{other}{{% endif %}}")
        else:
            parts.append(sentence)
        parts.append(chance.choice(["\n\n", " ", "\n\n"]) if number else "\n\n")
    return "".join(parts) + "\nKind regards,\nAcme Ltd\n"


def told(row: dict[str, Any]) -> set[tuple[Any, ...]]:
    return {
        (finding["rule"], finding["line"], finding["column"], finding["when"])
        for finding in row["findings"]
        if not finding["rule"].startswith("clarity/grade")
    }


@pytest.mark.parametrize("seed", range(40))
def test_a_few_texts_tell_what_all_of_them_tell(seed: int, lint_one: Any) -> None:
    template = a_letter(seed)
    assert told(lint_one(template, few=0)) == told(lint_one(template, few=1000))
