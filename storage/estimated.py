"""What products are estimated to have sold, as rows. They follow from the observations, so they are replaced as they
are made anew."""

from collections.abc import Sequence
from datetime import date

import duckdb
import msgspec

from storage.rows import insert


class EstimateRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row of ``stored.sales_estimate``: units, and the reason where there are none."""

    marketplace: str
    asin: str
    category: str | None
    day: date
    low: int | None
    mid: int | None
    high: int | None
    month_low: int | None
    month_mid: int | None
    month_high: int | None
    reason: str | None
    basis: str | None
    method: str


def replace_estimates(connection: duckdb.DuckDBPyConnection, rows: Sequence[EstimateRow]) -> None:
    """Put them in the place of what was estimated of their days before, inside the caller's transaction."""
    for marketplace, day in sorted({(row.marketplace, row.day) for row in rows}):
        connection.execute("DELETE FROM stored.sales_estimate WHERE marketplace = ? AND day = ?", [marketplace, day])
    insert(connection, "stored.sales_estimate", rows)
