"""Newcomers: products that nobody watches and that rise in the results of the listing's keywords.

Facts, no test: a stranger is an ASIN on page one, among the organic results, that was seen for the keyword for the
first time within the last four weeks, on pages that had been read for two weeks before. It has arrived when in two
readings of a keyword in a row it stood on page one and did not fall back between them by more than a third of its place
(or two places), and that in the first half of the page on one keyword, or anywhere on page one on two or more
(judgement). One reading may be a test on visitors, and who comes and goes at the end of the page is no newcomer.

Told once for each product. Medium where it stands among the first four, or in the first half of the page on several
keywords; else low.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from reports.flags.flag import Flag, Verdict, instant, listing_flag, literal
from reports.flags.kind import Kind, Severity
from reports.flags.rules import Rules
from reports.sentences import Fact
from reports.series import Comparison, KeywordRead

HALF = Decimal("0.5")
SEVERAL = 2
BACK = 3
"""A third of its place."""
LEAST_BACK = 2
TOP = 4
NAMED = 5


@dataclass(frozen=True, slots=True)
class Arrival:
    """A stranger on page one for one keyword, in two readings in a row."""

    keyword: str
    place: int
    first: bool
    """In the first part of the page both times."""
    before: KeywordRead
    """The last reading without it."""
    began: KeywordRead
    now: KeywordRead


def flags(comparison: Comparison, rules: Rules) -> Iterator[Flag]:
    share = rules.most(Kind.NEWCOMER, HALF)
    told: set[str] = set()
    arrivals = sorted(_arrivals(comparison, share), key=lambda found: (found[0], found[1]))
    for (_, asin), group in groupby(arrivals, key=lambda found: (found[0], found[1])):
        came = sorted((arrival for _, _, arrival in group), key=lambda arrival: arrival.place)
        if asin not in told and (len(came) >= SEVERAL or any(arrival.first for arrival in came)):
            told.add(asin)
            yield _flag(comparison, asin, came)


def _arrivals(comparison: Comparison, share: Decimal) -> Iterator[tuple[date, str, Arrival]]:
    watched = {product.asin: product for product in comparison.products}
    for series in comparison.keywords:
        last: dict[str, tuple[int, KeywordRead, KeywordRead]] = {}
        before: KeywordRead | None = None
        for day in sorted(series.daily):
            read = series.daily[day]
            if not read.pages_read or not series.watched_on(day):
                continue
            now: dict[str, tuple[int, KeywordRead, KeywordRead]] = {}
            for asin, place in read.strangers:
                if asin in watched and watched[asin].watched_on(day):
                    continue
                if asin not in last:
                    if before is not None:
                        now[asin] = place, before, read
                    continue
                earlier, without, began = last[asin]
                now[asin] = place, without, began
                if place - earlier <= max(LEAST_BACK, earlier // BACK):
                    first = max(place, earlier) <= read.first_page_results * share
                    yield day, asin, Arrival(series.keyword, place, first, without, began, read)
            last, before = now, read


def _flag(comparison: Comparison, asin: str, came: list[Arrival]) -> Flag:
    best = came[0]
    facts: dict[str, Fact] = {
        "place": best.place,
        "best": best.keyword,
        "first": min(arrival.began.day for arrival in came),
        "keywords": [arrival.keyword for arrival in came[1 : NAMED + 1]],
        "places": [str(arrival.place) for arrival in came[1 : NAMED + 1]],
        "asin": asin,
    }
    high = best.place <= TOP or sum(arrival.first for arrival in came) >= SEVERAL
    sql = (
        "SELECT f.observed_at, f.keyword, s.organic_position, s.title, f.fetch_id\n"
        "FROM page_fetch f LEFT JOIN search_placement s\n"
        f"  ON s.fetch_id = f.fetch_id AND s.asin = {literal(asin)}\n"
        f"WHERE f.kind = 'search' AND f.page = 1 AND f.marketplace = {literal(comparison.marketplace)}\n"
        f"  AND f.keyword IN ({', '.join(literal(arrival.keyword) for arrival in came)})\n"
        f"  AND f.observed_at BETWEEN {instant(best.before.began_at)} AND {instant(best.now.observed_at)}\n"
        "ORDER BY f.keyword, f.observed_at"
    )
    return listing_flag(
        comparison,
        (best.before, best.now),
        Verdict(
            Kind.NEWCOMER,
            Severity.MEDIUM if high else Severity.LOW,
            (None, best.place),
            (
                "{asin}, which you do not watch, came up on page one on {first:day}: now at organic place {place} for "
                "“{best}”",
                "; also for {keywords:list} (place {places:list})" if len(came) > 1 else "",
            ),
            facts,
            since=min(arrival.began.observed_at for arrival in came),
        ),
        sql,
        asin=asin,
    )
