"""What a page says in words: promotion, stock, Buy Box and badges, as values."""

from collections.abc import Callable, Iterator, Mapping

from reports.sections.reasons import of_part, why
from reports.sections.values import Value
from reports.sentences import Said
from reports.series import Observation

BADGES = {
    "best_seller": "Best Seller",
    "amazons_choice": "Amazon’s Choice",
    "new_release": "New Release",
    "climate_pledge": "Climate Pledge Friendly",
    "small_business": "Small Business",
    "deal": "Deal",
}
NONE = (Said("none"),)


def promotion(now: Observation) -> Value:
    """Coupon, deal and Prime price; where one of the first two is not known, that stands beside the rest."""
    said = tuple(_promotions(now))
    if not said and now.in_stock is False:  # such a page shows none, and that tells nothing
        return Value(None, why=(Said("out of stock"),))
    coupon = ("coupon_percent", "coupon_amount")
    unread = [] if now.coupon_percent or now.coupon_amount else [field for field in coupon if now.unread(field)]
    unread += ["is_deal"] if now.is_deal is None else []
    if not unread or now.in_stock is False:
        return Value(None, said or NONE)
    doubt = (of_part(now, unread[0]),)
    return Value(None, said, note=doubt) if said else Value(None, why=doubt)


def _promotions(now: Observation) -> Iterator[Said]:
    if now.coupon_percent:
        yield Said("Coupon {percent:number} %", {"percent": now.coupon_percent.normalize() + 0})
    if now.coupon_amount:
        yield Said("Coupon {amount:money}", {"amount": now.coupon_amount})
    if now.is_deal:
        yield Said("{deal}", {"deal": now.deal}) if now.deal else Said("Deal")
    if now.prime_price is not None:
        yield Said("Prime price {amount:money}", {"amount": now.prime_price})


def stock(now: Observation) -> Value:
    if now.in_stock is None:
        return Value(None, why=why(now, "in_stock"))
    if not now.in_stock:
        shown = (Said("{text}", {"text": now.availability}),) if now.availability else ()
        return Value(None, (Said("Out of stock"),), note=shown)
    left = Said("{left:number} left", {"left": now.stock_left}) if now.stock_left else Said("In stock")
    return Value(None, (left,))


def buy_box(now: Observation) -> Value:
    said = (Said("{seller}", {"seller": now.seller}),) if now.seller else ()
    return Value(None, said, why=() if said else why(now, "seller"))


def badges(now: Observation) -> Value:
    if now.badges is None:
        return Value(None, why=why(now, "badges"))
    return Value(None, tuple(_badge(*badge) for badge in now.badges) or NONE)


def _badge(kind: str, text: str | None) -> Said:
    name = BADGES.get(kind, kind.replace("_", " "))
    return Said("{badge:said}: {of}", {"badge": name, "of": text}) if text else Said(name)


TEXTS: Mapping[str, Callable[[Observation], Value]] = {
    "promotion": promotion,
    "stock": stock,
    "buy_box": buy_box,
    "badges": badges,
}
"""By the key of the column."""
