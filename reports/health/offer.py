"""Whether the own offer is in order: whose the Buy Box is, who else sells, price, promotions, stock and delivery."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from statistics import median

from reports.flags.buybox import mine, suppressed
from reports.flags.stock import FEW
from reports.health.kept import Kept
from reports.health.point import Day, Rule, State, Verdict, ok, on_page, unknown, unsaid, wrong
from reports.sections.reasons import why
from reports.sentences import Fact, Said
from reports.series import Observation
from storage.model import Expected

BASE, LEAST = timedelta(days=28), 7
"""Nights that a usual number of other offers is taken from, and how many of them must be known."""
NO_SELLERS = "no seller_ids under [marketplaces.{marketplace}] in config.toml"
NO_PRICE = "no price under [listing.expect] in config.toml"


def buy_box(marketplace: str) -> Rule:
    """``marketplace``: whose seller ids are to be configured."""

    def rule(day: Day, seen: Observation) -> Verdict:
        if not day.expected.seller_ids:
            return unknown(Said(NO_SELLERS, {"marketplace": marketplace}))
        if suppressed(seen):
            return wrong(
                Said("nobody has it, though {n:count other offer is|other offers are} there", {"n": seen.offer_count})
            )
        if not seen.seller:
            return unsaid(seen, "seller")
        owned = mine(day.expected, seen)
        if owned is None:
            return unknown(Said("“{seller}” has it, and the page links no seller", {"seller": seen.seller}))
        if owned:
            return ok(Said("“{seller}”", {"seller": seen.seller}))
        facts: dict[str, Fact] = {"seller": seen.seller, "price": seen.price}
        text = "“{seller}” has it" if seen.price is None else "“{seller}” has it, at {price:money}"
        return wrong(Said(text, facts), before=", ".join(day.expected.seller_ids), after=seen.seller_id or seen.seller)

    return on_page(rule)


def sellers() -> Rule:
    """Others on the offer: in the Buy Box, in the list of offers, or as a number that is more than usual."""
    known: dict[date, int] = {}
    """Other offers of days on which there were no more than usual."""

    def rule(day: Day, seen: Observation) -> Verdict:
        others = list(dict.fromkeys(_others(day, seen)))
        if others:
            who = [Said("“{seller}”", {"seller": name}) for name in others]
            return wrong(Said("{who:list}", {"who": who}), after=", ".join(others))
        if seen.elsewhere is not None or (seen.offer_count is None and seen.unread("offer_count")):
            return unsaid(seen, "offer_count")
        count = seen.offer_count or 0
        usual = [n for past, n in known.items() if day.day - BASE <= past < day.day]
        verdict = _as_usual(count, usual) if day.expected.other_offers is None else _as_meant(count, day.expected)
        if verdict.state is not State.WRONG:
            known[day.day] = count
        return verdict

    return on_page(rule)


def _as_meant(count: int, expected: Expected) -> Verdict:
    most = expected.other_offers or 0
    if count <= most:
        return ok(_count(count))
    text = "{n:count other offer|other offers}; {most:number} at most are to be there"
    return wrong(Said(text, {"n": count, "most": most}), before=most, after=count)


def _as_usual(count: int, usual: list[int]) -> Verdict:
    if len(usual) >= LEAST and count >= max(usual) + max(1, median(usual) / 2):
        text = "{n:count other offer|other offers}, in the four weeks before never more than {most:number}"
        return wrong(Said(text, {"n": count, "most": max(usual)}), before=max(usual), after=count)
    if count and len(usual) < LEAST:
        return unknown(Said("{n:count other offer|other offers}; how many are usual is not known yet", {"n": count}))
    return ok(_count(count))


def _others(day: Day, seen: Observation) -> Iterator[str]:
    """Names of sellers who are not oneself, as far as one's own are known."""
    if mine(day.expected, seen) is False and seen.seller:
        yield seen.seller
    if day.expected.seller_ids:
        yield from (name for name, seller in day.sellers if seller and seller not in day.expected.seller_ids)


def _count(offers: int) -> Said:
    return Said("{n:count other offer|other offers}", {"n": offers}) if offers else Said("no other offers")


def _price(day: Day, seen: Observation) -> Verdict:
    low, high = day.expected.price_from, day.expected.price_to
    if low is None or high is None:
        return unknown(Said(NO_PRICE))
    if seen.price is None:
        return unsaid(seen, "price")
    facts: dict[str, Fact] = {"price": seen.price, "low": low, "high": high}
    if low <= seen.price <= high:
        return ok(Said("{price:money}", facts))
    text = "{price:money}; to be {low:money}" if low == high else "{price:money}; to be {low:money} to {high:money}"
    deal = [Said("a deal runs")] if seen.is_deal else []
    return wrong(Said(text, facts), *deal, before=low if low == high else f"{low}-{high}", after=seen.price)


price = on_page(_price)


def _promotions(day: Day, seen: Observation) -> Verdict:
    """A coupon beside a deal, a Prime price or Subscribe & Save: customers take off both."""
    for name in ("price", "coupon_percent", "coupon_amount", "is_deal", "prime_price"):
        if seen.unread(name) or (name == "price" and seen.price is None):
            return unsaid(seen, name)
    if not seen.coupon_percent and not seen.coupon_amount:
        return ok()
    subscription = day.extra.subscription if day.extra else None
    beside = [
        *([Said("a deal")] if seen.is_deal else []),
        *([Said("a Prime price")] if seen.prime_price is not None else []),
        *([Said("Subscribe & Save")] if subscription else []),
    ]
    facts: dict[str, Fact] = {"percent": seen.coupon_percent, "amount": seen.coupon_amount, "pays": seen.to_pay}
    coupon = Said("coupon of {percent:number} %" if seen.coupon_percent else "coupon of {amount:money}", facts)
    if not beside:
        return ok(coupon)
    says = [Said("{coupon} beside {beside:list}", {"coupon": coupon, "beside": beside})]
    if seen.is_deal or seen.prime_price is not None:
        says.append(Said("the customer pays {pays:money}, not {price:money}", {**facts, "price": seen.price}))
    if subscription and subscription.price is not None:
        least = subscription.price - (seen.coupon_amount or _part(subscription.price, seen.coupon_percent))
        says.append(Said("with a subscription {pays:money} at most", {"pays": max(least, Decimal(0))}))
    return wrong(*says, before=seen.price, after=seen.to_pay)


def _part(of: Decimal, percent: Decimal | None) -> Decimal:
    return (of * (percent or 0) / 100).quantize(of)


promotions = on_page(_promotions)


def _stock(_: Day, seen: Observation) -> Verdict:
    if seen.in_stock is None:
        return unsaid(seen, "in_stock")
    if not seen.in_stock:
        shown = Said("“{shown}”", {"shown": seen.availability}) if seen.availability else Said("out of stock")
        return wrong(Said("out of stock"), *([shown] if seen.availability else []), after=seen.availability)
    if seen.stock_left is None:
        return ok()
    left = Said("{left:number} left", {"left": seen.stock_left})
    return wrong(left, after=seen.stock_left) if seen.stock_left <= FEW else ok(left)


stock = on_page(_stock)


def delivery() -> Rule:
    """Who ships it, which changes when stock at Amazon's runs out or is stranded. Of other sellers' offers it says
    nothing."""

    def shown(day: Day, seen: Observation) -> tuple[object, str] | Verdict:
        if seen.elsewhere is not None:
            return unsaid(seen, "seller")
        if not seen.seller or mine(day.expected, seen) is False:
            return unknown(*(why(seen, "seller") if not seen.seller else (Said("not your offer"),)))
        if day.extra is None or not day.extra.ships_from:
            return unknown(Said("the page does not say who ships it"))
        return seen.seller_id or seen.seller, day.extra.ships_from

    return Kept(
        shown,
        lambda _, now: ok(Said("by “{who}”", {"who": now})),
        lambda was, now: (Said("by “{now}”, by “{was}” before", {"now": now, "was": was}),),
    )
