"""The library's messages as training data: what a good letter says, every sentence of it clean.

Of the passages that authors wrote most hold something harsh; the mail of those who use tonecheck mostly does not.
"""

from __future__ import annotations

from tonecheck.library import shipped
from tonecheck.library.samples import combinations
from training.tone.examples import Example, examples_of


def library_examples() -> list[Example]:
    """A passage for each wording that a template has with any of its samples, without marks."""
    library = shipped()
    found: dict[object, Example] = {}
    for template in library.templates:
        texts = {library.render(template.id, values).text for values in combinations(template)}
        for text in sorted(texts):
            for example in examples_of(text, [], f"templates/{template.id}"):
                found.setdefault(example.passage, example)
    return list(found.values())
