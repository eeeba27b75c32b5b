"""Reads the product history of Keepa's API: ``{"products": [{"asin": …, "domainId": …, "csv": […]}]}``, also gzipped.

Source of every rule here: Keepa's own Java client, https://github.com/keepacom/api_backend
(``structs/Product.java`` with ``CsvType``, ``structs/AmazonLocale.java``, ``structs/Category.java``,
``helper/KeepaTime.java``, ``helper/ProductAnalyzer.java``).

- ``csv`` holds one series per index, each a flat list ``[time, value, time, value, …]`` of changes only: a value holds
  until the next one. So there is a row at each instant at which a series we take changes, with all of them as they
  then stood; a series that has not begun is not in the source.
- Times are minutes: Unix milliseconds = (minutes + 21 564 000) · 60 000.
- Amounts are whole numbers of the currency's smallest unit (cents; yen as they are). −1: no offer.

====================================  =========================================================================
Keepa                                 here
====================================  =========================================================================
csv[18] ``BUY_BOX_SHIPPING``          ``price``: its triples are time, price, shipping; the price without shipping
csv[4] ``LISTPRICE``                  ``list_price``
csv[32] ``BUY_BOX_USED_SHIPPING``     ``used_price``, triples as above
csv[16] ``RATING`` (0 to 50)          ``rating``, divided by 10; 0 is no rating
csv[17] ``COUNT_REVIEWS``             ``review_count``
csv[3] ``SALES``                      first BSR line, in the category of ``salesRankReferenceHistory``, else
                                      ``salesRankReference``, else ``rootCategory`` (the main rank is the root's)
``salesRanks``                        further BSR lines
``buyBoxSellerIdHistory``             ``seller_id``; "-1" is none, "-2" one Keepa does not know
``monthlySoldHistory``                ``bought_past_month_min``
====================================  =========================================================================

Categories have their names from ``categoryTree``; one it does not name stands under its number.

Not taken, because they are not what our columns say: csv[1] ``NEW`` and csv[0] ``AMAZON`` are the lowest new offer and
Amazon's own, which need not be in the Buy Box; csv[11] to csv[14] count offers by condition, the page announces others;
no offer can also mean a hidden price (``newPriceIsMAP``), so nothing is said about stock; title, brand and coupon are
those of today and have no history. Without ``buybox`` or ``offers`` in the request, Keepa leaves csv[18] out.
"""

import gzip
import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import msgspec

from storage.history import History, Past, Unread, product
from storage.marketplaces import MARKETPLACES
from storage.records import BsrLine, Reason

DOMAINS = {
    1: "com",
    2: "co.uk",
    3: "de",
    4: "fr",
    5: "co.jp",
    6: "ca",
    8: "it",
    9: "es",
    10: "in",
    11: "com.mx",
    12: "com.br",
}
"""Marketplace of a ``domainId``."""

EPOCH = datetime(2011, 1, 1, tzinfo=UTC)
"""Minute 0."""

_SERIES = {18: "price", 4: "list_price", 32: "used_price", 16: "rating", 17: "review_count", 3: "sales"}
_WITH_SHIPPING = frozenset({18, 32})
_AMOUNTS = ("price", "list_price", "used_price")
_MOST = 2**31 - 1


class KeepaError(Exception):
    """The file is not what Keepa's API answers."""


class _Category(msgspec.Struct, frozen=True, rename="camel"):
    cat_id: int
    name: str | None = None


class _Product(msgspec.Struct, frozen=True, rename="camel"):
    asin: str
    domain_id: int
    csv: list[list[int] | None] | None = None
    sales_ranks: dict[str, list[int] | None] | None = None
    sales_rank_reference: int | None = None
    sales_rank_reference_history: list[int] | None = None
    root_category: int | None = None
    category_tree: list[_Category] | None = None
    buy_box_seller_id_history: list[str] | None = None
    monthly_sold_history: list[int] | None = None


def parse(data: bytes, now: datetime) -> History:
    """Every row of a file of Keepa's, and the products that could not be taken.

    Raises:
        KeepaError: it is no such file.
    """
    try:
        if data.startswith(b"\x1f\x8b"):
            data = gzip.decompress(data)
        found = msgspec.json.decode(data, type=dict[str, msgspec.Raw] | list[msgspec.Raw])
        if isinstance(found, dict):
            found = (
                msgspec.json.decode(found["products"], type=list[msgspec.Raw])
                if "products" in found
                else [msgspec.Raw(data)]
            )
    except (msgspec.MsgspecError, UnicodeDecodeError, OSError, EOFError, zlib.error) as error:
        raise KeepaError(f"not a product answer of Keepa's API: {error}") from None
    rows: list[Past] = []
    unread: list[Unread] = []
    for number, raw in enumerate(found, start=1):
        where = f"product {number}"
        try:
            one = msgspec.json.decode(raw, type=_Product)
            where = f"product {number} ({one.asin})"
            rows += _rows(one, now)
        except (msgspec.MsgspecError, ValueError) as error:
            unread.append(Unread(where=where, why=str(error)))
    return History(source="keepa", rows=tuple(rows), unread=tuple(unread))


def _rows(one: _Product, now: datetime) -> list[Past]:
    if one.domain_id not in DOMAINS:
        raise ValueError(f"domainId {one.domain_id} is no marketplace we know")
    if not re.fullmatch(r"[A-Z0-9]{10}", one.asin):
        raise ValueError("not an ASIN")
    changes: dict[int, dict[str, Any]] = defaultdict(dict)
    for name, minute, value in _changes(one):
        changes[minute][name] = value
    if not changes:
        raise ValueError("no history of a kind that we take; ask Keepa with history=1, buybox=1 and rating=1")
    if max(changes) > (now - EPOCH) // timedelta(minutes=1):
        raise ValueError(f"minute {max(changes)} lies in the future")
    marketplace = MARKETPLACES[DOMAINS[one.domain_id]]
    names = {c.cat_id: c.name for c in one.category_tree or () if c.name}
    state: dict[str, Any] = {"category": None if one.sales_rank_reference_history else _main_category(one)}
    rows = []
    for minute in sorted(changes):
        state.update(changes[minute])
        values, reasons = _values(state, marketplace.currency, names)
        record = product(marketplace.code, one.asin, values, reasons)
        rows.append(Past(observed_at=EPOCH + timedelta(minutes=minute), product=record))
    return rows


def _changes(one: _Product) -> Iterator[tuple[str, int, Any]]:
    """Every change of the series we take, as (name, minute, value). A rank's name is ``rank`` and its category."""
    series = one.csv or []
    for index, name in _SERIES.items():
        flat = series[index] if index < len(series) else None
        width = 3 if index in _WITH_SHIPPING else 2
        yield from ((name, minute, value) for minute, value in _pairs(f"csv[{index}]", flat, width))
    for category, flat in (one.sales_ranks or {}).items():
        yield from ((f"rank {category}", minute, value) for minute, value in _pairs("salesRanks", flat))
    for minute, value in _pairs("salesRankReferenceHistory", one.sales_rank_reference_history):
        yield "category", minute, value if value > 0 else None
    for minute, value in _pairs("monthlySoldHistory", one.monthly_sold_history):
        yield "bought_past_month_min", minute, value
    sellers = one.buy_box_seller_id_history or []
    if not all(text.isdecimal() for text in sellers[::2]):
        raise ValueError("buyBoxSellerIdHistory: a time that is no number")
    flat_sellers = [text if place % 2 else int(text) for place, text in enumerate(sellers)]
    for minute, seller in _pairs("buyBoxSellerIdHistory", flat_sellers):
        yield "seller_id", minute, seller


def _pairs(name: str, flat: Sequence[Any] | None, width: int = 2) -> Iterator[tuple[int, Any]]:
    """Time and value of each change in a flat list; what else stands in a change is left out."""
    flat = flat or ()
    if len(flat) % width:
        raise ValueError(f"{name}: {len(flat)} numbers, which are no whole changes of {width}")
    times = flat[::width]
    if any(later < earlier for earlier, later in pairwise(times)) or any(time < 0 for time in times):
        raise ValueError(f"{name}: its times are not in order")
    return zip(times, flat[1::width], strict=True)


def _main_category(one: _Product) -> int | None:
    candidates: Iterable[int | None] = (one.sales_rank_reference, one.root_category)
    return next((c for c in candidates if c is not None and c > 0), None)


def _values(
    state: Mapping[str, Any], currency: str, names: Mapping[int, str]
) -> tuple[dict[str, Any], dict[str, Reason]]:
    """The fields as they stand, and why those that the source speaks of have no value."""
    values: dict[str, Any] = {"currency": currency}
    reasons: dict[str, Reason] = {}
    for name in _AMOUNTS:
        amount = state.get(name)
        values[name] = None if amount is None or amount < 0 else Decimal(amount).scaleb(0 if currency == "JPY" else -2)
        if amount == -1:
            reasons[name] = Reason.ABSENT_ON_PAGE
    for name in ("review_count", "bought_past_month_min"):
        count = state.get(name)
        values[name] = None if count is None or count < 0 else count
        if count == -1:
            reasons[name] = Reason.ABSENT_ON_PAGE
    rating = state.get("rating")
    values["rating"] = Decimal(rating).scaleb(-1) if rating and rating > 0 else None
    if rating in {0, -1}:
        reasons["rating"] = Reason.ABSENT_ON_PAGE
    seller = state.get("seller_id")
    values["seller_id"] = None if seller in {None, "", "-1", "-2"} else seller
    if seller in {"", "-1"}:
        reasons["seller_id"] = Reason.ABSENT_ON_PAGE
    values["bsr"] = tuple(_ranks(state, names))
    if state.get("sales") == -1:
        reasons["bsr"] = Reason.ABSENT_ON_PAGE
    _check(values)
    return values, reasons


def _ranks(state: Mapping[str, Any], names: Mapping[int, str]) -> Iterator[BsrLine]:
    """The BSR lines, the main category's first; none when its rank or its category is not known."""
    main, rank = state.get("category"), state.get("sales")
    if main is None or rank is None or rank < 1:
        return
    yield BsrLine(rank=rank, category=names.get(main, str(main)), category_id=str(main))
    for name, other in state.items():
        kind, _, category = name.partition(" ")
        if kind == "rank" and category.isdecimal() and int(category) != main and other >= 1:
            yield BsrLine(rank=other, category=names.get(int(category), category), category_id=category)


def _check(values: Mapping[str, Any]) -> None:
    """Refuse what cannot be: the database would not take it, or take it for something else."""
    if values["rating"] is not None and values["rating"] > 5:
        raise ValueError(f"csv[16]: a rating of {values['rating']}")
    counts = [values["review_count"], values["bought_past_month_min"], *(line.rank for line in values["bsr"])]
    if any(number is not None and number > _MOST for number in (*counts, *(values[name] for name in _AMOUNTS))):
        raise ValueError(f"an amount, count or rank above {_MOST}")
