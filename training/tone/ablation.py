"""What each choice of the recipe is worth: the table of docs/MODEL.md.

    python -m training.tone.ablation --goemotions FOLDER [--epochs 2] [NAME…]

Every row differs from the first in one thing. Trained on all passages, measured on ``training/data/heldout.jsonl``, before
calibration, without rules, in fp32; fewer epochs than the shipped model, so that the table can be made anew.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tokenizers import Tokenizer

from training.tone.__main__ import HELDOUT, STUDENT, intermediate, training_examples
from training.tone.base import CACHE, base_encoder
from training.tone.distil import out_of_fold, softened
from training.tone.examples import OUTPUTS, Example, alone, passage_files, read_examples
from training.tone.fit import Recipe, fit, fresh, predict
from training.tone.heldout import figures, read_messages


@dataclass(frozen=True)
class Trial:
    """One row: what is different."""

    name: str
    changes: dict[str, object]
    intermediate: bool = True
    folds: int = 0
    share: float = 1.0  # of the passages
    rules: bool = True  # whether the rules' examples are learned, too


TRIALS = (
    Trial("base: GoEmotions first, context, six layers", {}),
    Trial("no intermediate task", {}, intermediate=False),
    Trial("no context: each sentence alone", {"context": False}),
    Trial("half of the passages", {}, share=0.5),
    Trial("without the rules' examples", {}, rules=False),
    Trial("no examples of clauses", {"clauses": 0.0}),
    Trial("focal loss, gamma 2", {"focal": 2.0}),
    Trial("positives weighed by (negatives / positives)^0.3", {"positive_power": 0.3}),
    Trial("label smoothing 0.05", {"smoothing": 0.05}),
    Trial("no label smoothing", {"smoothing": 0.0}),
    Trial("one learning rate for all layers", {"layer_decay": 1.0}),
    Trial("word embeddings learn, too", {"embeddings": True}),
    Trial("four layers", {"layers": (0, 1, 2, 3)}),
    Trial("three layers", {"layers": (0, 2, 4)}),
    Trial("half the labels from an ensemble of three folds", {}, folds=3),
)


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m training.tone.ablation",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help="the beginning of a row's name; all rows if none"
    )
    parser.add_argument("--goemotions", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--epochs", type=float, default=2)
    parser.add_argument("--cache", type=Path, default=CACHE, metavar="FOLDER")
    arguments = parser.parse_args()
    base = base_encoder(arguments.cache)
    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    start = intermediate(base, tokenizer, arguments.goemotions, arguments.cache / "goemotions")
    examples = training_examples()
    messages = read_messages([HELDOUT])
    passages = [example.passage for example in messages.examples]
    print("| recipe | AP by sentence | AP by message | micro-F1 by message | AUC of a serious problem |")
    print("| --- | ---: | ---: | ---: | ---: |", flush=True)
    for trial in TRIALS:
        if arguments.names and not any(trial.name.startswith(name) for name in arguments.names):
            continue
        recipe = replace(STUDENT, epochs=arguments.epochs, **trial.changes)  # type: ignore[arg-type]
        model = _fitted(
            trial,
            recipe,
            start if trial.intermediate else base,
            tokenizer,
            examples if trial.rules else read_examples(passage_files()),
        )
        result = figures(messages, predict(model, tokenizer, passages))
        print(
            f"| {trial.name} | {result.sentence_ap:.3f} | {result.message_ap:.3f} | {result.micro_f1:.3f} "
            f"| {result.serious_auc:.3f} |",
            flush=True,
        )
    return 0


def _fitted(trial: Trial, recipe: Recipe, start: Path, tokenizer: Tokenizer, examples: Sequence[Example]):
    chosen = list(examples) if recipe.context else alone(examples)
    chosen = chosen[:: round(1 / trial.share)]
    if trial.folds:
        chosen = softened(
            chosen, out_of_fold(start, tokenizer, chosen, recipe, trial.folds, say=_silent), 0.5
        )
    return fit(fresh(start, OUTPUTS, recipe), tokenizer, chosen, recipe, say=_silent)


def _silent(*_: object, **__: object) -> None:
    return


if __name__ == "__main__":
    raise SystemExit(main())
