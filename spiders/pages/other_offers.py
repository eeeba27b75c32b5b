"""Other ways to buy the product than new in the Buy Box: used, renewed, by subscription, as a Prime member, elsewhere.

The rows of the accordion (2020 to now) are told apart by their ids, which are the same in every language; the places
before it are ``#usedBuySection`` and ``#sns-base-price``. Of a subscription only the price of the first delivery
counts, and of several percentages ("5 % now, 15 % with five products") none.
"""

import re
from collections.abc import Iterable
from decimal import Decimal

from selectolax.lexbor import LexborNode

from spiders.pages import numbers
from spiders.pages.buybox import BuyBox, per_unit, price_text
from spiders.pages.reading import Lack, attribute, text_of, unparseable
from storage.records import Money, Reason

_USED = ("usedAccordionRow", "apex_desktop_usedAccordionRow")
_USED_BEFORE_2020 = (
    "#usedBuySection .offer-price, #usedBuySection #usedPrice, #usedOnlyBuybox .offer-price, #usedOnlyBuybox #usedPrice"
)
_RENEWED = ("renewedAccordionRow", "apex_desktop_renewedAccordionRow", "certifiedRefurbishedAccordionRow")
_SUBSCRIBE = ("snsAccordionRow", "apex_desktop_snsAccordionRow")
_SUBSCRIBE_PRICE = "#sns-base-price, #sns-tiered-price, #subscriptionPrice, #snsPrice .a-color-price"
_SUBSCRIBE_PERCENT = (
    "#snsDiscountPill, #sns-discount-badge, "
    "#snsAccordionRowMiddle [class*=iscount], #snsDetailPagePrice [class*=iscount]"
)
_PRIME = "#primeExclusivePricingMessage, #pep_feature_div, #primeExclusivePrice_feature_div, #pe-price-message"
_LINKS = (
    "#aod-ingress-link, #olpLinkWidget_feature_div .olp-touch-link, #olp_feature_div a[href*=offer-listing], "
    "#olpLinkWidget_feature_div a[href*=offer-listing], #olp-upd-new a, #olp-upd-new-used a, #olp-new a, "
    "#olp-upd-used a, #olp-used a, #mbc-olp-link a, #olpDiv a"
)
_IN_PARENTHESES = re.compile(r"[(（]\s*(\d[\d.,]*)\s*[)）]")
_FIRST_NUMBER = re.compile(r"(?<![\d.,$€£¥₹])(?<![$€£¥₹]\s)\d{1,4}(?![\d.,]*\d)(?!\s?(?:[$€£¥₹₺円]|kr|zł|TL|EUR))")
"""A whole number that is no price."""


class OtherOffers:
    """Prices of other offers for the same product."""

    def __init__(self, box: BuyBox) -> None:
        self._box = box

    def used_price(self) -> Money | Lack:
        return self._row_price(_USED) or self._price_at(_USED_BEFORE_2020) or self._box.nothing

    def renewed_price(self) -> Money | Lack:
        return self._row_price(_RENEWED) or self._box.nothing

    def subscribe_price(self) -> Money | Lack:
        return self._price_at(_SUBSCRIBE_PRICE) or self._row_price(_SUBSCRIBE) or self._box.nothing

    def subscribe_percent(self) -> Decimal | Lack:
        texts = [text for node in self._box.elements.all(_SUBSCRIBE_PERCENT) if (text := text_of(node))]
        percents = {percent for text in texts if (percent := numbers.percent(text)) is not None}
        if len(percents) > 1:
            return Lack(Reason.AMBIGUOUS, texts[0][:200])
        return next(iter(percents), self._box.nothing)

    def prime_price(self) -> Money | Lack:
        for node in self._box.elements.all(_PRIME):
            if text := text_of(node):
                return next(numbers.moneys(text, self._box.marketplace), None) or self._box.nothing
        return self._box.nothing

    def offer_count(self) -> int | Lack:
        """N of "New & Used (N) from …" or "Compare N other options"."""
        text = text_of(self._link())
        if text is None:
            return self._box.nothing
        plain = numbers.plain(text)
        found = _IN_PARENTHESES.search(plain)
        count = found[1] if found else (_FIRST_NUMBER.search(plain) or [None])[0]
        number = numbers.whole(count, self._box.marketplace) if count else None
        return number if number is not None else unparseable(text)

    def offer_from(self) -> Money | Lack:
        """The lowest of these, as the same link says."""
        link = self._link()
        text = text_of(link)
        if link is None or text is None:
            return self._box.nothing
        price = link.css_first(".a-price")
        if price is not None:
            return self._box.money([price_text(price, self._box.marketplace)]) or self._box.nothing
        return next(numbers.moneys(text, self._box.marketplace), None) or self._box.nothing

    def _link(self) -> LexborNode | None:
        """The link to all offers that says how many they are."""
        links = (node for node in self._box.elements.all(_LINKS) if "aod-popover" not in attribute(node, "class"))
        return next((link for link in links if any(char.isdigit() for char in text_of(link) or "")), None)

    def _row_price(self, rows: tuple[str, ...]) -> Money | Lack | None:
        """The first price in the first of these rows of the accordion that shows one."""
        return self._first_price(self._box.elements.starting(*rows))

    def _price_at(self, selector: str) -> Money | Lack | None:
        """The first price in these places, which before 2020 was bare text, the price per unit in parentheses."""
        places = self._box.elements.all(selector)
        bare = ((text_of(node) or "").partition("(")[0].strip() for node in places)
        return self._first_price(places) or self._box.money(bare)

    def _first_price(self, places: Iterable[LexborNode]) -> Money | Lack | None:
        prices = (
            price_text(node, self._box.marketplace)
            for place in places
            for node in place.css('.a-price:not([data-a-strike="true"])')
            if not per_unit(node)
        )
        return self._box.money(prices)
