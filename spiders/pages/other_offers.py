"""Other ways to buy the product than new in the Buy Box: used, renewed, by subscription, as a Prime member, elsewhere.

The rows of the accordion (2020 to now) are told apart by their ids, which are the same in every language; the places
before it are ``#usedBuySection`` and ``#sns-base-price``. Of a subscription only the price of the first delivery
counts, and of several percentages ("5 % now, 15 % with five products") none.
"""

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import cached_property

from selectolax.lexbor import LexborNode

from spiders.pages import numbers, phrases, signs
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
_IN_PARENTHESES = re.compile(r"[(（]\s*(?P<count>\d[\d.,]*)\s*[)）]")
_WHOLE = re.compile(r"(?<![\d.,])(?P<count>\d{1,4})(?![\d.,]*\d)")
_BEHIND = re.compile(r"\s*([^\s\d]{1,4})(?!\s?\d)")
"""What may be the currency of the number before it: not where a number follows, whose currency it is then."""


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
        percents = {percent for text in texts for percent in numbers.percents(text)}
        if len(percents) > 1 or (percents and any(map(signs.says_up_to, texts))):
            return Lack(Reason.AMBIGUOUS, texts[0][:200])
        return next(iter(percents), self._box.nothing)

    def prime_price(self) -> Money | Lack:
        for node in self._box.elements.all(_PRIME):
            if text := text_of(node):
                price = next(numbers.moneys(phrases.before_saving(text), self._box.marketplace), None)
                some = next(numbers.moneys(text, self._box.marketplace), None)
                return price or (unparseable(text) if some else self._box.nothing)
        return self._box.nothing

    def offer_count(self) -> int | Lack:
        """N of "New & Used (N) from …" or "Compare N other options"."""
        text = self._announced[1]
        if text is None:
            return self._box.nothing
        if len(self._counts) > 1:  # "4 new from …", "12 used from …"
            return Lack(Reason.AMBIGUOUS, text[:200])
        return next(iter(self._counts), None) or unparseable(text)

    def offer_from(self) -> Money | Lack:
        """The lowest of these, as the same link says."""
        link, text = self._announced
        if link is None or text is None:
            return self._box.nothing
        if len(self._counts) > 1:
            return Lack(Reason.AMBIGUOUS, text[:200])
        price = link.css_first(".a-price")
        if price is not None:
            return self._box.money([price_text(price, self._box.marketplace)]) or self._box.nothing
        count = self._count_in(text)
        rest = text if count is None else numbers.plain(text)[count.end() :]
        return next(numbers.moneys(rest, self._box.marketplace), None) or self._box.nothing

    @cached_property
    def _announcements(self) -> list[tuple[LexborNode, str]]:
        """The links to all offers that say how many, with their texts; before 2017 the price stood behind it."""
        found = []
        for link in self._box.elements.all(_LINKS):
            text = text_of(link)
            if text is None or not any(map(str.isdigit, text)) or "aod-popover" in attribute(link, "class"):
                continue
            beside = link.parent
            if (
                beside is not None
                and beside.tag == "span"
                and next(numbers.moneys(text, self._box.marketplace), None) is None
                and len(beside.css("a")) == 1
            ):
                text = text_of(beside) or text
            found.append((link, text))
        return found

    @property
    def _announced(self) -> tuple[LexborNode | None, str | None]:
        return next(iter(self._announcements), (None, None))

    @cached_property
    def _counts(self) -> set[int]:
        """What the links say; several where new and used ones are announced apart."""
        found = (count for _, text in self._announcements if (count := self._count_in(text)) is not None)
        counts = (numbers.whole(count["count"], self._box.marketplace) for count in found)
        return {count for count in counts if count}

    def _count_in(self, text: str) -> re.Match[str] | None:
        """Where the number of offers stands: in parentheses, else the first whole number that is no price."""
        plain = numbers.plain(text)
        found = _IN_PARENTHESES.search(plain)
        if found is not None:
            return found
        for number in _WHOLE.finditer(plain):
            before, behind = plain[: number.start()].rstrip()[-4:], _BEHIND.match(plain, number.end())
            price = f"{before}{number[0]}{behind[1] if behind else ''}"
            if next(numbers.moneys(price, self._box.marketplace), None) is None:
                return number
        return None

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
