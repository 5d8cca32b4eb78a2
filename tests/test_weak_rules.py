"""A weak rule alone gives a hint; in company it counts."""

import pytest

from tonecheck import Checker, Config
from tonecheck.config import data_folder
from tonecheck.rulepack import load

PACK = """\
category: sarcasm
rules:
  - id: sarcasm/weak
    severity: 2
    confidence: 0.6
    message: "“{quote}” may be a sneer."
    why: It may be.
    match: {phrase: ["how nice", "lovely weather"]}
    examples:
      flag: ["[[How nice]].", "[[how nice]]!", "[[Lovely weather]]."]
      pass: ["Nice.", "How kind.", "The weather is lovely."]
"""


@pytest.fixture(scope="module")
def weak(tmp_path_factory):
    path = tmp_path_factory.mktemp("pack") / "weak.yaml"
    path.write_text(PACK, encoding="utf-8")
    return Checker(
        Config(backend="none"),
        rules=load(
            [data_folder("rules") / "lexicon.yaml", data_folder("rules") / "tone" / "blame.yaml", path]
        ),
    )


@pytest.mark.parametrize(
    ("draft", "severities"),
    [
        ("How nice.", [1]),
        ("How nice. You failed to pay.", [2, 2]),
        ("How nice. Lovely weather.", [2, 2]),
        ("You failed to pay.", [2]),
    ],
)
def test_when_a_weak_rule_fires_then_only_company_gives_it_its_severity(weak, draft, severities):
    assert [finding.severity for finding in weak.check(draft).findings] == severities
