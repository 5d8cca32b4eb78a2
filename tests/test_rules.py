"""Every shipped rule against its own examples."""

from tonecheck.config import data_folder
from tonecheck.rulepack import load
from tonecheck import ruletest


def test_when_rules_run_on_their_own_examples_then_every_example_behaves():
    rules = load([data_folder("rules")], examples=True)
    failures = [str(failure) for failure in ruletest.failures(rules, evidence=rules)]
    assert rules and not failures, "\n".join(failures)
