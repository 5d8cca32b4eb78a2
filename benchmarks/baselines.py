"""What simpler ways would say of labelled messages, written as predictions that ``tonecheck eval --beside`` reads.

    python benchmarks/baselines.py LABELLED.jsonl --out FOLDER [--goemotions FOLDER --labels labels.txt]

- vader: the sentiment of VADER's lexicon (``pip install --group bench``). The message's compound is its score; a sentence
  with a compound of -0.3 or less is a place.
- keywords: a list of stock phrases of harsh collection letters. Each place counts against the message.
- goemotions: the tone model's encoder, fine-tuned on the emotions of GoEmotions alone (the intermediate task of
  ``python -m training.tone``; needs PyTorch). A sentence in which negative emotions outweigh positive ones is a place, and
  the worst sentence is the score.

None of them knows categories. Each place has severity 2, since it makes the verdict "revise"; none ever says "block". What
cannot be run is left out, and a line on stderr says so.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
# The project's own packages, where this file is run and not installed.
sys.path.append(str(ROOT))

from tonecheck.errors import UserError  # noqa: E402
from tonecheck.labels import Record, read_records  # noqa: E402
from tonecheck.model.backends import SHIPPED  # noqa: E402
from tonecheck.model.passages import Passage, Sentence  # noqa: E402
from tonecheck.sentences import sentence_spans  # noqa: E402

Place = tuple[int, int]
Judged = tuple[float, list[Place]]  # a score, the higher the better, and the places of a message
Baseline = Callable[[Sequence[Record]], list[Judged]]

# From here down VADER calls a sentence negative, and by a margin: its own line for "negative" is -0.05.
HARSH_COMPOUND = -0.3
# By how much the summed probabilities of negative emotions must exceed those of positive ones.
EMOTION_MARGIN = 0.25
SEVERITY = 2

STOCK_PHRASES = (
    "act now",
    "bailiffs",
    "court action",
    "damage your credit",
    "deadbeat",
    "failed to pay",
    "failure to pay",
    "final demand",
    "final notice",
    "final warning",
    "garnish your wages",
    "immediate payment",
    "last chance",
    "legal action",
    "no excuses",
    "or else",
    "pay immediately",
    "pay now",
    "refused to pay",
    "seriously overdue",
    "shame on you",
    "take you to court",
    "without further notice",
    "you must pay",
    "you owe",
)
_STOCK = re.compile(r"\b(?:" + "|".join(map(re.escape, STOCK_PHRASES)) + r")\b", re.IGNORECASE)

# Demszky et al.'s sentiment grouping; what neither side names is neutral or depends on what it is about.
POSITIVE = frozenset(
    "admiration amusement approval caring desire excitement gratitude joy love optimism pride relief".split()
)


def keywords(records: Sequence[Record]) -> list[Judged]:
    result = []
    for record in records:
        places = [match.span() for match in _STOCK.finditer(record.text)]
        result.append((float(-len(places)), places))
    return result


def vader(records: Sequence[Record]) -> list[Judged]:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    compound = SentimentIntensityAnalyzer().polarity_scores
    result = []
    for record in records:
        places = [
            (start, end)
            for start, end in sentence_spans(record.text)
            if compound(record.text[start:end])["compound"] <= HARSH_COMPOUND
        ]
        result.append((compound(record.text)["compound"], places))
    return result


def goemotions(folder: Path, labels: Path, tokenizer: Path) -> Baseline:
    """``folder``: as ``ToneClassifier.save`` wrote it, its outputs those of ``labels`` in their order."""
    from tokenizers import Tokenizer

    from training.tone.classifier import ToneClassifier
    from training.tone.fit import predict
    from training.tone.goemotions import NEGATIVE

    for needed in (folder / "tone.safetensors", tokenizer):
        if not needed.is_file():
            raise UserError(f"{needed}: there is no such file")
    names = labels.read_text(encoding="utf-8").split()
    for name in sorted(NEGATIVE | POSITIVE):
        if name not in names:
            raise UserError(f"{labels}: lacks the emotion {name!r}")
    signs = [(name in NEGATIVE) - (name in POSITIVE) for name in names]
    model = ToneClassifier.load(folder, names)
    pieces = Tokenizer.from_file(str(tokenizer))

    def judge(records: Sequence[Record]) -> list[Judged]:
        return [of_one(record) for record in records]

    def of_one(record: Record) -> Judged:
        import numpy as np

        spans = sentence_spans(record.text)
        if not spans:
            return 0.0, []
        # Each sentence by itself, as the comments were that the encoder learned from.
        passages = [Passage((Sentence(" ".join(record.text[start:end].split())),)) for start, end in spans]
        logits = np.stack([rows[0] for rows in predict(model, pieces, passages)])
        harshness = (1 / (1 + np.exp(-logits))) @ np.array(signs, dtype=np.float32)
        places = [
            (span.start, span.end)
            for span, value in zip(spans, harshness, strict=True)
            if value > EMOTION_MARGIN
        ]
        return float(-harshness.max()), places

    return judge


def prediction(record: Record, judged: Judged) -> dict[str, Any]:
    score, places = judged
    return {
        "id": record.id,
        "score": round(score, 6),
        "verdict": "revise" if places else "send",
        "tone": [{"severity": SEVERITY, "start": start, "end": end} for start, end in places],
    }


def write(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def left_out(name: str, why: str) -> None:
    print(f"left out: {name} ({why})", file=sys.stderr)


def baselines(arguments: argparse.Namespace) -> dict[str, Baseline]:
    ready: dict[str, Baseline] = {"keywords": keywords}
    if importlib.util.find_spec("vaderSentiment"):
        ready["vader"] = vader
    else:
        left_out("vader", "pip install --group bench")
    missing = [
        name for name in ("torch", "transformers", "safetensors") if not importlib.util.find_spec(name)
    ]
    if arguments.goemotions is None or arguments.labels is None:
        left_out("goemotions", "give --goemotions FOLDER and --labels labels.txt")
    elif missing:
        left_out("goemotions", f"it needs {' and '.join(missing)}: pip install --group training")
    else:
        ready["goemotions"] = goemotions(arguments.goemotions, arguments.labels, arguments.tokenizer)
    return ready


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("labelled", type=Path, metavar="LABELLED.jsonl")
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--goemotions", type=Path, metavar="FOLDER", help="the fine-tuned encoder")
    parser.add_argument("--labels", type=Path, metavar="FILE", help="the labels.txt of GoEmotions")
    parser.add_argument(
        "--tokenizer",
        type=Path,
        default=SHIPPED / "tokenizer.json",
        metavar="FILE",
        help="of that encoder (default: that of the shipped model, which is the same)",
    )
    arguments = parser.parse_args()
    try:
        records = list(read_records(arguments.labelled))
        arguments.out.mkdir(parents=True, exist_ok=True)
        beside = []
        for name, judge in baselines(arguments).items():
            path = arguments.out / f"{name}.jsonl"
            judged = judge(records)
            write(path, map(prediction, records, judged))
            beside.append(f"--beside {name}={path}")
    except (UserError, OSError) as err:
        print(f"error: {err}", file=sys.stderr)
        return 2
    print(f"tonecheck eval {arguments.labelled} {' '.join(beside)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
