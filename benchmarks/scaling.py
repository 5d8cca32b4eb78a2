"""Time against length: a check should cost the same for every kilobyte, from 1 kB to 1 MB.

    python benchmarks/scaling.py [--largest 1000] [--pipeline default|none]

The drafts are the benchmark's e-mail over and over, with numbers that differ, as plain text and as HTML.
"""

from __future__ import annotations

import argparse
import html
import itertools
from collections.abc import Iterator
from pathlib import Path

import timing  # first of the project's imports: it limits the threads

HERE = Path(__file__).parent
SIZES = (1, 3, 10, 30, 100, 300, 1000)


def paragraphs() -> Iterator[str]:
    """The e-mail's paragraphs for ever; each round names another invoice, so that no cache answers."""
    body = (HERE / "draft.txt").read_text(encoding="utf-8").split("\n\n")[1:]
    for number in itertools.count(20_817):
        for paragraph in body:
            yield paragraph.replace("20817", str(number))


def plain(kilobytes: int) -> str:
    pieces, length = [], 0
    for paragraph in paragraphs():
        pieces.append(paragraph)
        length += len(paragraph) + 2
        if length >= kilobytes * 1000:
            break
    return "\n\n".join(pieces)[: kilobytes * 1000]


def marked_up(kilobytes: int) -> str:
    """HTML with a tag or an entity every few words, ``kilobytes`` in all."""
    pieces, length = ["<html><body>"], 12
    for paragraph in paragraphs():
        words = html.escape(paragraph).replace("\n", "<br>").split(" ")
        words[::7] = [f"<b>{word}</b>&nbsp;" for word in words[::7]]
        pieces.append(f'<p class="MsoNormal">{" ".join(words)}</p>\n')
        length += len(pieces[-1])
        if length >= kilobytes * 1000:
            break
    return "".join([*pieces, "</body></html>"])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--largest", type=int, default=SIZES[-1], help="kilobytes")
    parser.add_argument("--pipeline", default="default")
    arguments = parser.parse_args()

    from tonecheck import Checker, Config, Profile

    checker, profile = Checker(Config(pipeline=arguments.pipeline)), Profile()
    checker.check(plain(1), profile)
    rows = []
    for size in (size for size in SIZES if size <= arguments.largest):
        rounds = max(1, min(20, 100 // size))
        row = [f"{size} kB"]
        for draft in (plain(size), marked_up(size)):
            milliseconds = timing.median(
                timing.sample(lambda d=draft: checker.check(d, profile), rounds, warmup=0)
            )
            row += [f"{milliseconds:.1f}", f"{milliseconds / (len(draft) / 1000):.2f}"]
        rows.append(row)
    print(f"{timing.machine()}; pipeline: {arguments.pipeline}\n")
    print(timing.table(["", "plain ms", "ms/kB", "HTML ms", "ms/kB"], rows))


if __name__ == "__main__":
    main()
