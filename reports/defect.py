"""What pages gave and what they did not, and what a defect of our reading is. Plain values."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from storage.records import Placement, Product, SearchPage

T = TypeVar("T", str, tuple[Any, ...])

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


OUR_FAULT = frozenset({"unparseable", "layout_unknown", "main_part_missing", "unknown"})
NOT_UNDERSTOOD = OUR_FAULT | {"ambiguous"}
"""Reasons that tell of our reading, whatever the field."""
LACKING = NOT_UNDERSTOOD | {"absent_on_page"}
"""Reasons that count for a field which the page usually has."""

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of a page, and what not. Many pages share one."""

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

    def lacks(self, name: str, reasons: frozenset[str]) -> bool:
        """Whether the field could stand on this page and is missing for one of these reasons."""
        return self.missing.get(name, ("", None))[0] in reasons and self.applies(name)


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of one kind that a marketplace showed, as columns: one row for each answer, in any order."""

    marketplace: str
    kind: str
    """product, search"""
    run_id: Sequence[str]
    observed_at: Numbers
    """Microseconds since 1970 (UTC)."""
    subject: Sequence[str]
    """What was asked for, the same in every run: an ASIN, or a keyword with the number of its page."""
    layout: Sequence[str]
    """Empty where it has no name."""
    fetch_id: Numbers
    reading: Numbers
    """Which of ``readings`` the page gave."""
    readings: Sequence[Reading]


def numbered(values: Iterable[T]) -> tuple[list[T], Numbers]:
    """Each value once, in order, and the number of each among them."""
    column = list(values)
    once = sorted(set(column))
    numbers = {value: n for n, value in enumerate(once)}
    return once, np.fromiter(map(numbers.__getitem__, column), np.int64, len(column))


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
    """Whether that layout was not seen on this marketplace before, as far back as was read."""
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
    lasting: bool = True
    """Whether no later run has read the field again."""

    @property
    def sql(self) -> str:
        """Shows the pages, those without the field first."""
        run, marketplace, name = (text.replace("'", "''") for text in (self.run_id, self.marketplace, self.field))
        about = "f.asin" if self.kind == "product" else "f.keyword, f.page"
        where = f"WHERE f.run_id = '{run}' AND f.marketplace = '{marketplace}' AND f.kind = '{self.kind}'"
        if name == WHOLE_PAGE:
            return (
                f"SELECT f.observed_at, {about}, f.outcome, f.detail, f.page_hash, f.fetch_id\nFROM page_fetch f\n"
                f"{where}\nORDER BY f.outcome = 'ok', f.observed_at"
            )
        return (
            f"SELECT f.observed_at, {about}, count(m.field) AS missing, mode(m.reason) AS reason,\n"
            "       any_value(m.text) AS text, f.page_hash, f.fetch_id\n"
            f"FROM page_fetch f LEFT JOIN missing_value m ON m.fetch_id = f.fetch_id AND m.field = '{name}'\n"
            f"{where} AND f.outcome = 'ok'\n"
            "GROUP BY ALL\nORDER BY missing DESC, f.observed_at"
        )
