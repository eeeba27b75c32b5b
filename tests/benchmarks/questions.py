"""What is asked of every contender of `python -m tests.benchmarks.store`, in DuckDB as a user of this project asks it.

Money comes out in hundredths and instants in microseconds since 1970, so that answers can be compared: SQLite and
pandas have neither exact decimals nor instants with a zone of their own.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import duckdb

from reports import queries
from reports.compare import HISTORY
from reports.gather import place_of, rows

FIELDS = (
    "price",
    "list_price",
    "coupon_percent",
    "is_deal",
    "in_stock",
    "stock_left",
    "seller",
    "offer_count",
    "title",
)
"""Fields whose changes are asked for: those that every contender can tell in a short query."""


@dataclass(frozen=True)
class Asked:
    """About what is asked: one listing, and the instants (UTC) that bound the questions."""

    listing: str
    asins: tuple[str, ...]
    """The listing's own product and its rivals."""
    keywords: tuple[str, ...]
    until: datetime
    """The newest page."""

    since: datetime
    """The first instant that a report of 30 days reads."""

    def before(self, days: int) -> datetime:
        return self.until - timedelta(days=days)


def asked(connection: duckdb.DuckDBPyConnection, listing: str = "listing-0") -> Asked:
    def first(sql: str) -> tuple[Any, ...]:
        return tuple(row[0] for row in connection.execute(sql, {"listing": listing}).fetchall())

    until = connection.execute("SELECT max(observed_at) FROM page_fetch").fetchall()[0][0]
    midnight = until.replace(hour=0, minute=0, second=0, microsecond=0)
    return Asked(
        listing=listing,
        asins=first(
            "SELECT asin FROM listing WHERE listing = $listing "
            "UNION ALL SELECT asin FROM rival WHERE listing = $listing"
        ),
        keywords=first("SELECT keyword FROM keyword WHERE listing = $listing ORDER BY 1"),
        until=until,
        since=midnight - timedelta(days=29) - HISTORY,
    )


_SHOWN = "asin, epoch_us(observed_at), (price * 100)::BIGINT, bsr, in_stock, review_count"

QUESTIONS: dict[str, str] = {
    "latest of all": f"SELECT {_SHOWN}, title FROM latest",
    "trend, 21 ASINs, 90 days: a row a day": (
        f"SELECT {_SHOWN} FROM daily WHERE list_contains($asins, asin) AND day > $until::DATE - 90"
    ),
    "trend, 21 ASINs, 90 days: every observation": (
        "SELECT p.asin, epoch_us(p.observed_at), (p.price * 100)::BIGINT, b.rank, p.in_stock, p.review_count "
        "FROM product_observation p LEFT JOIN bsr_observation b ON b.fetch_id = p.fetch_id AND b.line = 1 "
        "AND b.observed_at >= $before_90 WHERE list_contains($asins, p.asin) AND p.observed_at >= $before_90"
    ),
    "changes of the last 7 days, all products": (
        "SELECT asin, field, epoch_us(observed_at) FROM changes WHERE observed_at >= $before_7 "
        f"AND field IN ({', '.join(repr(f) for f in FIELDS)})"
    ),
    "data quality of the last 7 days": (
        "SELECT day::VARCHAR, kind, field, reason, missing FROM data_quality WHERE day > $until::DATE - 7 "
        "AND kind <> 'search'"
    ),
    "keyword ranks of a listing, 30 days": (
        "SELECT keyword, day::VARCHAR, asin, organic_position, sponsored_position, pages_read, organic_results "
        "FROM keyword_ranks WHERE listing = $listing AND day > $until::DATE - 30"
    ),
    "share of search of a day, all keywords": (
        "SELECT keyword, asin, places, organic_places, sponsored_places FROM share_of_search "
        "WHERE day = $until::DATE - 1"
    ),
}


def parameters(sql: str, about: Asked) -> dict[str, Any]:
    """The parameters that ``sql`` names."""
    known = {
        "listing": about.listing,
        "asins": list(about.asins),
        "keywords": list(about.keywords),
        "until": about.until.replace(tzinfo=None),
        "before_7": about.before(7),
        "before_90": about.before(90),
    }
    return {name: value for name, value in known.items() if f"${name}" in sql}


def ask(connection: duckdb.DuckDBPyConnection, question: str, about: Asked) -> list[tuple[Any, ...]]:
    sql = QUESTIONS[question]
    return connection.execute(sql, parameters(sql, about)).fetchall()


REPORT: dict[str, tuple[tuple[str, ...], tuple[int, ...]]] = {
    "report: products": ((queries.PRODUCTS, queries.CONTENTS, queries.RANKS), (0, 1, 8)),
    "report: failures": ((queries.FAILURES,), (0, 1, 3)),
    "report: places": ((queries.PLACES,), ()),
    "report: reads": ((queries.READS,), (0, 1, 6, 7)),
}
"""The queries of a report that read much, and the columns of the first one's answers that are compared with the
others'; none: places, which are numbers that have to be read."""


def report(connection: duckdb.DuckDBPyConnection, question: str, about: Asked) -> list[tuple[Any, ...]]:
    """One of these, as a report asks it."""
    span = {
        "marketplace": "com",
        "time_zone": "UTC",
        "asins": list(about.asins),
        "keywords": list(about.keywords),
        "misread": [],
        "since": about.since,
        "until": about.until,
        "postal_code": None,
    }
    answers = [rows(connection, sql, span) for sql in REPORT[question][0]]
    return answers[0]


def compared(question: str, answer: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The part of an answer to a question of a report that is compared with the others'."""
    if not REPORT[question][1]:
        return [(row[0], row[1], place_of(row[2]).organic, place_of(row[2]).sponsored) for row in answer]
    return [tuple(row[column] for column in REPORT[question][1]) for row in answer]
