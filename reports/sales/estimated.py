"""What is estimated of a product, as intervals that hold four times in five, or why nothing is."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor, log10
from typing import TypeVar

import numpy as np

from reports.effects.intervals import Floats
from reports.sales.estimate import NEEDED
from reports.sales.evidence import MONTH
from reports.sales.market import Category, Market
from reports.sentences import Said

Number = TypeVar("Number", float, Decimal)
SURE = 0.8
"""Probability of the intervals."""
BOUNDS = (0.5 - SURE / 2, 0.5, 0.5 + SURE / 2)
METHOD = "bsr-curve/1"
"""Changes when the method does."""


@dataclass(frozen=True, slots=True)
class Range:
    """Units: an interval and its middle, in figures that mean something: the interval is widened to two digits."""

    low: int
    mid: int
    high: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """What is estimated of a product, or why not."""

    category: Category | None
    day: Range | None
    """Units on the market's last day."""
    month: Range | None
    """Units in the 30 days up to it."""
    why_day: tuple[Said, ...] = ()
    why_month: tuple[Said, ...] = ()


def estimate(market: Market, asin: str) -> Estimate:
    """What is estimated of a product."""
    category = market.category(asin)
    if category is None:
        no_rank = Said("no BSR seen in {days:number} days", {"days": (market.last - market.first).days + 1})
        return Estimate(None, None, None, (no_rank,), (no_rank,))
    if category.worlds is None:
        return Estimate(category, None, None, category.why_not, category.why_not)
    row = category.rows[asin]
    why_day: tuple[Said, ...] = ()
    why_month: tuple[Said, ...] = ()
    day, month = spread(category.day[row]), spread(category.month[row])
    if day is None:
        away = np.isinf(category.seen.ranks[row, category.seen.column(market.last)])
        why_day = (Said("cannot be bought") if away else Said("no BSR on {day:day}", {"day": market.last}),)
    if month is None:
        facts = {"days": int(category.worlds.ranked(market.last)[row]), "of": MONTH, "least": NEEDED}
        why_month = (Said("BSR known on {days:number} of {of:number} days, of at least {least:number}", facts),)
    return Estimate(category, day, month, why_day, why_month)


def spread(worlds: Floats) -> Range | None:
    """The interval of some units over the worlds; None where nothing is estimated."""
    if np.isnan(worlds).any():
        return None
    low, mid, high = np.quantile(worlds, BOUNDS).tolist()
    return Range(digits(low, floor), digits(mid, round), digits(high, ceil))


def digits(value: Number, to: Callable[[Number], int]) -> int:
    """A whole number of two digits and noughts. ``to``: which of those on either side."""
    unit = 10 ** max(0, floor(log10(value)) - 1) if value >= 1 else 1
    return to(value / unit) * unit
