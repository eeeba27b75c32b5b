"""One entry of a ranked list: what its cell shows of a product, in every layout."""

import json
import re
from decimal import Decimal
from typing import Any

from selectolax.lexbor import LexborNode

from spiders.pages import numbers
from spiders.pages.buybox import is_beside, money_in
from spiders.pages.product import asin_of_url
from spiders.pages.reading import ABSENT, NOT_APPLICABLE, UNKNOWN, Lack, attribute, settled, text_of, unparseable
from storage.marketplaces import Marketplace
from storage.records import ListPlace, Missing, Money, Reason

_ASIN = re.compile(r"[A-Z0-9]{10}")
_NAMED = "[data-asin], [data-p13n-asin-metadata], .p13n-sc-uncoverable-faceout[id], a[href]"
_NO_TITLE = '[class*="price"], .a-color-secondary, .a-icon-alt, [class*="a-icon-star"]'
_PRICES = '[class*="p13n-sc-price"], .a-price, .a-color-price, .price'
_BESIDE = re.compile(r"(?:^|\s)(?:a-color-secondary|listprice|a-text-strike|a-text-price)(?:\s|$)")
"""What is no price of the product: "6 offers from", and one that is struck through."""
_STARS = 'i[class*="a-icon-star"] .a-icon-alt, i[class*="a-star-"] .a-icon-alt, .crAvgStars .swSprite, .swSprite'
_COUNTS = (
    ".a-icon-row .a-size-small, .a-icon-row a:not(:has(i)), .crAvgStars > a, "
    'a[href*="product-reviews"]:not(:has(i)), a[href*="#customerReviews"]:not(:has(i))'
)


def asin_in(node: LexborNode) -> str | None:
    """The product that a cell shows, by its own data or the first link that leads to one."""
    for each in (node, *node.css(_NAMED)):
        told = each.attributes
        for value in (told.get("data-asin"), _metadata(told.get("data-p13n-asin-metadata")), told.get("id")):
            if value and _ASIN.fullmatch(value):
                return value
        if each.tag == "a" and (asin := asin_of_url(told.get("href") or "")):
            return asin
    return None


def place(cell: LexborNode, rank: int, asin: str, marketplace: Marketplace) -> ListPlace:
    """The entry at ``rank`` as its cell shows it."""
    title = _title(cell, asin)
    # A cell without a title is one we do not know: what is not found in it may well be there.
    absent = ABSENT if title is not None else UNKNOWN
    price = _price(cell, marketplace) or absent
    values, missing = settled(
        {
            "price": price if isinstance(price, Lack) else price.amount,
            "rating": _rating(cell) or absent,
            "review_count": _review_count(cell, marketplace) or absent,
            "title": title or UNKNOWN,
            "currency": NOT_APPLICABLE if isinstance(price, Lack) else price.currency,
        }
    )
    return ListPlace(rank=rank, asin=asin, missing=missing, **values)


def unseen(rank: int, asin: str) -> ListPlace:
    """An entry that the data of the list names and the page does not show."""
    return ListPlace(
        rank=rank,
        asin=asin,
        missing=(
            *(
                Missing(field=field, reason=Reason.ABSENT_ON_PAGE)
                for field in ("title", "price", "rating", "review_count")
            ),
            Missing(field="currency", reason=Reason.NOT_APPLICABLE),
        ),
    )


def _title(cell: LexborNode, asin: str) -> str | None:
    """The text of the link to the product; where the site cut it short, as the whole stands beside it."""
    for link in cell.css("a[href]"):
        href = link.attributes.get("href") or ""
        if asin_of_url(href) != asin or "product-reviews" in href or "offer-listing" in href:
            continue
        text = text_of(link)
        if text is None or link.css_first(_NO_TITLE) is not None:
            continue
        whole = link.css_first("[title]")
        return (_said(whole, "title") if whole is not None else None) or text
    return next((alt for image in cell.css("img[alt]") if (alt := _said(image, "alt"))), None)


def _price(cell: LexborNode, marketplace: Marketplace) -> Money | Lack | None:
    """The product's one price; a range wants a variation first, and is ambiguous."""
    for node in cell.css(_PRICES):
        if not is_beside(node, cell, _BESIDE) and (text := _price_text(node, cell)) is not None:
            return money_in(text, marketplace)
    return None


def _price_text(node: LexborNode, cell: LexborNode) -> str | None:
    """The text of a price; of both ends where it is one end of a range."""
    beside = node.parent.css(_PRICES) if node.parent is not None else []
    ends = [text for each in beside if not is_beside(each, cell, _BESIDE) and (text := _spoken(each))]
    return " – ".join(dict.fromkeys(ends)) or None


def _spoken(price: LexborNode) -> str | None:
    text = text_of(price.css_first(".a-offscreen")) or text_of(price)
    return text if text and any(char.isdigit() for char in text) else None


def _rating(cell: LexborNode) -> Decimal | Lack | None:
    for node in cell.css(_STARS):
        text = _said(node, "title") or text_of(node)
        if text:
            value = numbers.rating(text)
            return value if value is not None else unparseable(text)
    return None


def _review_count(cell: LexborNode, marketplace: Marketplace) -> int | Lack | None:
    """The exact number of ratings; a rounded one ("1.5K") has an exact one in the label of its link, or none."""
    unread: str | None = None
    for node in cell.css(_COUNTS):
        text = text_of(node)
        if text is None or node.css_first(".a-icon-alt") is not None or not any(char.isdigit() for char in text):
            continue
        number = numbers.count(text.strip(" ()"), marketplace)
        if number is not None:
            return number
        unread = unread or text
    stars = text_of(cell.css_first(_STARS))
    for node in cell.css("a[aria-label]"):
        label = _said(node, "aria-label")
        if stars and label and label.startswith(stars):
            number = numbers.count(label.removeprefix(stars), marketplace)
            if number is not None:
                return number
            unread = unread or label
    return unparseable(unread) if unread else None


def _said(node: LexborNode, name: str) -> str:
    """An attribute's text on one line, empty when there is none."""
    return " ".join(attribute(node, name).split())


def _metadata(text: str | None) -> str | None:
    told = data_in(text)
    return str(told.get("asin") or "") if isinstance(told, dict) else None


def data_in(text: str | None) -> Any:
    """What an attribute carries as JSON; None where there is none, or it is not the JSON it looks like."""
    try:
        return json.loads(text) if text else None
    except (ValueError, RecursionError):
        return None
