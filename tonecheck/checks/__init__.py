"""Arithmetic and comparisons for ``match: {check: name}`` rules: totals, dates against each other, contradictions.

Every check reports only what the message itself proves. A date counts when its day, month and year are stated, the day
of writing is the one that the message gives on a line of its own (never the clock), and a figure counts as the balance
when it is labelled as one. All of it is linear in the length of the message.
"""

from __future__ import annotations

from tonecheck.checks import balances, dates, late_payment, uk_notices, validation
from tonecheck.checks.facts import Check, Doubt

__all__ = ["CHECKS", "Check", "Doubt"]

# By the name that a rule says.
CHECKS: dict[str, Check] = {
    "balances_differ": balances.balances_differ,
    "cfpb_link_missing": validation.cfpb_link_missing,
    "court_within_30_days": uk_notices.court_within_30_days,
    "currencies_differ": balances.currencies_differ,
    "deadline_past": dates.deadline_past,
    "deadline_within_validation": validation.deadline_within_validation,
    "deadlines_differ": dates.deadlines_differ,
    "default_notice_short": uk_notices.default_notice_short,
    "itemization_sum": validation.itemization_sum,
    "late_payment_rate": late_payment.late_payment_rate,
    "late_payment_sum": late_payment.late_payment_sum,
    "validation_end_close": validation.validation_end_close,
    "validation_end_early": validation.validation_end_early,
    "weekday_differs": dates.weekday_differs,
}
