"""The nights of the own listing before a move and during it, as the numbers that are compared."""

import math
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np

from reports.effects.intervals import Floats, Reviews, Step
from reports.series import Comparison, KeywordSeries, ProductSeries

BEFORE, AFTER = 28, 14
"""Most days weighed before the start of a move, and from it on."""
LEAST_BEFORE, LEAST_AFTER = 8, 3
"""Fewest of them that must have been observed (the former as in :mod:`reports.flags.bsr`)."""
PEERS = 5
"""Other products of the category that are needed to speak of its movement (as in :mod:`reports.flags.bsr`)."""
CORRECTION = timedelta(days=7)
"""A count that fell says nothing of new reviews until it passes its highest value of this time."""


@dataclass(frozen=True, slots=True)
class Window:
    """Local days; ``first`` is the first of the move, ``last`` the last that is weighed."""

    first: date
    last: date
    before: int = BEFORE
    """Days weighed before it, BEFORE at most."""

    @property
    def start(self) -> date:
        return self.first - timedelta(days=self.before)

    @property
    def days(self) -> list[date]:
        return [self.start + timedelta(days=n) for n in range((self.last - self.start).days + 1)]


def enough(nights: Step) -> bool:
    return len(nights.before) >= LEAST_BEFORE and len(nights.after) >= LEAST_AFTER


class Ranks:
    """Logarithms of the own BSR in a window, in the main category it has last, nights out of stock left out; and how
    far the other products of that category, watched when the move began, were from their own middle of before."""

    def __init__(self, levels: "Levels", window: Window) -> None:
        self.own, self.out, category = levels.own(window)
        self.peers: list[str] = []
        self._apart: Floats = np.empty((0, len(self.own.days)))
        if not enough(self.own):
            return
        table = levels.of(category)[:, [day - levels.start for day in self.own.days]]
        before = table[:, : len(self.own.before)]
        watched = np.array([product.watched_on(window.first) for product in levels.rivals], dtype=bool)
        known = np.flatnonzero(watched & ((~np.isnan(before)).sum(axis=1) >= LEAST_BEFORE))
        self.peers = [levels.rivals[n].asin for n in known]
        self._apart = table[known] - _middle(before[known], axis=1)[:, None]

    def against(self, asin: str | None) -> tuple[Step, Step, int]:
        """The own nights, and the same less the category's movement without product ``asin``, with how many products
        that is of: none, where too few of the category were read."""
        if asin not in self.peers:
            return self._whole
        return self._less(np.delete(self._apart, self.peers.index(asin), axis=0))

    @cached_property
    def _whole(self) -> tuple[Step, Step, int]:
        return self._less(self._apart)

    def _less(self, apart: Floats) -> tuple[Step, Step, int]:
        if len(apart) < PEERS:
            return self.own, self.own, 0
        middle = _middle(apart, axis=0)
        kept = np.flatnonzero((~np.isnan(apart)).sum(axis=0) >= PEERS)
        days, values = np.array(self.own.days)[kept].tolist(), np.array(self.own.values)[kept]
        own = Step(days, values.tolist(), self.own.first)
        if not enough(own):
            return self.own, self.own, 0
        return own, Step(days, (values - middle[kept]).tolist(), self.own.first), len(apart)


class Levels:
    """Logarithms of the BSR of all rivals by category, looked up once for all windows between two days."""

    def __init__(self, comparison: Comparison, first: date, last: date) -> None:
        self.start, self.end = first.toordinal() - BEFORE, last.toordinal()
        self.rivals = comparison.rivals
        self._own = comparison.own
        self._of: dict[str, Floats] = {}

    def own(self, window: Window) -> tuple[Step, int, str]:
        """The nights in the main category that was the last, how many more were out of stock, and the category."""
        seen = [self._own.daily[day] for day in window.days if day in self._own.daily]
        out = sum(o.in_stock is False and o.day >= window.first for o in seen)
        ranked = [o for o in seen if o.bsr and o.in_stock is not False]
        category = ranked[-1].main_category if ranked else ""
        kept = [o for o in ranked if o.main_category == category]
        days, levels = [o.day.toordinal() for o in kept], [math.log(o.bsr or 1) for o in kept]
        return Step(days, levels, window.first.toordinal()), out, category

    def of(self, category: str) -> Floats:
        """Rivals by days; what is not known, or a rank in another category, is not a number."""
        if category not in self._of:
            table = np.full((len(self.rivals), self.end - self.start + 1), math.nan)
            days = [date.fromordinal(n) for n in range(self.start, self.end + 1)]
            for row, product in zip(table, self.rivals, strict=True):
                for n, day in enumerate(days):
                    seen = product.daily.get(day)
                    if seen is not None and seen.bsr and seen.main_category == category:
                        row[n] = math.log(seen.bsr)
            self._of[category] = table
        return self._of[category]


def _middle(values: Floats, axis: int) -> Floats:
    """The median of what is known, as :func:`numpy.nanmedian` and ten times as fast."""
    ordered = np.moveaxis(np.sort(values, axis=axis), axis, 0)  # what is not known comes last
    count = (~np.isnan(values)).sum(axis=axis)
    at = np.arange(ordered.shape[1])
    return np.asarray((ordered[(count - 1) // 2, at] + ordered[np.minimum(count // 2, len(ordered) - 1), at]) / 2)


@dataclass(frozen=True, slots=True)
class Places:
    """Logarithms of organic places; what is beyond ``limit`` counts as the first place beyond it."""

    step: Step
    limit: int

    @property
    def censored(self) -> bool:
        return any(value > math.log(self.limit) + 1e-9 for value in self.step.values)


def places(series: KeywordSeries, asin: str, window: Window) -> Places:
    """The nights on which as many pages were read as on any, so that a place is not known only where it is a good one;
    all are cut off at the fewest results that these had."""
    reads = [series.daily[day] for day in window.days if day in series.daily]
    pages = max((read.pages_read for read in reads), default=0)
    kept = [read for read in reads if read.pages_read == pages and read.known(asin)]
    limit = min((read.organic_results for read in kept), default=0)
    values = [min(read.place(asin).organic or limit + 1, limit + 1) for read in kept]
    days = tuple(read.day.toordinal() for read in kept)
    return Places(Step(days, tuple(map(math.log, values)), window.first.toordinal()), limit)


class Counts:
    """New reviews of one product night by night, between two days."""

    def __init__(self, product: ProductSeries, first: date, last: date) -> None:
        start = first - timedelta(days=BEFORE) - CORRECTION
        days = (start + timedelta(days=n) for n in range((last - start).days + 1))
        seen = [o for day in days if (o := product.daily.get(day)) and o.review_count is not None]
        had = [o.review_count or 0 for o in seen]
        self._days = [o.day for o in seen]
        self._new, self._time, self._squares = [0], [0.0], [0.0]
        for n in range(1, len(seen)):
            last = seen[n - 1].observed_at
            highest = max(had[max(0, n - 8) : n])
            if highest > had[n - 1]:  # it fell within a week or so
                highest = max(had[k] for k in range(max(0, n - 8), n) if last - seen[k].observed_at <= CORRECTION)
            came, length = max(0, had[n] - highest), (seen[n].observed_at - last).total_seconds() / 86400
            self._new.append(self._new[-1] + came)
            self._time.append(self._time[-1] + length)
            self._squares.append(self._squares[-1] + came * came / length)

    def split(self, window: Window) -> tuple[Reviews, Reviews]:
        """Before the move and during it; the night in which it began belongs to neither."""
        return self._between(window.start, window.first - timedelta(days=1)), self._between(window.first, window.last)

    def _between(self, first: date, last: date) -> Reviews:
        """What came from the first page on these days to the last."""
        a, b = bisect_left(self._days, first), bisect_right(self._days, last) - 1
        if b <= a:
            return Reviews(0, 0.0, 0.0, 0)
        new, time, squares = (sums[b] - sums[a] for sums in (self._new, self._time, self._squares))
        return Reviews(int(new), time, squares, b - a)
