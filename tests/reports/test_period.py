"""Which days a report is of."""

from datetime import date
from typing import Any

import pytest

from reports.period import Asked, Days

NEWEST = date(2026, 11, 25)
"""A Wednesday."""


def d(text: str) -> Days:
    """``11-01 11-30``, of 2026."""
    first, last = (date.fromisoformat(f"2026-{part}") for part in text.split())
    return Days(first, last)


ASKED: dict[str, tuple[dict[str, Any], str, str]] = {
    "the newest thirty": ({}, "10-27 11-25", "09-27 10-26"),
    "the newest seven": ({"count": 7}, "11-19 11-25", "11-12 11-18"),
    "the last night": ({"sort": "day"}, "11-25 11-25", "11-24 11-24"),
    "the last week that is over": ({"sort": "week"}, "11-16 11-22", "11-09 11-15"),
    "the week of a day": ({"sort": "week", "last": date(2026, 11, 4)}, "11-02 11-08", "10-26 11-01"),
    "this week so far": ({"sort": "week", "last": date(2026, 11, 24)}, "11-23 11-25", "11-16 11-18"),
    "the last month that is over": ({"sort": "month"}, "10-01 10-31", "09-01 09-30"),
    "a month with more days before": ({"sort": "month", "last": date(2026, 6, 9)}, "06-01 06-30", "05-01 05-31"),
    "this month so far": ({"sort": "month", "last": NEWEST}, "11-01 11-25", "10-01 10-25"),
    "from a day on": ({"first": date(2026, 11, 20)}, "11-20 11-25", "11-14 11-19"),
    "up to a day": ({"last": date(2026, 11, 10), "count": 3}, "11-08 11-10", "11-05 11-07"),
    "from and to": ({"first": date(2026, 9, 1), "last": date(2026, 9, 10)}, "09-01 09-10", "08-22 08-31"),
    "beyond the data": ({"first": date(2026, 11, 20), "last": date(2026, 12, 24)}, "11-20 11-25", "11-14 11-19"),
    "against others": ({"count": 2, "against": d("01-01 01-31")}, "11-24 11-25", "01-01 01-31"),
}


def test_days_from_one_to_another_are_told_of_as_a_whole() -> None:
    asked = (Asked(), Asked(last=NEWEST), Asked(sort="week"), Asked(first=date(2026, 11, 20)), Asked(first=NEWEST))
    assert [each.period(NEWEST).told for each in asked] == ["day", "day", "week", "days", "day"]


@pytest.mark.parametrize(("asked", "days", "against"), ASKED.values(), ids=ASKED)
def test_periods(asked: dict[str, Any], days: str, against: str) -> None:
    period = Asked(**asked).period(NEWEST)
    assert (period.days, period.against) == (d(days), d(against))
    assert len(list(period.days)) == len(period.days)


def test_a_week_that_ends_today_is_over() -> None:
    assert Asked(sort="week").period(date(2026, 11, 22)).days == d("11-16 11-22")


def test_where_nothing_is_over_yet_it_is_the_one_under_way() -> None:
    assert Asked(sort="month").period(NEWEST, date(2026, 11, 1)).days == d("11-01 11-25")
    assert Asked(sort="week").period(NEWEST, date(2026, 11, 23)).days == d("11-23 11-25")
    assert Asked(sort="week").period(NEWEST, date(2026, 11, 22)).days == d("11-16 11-22")


@pytest.mark.parametrize(
    "asked",
    [
        {"first": date(2026, 2, 2), "last": date(2026, 2, 1)},
        {"first": date(2026, 2, 2), "sort": "week"},
    ],
)
def test_days_that_cannot_be_meant_are_refused(asked: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"days"):
        Asked(**asked)


def test_days_do_not_end_before_they_begin() -> None:
    with pytest.raises(ValueError, match=r"end \(2026-02-01\) before they begin"):
        Days(date(2026, 2, 2), date(2026, 2, 1))


def test_days_are_read_from_two_days() -> None:
    assert Days.read("2026-01-01..2026-01-31") == d("01-01 01-31")
    for text in ("2026-01-01", "2026-01-01..", "2026-01-01..2026-01-32", "2026-01-02..2026-01-01"):
        with pytest.raises(ValueError, match=r"not two days|before they begin"):
            Days.read(text)
