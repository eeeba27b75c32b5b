"""Share of search: how many of the places on the first pages of the listing's keywords a product holds.

A product can hold two places of a page here, one among the organic results and one among the ads. Counted are the
keywords whose first page was read in a night, and at least four times in the four weeks before; what it holds of them
is compared with what it usually holds of the same ones: a place is usually held when it was in most of the last seven
readings.

Model: the places newly held, and those newly missing, are counts with an overdispersed binomial around their usual
number (:mod:`reports.rise`: Skellam 1948, Williams 1982), which that of the nights of the last four weeks shows, each
against the week before it. So ads that rotate, and places that drop in and out at the edge of the page, are no gain and
no loss. A gain or loss is the balance of both in two nights in a row: at least two places and a tenth of all that could
be held (judgement), and less probable by chance than the rules allow. Told once: not again within a week.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from reports.flags.flag import Flag, Verdict, instant, listing_flag, literal
from reports.flags.kind import Kind, Severity
from reports.flags.rules import Rules
from reports.flags.standing import COLD, LATELY, MEMORY
from reports.rise import usual
from reports.sentences import Fact
from reports.series import NOWHERE, Comparison, KeywordRead, ProductSeries

SHIFT = Decimal("0.1")
LEAST, LEAST_NIGHTS, LEAST_KEYWORDS = 2, 7, 2
NAMED = 5
AGAIN = timedelta(days=7)

Held = tuple[bool, bool]
"""Whether a product is among the organic results of a first page, and among its ads."""
Night = tuple[date, dict[str, KeywordRead]]
"""The readings of a night, by keyword: those that know the first page."""


@dataclass(frozen=True, slots=True)
class Balance:
    """What a product holds in one night, against what it usually holds of the same keywords."""

    keywords: int
    usually: int
    """Places usually held."""
    gained: tuple[str, ...]
    """Keywords on which it holds a place that it usually does not; twice where two."""
    lost: tuple[str, ...]

    @property
    def places(self) -> int:
        """All that it could hold."""
        return 2 * self.keywords

    @property
    def net(self) -> int:
        return len(self.gained) - len(self.lost)


class Shares:
    """What one product held, night by night."""

    def __init__(self, nights: Sequence[Night], asin: str) -> None:
        self.nights = nights
        self.held: list[dict[str, Held]] = [
            {
                keyword: (place.organic_page == 1, place.sponsored_page == 1)
                for keyword, read in reads.items()
                if not (place := read.places.get(asin, NOWHERE)).ambiguous
            }
            for _, reads in nights
        ]
        self.known: dict[int, Balance] = {}

    @property
    def keywords(self) -> int:
        """On how many it ever held a place."""
        return len({keyword for night in self.held for keyword, held in night.items() if any(held)})

    def balance(self, n: int) -> Balance:
        """The ``n``-th night against the week before it."""
        if n not in self.known:
            self.known[n] = self._balance(n)
        return self.known[n]

    def _balance(self, n: int) -> Balance:
        since, counted, usually = self.nights[n][0] - MEMORY, 0, 0
        gained: list[str] = []
        lost: list[str] = []
        for keyword, now in self.held[n].items():
            before: list[Held] = []
            for m in range(n - 1, -1, -1):
                if len(before) == LATELY or self.nights[m][0] < since:
                    break
                if keyword in self.held[m]:
                    before.append(self.held[m][keyword])
            if len(before) < COLD:
                continue
            counted += 1
            for held, past in zip(now, zip(*before, strict=True), strict=True):
                was = 2 * sum(past) > len(past)
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
        counts = [(len(b.gained), b.places - b.usually) if gain else (len(b.lost), b.usually) for b in past if b.places]
        if len(counts) < LEAST_NIGHTS:
            return 1.0
        return usual(counts).chance(abs(shift), now.places - now.usually if gain else now.usually)


def flags(comparison: Comparison, rules: Rules) -> Iterator[Flag]:
    nights = _nights(comparison)
    judged = [n for n, (day, _) in enumerate(nights) if n and day >= comparison.days[0]]
    if len(comparison.keywords) < LEAST_KEYWORDS or not judged:
        return
    least = {kind: float(rules.size(kind, SHIFT)) for kind in (Kind.SHARE_GAINED, Kind.SHARE_LOST)}
    limits = {kind: [rules.limit(kind, comparison.tests(day)) for day, _ in nights] for kind in least}
    for product in comparison.products:
        shares = Shares(nights, product.asin)

        def judge(n: int, shares: Shares = shares) -> Kind | None:
            shift = shares.shift(n)
            kind = Kind.SHARE_GAINED if shift > 0 else Kind.SHARE_LOST
            if abs(shift) < max(LEAST, least[kind] * shares.balance(n).places):
                return None
            return kind if shares.chance(n, shift) <= limits[kind][n] else None

        for n in judged:
            kind = judge(n)
            if kind is None or shares.keywords < LEAST_KEYWORDS:
                continue
            lately = (m for m in range(1, n) if nights[n][0] - nights[m][0] <= AGAIN)
            if not any(judge(m) is kind for m in lately):
                yield _flag(comparison, product, shares, n, kind)


def _nights(comparison: Comparison) -> list[Night]:
    """Those that the comparison's days are judged by."""
    since = comparison.days[0] - 2 * MEMORY - AGAIN
    nights: dict[date, dict[str, KeywordRead]] = {}
    for series in comparison.keywords:
        for day, read in series.daily.items():
            if day >= since and read.pages_read:
                nights.setdefault(day, {})[series.keyword] = read
    return sorted(nights.items())


def _flag(comparison: Comparison, product: ProductSeries, shares: Shares, n: int, kind: Kind) -> Flag:
    now, gain, nights = shares.balance(n), kind is Kind.SHARE_GAINED, shares.nights
    changed = list(dict.fromkeys(now.gained if gain else now.lost))
    keyword, state = changed[0], shares.held[n][changed[0]]
    m = max(m for m in range(n) if shares.held[m].get(keyword, state) != state)
    before, after = nights[m][1][keyword], nights[n][1][keyword]
    facts: dict[str, Fact] = {
        "now": now.usually + now.net,
        "places": now.places,
        "usually": now.usually,
        "keywords": now.keywords,
        "first": nights[n - 1][0],
        "where": changed[:NAMED],
        "others": max(0, len(changed) - NAMED),
    }
    return listing_flag(
        comparison,
        (before, after),
        Verdict(
            kind,
            _severity(product.own, gain, now),
            (now.usually, now.usually + now.net),
            (
                "Holds {now} of the {places} places it can have on the first pages of {keywords:count keyword|keywords}"
                " (organic and ads) since {first:day}, usually {usually}",
                "; gained: {where:list}" if gain else "; lost: {where:list}",
                " and {others:count other|others}" if facts["others"] else "",
            ),
            facts,
            magnitude=now.net / now.places,
            chance=shares.chance(n, shares.shift(n)),
            since=max(read.observed_at for read in nights[n - 1][1].values()),
        ),
        _sql(comparison, product.asin, list(nights[n][1]), (before, after)),
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
