"""The offer in the Buy Box of a product page: what a new item costs, whether it is there, and who sells it.

A page may show several offers at once (new, used, by subscription, as rows of an accordion) and the prices of many
other products. So nothing is looked for on the whole page: every field has the few places where the site puts it for
the new item, newest layout first.

Layouts: 2021 to now "apex" (``.priceToPay`` in ``#corePriceDisplay_desktop_feature_div``, before it
``.apexPriceToPay`` in ``#corePrice_desktop``), 2014 to 2021 ``#priceblock_…``, books ``#buyNewSection``, before 2014
``#buyingPriceValue`` and ``b.priceLarge``.
"""

import re
from decimal import Decimal
from functools import cached_property
from urllib.parse import parse_qs, urlsplit

from babel.numbers import get_decimal_symbol
from selectolax.lexbor import LexborHTMLParser, LexborNode

from spiders.pages import numbers, signs
from spiders.pages.reading import Lack, first_text, of_another, text_of
from storage.marketplaces import MARKETPLACES, Marketplace
from storage.records import Money, Reason

_ABSENT = Lack(Reason.ABSENT_ON_PAGE)

_BUY_BOX = (
    "#desktop_buybox, #buybox, #buyBoxInner, #handleBuy, #addToCart, #outOfStock, #buyNewSection, #unqualifiedBuyBox, "
    "#rightCol, #centerCol"
)
_ACCORDION = "#buyBoxAccordion, #accordionRows, #desktop_accordion"
_NEW_ROWS = ('[id^="apex_desktop_newAccordionRow"]', '[id^="newAccordionRow"]', '[id^="dealsAccordionRow"]')
_USED_ONLY = "#usedOnlyBuybox, #usedBuySection:not(.aok-hidden) #usedPrice"

_PRICE = (  # the price to pay; in each place the first that is not struck through and not per unit
    "#corePriceDisplay_desktop_feature_div .priceToPay, #corePriceDisplay_desktop_feature_div .apex-pricetopay-value",
    "#corePrice_desktop .apexPriceToPay, #corePrice_feature_div .apexPriceToPay, #apex_desktop .apexPriceToPay",
    "#corePrice_desktop .a-price, #corePrice_feature_div .a-price, #apex_desktop .a-price",
)
_PRICE_BEFORE_2021 = (
    "#priceblock_dealprice, #priceblock_saleprice, #priceblock_ourprice, #priceblock_pospromoprice",
    "#newBuyBoxPrice, #price_inside_buybox",
    "#buyNewSection .offer-price, #buyNewSection .header-price, #buyNewInner .offer-price",
    "#kindle-price, #digital-list-price + .a-color-price",
    "#buyingPriceValue, #actualPriceValue .priceLarge, #actualPriceValue, #priceBlock b.priceLarge",
)
_STRUCK = '.basisPrice .a-price, .apex-basisprice-value, .a-price[data-a-strike="true"]'
_LIST_PRICE_PLACES = "#corePriceDisplay_desktop_feature_div, #corePrice_desktop, #corePrice_feature_div, #apex_desktop"
_LIST_PRICE_BEFORE_2021 = (
    ".priceBlockStrikePriceString, #priceblock_listprice, #listPriceValue, #priceBlock .listprice",
    "#price .a-text-strike, #buyNewSection .a-text-strike, #buyBoxInner .a-text-strike",
)
_COUPON = (
    "#promoPriceBlockMessage_feature_div, #couponsInBuybox_feature_div, #couponFeature, #vpcButton, "
    "#vendorPoweredCoupon_feature_div, #unclippedCoupon, #clippedCoupon, #couponBadgeRegularVpc, .couponLabelText, "
    "#coupon_feature_div, #sns-coupon-badge"
)
_DEAL_BADGE = (
    "#dealBadge_feature_div #dealBadgeSupportingText, #dealBadge_feature_div .dealBadgeTextColor",
    "#dealBadge_feature_div .a-badge-text, #dealBadge_feature_div .badge-text, #dealBadge .a-badge-text",
    "#goldboxDealText, #LDBuybox .gb-accordion-active, #LDBuybox h5, #lightningDealTitle",
)
_DEAL_PRICE = "#priceblock_dealprice"
_FORM = '#addToCart input[name$="[customerVisiblePrice]'
_AVAILABILITY = (
    "#availabilityInsideBuyBox_feature_div #availability, #availability, #availability_feature_div",
    "#outOfStock .a-color-price, #outOfStock",
    "#buyBoxInner .availGreen, .buying .availGreen, .buying .availRed, .buying .availOrange, .availGreen, .availRed",
)
_BUTTON = (
    '#add-to-cart-button, #buy-now-button, input[name="submit.add-to-cart"], #buyButton, #bb_atc_button, '
    'input[name="submit.buy-now"], #add-to-cart-button-ubb'
)
_SELLER = (
    '[offer-display-feature-name="desktop-merchant-info"] .offer-display-feature-text-message',
    "#merchantInfoFeature_div .offer-display-feature-text-message, #merchantInfoFeature_div #sellerProfileTriggerId",
)
_SELLER_LINK = '#sellerProfileTriggerId, #merchant-info a[href*="seller="], .buying a[href*="seller="]'
_MERCHANT_LINE = "#merchant-info, #merchantInfo, .buying #soldByThirdParty, #soldByThirdParty"
_SITES = "|".join(re.escape(code) for code in sorted(MARKETPLACES, key=len, reverse=True))
_AMAZON = re.compile(rf"Amazon(?:\.(?:{_SITES})(?![a-z]))?(?: (?:US|UK|EU|Global Store|Warehouse|Resale)\b)?")


class Offer:
    """The Buy Box of a product page. ``tree`` has no scripts or styles left in it."""

    def __init__(self, tree: LexborHTMLParser, marketplace: Marketplace) -> None:
        self._tree = tree
        self._marketplace = marketplace

    @cached_property
    def _scopes(self) -> tuple[LexborNode | LexborHTMLParser, ...]:
        """Where the new item's fields stand: its rows of the accordion, or the page where there is no accordion."""
        if self._tree.css_first(_ACCORDION) is None:
            return (self._tree,)
        rows = [row for selector in _NEW_ROWS if (row := self._tree.css_first(selector)) is not None]
        return tuple(rows) or (self._tree,)

    @cached_property
    def _nothing(self) -> Lack:
        """The reason of a field that is not found: the Buy Box does not show it, or is not where we know it."""
        known = self._tree.css_first(_BUY_BOX) is not None
        return _ABSENT if known else Lack(Reason.LAYOUT_UNKNOWN)

    @cached_property
    def _price(self) -> Money | Lack:
        if self._tree.css_first(_USED_ONLY) is not None:
            return self._nothing
        unread: Lack | None = None
        for selector in _PRICE:
            found = [node for node in self._all(selector) if not _struck(node) and not _per_unit(node)]
            texts = [text for node in found if (text := price_text(node, self._marketplace))]
            if found and len(set(texts[:2])) == 2 and _is_range(found[0]):
                return Lack(Reason.AMBIGUOUS, " – ".join(texts[:2]))
            read = self._first_money(texts)
            if isinstance(read, Money):
                return read
            unread = unread or read
        for selector in _PRICE_BEFORE_2021:
            read = self._first_money([text for node in self._all(selector) if (text := _old_price_text(node))])
            if isinstance(read, Money):
                return read
            unread = unread or read
        return self._form_price or unread or self._nothing

    @cached_property
    def _form_price(self) -> Money | None:
        """The price as the page tells its own scripts: in the cart's form (2022 to now), in a data element before."""
        for amount, currency in zip(
            self._all(f'{_FORM}[amount]"]'), self._all(f'{_FORM}[currencyCode]"]'), strict=False
        ):
            return numbers.money_of(amount.attributes.get("value") or "", currency.attributes.get("value") or "")
        for data in self._all("#cerberus-data-metrics[data-asin-price]"):
            shown = (data.attributes.get(f"data-asin-{name}") or "" for name in ("price", "currency-code"))
            return numbers.money_of(*shown)
        return None

    @cached_property
    def _list_price(self) -> Money | Lack:
        nodes = [node for place in self._all(_LIST_PRICE_PLACES) for node in place.css(_STRUCK) if not _per_unit(node)]
        texts = [text for node in nodes if (text := price_text(node, self._marketplace))]
        if (read := self._first_money(texts)) is not None:
            return read
        for selector in _LIST_PRICE_BEFORE_2021:
            read = self._first_money([text for node in self._all(selector) if (text := text_of(node))])
            if read is not None:
                return read
        return self._nothing

    def price(self) -> Decimal | Lack:
        return self._price.amount if isinstance(self._price, Money) else self._price

    def list_price(self) -> Decimal | Lack:
        """The struck-through price, when it is in the currency of the price."""
        if isinstance(self._list_price, Lack):
            return self._list_price
        if isinstance(self._price, Money) and self._price.currency != self._list_price.currency:
            return Lack(Reason.AMBIGUOUS, f"{self._list_price.amount} {self._list_price.currency}")
        return self._list_price.amount

    def currency(self) -> str | Lack:
        shown = self._price if isinstance(self._price, Money) else self._list_price
        return shown.currency if isinstance(shown, Money) else Lack(Reason.NOT_APPLICABLE)

    @cached_property
    def _coupon(self) -> str | None:
        texts = [text for node in self._all(_COUPON) if (text := text_of(node))]
        return next((text for text in texts if signs.says_coupon(text)), None)

    def coupon_percent(self) -> Decimal | Lack:
        if self._coupon is None:
            return self._nothing
        found = re.search(r"(\d{1,2}(?:[.,]\d{1,2})?)\s?%|[%٪]\s?(\d{1,2})(?![\d.,])", numbers.plain(self._coupon))
        if found:
            return Decimal((found[1] or found[2]).replace(",", "."))
        in_money = next(numbers.moneys(self._coupon, self._marketplace), None) is not None
        return Lack(Reason.NOT_APPLICABLE) if in_money else Lack(Reason.UNPARSEABLE, self._coupon[:200])

    def coupon_amount(self) -> Decimal | Lack:
        """In the currency of the price."""
        if self._coupon is None:
            return self._nothing
        if isinstance(self.coupon_percent(), Decimal):
            return Lack(Reason.NOT_APPLICABLE)
        found = next(numbers.moneys(self._coupon, self._marketplace), None)
        if found is None or (isinstance(self._price, Money) and found.currency != self._price.currency):
            return Lack(Reason.UNPARSEABLE, self._coupon[:200])
        return found.amount

    @cached_property
    def _deal(self) -> str | None:
        if badge := self._first_text(*_DEAL_BADGE):
            return badge
        label = self._price_label
        return label.rstrip(" :") if label and (signs.says_deal(label) or self._deal_price) else None

    def deal(self) -> str | Lack:
        """The deal badge in its own words, else the label of a price that says it is a deal's."""
        return self._nothing if self._deal is None else self._deal

    def is_deal(self) -> bool | Lack:
        if self._deal is not None or self._deal_price:
            return True
        return False if self._nothing is _ABSENT else self._nothing

    @cached_property
    def _deal_price(self) -> bool:
        return self._first_text(_DEAL_PRICE) is not None

    @property
    def _price_label(self) -> str | None:
        """What stands before the price in the table of 2014 to 2022 ("With Deal:")."""
        for node in self._all("#corePrice_desktop .apexPriceToPay, #priceblock_dealprice"):
            row = node.parent
            while row is not None and row.tag != "tr":
                row = row.parent
            if row is not None and (label := first_text(row, "td:first-child")):
                return label
        return None

    @cached_property
    def _availability(self) -> str | None:
        text = self._first_text(*_AVAILABILITY)
        return text[:300] if text else None

    def availability(self) -> str | Lack:
        return self._availability or self._nothing

    def in_stock(self) -> bool | Lack:
        """By the words of the availability line; where these are unknown, by the button that buys."""
        if self._availability is None:
            return self._nothing
        said = signs.says_in_stock(self._availability)
        if said is None:
            return True if self._all(_BUTTON) else Lack(Reason.UNPARSEABLE, self._availability)
        return said

    def stock_left(self) -> int | Lack:
        left = signs.only_left(numbers.plain(self._availability)) if self._availability else None
        return left if left is not None else self._nothing

    def seller(self) -> str | Lack:
        if named := self._first_text(*_SELLER):
            return named
        for label in self._all(".tabular-buybox-label"):
            if signs.says_sold_by(text_of(label) or "") and (text := _value_beside(label)):
                return text
        return self._first_text(_SELLER_LINK) or self._amazon() or self._nothing

    def _amazon(self) -> str | None:
        """Amazon as the seller, which the line "Ships from and sold by Amazon.com." names without a link."""
        for node in self._all(_MERCHANT_LINE):
            named = [n for link in node.css("a") if (n := _AMAZON.fullmatch(text_of(link) or "")) is not None]
            found = named[0] if named else _AMAZON.search(text_of(node) or "")
            if found is not None:
                return found[0].strip()
        return None

    def seller_id(self) -> str | Lack:
        for node in self._all(_SELLER_LINK):
            try:
                ids = parse_qs(urlsplit(node.attributes.get("href") or "").query).get("seller", [])
            except ValueError:  # a malformed address
                continue
            if ids:
                return ids[0]
        for node in self._all('#merchantID, input[name="merchantID"]'):
            if value := (node.attributes.get("value") or "").strip():
                return value
        return self._nothing

    def _all(self, selector: str) -> list[LexborNode]:
        """Elements of the new item's offer, without those of a used or subscribed one's, or of another product."""
        return [node for scope in self._scopes for node in scope.css(selector) if not of_another(node)]

    def _first_text(self, *selectors: str) -> str | None:
        """The text of the first of the offer's elements that has any, in order of the selectors."""
        texts = (text_of(node) for selector in selectors for node in self._all(selector))
        return next(filter(None, texts), None)

    def _first_money(self, texts: list[str]) -> Money | Lack | None:
        """The first of these texts as money; why not, when it cannot be read; None when there is none."""
        if not texts:
            return None
        if (found := numbers.money(texts[0], self._marketplace)) is not None:
            return found
        several = len(set(numbers.moneys(texts[0], self._marketplace))) > 1  # a range: it wants a size or colour first
        return Lack(Reason.AMBIGUOUS if several else Reason.UNPARSEABLE, texts[0][:200])


def price_text(price: LexborNode, marketplace: Marketplace) -> str | None:
    """The text of a ``.a-price``: as spoken by screen readers, else put together from its parts.

    None for one that holds further prices: markup so broken that the next product's price has slid into it.
    """
    if any(inner.mem_id != price.mem_id for inner in price.css(".a-price")):
        return None
    spoken = text_of(price.css_first(".a-offscreen"))
    if spoken and any(char.isdigit() for char in spoken):
        return spoken
    whole = text_of(price.css_first(".a-price-whole"))
    if whole is None:
        text = text_of(price)
        return text if text and any(char.isdigit() for char in text) else None
    symbol = text_of(price.css_first(".a-price-symbol")) or ""
    fraction = text_of(price.css_first(".a-price-fraction"))
    point = text_of(price.css_first(".a-price-decimal")) or get_decimal_symbol(marketplace.locales[0])
    units = re.sub(r"\s", "", whole).removesuffix(point)
    return f"{symbol}{units}{point}{fraction}" if fraction else f"{symbol}{units}"


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
    return (
        node.attributes.get("data-a-strike") == "true" or "basisprice" in (node.attributes.get("class") or "").lower()
    )


def _per_unit(node: LexborNode) -> bool:
    parent = node.parent
    classes = f"{node.attributes.get('class') or ''} {(parent.attributes.get('class') or '') if parent else ''}"
    return "pricePerUnit" in classes or "price-per-unit" in classes


def _is_range(node: LexborNode) -> bool:
    parent = node.parent
    return parent is not None and "a-price-range" in (parent.attributes.get("class") or "")


def _value_beside(label: LexborNode) -> str | None:
    """The value of a row of the tabular Buy Box: the element after its label."""
    node = label.next
    while node is not None and node.tag == "-text":
        node = node.next
    if node is None:
        return None
    return first_text(node, "#sellerProfileTriggerId", ".a-truncate-full", ".tabular-buybox-text-message") or text_of(
        node
    )
