"""What the plain page lacks that a browser could fill in: the rule by which a page is asked for once more.

A script may put in what the server left out, so a browser helps where a page stays silent, never where it speaks: a
product that cannot be bought has no price, one that nobody has rated has no rating, a book may have no rank, and what
stands there but cannot be read stands there in a browser too. The rule of each field is in :data:`_RULES`, and told in
PAGES.md. A bot check is nothing that is lacking: no browser is sent after it.
"""

from collections.abc import Callable

from storage.records import Page, PageKind, Product, Reason

PAGE = "page"
"""Stands for all fields, where a page has no record at all."""


def lacking(page: Page) -> tuple[str, ...]:
    """The fields that ``page`` lacks and a browser could fill in, of those that have a rule; empty for most pages."""
    if page.kind in {PageKind.INCOMPLETE, PageKind.UNKNOWN}:  # unknown: perhaps one that its scripts put up
        return (PAGE,)
    product = page.product
    return tuple(name for name, lacks in _RULES.items() if lacks(product)) if product is not None else ()


def better(browser: Page, plain: Page) -> bool:
    """Whether the page that the browser got lacks less than the plain one did, and nothing else instead."""
    return set(lacking(browser)) < set(lacking(plain))


def _price(product: Product) -> bool:
    """No price though it can be bought, or a Buy Box that says nothing at all."""
    if not _silent(product, "price") or product.in_stock is False or _price_elsewhere(product):
        return False
    return product.in_stock is True or all(_silent(product, field) for field in _BUY_BOX)


def _price_elsewhere(product: Product) -> bool:
    """Whether the page says why it shows no price of a new item: only used ones, or a size is to be chosen first."""
    used = product.used_price is not None or product.renewed_price is not None
    return used or product.asin == product.parent_asin


def _rating(product: Product) -> bool:
    """No stars though somebody has rated it."""
    return _silent(product, "rating") and bool(product.review_count or product.reviews or product.rating_percents)


def _review_count(product: Product) -> bool:
    """Stars, or reviews, but not how many there are."""
    rated = product.rating is not None or bool(product.reviews) or product.rating_percents is not None
    return _silent(product, "review_count") and rated


def _reviews(product: Product) -> bool:
    """Ratings are counted, but neither their shares by stars nor a review is there: their block was not sent."""
    return bool(product.review_count) and _silent(product, "rating_percents") and not product.reviews


def _details(product: Product) -> bool:
    """No block of details, and no block of reviews either: the lower half of the page was not sent."""
    return _unsent(product, "bsr") and _silent(product, "rating_percents") and not product.reviews


_BUY_BOX = ("in_stock", "availability", "seller", "offer_count", "offer_from")

_RULES: dict[str, Callable[[Product], bool]] = {
    "price": _price,
    "rating": _rating,
    "review_count": _review_count,
    "rating_percents": _reviews,
    "bsr": _details,
}


def _silent(product: Product, field: str) -> bool:
    """Whether the page shows nothing where the field would stand, or not even that place."""
    return _reason(product, field) in {Reason.ABSENT_ON_PAGE, Reason.LAYOUT_UNKNOWN}


def _unsent(product: Product, field: str) -> bool:
    """Whether not even the place where the field would stand is on the page."""
    return _reason(product, field) is Reason.LAYOUT_UNKNOWN


def _reason(product: Product, field: str) -> Reason | None:
    return next((missing.reason for missing in product.missing if missing.field == field), None)
