"""Product pages: the record of one product, a method per field.

Layouts from 2009 to now; the selectors of each field stand in its method, newest first. The offer (price, stock,
seller …) is read by :mod:`spiders.pages.offer`, the Best Sellers Rank by :mod:`spiders.pages.ranks`.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser

from spiders.pages import numbers, ranks, signs
from spiders.pages.offer import Offer
from spiders.pages.reading import Lack, first_text, of_another, text_of
from storage.marketplaces import Marketplace
from storage.records import BsrLine, Missing, Product, Reason

ASIN = re.compile(r"[A-Z0-9]{10}")
_IN_PATH = re.compile(
    r"/(?:dp(?:/product)?|gp/(?:product(?:/glance)?|aw/d|offer-listing)|(?:exec/obidos/)?ASIN|product-reviews|o/ASIN)"
    r"/([A-Z0-9]{10})(?![A-Z0-9])"
)
_ABSENT = Lack(Reason.ABSENT_ON_PAGE)


def asin_of_url(url: str) -> str | None:
    """The ASIN an address of the site leads to, through an advertising redirect too; None when it names none."""
    try:
        urlsplit(url)
    except ValueError:  # not an address at all
        return None
    found = _IN_PATH.search(unquote(url))
    return found[1] if found else None


class ProductPage:
    """A product page known to be whole. ``tree`` has no scripts or styles left in it."""

    def __init__(self, tree: LexborHTMLParser, marketplace: Marketplace, url: str | None = None) -> None:
        self._tree = tree
        self._marketplace = marketplace
        self._url = url
        self._offer = Offer(tree, marketplace)

    def asin(self) -> str | None:
        """The product shown: as the page's own form and address name it, the address asked for last."""
        for selector, attribute in (
            ("#desktop_buybox input#ASIN, #addToCart input#ASIN, input#ASIN", "value"),
            ('form[id="addToCart"] input[name="ASIN"], input[name="ASIN.0"], input[name="ASIN"]', "value"),
            ("#averageCustomerReviews[data-asin], #title_feature_div[data-csa-c-asin], #dp[data-asin]", "data-asin"),
            ("[data-csa-c-asin][data-feature-name=title]", "data-csa-c-asin"),
            ('link[rel="canonical"]', "href"),
            ('meta[property="og:url"]', "content"),
        ):
            for node in self._tree.css(selector):
                value = (node.attributes.get(attribute) or "").strip()
                asin = value if ASIN.fullmatch(value) else asin_of_url(value)
                if asin:
                    return asin
        return asin_of_url(self._url) if self._url else None

    def title(self) -> str | None:
        return first_text(self._tree, "#productTitle", "#ebooksProductTitle", "#btAsinTitle", "#title_feature_div h1")

    def brand(self) -> str | Lack:
        """From the line below the title, else from the overview table; a book's authors are no brand."""
        byline = self._tree.css_first("#bylineInfo, #brand, #brandBylineWrapper a")
        line = text_of(byline)
        named = signs.brand_of_byline(line) if line else None
        if named:
            return named
        listed = first_text(self._tree, ".po-brand td:last-child", "#productOverview_feature_div .po-brand .a-span9")
        if listed:
            return listed
        if byline is not None and byline.css_first(".author, .contribution") is not None:
            return Lack(Reason.NOT_APPLICABLE)
        if line and byline is not None:
            # Layouts before 2020 link the bare name, to a search; a link to a store is a phrase we do not know.
            phrase = "/stores/" in (byline.attributes.get("href") or "")
            return Lack(Reason.UNPARSEABLE, line) if phrase or byline.tag != "a" else line
        return _ABSENT if self._tree.css_first("#centerCol, #ppd, #title_feature_div") else Lack(Reason.LAYOUT_UNKNOWN)

    def rating(self) -> Decimal | Lack:
        """Average stars, 1 to 5."""
        texts = [node.attributes.get("title") or "" for node in self._tree.css("#acrPopover[title]")]
        for selector in (
            "#averageCustomerReviews .a-icon-alt, #averageCustomerReviews_feature_div .a-icon-alt",
            '[data-hook="rating-out-of-text"], #averageCustomerReviewRating, [data-hook="average-star-rating"]',
            ".crAvgStars .swSprite, #reviewStars .swSprite, #avgRating",
        ):
            texts += [text for node in self._tree.css(selector) if (text := text_of(node)) and not of_another(node)]
        found = next((text for text in texts if text.strip()), None)
        if found is None:
            return self._no_reviews()
        value = numbers.rating(found)
        return value if value is not None else Lack(Reason.UNPARSEABLE, found[:200])

    def review_count(self) -> int | Lack:
        """Number of ratings, exact."""
        unread = None
        for selector, attribute in (
            ("#acrCustomerReviewText", None),
            ("#acrCustomerReviewText", "aria-label"),
            ('[data-hook="total-review-count"], #acrCustomerReviewLink', None),
            (".crAvgStars > a, .crAvgStars a[href*='product-reviews'], #acrReviewsCount, #revF .a-link-emphasis", None),
        ):
            for node in self._tree.css(selector):
                text = node.attributes.get(attribute) if attribute else text_of(node)
                if not text or of_another(node):
                    continue
                number = numbers.count(text.strip(" ()"), self._marketplace)
                if number is not None:
                    return number
                unread = unread or text
        return Lack(Reason.UNPARSEABLE, unread[:200]) if unread else self._no_reviews()

    def bought_past_month_min(self) -> int | Lack:
        """Lower bound of the "bought in past month" bracket."""
        place = "#socialProofingAsinFaceout_feature_div, #social-proofing-faceout-title-tk_bought"
        bought = first_text(self._tree, "#social-proofing-faceout-title-tk_bought")
        if bought is None:
            known = self._tree.css_first(f"{place}, #centerCol") is not None
            return _ABSENT if known else Lack(Reason.LAYOUT_UNKNOWN)
        bound = numbers.at_least(bought, self._marketplace)
        return bound if bound is not None else Lack(Reason.UNPARSEABLE, bought[:200])

    def bsr(self) -> tuple[BsrLine, ...] | Lack:
        return ranks.bsr(self._tree, self._marketplace)

    def _no_reviews(self) -> Lack:
        """A product that nobody has rated yet shows no stars; the rest of its title block is there."""
        known = self._tree.css_first("#averageCustomerReviews, #averageCustomerReviews_feature_div, #centerCol, #ppd")
        return _ABSENT if known is not None else Lack(Reason.LAYOUT_UNKNOWN)

    def record(self) -> Product | None:
        """The whole record; None when the page does not say which product it shows, or what it is called."""
        asin, title = self.asin(), self.title()
        if asin is None or title is None:
            return None
        offer = self._offer
        fields: dict[str, Callable[[], Any]] = {
            "brand": self.brand,
            "price": offer.price,
            "list_price": offer.list_price,
            "currency": offer.currency,
            "coupon_percent": offer.coupon_percent,
            "coupon_amount": offer.coupon_amount,
            "deal": offer.deal,
            "is_deal": offer.is_deal,
            "availability": offer.availability,
            "in_stock": offer.in_stock,
            "stock_left": offer.stock_left,
            "seller": offer.seller,
            "seller_id": offer.seller_id,
            "rating": self.rating,
            "review_count": self.review_count,
            "bought_past_month_min": self.bought_past_month_min,
            "bsr": self.bsr,
        }
        read = {name: method() for name, method in fields.items()}
        return Product(
            marketplace=self._marketplace.code,
            asin=asin,
            title=title,
            missing=tuple(
                Missing(field=name, reason=lack.reason, text=lack.text)
                for name, lack in read.items()
                if isinstance(lack, Lack)
            ),
            **{name: value for name, value in read.items() if not isinstance(value, Lack)},
        )
