"""What stands alone when clauses are cut from a sentence."""

from __future__ import annotations

import pytest

from tonecheck.document import Span
from tonecheck.rewrite.cuts import head_of, is_torn

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
    ("We have written, we have called, and we are sick of you.", "We have written, we have called,", ""),
    ("I'm ringing about the £90, and to be fair to you, you hid.", "I'm ringing about the £90, and to be fair to you,", ""),
    ("So that you are not misled: we own you now.", "So that you are not misled:", ""),
    ("You will appreciate that the lift, the garden and the rest do not pay for themselves.", "You will appreciate that the lift, the garden", ""),
    ("If no funds come, a deputy goes to your home or your work.", "If no funds come, or your work.", ""),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "kept", "expected"), HEADS)
def test_the_head_of_a_sentence(sentence, kept, expected):
    assert head_of(sentence, kept) == expected


QUOTED = 'You said it was "no problem at all", so pay. He said "no." Then he left.'


@pytest.mark.parametrize(
    ("piece", "torn"),
    [
        ('You said it was "', True),
        ('", so pay.', True),
        ('He said "no."', False),
        ("Then he left.", False),
    ],
)
def test_one_side_of_a_quotation_is_torn(piece, torn):
    start = QUOTED.index(piece)
    assert is_torn(QUOTED, Span(start, start + len(piece))) is torn
