"""Coupons and deals that start, change or end, and those of the own listing that are taken off one another.

Model: the badge is there or not, so a change between two pages that were both read is a fact. A coupon the parser could
not read, or a page of a product that cannot be bought (it shows no promotion), says nothing: the last known state
stands until a page says otherwise. What a promotion did to the price to pay is told with it, unless the price itself
moved as much (see :mod:`reports.flags.paid`).
"""

from collections.abc import Callable, Iterator
from decimal import Decimal

from reports.flags.flag import Flag, Verdict, product_flag
from reports.flags.kind import Kind, Severity
from reports.flags.paid import COLUMNS, STEP, Step, coupon, step
from reports.flags.past import back, news
from reports.flags.rules import Rules
from reports.sentences import ENGLISH, Fact
from reports.series import Comparison, Observation, ProductSeries

COUPON, COUPON_FROM = "Coupon of ", "Coupon changed from "
OLD_PERCENT, OLD_AMOUNT = "{before_percent:number} %", "{before_amount:amount} {currency}"
NEW_PERCENT, NEW_AMOUNT = "{after_percent:number} %", "{after_amount:amount} {currency}"
TO, STARTED, CHANGED, ENDED = " to ", " started on {day:day}", " on {day:day}", " ended on {day:day}"
DEAL_STARTED, DEAL_ENDED = "Deal started on {day:day}", "Deal ended on {day:day}"
BADGE = " (“{badge}”)"
PAID = "; price to pay {paid_before:amount} → {paid_after:amount} {currency} ({paid_change:percent})"
PAID_SAME = "; price to pay {paid_after:amount} {currency} as before"
SHELF = ", while the price before it went {shelf_before:amount} → {shelf_after:amount}"
STACKED = "Deal and coupon are taken off at once since {day:day}: "
STACKED_PAID = " off {price:amount} {currency} leaves {paid:amount} to pay"
STACKED_ONLY = " on top of the deal"


def flags(comparison: Comparison, rules: Rules) -> Iterator[Flag]:
    for product in comparison.products:
        for n in news(comparison, product):
            seen = product.observations[n]
            if seen.in_stock is False:
                continue
            yield from _coupon(comparison, product, n)
            yield from _deal(comparison, product, n)
            if product.own:
                yield from _stacked(comparison, product, n)


def _coupon_read(seen: Observation) -> bool:
    return not (seen.in_stock is False or seen.unread("coupon_percent") or seen.unread("coupon_amount"))


def _deal_read(seen: Observation) -> bool:
    return seen.in_stock is not False and seen.is_deal is not None


def _last(product: ProductSeries, n: int, read: Callable[[Observation], bool]) -> Observation | None:
    """The last page before that says as much as the ``n``-th does; None where that one says nothing."""
    seen = product.observations
    return next(filter(read, back(seen, n)), None) if read(seen[n]) else None


def _coupon(comparison: Comparison, product: ProductSeries, n: int) -> Iterator[Flag]:
    after, before = product.observations[n], _last(product, n, _coupon_read)
    if before is None or coupon(before) == coupon(after):
        return
    old, new = _worth(before, OLD_PERCENT, OLD_AMOUNT), _worth(after, NEW_PERCENT, NEW_AMOUNT)
    if old is None and new is not None:
        kind, says = Kind.COUPON_STARTED, [COUPON, new, STARTED]
    elif old is not None and new is None:
        kind, says = Kind.COUPON_ENDED, [COUPON, old, ENDED]
    elif old is not None and new is not None:
        kind, says = Kind.COUPON_CHANGED, [COUPON_FROM, old, TO, new, CHANGED]
    else:
        return
    made = step(before, after)
    more, paid = _paid(made)
    facts = {
        "before_percent": before.coupon_percent, "before_amount": before.coupon_amount,
        "after_percent": after.coupon_percent, "after_amount": after.coupon_amount,
    }  # fmt: skip
    verdict = Verdict(
        kind,
        Severity.MEDIUM if kind is Kind.COUPON_STARTED else Severity.LOW,
        (_words(before, comparison.currency), _words(after, comparison.currency)),
        (*says, *more),
        facts | paid,
        magnitude=float(made.change) if made.paid else None,
    )
    yield product_flag(comparison, product, (before, after), verdict, columns=COLUMNS)


def _worth(seen: Observation, percent: str, money: str) -> str | None:
    """The template that says what a coupon is worth; None where there is none."""
    return percent if seen.coupon_percent else money if seen.coupon_amount else None


def _words(seen: Observation, currency: str) -> str | None:
    if seen.coupon_percent:
        return f"{ENGLISH.number(seen.coupon_percent.normalize() + Decimal(0))} %"
    return f"{ENGLISH.amount(seen.coupon_amount, currency)} {currency}" if seen.coupon_amount else None


def _paid(made: Step) -> tuple[tuple[str, ...], dict[str, Fact]]:
    """What the promotion did to the price to pay; nothing where that is not known, or a price cut or rise tells it."""
    if made.paid is None or made.told_as_price():
        return (), {}
    before, after = made.paid
    says = [PAID_SAME if before == after else PAID] + ([SHELF] if abs(made.shelf) >= STEP else [])
    shelf = {"shelf_before": made.before.price, "shelf_after": made.after.price}
    return tuple(says), {"paid_before": before, "paid_after": after, "paid_change": made.change, **shelf}


def _deal(comparison: Comparison, product: ProductSeries, n: int) -> Iterator[Flag]:
    after, before = product.observations[n], _last(product, n, _deal_read)
    if before is None or before.is_deal == after.is_deal:
        return
    badge = after.deal if after.is_deal else before.deal
    made = step(before, after)
    more, paid = _paid(made) if made.change and not made.coupon_moved else ((), {})
    verdict = Verdict(
        Kind.DEAL_STARTED if after.is_deal else Kind.DEAL_ENDED,
        Severity.MEDIUM if after.is_deal else Severity.LOW,
        (before.deal, after.deal),
        (DEAL_STARTED if after.is_deal else DEAL_ENDED, *([BADGE] if badge else []), *more),
        {"badge": badge, **paid},
        magnitude=float(made.change) if paid else None,
    )
    yield product_flag(comparison, product, (before, after), verdict, columns=COLUMNS)


def _stacked(comparison: Comparison, product: ProductSeries, n: int) -> Iterator[Flag]:
    """Deal and coupon at once, where the last page that tells of both did not have both."""
    after = product.observations[n]
    worth = _worth(after, NEW_PERCENT, NEW_AMOUNT)
    if not after.is_deal or worth is None:
        return
    before = _last(product, n, lambda seen: _coupon_read(seen) and _deal_read(seen))
    if before is None or (before.is_deal and _worth(before, NEW_PERCENT, NEW_AMOUNT)):
        return
    facts: dict[str, Fact] = {"after_percent": after.coupon_percent, "after_amount": after.coupon_amount}
    says = STACKED_ONLY
    if after.to_pay is not None:
        says, facts = STACKED_PAID, {**facts, "price": after.price, "paid": after.to_pay}
    verdict = Verdict(
        Kind.PROMOTIONS_STACKED,
        Severity.HIGH,
        (_words(before, comparison.currency), _words(after, comparison.currency)),
        (STACKED, worth, says),
        facts,
    )
    yield product_flag(comparison, product, (before, after), verdict, columns=f"{COLUMNS}, is_deal")
