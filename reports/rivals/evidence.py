"""What is known of the products around a listing: where they stand, cost and rank, and on whose pages they are shown.

Everything is of the days before an instant: results pages, ranked lists and related products of four weeks, of prices
and counts the newest. Amounts are in the currency of the listing; what was shown in another is not known.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import duckdb

from reports.gather import rows
from reports.series import RankLine

WEEKS = timedelta(days=28)
"""How far back it is looked."""
LASTING = timedelta(days=14)
"""For how long a product is to be out of stock, or in no results, before it is said to be."""

BOUNDS = "marketplace = $marketplace AND observed_at > $since AND observed_at <= $until"

# The last reading of each day: the products on its pages, those of an ad apart.
_PLACES = f"""
WITH reading AS (
    SELECT keyword, day, arg_max(run_id, observed_at) AS run_id FROM stored.results_page
    WHERE {BOUNDS} AND page = 1 AND list_contains($keywords, keyword) GROUP BY keyword, day
)
SELECT keyword, day, asin, min(organic_position), min(sponsored_position), coalesce(bool_or(page = 1 AND NOT sponsored), false)
FROM reading LEFT JOIN (SELECT * FROM stored.placement WHERE {BOUNDS}) USING (keyword, day, run_id)
GROUP BY keyword, day, asin
"""  # noqa: S608, E501 - the only insertions are the constants above

# What others say of a product, the newest: cards of results, entries of lists, rows on the pages of others. A coupon in
# percent is taken off.
_CARDS = f"""
WITH shown AS (
    SELECT asin, observed_at, title_id, review_count, currency,
           CAST(price * (1 - coalesce(TRY_CAST(regexp_extract(coupon, '(\\d{{1,2}})\\s?[%％]', 1) AS INTEGER), 0) / 100.0)
                AS DECIMAL(18, 2)) AS price
    FROM stored.placement WHERE {BOUNDS} AND elsewhere IS NULL AND list_contains($keywords, keyword)
    UNION ALL
    SELECT asin, observed_at, title_id, review_count, currency, price
    FROM stored.list_place WHERE {BOUNDS} AND elsewhere IS NULL
    UNION ALL
    SELECT related_asin, observed_at, title_id, review_count, currency, price
    FROM stored.related WHERE {BOUNDS} AND elsewhere IS NULL AND list_contains($watched, asin)
)
SELECT asin, arg_max(title_id, observed_at), arg_max(price, observed_at) FILTER (currency = $currency),
       arg_max(review_count, observed_at)
FROM shown GROUP BY asin
"""  # noqa: S608, E501

# What its own page says of a product, the newest. What a page for elsewhere says of the price is not known.
_PAGES = f"""
WITH newest AS (
    SELECT arg_max(fetch_id, (observed_at, fetch_id)) AS fetch_id FROM stored.product WHERE {BOUNDS} GROUP BY asin
)
SELECT p.asin, c.title, c.brand, c.parent_asin, p.review_count,
       CASE WHEN p.currency = $currency AND p.elsewhere IS NULL AND NOT list_has_any(coalesce(l.unknown, []),
            ['coupon_percent', 'coupon_amount', 'prime_price'])
       THEN CAST(greatest(0, least(p.price, coalesce(p.prime_price, p.price)) * (1 - coalesce(p.coupon_percent, 0)
                             / 100) - coalesce(p.coupon_amount, 0)) AS DECIMAL(18, 2)) END,
       p.fetch_id
FROM stored.product p SEMI JOIN newest USING (fetch_id)
JOIN stored.content c USING (content_id) LEFT JOIN stored.lack l USING (lack_id)
WHERE {BOUNDS}
"""  # noqa: S608

_RANKS = f"""
SELECT asin, rank, category, category_id FROM bsr_observation
SEMI JOIN (SELECT unnest($fetches) AS fetch_id) USING (fetch_id) WHERE {BOUNDS}
"""  # noqa: S608

# A list of best sellers is the order of the rank in its category.
_LISTED = f"""
SELECT asin, arg_min(rank, -epoch(observed_at)), any_value(category), category_id FROM stored.list_place
WHERE {BOUNDS} AND ranking = 'best_sellers' AND category_id IS NOT NULL GROUP BY asin, category_id
"""  # noqa: S608

# On how many of a product's pages, of those with rows of that sort (ads, or what buyers look at), each other stood.
# What is bought together completes a product, and the brand's own are no rivals: neither counts.
_BESIDE = f"""
WITH shown AS (
    SELECT DISTINCT asin, observed_at, related_asin, coalesce(sponsored, false) OR kind IN ('sponsored', 'top_rated') AS ad
    FROM stored.related
    WHERE {BOUNDS} AND (sponsored OR kind IN ('also_viewed', 'also_bought', 'compared', 'similar', 'sponsored', 'top_rated'))
),
page AS (SELECT asin, ad, count(DISTINCT observed_at) AS pages FROM shown GROUP BY asin, ad)
SELECT asin, related_asin, ad, count(*)::DOUBLE / any_value(pages)
FROM shown JOIN page USING (asin, ad)
WHERE list_contains($watched, asin) OR related_asin = $own
GROUP BY asin, related_asin, ad
"""  # noqa: S608, E501

# How the newest pages of the rivals were: on how many days in a row not found, since when out of stock.
_STATES = f"""
WITH asked AS (
    SELECT asin, observed_at, outcome = 'not_found' AS gone,
           max(observed_at) FILTER (outcome = 'ok') OVER (PARTITION BY asin) AS found
    FROM page_fetch
    WHERE kind = 'product' AND outcome IN ('ok', 'not_found') AND {BOUNDS} AND list_contains($watched, asin)
),
sold AS (
    SELECT asin, observed_at, day, in_stock,
           max(observed_at) FILTER (in_stock) OVER (PARTITION BY asin) AS available
    FROM stored.product WHERE {BOUNDS} AND in_stock IS NOT NULL AND list_contains($watched, asin)
)
SELECT asin, coalesce(days, 0), out_since
FROM (SELECT unnest($watched) AS asin)
LEFT JOIN (
    SELECT asin, count(DISTINCT timezone($time_zone, observed_at)::DATE) AS days
    FROM asked WHERE gone AND observed_at > coalesce(found, $since) GROUP BY asin
) USING (asin)
LEFT JOIN (
    SELECT asin, min(day) AS out_since FROM sold WHERE NOT in_stock AND observed_at > coalesce(available, $since)
    GROUP BY asin
) USING (asin)
"""  # noqa: S608

_CALLED = """
SELECT asin, arg_max(title, (own, observed_at)) FROM (
    SELECT asin, observed_at, title, true AS own FROM stored.product JOIN stored.content USING (content_id)
    WHERE marketplace = $marketplace AND list_contains($asins, asin)
    UNION ALL
    SELECT asin, observed_at, title, false FROM stored.placement JOIN stored.title USING (title_id)
    WHERE marketplace = $marketplace AND list_contains($asins, asin)
) WHERE title IS NOT NULL GROUP BY asin
"""
_DECLINED = """
SELECT asin FROM stored.declined
WHERE listing = $listing AND marketplace = $marketplace AND until > $until AND withdrawn_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class Subject:
    """The listing that rivals are looked for."""

    listing: str
    marketplace: str
    asin: str
    rivals: tuple[str, ...]
    keywords: tuple[str, ...]
    currency: str
    time_zone: str
    """Whose days are counted."""
    until: datetime
    """What came later is left out (UTC)."""

    @property
    def night(self) -> date:
        """The day of ``until``."""
        return self.until.astimezone(ZoneInfo(self.time_zone)).date()


class Spot(NamedTuple):
    """Where a product stood in one reading of a keyword."""

    organic: int | None
    ad: int | None
    first: bool
    """Whether the organic place is on page one."""


@dataclass(frozen=True, slots=True)
class Known:
    """One product. None is not known."""

    asin: str
    title: str | None = None
    brand: str | None = None
    parent: str | None = None
    price: Decimal | None = None
    """To pay, with the coupon taken off."""
    reviews: int | None = None
    ranks: Mapping[str, RankLine] = field(default_factory=dict)
    """By category."""


@dataclass(frozen=True, slots=True)
class Beside:
    """How a product is shown on pages of others. Shares are parts of 1 of the pages read."""

    own: float = 0.0
    """Of the own page's."""
    ad: float = 0.0
    """The same as an ad."""
    back: float = 0.0
    """Of its own pages, those that show the own product."""
    rivals: int = 0
    """Rivals whose pages show it."""
    of: int = 0
    """Rivals of whose pages that is known."""


@dataclass(frozen=True, slots=True)
class State:
    """How a rival's newest pages were."""

    gone: int
    """Days in a row on which there was no such page."""
    out_since: date | None
    """The first day of those up to the newest on which it could not be bought; None while it can."""


@dataclass(frozen=True)
class Evidence:
    """What is known around a listing; what is counted of it is counted once."""

    subject: Subject
    products: Mapping[str, Known]
    """By ASIN, the own one among them."""
    readings: Mapping[str, Mapping[date, Mapping[str, Spot]]]
    """By keyword and local day, what the last reading of the day showed; the oldest day first."""
    beside: Mapping[str, Beside] | None
    """By ASIN; None where no page that was read shows others."""
    states: Mapping[str, State]
    """Of the rivals."""
    declined: frozenset[str] = frozenset()
    """Products that are not to be proposed."""

    @cached_property
    def stands(self) -> Mapping[str, Mapping[str, list[tuple[Spot, Spot | None]]]]:
        """By ASIN and keyword, where a product stood in each reading that it was in, and where the own one did."""
        found: dict[str, dict[str, list[tuple[Spot, Spot | None]]]] = {}
        for keyword, days in self.readings.items():
            for reading in days.values():
                own = reading.get(self.subject.asin)
                for asin, spot in reading.items():
                    found.setdefault(asin, {}).setdefault(keyword, []).append((spot, own))
        return found

    @cached_property
    def on_page_one(self) -> frozenset[str]:
        """Keywords on whose page one the own product stood on most days."""
        own = self.stands.get(self.subject.asin, {})
        return frozenset(
            keyword for keyword, here in own.items() if 2 * sum(s.first for s, _ in here) > len(self.readings[keyword])
        )

    @property
    def own(self) -> Known:
        return self.products.get(self.subject.asin) or Known(self.subject.asin)

    @property
    def read(self) -> bool:
        """Whether there is anything to find rivals by."""
        return any(self.readings.values()) or bool(self.beside)


def evidence(con: duckdb.DuckDBPyConnection, subject: Subject) -> Evidence:
    """What the database knows around a listing."""
    bounds = {
        "marketplace": subject.marketplace, "since": subject.until - WEEKS, "until": subject.until,
        "keywords": list(subject.keywords), "currency": subject.currency, "own": subject.asin,
        "time_zone": subject.time_zone,
        "listing": subject.listing, "watched": [subject.asin, *subject.rivals],
    }  # fmt: skip
    readings: dict[str, dict[date, dict[str, Spot]]] = defaultdict(lambda: defaultdict(dict))
    for keyword, day, asin, organic, ad, first in rows(con, _PLACES, bounds):
        reading = readings[keyword][day]
        if asin is not None:
            reading[asin] = Spot(organic, ad, first)
    return Evidence(
        subject=subject,
        products=_products(con, bounds),
        readings={keyword: {day: found[day] for day in sorted(found)} for keyword, found in readings.items()},
        beside=_beside(subject, rows(con, _BESIDE, bounds)),
        states={
            asin: State(gone, out) for asin, gone, out in rows(con, _STATES, bounds) if asin in set(subject.rivals)
        },
        declined=frozenset(asin for (asin,) in rows(con, _DECLINED, bounds)),
    )


def _products(con: duckdb.DuckDBPyConnection, bounds: dict[str, Any]) -> dict[str, Known]:
    cards = rows(con, _CARDS, bounds)
    pages = rows(con, _PAGES, bounds)
    titles = _titles(con, [title for _, title, *_ in cards if title is not None])
    ranks: dict[str, dict[str, RankLine]] = defaultdict(dict)
    listed = rows(con, _LISTED, bounds)
    paged = rows(con, _RANKS, bounds | {"fetches": [fetch for *_, fetch in pages]})
    for asin, rank, category, node in (*listed, *paged):  # its own page has the last word
        line = RankLine(rank, category or "", node)
        ranks[asin][line.key] = line
    found = {
        asin: Known(asin, titles.get(title), price=price, reviews=reviews, ranks=ranks.get(asin, {}))
        for asin, title, price, reviews in cards
    }
    for asin, title, brand, parent, reviews, price, _ in pages:
        card = found.get(asin) or Known(asin)
        found[asin] = Known(
            asin=asin,
            title=title or card.title,
            brand=brand,
            parent=parent,
            price=price if price is not None else card.price,
            reviews=reviews if reviews is not None else card.reviews,
            ranks=ranks.get(asin, {}),
        )
    return found


def _titles(con: duckdb.DuckDBPyConnection, numbers: Collection[int]) -> dict[int, str]:
    sql = "SELECT title_id, title FROM stored.title SEMI JOIN (SELECT unnest($titles) AS title_id) USING (title_id)"
    return dict(rows(con, sql, {"titles": list(numbers)}))


def titles(con: duckdb.DuckDBPyConnection, marketplace: str, asins: Collection[str]) -> dict[str, str]:
    """What products are called, as far as that is known: by their own pages, else by a card of theirs."""
    return dict(rows(con, _CALLED, {"marketplace": marketplace, "asins": list(asins)}))


def _beside(subject: Subject, shown: Iterable[tuple[Any, ...]]) -> dict[str, Beside] | None:
    """``shown``: page, product on it, whether as an ad, and the share of the page's readings."""
    own: dict[str, float] = {}
    ads: dict[str, float] = {}
    back: dict[str, float] = {}
    rivals: dict[str, set[str]] = defaultdict(set)
    known: set[str] = set()
    for page, asin, ad, share in shown:
        if page == subject.asin:
            (ads if ad else own)[asin] = share
        elif asin == subject.asin and not ad:
            back[page] = share
        if page in subject.rivals:
            known.add(page)
            if not ad:
                rivals[asin].add(page)
    if not (own or ads or known):
        return None
    return {
        asin: Beside(
            own.get(asin, 0.0), ads.get(asin, 0.0), back.get(asin, 0.0), len(rivals[asin] - {asin}), len(known - {asin})
        )
        for asin in {*own, *ads, *back, *list(rivals)}
    }
