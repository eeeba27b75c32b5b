"""One listing's report as values: everything that its forms tell, put together once, in no language yet."""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from reports.compare import compare
from reports.flags import Flag
from reports.period import Asked, Days, Period
from reports.series import Comparison
from reports.stored import StoredMove, moves_since, told
from storage.judged import Judgement


@dataclass(frozen=True, slots=True)
class Report:
    """What happened to a listing and its rivals in a period."""

    comparison: Comparison
    """Its days are those of the period."""
    period: Period
    shown: Days
    """The days of the charts: those of the period, and before a short one as many more as a line needs."""
    flags: Sequence[Flag]
    """Those of the period, the newest day first, the most severe first."""
    moves: Sequence[StoredMove]


def report(
    con: duckdb.DuckDBPyConnection, listing: str, asked: Asked | None = None, unkept: Judgement | None = None
) -> Report:
    """The report of a listing. ``unkept``: what was judged and could not be stored, see :func:`reports.stored.told`.

    Raises LookupError when the listing was not configured then, or nothing has been crawled for it.
    """
    asked = asked or Asked()
    comparison = compare(con, listing, days=asked.count)
    period = asked.period(comparison.days[-1])
    days = comparison.days
    return Report(
        comparison=comparison,
        period=period,
        shown=Days(days[0], days[-1]),
        flags=told(con, listing, days[0], days[-1], unkept),
        moves=moves_since(con, listing, days[0], days[-1]),
    )
