"""Share of search: what each product holds of the first pages of the listing's keywords, results and ads apart.

Counted as the view ``share_of_search`` does: of the places in the grid of a keyword's first page, as the day's closing
reading shows it, those of a product, over all that are results; and the same among the ads. A product that is not on a
page that was read holds 0 of it, wherever it stands beyond; of a page that was not read nothing is known. A place of
which the page does not tell whether it is an ad counts for neither, and a product that has no other place there has no
share that day. Where a page shows no ads, nobody holds a share of them.

A period's share for a keyword is the mean of its days, and over all keywords the mean of theirs: each counts alike, for
how often it is searched is not known. Two periods are compared over the keywords that were read in both.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import duckdb

from reports.gather import rows
from reports.period import Days, Period
from reports.series import Comparison, KeywordRead, KeywordSeries

STRANGERS = 10
"""Products that nobody watches which are named: those with the most places (judgement)."""

# What the first pages of ``$readings`` showed: all of a page (without an ASIN), what is held of it by the products that
# are watched and by the strangers with most places on those of ``$now``; and these strangers themselves (without a
# fetch), with their number and title.
_PAGES = """
WITH page AS MATERIALIZED (
    SELECT fetch_id, asin, max(title_id) AS title_id, count(*) FILTER (sponsored = false) AS organic,
           count(*) FILTER (sponsored) AS ads, count(*) FILTER (sponsored IS NULL) AS doubted
    FROM stored.placement SEMI JOIN (SELECT unnest($readings) AS fetch_id) USING (fetch_id)
    WHERE marketplace = $marketplace AND page = 1 AND observed_at BETWEEN $since AND $until
    GROUP BY fetch_id, asin
),
total AS (
    SELECT fetch_id, sum(organic)::BIGINT AS organic, sum(ads)::BIGINT AS ads, sum(doubted)::BIGINT AS doubted
    FROM page GROUP BY fetch_id
),
stranger AS MATERIALIZED (
    SELECT asin, max(title_id) AS title_id,
           -- Rounded: sums of equal shares differ in their last digits by the order in which they were added.
           row_number() OVER (ORDER BY round(sum((page.organic + page.ads) / (total.organic + total.ads)), 9) DESC,
                                       asin) AS rank
    FROM page JOIN total USING (fetch_id) SEMI JOIN (SELECT unnest($now) AS fetch_id) USING (fetch_id)
    WHERE NOT list_contains($asins, asin) AND page.organic + page.ads > 0
    GROUP BY asin QUALIFY rank <= $most
)
SELECT fetch_id, NULL, organic, ads, doubted, NULL FROM total
UNION ALL
SELECT fetch_id, asin, organic, ads, doubted, NULL
FROM page SEMI JOIN (SELECT unnest($asins) AS asin UNION ALL SELECT asin FROM stranger) USING (asin)
UNION ALL
SELECT NULL, asin, rank, 0, 0, title FROM stranger LEFT JOIN stored.title USING (title_id)
"""

Counts = tuple[int, int, int]
"""Places on one page: among the results, among the ads, and those in doubt."""
NONE: Counts = (0, 0, 0)
ORGANIC, ADS, DOUBTED = range(3)


@dataclass(frozen=True, slots=True)
class PageOne:
    """What the first pages of both periods showed, each named by its fetch."""

    places: Mapping[int, Counts]
    """All of a page."""
    held: Mapping[str, Mapping[int, Counts]]
    """By ASIN, those of a product on the pages that it stands on."""
    strangers: Mapping[str, str | None]
    """ASIN -> title of the products with most places that are not watched, the most first."""


@dataclass(frozen=True, slots=True)
class Held:
    """What a product holds of the results, or of the ads, for one keyword or for all. Shares are parts of 1."""

    share: Decimal | None
    """None where nothing of it is known."""
    before: Decimal | None
    """In the earlier period, of the keywords that were read in both."""
    change: Decimal | None
    """Of the share of these keywords."""
    on: int
    """Keywords on whose first page it stood on most of the days known."""
    of: int
    """Keywords of which that is known."""
    days: tuple[Decimal | None, ...]
    """By day of the charts; over all keywords None where one of them is not known."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A product among the search results."""

    asin: str
    own: bool
    title: str | None
    organic: Held
    sponsored: Held
    keywords: tuple[tuple[Held, Held], ...]
    """Results and ads, by keyword."""


@dataclass(frozen=True, slots=True)
class Shares:
    keywords: tuple[str, ...]
    nights: tuple[tuple[int, int], ...]
    """By keyword, nights on which its first page was read, in the period and in the earlier one."""
    products: tuple[Holder, ...]
    """Those that are watched, the own one first."""
    strangers: tuple[Holder, ...]
    """The biggest of the others."""


def page_one(con: duckdb.DuckDBPyConnection, comparison: Comparison, period: Period, shown: Days) -> PageOne:
    """What the first pages showed to the readings that stand for the days of both periods, and for those ``shown``."""
    now, before, chart = (
        {read.fetch_id: read for series in comparison.keywords for _, read in _reads(series, days)}
        for days in (period.days, period.against, shown)
    )
    every = now | before | chart
    if not every:
        return PageOne({}, {}, {})
    bounds: dict[str, Any] = {
        "marketplace": comparison.marketplace,
        "since": min(read.began_at for read in every.values()),
        "until": max(read.observed_at for read in every.values()),
        "asins": [product.asin for product in comparison.products],
        "most": STRANGERS,
    }
    bounds |= {"readings": list(every), "now": list(now)}
    places: dict[int, Counts] = {}
    held: dict[str, dict[int, Counts]] = defaultdict(dict)
    strangers: dict[int, tuple[str, str | None]] = {}
    for fetch_id, asin, organic, ads, doubted, title in rows(con, _PAGES, bounds):
        if fetch_id is None:
            strangers[organic] = asin, title
        else:
            (places if asin is None else held[asin])[fetch_id] = (organic, ads, doubted)
    return PageOne(places, held, dict(strangers[number] for number in sorted(strangers)))


def shares(comparison: Comparison, period: Period, shown: Days, pages: PageOne) -> Shares:
    """Who holds what of the first pages in the period, against the earlier one. ``shown``: the days of each series,
    those of the period the last among them."""
    words = [_word(series, period, shown, pages.places) for series in comparison.keywords]

    def holder(asin: str, title: str | None, *, own: bool = False) -> Holder:
        held = pages.held.get(asin, {})
        results, ads = ([_line(word, held, sort) for word in words] for sort in (ORGANIC, ADS))
        organic, sponsored = _over_all(words, results, ORGANIC), _over_all(words, ads, ADS)
        return Holder(asin, own, title, organic, sponsored, tuple(zip(results, ads, strict=True)))

    return Shares(
        keywords=tuple(series.keyword for series in comparison.keywords),
        nights=tuple((sum(map(bool, w.now)), sum(map(bool, w.before))) for w in words),
        products=tuple(holder(p.asin, p.title, own=p.own) for p in comparison.products),
        strangers=tuple(holder(asin, title) for asin, title in pages.strangers.items()),
    )


def _reads(series: KeywordSeries, days: Days) -> Iterator[tuple[date, KeywordRead]]:
    """The readings of a keyword's first page that stand for the days on which it was watched."""
    for day in days:
        read = series.daily.get(day)
        if read is not None and read.pages_read and read.fetch_id is not None and series.watched_on(day):
            yield day, read


Page = tuple[int, Counts]
"""A page by its fetch, with all of its places."""


@dataclass(frozen=True, slots=True)
class _Word:
    """The first pages of one keyword by day, None where it was not read."""

    shown: tuple[Page | None, ...]
    """Of the charts, the days of the period the last among them."""
    now: tuple[Page | None, ...]
    before: tuple[Page | None, ...]
    counts: tuple[bool, ...]
    """Whether the keyword belongs to the days shown: not before it was watched, nor where it was never read."""
    fetches: frozenset[int]
    absent: list[Held] = field(default_factory=list)
    """What a product holds that is on none of the pages: of the results, of the ads."""


def _word(series: KeywordSeries, period: Period, shown: Days, places: Mapping[int, Counts]) -> _Word:
    def pages(days: Days) -> tuple[Page | None, ...]:
        read = {day: (each.fetch_id or 0) for day, each in _reads(series, days)}
        return tuple((read[day], places.get(read[day], NONE)) if day in read else None for day in days)

    chart, before = pages(shown), pages(period.against)
    counts = tuple(any(chart) and series.watched_on(day) for day in shown)
    fetches = frozenset(page[0] for page in chart + before if page)
    word = _Word(chart, chart[-len(period.days) :], before, counts, fetches)
    word.absent.extend(_held(word, {}, sort) for sort in (ORGANIC, ADS))
    return word


def _line(word: _Word, held: Mapping[int, Counts], sort: int) -> Held:
    """What a product holds for one keyword."""
    return word.absent[sort] if word.fetches.isdisjoint(held) else _held(word, held, sort)


def _held(word: _Word, held: Mapping[int, Counts], sort: int) -> Held:
    days = tuple(_share(page, held, sort) for page in word.shown)
    known = _known(days[-len(word.now) :])
    share, before = _mean(known), _mean(_known(_share(page, held, sort) for page in word.before))
    change = share - before if share is not None and before is not None else None
    return Held(share, before, change, int(2 * sum(map(bool, known)) > len(known)), int(bool(known)), days)


def _over_all(words: Sequence[_Word], lines: Sequence[Held], sort: int) -> Held:
    """What a product holds for all keywords."""
    both = [(line.share, line.before) for line in lines if line.share is not None and line.before is not None]
    before = _mean([before for _, before in both])
    alike = _mean([share for share, _ in both])
    return Held(
        share=_mean(_known(line.share for line in lines)),
        before=before,
        change=alike - before if alike is not None and before is not None else None,
        on=sum(line.on for line in lines),
        of=sum(line.of for line in lines),
        days=tuple(_day(words, lines, sort, n) for n in range(len(lines[0].days) if lines else 0)),
    )


def _day(words: Sequence[_Word], lines: Sequence[Held], sort: int, n: int) -> Decimal | None:
    """The mean over the keywords of a day; None unless all are known, for without one it would be of others."""
    found = []
    for word, line in zip(words, lines, strict=True):
        page, share = word.shown[n], line.days[n]
        if not word.counts[n] or (page and not page[1][sort]):
            continue
        if share is None:
            return None
        found.append(share)
    return _mean(found)


def _share(page: Page | None, held: Mapping[int, Counts], sort: int) -> Decimal | None:
    """A product's part of one page; None where that is not known, or there is nothing to hold."""
    if page is None or not page[1][sort]:
        return None
    mine = held.get(page[0], NONE)
    return None if mine[DOUBTED] and not mine[sort] else _part(mine[sort], page[1][sort])


@cache
def _part(of: int, places: int) -> Decimal:
    return Decimal(of) / places


def _known(values: Iterable[Decimal | None]) -> list[Decimal]:
    return [value for value in values if value is not None]


def _mean(values: Sequence[Decimal]) -> Decimal | None:
    return sum(values, Decimal(0)) / len(values) if values else None
