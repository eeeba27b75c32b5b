"""From the database to a comparison: one query per family of series, DuckDB doing the work.

The rules, once: a listing, rival or keyword belongs to the comparison when it is configured at
``until``; a day is a day in the listing's time zone; the day's value is its last observation, taken
whole; what a page for another place says of the offer is not known, and a price in another currency
than was asked for is set apart; a product that is not among the results read is beyond them, which
is not the same as a keyword that was not read.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from reports import queries, watch
from reports.defect import ADS, OFFER, PLACEMENTS, Defect
from reports.series import Comparison, Failure, Gap, KeywordRead, KeywordSeries, Observation, Place, ProductSeries
from storage.marketplaces import MARKETPLACES

HISTORY_DAYS = 182
"""Days read before the window. The flags' baselines reach four weeks back; half a year lets every model
that walks from day to day arrive in the window in the same state, whatever the window."""

GAP_FIELDS = ("price", "bsr", "rating", "review_count", "in_stock", "seller")
"""Fields whose absence the data quality section reports."""


def compare(
    con: duckdb.DuckDBPyConnection, listing: str, *, days: int = 30, until: datetime | None = None
) -> Comparison:
    """The comparison of ``listing`` over the ``days`` days that end with the day of ``until``.

    ``until`` (UTC) defaults to the newest page asked for, read or not: a night of blocked pages shows
    as missing instead of hiding behind the night before. Raises LookupError when the listing is not
    configured at that moment, or nothing has been crawled for it.
    """
    if until is None:
        until = _instant(_rows(con, queries.UNTIL, {"listing": listing})[0][0])
        if until is None:
            raise LookupError(f"nothing has been crawled for listing {listing!r} yet{_known(con)}")
    configured = _rows(con, queries.LISTING, {"listing": listing, "until": until})
    if not configured:
        raise LookupError(f"listing {listing!r} is not configured at {until:%Y-%m-%d %H:%M} UTC{_known(con)}")
    marketplace, own, zone, own_from = configured[0]
    today = until.astimezone(ZoneInfo(zone)).date()
    window = tuple(today - timedelta(days=n) for n in reversed(range(days)))
    start = datetime.combine(window[0] - timedelta(days=HISTORY_DAYS), datetime.min.time(), ZoneInfo(zone))

    scope = {"listing": listing, "marketplace": marketplace, "until": until}
    rivals = _rows(con, queries.RIVALS, scope | {"own": own})
    keywords = _rows(con, queries.KEYWORDS, scope)
    watched = {own: _at(own_from)} | {asin: _at(since) for asin, since in rivals}
    span = {"marketplace": marketplace, "since": start.astimezone(UTC), "until": until, "time_zone": zone}
    asked = _rows(con, queries.ASKED, span)
    postal_code, currency = asked[0] if asked else (None, MARKETPLACES[marketplace].currency)

    defects = watch.defects(con, [marketplace], until=until, since=span["since"])
    seen = {"asins": list(watched), "lost": _lost(defects), "postal_code": postal_code}
    products = _products(con, own, watched, currency, span | seen)
    searched = {"keywords": [k for k, *_ in keywords], "misread": _misread(defects)}
    series = _keywords(con, keywords, span | searched, list(watched))
    return Comparison(
        listing=listing,
        marketplace=marketplace,
        host=MARKETPLACES[marketplace].host,
        currency=currency,
        time_zone=zone,
        days=window,
        until=until,
        products=products,
        keywords=series,
        gaps=tuple(_gaps(window, products, series, zone)),
        defects=tuple(d for d in defects if d.observed_at.astimezone(ZoneInfo(zone)).date() >= window[0]),
    )


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


def _misread(defects: Iterable[Defect]) -> list[int]:
    """Fetch ids of results pages on which we no longer find every card, or tell ads from other results."""
    fields = {PLACEMENTS, ADS, "sponsored"}
    return [fetch_id for d in defects if d.kind == "search" and d.field in fields for fetch_id, _ in d.pages]


def _products(
    con: duckdb.DuckDBPyConnection,
    own: str,
    watched: dict[str, datetime],
    currency: str,
    span: dict[str, Any],
) -> tuple[ProductSeries, ...]:
    missing: dict[int, dict[str, str]] = {}
    for lacks, fetches in _rows(con, queries.MISSING, span):
        reasons = {lack["field"]: lack["reason"] for lack in lacks}
        missing |= dict.fromkeys(fetches, reasons)
    lost: dict[int, frozenset[str]] = span["lost"]
    observations: dict[str, list[Observation]] = defaultdict(list)
    for asin, *row, elsewhere in _rows(con, queries.PRODUCTS, span):
        seen = _observation(row, currency, missing.get(row[3], {}))
        seen = _set_apart(seen, elsewhere) if elsewhere else seen
        observations[asin].append(_doubted(seen, lost[row[3]]) if row[3] in lost else seen)
    failures: dict[str, list[Failure]] = defaultdict(list)
    for asin, at, day, outcome, detail in _rows(con, queries.FAILURES, span):
        failures[asin].append(Failure(_at(at), day, outcome, detail))
    return tuple(
        ProductSeries(
            asin=asin,
            own=asin == own,
            watched_from=since,
            observations=tuple(observations[asin]),
            failures=tuple(failures[asin]),
            daily={o.day: o for o in observations[asin] if o.closing},
        )
        for asin, since in watched.items()
    )


def _observation(row: list[Any], currency: str, missing: dict[str, str]) -> Observation:
    at, *head, price, list_price, shown, percent, amount = row[:13]
    foreign = None
    money = {"price": price, "list_price": list_price, "coupon_amount": amount}
    if shown != currency and any(value is not None for value in money.values()):
        foreign = (price, shown) if price is not None else None
        reason = "other_currency" if shown else "currency_unknown"
        missing = missing | {name: reason for name, value in money.items() if value is not None}
        price = list_price = amount = None
    return Observation(*[_at(at), *head, price, list_price, foreign, percent, amount, *row[13:], missing])


def _set_apart(seen: Observation, elsewhere: str) -> Observation:
    """The observation of a page for another place: of the offer, it says nothing that could be compared here."""
    there = [f.name for f in fields(seen) if f.name in OFFER]
    missing = {**seen.missing, **dict.fromkeys(there, f"elsewhere: {elsewhere}")}
    unknown: dict[str, Any] = dict.fromkeys(there)
    return replace(seen, foreign_price=None, elsewhere=elsewhere, missing=missing, **unknown)


def _doubted(seen: Observation, lost: frozenset[str]) -> Observation:
    """The observation of a page whose layout has changed: what it does not show of ``lost`` is not known to be gone."""
    absent = {name: "layout_changed" for name in lost if seen.missing.get(name) == "absent_on_page"}
    if "is_deal" in lost and not seen.is_deal:  # no badge was found
        return replace(seen, is_deal=None, missing={**seen.missing, **absent, "is_deal": "layout_changed"})
    return replace(seen, missing={**seen.missing, **absent})


def _keywords(
    con: duckdb.DuckDBPyConnection,
    keywords: list[tuple[str, int, int]],
    span: dict[str, Any],
    asins: list[str],
) -> tuple[KeywordSeries, ...]:
    places: dict[tuple[str, str], dict[str, Place]] = defaultdict(dict)
    for keyword, run_id, asin, *place in _rows(con, queries.PLACES, span | {"asins": asins}):
        places[keyword, run_id][asin] = Place(*place)
    reads: dict[str, list[KeywordRead]] = defaultdict(list)
    for keyword, run_id, began, at, day, *rest in _rows(con, queries.READS, span):
        reads[keyword].append(KeywordRead(*[run_id, day, _at(began), _at(at), *rest, places[keyword, run_id]]))
    return tuple(
        KeywordSeries(
            keyword, pages, _at(since), tuple(reads[keyword]), {r.day: r for r in reads[keyword] if r.closing}
        )
        for keyword, pages, since in keywords
    )


def _gaps(
    window: tuple[date, ...], products: Iterable[ProductSeries], keywords: Iterable[KeywordSeries], zone: str
) -> Iterator[Gap]:
    """What is not known in the window, in runs of days with one reason."""
    for product in products:
        whole, fields = [], defaultdict(list)
        for day in window:
            seen = product.daily.get(day)
            if seen is None:
                failure = product.failure_on(day)
                whole.append((day, failure.outcome if failure else _why_not(day, product.watched_from, zone)))
                continue
            for name in GAP_FIELDS:
                if getattr(seen, name) is None:
                    fields[name].append((day, seen.missing.get(name, "no_reason_recorded")))
        for first, last, count, reason in _runs(whole):
            yield Gap(product.asin, None, None, first, last, count, reason)
        for name, days in fields.items():
            for first, last, count, reason in _runs(days):
                yield Gap(product.asin, None, name, first, last, count, reason)
    for series in keywords:
        unread = [(day, why) for day in window if (why := _unread(series, day, zone))]
        for first, last, count, reason in _runs(unread):
            yield Gap(None, series.keyword, None, first, last, count, reason)


def _unread(series: KeywordSeries, day: date, zone: str) -> str | None:
    """Why the keyword was not read, or not read to its last page, on ``day``; None when it was."""
    read = series.daily.get(day)
    if read is not None:
        return read.reason if read.pages_read < series.pages else None
    return _why_not(day, series.watched_from, zone)


def _why_not(day: date, watched_from: datetime, zone: str) -> str:
    """Why nothing was asked for on ``day``."""
    return "not_watched" if day < watched_from.astimezone(ZoneInfo(zone)).date() else "not_crawled"


def _runs(days: list[tuple[date, str]]) -> Iterator[tuple[date, date, int, str]]:
    """Neighbouring days with one reason, as (first, last, count, reason)."""
    start = 0
    for n in range(1, len(days) + 1):
        if n == len(days) or days[n][1] != days[start][1] or days[n][0] - days[n - 1][0] > timedelta(days=1):
            yield days[start][0], days[n - 1][0], n - start, days[start][1]
            start = n


def _rows(con: duckdb.DuckDBPyConnection, sql: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    """The rows of ``sql``, given those of ``parameters`` that it names: DuckDB refuses the others."""
    named = set(re.findall(r"\$([a-z_]+)", sql))
    return con.execute(sql, {name: value for name, value in parameters.items() if name in named}).fetchall()


def _known(con: duckdb.DuckDBPyConnection) -> str:
    names = [row[0] for row in con.execute("SELECT DISTINCT listing FROM listing ORDER BY 1").fetchall()]
    return f"; listings in the database: {', '.join(names)}" if names else "; the database has no listing"


def _at(microseconds: int) -> datetime:
    return datetime.fromtimestamp(0, UTC) + timedelta(microseconds=microseconds)


def _instant(microseconds: int | None) -> datetime | None:
    return None if microseconds is None else _at(microseconds)
