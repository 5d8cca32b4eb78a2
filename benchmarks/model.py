"""What the tone model costs: a full check of a 120-word e-mail, beside PyTorch on the same sentences; a mail merge; memory.

    python benchmarks/model.py [--rounds 60] [--messages 10000]

One thread, warm. "new text" empties every cache before each check. The peer is the text-classification pipeline of
transformers in fp32, on a network of the same size (its weights are random: they make no difference to the time) and the
sentences of the same e-mail, in one batch; it needs ``pip install 'tonecheck[torch]'`` and is left out without. The
mail merge goes through ``tonecheck batch`` with two processes. Memory is the largest resident set of that check alone.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import timing  # first of the project's imports: it limits the threads

HERE = Path(__file__).parent
DRAFT = HERE / "draft.txt"
MERGE = (
    "Hi {name},\n\nWe noticed a balance of ${amount} on invoice {ref} for {job}, due {date}. You can pay at "
    "https://pay.example.com/{ref} or by card on 555-0142, Monday to Friday, 9am to 5pm.\n\nIf this month is difficult, "
    "please reply and we will set up smaller instalments; there is no fee for that. If you have paid in the last few days, "
    "thank you, and please disregard this note.\n\nKind regards,\nDana at Northfield Plumbing",
    "Dear {name},\n\nThis is our second note about {job}. Invoice {ref} over ${amount} was due on {date} and we have not "
    "received it. You must pay immediately. Pay by bank transfer with the reference {ref}, or call us on 555-0199 "
    "to agree another date.\n\nYou failed to answer our last message, and we do not accept excuses.\n\nNorthfield Plumbing",
    "Northfield: {name}, ${amount} for {job} (ref {ref}) is due {date}. Pay: https://pay.example.com/{ref} or reply to "
    "this text for more time. Reply STOP to opt out.",
)
NAMES = "Sarah Miguel Aisha Liam Chen Priya Tomasz Ngozi Hannah Omar Grace Viktor Elena Kofi Mei Jack".split()
JOBS = (
    "the boiler repair",
    "the spring service",
    "the kitchen tap",
    "the bathroom work",
    "the emergency visit",
)


def merged(count: int) -> list[dict[str, str]]:
    """Records of a mail merge: three letters, sixteen names, five jobs, sums and references all different."""
    chance = random.Random(1)
    return [
        {
            "id": str(number),
            "text": chance.choice(MERGE).format(
                name=chance.choice(NAMES),
                amount=f"{chance.randint(40, 2400)}.{chance.randint(0, 99):02}",
                ref=f"INV-{10000 + number}",
                job=chance.choice(JOBS),
                date=f"{chance.randint(1, 28)} March 2027",
            ),
        }
        for number in range(count)
    ]


def fresh_and_warm(
    draft: str, backend: str, *, suggestions: bool = False
) -> tuple[Callable[[], object], Callable[[], object]]:
    """A check that meets everything for the first time, and one that has met it all."""
    from tonecheck import Checker, Config, entities
    from tonecheck.readability import forget
    from tonecheck.rewrite import facts, intents
    from tonecheck.wording import Wordings

    checker = Checker(Config(backend=backend, suggestions=suggestions))

    def new() -> object:
        checker.model.forget()
        checker._wordings = Wordings()
        checker._cleanness.cache_clear()
        entities._kept.cache_clear()
        facts.forget()
        intents._shares.cache_clear()
        forget()
        return checker.check(draft)

    return new, lambda: checker.check(draft)


def peer(draft: str) -> Callable[[], object] | None:
    """The pipeline of transformers on the sentences of the draft."""
    try:
        import torch
        import transformers
    except ImportError:
        print("left out: transformers (pip install 'tonecheck[torch]')", file=sys.stderr)
        return None
    from tonecheck.model.backends import SHIPPED
    from tonecheck.sentences import sentence_spans

    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    config = transformers.BertConfig(
        hidden_size=384, num_hidden_layers=6, num_attention_heads=12, intermediate_size=1536, num_labels=36
    )
    tokenizer = transformers.PreTrainedTokenizerFast(
        tokenizer_file=str(SHIPPED / "tokenizer.json"),
        pad_token="[PAD]",
        cls_token="[CLS]",
        sep_token="[SEP]",
    )
    classify = transformers.pipeline(
        "text-classification",
        model=transformers.BertForSequenceClassification(config).eval(),
        tokenizer=tokenizer,
        top_k=None,
        device="cpu",
    )
    sentences = [draft[start:end] for start, end in sentence_spans(draft)]
    return lambda: classify(sentences, batch_size=len(sentences))


def batch(records: list[dict[str, str]], jobs: int, suggestions: str) -> float:
    """Messages a second of ``tonecheck batch``, start included. ``suggestions``: on or off."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "in.jsonl"
        source.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
        settings = Path(folder) / "tonecheck.toml"
        settings.write_text(f'[rewrite]\nsuggestions = "{suggestions}"\n', encoding="utf-8")
        command = [
            sys.executable,
            "-m",
            "tonecheck",
            "batch",
            str(source),
            "-o",
            str(Path(folder) / "out.jsonl"),
            "--config",
            str(settings),
        ]
        start = time.perf_counter()
        subprocess.run(
            [*command, "--jobs", str(jobs), "--fail-on", "never"], check=True, stderr=subprocess.DEVNULL
        )
        return len(records) / (time.perf_counter() - start)


def peak_memory(draft: Path) -> float:
    """Megabytes of the largest resident set of one ``tonecheck check``; Linux only, else NaN.

    From /proc: the figure of getrusage is passed on from a large parent, such as this one with PyTorch loaded.
    """
    program = (
        "import sys; from tonecheck.cli import main; sys.argv = ['tonecheck', 'check', '--fail-on', 'never', "
        f"{str(draft)!r}]\ntry: main()\nexcept SystemExit: pass\n"
        "print(next(line for line in open('/proc/self/status') if line.startswith('VmHWM')), file=sys.stderr)"
    )
    if not Path("/proc/self/status").exists():
        return float("nan")
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=True)
    return int(done.stderr.split()[-2]) * 1024 / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--messages", type=int, default=10_000)
    arguments = parser.parse_args()
    draft = DRAFT.read_text(encoding="utf-8")
    subjects: dict[str, Callable[[], object]] = {}
    for name, backend in (("rules and model", "onnx"), ("rules alone", "none")):
        subjects[f"{name}, new text"], subjects[f"{name}, met before"] = fresh_and_warm(draft, backend)
    classifier = peer(draft)
    if classifier is not None:
        subjects["transformers pipeline, fp32, model alone"] = classifier
    times: dict[str, list[float]] = {name: [] for name in subjects}
    for _ in range(3):
        for name, work in subjects.items():
            times[name] += timing.sample(work, arguments.rounds // 3, warmup=3)
    whole = times["rules and model, new text"]
    print(f"{timing.machine()}; one thread, {len(draft.split())} words\n")
    rows = [
        [
            name,
            f"{timing.median(sample):.2f}",
            f"{min(sample):.2f}",
            f"{timing.median(sample) / timing.median(whole):.2f}",
            f"{min(sample) / min(whole):.2f}",
        ]
        for name, sample in times.items()
    ]
    print(
        timing.table(["", "median ms", "best ms", "medians, times the first", "bests, times the first"], rows)
    )
    print(f"\npeak memory of one check: {peak_memory(DRAFT):.0f} MB")
    records = merged(arguments.messages)
    for jobs, suggestions in ((1, "off"), (2, "off"), (2, "on")):
        print(
            f"mail merge of {len(records)} messages, {jobs} process{'es'[: 2 * (jobs > 1)]}, suggestions {suggestions}: "
            f"{batch(records, jobs, suggestions):.0f} messages/s"
        )


if __name__ == "__main__":
    main()
