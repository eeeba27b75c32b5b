"""History from elsewhere: what a product was at an instant, as another source says it.

It is recorded like a page that was read, so that every question over time holds for it too: a fetch of kind
``product`` whose task begins with ``import/``, and an observation that says of each field that has no value why. No
page stands behind it: no attempts, no hash, parser version 0.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec

from storage.model import Fetch, Outcome, Result
from storage.records import Missing, Product, Reason
from storage.values import plain

TASK = "import/"
"""What the tasks of imported rows begin with."""

_FIELDS = tuple(
    field.name
    for field in msgspec.structs.fields(Product)
    if field.name not in {"marketplace", "asin", "layout", "missing"}
)
MONEY = ("price", "list_price", "coupon_amount", "used_price")
"""Fields of an imported row that are amounts in its currency."""


class Past(msgspec.Struct, frozen=True, kw_only=True):
    """What a product was at one instant (UTC)."""

    observed_at: datetime
    product: Product


class Unread(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a file that could not be taken, and why."""

    where: str
    why: str


class History(msgspec.Struct, frozen=True, kw_only=True):
    """What a file holds. ``source``: csv or keepa."""

    source: str
    rows: tuple[Past, ...]
    unread: tuple[Unread, ...] = ()
    notes: tuple[str, ...] = ()
    """What its reader should tell: the encoding taken, columns not taken."""


def product(
    marketplace: str, asin: str, values: Mapping[str, Any], reasons: Mapping[str, Reason] | None = None
) -> Product:
    """The record of these values; every other field says that the source does not hold it, or the reason given."""
    known = {name: value for name, value in values.items() if value is not None and value != ()}
    given = dict(reasons or {})
    if not any(name in known for name in MONEY):
        known.pop("currency", None)
        given["currency"] = Reason.NOT_APPLICABLE
    missing = _missing(tuple((name, given.get(name, Reason.NOT_IN_SOURCE)) for name in _FIELDS if name not in known))
    return Product(marketplace=marketplace, asin=asin, missing=missing, **known)


@lru_cache(maxsize=1024)
def _missing(reasons: tuple[tuple[str, Reason], ...]) -> tuple[Missing, ...]:
    """Rows of one file lack the same fields over and over: they share what says so."""
    return tuple(Missing(field=name, reason=reason) for name, reason in reasons)


def task(source: str, past: Past) -> str:
    """Names a row whatever file it comes from, so that it is taken once: ``import/keepa/de/B0…/2025-11-03T11:00Z``."""
    return f"{TASK}{source}/{past.product.marketplace}/{past.product.asin}/{plain(past.observed_at)}"


def result(past: Past, *, run_id: str, source: str, file_name: str) -> Result:
    """``past`` as a crawl would hand it over. ``file_name`` is the bare name: no path is anybody's business."""
    return Result(
        fetch=Fetch(
            run_id=run_id,
            task=task(source, past),
            kind="product",
            marketplace=past.product.marketplace,
            asin=past.product.asin,
            keyword=None,
            page=None,
            url=f"file:{file_name}",
            observed_at=past.observed_at,
            outcome=Outcome.OK,
            detail=None,
            http_status=None,
            attempts=0,
            bytes=None,
            elapsed_ms=None,
            page_hash=None,
            parser_version=0,
        ),
        product=past.product,
    )
