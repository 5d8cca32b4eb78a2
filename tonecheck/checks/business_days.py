"""Business days in the United States."""

from __future__ import annotations

from datetime import date, timedelta


def _nth(year: int, month: int, weekday: int, nth: int) -> date:
    first = date(year, month, 1)
    return first + timedelta((weekday - first.weekday()) % 7 + 7 * (nth - 1))


def legal_holidays(year: int) -> frozenset[date]:
    """The legal public holidays of 5 USC 6103(a) in one year, moved off weekends as they are observed."""
    last_monday = date(year, 5, 31) - timedelta(date(year, 5, 31).weekday())
    fixed = [date(year, 1, 1), date(year, 6, 19), date(year, 7, 4), date(year, 11, 11), date(year, 12, 25)]
    observed = [
        day - timedelta(1) if day.weekday() == 5 else day + timedelta(day.weekday() == 6) for day in fixed
    ]
    moving = [
        _nth(year, 1, 0, 3),
        _nth(year, 2, 0, 3),
        last_monday,
        _nth(year, 9, 0, 1),
        _nth(year, 10, 0, 2),
        _nth(year, 11, 3, 4),
    ]
    return frozenset([*observed, *moving])


def add_business_days(day: date, count: int) -> date:
    """``day`` plus ``count`` days that are no Saturday, Sunday or legal public holiday."""
    while count:
        day += timedelta(1)
        if day.weekday() < 5 and day not in legal_holidays(day.year):
            count -= 1
    return day
