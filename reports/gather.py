"""From the database to series: one query per family of series, for any number of products and keywords at once.

The rules, once: a day is a day in the given time zone; the day's value is its last observation, taken whole; what a
page for another place says of the offer is not known, and a price in another currency than was asked for is set apart;
a product that is not among the results read is beyond them, which is not the same as a keyword that was not read.
"""

import gc
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import duckdb
from msgspec.structs import replace

from reports import queries, watch
from reports.defect import ADS, OFFER, PLACEMENTS, Defect
from reports.series import Failure, KeywordRead, Observation, Place, RankLine

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NO_RANK = RankLine(0, "")
AMOUNTS = ("price", "list_price", "coupon_amount", "prime_price", "offer_from")


@dataclass(frozen=True, slots=True)
class Span:
    """What is gathered: the pages of one marketplace between two instants (UTC)."""

    marketplace: str
    time_zone: str
    """Whose days are counted."""
    since: datetime
    until: datetime
    postal_code: str | None
    """Where the pages were asked for; those asked for elsewhere are set apart."""
    currency: str


@dataclass(frozen=True, slots=True)
class Gathered:
    """Series by ASIN and by keyword, in order of time."""

    observations: Mapping[str, list[Observation]]
    failures: Mapping[str, list[Failure]]
    reads: Mapping[str, list[KeywordRead]]
    lowest: Mapping[str, tuple[Decimal, date]]
    """Lowest price to pay before the span, and its last day."""
    defects: list[Defect]


def gather(
    con: duckdb.DuckDBPyConnection,
    span: Span,
    asins: Collection[str],
    keywords: Collection[str],
    defects: list[Defect] | None = None,
) -> Gathered:
    """The series of these products and keywords. ``defects``: of the span's pages, where they are known already; then
    only what is shown is gathered, and not what flags alone rest on (the lowest price before, strangers)."""
    bounds = {
        "marketplace": span.marketplace, "time_zone": span.time_zone, "since": span.since, "until": span.until,
        "postal_code": span.postal_code, "currency": span.currency, "asins": list(asins), "keywords": list(keywords),
    }  # fmt: skip
    with many_objects():
        shown = defects is not None
        if defects is None:
            defects = watch.defects(con, span.marketplace, since=span.since, until=span.until)
        lowest = [] if shown else rows(con, queries.LOWEST, bounds)
        strangers = [] if shown else rows(con, queries.STRANGERS, bounds)
        return Gathered(
            observations=_observations(con, bounds, _lost(defects)),
            failures=_failures(con, bounds),
            reads=_reads(con, bounds | {"misread": misread(defects)}, strangers),
            lowest={asin: (price, day) for asin, price, day in lowest},
            defects=defects,
        )


def rows(con: duckdb.DuckDBPyConnection, sql: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The rows of ``sql``, given those of ``parameters`` that it names: DuckDB refuses the others."""
    named = set(re.findall(r"\$([a-z_]+)", sql))
    return con.execute(sql, {name: value for name, value in parameters.items() if name in named}).fetchall()


def instant(microseconds: int) -> datetime:
    return EPOCH + timedelta(microseconds=microseconds)


@contextmanager
def many_objects() -> Iterator[None]:
    """Hundreds of thousands of objects are about, none of them garbage: nothing is to look through them for any."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _lost(defects: Iterable[Defect]) -> dict[int, frozenset[str]]:
    """Fetch id of a product page with a defect -> the fields whose absence says nothing there.

    Where one field of an offer is lost, the part of the page that carries all of them has changed, and that no coupon
    was found there does not mean that it ended.
    """
    lost: dict[int, frozenset[str]] = defaultdict(frozenset)
    for defect in defects:
        for fetch_id, _ in defect.pages if defect.kind == "product" else ():
            lost[fetch_id] |= OFFER if defect.field in OFFER else {defect.field}
    return lost


def misread(defects: Iterable[Defect]) -> list[int]:
    """Fetch ids of results pages on which we no longer find every card, or tell ads from other results."""
    misread = {PLACEMENTS, ADS, "sponsored"}
    return [fetch_id for d in defects if d.kind == "search" and d.field in misread for fetch_id, _ in d.pages]


def _observations(
    con: duckdb.DuckDBPyConnection, bounds: Mapping[str, Any], lost: Mapping[int, frozenset[str]]
) -> dict[str, list[Observation]]:
    contents, currency = _contents(con, bounds), bounds["currency"]
    ranks: dict[int, list[RankLine]] = defaultdict(list)
    for fetch_id, *line in rows(con, queries.RANKS, bounds):
        ranks[fetch_id].append(RankLine._make(line))
    nothing: dict[str, str] = {}
    found: dict[str, list[Observation]] = defaultdict(list)
    told = rows(con, queries.PRODUCTS, bounds)
    lacks = {
        number: {lack["field"]: lack["reason"] for lack in lacking}
        for number, lacking in rows(con, queries.LACKS, {"lacks": list({row[6] for row in told if row[6]})})
    }
    for (
        asin, at, day, fetch_id, language, content_id, lack_id, shown, price, list_price, coupon_percent,
        coupon_amount, deal, is_deal, availability, in_stock, stock_left, seller, seller_id, rating, review_count,
        prime_price, offer_count, offer_from, percents, bought, elsewhere,
    ), after in zip(told, [*told, (None, None, None)][1:], strict=True):  # fmt: skip
        missing = lacks[lack_id] if lack_id else nothing
        content, lines = contents[content_id], ranks.get(fetch_id)
        main = lines[0] if lines else NO_RANK
        # In the order of the fields: by their names it would take ten times as long, and there are many.
        seen = Observation(
            EPOCH + timedelta(microseconds=at), day, after[0] != asin or after[2] != day, fetch_id, language,
            content.title, content.brand, _hundredths(price), _hundredths(list_price), None,
            _hundredths(coupon_percent), _hundredths(coupon_amount), deal, is_deal, availability, in_stock, stock_left,
            seller, seller_id, _hundredths(rating), review_count, main.rank or None, main.category or None,
            main.category_id, _hundredths(prime_price), content.variation_count, content.parent_asin, offer_count,
            _hundredths(offer_from), _percents(percents), bought, content.badges, content.bullets, content.image_count,
            content.main_image, content.has_a_plus, content.has_video, tuple(lines) if lines else (), missing,
        )  # fmt: skip
        if shown != currency:
            seen = _foreign(seen, shown)
        if elsewhere:
            seen = _set_apart(seen, elsewhere)
        found[asin].append(_doubted(seen, lost[fetch_id]) if fetch_id in lost else seen)
    return found


@dataclass(frozen=True, slots=True)
class Content:
    """What many observations of a product say alike."""

    title: str | None
    brand: str | None
    parent_asin: str | None
    variation_count: int | None
    badges: tuple[tuple[str, str | None], ...] | None
    bullets: tuple[str, ...] | None
    image_count: int | None
    main_image: str | None
    has_a_plus: bool | None
    has_video: bool | None


def _contents(con: duckdb.DuckDBPyConnection, bounds: Mapping[str, Any]) -> dict[int, Content]:
    found = {}
    for number, title, brand, parent, count, badges, bullets, *rest in rows(con, queries.CONTENTS, bounds):
        worn = None if badges is None else tuple((badge["kind"], badge["text"]) for badge in badges)
        found[number] = Content(title, brand, parent, count, worn, None if bullets is None else tuple(bullets), *rest)
    return found


def _foreign(seen: Observation, currency: str | None) -> Observation:
    """The observation of a page whose amounts are in another currency than was asked for: none is compared."""
    amounts = [name for name in AMOUNTS if getattr(seen, name) is not None]
    reason = "other_currency" if currency else "currency_unknown"
    none: dict[str, Any] = dict.fromkeys(amounts)
    return replace(
        seen,
        foreign_price=(seen.price, currency) if seen.price is not None else None,
        missing={**seen.missing, **dict.fromkeys(amounts, reason)},
        **none,
    )


def _set_apart(seen: Observation, elsewhere: str) -> Observation:
    """The observation of a page for another place: of the offer, it says nothing that could be compared here."""
    there = [name for name in seen.__struct_fields__ if name in OFFER]
    missing = {**seen.missing, **dict.fromkeys(there, f"elsewhere: {elsewhere}")}
    unknown: dict[str, Any] = dict.fromkeys(there)
    return replace(seen, foreign_price=None, elsewhere=elsewhere, missing=missing, **unknown)


def _doubted(seen: Observation, lost: frozenset[str]) -> Observation:
    """The observation of a page whose layout has changed: what it does not show of ``lost`` is not known to be gone."""
    absent = {name: "layout_changed" for name in lost if seen.missing.get(name) == "absent_on_page"}
    if "is_deal" in lost and not seen.is_deal:  # no badge was found
        return replace(seen, is_deal=None, missing={**seen.missing, **absent, "is_deal": "layout_changed"})
    return replace(seen, missing={**seen.missing, **absent})


@cache
def _hundredths(value: int | None) -> Decimal | None:
    """Amounts, percent and stars come as whole hundredths, which is a tenth of the work; the same ones come often."""
    return None if value is None else Decimal(value).scaleb(-2)


@cache
def _percents(text: str | None) -> tuple[int, ...] | None:
    return None if text is None else tuple(map(int, text.split(",")))


def _failures(con: duckdb.DuckDBPyConnection, bounds: Mapping[str, Any]) -> dict[str, list[Failure]]:
    found: dict[str, list[Failure]] = defaultdict(list)
    for asin, at, *about in rows(con, queries.FAILURES, bounds):
        found[asin].append(Failure(instant(at), *about))
    return found


def _reads(
    con: duckdb.DuckDBPyConnection, bounds: Mapping[str, Any], came_up: Iterable[tuple[Any, ...]]
) -> dict[str, list[KeywordRead]]:
    places: dict[int | None, dict[str, Place]] = defaultdict(dict)
    for reading, asin, code in rows(con, queries.PLACES, bounds):
        places[reading][asin] = place_of(code)
    strangers: dict[int | None, tuple[tuple[str, int], ...]] = defaultdict(tuple)
    for reading, asin, organic in came_up:
        strangers[reading] += ((asin, organic),)
    found: dict[str, list[KeywordRead]] = defaultdict(list)
    for keyword, run_id, began, at, day, *rest, reading, reason in rows(con, queries.READS, bounds):
        about = [*rest, reading, reason, places.get(reading, {}), strangers.get(reading, ())]
        found[keyword].append(KeywordRead(*[run_id, day, instant(began), instant(at), *about]))
    return found


@cache
def place_of(code: int) -> Place:
    """The place that one number stands for: see ``queries.PLACES``."""
    organic, page = divmod(code & (1 << 30) - 1, 100)
    sponsored, ad_page = divmod(code >> 30 & (1 << 30) - 1, 100)
    return Place(organic or None, page or None, sponsored or None, ad_page or None, bool(code >> 60))
