"""Train the tone model that tonecheck ships, from its passages to the files in the package, in one go.

    python -m training.tone [--goemotions FOLDER] [--out tonecheck/data/tone]

Reads ``training/data/passages``; GoEmotions, if its folder is given, is an intermediate task (see docs/MODEL.md for what it
brings). Temperatures and thresholds are chosen on ``training/data/heldout.jsonl``. Ends by writing the model, the recorded
PyTorch logits that a test compares it with, the reliability diagram, and the figures.
"""

from __future__ import annotations

import argparse
import dataclasses
import random
import time
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from tonecheck.model.backends import OnnxBackend
from tonecheck.model.encode import encode
from training import intents
from training.tone import goemotions
from training.tone.base import CACHE, base_encoder
from training.tone.calibrate import reliability, temperatures, thresholds
from training.tone.classifier import ToneClassifier
from training.tone.distil import out_of_fold, softened
from training.tone.examples import OUTPUTS, Example, passage_files, read_examples
from training.tone.export import export, write_about
from training.tone.fit import Recipe, fit, fresh, predict
from training.tone.heldout import figures, read_messages, report
from training.tone.library_examples import library_examples
from training.tone.prune import pruned, worth
from training.tone.rule_examples import rule_examples

ROOT = Path(__file__).parents[2]
HELDOUT = ROOT / "training" / "data" / "heldout.jsonl"
SHIPPED = ROOT / "tonecheck" / "data" / "tone"
RECORDED = ROOT / "tests" / "data" / "tone_logits.npz"
DIAGRAM = ROOT / "docs" / "reliability.png"

# What measured best; see the ablations in docs/MODEL.md.
INTERMEDIATE = Recipe(epochs=1, context=0, smoothing=0.0)
STUDENT = Recipe()
# Then the network gives up what it can best do without, a third of its work, and learns to do without it.
HEADS, NEURONS = 8, 1024
SEEN_FOR_WORTH = 600
PRUNED = Recipe(epochs=1, rate=1.2e-4)
# The last steps are on good letters, among as many times two of the passages so that nothing is forgotten.
POLISH = Recipe(epochs=1, rate=6e-5)
PASSAGES_EACH = 2
# As many passages show the export how large the inputs of layers are.
SEEN_FOR_INT8 = 400
FOLDS = 0
ENSEMBLE_SHARE = 0.5
# Categories with few held-out positives must not run away with their threshold; and half of the held-out messages are harsh, of those that
# people write far fewer, so what serves there would be too low.
LOWEST_THRESHOLD, HIGHEST_THRESHOLD = 0.45, 0.7


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m training.tone",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--goemotions", type=Path, metavar="FOLDER", help="train.tsv, dev.tsv and labels.txt")
    parser.add_argument("--out", type=Path, default=SHIPPED, metavar="FOLDER")
    parser.add_argument("--cache", type=Path, default=CACHE, metavar="FOLDER")
    parser.add_argument("--folds", type=int, default=FOLDS, help="0: no ensemble")
    parser.add_argument(
        "--only-finish", action="store_true", help="export and calibrate the network of the last run"
    )
    parser.add_argument(
        "--only-prune", action="store_true", help="all that follows the first training, from the last run's"
    )
    parser.add_argument(
        "--only-polish", action="store_true", help="the last steps of the last run anew, and its end"
    )
    arguments = parser.parse_args()
    began = time.monotonic()

    base = base_encoder(arguments.cache)
    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    examples = training_examples()
    if arguments.only_prune:
        model = ToneClassifier.load(arguments.cache / "whole", OUTPUTS)
        smaller(model, tokenizer, examples).save(arguments.cache / "unpolished")
    if arguments.only_prune or arguments.only_polish:
        model = ToneClassifier.load(arguments.cache / "unpolished", OUTPUTS)
        polish(model, tokenizer, examples).save(arguments.cache / "student")
    if arguments.only_finish or arguments.only_prune or arguments.only_polish:
        model = ToneClassifier.load(arguments.cache / "student", OUTPUTS)
        finish(model, base / "tokenizer.json", arguments.out, examples)
        compare_stages(arguments.cache, tokenizer)
        return 0
    start = base
    if arguments.goemotions:
        start = intermediate(base, tokenizer, arguments.goemotions, arguments.cache / "goemotions")
    else:
        print("no --goemotions: training starts from the base encoder", flush=True)

    print(f"{len(examples)} passages", flush=True)
    if arguments.folds:
        opinions = out_of_fold(start, tokenizer, examples, STUDENT, arguments.folds)
        examples = softened(examples, opinions, ENSEMBLE_SHARE)
    model = fit(fresh(start, OUTPUTS, STUDENT), tokenizer, examples, STUDENT)
    model.save(arguments.cache / "whole")
    model = smaller(model, tokenizer, examples)
    model.save(arguments.cache / "unpolished")
    polish(model, tokenizer, examples).save(arguments.cache / "student")
    finish(model, base / "tokenizer.json", arguments.out, examples)
    compare_stages(arguments.cache, tokenizer)
    print(f"done in {(time.monotonic() - began) / 60:.0f} minutes", flush=True)
    return 0


def training_examples() -> list[Example]:
    """The authors' passages and the rules' examples."""
    return read_examples(passage_files()) + rule_examples()


def smaller(model: ToneClassifier, tokenizer: Tokenizer, examples: list[Example]) -> ToneClassifier:
    """``model`` with fewer heads and neurons, trained to do without the others."""
    sample = random.Random(PRUNED.seed).sample(examples, min(len(examples), SEEN_FOR_WORTH))
    less = pruned(model, worth(model, tokenizer, sample, PRUNED), HEADS, NEURONS)
    print(f"pruned to {HEADS} heads and {NEURONS} neurons a layer", flush=True)
    return fit(less, tokenizer, examples, PRUNED)


def polish(model: ToneClassifier, tokenizer: Tokenizer, examples: list[Example]) -> ToneClassifier:
    """``model`` after some more steps, on the library's messages and a sample of ``examples``."""
    good = library_examples()
    others = random.Random(POLISH.seed).sample(examples, min(len(examples), PASSAGES_EACH * len(good)))
    print(f"polish: {len(good)} passages of templates, {len(others)} others", flush=True)
    return fit(model, tokenizer, good + others, POLISH)


def intermediate(base: Path, tokenizer: Tokenizer, folder: Path, target: Path) -> Path:
    """The encoder after one epoch of GoEmotions; kept, since every recipe starts from it."""
    if not (target / "tone.safetensors").is_file():
        print("intermediate task: GoEmotions", flush=True)
        names = goemotions.labels(folder)
        model = fit(
            fresh(base, names, INTERMEDIATE), tokenizer, goemotions.read(folder, "train"), INTERMEDIATE
        )
        model.save(target)
    return target


def compare_stages(cache: Path, tokenizer: Tokenizer) -> None:
    """Print what the network said of the held-out messages when it was whole, pruned and polished, before calibration, in fp32."""
    messages = read_messages([HELDOUT])
    passages = [example.passage for example in messages.examples]
    for stage in ("whole", "unpolished", "student"):
        model = ToneClassifier.load(cache / stage, OUTPUTS)
        print(report(stage, figures(messages, predict(model, tokenizer, passages))), flush=True)


def finish(model: ToneClassifier, tokenizer: Path, folder: Path, examples: list[Example]) -> None:
    """Export, calibrate what was exported, and record what PyTorch said. ``examples``: a sample of them shows the export how large inputs are."""
    messages = read_messages([HELDOUT])
    passages = [example.passage for example in messages.examples]
    reader = Tokenizer.from_file(str(tokenizer))
    plain = predict(model, reader, passages)
    seen = random.Random(POLISH.seed).sample(examples, SEEN_FOR_INT8)
    path = export(model, tokenizer, folder, encode(reader, [example.passage for example in seen]))
    shipped = [output.logits for output in OnnxBackend(folder, threads=2).outputs(passages)]
    recorded, exported = messages.sentences(plain), messages.sentences(shipped)
    scale = temperatures(OUTPUTS, exported, messages.targets)
    divided = exported / np.array([scale[label] for label in OUTPUTS], dtype=np.float32)
    calibrated = 1 / (1 + np.exp(-divided))
    chosen = thresholds(messages, calibrated, LOWEST_THRESHOLD, HIGHEST_THRESHOLD)
    write_about(folder, OUTPUTS, {"temperatures": scale, "thresholds": chosen})
    RECORDED.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(RECORDED, logits=recorded.astype(np.float16), targets=messages.targets.astype(bool))
    errors = reliability(messages.targets, 1 / (1 + np.exp(-exported)), calibrated, DIAGRAM)
    print(report("PyTorch fp32", figures(messages, plain)))
    print(report("ONNX int8", figures(messages, shipped)))
    print(
        f"largest difference of a logit: {np.abs(exported - recorded).max():.3f}; {path.stat().st_size:,} bytes"
    )
    print(f"expected calibration error: {errors['before']:.4f} before, {errors['after']:.4f} after")
    print(f"recipe: {dataclasses.asdict(STUDENT)}")
    print(f"thresholds: {chosen}")
    if folder == SHIPPED:
        # The vectors of another network would lead nowhere.
        intents.main()


if __name__ == "__main__":
    raise SystemExit(main())
