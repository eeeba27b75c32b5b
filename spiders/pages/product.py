"""Product pages: the record of one product, put together from the parts of its page.

Layouts from 2009 to now; the selectors of each field stand beside its method, newest first, in the module of its part:
price, coupon and deal (:mod:`spiders.pages.offer`), stock and seller (:mod:`spiders.pages.merchant`), other offers
(:mod:`spiders.pages.other_offers`), the family (:mod:`spiders.pages.variations`), bullets, images and badges
(:mod:`spiders.pages.content`), ratings and reviews (:mod:`spiders.pages.reviews`), the details
(:mod:`spiders.pages.details`, :mod:`spiders.pages.ranks`), its categories (:mod:`spiders.pages.categories`), and the
other products beside it (:mod:`spiders.pages.related`).
"""

import re
from collections.abc import Callable
from functools import cached_property
from typing import Any
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser

from spiders.pages import numbers, phrases, ranks
from spiders.pages.buybox import BuyBox
from spiders.pages.categories import Categories
from spiders.pages.content import Content
from spiders.pages.details import Details
from spiders.pages.merchant import Merchant
from spiders.pages.offer import Offer
from spiders.pages.other_offers import OtherOffers
from spiders.pages.reading import (
    ABSENT,
    NOT_APPLICABLE,
    UNKNOWN,
    Elements,
    Lack,
    attribute,
    settled,
    text_of,
    unparseable,
)
from spiders.pages.related import read_related
from spiders.pages.reviews import Reviews
from spiders.pages.variations import Variations
from storage.marketplaces import Marketplace
from storage.records import Money, Product, Reason

ASIN = re.compile(r"[A-Z0-9]{10}")
_IN_PATH = re.compile(
    r"/(?:dp(?:/product)?|gp/(?:product(?:/glance)?|aw/d|offer-listing)|(?:exec/obidos/)?ASIN|product-reviews|o/ASIN)"
    r"/([A-Z0-9]{10})(?![A-Z0-9])"
)
_LAYOUTS = (
    ("apex", "#corePriceDisplay_desktop_feature_div, #corePrice_desktop, #corePrice_feature_div, #apex_desktop"),
    (
        "priceblock",
        "#unifiedPrice_feature_div, #price, #priceblock_ourprice, #priceblock_dealprice, #price_inside_buybox",
    ),
    ("books", "#buyNewSection, #mediaNoAccordion, #booksTitle, #tmmSwatches"),
    ("modern", "#dp-container, #dp, #ppd"),
    ("legacy", "#handleBuy, #btAsinTitle, #priceBlock, #actualPriceValue"),
)
"""The layouts, newest first, by the places of their price; a page that has one of a newer layout is of that layout."""


def asin_of_url(url: str) -> str | None:
    """The ASIN an address of the site leads to, through an advertising redirect too; None when it names none."""
    try:
        urlsplit(url)
    except ValueError:  # not an address at all
        return None
    found = _IN_PATH.search(unquote(url))
    return found[1] if found else None


class ProductPage:
    """A product page known to be whole. ``tree`` is parsed from ``html``."""

    def __init__(self, tree: LexborHTMLParser, html: str, marketplace: Marketplace, url: str | None = None) -> None:
        self._tree = tree
        self._html = html
        self._marketplace = marketplace
        self._url = url
        self._elements = Elements(tree)

    def asin(self) -> str | None:
        """The product shown: as the page's own form and address name it, the address asked for last."""
        for selector, name in (
            ("#ASIN", "value"),
            ('#addToCart :is(input[name="ASIN"], input[name="ASIN.0"])', "value"),
            ("#averageCustomerReviews[data-asin], #dp[data-asin]", "data-asin"),
            ("#title_feature_div[data-csa-c-asin]", "data-csa-c-asin"),
        ):
            for node in self._elements.all(selector):
                if ASIN.fullmatch(value := attribute(node, name)):
                    return value
        for selector, name in (
            ('link[rel="canonical"]', "href"),
            ('input[name="ASIN.0"], input[name="ASIN"]', "value"),
            ('meta[property="og:url"]', "content"),
        ):
            own = (node for node in self._tree.css(selector) if not self._elements.is_of_another(node))
            value = attribute(next(own, None), name)
            if asin := value if ASIN.fullmatch(value) else asin_of_url(value):
                return asin
        return asin_of_url(self._url) if self._url else None

    def layout(self) -> str:
        return next((name for name, places in _LAYOUTS if places in self._elements), "unknown")

    def title(self) -> str | None:
        return self._elements.text("#productTitle", "#ebooksProductTitle", "#btAsinTitle", "#title_feature_div h1")

    def brand(self) -> str | Lack:
        """From the line below the title, else from the overview table; a book's authors are no brand."""
        byline = self._elements.first("#bylineInfo, #brand, #brandBylineWrapper a")
        line = text_of(byline)
        named = phrases.brand_of_byline(line) if line else None
        if named:
            return named
        listed = self._elements.text(
            "#productOverview_feature_div .po-brand td:last-child", "#productOverview_feature_div .po-brand .a-span9"
        )
        if listed:
            return listed
        if byline is not None and byline.css_first(".author, .contribution") is not None:
            return NOT_APPLICABLE
        if line and byline is not None:
            # Layouts before 2020 link the bare name, to a search; a link to a store is a phrase we do not know.
            phrase = "/stores/" in attribute(byline, "href")
            return unparseable(line) if phrase or byline.tag != "a" else line
        return ABSENT if "#centerCol, #ppd, #title_feature_div" in self._elements else UNKNOWN

    @cached_property
    def _bought(self) -> str | None:
        return self._elements.text("#social-proofing-faceout-title-tk_bought")

    def bought_past_month(self) -> str | Lack:
        """The "bought in past month" bracket in its own words."""
        if self._bought:
            return self._bought
        return ABSENT if "#socialProofingAsinFaceout_feature_div, #centerCol" in self._elements else UNKNOWN

    def bought_past_month_min(self) -> int | Lack:
        """Lower bound of that bracket."""
        text = self.bought_past_month()
        if isinstance(text, Lack):
            return text
        bound = numbers.at_least(text, self._marketplace)
        return bound if bound is not None else unparseable(text)

    def record(self) -> Product | None:
        """The whole record; None when the page does not say which product it shows, or what it is called."""
        asin, title = self.asin(), self.title()
        if asin is None or title is None:
            return None
        read = {name: method() for name, method in self._fields().items()}
        values, missing = settled(read | _in_one_currency(read))
        return Product(
            marketplace=self._marketplace.code,
            asin=asin,
            title=title,
            layout=self.layout(),
            related=read_related(self._elements, self._marketplace, asin),
            missing=missing,
            **values,
        )

    def _fields(self) -> dict[str, Callable[[], Any]]:
        """Every field of the record and what reads it; prices in the order in which they say the page's currency."""
        box = BuyBox(self._tree, self._elements, self._marketplace)
        offer, merchant, others = Offer(box), Merchant(box), OtherOffers(box)
        variations, reviews = Variations(self._elements, self._html), Reviews(box)
        content, details = Content(self._elements, self._html), Details(self._elements)
        categories = Categories(self._elements)
        return {
            "brand": self.brand,
            "parent_asin": variations.parent_asin,
            "variation": variations.variation,
            "variation_count": variations.variation_count,
            "price": offer.price,
            "list_price": offer.list_price,
            "unit_price": offer.unit_price,
            "unit": offer.unit,
            "coupon_percent": offer.coupon_percent,
            "coupon_amount": offer.coupon_amount,
            "deal": offer.deal,
            "is_deal": offer.is_deal,
            "deal_ends": offer.deal_ends,
            "used_price": others.used_price,
            "renewed_price": others.renewed_price,
            "subscribe_price": others.subscribe_price,
            "subscribe_percent": others.subscribe_percent,
            "prime_price": others.prime_price,
            "offer_count": others.offer_count,
            "offer_from": others.offer_from,
            "availability": merchant.availability,
            "in_stock": merchant.in_stock,
            "stock_left": merchant.stock_left,
            "seller": merchant.seller,
            "seller_id": merchant.seller_id,
            "ships_from": merchant.ships_from,
            "rating": reviews.rating,
            "review_count": reviews.review_count,
            "rating_percents": reviews.rating_percents,
            "reviews": reviews.reviews,
            "bought_past_month": self.bought_past_month,
            "bought_past_month_min": self.bought_past_month_min,
            "badges": content.badges,
            "bullets": content.bullets,
            "image_count": content.image_count,
            "main_image": content.main_image,
            "has_a_plus": content.has_a_plus,
            "has_video": content.has_video,
            "delivery_location": content.delivery_location,
            "first_available": details.first_available,
            "categories": categories.categories,
            "browse_node": categories.browse_node,
            "bsr": lambda: ranks.bsr(details, self._marketplace),
        }


def _in_one_currency(read: dict[str, Any]) -> dict[str, Any]:
    """The amounts among ``read``, and their one currency: the price's, else that of the first amount there is.

    An amount in another currency is ambiguous; a record has one.
    """
    moneys = {name: value for name, value in read.items() if isinstance(value, Money)}
    currency = next((money.currency for money in moneys.values()), None)
    return {"currency": currency or NOT_APPLICABLE} | {
        name: money.amount if money.currency == currency else Lack(Reason.AMBIGUOUS, f"{money.amount} {money.currency}")
        for name, money in moneys.items()
    }
