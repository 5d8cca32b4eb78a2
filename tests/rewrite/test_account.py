"""The context of an account: what it may say, and one sentence for what it may not."""

from __future__ import annotations

import pytest

from tonecheck.errors import ContextError
from tonecheck.rewrite.account import Account

WRONG = {
    "[]": "JSON object",
    "{": "line 1, column 2",
    '{"balanse": "$4"}': "did you mean 'balance'",
    '{"balance": null}': "context.balance is a text",
    '{"balance": true}': "context.balance is a text",
    '{"balance": ["$4"]}': "context.balance is a text",
    '{"balance": "  "}': "1 to 200 characters",
    '{"balance": "' + "9" * 300 + '"}': "1 to 200 characters",
    "[" * 100_000: "not valid JSON",
}


@pytest.mark.parametrize(("text", "message"), WRONG.items(), ids=range(len(WRONG)))
def test_what_cannot_be_used_is_refused_with_its_place(text, message):
    with pytest.raises(ContextError, match="(?i)" + message.replace("(", r"\(")):
        Account.parse(text)


def test_numbers_are_written_out_and_white_space_is_single():
    assert Account.parse('{"balance": 420.5, "reader": " Sam \\n Lee"}').values == {
        "balance": "420.5",
        "reader": "Sam Lee",
    }
