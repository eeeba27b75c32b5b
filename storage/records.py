"""The records that flow from page to store: frozen, typed, and honest about what is missing.

Every field of a record that has no value has an entry in the record's ``missing``: the field's
name, a :class:`Reason`, and (where text stood on the page but could not be read) that text.
Money is a :class:`~decimal.Decimal` in the currency's main unit, always beside its ISO 4217 code.
"""

from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

import msgspec


class Reason(StrEnum):
    """Why a value is NULL. A closed vocabulary; ``missing_value.reason`` holds nothing else."""

    ABSENT_ON_PAGE = "absent_on_page"
    """The page was read in full and does not show this to this visitor."""
    UNPARSEABLE = "unparseable"
    """Text stands where the value should be, but it is not one we can read; the text is kept."""
    LAYOUT_UNKNOWN = "layout_unknown"
    """The part of the page that carries this field was not found at all: likely our defect."""
    NOT_APPLICABLE = "not_applicable"
    """The field has no meaning here (a currency without a price, an organic position of an ad)."""
    AMBIGUOUS = "ambiguous"
    """The page contradicts itself, and choosing would be guessing."""


class PageKind(StrEnum):
    """What a page turned out to be, whatever was asked for."""

    PRODUCT = "product"
    SEARCH = "search"
    BESTSELLERS = "bestsellers"
    REVIEWS = "reviews"
    CAPTCHA = "captcha"
    """A bot check, or the "continue shopping" interstitial in front of a page."""
    ERROR = "error"
    """An error page of the site: server error, or "page not found" (``Page.detail`` says which)."""
    SIGN_IN = "signin"
    INCOMPLETE = "incomplete"
    """A product or search page whose end, or whose main part, is not there."""
    UNKNOWN = "unknown"


class Money(NamedTuple):
    """An exact amount in the main unit of ``currency`` (ISO 4217)."""

    amount: Decimal
    currency: str


class Missing(msgspec.Struct, frozen=True, kw_only=True):
    """Why ``field`` has no value; ``text`` is what stood there when it was unparseable."""

    field: str
    reason: Reason
    text: str | None = None


class BsrLine(msgspec.Struct, frozen=True, kw_only=True):
    """One Best Sellers Rank line. ``category_id`` is the browse node of its link, when it has one."""

    rank: int
    category: str
    category_id: str | None = None


class Product(msgspec.Struct, frozen=True, kw_only=True):
    """What one product page says, for a new item in the Buy Box."""

    marketplace: str
    asin: str
    title: str | None = None
    brand: str | None = None
    price: Decimal | None = None
    """Buy Box price of the new item, as anyone pays it: no coupon, no subscription, no trade-in."""
    list_price: Decimal | None = None
    """The struck-through price beside it (list, typical or recommended price)."""
    currency: str | None = None
    """As shown on the page, which is not always the marketplace's own."""
    coupon_percent: Decimal | None = None
    coupon_amount: Decimal | None = None
    """In ``currency``."""
    deal: str | None = None
    """Text of the deal badge ("Limited time deal")."""
    is_deal: bool | None = None
    availability: str | None = None
    """Text of the availability line."""
    in_stock: bool | None = None
    """True when it can be bought now; None when the page does not say."""
    stock_left: int | None = None
    """N of "Only N left in stock"."""
    seller: str | None = None
    seller_id: str | None = None
    rating: Decimal | None = None
    review_count: int | None = None
    """Exact count of ratings; an abbreviated "1.5K" is never taken for it."""
    bought_past_month_min: int | None = None
    """Lower bound of the "bought in past month" bracket."""
    bsr: tuple[BsrLine, ...] = ()
    missing: tuple[Missing, ...] = ()


class Placement(msgspec.Struct, frozen=True, kw_only=True):
    """One product at one place of the result grid of one search page. Positions count from 1."""

    position: int
    """Place in the grid of this page, ads included."""
    asin: str
    sponsored: bool | None
    """None when the page's own signs disagree."""
    organic_position: int | None = None
    """Place among the organic results of this page; None for an ad or when ``sponsored`` is None."""
    sponsored_position: int | None = None
    """Place among the sponsored results of this page."""
    title: str | None = None
    price: Decimal | None = None
    currency: str | None = None
    price_text: str | None = None
    """The first price that is not struck through, as it stands on the page."""
    rating: Decimal | None = None
    rating_text: str | None = None
    review_count: int | None = None
    missing: tuple[Missing, ...] = ()


class SearchPage(msgspec.Struct, frozen=True, kw_only=True):
    """What one page of search results says."""

    marketplace: str
    query: str | None = None
    """The query whose results are shown, as the page states it."""
    page: int | None = None
    """Number of this results page, from 1."""
    last_page: int | None = None
    """Highest page number the pagination offers; None where it offers none."""
    placements: tuple[Placement, ...] = ()
    missing: tuple[Missing, ...] = ()


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """A page after reading: its kind, and the record when it is a page that has one.

    A page that could not be read in full never carries a record.
    """

    kind: PageKind
    marketplace: str | None = None
    detail: str | None = None
    """What made it a non-page, in a word or two ("continue_shopping", "not_found", "truncated")."""
    product: Product | None = None
    search: SearchPage | None = None
