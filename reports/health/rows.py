"""What is looked up for the health of a listing beyond its comparison: a few rows of the own product only."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

import duckdb

from reports.gather import misread, rows
from reports.health.point import BadReview, Extra, Subscription, TitleSearch
from reports.sections.ledger import LOW, Came, Kept, appeared
from reports.series import Comparison
from storage.values import title_query

_SPAN = "marketplace = $marketplace AND observed_at >= $since AND observed_at <= $until"
_DAY = "CAST(timezone($time_zone, {}) AS DATE)"
# Amounts in another currency than asked for are compared with nothing.
EXTRAS = f"""
SELECT fetch_id, CASE WHEN currency = $currency THEN subscribe_price END, subscribe_percent, ships_from, category_path,
       browse_node
FROM product_observation WHERE asin = $asin AND {_SPAN}
"""  # noqa: S608 - the only insertions are the constants above
# Page one of each search for one of its titles (see spiders.tasks); of several on a day the last one that was read.
SEARCHES = f"""
SELECT {_DAY.format("f.observed_at")} AS day, f.fetch_id, f.outcome, coalesce(max(p.organic_position), 0),
       min(p.organic_position) FILTER (p.asin = $asin), coalesce(bool_or(p.sponsored) FILTER (p.asin = $asin), false)
FROM (FROM page_fetch WHERE kind = 'search' AND page = 1 AND list_contains($titles::VARCHAR[], keyword) AND {_SPAN}) f
LEFT JOIN (FROM stored.placement WHERE list_contains($titles::VARCHAR[], keyword) AND {_SPAN}) p USING (fetch_id)
GROUP BY f.observed_at, f.fetch_id, f.outcome
ORDER BY f.outcome = 'ok', f.observed_at, f.fetch_id
"""  # noqa: S608
OFFERS = f"""
SELECT DISTINCT {_DAY.format("observed_at")}, seller, seller_id
FROM offer WHERE asin = $asin AND condition = 'new' AND seller IS NOT NULL AND elsewhere IS NULL AND {_SPAN}
ORDER BY ALL
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Rows:
    """By fetch of the own page, and by local day."""

    extras: Mapping[int, Extra] = field(default_factory=dict)
    searches: Mapping[date, TitleSearch] = field(default_factory=dict)
    reviews: Mapping[date, tuple[BadReview, ...]] = field(default_factory=dict)
    sellers: Mapping[date, tuple[tuple[str, str | None], ...]] = field(default_factory=dict)


def looked_up(con: duckdb.DuckDBPyConnection, comparison: Comparison, reviews: Iterable[Kept]) -> Rows:
    """Those of the days that the own series reaches back to. ``reviews``: the bad ones of all products."""
    own = comparison.own
    if not own.observations:
        return Rows()
    titles = {seen.title for seen in own.observations if seen.title}
    bounds = {
        "marketplace": comparison.marketplace, "asin": own.asin, "time_zone": comparison.time_zone,
        "currency": comparison.currency, "since": own.observations[0].observed_at, "until": comparison.until,
        "titles": sorted(titles | set(map(title_query, titles))),
    }  # fmt: skip
    extras = {
        fetch: Extra(Subscription(price, percent), ships_from, path, node)
        for fetch, price, percent, ships_from, path, node in rows(con, EXTRAS, bounds)
    }
    lost = set(misread(comparison.defects))
    searches = {
        day: TitleSearch(fetch, "layout_changed" if fetch in lost else outcome, *found)
        for day, fetch, outcome, *found in rows(con, SEARCHES, bounds)
    }
    sellers = defaultdict(list)
    for day, *seller in rows(con, OFFERS, bounds):
        sellers[day].append((seller[0], seller[1]))
    return Rows(
        extras,
        searches,
        _bad(reviews, own.asin, ZoneInfo(comparison.time_zone)),
        {day: tuple(found) for day, found in sellers.items()},
    )


def _bad(reviews: Iterable[Kept], own: str, zone: ZoneInfo) -> Mapping[date, tuple[BadReview, ...]]:
    """By local day, the new ones of the own product, with the stars they came with; those of its first page are new to
    us alone."""
    found: dict[date, list[BadReview]] = defaultdict(list)
    for review in sorted(reviews, key=lambda each: (each.first_seen_at, each.stars or 0, each.review_id)):
        stars = review.stars_before if review.regraded_at else review.stars
        how, day = appeared(review, zone)
        if own in review.asins and not review.there_before and how is Came.NEW and day and stars and stars <= LOW:
            found[day].append(BadReview(stars, review.title))
    return {day: tuple(those) for day, those in found.items()}
