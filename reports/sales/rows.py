"""Estimates of every product on its marketplace's newest day, as rows to be stored."""

from collections.abc import Iterator
from typing import Any

import duckdb

from reports.sales.estimated import METHOD, Range, estimate
from reports.sales.market import Market
from reports.sentences import ENGLISH
from storage.estimated import EstimateRow

NEWEST = "SELECT marketplace, max(day) FROM stored.product GROUP BY marketplace ORDER BY marketplace"


def estimates(con: duckdb.DuckDBPyConnection) -> Iterator[EstimateRow]:
    """Of each product whose rank was seen up to that day; see :class:`reports.sales.market.Market`."""
    for marketplace, day in con.execute(NEWEST).fetchall():
        market = Market(con, marketplace, day)
        for asin in market.of:
            found = estimate(market, asin)
            why = dict.fromkeys(map(ENGLISH.say, (*found.why_day, *found.why_month)))
            yield EstimateRow(
                marketplace=marketplace,
                asin=asin,
                category=found.category.name if found.category else None,
                day=day,
                **_bounds("", found.day),
                **_bounds("month_", found.month),
                reason="; ".join(why) or None,
                basis="; ".join(map(ENGLISH.say, found.category.basis)) or None if found.category else None,
                method=METHOD,
            )


def _bounds(of: str, units: Range | None) -> dict[str, Any]:
    return {f"{of}{end}": units and getattr(units, end) for end in ("low", "mid", "high")}
