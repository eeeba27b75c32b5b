"""What is known of the sales of a category's products: sums of units over some days, each known to lie between bounds.

Both sorts of knowledge come as that: a bracket of a page is a sum over 30 days with bounds far apart, a week of the
user's own units one with bounds that nearly touch. Beside each sum stand the ranks of its days.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reports.effects.intervals import Floats
from reports.sales.brackets import SHOWN, upper

MONTH, WEEK = 30, 7
"""Days that a bracket counts, and that own units are summed over."""
MONTHS = 2
"""Brackets of a product that are used: the newest, and that of the month before. Those of one month count nearly the
same sales, and together say little more than one."""
OWN_WEEKS = 12
OWN_DAYS = 5
"""Days of a week whose units and rank must be known."""

UNSEEN = 0.3
"""Standard deviation of how far the days without a known rank sold from those with one, as a logarithm."""
COUNTED = 0.1
"""The same of how the site counts its month from how we do: when it ends, what is returned."""
PERSISTS = 3
"""Days that a day's luck lasts: a month is as good as ten days of independent luck."""
DRIFT = 0.15
"""Standard deviation of how the level of a category moves in a month, as a logarithm: what a rank sells in summer it
need not sell in autumn."""
DAY, DAY_FREEDOM = 0.3, 10
"""Standard deviation of a day's units about what its rank lets expect, as a logarithm, and of how many days' knowledge
that is worth until own units tell better."""

Whole = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Sightings:
    """One main category of a marketplace by product and day. What is not known is NaN."""

    asins: tuple[str, ...]
    first: date
    """Of the columns."""
    ranks: Floats
    """Natural logarithms; infinite where the product could not be bought: it sold none, whatever its rank."""
    brackets: Floats
    """Lower bounds of "bought in past month"."""
    units: Floats
    """The user's own."""

    def column(self, day: date) -> int:
        return (day - self.first).days

    def span(self, last: int, days: int) -> Floats:
        """The logarithms of the ranks of so many days up to a column, products by days; NaN before the first."""
        found: Floats = np.full((len(self.asins), days), np.nan)
        begin = max(0, last - days + 1)
        if last >= begin:
            known = self.ranks[:, begin : last + 1]
            start = begin - (last - days + 1)
            found[:, start : start + known.shape[1]] = known
        return found


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums of units with their bounds, in order of the products."""

    products: Whole
    """Row of each in the sightings."""
    ranks: Floats
    """Logarithms of the ranks of its days, padded with NaN."""
    days: Floats
    """How many days it counts."""
    low: Floats
    high: Floats
    """Units; at least ``low``, fewer than ``high``."""
    noise: Floats
    """Variance, as a logarithm, about what the ranks let expect."""
    shown: NDArray[np.bool_]
    """The newest bracket of its product: that it is known at all depends on how much was sold."""

    def of(self, at: Whole | NDArray[np.bool_]) -> "Sums":
        """Some of them."""
        ranks, shown = self.ranks[at], self.shown[at]
        return Sums(self.products[at], ranks, self.days[at], self.low[at], self.high[at], self.noise[at], shown)


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is known of the sales of a category."""

    sums: Sums
    day: float
    """Variance of a day's units about what its rank lets expect, as a logarithm."""
    day_freedom: float
    own_days: int
    """Days of own units with a rank."""

    @property
    def brackets(self) -> int:
        return int((self.sums.days == MONTH).sum())

    @property
    def bracketed(self) -> int:
        """Products with a bracket."""
        return len(np.unique(self.sums.products[self.sums.days == MONTH]))


def evidence(seen: Sightings, last: date) -> Evidence:
    """What is known up to a day."""
    end = min(seen.column(last), seen.ranks.shape[1] - 1)
    day, freedom, pairs = _day_noise(seen, end)
    parts = [*_brackets(seen, end, day), *_weeks(seen, end, day)]
    fields = zip(*parts, strict=True) if parts else [[np.zeros((0, MONTH) if n == 1 else 0)] for n in range(7)]
    products, ranks, days, low, high, noise, shown = (np.concatenate(list(each)) for each in fields)
    bracketed, high = days == MONTH, high.copy()
    high[bracketed] = upper(low[bracketed])
    sums = Sums(products.astype(np.intp), ranks, days, low, high, noise, shown.astype(np.bool_))
    return Evidence(sums.of(np.argsort(products, kind="stable")), day, freedom, pairs)


def unseen(ranks: Floats, days: float | Floats) -> Floats:
    """Variance that the days without a rank leave."""
    known = (~np.isnan(ranks)).sum(axis=1)
    share: Floats = np.clip(1 - known / days, 0, 1)
    return (UNSEEN * share) ** 2


def luck(day: float | Floats, days: float | Floats) -> float | Floats:
    """Variance of the luck of some days together, of that of one; days that hang together are worth fewer."""
    found: float | Floats = day / np.maximum(days / PERSISTS, 1)
    return found


_Part = tuple[NDArray[Any], ...]


def _brackets(seen: Sightings, end: int, day: float) -> list[_Part]:
    """The newest bracket of each product, then the newest that ended a month or more before that one."""
    parts: list[_Part] = []
    before = np.full(len(seen.asins), end + 1)
    columns = np.arange(seen.brackets.shape[1])
    for n in range(MONTHS):
        usable = ~np.isnan(seen.brackets) & (columns[None] < before[:, None])
        at = np.where(usable.any(axis=1), usable.shape[1] - 1 - usable[:, ::-1].argmax(axis=1), -1)
        rows = np.flatnonzero(at >= 0)
        if not len(rows):
            break
        within = at[rows][:, None] - np.arange(MONTH)[::-1][None]
        ranks = np.where(within >= 0, seen.ranks[rows[:, None], np.maximum(within, 0)], np.nan)
        fine = np.isfinite(ranks).any(axis=1)
        rows, ranks = rows[fine], ranks[fine]
        low = seen.brackets[rows, at[rows]]
        age = (end - at[rows]) / MONTH
        noise = luck(day, MONTH) + unseen(ranks, MONTH) + COUNTED**2 + (DRIFT * age) ** 2 + 1 / np.maximum(low, SHOWN)
        parts.append((rows, ranks, np.full(len(rows), float(MONTH)), low, low, noise, np.full(len(rows), n == 0)))
        before = at - MONTH + 1
    return parts


def _weeks(seen: Sightings, end: int, day: float) -> list[_Part]:
    """The user's own units, week by week back from the newest that are known."""
    parts: list[_Part] = []
    known = ~np.isnan(seen.units) & ~np.isnan(seen.ranks)
    known[:, end + 1 :] = False
    for row in np.flatnonzero(known.any(axis=1)):
        newest = int(np.flatnonzero(known[row])[-1])
        for n in range(OWN_WEEKS):
            week = slice(max(0, newest - WEEK * (n + 1) + 1), max(0, newest - WEEK * n + 1))
            days = known[row, week]
            if days.sum() < OWN_DAYS or not np.isfinite(seen.ranks[row, week][days]).any():
                continue
            ranks: Floats = np.full(MONTH, np.nan)
            ranks[: days.sum()] = seen.ranks[row, week][days]
            count, units = float(days.sum()), float(seen.units[row, week][days].sum())
            low, high = min(max(units - 0.5, 0.0), units * 0.99), max(units + 0.5, units * 1.01)
            age = (end - newest + WEEK * n) / MONTH
            noise = float(luck(day, count)) + (DRIFT * age) ** 2 + 1 / max(units, 1)
            numbers = (np.array([each]) for each in (count, low, high, noise))
            parts.append((np.array([row]), ranks[None], *numbers, np.array([False])))
    return parts


def _day_noise(seen: Sightings, end: int) -> tuple[float, float, int]:
    """Variance of a day's units, its degrees of freedom, and how many days of own units there are.

    Taken from the differences of days that follow one another, less what counting alone brings (a Poisson variance),
    so that slow drifts do not count; shrunk towards ``DAY``.
    """
    units, ranks = seen.units[:, : end + 1], seen.ranks[:, : end + 1]
    usable = ~np.isnan(units) & np.isfinite(ranks)
    level = np.log(np.where(usable, units, 1) + 0.5) + np.where(usable, ranks, 0)
    both = usable[:, 1:] & usable[:, :-1]
    steps = (level[:, 1:] - level[:, :-1])[both]
    counting = (1 / (units[:, 1:] + 0.5) + 1 / (units[:, :-1] + 0.5))[both]
    excess = max(0.0, float((steps**2 - counting).sum() / 2)) if len(steps) else 0.0
    freedom = DAY_FREEDOM + len(steps) / 2
    return (DAY_FREEDOM * DAY**2 + excess / 2) / freedom, freedom, int(usable.sum())
