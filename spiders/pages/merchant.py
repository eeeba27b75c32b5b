"""Whether the new item of the Buy Box is there, who sells it, and who ships it.

Places, newest first: the "offer display" rows (2023 to now), the tabular Buy Box (2021 to 2023), the merchant line
"Ships from and sold by …" (before 2021).
"""

import re
from functools import cached_property

from selectolax.lexbor import LexborNode

from spiders.pages import numbers, phrases, signs
from spiders.pages.buybox import BuyBox
from spiders.pages.reading import Lack, asked, attribute, first_text, text_of, unparseable
from storage.marketplaces import MARKETPLACES
from storage.records import Reason

_AVAILABILITY = (
    "#availabilityInsideBuyBox_feature_div #availability, #availability, #availability_feature_div",
    "#outOfStock .a-color-price, #outOfStock",
    "#buyBoxInner .availGreen, #handleBuy :is(.availGreen, .availRed, .availOrange)",
)
_OLD_AVAILABILITY = ".availGreen, .availRed, .availOrange"
_BUTTON = (
    "#add-to-cart-button, #buy-now-button, #buyButton, #bb_atc_button, #add-to-cart-button-ubb, "
    '#addToCart :is(input[name="submit.add-to-cart"], input[name="submit.buy-now"])'
)
_SELLER = (
    "#merchantInfoFeature_feature_div .offer-display-feature-text-message, "
    "#merchantInfoFeature_div .offer-display-feature-text-message, "
    "#offer-display-features [offer-display-feature-name=desktop-merchant-info] .offer-display-feature-text-message",
    "#merchantInfoFeature_feature_div #sellerProfileTriggerId, #merchantInfoFeature_div #sellerProfileTriggerId",
)
_SHIPPER = (
    "#fulfillerInfoFeature_feature_div .offer-display-feature-text-message, "
    "#fulfillerInfoFeature_div .offer-display-feature-text-message, "
    "#offer-display-features [offer-display-feature-name=desktop-fulfiller-info] .offer-display-feature-text-message"
)
_BOTH_LABELS = (
    "#merchantInfoFeature_feature_div .offer-display-feature-label, "
    "#merchantInfoFeature_div .offer-display-feature-label, "
    "#offer-display-features [offer-display-feature-name=desktop-merchant-info].offer-display-feature-label"
)
_ROW_LABELS = "#tabular-buybox .tabular-buybox-label, #tabular_feature_div .tabular-buybox-label"
_SELLER_LINK = '#sellerProfileTriggerId, #merchant-info a[href*="seller="]'
_OLD_SELLER_LINK = '.buying a[href*="seller="]'
_MERCHANT_LINE = "#merchant-info, #merchantInfo, #soldByThirdParty"
_SITES = "|".join(re.escape(code) for code in sorted(MARKETPLACES, key=len, reverse=True))
_AMAZON = re.compile(
    rf"Amazon(?![A-Za-z])(?:\.(?:{_SITES})(?![a-z]))?"
    r"(?: (?:US|UK|EU|AU|SG|CA|UAE|KSA|México|Mexico|Global Store(?: (?:US|UK|EU))?|Warehouse|Resale|"
    r"Digital Services(?: LLC)?|Services LLC|Export Sales(?: LLC)?)\b)?"
)


class Merchant:
    """Stock, seller and shipper of the new item."""

    def __init__(self, box: BuyBox) -> None:
        self._box = box

    @cached_property
    def _availability(self) -> str | None:
        box = self._box
        text = box.text(*_AVAILABILITY)
        if text is None:
            text = next(filter(None, map(text_of, box.anywhere(_OLD_AVAILABILITY))), None)
        return text[:300] if text else None

    def availability(self) -> str | Lack:
        return self._availability or self._box.nothing

    def in_stock(self) -> bool | Lack:
        """By the words of the availability line; where these are unknown, by the button that buys."""
        if self._availability is None:
            return self._box.nothing
        said = signs.says_in_stock(self._availability)
        if said is not False and signs.says_later(self._availability):
            return Lack(Reason.AMBIGUOUS, self._availability[:200])  # it can be ordered, or not, and is not there
        if said is None:
            return True if self._box.all(_BUTTON) else unparseable(self._availability)
        return said

    def stock_left(self) -> int | Lack:
        left = signs.only_left(numbers.plain(self._availability)) if self._availability else None
        return left if left is not None else self._box.nothing

    def seller(self) -> str | Lack:
        return (
            self._box.text(*_SELLER)
            or self._row(signs.says_sold_by)
            or self._box.text(_SELLER_LINK)
            or next(filter(None, map(text_of, self._box.anywhere(_OLD_SELLER_LINK))), None)
            or self._amazon
            or self._box.nothing
        )

    def seller_id(self) -> str | Lack:
        for node in self._box.all(_SELLER_LINK) or self._box.anywhere(_OLD_SELLER_LINK):
            if seller := asked(attribute(node, "href"), "seller"):
                return seller[0]
        for node in self._box.all('#merchantID, #addToCart input[name="merchantID"]'):
            if value := attribute(node, "value"):
                return value
        return self._box.nothing

    def ships_from(self) -> str | Lack:
        """Who ships it. Where one row or line names shipper and seller together, the seller."""
        if named := self._box.text(_SHIPPER) or self._row(signs.says_ships_from):
            return named
        seller = self.seller()
        if isinstance(seller, Lack):
            return self._box.nothing
        if self._box.text(*_SELLER) or self._row(signs.says_sold_by):
            return seller if self._names_both() else self._box.nothing
        line = self._box.text(_MERCHANT_LINE)
        if line is None:
            return self._box.nothing
        # "Sold by Clay & Co and Fulfilled by Amazon.": beside the seller only Amazon is ever named.
        other = _AMAZON.search(line.replace(seller, " ", 1))
        return other[0].strip() if other else seller

    def _names_both(self) -> bool:
        """Whether the seller's row is headed "Shipper / Seller"."""
        labels = [*self._box.all(_BOTH_LABELS), *self._box.all(_ROW_LABELS)]
        return any(signs.says_shipper_and_seller(text_of(label) or "") for label in labels)

    def _row(self, is_it: "signs.Says") -> str | None:
        """The value of the row of the tabular Buy Box whose label says so."""
        for label in self._box.all(_ROW_LABELS):
            if is_it(text_of(label) or "") and (text := _value_beside(label)):
                return text
        return None

    @cached_property
    def _amazon(self) -> str | None:
        """Amazon as the seller, which the line "Ships from and sold by Amazon.com." names without a link."""
        for node in self._box.all(_MERCHANT_LINE):
            line = phrases.sold_by_amazon(text_of(node) or "")
            named = [n for link in node.css("a") if (n := _AMAZON.fullmatch(text_of(link) or "")) is not None]
            found = named[0] if named else _AMAZON.match(line) if line else None
            if found is not None:
                return found[0].strip()
        return None


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
