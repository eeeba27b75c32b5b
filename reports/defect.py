"""What one page gave and what it did not, and what a defect of our reading is. Plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from storage.records import Placement, Product, SearchPage

WHOLE_PAGE = "page"
"""As a field: the page came, but is of no kind we know, or its main part is not there."""
PLACEMENTS, ADS = "placements", "ads"
"""As fields of a results page: any card at all, and any advertisement among them."""

KEPT: Mapping[str, frozenset[str]] = {
    "product": frozenset(
        {"title", "brand", "price", "availability", "in_stock", "seller", "rating", "review_count", "bsr"}
        | {"rating_percents", "bullets", "image_count", "main_image", WHOLE_PAGE}
    ),
    "search": frozenset({PLACEMENTS, ADS, "sponsored", "title", "price", "rating", WHOLE_PAGE}),
}
"""By kind of page, the fields that a page keeps from night to night."""
CORE: Mapping[str, frozenset[str]] = {
    "product": frozenset({"price", "availability", "in_stock", "seller", "rating", "review_count", "bsr", WHOLE_PAGE}),
    "search": frozenset({"sponsored", "title", "price", WHOLE_PAGE}),
}
OFFER = frozenset(
    {"price", "list_price", "currency", "unit_price", "unit", "subscribe_price", "subscribe_percent", "prime_price"}
    | {"coupon_percent", "coupon_amount", "deal", "is_deal", "deal_ends", "availability", "in_stock", "stock_left"}
    | {"seller", "seller_id", "ships_from"}
)
"""Fields that stand in one part of a product page, the Buy Box with its price block."""
ALWAYS_SAID = frozenset({"availability", "in_stock"})
"""Those of them that a product out of stock shows too."""
OTHERS: Mapping[str, frozenset[str]] = {
    "product": frozenset(Product.__struct_fields__) - KEPT["product"] - {"marketplace", "asin", "layout", "missing"},
    "search": (frozenset(Placement.__struct_fields__) | frozenset(SearchPage.__struct_fields__))
    - KEPT["search"] - {"marketplace", "asin", "layout", "missing", "placements", "widgets"},
}  # fmt: skip
"""The fields that come and go."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of one run: what of it was read, and what not."""

    run_id: str
    observed_at: datetime
    marketplace: str
    kind: str
    """product, search"""
    subject: str
    """What was asked for, the same in every run: an ASIN, or a keyword with the number of its page."""
    layout: str | None
    fetch_id: int
    page_hash: str | None
    read: frozenset[str] = frozenset()
    """Those of the kept fields that have a value."""
    missing: Mapping[str, tuple[str, str | None]] = field(default_factory=dict)
    """Field -> reason and text."""
    buyable: bool = True
    """False when the page says that the product is out of stock."""

    def applies(self, name: str) -> bool:
        """Whether the field could stand on this page."""
        return (name == WHOLE_PAGE or WHOLE_PAGE not in self.missing) and (
            self.buyable or name not in OFFER or name in ALWAYS_SAID
        )


@dataclass(frozen=True, slots=True)
class Defect:
    """A field that our reading lost, as one run shows it."""

    run_id: str
    observed_at: datetime
    """When the newest of its pages came (UTC)."""
    marketplace: str
    kind: str
    field: str
    layout: str | None
    """The one layout that all pages without the field are of; None for several, or one without a name."""
    new_layout: bool
    """Whether that layout was never seen on this marketplace before."""
    missing: int
    of: int
    """Pages without it, of those that usually have it (of all, for a field that comes and goes)."""
    usual: float | None
    """Share of them that lacked it before, 0 to 1; None when there was nothing to compare with."""
    since: datetime
    """The first run that showed it (UTC)."""
    reasons: tuple[str, ...]
    """The most frequent first."""
    text: str | None
    """What stood there instead, on one of the pages."""
    pages: tuple[tuple[int, str | None], ...]
    """Fetch id and archived page (SHA-256) of every page without it."""
    sql: str
    """Shows the pages, those without the field first."""
    lasting: bool = True
    """Whether no later run has read the field again."""
