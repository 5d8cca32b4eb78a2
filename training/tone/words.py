"""The ordinary words of the passages and of the rules, by which names are told from words with a capital.

    python -m training.tone.words        writes tonecheck/data/words.txt

A word is ordinary if it stands somewhere in lower case. What is capitalised and is none of these is taken for a name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from tonecheck.config import data_folder
from tonecheck.model.names import WORDS
from training.tone.examples import passage_files

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_MARK = re.compile(r"</?[a-z_0-9, ]*>")
# Capitalised always, and no names of anybody.
_ALWAYS_CAPITAL = """
january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept
oct nov dec monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays fridays saturdays
sundays christmas easter internet english british american federal medicaid medicare facebook instagram google paypal zelle
venmo whatsapp linkedin tiktok twitter yelp trustpilot visa mastercard mr mrs ms mx miss dr prof rev sir madam judge
sheriff constable marshal officer sergeant detective inspector messrs
""".split()


def texts() -> Iterator[str]:
    for path in passage_files():
        for line in path.read_text(encoding="utf-8").splitlines():
            if not line.startswith("#"):
                yield _MARK.sub("", line)
    for path in sorted(data_folder("rules").rglob("*.yaml")):
        yield path.read_text(encoding="utf-8")


def main() -> int:
    lower: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    for text in texts():
        for word in _WORD.findall(text):
            (lower if word.islower() else capital)[word.lower()] += 1
    # A name that somebody once typed in lower case is still a name.
    words = {word for word, count in lower.items() if count > 2 or count * 4 >= capital[word]} | set(
        _ALWAYS_CAPITAL
    )
    WORDS.write_text("\n".join(sorted(words)) + "\n", encoding="utf-8")
    print(f"{len(words)} words")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
