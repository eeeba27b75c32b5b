"""All offers for one product, of which the Buy Box shows one (that one is read by :mod:`spiders.pages.offer`).

* 2020 to now: a panel that the product page fetches (``aodAjaxMain``), a piece of HTML: the Buy Box's own offer in
  ``#aod-pinned-offer``, each other one in an ``#aod-offer`` of ``#aod-offer-list``, ten at a time.
* 2013 to 2021: a page of its own (``/gp/offer-listing/``) with a ``.olpOffer`` for each.

No real page of either kind was at hand: the markup is as public code that reads them describes it, so fields that
cannot be found are rather ``layout_unknown`` than absent where their row is not there.
"""

import re
from decimal import Decimal
from typing import Any, NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from spiders.pages import numbers, signs
from spiders.pages.buybox import is_beside, money_in, price_text
from spiders.pages.product import asin_of_url
from spiders.pages.reading import (
    ABSENT,
    NOT_APPLICABLE,
    UNKNOWN,
    Lack,
    around,
    asked,
    attribute,
    settled,
    text_of,
    unparseable,
)
from storage.marketplaces import Marketplace
from storage.records import Condition, Money, OfferLine, OfferPage, Reason

_OFFERS = "#aod-pinned-offer, #aod-offer, .olpOffer"
_ASIN = re.compile(r"[A-Z0-9]{10}")
_NAMED = (
    ('input[name$="[asin]"], input[name="asin"], input[name="ASIN"], input[name^="asin."]', "value"),
    ("#aod-container [data-csa-c-asin], #aod-container [data-asin], .olpOffer [data-asin]", "data-asin"),
    ("#aod-container [data-csa-c-asin]", "data-csa-c-asin"),
    ('#olpProduct a[href], #olpDetailPageLink, link[rel="canonical"]', "href"),
)
_COUNTS = "#aod-filter-offer-count-string, #aod-total-offer-count, #olpOfferCount"

_CONDITIONS = "#aod-offer-heading, .olpCondition"
_PRICES = ".a-price, .olpOfferPrice"
_STRUCK = re.compile(r"(?:^|\s)(?:a-text-price|a-text-strike|basisPrice|pricePerUnit|apex-basisprice-value)(?:\s|$)")
_DELIVERY = (
    "[data-csa-c-delivery-price]",
    '[id*="DELIVERY_BLOCK"], .aod-delivery-promise, #aod-offer-shipping-price, .aod-ship-charge, .olpShippingInfo',
)
_SELLER_ROW = "#aod-offer-soldBy, .olpSellerName"
_SELLER_LINK = '#aod-offer-soldBy a[href*="seller="], .olpSellerName a, #aod-offer-soldBy .a-col-right > a'
_SHIPPER_ROW = "#aod-offer-shipsFrom"


class _Delivery(NamedTuple):
    """What an offer says of its delivery's price, and of when that holds ("on orders over $35")."""

    price: str
    condition: str


def read_offers(tree: LexborHTMLParser, marketplace: Marketplace, url: str | None = None) -> OfferPage | None:
    """The record of a page or panel of offers; None when it shows none, or does not say whose they are.

    ``url`` is asked for the product where the page itself does not name it. Never raises.
    """
    nodes = [node for node in tree.css(_OFFERS) if not any(n.mem_id != node.mem_id for n in node.css(_OFFERS))]
    asin = _asin(tree) or (_asin_of(url) if url else None)
    if not nodes or asin is None:
        return None
    counted, missing = settled({"offer_count": _offer_count(tree, marketplace)})
    return OfferPage(
        marketplace=marketplace.code,
        asin=asin,
        offers=tuple(_line(node, position, marketplace) for position, node in enumerate(nodes, 1)),
        missing=missing,
        **counted,
    )


def _asin(tree: LexborHTMLParser) -> str | None:
    for selector, name in _NAMED:
        for node in tree.css(selector):
            value = attribute(node, name)
            if asin := value if _ASIN.fullmatch(value) else asin_of_url(value):
                return asin
    return None


def _asin_of(url: str) -> str | None:
    """The product an address asks for: in its path, or as the panel's own parameter."""
    if (asin := asin_of_url(url)) is not None:
        return asin
    return next((value for value in asked(url, "asin") if _ASIN.fullmatch(value)), None)


def _offer_count(tree: LexborHTMLParser, marketplace: Marketplace) -> int | Lack:
    """As the page states it; the panel does not count the offer pinned above the others."""
    unread: str | None = None
    for node in tree.css(_COUNTS):
        text = text_of(node) or attribute(node, "value")
        number = numbers.count(text, marketplace) if text else None
        if number is not None:
            return number
        unread = unread or text or None
    return unparseable(unread) if unread else ABSENT


def _line(offer: LexborNode, position: int, marketplace: Marketplace) -> OfferLine:
    text = next((said for node in offer.css(_CONDITIONS) if (said := text_of(node))), None)
    price = _price(offer, marketplace)
    read: dict[str, Any] = {
        "condition": _condition(text),
        "condition_text": text or UNKNOWN,
        "price": price.amount if isinstance(price, Money) else price,
        "currency": price.currency if isinstance(price, Money) else NOT_APPLICABLE,
        "delivery": _delivery(offer, price if isinstance(price, Money) else None, marketplace),
        "seller": _seller(offer),
        "seller_id": _seller_id(offer),
        "ships_from": _ships_from(offer),
    }
    values, missing = settled(read)
    return OfferLine(position=position, pinned=_is_pinned(offer), missing=missing, **values)


def _is_pinned(node: LexborNode | None) -> bool:
    return any(each.id == "aod-pinned-offer" for each in around(node))


def _condition(text: str | None) -> Condition | Lack:
    if text is None:
        return UNKNOWN
    known = signs.condition_of(text)
    return Condition(known) if known else unparseable(text)


def _price(offer: LexborNode, marketplace: Marketplace) -> Money | Lack:
    """What the item costs, without delivery: the first price that is neither struck through nor per unit."""
    for node in offer.css(_PRICES):
        if not is_beside(node, offer, _STRUCK) and (text := price_text(node, marketplace)) is not None:
            return money_in(text, marketplace)
    # An offer without a price shows it in the cart only; one without the place for it is unknown to us.
    known = offer.css_first('#aod-offer-price, [id^="aod-price-"], .olpPriceColumn') is not None
    return ABSENT if known else UNKNOWN


def _delivery(offer: LexborNode, price: Money | None, marketplace: Marketplace) -> Decimal | Lack:
    """What delivery costs, in the currency of the price; 0 where it is free without any condition."""
    said = _said_of_delivery(offer)
    if said is None:
        return ABSENT
    if said.condition:
        return Lack(Reason.AMBIGUOUS, f"{said.price} {said.condition}"[:200])
    costs = set(numbers.moneys(said.price, marketplace))
    if len(costs) > 1:
        return Lack(Reason.AMBIGUOUS, said.price[:200])
    if costs:
        cost = costs.pop()
        same = price is None or price.currency == cost.currency
        return cost.amount if same else Lack(Reason.AMBIGUOUS, said.price[:200])
    return Decimal(0) if signs.says_free(said.price) else unparseable(said.price)


def _said_of_delivery(offer: LexborNode) -> _Delivery | None:
    told, worded = _DELIVERY
    for node in offer.css(told):
        price = " ".join(attribute(node, "data-csa-c-delivery-price").split())
        # "fastest" and the like name a way of delivery, no price.
        if price and (any(char.isdigit() for char in price) or signs.says_free(price)):
            condition = " ".join(attribute(node, "data-csa-c-delivery-condition").split())
            return _Delivery(price, condition)
    text = next((said for node in offer.css(worded) if (said := text_of(node))), None)
    return _Delivery(text, "") if text else None


def _seller(offer: LexborNode) -> str | Lack:
    named = next((name for link in offer.css(_SELLER_LINK) if (name := text_of(link))), None)
    if named:
        return named
    logo = offer.css_first(".olpSellerName img[alt]")  # before 2020 Amazon signs with its logo
    if logo is not None and (alt := attribute(logo, "alt")):
        return alt
    row = offer.css_first(_SELLER_ROW)
    return _value_of(row) or UNKNOWN


def _seller_id(offer: LexborNode) -> str | Lack:
    for link in offer.css(_SELLER_LINK):
        if seller := asked(attribute(link, "href"), "seller"):
            return seller[0]
    # Amazon's own offers link to no seller.
    return ABSENT if offer.css_first(_SELLER_ROW) is not None else UNKNOWN


def _ships_from(offer: LexborNode) -> str | Lack:
    row = offer.css_first(_SHIPPER_ROW)
    if row is not None:
        return _value_of(row) or UNKNOWN
    if offer.css_first(".olpFbaPopoverTrigger") is not None or offer.css_first(".olpSellerName img[alt]") is not None:
        return "Amazon"
    if offer.css_first(".olpSellerName") is not None:  # who is not said to be fulfilled by Amazon ships it himself
        return _seller(offer)
    return UNKNOWN


def _value_of(row: LexborNode | None) -> str | None:
    """The value of a row of label and value: the first text of its right column, else its last span."""
    if row is None:
        return None
    column = row.css_first(".a-col-right")
    if column is not None:
        parts = [text for each in column.css("span, a") if (text := text_of(each))]
        return next(iter(parts), None) or text_of(column)
    spans = [text for each in row.css("span, a") if (text := text_of(each))]
    return spans[-1] if spans else None
