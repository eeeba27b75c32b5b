"""What was judged before, read back from the database."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

import duckdb
import msgspec

from reports.flags import Evidence, Flag, Kind, Severity
from reports.flags.judge import order
from reports.sentences import Facts, sentence
from reports.silence import Silence, muted
from storage.judged import FlagRow, Judgement

MEMORY = timedelta(days=35)
"""A move is not changed by what is seen later than this after its last flag and its end: see reports/MOVES.md."""

_NAMES = (
    "kind", "severity", "marketplace", "asin", "own", "keyword", "day", "before_at", "since", "observed_at",
    "before", "after", "magnitude", "chance", "says", "facts", "before_fetch", "after_fetch",
)  # fmt: skip
_COLUMNS = ", ".join(f"f.{name}" for name in _NAMES)

FLAGS = f"""
SELECT {_COLUMNS}, sql
FROM stored.flag f
WHERE f.listing = $listing AND f.day BETWEEN $first AND $last
"""  # noqa: S608 - the only insertion is the constant above
"""Of some days of a listing."""

MUTES = """
SELECT listing, asin, kind, until, said_at FROM stored.silence WHERE move_id IS NULL AND withdrawn_at IS NULL
"""
HASHES = "SELECT fetch_id, page_hash FROM page_fetch SEMI JOIN (SELECT unnest($fetches) AS fetch_id) USING (fetch_id)"

MOVES = """
SELECT move_id, asin, own, theme, severity, started, state, ended, duration, flags,
       list_max([e.day FOR e IN events]) AS news, says, facts
FROM moves
WHERE listing = $listing AND NOT silent AND started <= $last AND (state = 'open' OR news BETWEEN $first AND $last)
"""
EFFECTS = """
SELECT move_id, verdict, says, facts FROM effects WHERE listing = ?
ORDER BY verdict NOT IN ('better', 'worse'), verdict, metric, keyword
"""

NEWS = """
WITH told AS (
    SELECT listing, move_id, asin, severity FROM moves WHERE NOT silent AND list_contains($severities, severity)
),
fresh AS (
    SELECT listing, move_id, unnest(events).news AS what, unnest(events).day AS day FROM moves
    UNION
    SELECT listing, move_id, kind, day FROM flags WHERE NOT silent AND list_contains($severities, severity)
)
SELECT listing, move_id, what, day
FROM fresh JOIN told USING (listing, move_id) JOIN stored.judged USING (listing)
WHERE day > last_day - $days::INTEGER
ORDER BY ALL
"""

CHANGEABLE = f"""
WITH asked AS (SELECT unnest($listings) AS listing, unnest($firsts) AS first),
lasting AS (
    SELECT listing, move_id, first FROM stored.move JOIN asked USING (listing)
    WHERE state = 'open' OR greatest(last_day, ended) >= first - {MEMORY.days}
)
SELECT listing, {_COLUMNS}, NULL, NULL, ''
FROM stored.flag f JOIN lasting USING (listing, move_id)
WHERE f.day < first
"""  # noqa: S608
"""Those told before a day of the moves that it may change."""


def told(
    con: duckdb.DuckDBPyConnection, listing: str, first: date, last: date, unkept: Judgement | None = None
) -> list[Flag]:
    """The flags of these local days of a listing, as they are listed, without those that the user has muted.

    ``unkept``: what has been judged and could not be stored, since somebody else was writing.
    """
    before = min(last, unkept.since - timedelta(days=1)) if unkept else last
    rows = con.execute(FLAGS, {"listing": listing, "first": first, "last": before}).fetchall()
    rows += [_row(flag) for flag in (unkept.flags if unkept else ()) if first <= flag.day <= last]
    fetches = [fetch for row in rows for fetch in row[-3:-1] if fetch is not None]
    hashes = dict(con.execute(HASHES, {"fetches": fetches}).fetchall())
    found = [_flag(*row[:-1], *map(hashes.get, row[-3:-1]), row[-1]) for row in rows]
    mutes = [
        Silence(of, asin, Kind(kind) if kind else None, until, since)
        for of, asin, kind, until, since in con.execute(MUTES).fetchall()
    ]
    now = datetime.now(UTC)
    return sorted((flag for flag in found if not muted(flag, listing, mutes, now)), key=order)


@dataclass(frozen=True, slots=True)
class StoredMove:
    """A move as the database has it, with what it did to the own listing."""

    move_id: str
    asin: str | None
    own: bool
    theme: str
    severity: Severity
    started: date
    state: str
    ended: date | None
    duration: int
    flags: int
    news: date
    """The newest day on which there was something new of it."""
    says: tuple[str, ...]
    facts: Facts
    effects: tuple[tuple[str, tuple[str, ...], Facts], ...]
    """Verdict, templates and facts of each measured effect, those that are one first."""

    def said(self, language: str) -> str:
        return sentence(self.says, self.facts, language)


def moves_since(con: duckdb.DuckDBPyConnection, listing: str, first: date, last: date) -> list[StoredMove]:
    """The moves of a listing that last on the local day ``last``, or of which there was news from ``first`` to then;
    not those that the user does not want to be told. What lasts on the own listing first, then the newest."""
    measured: dict[str, list[tuple[str, tuple[str, ...], Facts]]] = defaultdict(list)
    for move_id, verdict, says, facts in con.execute(EFFECTS, [listing]).fetchall():
        measured[move_id].append((verdict, tuple(says), msgspec.json.decode(facts)))
    found = []
    for move_id, asin, own, theme, severity, *rest, says, facts in con.execute(
        MOVES, {"listing": listing, "first": first, "last": last}
    ).fetchall():
        more = [*rest, tuple(says), msgspec.json.decode(facts), tuple(measured[move_id])]
        found.append(StoredMove(*[move_id, asin, own, theme, Severity[severity.upper()], *more]))
    return sorted(found, key=lambda m: (not m.own or m.state != "open", -m.news.toordinal(), -m.severity, m.move_id))


class Fresh(NamedTuple):
    """Something new of a move on a local day: that it began, became graver or ended, or a serious flag of a kind."""

    listing: str
    move_id: str
    what: str
    day: date


def news(con: duckdb.DuckDBPyConnection, least: Severity, days: int) -> list[Fresh]:
    """What was new on the newest ``days`` judged days of each listing of moves that are no less severe than ``least``.

    A continuing move is not told anew, but a serious flag that joins it is.
    """
    severities = [severity.word for severity in Severity if severity >= least]
    return [Fresh(*row) for row in con.execute(NEWS, {"severities": severities, "days": days}).fetchall()]


def stored_flags(con: duckdb.DuckDBPyConnection, firsts: Mapping[str, date]) -> dict[str, list[Flag]]:
    """By listing, the flags before the given day of those moves that later flags may belong to or end; without what
    only a reader needs of them, hashes and SQL."""
    found: dict[str, list[Flag]] = defaultdict(list)
    about = {"listings": list(firsts), "firsts": list(firsts.values())}
    for listing, *row in con.execute(CHANGEABLE, about).fetchall() if firsts else ():
        found[listing].append(_flag(*row))
    return found


def _flag(kind: str, severity: str, *row: Any) -> Flag:
    *middle, says, facts, before_fetch, after_fetch, before_hash, after_hash, sql = row
    evidence = Evidence(before_fetch, after_fetch, sql, before_hash, after_hash)
    return Flag(*[Kind(kind), Severity[severity.upper()], *middle, tuple(says), msgspec.json.decode(facts), evidence])


def _row(flag: FlagRow) -> tuple[Any, ...]:
    """A flag that was not stored, as the row that it would have been."""
    return tuple(getattr(flag, name) for name in (*_NAMES, "sql"))
