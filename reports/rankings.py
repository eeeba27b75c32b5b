"""What the ranked lists of a listing showed: the newest reading of the period, the one before, and one of a week ago.

A reading is one list in one crawl. Its pages count from the first one on, as far as they were read without a gap; a
list that said that it ends there is known to its end.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import takewhile
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import duckdb

from reports.gather import instant, rows
from reports.period import ONE, Period
from reports.series import Comparison
from reports.watched import midnight

WEEK, LATE = 7, 3
"""Days that a reading lies before the newest one to be of a week before, and how many more it may."""

_PATHS = """
SELECT DISTINCT path FROM watched_list
WHERE listing = $listing AND marketplace = $marketplace
  AND valid_from < $end AND (valid_to IS NULL OR valid_to > $begin)
"""
# A page asked for twice in one run counts by its last answer, a good one first.
_PAGES = f"""
SELECT path, run_id, page, fetch_id, outcome, attempts, epoch_us(observed_at)
FROM (
    SELECT *, '/' || regexp_extract(task, '^[^/]*/[^/]*/[^/]*/(.*)$', 1) AS path FROM page_fetch
    WHERE kind = 'bestsellers' AND marketplace = $marketplace AND observed_at < $end
) SEMI JOIN ({_PATHS}) USING (path)
QUALIFY row_number() OVER (PARTITION BY path, run_id, page
                           ORDER BY outcome = 'ok' DESC, observed_at DESC, fetch_id DESC) = 1
ORDER BY path, run_id, page
"""  # noqa: S608 - the only insertion is the constant above
_ENTRIES = """
SELECT fetch_id, ranking, category, category_id, rank, asin, title, price, currency, rating, review_count
FROM stored.list_place SEMI JOIN (SELECT unnest($fetches::BIGINT[]) AS fetch_id) USING (fetch_id)
LEFT JOIN stored.title USING (title_id)
ORDER BY fetch_id, rank
"""
# When each product of the newest readings stood on its list first, and last before them.
_PAST = """
SELECT ranking, coalesce(category_id, category, ''), asin, epoch_us(min(observed_at)),
       epoch_us(max(observed_at) FILTER (NOT list_contains($newest::BIGINT[], fetch_id)))
FROM stored.list_place SEMI JOIN (SELECT unnest($asins::VARCHAR[]) AS asin) USING (asin)
WHERE marketplace = $marketplace AND observed_at < $end
GROUP BY ALL
"""
_PLACES = """
SELECT keyword, asin, min(organic_position), min(sponsored_position), any_value(title)
FROM stored.placement LEFT JOIN stored.title USING (title_id)
SEMI JOIN (SELECT unnest($keywords::VARCHAR[]) AS keyword, unnest($runs::VARCHAR[]) AS run_id) USING (keyword, run_id)
SEMI JOIN (SELECT unnest($asins::VARCHAR[]) AS asin) USING (asin)
WHERE marketplace = $marketplace AND observed_at >= $since AND observed_at < $end
GROUP BY keyword, asin ORDER BY keyword, asin
"""


class Entry(NamedTuple):
    """A product of a list, as the list shows it."""

    rank: int
    asin: str
    title: str | None = None
    price: Decimal | None = None
    currency: str | None = None
    rating: Decimal | None = None
    review_count: int | None = None


class Key(NamedTuple):
    """Which list it is, whatever the address."""

    ranking: str
    category: str | None
    category_id: str | None

    @property
    def name(self) -> tuple[str, str]:
        """What makes it the same list: the node where it has one."""
        return self.ranking, self.category_id or self.category or ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A list in one crawl."""

    observed_at: datetime
    day: date
    """Local."""
    pages: int
    """Read from the first on, without a gap."""
    ended: bool
    """Whether the list said that it ends there."""
    entries: Mapping[str, Entry]
    """By ASIN, the best rank first; each product once."""

    @property
    def reach(self) -> int:
        """The last rank that was read."""
        return max((entry.rank for entry in self.entries.values()), default=0)

    def covers(self, other: "Reading") -> bool:
        """Whether who stands in the other and not in this one is not on this list at all, as far as lists are read."""
        return self.ended or self.pages >= other.pages


@dataclass(frozen=True, slots=True)
class Ranking:
    """One list with its readings."""

    path: str
    key: Key
    newest: Reading
    before: Reading | None
    """The one before it."""
    week: Reading | None
    """The latest that lies at least a week before it, and not much more."""
    days: tuple[date, ...]
    """Of all its readings up to the newest, in order."""
    past: Mapping[str, tuple[date, date | None]]
    """By ASIN of the newest, the first day on it ever, and the last one before the newest reading."""


@dataclass(frozen=True, slots=True)
class Rankings:
    """All lists of a listing, and where their products stand for its keywords."""

    lists: tuple[Ranking, ...] = ()
    unread: Mapping[str, tuple[str | None, date | None]] | None = None
    """Path of a list that was not read in the period -> outcome, where it was asked for, and the last day it was."""
    places: Mapping[str, tuple[tuple[str, int | None, int | None], ...]] | None = None
    """By ASIN, keyword with organic and sponsored place, in the readings that are current at the end."""
    titles: Mapping[str, str] | None = None
    """Of those, as the results show them: a list shows the titles of its first entries only."""


NO_RANKINGS = Rankings()


class _Pages(NamedTuple):
    """What came of one list in one crawl."""

    observed_at: datetime
    fetches: tuple[int, ...]
    ended: bool
    outcome: str


def rankings(con: duckdb.DuckDBPyConnection, comparison: Comparison, period: Period) -> Rankings:
    """What is known at the end of the period of the lists that are read for a listing."""
    zone = ZoneInfo(comparison.time_zone)
    begin = midnight(period.days.first, comparison.time_zone)
    bounds: dict[str, Any] = {
        "listing": comparison.listing,
        "marketplace": comparison.marketplace,
        "begin": begin,
        "end": midnight(period.days.last + ONE, comparison.time_zone),
    }
    paths = [path for (path,) in rows(con, _PATHS + "ORDER BY path", bounds)]
    if not paths:
        return NO_RANKINGS
    crawls = _crawls(rows(con, _PAGES, bounds))
    chosen: dict[str, tuple[_Pages, _Pages | None, _Pages | None]] = {}
    unread: dict[str, tuple[str | None, date | None]] = {}
    for path in paths:
        read = [each for each in crawls[path] if each.fetches]
        if read and read[-1].observed_at >= begin:
            chosen[path] = _compared(read, zone)
        else:
            asked = [each for each in crawls[path] if each.observed_at >= begin]
            last = read[-1].observed_at.astimezone(zone).date() if read else None
            unread[path] = (asked[-1].outcome if asked else None), last
    every = [each for three in chosen.values() for each in three if each]
    entries: dict[int, list[tuple[Key, Entry]]] = defaultdict(list)
    fetches = [fetch for each in every for fetch in each.fetches]
    for fetch, ranking, category, node, *entry in rows(con, _ENTRIES, {"fetches": fetches}):
        entries[fetch].append((Key(ranking, category, node), Entry(*entry)))
    newest = [fetch for three in chosen.values() for fetch in three[0].fetches]
    asins = sorted({entry.asin for fetch in newest for _, entry in entries[fetch]})
    old = {name: bounds[name] for name in ("marketplace", "end")} | {"newest": newest, "asins": asins}
    past: dict[tuple[str, str], dict[str, tuple[date, date | None]]] = defaultdict(dict)
    for ranking, category, asin, first, last in rows(con, _PAST, old):
        seen = None if last is None else instant(last).astimezone(zone).date()
        past[ranking, category][asin] = instant(first).astimezone(zone).date(), seen
    found = []
    for path, (now, *earlier) in chosen.items():
        days = tuple(each.observed_at.astimezone(zone).date() for each in crawls[path] if each.fetches)
        for key, reading in _readings(now, entries, zone):
            before, week = (
                next((r for k, r in _readings(e, entries, zone) if k.name == key.name), None) if e else None
                for e in earlier
            )
            found.append(Ranking(path, key, reading, before, week, days, past[key.name]))
    return Rankings(tuple(found), unread, *_places(con, comparison, bounds, asins))


def _crawls(pages: Sequence[Any]) -> Mapping[str, list[_Pages]]:
    """By path, what came of each crawl of the list, in order of time."""
    grouped: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for path, run_id, *page in pages:
        grouped[path, run_id].append(page)
    found: dict[str, list[_Pages]] = defaultdict(list)
    for (path, _), asked in grouped.items():
        in_turn = takewhile(lambda each: each[1][0] == each[0] and each[1][2] == "ok", enumerate(asked, 1))
        run = [page for _, page in in_turn]
        following = next((page for page in asked if page[0] == len(run) + 1), None)
        ended = following is not None and following[2] == "not_found" and not following[3]
        outcome = next((page[2] for page in asked if page[2] != "ok"), "ok")
        at = instant(max(page[4] for page in run or asked))
        found[path].append(_Pages(at, tuple(page[1] for page in run), ended, outcome))
    for crawls in found.values():
        crawls.sort(key=lambda each: each.observed_at)
    return found


def _compared(read: Sequence[_Pages], zone: ZoneInfo) -> tuple[_Pages, _Pages | None, _Pages | None]:
    """The newest, the one before it, and that of a week before."""
    newest = read[-1]
    day = newest.observed_at.astimezone(zone).date()
    span = day - timedelta(days=WEEK + LATE), day - timedelta(days=WEEK)
    week = [each for each in read[:-1] if span[0] <= each.observed_at.astimezone(zone).date() <= span[1]]
    return newest, read[-2] if len(read) > 1 else None, week[-1] if week else None


def _readings(
    pages: _Pages, entries: Mapping[int, Sequence[tuple[Key, Entry]]], zone: ZoneInfo
) -> Iterator[tuple[Key, Reading]]:
    """The lists of one crawl's pages: one, but on a front page."""
    lists: dict[tuple[str, str], tuple[Key, dict[str, Entry]]] = {}
    for fetch in pages.fetches:
        for key, entry in entries.get(fetch, ()):
            lists.setdefault(key.name, (key, {}))[1].setdefault(entry.asin, entry)
    day = pages.observed_at.astimezone(zone).date()
    for key, shown in lists.values():
        yield key, Reading(pages.observed_at, day, len(pages.fetches), pages.ended, shown)


def _places(
    con: duckdb.DuckDBPyConnection, comparison: Comparison, bounds: Mapping[str, Any], asins: Sequence[str]
) -> tuple[Mapping[str, tuple[tuple[str, int | None, int | None], ...]], Mapping[str, str]]:
    """Where products stand for the keywords at the end, and their titles there."""
    reads = {k.keyword: read for k in comparison.keywords if (read := k.current(comparison.until))}
    if not reads or not asins:
        return {}, {}
    asked = {
        "keywords": list(reads),
        "runs": [read.run_id for read in reads.values()],
        "asins": list(asins),
        "marketplace": comparison.marketplace,
        "since": min(read.began_at for read in reads.values()),
        "end": bounds["end"],
    }
    found: dict[str, list[tuple[str, int | None, int | None]]] = defaultdict(list)
    titles = {}
    for keyword, asin, organic, sponsored, title in rows(con, _PLACES, asked):
        found[asin].append((keyword, organic, sponsored))
        if title:
            titles[asin] = title
    return {asin: tuple(places) for asin, places in found.items()}, titles
