"""The kind that a placeholder's name says."""

from __future__ import annotations

import pytest

from tonecheck.entities import placeholder_kind


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("amount_due", "amount"),
        ("account.balance | currency", "amount"),
        ("accountBalance", "amount"),
        ("TOTAL", "amount"),
        ("monthly_payment", "amount"),
        ("late_fee", "amount"),
        ("sum_text | money", "amount"),
        ("due_date", "date"),
        ("payment_date", "date"),
        ("dueDate", "date"),
        ("deadline", "date"),
        ("invoice_date", "date"),
        ("grace_days", "period"),
        ("office_hours", "time"),
        ("support_phone", "phone"),
        ("phone_number", "phone"),
        ("email_address", "email"),
        ("payment_link", "link"),
        ("portalURL", "link"),
        ("sort_code", "bank"),
        ("IBAN", "bank"),
        ("account_number", "reference"),
        ("Invoice No", "reference"),
        ("customer_id", "reference"),
        ("last4", "reference"),
        ("account_name", "placeholder"),
        ("customer_name", "placeholder"),
        ("FirstName", "placeholder"),
        ("company", "placeholder"),
        ("interest_rate", "placeholder"),
        ("agent", "placeholder"),
        ("account_manager", "placeholder"),
        ("", "placeholder"),
    ],
)
def test_kind_follows_the_words_of_the_name(name: str, kind: str) -> None:
    assert placeholder_kind(name) == kind
