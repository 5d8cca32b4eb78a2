"""What stands alone when clauses are cut from a sentence."""

from __future__ import annotations

import pytest

from tonecheck.rewrite.cuts import head_of

HEADS = [
    (
        "The rent was due on the 1st and is still open, which shames the house.",
        "The rent was due on the 1st and is still open,",
        "The rent was due on the 1st and is still open.",
    ),
    # nothing stands alone: too short, only a beginning, what goes on behind the cut does not fit on
    ("You owe it, you liar.", "You owe it,", ""),
    ("The offer is good through May 31; once it's gone, you fool.", "The offer is good through May 31; once it's gone,", ""),
    ("You have had more than ninety days, you liar.", "You have had more than ninety days,", ""),
    ("If no funds come, a deputy goes to your home or your work.", "If no funds come, or your work.", ""),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "kept", "expected"), HEADS)
def test_the_head_of_a_sentence(sentence, kept, expected):
    assert head_of(sentence, kept) == expected
