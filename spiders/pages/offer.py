"""The offer in the Buy Box of a product page: what a new item costs, per unit too, and by which coupon or deal.

Layouts: 2021 to now "apex" (``.priceToPay`` in ``#corePriceDisplay_desktop_feature_div``, before it
``.apexPriceToPay`` in ``#corePrice_desktop``), 2014 to 2021 ``#priceblock_…``, books ``#buyNewSection``, before 2014
``#buyingPriceValue`` and ``b.priceLarge``.
"""

from decimal import Decimal
from functools import cached_property

from selectolax.lexbor import LexborNode

from spiders.pages import numbers, phrases, signs
from spiders.pages.buybox import BuyBox, per_unit, price_text
from spiders.pages.reading import (
    ABSENT,
    NOT_APPLICABLE,
    Lack,
    attribute,
    first_text,
    is_hidden,
    of_another,
    text_of,
    unparseable,
)
from storage.records import Money, Reason

_USED_ONLY = "#usedOnlyBuybox, #usedBuySection:not(.aok-hidden) #usedPrice"

_PRICE = (  # the price to pay; in each place the first that is not struck through and not per unit
    "#corePriceDisplay_desktop_feature_div :is(.priceToPay, .apex-pricetopay-value)",
    "#corePrice_desktop .apexPriceToPay, #corePrice_feature_div .apexPriceToPay, "
    "#apex_desktop :is(.apexPriceToPay, .priceToPay)",
    "#corePrice_desktop .a-price, #corePrice_feature_div .a-price",
)
_PRICE_BEFORE_2021 = (
    "#priceblock_dealprice, #priceblock_saleprice, #priceblock_ourprice, #priceblock_pospromoprice",
    "#newBuyBoxPrice, #price_inside_buybox",
    "#buyNewSection :is(.offer-price, .header-price), #buyNewInner .offer-price",
    "#kindle-price",
    "#buyingPriceValue, #actualPriceValue .priceLarge, #actualPriceValue, #priceBlock b.priceLarge",
)
_PRICE_PLACES = "#corePriceDisplay_desktop_feature_div, #corePrice_desktop, #corePrice_feature_div, #apex_desktop"
_STRUCK = '.basisPrice .a-price, .apex-basisprice-value, .a-price[data-a-strike="true"]'
_LIST_PRICE_BEFORE_2021 = (
    "#price .priceBlockStrikePriceString, #unifiedPrice_feature_div .priceBlockStrikePriceString, "
    "#priceblock_listprice, #listPriceValue, #priceBlock .listprice",
    "#price .a-text-strike, #buyNewSection .a-text-strike, #buyBoxInner .a-text-strike",
)
_PER_UNIT = ".pricePerUnit, .apex-priceperunit-value"
_PER_UNIT_BEFORE_2021 = (
    "#priceblock_ourprice_row .a-size-small, #priceblock_dealprice_row .a-size-small, #priceblock_ppu, #unitPrice"
)
_COUPON = (
    "#promoPriceBlockMessage_feature_div, #couponsInBuybox_feature_div, #couponFeature, #vpcButton, "
    "#vendorPoweredCoupon_feature_div, #unclippedCoupon, #clippedCoupon, #couponBadgeRegularVpc, "
    "#coupon_feature_div"
)
_DEAL_BADGE = (
    "#dealBadge_feature_div #dealBadgeSupportingText, #dealBadge_feature_div .dealBadgeTextColor",
    "#dealBadge_feature_div :is(.a-badge-text, .badge-text), #dealBadge .a-badge-text",
    "#goldboxDealText, #LDBuybox .gb-accordion-active, #LDBuybox h5, #lightningDealTitle",
)
_DEAL_PRICE = "#priceblock_dealprice"
_DEAL_TIMERS = ("deal_expiry_time", "dealExpiry", "dealTimer", "deal-timer", "ld-timer", "countdown_timer")
_DEAL_ENDS = "#dealBadge_feature_div [class*=imer], #dealsAccordionRow [class*=imer], #LDBuybox [class*=imer]"
_FORM = '#addToCart input[name$="[customerVisiblePrice]'


class Offer:
    """Price, coupon and deal of the new item."""

    def __init__(self, box: BuyBox) -> None:
        self._box = box

    def price(self) -> Money | Lack:
        box = self._box
        if _USED_ONLY in box.elements and box.elements.all(_USED_ONLY):
            return box.nothing
        unread: Lack | None = None
        for selector in _PRICE:
            found = [node for node in box.all(selector) if not _is_other(node)]
            texts = [text for node in found if (text := price_text(node, box.marketplace))]
            if found and len(set(texts[:2])) == 2 and _is_range(found[0]):
                return Lack(Reason.AMBIGUOUS, " – ".join(texts[:2]))
            read = box.money(texts)
            if isinstance(read, Money):
                return read
            unread = unread or read
        for selector in _PRICE_BEFORE_2021:
            read = box.money(_old_price_text(node) for node in box.all(selector))
            if isinstance(read, Money):
                return read
            unread = unread or read
        return self._form_price or unread or box.nothing

    @cached_property
    def _form_price(self) -> Money | None:
        """The price as the page tells its own scripts: in the cart's form (2022 to now), in a data element before."""
        amount, currency = (
            next(iter(self._box.all(f'{_FORM}[{name}]"]')), None) for name in ("amount", "currencyCode")
        )
        if amount is not None and currency is not None:
            return numbers.money_of(attribute(amount, "value"), attribute(currency, "value"))
        for data in self._box.all("#cerberus-data-metrics[data-asin-price]"):
            return numbers.money_of(*(attribute(data, f"data-asin-{name}") for name in ("price", "currency-code")))
        return None

    def list_price(self) -> Money | Lack:
        """The struck-through price."""
        box = self._box
        nodes = [
            node
            for place in box.all(_PRICE_PLACES)
            for node in place.css(_STRUCK)
            if not per_unit(node) and not of_another(node)
        ]
        read = box.money(price_text(node, box.marketplace) for node in nodes)
        for selector in _LIST_PRICE_BEFORE_2021:
            read = read or box.money(text_of(node) for node in box.all(selector))
        price = self.price() if isinstance(read, Money) else None
        if isinstance(read, Money) and isinstance(price, Money) and read.currency == price.currency and read <= price:
            # In Europe the lowest price of the last 30 days stands in the same place.
            return Lack(Reason.AMBIGUOUS, f"{read.amount} {read.currency}")
        return read or box.nothing

    @cached_property
    def _per_unit(self) -> tuple[Money | Lack | None, str | None]:
        """The price per unit and its unit, of "($0.40 / Fl Oz)"."""
        box = self._box
        nodes = [node for place in box.all(_PRICE_PLACES) for node in place.css(_PER_UNIT) if not of_another(node)]
        for node in nodes or box.all(_PER_UNIT_BEFORE_2021):
            text = text_of(node)
            parts = phrases.split_unit(text.strip("()（） ")) if text else None
            if text is None or parts is None or (not nodes and text[0] not in "(（"):  # "$5.00 / month for 5 months"
                continue
            price = node.css_first(".a-price")
            amount = price_text(price, box.marketplace) if price is not None else parts[0]
            return box.money([amount]), parts[1]
        return None, None

    def unit_price(self) -> Money | Lack:
        return self._per_unit[0] or self._box.nothing

    def unit(self) -> str | Lack:
        return self._per_unit[1] or self._box.nothing

    @cached_property
    def _coupon(self) -> str | None:
        """The coupon for a single purchase; of several texts about it one that says what it is worth."""
        nodes = [*self._box.all(_COUPON), *self._box.starting("couponText", "couponBadge")]
        texts = [text for node in nodes if (text := text_of(node))]
        texts += [text for node in self._box.anywhere(".couponLabelText") if (text := text_of(node))]
        coupons = [text for text in texts if signs.says_coupon(text) and not signs.says_subscription(text)]
        return next((text for text in coupons if any(map(str.isdigit, text))), next(iter(coupons), None))

    def coupon_percent(self) -> Decimal | Lack:
        if self._coupon is None:
            return self._box.nothing
        percents = numbers.percents(self._coupon)
        if len(percents) > 1 or (percents and signs.says_up_to(self._coupon)):
            return Lack(Reason.AMBIGUOUS, self._coupon[:200])
        if percents:
            return percents.pop()
        in_money = next(numbers.moneys(self._coupon, self._box.marketplace), None) is not None
        return NOT_APPLICABLE if in_money else unparseable(self._coupon)

    def coupon_amount(self) -> Money | Lack:
        if self._coupon is None:
            return self._box.nothing
        percent = self.coupon_percent()
        if isinstance(percent, Decimal) or percent.reason is Reason.AMBIGUOUS:
            return NOT_APPLICABLE
        amounts = set(numbers.moneys(self._coupon, self._box.marketplace))
        if len(amounts) > 1 or (amounts and signs.says_up_to(self._coupon)):
            return Lack(Reason.AMBIGUOUS, self._coupon[:200])
        return amounts.pop() if amounts else unparseable(self._coupon)

    @cached_property
    def _deal(self) -> str | None:
        for selector in _DEAL_BADGE:
            for node in self._box.all(selector):
                if (badge := text_of(node)) and not is_hidden(node):
                    return badge
        label = self._price_label
        return label.rstrip(" :") if label and (signs.says_deal(label) or self._deal_price) else None

    def deal(self) -> str | Lack:
        """The deal badge in its own words, else the label of a price that says it is a deal's."""
        return self._box.nothing if self._deal is None else self._deal

    def is_deal(self) -> bool | Lack:
        if self._deal is not None or self._deal_price:
            return True
        return False if self._box.nothing is ABSENT else self._box.nothing

    def deal_ends(self) -> str | Lack:
        """The countdown beside the deal, in its own words; not applicable without a deal."""
        if self.is_deal() is not True:
            return NOT_APPLICABLE
        nodes = [*self._box.starting(*_DEAL_TIMERS), *self._box.all(_DEAL_ENDS)]
        texts = (text for node in nodes if (text := text_of(node)))
        return next((text for text in texts if any(char.isdigit() for char in text)), self._box.nothing)

    @cached_property
    def _deal_price(self) -> bool:
        return self._box.text(_DEAL_PRICE) is not None

    @property
    def _price_label(self) -> str | None:
        """What stands before the price in the table of 2014 to 2022 ("With Deal:")."""
        for node in self._box.all("#corePrice_desktop .apexPriceToPay, #priceblock_dealprice"):
            row = node.parent
            while row is not None and row.tag != "tr":
                row = row.parent
            if row is not None and (label := first_text(row, "td:first-child")):
                return label
        return None


def _old_price_text(node: LexborNode) -> str | None:
    """The text of a price of before 2021; where symbol, units and cents are elements of their own, put together."""
    units = node.css_first(".price-large")
    if units is not None:
        small = [text for part in node.css(".price-info-superscript") if (text := text_of(part))]
        symbol, cents = (small[0], small[1:]) if small and not small[0].isdigit() else ("", small)
        return f"{symbol}{text_of(units)}" + (f".{cents[0]}" if cents else "")
    return text_of(node)


def _struck(node: LexborNode) -> bool:
    """Whether a price is struck through, itself or the price around it."""
    return attribute(node, "data-a-strike") == "true" or "basisprice" in attribute(node, "class").lower()


def _is_other(node: LexborNode) -> bool:
    """Whether a price is not the one to pay: struck through, per unit, what is saved, or not shown."""
    return _struck(node) or per_unit(node) or _saving(node) or is_hidden(node)


def _saving(node: LexborNode) -> bool:
    """Whether a price is what one saves: in the table of 2021 only the row of the price says which it is."""
    if "ricetopay" in attribute(node, "class").lower():
        return False
    at = node.parent
    while at is not None and at.tag not in {"tr", "body"} and not at.id:
        at = at.parent
    return at is not None and at.tag == "tr"


def _is_range(node: LexborNode) -> bool:
    return "a-price-range" in attribute(node.parent, "class")
