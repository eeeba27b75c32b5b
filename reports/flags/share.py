"""Share of search: on how many of the listing's keywords a product is on page one, among the results and among the ads.

Results and ads are judged apart, for ads rotate. Counted are the keywords whose first page was read in a night, and at
least four times in the four weeks before: a product usually holds a place on it when it did in most of the last seven
readings.

Model: the places newly held, and those newly missing, are counts with an overdispersed binomial around their usual
number (:mod:`reports.rise`: Skellam 1948, Williams 1982), which is that of the nights of the last four weeks, each
against the week before it. So what drops in and out at the edge of the page, and ads that show now and then, are no
gain and no loss. A gain or loss is the balance of both in two nights in a row: at least two places and two in ten of
the keywords (judgement), and less probable by chance than the rules allow. Told once: not again within a week. What
makes good a loss of the last four weeks is told with what was held before that.
"""

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum

from reports.flags.away import away
from reports.flags.flag import Flag, Verdict, instant, listing_flag, literal
from reports.flags.kind import Kind, Severity
from reports.flags.rules import Rules
from reports.flags.standing import COLD, LATELY, MEMORY
from reports.rise import usual
from reports.sentences import Fact
from reports.series import Comparison, KeywordRead, Place, ProductSeries

SHIFT = Decimal("0.2")
LEAST, LEAST_NIGHTS, LEAST_KEYWORDS = 2, 7, 2
NAMED = 5
AGAIN = timedelta(days=7)


class Sort(Enum):
    """What a place on page one can be."""

    RESULT = "result"
    AD = "ad"

    def page(self, place: Place) -> int | None:
        return place.organic_page if self is Sort.RESULT else place.sponsored_page


Night = tuple[date, Mapping[str, KeywordRead]]
"""The readings of a night, by keyword."""


@dataclass(frozen=True, slots=True)
class Balance:
    """What a product holds in one night, against what it usually holds of the same keywords."""

    keywords: int
    usually: int
    """On how many it usually holds a place."""
    gained: tuple[str, ...]
    """On which it holds one, and usually does not."""
    lost: tuple[str, ...]

    @property
    def net(self) -> int:
        return len(self.gained) - len(self.lost)


class Shares:
    """On which keywords one product held a place of one sort, night by night."""

    def __init__(self, nights: Sequence[Night], asin: str, sort: Sort) -> None:
        self.nights, self.asin, self.sort = nights, asin, sort
        self.known: dict[int, Balance] = {}

    def held(self, n: int, keyword: str) -> bool | None:
        """Whether it held a place in the ``n``-th night; None where that is not known."""
        read = self.nights[n][1].get(keyword)
        if read is None:
            return None
        place = read.places.get(self.asin)
        if place is None:
            return False
        return None if place.ambiguous else self.sort.page(place) == 1

    def keywords(self, n: int) -> int:
        """On how many it held a place in the eight weeks up to the ``n``-th night."""
        since = self.nights[n][0] - 2 * MEMORY
        lately = [m for m in range(n + 1) if self.nights[m][0] >= since]
        return len({word for m in lately for word in self.nights[m][1] if self.held(m, word)})

    def balance(self, n: int) -> Balance:
        """The ``n``-th night against the week before it."""
        if n not in self.known:
            self.known[n] = self._balance(n)
        return self.known[n]

    def _balance(self, n: int) -> Balance:
        since, counted, usually = self.nights[n][0] - MEMORY, 0, 0
        gained: list[str] = []
        lost: list[str] = []
        for keyword in self.nights[n][1]:
            held = self.held(n, keyword)
            before: list[bool] = []
            for m in range(n - 1, -1, -1):
                if held is None or len(before) == LATELY or self.nights[m][0] < since:
                    break
                earlier = self.held(m, keyword)
                if earlier is not None:
                    before.append(earlier)
            if len(before) >= COLD:
                was = 2 * sum(before) > len(before)
                counted += 1
                usually += was
                if held is not was:
                    (gained if held else lost).append(keyword)
        return Balance(counted, usually, tuple(gained), tuple(lost))

    def shift(self, n: int) -> int:
        """Places gained (lost, below zero) in the ``n``-th night and the one before: the balance of the lesser."""
        first, second = self.balance(n - 1).net, self.balance(n).net
        return 0 if first * second <= 0 else min(first, second, key=abs)

    def chance(self, n: int, shift: int) -> float:
        """Probability that one night brings such a shift."""
        now, since = self.balance(n), self.nights[n][0] - MEMORY
        past = [self.balance(m) for m in range(n - 1) if self.nights[m][0] >= since]
        gain = shift > 0
        counts = [
            (len(b.gained), b.keywords - b.usually) if gain else (len(b.lost), b.usually) for b in past if b.keywords
        ]
        if len(counts) < LEAST_NIGHTS:
            return 1.0
        return usual(counts).chance(abs(shift), now.keywords - now.usually if gain else now.usually)


def flags(comparison: Comparison, rules: Rules) -> Iterator[Flag]:
    nights = _nights(comparison)
    judged = [n for n, (day, _) in enumerate(nights) if n and day >= comparison.days[0]]
    if len(comparison.keywords) < LEAST_KEYWORDS or not judged:
        return
    least = {kind: float(rules.size(kind, SHIFT)) for kind in (Kind.SHARE_GAINED, Kind.SHARE_LOST)}
    limits = {kind: [rules.limit(kind, comparison.tests(day)) for day, _ in nights] for kind in least}
    shown = _shown(nights, judged[0])
    for product, sort in itertools.product(comparison.products, Sort):
        if product.asin not in shown[sort]:
            continue
        shares = Shares(nights, product.asin, sort)

        def judge(n: int, shares: Shares = shares) -> Kind | None:
            shift = shares.shift(n)
            kind = Kind.SHARE_GAINED if shift > 0 else Kind.SHARE_LOST
            if abs(shift) < max(LEAST, least[kind] * shares.balance(n).keywords):
                return None
            return kind if len(Sort) * shares.chance(n, shift) <= limits[kind][n] else None

        for n in judged:
            kind = judge(n)
            if kind is None or shares.keywords(n) < LEAST_KEYWORDS:
                continue
            lately = (m for m in range(1, n) if nights[n][0] - nights[m][0] <= AGAIN)
            if not any(judge(m) is kind for m in lately):
                lost = _lost(shares, judge, n) if kind is Kind.SHARE_GAINED else None
                yield _flag(comparison, product, shares, n, lost)


def _lost(shares: Shares, judge: Callable[[int], Kind | None], n: int) -> int | None:
    """The first night of the loss that a gain makes good: the last one within four weeks."""
    first = None
    for m in range(n - 1, 0, -1):
        if shares.nights[n][0] - shares.nights[m][0] > MEMORY:
            break
        if judge(m) is Kind.SHARE_LOST:
            first = m - 1
        elif first is not None:
            break
    return first


def _shown(nights: Sequence[Night], first: int) -> Mapping[Sort, Set[str]]:
    """Products that page one showed up to four weeks before the first of the nights to be judged, or since: no others
    can have gained or lost."""
    since = nights[first - 1][0] - MEMORY
    shown: dict[Sort, set[str]] = {sort: set() for sort in Sort}
    for day, reads in nights:
        if day >= since:
            for read in reads.values():
                for asin, place in read.places.items():
                    if place.organic_page == 1:
                        shown[Sort.RESULT].add(asin)
                    if place.sponsored_page == 1:
                        shown[Sort.AD].add(asin)
    return shown


def _nights(comparison: Comparison) -> list[Night]:
    """Those that the comparison's days are judged by."""
    since = comparison.days[0] - 2 * MEMORY - AGAIN
    nights: dict[date, dict[str, KeywordRead]] = {}
    for series in comparison.keywords:
        for day, read in series.daily.items():
            if day >= since and read.pages_read and series.watched_on(day):
                nights.setdefault(day, {})[series.keyword] = read
    return sorted(nights.items())


def _flag(comparison: Comparison, product: ProductSeries, shares: Shares, n: int, lost: int | None) -> Flag:
    """``lost`` is the night of the loss that a gain makes good."""
    now, nights = shares.balance(n), shares.nights
    gain = now.net > 0
    changed = now.gained if gain else now.lost
    m = max(m for m in range(n) if shares.held(m, changed[0]) is (not gain))
    ends = nights[m][1][changed[0]], nights[n][1][changed[0]]
    facts: dict[str, Fact] = {
        "now": now.usually + now.net,
        "keywords": now.keywords,
        "usually": now.usually,
        "first": nights[n - 1][0],
        "where": changed[:NAMED],
        "others": max(0, len(changed) - NAMED),
    }
    if lost is not None:
        facts |= {"usually": shares.balance(lost).usually, "lost": nights[lost][0]}
    follows = away(product, nights[n - 1][0], nights[n][0])
    return listing_flag(
        comparison,
        ends,
        Verdict(
            Kind.SHARE_GAINED if gain else Kind.SHARE_LOST,
            Severity.LOW if follows else _severity(product.own, gain, now),
            (now.usually, now.usually + now.net),
            (
                "On page one for {now} of {keywords:count keyword|keywords} since {first:day}"
                if shares.sort is Sort.RESULT
                else "With ads on page one for {now} of {keywords:count keyword|keywords} since {first:day}",
                ", usually for {usually}" if lost is None else ", for {usually} until {lost:day}",
                "; gained: {where:list}" if gain else "; lost: {where:list}",
                " and {others:count other|others}" if facts["others"] else "",
                *follows,
            ),
            facts,
            magnitude=now.net / now.keywords,
            chance=len(Sort) * shares.chance(n, shares.shift(n)),
            since=max(read.observed_at for read in nights[n - 1][1].values()),
        ),
        _sql(comparison, product.asin, list(nights[n][1]), ends),
        product=product,
    )


def _severity(own: bool, gain: bool, now: Balance) -> Severity:
    """High where the own listing lost half of what it held."""
    if own:
        return Severity.LOW if gain else Severity.HIGH if -2 * now.net >= now.usually else Severity.MEDIUM
    return Severity.MEDIUM if gain else Severity.LOW


def _sql(comparison: Comparison, asin: str, keywords: Sequence[str], ends: tuple[KeywordRead, KeywordRead]) -> str:
    before, after = ends
    return (
        "SELECT f.observed_at, f.keyword, s.organic_position, s.sponsored_position, f.fetch_id\n"
        "FROM page_fetch f LEFT JOIN search_placement s\n"
        f"  ON s.fetch_id = f.fetch_id AND s.asin = {literal(asin)}\n"
        f"WHERE f.kind = 'search' AND f.page = 1 AND f.marketplace = {literal(comparison.marketplace)}\n"
        f"  AND f.keyword IN ({', '.join(map(literal, keywords))})\n"
        f"  AND f.observed_at BETWEEN {instant(before.began_at)} AND {instant(after.observed_at)}\n"
        "ORDER BY f.keyword, f.observed_at, s.position"
    )
