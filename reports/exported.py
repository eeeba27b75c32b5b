"""What the seller's own exports say of one product in some days, as the database has it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import duckdb

from reports.period import Days
from reports.series import Comparison


@dataclass(frozen=True, slots=True)
class Day:
    """Of one day; None where no export of that single day says it. Amounts are in the listing's currency."""

    day: date
    sessions: int | None = None
    page_views: int | None = None
    units: int | None = None
    orders: int | None = None
    sales: Decimal | None = None
    buy_box_percent: Decimal | None = None
    ad_clicks: int | None = None
    ad_spend: Decimal | None = None
    ad_sales: Decimal | None = None
    ad_orders: int | None = None
    fulfillable: int | None = None
    inbound: int | None = None


@dataclass(frozen=True, slots=True)
class Longer:
    """Of several days at once, which no single one can be told from."""

    days: Days
    units: int | None
    sessions: int | None
    sales: Decimal | None
    ad_spend: Decimal | None


@dataclass(frozen=True, slots=True)
class Searched:
    """What one search term cost and brought."""

    term: str
    clicks: int | None
    spend: Decimal | None
    sales: Decimal | None
    orders: int | None


@dataclass(frozen=True, slots=True)
class Exported:
    """All of it."""

    days: Mapping[date, Day] = field(default_factory=dict)
    longer: tuple[Longer, ...] = ()
    """The newest first."""
    terms: tuple[Searched, ...] = ()
    """Of the ad groups that advertise the product, those that cost most first."""
    terms_of: Days | None = None
    """The days that the search terms are of."""
    any: bool = False
    """Whether there was ever anything of this product."""


NOTHING = Exported()
MOST_TERMS = 15

_DAYS = """
SELECT day, sessions, page_views, units, orders, CASE WHEN known THEN sales END, buy_box_percent, ad_clicks,
       CASE WHEN known THEN ad_spend END, CASE WHEN known THEN ad_sales END, ad_orders, fulfillable, inbound
FROM (SELECT *, coalesce(currency = $currency, false) AS known FROM own_daily
      WHERE marketplace = $marketplace AND asin = $asin AND day BETWEEN $first AND $last)
ORDER BY day
"""
_LONGER = """
SELECT first_day, last_day, sum(units)::INTEGER, sum(sessions)::INTEGER, sum(sales), sum(ad_spend) FROM (
    SELECT first_day, last_day, units, sessions, CASE WHEN currency = $currency THEN sales END AS sales,
           NULL AS ad_spend
    FROM own_sales
    WHERE marketplace = $marketplace AND asin = $asin AND days > 1 AND first_day <= $to AND last_day >= $since
    UNION ALL
    SELECT first_day, last_day, NULL, NULL, NULL, CASE WHEN currency = $currency THEN spend END
    FROM own_ads
    WHERE marketplace = $marketplace AND asin = $asin AND days > 1 AND first_day <= $to AND last_day >= $since
)
GROUP BY ALL ORDER BY last_day DESC, first_day DESC
"""
_TERMS = """
WITH mine AS (
    SELECT DISTINCT campaign, ad_group FROM stored.own_ads WHERE marketplace = $marketplace AND asin = $asin
),
found AS (  -- as own_search_term has them, of these ad groups alone
    SELECT t.*, first_day = last_day AS single FROM stored.own_search_term t JOIN mine m
      ON t.campaign IS NOT DISTINCT FROM m.campaign AND t.ad_group IS NOT DISTINCT FROM m.ad_group
    WHERE marketplace = $marketplace AND currency = $currency AND first_day >= $since AND last_day <= $to
    QUALIFY import_id = max(import_id) OVER (
        PARTITION BY t.campaign, t.ad_group, targeting, match_type, search_term, first_day, last_day
    )
),
chosen AS (  -- days that are told one by one, else the longest that are told at once; never both
    SELECT single, CASE WHEN NOT single THEN first_day END AS since, CASE WHEN NOT single THEN last_day END AS until,
           min(first_day) AS first, max(last_day) AS last
    FROM found GROUP BY ALL ORDER BY single DESC, last - first DESC, last DESC LIMIT 1
)
SELECT lower(search_term), sum(clicks)::INTEGER, sum(spend), sum(f.sales), sum(orders)::INTEGER, any_value(c.first),
       any_value(c.last)
FROM found f JOIN chosen c ON f.single AND c.single OR (f.first_day = c.since AND f.last_day = c.until)
GROUP BY lower(search_term) ORDER BY sum(spend) DESC NULLS LAST, 1 LIMIT $most
"""
_ANY = """
SELECT EXISTS (FROM stored.own_sales WHERE marketplace = $marketplace AND asin = $asin)
    OR EXISTS (FROM stored.own_ads WHERE marketplace = $marketplace AND asin = $asin)
    OR EXISTS (FROM stored.own_stock WHERE marketplace = $marketplace AND asin = $asin)
"""


def exported(con: duckdb.DuckDBPyConnection, comparison: Comparison, reach: Days, days: Days) -> Exported:
    """What the exports say of the own product: day by day as far as ``reach``, search terms and longer rows of
    ``days``."""
    about = {"marketplace": comparison.marketplace, "asin": comparison.own.asin}
    (known,) = con.execute(_ANY, about).fetchone() or (False,)
    if not known:
        return NOTHING
    about |= {"currency": comparison.currency}
    within = {"since": days.first, "to": days.last}
    found = con.execute(_DAYS, {**about, "first": reach.first, "last": reach.last}).fetchall()
    longer = con.execute(_LONGER, {**about, **within}).fetchall()
    terms = con.execute(_TERMS, {**about, **within, "most": MOST_TERMS}).fetchall()
    return Exported(
        days={row[0]: Day(*row) for row in found},
        longer=tuple(Longer(Days(first, last), *rest) for first, last, *rest in longer),
        terms=tuple(Searched(*row[:5]) for row in terms),
        terms_of=Days(terms[0][5], terms[0][6]) if terms else None,
        any=True,
    )
