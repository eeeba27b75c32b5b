"""From what was watched and what was seen to comparisons: one listing beside its rivals, over any days.

A day's flags may rest on nothing that was seen after it, and must be the same whenever they are asked for. So days are
cut into blocks of four weeks, counted from a fixed day, and the days of a block are always judged with the same past:
that of the fourteen weeks before its first day.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import duckdb

from reports import queries
from reports.defect import Defect
from reports.gather import Gathered, Span, gather, instant, rows
from reports.sections.quality import gaps
from reports.series import Comparison, KeywordSeries, ProductSeries
from reports.watched import Era, Watched, WatchLists, midnight
from storage.marketplaces import MARKETPLACES

BLOCK = 28
HISTORY = timedelta(days=98)
"""Read before a block: the baselines of the flags reach four weeks back, the lowest price of a quarter 90 days, and a
model that walks from day to day has forgotten where it began."""

FOR_EVER = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Part:
    """Days of one listing that are compared at once: of one block and one era."""

    listing: str
    era: Era
    days: tuple[date, ...]
    until: datetime
    """What came later is left out: the end of the last day, or a moment of it."""

    @property
    def span(self) -> Span:
        """What has to be gathered for it; that of every listing of the marketplace, for the same days, is the same."""
        era = self.era
        since = midnight(block(self.days[0]) - HISTORY, era.time_zone)
        return Span(era.marketplace, era.time_zone, since, self.until, era.postal_code, era.currency)


def compare(
    con: duckdb.DuckDBPyConnection, listing: str, *, days: int = 30, until: datetime | None = None
) -> Comparison:
    """The comparison of ``listing`` over the ``days`` days that end with the day of ``until``.

    What belongs to it is what did at ``until`` (UTC), which defaults to the newest page asked for, read or not: a night
    of blocked pages shows as missing instead of hiding behind the night before. Raises LookupError when the listing is
    not configured at that moment, or nothing has been crawled for it.
    """
    lists = WatchLists(con)
    if until is None:
        until = newest(con).get(listing)
        if until is None:
            raise LookupError(f"nothing has been crawled for listing {listing!r} yet{_known(lists)}")
    era = lists.at(listing, until)
    if era is None:
        raise LookupError(f"listing {listing!r} is not configured at {until:%Y-%m-%d %H:%M} UTC{_known(lists)}")
    window = tuple(era.last - timedelta(days=n) for n in reversed(range(days)))
    part = Part(listing, era, window, until)
    return together(con, lists, part, part.span)


def together(
    con: duckdb.DuckDBPyConnection, lists: WatchLists, part: Part, span: Span, defects: list[Defect] | None = None
) -> Comparison:
    """The comparison of a part, with all that belongs to the listing at its end, from the pages of ``span``.
    ``defects``: see :func:`reports.gather.gather`."""
    products, keywords = members(lists, part, part.until)
    gathered = gather(con, span, [p.name for p in products], [k.name for k in keywords], defects)
    found = comparison(gathered, lists, part, products, keywords)
    return replace(found, gaps=gaps(found))


def newest(con: duckdb.DuckDBPyConnection, before: datetime = FOR_EVER) -> dict[str, datetime]:
    """By listing, the newest page asked for on its behalf before an instant (UTC); without those that nothing was asked
    for."""
    return {listing: instant(at) for listing, at in rows(con, queries.NEWEST, {"before": before})}


def block(day: date) -> date:
    """The first day of the block that a day is in."""
    return date.fromordinal(day.toordinal() // BLOCK * BLOCK)


def parts(lists: WatchLists, listing: str, first: date, until: datetime) -> Iterator[Part]:
    """What has to be compared to judge the days of a listing from ``first`` up to the day of ``until``, in order."""
    for era in lists.eras(listing, until):
        day = max(first, era.first)
        while day <= era.last:
            last = min(era.last, block(day) + timedelta(days=BLOCK - 1))
            end = midnight(last + timedelta(days=1), era.time_zone)
            count = (last - day).days + 1
            days = tuple(day + timedelta(days=n) for n in range(count))
            yield Part(listing, era, days, end - timedelta(microseconds=1))
            day = last + timedelta(days=1)


def members(lists: WatchLists, part: Part, since: datetime) -> tuple[list[Watched], list[Watched]]:
    """The products, the own one first, and the keywords that belonged to the listing between ``since`` and the part's
    end."""
    era, listing = part.era, part.listing
    rivals = lists.rivals(listing, era.marketplace, era.asin)
    keywords = lists.keywords(listing, era.marketplace)
    return (
        [lists.own(listing, era.marketplace, era.asin), *(r for r in rivals if r.during(since, part.until))],
        [k for k in keywords if k.during(since, part.until)],
    )


def comparison(
    gathered: Gathered, lists: WatchLists, part: Part, products: Collection[Watched], keywords: Collection[Watched]
) -> Comparison:
    """The series of a part, put together."""
    era, clock = part.era, ZoneInfo(part.era.time_zone)
    return Comparison(
        listing=part.listing,
        marketplace=era.marketplace,
        host=MARKETPLACES[era.marketplace].host,
        currency=era.currency,
        time_zone=era.time_zone,
        days=part.days,
        until=part.until,
        products=tuple(_product(gathered, p, clock, own=p.name == era.asin) for p in products),
        keywords=tuple(_keyword(gathered, k, clock) for k in keywords),
        gaps=(),
        defects=tuple(d for d in gathered.defects if d.observed_at.astimezone(clock).date() >= part.days[0]),
        expected=lists.expected(part.listing, era.marketplace, era.time_zone),
    )


def _product(gathered: Gathered, watched: Watched, clock: ZoneInfo, *, own: bool) -> ProductSeries:
    observations = gathered.observations.get(watched.name, [])
    return ProductSeries(
        asin=watched.name,
        own=own,
        watched_from=watched.spells[0][0],
        observations=tuple(observations),
        failures=tuple(gathered.failures.get(watched.name, ())),
        daily={o.day: o for o in observations if o.closing},
        watched=watched.days(clock),
        lowest=gathered.lowest.get(watched.name),
    )


def _keyword(gathered: Gathered, watched: Watched, clock: ZoneInfo) -> KeywordSeries:
    reads = gathered.reads.get(watched.name, [])
    daily = {r.day: r for r in reads if r.closing}
    return KeywordSeries(watched.name, watched.pages, watched.spells[0][0], tuple(reads), daily, watched.days(clock))


def _known(lists: WatchLists) -> str:
    """What listings there are, for who asked for another one."""
    return f"; listings in the database: {', '.join(lists.names)}" if lists.names else "; the database has no listing"
