"""One row a product and day: what the day's page said, with a reason for everything that it did not."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from reports.report import Report
from reports.sections.reasons import lacking
from reports.sections.table import PAGE_ONE, PER_DAY, discount
from reports.sections.values import Number, in_units
from reports.series import NOT_THERE, Comparison, Observation, ProductSeries

NO_REASON = "no_reason_recorded"
MADE = {PER_DAY.key: "no_earlier_count", PAGE_ONE.key: "keyword_not_read"}
"""Why there is none of what no page says itself: reviews a day need a count seven or eight days before, a count of
first pages those of all keywords."""

FIELDS: Mapping[str, Callable[[Observation], Any]] = {
    "price": lambda seen: seen.price,
    "list_price": lambda seen: seen.list_price,
    "discount": lambda seen: _short(discount(seen)),
    "coupon_percent": lambda seen: seen.coupon_percent,
    "coupon_amount": lambda seen: seen.coupon_amount,
    "prime_price": lambda seen: seen.prime_price,
    "to_pay": lambda seen: seen.to_pay,
    "is_deal": lambda seen: seen.is_deal,
    "in_stock": lambda seen: seen.in_stock,
    "stock_left": lambda seen: seen.stock_left,
    "seller": lambda seen: seen.seller,
    "offer_count": lambda seen: seen.offer_count,
    "bsr": lambda seen: seen.bsr,
    "bsr_category": lambda seen: seen.bsr_category,
    "rating": lambda seen: seen.rating,
    "review_count": lambda seen: seen.review_count,
    "bought_past_month_min": lambda seen: seen.bought_past_month_min,
}
"""What a page says, by its name in the database where it has one there."""
COLUMNS = (*FIELDS, *MADE)
MONEY = frozenset({"price", "list_price", "coupon_amount", "prime_price", "to_pay"})


@dataclass(frozen=True, slots=True)
class Daily:
    """One product on one local day: its last page of that day."""

    product: ProductSeries
    day: date
    seen: Observation | None
    reason: str | None
    """Code: why no page of it was read."""
    values: Mapping[str, Any]
    """By the names of :data:`COLUMNS`."""
    missing: Mapping[str, str]
    """Name -> code, of the values that are None though the page was read (of keywords, also though it was not)."""

    @property
    def unread(self) -> Mapping[str, str]:
        """Of :attr:`missing`, what the page may have shown and was not read; not what it has none of."""
        return {name: code for name, code in self.missing.items() if code not in NOT_THERE and name not in MADE}


def daily(report: Report) -> Iterator[Daily]:
    """The days of the report's charts, product by product, the own one first."""
    days = tuple(report.shown)
    nothing: tuple[Number | None, ...] = (None,) * len(days)
    for row in report.rows:
        made = {name: row.values[name].days if name in row.values else nothing for name in MADE}
        for n, day in enumerate(days):
            of_day = {name: _short(line[n]) for name, line in made.items()}
            yield _day(report.comparison, row.product, day, of_day)


def _day(comparison: Comparison, product: ProductSeries, day: date, made: Mapping[str, Number | None]) -> Daily:
    seen = product.daily.get(day)
    values = {name: get(seen) if seen else None for name, get in FIELDS.items()} | dict(made)
    paid = {name: amount for name in MONEY if (amount := values[name]) is not None}
    values |= {name: in_units(amount, comparison.currency) for name, amount in paid.items()}
    lacking = [name for name, value in values.items() if value is None and (seen or name == PAGE_ONE.key)]
    missing = {name: _why(seen, name) for name in lacking}
    return Daily(product, day, seen, None if seen else _unread(product, day, comparison.time_zone), values, missing)


def _unread(product: ProductSeries, day: date, zone: str) -> str:
    if failure := product.failure_on(day):
        return failure.outcome
    watched = product.watched_on(day) and day >= product.watched_from.astimezone(ZoneInfo(zone)).date()
    return "not_crawled" if watched else "not_watched"


def _why(seen: Observation | None, name: str) -> str:
    """Why a page gave no such value."""
    if seen is None or name in MADE:
        return MADE[name]
    field = lacking(seen, name)
    return seen.missing.get("bsr" if field == "bsr_category" else field, NO_REASON)


def _short(value: Number | None) -> Number | None:
    """A quotient with the digits that mean anything."""
    return round(value, 4) if isinstance(value, Decimal) else value
