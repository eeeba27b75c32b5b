"""One listing's report as values: everything that its forms tell, put together once, in no language yet."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import duckdb

from reports import watch
from reports.compare import FOR_EVER, Part, newest, together
from reports.defect import Defect
from reports.exported import NOTHING as NO_EXPORTS
from reports.exported import Exported, exported
from reports.flags import Flag
from reports.health import Point, health
from reports.health.rows import Rows, looked_up
from reports.period import ONE, Asked, Days, Period
from reports.rankings import rankings
from reports.sales.market import Market
from reports.sections.against import Compared, against
from reports.sections.contents import Contents, contents
from reports.sections.journal import Journal, Told, journal, told_of
from reports.sections.ledger import Ledger, counted, reviews_of
from reports.sections.lists import Lists, lists
from reports.sections.matrix import Column, matrix
from reports.sections.own import Own, own_numbers, reach
from reports.sections.promotions import Promoted, promotions
from reports.sections.proposals import NO_PROPOSALS, Proposals, proposals
from reports.sections.quality import Quality, quality
from reports.sections.sales import NO_SALES, Sales, sales
from reports.sections.share import PageOne, Shares, page_one, shares
from reports.sections.table import Row, table
from reports.sections.values import Measure
from reports.series import Comparison
from reports.stored import StoredMove, moves_since, told
from reports.watched import Era, WatchLists, midnight
from storage.judged import Judgement

LINE = 28
"""Days that a chart shows at least: fewer make no line."""
NO_PAGES = PageOne({}, {}, {})
NO_CONTENTS = Contents((), {})
NO_ROWS = Rows()
NOTHING_DONE = Told()
NO_REVIEWS = Ledger()
NO_LISTS = Lists()
PAST = timedelta(days=8)
"""Before the first day: reviews a day are counted over a week, or one night more (see reports.sections.table). With it
the days of a line reach back as far as the change over a month does."""


@dataclass(frozen=True, slots=True)
class Report:
    """What happened to a listing and its rivals in a period."""

    comparison: Comparison
    """Its days are those of the period; its series reach back as far as anything is compared with."""
    period: Period
    shown: Days
    """The days of the charts: those of the period, and before a short one as many more as a line needs."""
    marks: Sequence[Flag]
    """The flags of the days shown, the newest day first, the most severe first."""
    flags: Sequence[Flag]
    """Those of the period."""
    moves: Sequence[StoredMove]
    columns: Sequence[Measure]
    """Of the position table."""
    rows: Sequence[Row]
    """Its rows, the own product first."""
    keywords: Sequence[Column]
    """The columns of the keyword matrix."""
    share: Shares
    promotions: Sequence[Promoted]
    contents: Contents
    against: Sequence[Compared]
    quality: Quality
    lists: Lists
    """The ranked lists of its categories at the end of the period."""
    proposals: Proposals
    """Who and what could be watched, and what no longer; nothing of days that are not the newest."""
    health: tuple[Point, ...]
    """Whether the own listing is in order on the last day of the period."""
    journal: Journal
    """What was done to the own listing, and what came of it."""
    ledger: Ledger
    """Bad reviews, and what they complain about."""
    own: Own
    """The seller's own numbers, from exports that were imported."""
    sales: Sales
    """What the products are estimated to sell."""


class Reports:
    """Makes the reports of one state of the database. What several of them rest on is looked up once."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con = con
        self.lists = WatchLists(con)
        self._newest: dict[datetime, dict[str, datetime]] = {}
        self._defects: dict[tuple[str, datetime, datetime], list[Defect]] = {}
        self._markets: dict[tuple[str, date], Market] = {}

    def of(self, listing: str, asked: Asked | None = None, unkept: Judgement | None = None) -> Report:
        """The report of a listing. ``unkept``: what was judged and could not be stored (see reports.stored.told).

        What belongs to it is what did at the end of the period. Raises LookupError when the listing was not configured
        then, nothing had been crawled for it, or nothing has been since.
        """
        era, until = self._last_page(listing, FOR_EVER)
        period = (asked or Asked()).period(era.last, next(self.lists.eras(listing, until)).first)
        if era.last < period.days.first:
            raise LookupError(f"nothing has been crawled for listing {listing!r} since {era.last}")
        if period.days.last < era.last:
            begin, end = (midnight(day, era.time_zone) for day in (period.days.first, period.days.last + ONE))
            era, until = self._last_page(listing, end)
            if until < begin:  # nothing was asked for in these days: what stood before them is not how they ended
                until = end - timedelta(microseconds=1)
        shown = Days(min(period.days.first, period.days.last - (LINE - 1) * ONE), period.days.last)
        part = Part(listing, era, tuple(period.days), until)
        acted = told_of(self.con, listing, era, shown)
        since = min(shown.first, period.against.first, acted.since(shown)) - PAST
        span = replace(part.span, since=midnight(since, era.time_zone))
        marks = told(self.con, listing, acted.first(shown), shown.last, unkept)
        comparison = together(self.con, self.lists, part, span, self._lost(part))
        moves = moves_since(self.con, listing, period.days.first, period.days.last)
        pages, texts = page_one(self.con, comparison, period, shown), contents(self.con, comparison, period.days)
        reviews = reviews_of(self.con, comparison)
        bad, own = counted(reviews, comparison, period.days), looked_up(self.con, comparison, reviews)
        exports = exported(self.con, comparison, reach(period, shown), period.days)
        is_newest = until == self._last_page(listing, FOR_EVER)[1]
        listed = lists(comparison, shown, rankings(self.con, comparison, period))
        fresh = [each.asin for each in listed.newcomers]
        proposed = proposals(self.con, comparison, marks, fresh) if is_newest else NO_PROPOSALS
        sold = sales(self._market(era.marketplace, comparison.night), comparison, period)
        return assembled(
            comparison, period, shown, marks=marks, moves=moves, pages=pages, texts=texts, acted=acted, reviews=bad,
            own=own, exports=exports, listed=listed, proposed=proposed, sold=sold,
        )  # fmt: skip

    def _last_page(self, listing: str, before: datetime) -> tuple[Era, datetime]:
        """The newest page asked for on behalf of a listing before an instant, and what the listing was then."""
        if before not in self._newest:
            self._newest[before] = newest(self.con, before)
        known = f"; listings in the database: {', '.join(self.lists.names)}" if self.lists.names else ""
        until = self._newest[before].get(listing)
        if until is None:
            when = "yet" if before == FOR_EVER else f"before {before:%Y-%m-%d %H:%M} UTC"
            raise LookupError(f"nothing has been crawled for listing {listing!r} {when}{known}")
        era = self.lists.at(listing, until)
        if era is None:
            raise LookupError(f"listing {listing!r} is not configured at {until:%Y-%m-%d %H:%M} UTC{known}")
        return era, until

    def _market(self, marketplace: str, last: date) -> Market:
        if (marketplace, last) not in self._markets:
            self._markets[marketplace, last] = Market(self.con, marketplace, last)
        return self._markets[marketplace, last]

    def _lost(self, part: Part) -> list[Defect]:
        """What our reading lost, with the past that the flags of the first day are judged with."""
        end = midnight(part.days[-1] + ONE, part.era.time_zone) - timedelta(microseconds=1)
        key = (part.era.marketplace, part.span.since, end)
        if key not in self._defects:
            self._defects[key] = watch.defects(self.con, key[0], since=key[1], until=key[2])
        return self._defects[key]


def assembled(
    comparison: Comparison,
    period: Period,
    shown: Days,
    *,
    marks: Sequence[Flag] = (),
    moves: Sequence[StoredMove] = (),
    pages: PageOne = NO_PAGES,
    texts: Contents = NO_CONTENTS,
    proposed: Proposals = NO_PROPOSALS,
    acted: Told = NOTHING_DONE,
    reviews: Ledger = NO_REVIEWS,
    own: Rows = NO_ROWS,
    exports: Exported = NO_EXPORTS,
    listed: Lists = NO_LISTS,
    sold: Sales = NO_SALES,
) -> Report:
    """The report that a comparison and what is told of it make."""
    columns, rows = table(comparison, shown)
    share, keywords = shares(comparison, period, shown, pages), matrix(comparison, shown)
    return Report(
        comparison=comparison,
        period=period,
        shown=shown,
        marks=[flag for flag in marks if flag.day in shown],
        flags=[flag for flag in marks if flag.day in period.days],
        moves=moves,
        columns=columns,
        rows=rows,
        keywords=keywords,
        share=share,
        promotions=promotions(comparison, period.days),
        contents=texts,
        against=against(comparison, period, share),
        quality=quality(comparison),
        lists=listed,
        proposals=proposed,
        health=health(comparison, own, shown, acted.actions),
        journal=journal(comparison, acted, marks, shown),
        ledger=reviews,
        own=own_numbers(comparison, period, shown, keywords, exports),
        sales=sold,
    )


def report(
    con: duckdb.DuckDBPyConnection, listing: str, asked: Asked | None = None, unkept: Judgement | None = None
) -> Report:
    """The report of one listing: see :meth:`Reports.of`."""
    return Reports(con).of(listing, asked, unkept)
