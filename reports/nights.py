"""Which days there is data of, listing by listing, and how grave what happened on them was."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

import duckdb
import msgspec

from reports.flags import Severity
from reports.gather import rows
from reports.sentences import Facts

DAYS = """
WITH zones AS (
    SELECT listing, arg_max(time_zone, valid_from) AS time_zone FROM listing
    WHERE $listing IS NULL OR listing = $listing GROUP BY ALL
),
watched AS (
    SELECT DISTINCT listing, marketplace, asin, time_zone
    FROM (SELECT listing, marketplace, asin FROM listing UNION SELECT listing, marketplace, asin FROM rival)
    JOIN zones USING (listing)
)
SELECT DISTINCT listing, (observed_at AT TIME ZONE time_zone)::DATE AS day
FROM page_fetch JOIN watched USING (marketplace, asin)
WHERE kind = 'product' AND outcome = 'ok' AND NOT starts_with(task, 'import/') AND observed_at >= $since
ORDER BY listing, day
"""
FLAGS = """
SELECT listing, day, severity, count(*) FROM flags
WHERE NOT silent AND ($listing IS NULL OR listing = $listing)
GROUP BY ALL
"""
# What is gravest of the newest day with flags of each listing, the own product first.
GRAVEST = """
SELECT listing, day, severity, own, asin, says, facts FROM flags
WHERE NOT silent
QUALIFY day = max(day) OVER (PARTITION BY listing) AND row_number() OVER (
    PARTITION BY listing, day
    ORDER BY list_position(['high', 'medium', 'low'], severity), own DESC, observed_at DESC, kind, asin, keyword
) <= $count
ORDER BY listing, list_position(['high', 'medium', 'low'], severity), own DESC, observed_at DESC, kind, asin, keyword
"""


@dataclass(frozen=True, slots=True)
class Night:
    """A local day of which product pages were read, with the flags that it brought (muted ones not counted)."""

    day: date
    high: int = 0
    medium: int = 0
    low: int = 0

    @property
    def flags(self) -> int:
        return self.high + self.medium + self.low

    @property
    def gravest(self) -> Severity | None:
        """None where nothing was flagged."""
        return next((s for s in sorted(Severity, reverse=True) if getattr(self, s.word)), None)


class Told(NamedTuple):
    """A flag as the index tells it."""

    day: date
    severity: Severity
    own: bool
    asin: str | None
    """None: the market, or several products."""
    says: tuple[str, ...]
    facts: Facts


def gravest(con: duckdb.DuckDBPyConnection, count: int) -> dict[str, list[Told]]:
    """By listing, at most so many flags of the newest day that brought any, the gravest first."""
    found: dict[str, list[Told]] = defaultdict(list)
    for name, day, severity, own, asin, says, facts in rows(con, GRAVEST, {"count": count}):
        found[name].append(Told(day, Severity[severity.upper()], own, asin, tuple(says), msgspec.json.decode(facts)))
    return dict(found)


def nights(con: duckdb.DuckDBPyConnection, since: datetime, listing: str | None = None) -> dict[str, list[Night]]:
    """By listing, its days with data since an instant (UTC), the oldest first; of one listing, or of all that have any.

    What was imported is no night.
    """
    flagged: dict[tuple[str, date], dict[str, int]] = defaultdict(dict)
    for name, day, severity, count in rows(con, FLAGS, {"listing": listing}):
        flagged[name, day][severity] = count
    found: dict[str, list[Night]] = defaultdict(list)
    for name, day in rows(con, DAYS, {"listing": listing, "since": since}):
        found[name].append(Night(day, **flagged[name, day]))
    return dict(found)
