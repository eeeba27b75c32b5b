"""A price war: several rivals cut their prices to pay within a week.

Model: on the day's last pages, a rival has cut when it costs at least 5 % less than the lowest it cost in the three
weeks before the last one: a repricer's to-and-fro and a promotion that comes back are none. It is a war when at least
three of the watched rivals, and a quarter of those whose prices are known on that day and then, have cut (judgement).
Told once, about the listing, and not again before two weeks without one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from math import ceil
from statistics import median

from reports.flags.flag import Flag, Verdict, instant, listing_flag, literal
from reports.flags.kind import Kind, Severity
from reports.flags.paid import COLUMNS, STEP, relative, to_pay
from reports.flags.past import FOUR_WEEKS, WEEK
from reports.flags.rules import Rules
from reports.sentences import Fact
from reports.series import Comparison, Observation, ProductSeries

RIVALS = 3
SHARE = 0.25
REST = 14
"""Days without a war after which another is news."""

SAYS = (
    "Price war: {cut:number} of {known:number} rivals cost {least:share} or more below their lowest of the three weeks "
    "before, all within 7 days up to {day:day}: {who:list}; the deepest cut is {deepest:percent}"
)
BELOW_OWN = "; {below:count of them is|of them are} cheaper than yours"


@dataclass(frozen=True, slots=True)
class Cut:
    """What a rival has cut its price to pay to, against its lowest of the three weeks before the last."""

    rival: ProductSeries
    floor: Decimal
    price: Decimal
    seen: Observation

    @property
    def change(self) -> Decimal:
        return relative(self.floor, self.price)


def flags(comparison: Comparison, rules: Rules) -> Iterator[Flag]:
    if len(comparison.rivals) < RIVALS:
        return
    least = rules.size(Kind.PRICE_WAR, STEP)
    for day in comparison.days:
        cuts, known = _cuts(comparison, day, least)
        if _war(cuts, known) and not any(
            _war(*_cuts(comparison, day - timedelta(days=n), least)) for n in range(1, REST + 1)
        ):
            yield _flag(comparison, day, cuts, known, least)


def _war(cuts: list[Cut], known: int) -> bool:
    return len(cuts) >= max(RIVALS, ceil(known * SHARE))


def _cuts(comparison: Comparison, day: date, least: Decimal) -> tuple[list[Cut], int]:
    """The rivals that have cut by that day, and of how many that is known."""
    cuts, known = [], 0
    for rival in comparison.rivals:
        seen = rival.daily.get(day)
        price = to_pay(seen) if seen and rival.watched_on(day) else None
        if seen is None or price is None:
            continue
        floor: Decimal | None = None
        for n in range(WEEK.days, FOUR_WEEKS.days):
            then = rival.daily.get(day - timedelta(days=n))
            paid = to_pay(then) if then else None
            if paid is not None:
                floor = paid if floor is None else min(floor, paid)
                if price > floor * (1 - least):
                    break
        known += floor is not None
        if floor and price <= floor * (1 - least):
            cuts.append(Cut(rival, floor, price, seen))
    return cuts, known


def _flag(comparison: Comparison, day: date, cuts: list[Cut], known: int, least: Decimal) -> Flag:
    newest = max(cuts, key=lambda cut: (cut.seen.observed_at, cut.rival.asin))
    first = min((_began(cut, day, least) for cut in cuts), key=lambda seen: seen.observed_at)
    before = next(
        o
        for n in range(1, FOUR_WEEKS.days)
        if (o := newest.rival.daily.get(day - timedelta(days=n))) and to_pay(o) is not None
    )
    own_seen = comparison.own.daily.get(day)
    own = to_pay(own_seen) if own_seen else None
    below = sum(own is not None and cut.price < own for cut in cuts)
    earlier, _ = _cuts(comparison, day - timedelta(days=1), least)
    asins = ", ".join(literal(cut.rival.asin) for cut in cuts)
    since = day - FOUR_WEEKS
    sql = (
        f"SELECT observed_at, asin, {COLUMNS}, elsewhere, fetch_id\nFROM product_observation\n"
        f"WHERE marketplace = {literal(comparison.marketplace)} AND asin IN ({asins})\n"
        f"  AND observed_at >= TIMESTAMPTZ '{since:%Y-%m-%d} 00:00:00+00' AND observed_at <= "
        f"{instant(max(cut.seen.observed_at for cut in cuts))}\n"
        f"ORDER BY asin, observed_at"
    )
    facts: dict[str, Fact] = {
        "cut": len(cuts),
        "known": known,
        "least": float(least),
        "who": [f"{cut.rival.brand} {cut.rival.asin}" if cut.rival.brand else cut.rival.asin for cut in cuts],
        "deepest": min(cut.change for cut in cuts),
        "below": below,
    }
    verdict = Verdict(
        Kind.PRICE_WAR,
        Severity.HIGH if below else Severity.MEDIUM,
        (len(earlier), len(cuts)),
        (SAYS, BELOW_OWN) if below else SAYS,
        facts,
        magnitude=float(median(cut.change for cut in cuts)),
        since=first.observed_at,
    )
    return listing_flag(comparison, (before, newest.seen), verdict, sql)


def _began(cut: Cut, day: date, least: Decimal) -> Observation:
    """The first page of the last week on which it had cut."""
    for n in reversed(range(WEEK.days)):
        seen = cut.rival.daily.get(day - timedelta(days=n))
        price = to_pay(seen) if seen else None
        if seen and price is not None and price <= cut.floor * (1 - least):
            return seen
    return cut.seen
