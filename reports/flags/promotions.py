"""Coupons and deals that start, change or end.

Model: the badge is there or not, so a change between two pages that were both read is a fact. A coupon
the parser could not read, or a page of a product that cannot be bought (it shows no promotion), says
nothing: the last known state stands until a page says otherwise.
"""

from collections.abc import Iterator
from decimal import Decimal

from reports.flags.flag import Flag, Verdict, amount, day_name, number, product_flag
from reports.flags.kind import Kind, Severity
from reports.flags.rules import Rules
from reports.series import Comparison, Observation, ProductSeries


def flags(comparison: Comparison, rules: Rules) -> Iterator[Flag]:
    for product in comparison.products:
        yield from _coupons(comparison, product)
        yield from _deals(comparison, product)


def _coupons(comparison: Comparison, product: ProductSeries) -> Iterator[Flag]:
    last: Observation | None = None
    for seen in product.observations:
        if seen.in_stock is False or seen.unread("coupon_percent") or seen.unread("coupon_amount"):
            continue
        before, last = last, seen
        if before is None:
            continue
        old, new = _coupon(before, comparison.currency), _coupon(seen, comparison.currency)
        if old == new:
            continue
        if old is None:
            kind, words = Kind.COUPON_STARTED, f"Coupon of {new} started"
        elif new is None:
            kind, words = Kind.COUPON_ENDED, f"Coupon of {old} ended"
        else:
            kind, words = Kind.COUPON_CHANGED, f"Coupon changed from {old} to {new}"
        yield product_flag(
            comparison,
            product,
            (before, seen),
            Verdict(
                kind,
                Severity.MEDIUM if kind is Kind.COUPON_STARTED else Severity.LOW,
                (old, new),
                f"{words} on {day_name(seen.day)}",
            ),
            columns="price, currency, coupon_percent, coupon_amount",
        )


def _coupon(seen: Observation, currency: str) -> str | None:
    if seen.coupon_percent:
        return f"{number(seen.coupon_percent.normalize() + Decimal(0))} %"
    if seen.coupon_amount:
        return f"{amount(seen.coupon_amount, currency)} {currency}"
    return None


def _deals(comparison: Comparison, product: ProductSeries) -> Iterator[Flag]:
    last: Observation | None = None
    for seen in product.observations:
        if seen.in_stock is False or seen.is_deal is None:
            continue
        before, last = last, seen
        if before is None or before.is_deal == seen.is_deal:
            continue
        kind = Kind.DEAL_STARTED if seen.is_deal else Kind.DEAL_ENDED
        badge = seen.deal if seen.is_deal else before.deal
        text = f"Deal {'started' if seen.is_deal else 'ended'} on {day_name(seen.day)}"
        yield product_flag(
            comparison,
            product,
            (before, seen),
            Verdict(
                kind,
                Severity.MEDIUM if seen.is_deal else Severity.LOW,
                (before.deal, seen.deal),
                f"{text} (“{badge}”)" if badge else text,
            ),
            columns="price, currency, is_deal, deal",
        )
