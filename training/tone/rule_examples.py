"""The rules' own examples as training data: the plain wordings that authors of passages were told not to repeat.

What the rules find in an example is what it is labelled with: an example that shows one rule often holds what another finds.
"""

from __future__ import annotations

from tonecheck import Checker, Config
from tonecheck.config import data_folder
from tonecheck.finding import TONE_CATEGORIES
from tonecheck.fusion import SURE
from tonecheck.rulepack import load
from tonecheck.ruletest import example_profile
from training.tone.examples import Example, Mark, examples_of


def rule_examples() -> list[Example]:
    """One or more examples for each text, flagged or passing, of the rules of tone; sure findings as marks."""
    shipped = data_folder("rules")
    rules = load([shipped / "lexicon.yaml", shipped / "tone", shipped / "elements"], examples=True)
    checker = Checker(Config(backend="none", pipeline="none"), rules=rules)
    result: list[Example] = []
    seen: set[str] = set()
    for rule in rules:
        if rule.category not in TONE_CATEGORIES:
            continue
        for example in (*rule.examples.flag, *rule.examples.passing):
            if example.text in seen:
                continue
            seen.add(example.text)
            report = checker.check(example.text, example_profile(rule, example))
            marks = [
                Mark(finding.category, finding.severity, finding.start, finding.end)
                for finding in report.findings
                if finding.category in TONE_CATEGORIES
                and finding.confidence >= SURE
                and finding.start is not None
                and finding.end is not None
            ]
            result += examples_of(example.text, marks, f"{rule.category}.yaml")
    return result
