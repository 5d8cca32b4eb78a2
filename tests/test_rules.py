"""Every shipped rule against its own examples."""

from tonecheck import ruletest
from tonecheck.analysis import Analysis
from tonecheck.anchors import may_match
from tonecheck.config import data_folder
from tonecheck.language import Language
from tonecheck.linear import compile_linear
from tonecheck.matchers.phrase import PhraseMatcher
from tonecheck.readers import read
from tonecheck.rulepack import load


def test_when_rules_run_on_their_own_examples_then_every_example_behaves():
    rules = load([data_folder("rules")], examples=True)
    failures = [str(failure) for failure in ruletest.failures(rules, evidence=rules)]
    assert rules and not failures, "\n".join(failures)


def test_when_examples_are_read_then_no_phrase_is_ruled_out_that_matches():
    language = Language("none")
    seen = 0
    for rule in load([data_folder("rules")], examples=True):
        if not isinstance(rule.matcher, PhraseMatcher):
            continue
        for example in rule.examples.flag:
            profile = ruletest.example_profile(rule, example)
            view = Analysis(read(example.text, format="text"), profile, language).views[rule.view]
            for phrase in rule.matcher.phrases:
                regex, wide = compile_linear(phrase.pattern)
                for stretch in view.stretches:
                    if regex.search(stretch.wording.encoded.data(wide)):
                        seen += 1
                        assert may_match(phrase.needs, stretch.wording.words), (
                            rule.id,
                            phrase.source,
                            stretch.wording.masked,
                        )
    assert seen > 1000
