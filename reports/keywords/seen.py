"""The texts around a listing, from the database: the newest of four weeks."""

from collections import defaultdict

import duckdb

from reports.gather import rows
from reports.keywords.ideas import Texts
from reports.keywords.tokens import language
from reports.rivals.evidence import BOUNDS, WEEKS, Evidence

TOP = 10
"""Organic places that count as first."""

_BULLETS = f"""
SELECT bullets FROM stored.content SEMI JOIN (
    SELECT arg_max(content_id, observed_at) AS content_id FROM stored.product
    WHERE {BOUNDS} AND list_contains($rivals, asin) GROUP BY asin
) USING (content_id) WHERE bullets IS NOT NULL
"""  # noqa: S608
_OFFERED = f"""
SELECT keyword, unnest(related_searches) FROM (
    SELECT keyword, related_searches FROM stored.results_page
    WHERE {BOUNDS} AND list_contains($keywords, keyword) AND related_searches IS NOT NULL
    QUALIFY row_number() OVER (PARTITION BY keyword, page ORDER BY observed_at DESC, fetch_id DESC) = 1
)
"""  # noqa: S608
_KNOWN = f"SELECT count(*) FROM stored.results_page WHERE {BOUNDS} AND related_searches IS NOT NULL"  # noqa: S608
_BRANDS = f"""
SELECT DISTINCT brand FROM stored.content SEMI JOIN (
    SELECT content_id FROM stored.product WHERE {BOUNDS}
) USING (content_id) WHERE brand IS NOT NULL
"""  # noqa: S608


def texts(con: duckdb.DuckDBPyConnection, found: Evidence) -> Texts:
    """What there is to find words in for a listing."""
    subject = found.subject
    bounds = {
        "marketplace": subject.marketplace, "since": subject.until - WEEKS, "until": subject.until,
        "keywords": list(subject.keywords), "rivals": list(subject.rivals),
    }  # fmt: skip
    offered: dict[str, set[str]] = defaultdict(set)
    for keyword, query in rows(con, _OFFERED, bounds):
        offered[query].add(keyword)
    ((pages,),) = rows(con, _KNOWN, bounds)
    return Texts(
        language=language(subject.marketplace),
        own_title=found.own.title,
        rivals=_titles(found, subject.rivals),
        bullets=["\n".join(bullets) for (bullets,) in rows(con, _BULLETS, bounds)],
        top=_titles(found, _first(found)),
        offered={query: frozenset(keywords) for query, keywords in offered.items()} if pages else None,
        watched=subject.keywords,
        brands=[brand for (brand,) in rows(con, _BRANDS, bounds)],
    )


def _first(found: Evidence) -> list[str]:
    """The products that stood first in the newest reading of each keyword, without the own one."""
    newest = [days[max(days)] for days in found.readings.values() if days]
    first = {a for reading in newest for a, spot in reading.items() if spot.organic and spot.organic <= TOP}
    return sorted(first - {found.subject.asin})


def _titles(found: Evidence, asins: list[str] | tuple[str, ...]) -> list[str]:
    return [title for asin in asins if asin in found.products and (title := found.products[asin].title)]
