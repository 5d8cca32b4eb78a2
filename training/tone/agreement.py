"""How well two annotators agree: the labels of the passages, and those of a second hand that saw the sentences alone.

    python -m training.tone.agreement

``training/data/second_annotator.tsv`` has a tenth of the sentences: file, labels, sentence. Cohen's kappa is
over sentences; the second annotator saw neither the labels nor who wrote them. (Threats inside deceptions,
disclosures and ultimatums were then read a third time and labelled throughout; see training/data/README.md.)
"""

from __future__ import annotations

from pathlib import Path

from tonecheck.finding import TONE_CATEGORIES
from training.tone.examples import passage_files, read_passages

DATA = Path(__file__).parents[1] / "data"
Labels = dict[str, int]


def pairs() -> list[tuple[Labels, Labels]]:
    """Labels of the author and of the second annotator, sentence by sentence: category → severity."""
    first: dict[tuple[str, str], Labels] = {}
    for written in read_passages(passage_files()):
        for line in written.lines:
            labels: Labels = {}
            for mark in written.marks:
                if min(mark.end, line.end) > max(mark.start, line.start):
                    labels[mark.category] = max(mark.severity, labels.get(mark.category, 0))
            first[written.place.split(":")[0], " ".join(written.text[line.start : line.end].split())] = labels
    result = []
    for row in (DATA / "second_annotator.tsv").read_text(encoding="utf-8").splitlines():
        file, labels, sentence = row.split("\t")
        result.append(
            (first[file, sentence], {label[:-1]: int(label[-1]) for label in labels.split(",") if label})
        )
    return result


def kappa(first: int, second: int, both: int, total: int) -> float:
    """Cohen's kappa for a yes-or-no label."""
    observed = (total - first - second + 2 * both) / total
    expected = (first * second + (total - first) * (total - second)) / total**2
    return (observed - expected) / (1 - expected)


def main() -> int:
    labelled = pairs()
    total = len(labelled)
    print(f"{total} sentences\n")
    print("| category | author | second | both | F1 | kappa | same severity |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name in (*TONE_CATEGORIES, "any"):
        first = [bool(one) if name == "any" else name in one for one, _ in labelled]
        second = [bool(other) if name == "any" else name in other for _, other in labelled]
        agreed = [(one, other) for (one, other), a, b in zip(labelled, first, second, strict=True) if a and b]
        same = sum(one.get(name) == other.get(name) for one, other in agreed) / len(agreed)
        a, b, both = sum(first), sum(second), len(agreed)
        shown = "" if name == "any" else f"{same:.2f}"
        print(
            f"| {name} | {a} | {b} | {both} | {2 * both / (a + b):.3f} | {kappa(a, b, both, total):.3f} | {shown} |"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
