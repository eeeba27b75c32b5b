"""Which days there is data of, listing by listing, and how grave what happened on them was."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

import duckdb

from reports.flags import Severity
from reports.gather import rows

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
