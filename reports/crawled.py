"""What one crawl run read, what it did not and why, at which pace, and which fields went missing or came back."""

from datetime import datetime

import duckdb
import msgspec

NOTEWORTHY = 0.1
"""Share of the pages by which the pages that lack a field must have become more, or fewer, to be named."""


class Gap(msgspec.Struct, frozen=True, kw_only=True):
    """Planned pages that were not read, for one reason."""

    marketplace: str
    outcome: str
    """As in ``page_fetch``; ``pending`` while nothing has come of them yet."""
    detail: str | None
    pages: int
    tasks: tuple[str, ...]
    """Some of them, at most three."""


class Shift(msgspec.Struct, frozen=True, kw_only=True):
    """A field that clearly more, or clearly fewer, pages lack than in the run before, of those that both have read."""

    marketplace: str
    kind: str
    field: str
    before: float
    """Share of the pages without it, 0 to 1."""
    now: float


class Crawled(msgspec.Struct, frozen=True, kw_only=True):
    """One crawl run, accounted for to the last page."""

    run_id: str
    trigger: str
    scope: str | None
    state: str
    started_at: datetime
    finished_at: datetime | None
    planned: int
    read: int
    unread: int
    """Pages that are there, as far as is known, and were not read."""
    coverage: float
    """Share of the planned pages that left nothing unread, 0 to 1; 1 when nothing was planned."""
    outcomes: dict[str, int]
    attempts: int
    """Requests made for pages, all tries counted."""
    bytes: int
    """Size of all pages that came, as decoded."""
    seconds: float
    """From the run's start to its last page, pauses and interruptions included."""
    elsewhere: int
    """Pages that were made for another place or currency than asked for."""
    gaps: tuple[Gap, ...]
    shifts: tuple[Shift, ...]
    """Against the run of the same scope before."""

    @property
    def per_minute(self) -> float | None:
        """Requests a minute; None when they took no time that can be told."""
        return self.attempts * 60 / self.seconds if self.seconds >= 1 else None


def lately(connection: duckdb.DuckDBPyConnection) -> tuple[Crawled, ...]:
    """Account for the newest run of every scope, of the day before the newest of all; the newest first."""
    runs = connection.execute(
        """
        SELECT run_id FROM crawl_run WHERE trigger <> 'import'
        QUALIFY row_number() OVER (PARTITION BY scope ORDER BY started_at DESC, run_id DESC) = 1
                AND started_at > max(started_at) OVER () - INTERVAL 1 DAY
        ORDER BY started_at DESC, run_id DESC
        """
    ).fetchall()
    found = (crawled(connection, run_id) for (run_id,) in runs)
    return tuple(each for each in found if each)


def crawled(connection: duckdb.DuckDBPyConnection, run_id: str | None = None) -> Crawled | None:
    """Account for a run, the newest crawl when none is named; None when there is no such run."""
    found = connection.execute(
        "SELECT run_id, trigger, scope, state, started_at, finished_at FROM crawl_run "
        "WHERE trigger <> 'import' AND ($1 IS NULL OR run_id = $1) ORDER BY started_at DESC, run_id DESC LIMIT 1",
        [run_id],
    ).fetchone()
    if not found:
        return None
    run_id, trigger, scope, state, started_at, finished_at = found
    rows = connection.execute(
        "SELECT planned, read, unread, outcomes, attempts, bytes, last_at FROM crawl_coverage WHERE run_id = ?",
        [run_id],
    ).fetchall()
    outcomes: dict[str, int] = {}
    for _, _, _, counts, *_ in rows:
        for outcome, pages in counts.items():
            outcomes[outcome] = outcomes.get(outcome, 0) + pages
    planned, read, unread = (sum(row[column] for row in rows) for column in range(3))
    last_at = max((row[6] for row in rows if row[6]), default=started_at)
    elsewhere = connection.execute(
        "SELECT count(*) FROM page_fetch WHERE run_id = ? AND elsewhere IS NOT NULL", [run_id]
    ).fetchone()
    return Crawled(
        run_id=run_id,
        trigger=trigger,
        scope=scope,
        state=state,
        started_at=started_at,
        finished_at=finished_at,
        planned=planned,
        read=read,
        unread=unread,
        coverage=1 - unread / planned if planned else 1.0,
        outcomes=dict(sorted(outcomes.items(), key=lambda item: -item[1])),
        attempts=sum(row[4] for row in rows),
        bytes=sum(row[5] for row in rows),
        seconds=max((last_at - started_at).total_seconds(), 0.0),
        elsewhere=elsewhere[0] if elsewhere else 0,
        gaps=_gaps(connection, run_id),
        shifts=_shifts(connection, run_id, scope, started_at),
    )


def _gaps(connection: duckdb.DuckDBPyConnection, run_id: str) -> tuple[Gap, ...]:
    rows = connection.execute(
        """
        SELECT marketplace, outcome, detail, count(*), list(task ORDER BY task)[:3]
        FROM crawl_item
        WHERE run_id = ? AND unread
        GROUP BY ALL ORDER BY count(*) DESC, marketplace, outcome, detail
        """,
        [run_id],
    ).fetchall()
    return tuple(
        Gap(marketplace=marketplace, outcome=outcome, detail=detail, pages=pages, tasks=tuple(tasks))
        for marketplace, outcome, detail, pages, tasks in rows
    )


def _shifts(
    connection: duckdb.DuckDBPyConnection, run_id: str, scope: str | None, started_at: datetime
) -> tuple[Shift, ...]:
    before = connection.execute(
        "SELECT run_id FROM crawl_run WHERE trigger <> 'import' AND scope IS NOT DISTINCT FROM ? AND started_at < ? "
        "ORDER BY started_at DESC, run_id DESC LIMIT 1",
        [scope, started_at],
    ).fetchone()
    if not before:
        return ()
    rows = connection.execute(
        """
        WITH page AS (
            SELECT run_id = $now AS now, marketplace, kind, fetch_id
            FROM page_fetch WHERE run_id IN ($now, $before) AND outcome = 'ok'
            -- Like with like: pages that both have read. The first few of a run cut off differ from all.
            QUALIFY count(DISTINCT run_id) OVER (PARTITION BY task) = 2
        ),
        total AS (SELECT now, marketplace, kind, count(*) AS pages FROM page GROUP BY ALL),
        lacking AS (
            SELECT p.now, p.marketplace, p.kind, m.field, count(DISTINCT m.fetch_id) AS pages
            FROM missing_value m JOIN page p ON p.fetch_id = m.fetch_id
            WHERE m.run_id IN ($now, $before) AND m.position IS NULL
            GROUP BY ALL
        ),
        share AS (
            SELECT f.marketplace, f.kind, f.field,
                   coalesce(max(l.pages / t.pages) FILTER (NOT t.now), 0) AS before,
                   coalesce(max(l.pages / t.pages) FILTER (t.now), 0) AS now
            FROM (SELECT DISTINCT marketplace, kind, field FROM lacking) AS f
            JOIN total t USING (marketplace, kind)
            LEFT JOIN lacking l
                   ON l.now = t.now AND l.marketplace = f.marketplace AND l.kind = f.kind AND l.field = f.field
            GROUP BY ALL
        )
        SELECT marketplace, kind, field, before, now FROM share WHERE abs(now - before) >= $noteworthy
        ORDER BY abs(now - before) DESC, marketplace, kind, field
        """,
        {"now": run_id, "before": before[0], "noteworthy": NOTEWORTHY},
    ).fetchall()
    return tuple(
        Shift(marketplace=marketplace, kind=kind, field=field, before=before, now=now)
        for marketplace, kind, field, before, now in rows
    )
