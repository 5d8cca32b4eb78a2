"""Train the English pipeline that tonecheck ships: tagger, lemmatiser and parser on one small CNN.

    python training/language/train.py TREEBANK [--output tonecheck/data/pipeline]

TREEBANK is a folder with ``train``, ``dev`` and ``test`` ``.conllu.gz`` files (Universal Dependencies, Penn tags in XPOS):
GUM's openly licensed genres and parts of the English Web Treebank, see NOTICE. About half an hour on two CPU cores; the
seed is fixed. Ends by writing the pipeline and printing its scores on the test part.
"""

from __future__ import annotations

import argparse
import gzip
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

CONFIG = Path(__file__).with_name("config.cfg")
SHIPPED = Path(__file__).parents[2] / "tonecheck" / "data" / "pipeline"
SCORES = ("token_acc", "tag_acc", "lemma_acc", "dep_uas", "dep_las", "sents_f")


def spacy(*arguments: object) -> None:
    subprocess.run([sys.executable, "-m", "spacy", *map(str, arguments)], check=True)


def convert(treebank: Path, folder: Path) -> None:
    """CoNLL-U to spaCy's binary form, ten sentences a document, or segmentation would not be learned."""
    for part in ("train", "dev", "test"):
        plain = folder / f"{part}.conllu"
        with gzip.open(treebank / f"{part}.conllu.gz", "rb") as source, plain.open("wb") as target:
            shutil.copyfileobj(source, target)
        spacy("convert", plain, folder, "-n", 10, "-c", "conllu")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("treebank", type=Path)
    parser.add_argument("--output", type=Path, default=SHIPPED)
    arguments = parser.parse_args()
    missing = [
        part for part in ("train", "dev", "test") if not (arguments.treebank / f"{part}.conllu.gz").is_file()
    ]
    if missing:
        parser.error(f"{arguments.treebank} lacks {', '.join(f'{part}.conllu.gz' for part in missing)}")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        convert(arguments.treebank, folder)
        spacy(
            "train",
            CONFIG,
            *("--paths.train", folder / "train.spacy", "--paths.dev", folder / "dev.spacy"),
            *("--output", folder / "out"),
        )
        best = folder / "out" / "model-best"
        spacy("evaluate", best, folder / "test.spacy", "--output", folder / "test.json")
        scores = json.loads((folder / "test.json").read_text())
        shutil.rmtree(arguments.output, ignore_errors=True)
        shutil.copytree(best, arguments.output)
        meta = arguments.output / "meta.json"
        described = json.loads(meta.read_text())
        described |= {
            "name": "tonecheck_sm",
            "description": "English tagger, lemmatiser and parser for short business messages.",
            "license": "CC BY-SA 4.0",
            "sources": [
                {"name": "GUM, openly licensed genres", "license": "CC BY 4.0", "author": "Zeldes 2017"},
                {
                    "name": "English Web Treebank, parts",
                    "license": "CC BY-SA 4.0",
                    "author": "Silveira et al. 2014",
                },
            ],
            "performance": {
                "dev": {
                    name: round(described["performance"][name], 4)
                    for name in SCORES
                    if name in described["performance"]
                },
                "test": {name: round(scores[name], 4) for name in SCORES if scores.get(name) is not None},
            },
        }
        meta.write_text(json.dumps(described, indent=2) + "\n")
    print(json.dumps(described["performance"], indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
