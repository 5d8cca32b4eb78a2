"""Every guard on its own: where it holds and where it does not, with and without the statistical pipeline."""

from pathlib import Path

import pytest
import yaml

from tonecheck.analysis import Analysis
from tonecheck.document import Span
from tonecheck.language import Language
from tonecheck.profile import Profile
from tonecheck.readers import read
from tonecheck.scope import GUARDS

CASES = yaml.safe_load((Path(__file__).parent / "data" / "guards.yaml").read_text(encoding="utf-8"))
PIPELINES = {"default": Language(), "none": Language("none")}


def rows():
    for guard, cases in CASES.items():
        for expected in ("holds", "fails"):
            for case in cases[expected]:
                text = case if isinstance(case, str) else case["text"]
                pipelines = ["default", "none"] if isinstance(case, str) else [case["only"]]
                for pipeline in pipelines:
                    yield pytest.param(
                        guard, text, expected == "holds", pipeline, id=f"{guard}-{pipeline}-{text}"
                    )


@pytest.mark.parametrize(("guard", "marked", "expected", "pipeline"), list(rows()))
def test_when_a_guard_is_asked_then_it_answers_as_listed(guard, marked, expected, pipeline):
    start = marked.index("[[")
    end = marked.index("]]") - 2
    text = marked.replace("[[", "").replace("]]", "")
    analysis = Analysis(read(text, format="text"), Profile(), PIPELINES[pipeline])
    assert GUARDS[guard](analysis, Span(start, end)) is expected


def test_when_guards_are_listed_then_every_one_has_cases_of_both_kinds():
    assert set(CASES) == set(GUARDS)
    assert all(len(cases["holds"]) >= 3 and len(cases["fails"]) >= 3 for cases in CASES.values())
