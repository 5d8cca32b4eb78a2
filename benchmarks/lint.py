"""How long the linter of templates takes: a template of twelve independent conditions, and a repository of 500 templates.

    python benchmarks/lint.py [--templates 500] [--jobs 2]

The repository is made up: letters of five to ten sentences in an order of their own, with up to four conditions, macros and includes. The
second run of it has a warm cache.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
import time
from pathlib import Path

SENTENCES = (
    "Your balance of {{ balance | money }} was due on {{ due_date | day }}.",
    "If you have paid already, thank you, and please disregard this message.",
    "You can pay at {{ payment_link }} or by phone.",
    "Please call us on {{ phone }} if you have a question.",
    "We can spread the amount over several months if that helps.",
    "Your account number is {{ reference }}.",
    "We know that this can be a difficult time.",
    "A smaller monthly payment is possible as well.",
    "There is no fee for a payment plan.",
    "Free and independent advice is there for you as well.",
    "We would be glad to hear from you by {{ due_date | day }}.",
    "Thank you for being a customer of ours.",
    "You failed to pay.",
    "Some of our readers like to pay by card, and that is fine too.",
)
VARIABLES = """variables:
  customer_name: {type: string, samples: ["Sam Lee", "Siobhán O'Brien"]}
  balance: {type: number, samples: [186.2, 12000]}
  due_date: {type: date, samples: ["2027-05-14"]}
  payment_link: {type: string, samples: ["https://pay.example.com/2231"]}
  phone: {type: string, samples: ["555-0142"]}
  reference: {type: string, samples: ["4471-2231"]}
  first: {type: boolean}
  second: {type: boolean}
  third: {type: boolean}
  fourth: {type: boolean}
"""
CONDITIONS = ("first", "second", "third", "fourth")


def twelve() -> str:
    parts = ["Dear {{ customer_name }},\n\n"]
    for number in range(12):
        sentence = SENTENCES[number].replace("| money", "").replace("| day", "")
        parts.append(f"{{% if condition_{number} %}}{sentence}{{% endif %}}\n\n")
    return "".join(parts) + "Kind regards,\nNorth Hall Dental\n"


def letter(chance: random.Random, number: int) -> str:
    parts = ['{% from "_macros.j2" import greeting %}{{ greeting(customer_name) }}\n\n']
    for sentence in chance.sample(SENTENCES, chance.randint(5, 10)):
        if chance.random() < 0.3:
            sentence = "{% if " + chance.choice(CONDITIONS) + " %}" + sentence + "{% endif %}"
        parts.append(sentence + chance.choice(("\n\n", " ", "\n\n")))
    return "".join(parts) + f'\nThis is letter {number}.\n\n{{% include "_closing.txt" %}}\n'


def repository(folder: Path, count: int) -> None:
    (folder / "_macros.j2").write_text("{% macro greeting(name) %}Dear {{ name }},{% endmacro %}")
    (folder / "_closing.txt").write_text("Kind regards,\nNorth Hall Dental\n")
    (folder / "all.yaml").write_text(VARIABLES)
    for number in range(count):
        (folder / f"letter-{number:03}.txt.j2").write_text(letter(random.Random(number), number))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--templates", type=int, default=500)
    parser.add_argument("--jobs", type=int, default=2)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["TONECHECK_CACHE"] = str(folder / "cache")
        from tonecheck.linter.run import Linter, LintOptions, lint
        from tonecheck.linter.sources import read_variables

        print("| what | combinations | seconds |\n| --- | --- | --- |")
        (folder / "twelve.txt").write_text(twelve())
        start = time.perf_counter()
        linter = Linter(LintOptions(cached=False))
        linter.checker.check("Hello, your balance is $5.")
        print(f"| loading rules and model | | {time.perf_counter() - start:.2f} |")
        start = time.perf_counter()
        row = linter.lint_file(folder / "twelve.txt")
        print(
            f"| 12 independent conditions | {row['branches']['explored']:,} | {time.perf_counter() - start:.2f} |"
        )
        letters = folder / "letters"
        letters.mkdir()
        repository(letters, asked.templates)
        options = LintOptions(variables=read_variables(letters / "all.yaml"), jobs=asked.jobs)
        for what in ("cold", "warm"):
            start = time.perf_counter()
            report = lint([str(letters)], options)
            seconds = time.perf_counter() - start
            total = sum(row["branches"]["explored"] for row in report["files"])
            print(
                f"| {len(report['files'])} templates, {asked.jobs} processes, {what} cache | {total:,} | {seconds:.2f} |"
            )


if __name__ == "__main__":
    main()
