"""What each product is estimated to sell, as intervals that hold four times in five; the method: reports/SALES.md.

Nothing is estimated without something to calibrate on, and nothing is told without an interval. Figures have two digits
that mean something: an interval is widened to them, never narrowed.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import ceil, floor
from statistics import median

import numpy as np

from reports.effects.intervals import Floats
from reports.flags.paid import to_pay
from reports.period import ONE, Days, Period
from reports.sales.estimated import BOUNDS, Range, digits, estimate
from reports.sales.evidence import MONTH
from reports.sales.market import Category, Market
from reports.sections.values import in_units
from reports.sentences import Said
from reports.series import Comparison, ProductSeries


@dataclass(frozen=True, slots=True)
class Revenue:
    """Units of a month times the price to pay, in the currency of the listing; two digits and noughts, as the units."""

    low: Decimal
    mid: Decimal
    high: Decimal
    price: Decimal
    """The median of these days."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """An interval of a share of 1, or of a factor."""

    low: float
    mid: float
    high: float


@dataclass(frozen=True, slots=True)
class Sold:
    """What one product sold."""

    asin: str
    own: bool
    category: str | None
    """Main category that it was last seen in; None where it was in none."""
    day: Range | None = None
    """Units on the last day."""
    month: Range | None = None
    """Units in the 30 days up to it."""
    revenue: Revenue | None = None
    """Of the same days."""
    share: Ratio | None = None
    """Of the units of all products that have an estimate for the month."""
    change: Ratio | None = None
    """Units a day in the period over those in the earlier one, as a factor."""
    known: int | None = None
    """The user's own units of these 30 days, where all are known."""
    bracket: int | None = None
    """The newest "bought in past month" of its page or card, a lower bound."""
    basis: tuple[Said, ...] = ()
    why_day: tuple[Said, ...] = ()
    """Why there is no figure of the day, of the month, of the change."""
    why_month: tuple[Said, ...] = ()
    why_change: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class Sales:
    """What a listing and its rivals sold."""

    last: date
    """The last of the 30 days."""
    products: tuple[Sold, ...] = ()
    """The own one first."""

    @property
    def shared(self) -> int:
        """Products that the shares are of."""
        return sum(each.share is not None for each in self.products)

    @property
    def estimated(self) -> bool:
        """Whether there is anything but reasons."""
        return any(each.day or each.month for each in self.products)


NO_SALES = Sales(date.min)


def sales(market: Market, comparison: Comparison, period: Period) -> Sales:
    """What the products of a comparison sold up to the last day of the period, which is that of the market."""
    months = _months(market, comparison)
    whole = sum(months.values(), np.zeros(1))
    shares = {asin: _ratio(month / np.maximum(whole, 1)) for asin, month in months.items()} if len(months) > 1 else {}
    return Sales(market.last, tuple(_sold(market, each, comparison, period, shares) for each in comparison.products))


def _sold(
    market: Market, product: ProductSeries, comparison: Comparison, period: Period, shares: dict[str, Ratio]
) -> Sold:
    found = estimate(market, product.asin)
    category = found.category
    if category is None:
        return Sold(product.asin, product.own, None, why_day=found.why_day, why_month=found.why_month)
    change, why = _change(category, product.asin, period)
    return Sold(
        asin=product.asin,
        own=product.own,
        category=category.name,
        day=found.day,
        month=found.month,
        revenue=_revenue(product, found.month, comparison.currency, market.last),
        share=shares.get(product.asin),
        change=change,
        known=_known(category, product.asin),
        bracket=_bracket(category, product.asin),
        basis=category.basis,
        why_day=found.why_day,
        why_month=found.why_month,
        why_change=why,
    )


def _months(market: Market, comparison: Comparison) -> dict[str, Floats]:
    """The month of each product in each world, of those that have an estimate."""
    found = {}
    for product in comparison.products:
        category = market.category(product.asin)
        if category is not None and category.worlds is not None:
            month = category.month[category.rows[product.asin]]
            if not np.isnan(month).any():
                found[product.asin] = month
    return found


def _change(category: Category, asin: str, period: Period) -> tuple[Ratio | None, tuple[Said, ...]]:
    """Units a day of the period against the earlier one. What a product sells more of than others at its rank is the
    same in both, so a factor is known better than either."""
    if category.worlds is None:
        return None, category.why_not
    days = Days(period.days.first, min(period.days.last, category.last))
    if period.against.first < category.seen.first or days.first > days.last:
        return None, (Said("more than {days:number} days back", {"days": category.seen.ranks.shape[1]}),)
    now, before = (category.rate(each)[category.rows[asin]] for each in (days, period.against))
    if np.isnan(now).any() or np.isnan(before).any():
        which = period.against if np.isnan(before).any() else days
        return None, (Said("no BSR from {first:day} to {last:day}", {"first": which.first, "last": which.last}),)
    return _ratio(now / before), ()


def _revenue(product: ProductSeries, month: Range | None, currency: str, last: date) -> Revenue | None:
    days = Days(last - (MONTH - 1) * ONE, last)
    paid = [price for day in days if (seen := product.daily.get(day)) and (price := to_pay(seen)) is not None]
    if month is None or not paid:
        return None
    price = in_units(median(paid), currency)
    return Revenue(
        low=in_units(digits(price * month.low, floor), currency),
        mid=in_units(digits(price * month.mid, round), currency),
        high=in_units(digits(price * month.high, ceil), currency),
        price=price,
    )


def _known(category: Category, asin: str) -> int | None:
    """The user's own units of the month, where all its days are known."""
    end = category.seen.column(category.last)
    units = category.seen.units[category.rows[asin], end - MONTH + 1 : end + 1]
    return None if np.isnan(units).any() else int(units.sum())


def _bracket(category: Category, asin: str) -> int | None:
    """The newest of the month."""
    end = category.seen.column(category.last)
    brackets = category.seen.brackets[category.rows[asin], end - MONTH + 1 : end + 1]
    seen = brackets[~np.isnan(brackets)]
    return int(seen[-1]) if len(seen) else None


def _ratio(worlds: Floats) -> Ratio:
    low, mid, high = np.quantile(worlds, BOUNDS).tolist()
    return Ratio(low, mid, high)
