"""Which days a report tells of, and which earlier days they are set against."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Sort = Literal["day", "week", "month"]
Told = Literal["day", "week", "month", "days"]
"""What a report tells of first: its last night, or all of its days."""
ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Days:
    """Local days in a row, both ends included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        """Raises ValueError when they end before they begin."""
        if self.first > self.last:
            raise ValueError(f"the days end ({self.last}) before they begin ({self.first})")

    @classmethod
    def read(cls, text: str) -> "Days":
        """``2026-03-01..2026-03-31``. Raises ValueError for anything else."""
        first, _, last = text.partition("..")
        try:
            ends = [date.fromisoformat(part.strip()) for part in (first, last)]
        except ValueError:
            raise ValueError("not two days; write them as 2026-03-01..2026-03-31") from None
        return cls(*ends)

    def __iter__(self) -> Iterator[date]:
        return (self.first + n * ONE for n in range(len(self)))

    def __len__(self) -> int:
        return (self.last - self.first).days + 1

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Period:
    """The days of a report, and the earlier ones that they are compared with."""

    days: Days
    against: Days
    sort: Sort | None = None
    """A calendar day, week (Monday to Sunday) or month; None for any other days."""
    chosen: bool = False
    """Whether it is the days from one to another, and not the newest so many, of which the last night is the news."""

    @property
    def told(self) -> Told:
        return self.sort or ("days" if self.chosen and len(self.days) > 1 else "day")


@dataclass(frozen=True, slots=True)
class Asked:
    """The days that a user asks for, while it is not known yet how far the data goes.

    With nothing given but ``count``, the newest so many days. With ``sort``, the calendar day, week or month of
    ``last``, or without one the newest that is over: that of last week on any day of this one, unless there is none
    yet. With ``first``, the days from it to ``last``, or to the newest.
    """

    count: int = 30
    sort: Sort | None = None
    first: date | None = None
    last: date | None = None
    against: Days | None = None
    """By default as many days right before; of a calendar period, the one before it."""

    def __post_init__(self) -> None:
        """Raises ValueError when a range ends before it begins, or is asked for together with a calendar period."""
        if self.first and self.sort:
            raise ValueError(f"the {self.sort} of a day, or the days from one to another, not both")
        if self.first and self.last:
            Days(self.first, self.last)

    def period(self, newest: date, oldest: date = date.min) -> Period:
        """The days that are meant when the data goes from ``oldest`` up to ``newest``."""
        days = self._days(newest, oldest)
        if days.first <= newest < days.last:
            days = Days(days.first, newest)
        return Period(days, self.against or _before(days, self.sort), self.sort, chosen=self.first is not None)

    def _days(self, newest: date, oldest: date) -> Days:
        if self.sort:
            found = _calendar(self.sort, self.last or newest)
            over = self.last or found.last <= newest or found.first <= oldest
            return found if over else _calendar(self.sort, found.first - ONE)
        last = self.last or max(newest, self.first or newest)
        return Days(self.first or last - (self.count - 1) * ONE, last)


def _calendar(sort: Sort, day: date) -> Days:
    """The calendar period that a day is in."""
    if sort == "day":
        return Days(day, day)
    if sort == "week":
        monday = day - day.weekday() * ONE
        return Days(monday, monday + 6 * ONE)
    return Days(day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1]))


def _before(days: Days, sort: Sort | None) -> Days:
    if sort is None:
        return Days(days.first - len(days) * ONE, days.first - ONE)
    before = _calendar(sort, days.first - ONE)
    # Of a period that is not over, as many days from the beginning of the one before.
    over = days == _calendar(sort, days.first)
    return before if over else Days(before.first, min(before.last, before.first + (len(days) - 1) * ONE))
