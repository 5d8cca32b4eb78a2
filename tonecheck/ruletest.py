"""Runs the examples that every rule carries, and says which parts of its patterns no example exercises."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from tonecheck import readers
from tonecheck.analysis import Analysis
from tonecheck.document import Span
from tonecheck.language import Language
from tonecheck.linear import Encoded, compile_linear
from tonecheck.model.tone_model import ToneModel
from tonecheck.profile import VALUES, Profile
from tonecheck.rulehits import places
from tonecheck.rulepack import Example, Rule


@dataclass(frozen=True, slots=True)
class Failure:
    """An example that did not behave as its rule says."""

    rule: str
    kind: str  # flag | pass | known_alarm | known_miss
    text: str
    reason: str
    place: str

    def __str__(self) -> str:
        return f"{self.place}: {self.rule}: {self.kind}: {self.reason}\n    {self.text!r}"


def failures(
    rules: Iterable[Rule],
    language: Language | None = None,
    evidence: Iterable[Rule] = (),
    model: ToneModel | None = None,
) -> Iterator[Failure]:
    """Every example that fails. ``evidence``: element rules, for rules about absent elements. Rules that ask the model
    are left out where ``model`` is none."""
    language = language or Language()
    model = model or ToneModel()
    by_element: dict[str, list[Rule]] = {}
    for rule in evidence:
        if rule.is_element:
            by_element.setdefault(rule.category, []).append(rule)
    for rule in rules:
        if rule.verb != "model" or model.is_there:
            yield from _test_rule(rule, language, by_element, model)


def unexercised(rules: Iterable[Rule], language: Language | None = None) -> Iterator[tuple[Rule, str]]:
    """Alternatives of patterns that no ``flag`` example makes use of."""
    language = language or Language()
    for rule in rules:
        branches = rule.matcher.branches()
        if not branches:
            continue
        texts = []
        for example in rule.examples.flag:
            view = _analysis(rule, example, language).views[rule.view]
            texts.append(Encoded(view.plain if rule.verb == "regex" else view.masked))
        for label, pattern in branches:
            regex, wide = compile_linear(pattern)
            if not any(match.group(1) for text in texts for match in regex.finditer(text.data(wide))):
                yield rule, label


def _test_rule(
    rule: Rule, language: Language, by_element: dict[str, list[Rule]], model: ToneModel
) -> Iterator[Failure]:
    absence = rule.verb == "absent"

    def found(example: Example) -> list[Span | None]:
        analysis = _analysis(rule, example, language, model)
        if absence and isinstance(rule.argument, dict):
            element = rule.argument["element"]
            for other in by_element.get(element, ()):
                if other.applies_to(analysis.profile):
                    spans = [span for span, _ in places(other, analysis) if span]
                    analysis.elements.setdefault(element, []).extend(spans)
        return [
            span if span is None else Span(*analysis.document.source_span(*span))
            for span, _ in places(rule, analysis)
        ]

    for example in rule.examples.flag:
        spans = _merged(found(example))
        wanted: list[Span | None] = [Span(*span) for span in example.spans] or [None]
        if spans != wanted:
            reason = f"flagged {_shown(example.text, spans)}, not {_shown(example.text, wanted)}"
            yield Failure(rule.id, "flag", example.text, reason, rule.place)
    for example in rule.examples.passing:
        if spans := found(example):
            reason = f"flagged {_shown(example.text, spans)}, should pass"
            yield Failure(rule.id, "pass", example.text, reason, rule.place)
    for example in rule.examples.known_alarm:
        if not found(example):
            yield Failure(rule.id, "known_alarm", example.text, "passes now: move it to 'pass'", rule.place)
    for example in rule.examples.known_miss:
        if found(example):
            yield Failure(
                rule.id, "known_miss", example.text, "is flagged now: move it to 'flag'", rule.place
            )


def _merged(spans: list[Span | None]) -> list[Span | None]:
    """As the engine reports them: in order, overlapping places of one rule only once."""
    result: list[Span | None] = []
    for span in sorted(spans, key=lambda span: -1 if span is None else span.start):
        previous = result[-1] if result else None
        if span is None:
            return [None]
        if previous is None or span.start >= previous.end:
            result.append(span)
    return result


def _analysis(rule: Rule, example: Example, language: Language, model: ToneModel | None = None) -> Analysis:
    document = readers.read(example.text, format="text")
    return Analysis(document, example_profile(rule, example), language, model=model)


def example_profile(rule: Rule, example: Example) -> Profile:
    """The first profile that the rule applies to, with the fields that the example states."""
    values: dict[str, Any] = {name: rule.applies[name][0] for name in VALUES if name in rule.applies}
    values |= {name: value for name, value in example.profile.items() if name != "flags"}
    flags = {*rule.applies.get("flags", ()), *example.profile.get("flags", ())}
    return Profile(**values, flags=frozenset(flags))


def _shown(text: str, spans: Iterable[Span | None]) -> str:
    shown = ["an absence" if span is None else repr(text[span.start : span.end]) for span in spans]
    return ", ".join(shown) or "nothing"


def _main() -> int:
    """``python -m tonecheck.ruletest [PACK…] [--pipeline none]``: the author's quick loop for single packs."""
    import sys
    from pathlib import Path

    from tonecheck.config import data_folder
    from tonecheck.rulepack import load

    arguments = sys.argv[1:]
    pipeline = "default"
    if "--pipeline" in arguments:
        at = arguments.index("--pipeline")
        pipeline = arguments[at + 1]
        del arguments[at : at + 2]
    packs = [Path(argument) for argument in arguments]
    shipped = data_folder("rules")
    rules = load([shipped / "lexicon.yaml", *packs] if packs else [shipped], examples=True)
    everything = [
        *rules,
        *(
            load([shipped / "lexicon.yaml", shipped / "elements"])
            if packs and any(r.verb == "absent" for r in rules)
            else []
        ),
    ]
    language = Language(pipeline)
    failed = list(failures(rules, language, everything))
    for failure in failed:
        print(failure)
    unused = list(unexercised(rules, language))
    for rule, label in unused:
        print(f"{rule.place}: {rule.id}: no flag example uses {label!r}")
    print(f"{len(rules)} rules, {len(failed)} failures, {len(unused)} unexercised alternatives")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(_main())
