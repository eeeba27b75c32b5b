"""What most watched products of one category did at once: told once as the market's, their own flags withheld.

Model: of the products of one main category that were watched and read on a night, and within the week before the last
three nights, those are counted whose value went the same way since then: the price to pay by 5 % or more; the number of
reviews down by five or more, or up by five and five times the square root above what the four weeks before would bring
(at the overdispersion that reviews have, one product in twenty at most). When at least five products and half of them
all did, it is the market's (judgement: fewer are rivals that watch each other, see `price_war`). That is told when it
was not so on any of the fourteen nights before, so that a rhythm of the week is no news; for reviews, the probability
that so many products do so by chance, each in one night of twenty, must also be less than the share of a test.

While it is so, the flags of products that merely follow are withheld: those that moved less than twice as far as the
median of all that moved, and only flags of the same matter and direction. A product that moved farther is still told.
That most ranks of a category move together is found in :mod:`reports.flags.bsr`, which takes it out of each rank.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from statistics import median

from reports.flags.flag import Flag, Verdict, instant, listing_flag, literal
from reports.flags.kind import Kind, Severity
from reports.flags.rules import Rules
from reports.sentences import Fact
from reports.series import Comparison, Observation, ProductSeries

NIGHTS, BEFORE, WEEKS = timedelta(days=3), timedelta(days=10), timedelta(days=28)
LEAST_DAYS, QUIET = 7, 14
STEP = Decimal("0.05")
LEAST_NEW, SPREAD = 5, 5.0
BY_CHANCE = 0.05
LEAST_PRODUCTS = 5
FAR = 2.0
"""A product that moved so many times as far as the median does not merely follow."""

FOLLOWING = {
    (Kind.MARKET_PRICE, -1): {
        Kind.PRICE_CUT, Kind.LOWEST_IN_90_DAYS, Kind.LOWEST_EVER, Kind.PRICE_WAR, Kind.COUPON_STARTED,
        Kind.COUPON_CHANGED, Kind.DEAL_STARTED,
    },
    (Kind.MARKET_PRICE, 1): {Kind.PRICE_RISE, Kind.COUPON_ENDED, Kind.COUPON_CHANGED, Kind.DEAL_ENDED},
    (Kind.MARKET_REVIEWS, -1): {Kind.REVIEWS_REMOVED},
    (Kind.MARKET_REVIEWS, 1): {Kind.REVIEW_BURST, Kind.REVIEWS_MERGED},
}  # fmt: skip


Move = Callable[[ProductSeries, Observation, Observation], float | None]
"""How far a product went between two observations, relative; 0 where that is usual, None where it is not known."""


@dataclass(frozen=True, slots=True)
class Step:
    """How far one product went since before the last three nights, relative to where it was."""

    product: ProductSeries
    before: Observation
    after: Observation
    size: float


@dataclass(frozen=True, slots=True)
class Common:
    """What most products of a category did on one night."""

    kind: Kind
    side: int
    day: date
    category: str | None
    steps: tuple[Step, ...]
    """Of those that moved so."""
    of: int
    new: bool = True
    """Whether it was not so on the nights before."""

    @property
    def size(self) -> float:
        """The median of the products that moved."""
        return median(step.size for step in self.steps)

    @property
    def followers(self) -> frozenset[str]:
        return frozenset(s.product.asin for s in self.steps if abs(s.size) < FAR * abs(self.size))

    @property
    def chance(self) -> float:
        """That so many products or more would do so by chance."""
        least, of = len(self.steps), self.of
        return sum(math.comb(of, n) * BY_CHANCE**n * (1 - BY_CHANCE) ** (of - n) for n in range(least, of + 1))


def flags(comparison: Comparison, rules: Rules) -> Iterator[Flag]:
    for common in commons(comparison, rules, comparison.days):
        if common.new:
            yield _flag(comparison, common)


def withheld(comparison: Comparison, rules: Rules, found: Sequence[Flag]) -> list[Flag]:
    """``found`` without the flags of products that merely follow what is told as the market's."""
    days = sorted({flag.day for flag in found if any(flag.kind in kinds for kinds in FOLLOWING.values())})
    following: set[tuple[Kind, str | None, date]] = set()
    for common in commons(comparison, rules, days):
        if rules.tells(common.kind):
            of = [*common.followers, None]
            following |= {(kind, asin, common.day) for kind in FOLLOWING[common.kind, common.side] for asin in of}
    return [flag for flag in found if (flag.kind, flag.asin, flag.day) not in following]


def commons(comparison: Comparison, rules: Rules, days: Sequence[date]) -> Iterator[Common]:
    """What most products did, on every one of ``days`` on which they did."""
    if len(comparison.products) < LEAST_PRODUCTS:
        return
    step = rules.size(Kind.MARKET_PRICE, STEP)
    many = float(rules.size(Kind.MARKET_REVIEWS, Decimal(LEAST_NEW)))
    moves: dict[Kind, Move] = {
        Kind.MARKET_PRICE: lambda product, before, after: _priced(before, after, float(step)),
        Kind.MARKET_REVIEWS: lambda product, before, after: _reviewed(product, before, after, many),
    }

    @cache
    def found(night: date) -> dict[tuple[Kind, int, str], Common]:
        return {(common.kind, common.side, key): common for key, common in _on(comparison, rules, night, moves)}

    for day in days:
        for name, common in found(day).items():
            yield replace(common, new=not any(name in found(day - timedelta(days=n)) for n in range(1, QUIET + 1)))


def _on(comparison: Comparison, rules: Rules, day: date, moves: Mapping[Kind, Move]) -> Iterator[tuple[str, Common]]:
    """With the category of each."""
    for key, read in _read(comparison, day).items():
        for kind, move in moves.items():
            went = [(Step(*pair, size), size) for pair in read if (size := move(*pair)) is not None]
            for side in (-1, 1):
                steps = tuple(step for step, size in went if size * side > 0)
                if len(steps) >= max(LEAST_PRODUCTS, len(went) / 2):
                    common = Common(kind, side, day, steps[0].after.bsr_category, steps, len(went))
                    if kind is Kind.MARKET_PRICE or common.chance <= rules.limit(kind, comparison.tests(day)):
                        yield key, common


def _read(comparison: Comparison, day: date) -> dict[str, list[tuple[ProductSeries, Observation, Observation]]]:
    """By category, the products watched and read on the night, with what was read of them before the last nights."""
    found: dict[str, list[tuple[ProductSeries, Observation, Observation]]] = defaultdict(list)
    for product in comparison.products:
        after = product.daily.get(day)
        if after is None or not after.bsr or not product.watched_on(day):
            continue
        for back in range(NIGHTS.days, BEFORE.days):
            before = product.daily.get(day - timedelta(days=back))
            if before is not None:
                found[after.main_category].append((product, before, after))
                break
    return found


def _priced(before: Observation, after: Observation, step: float) -> float | None:
    """How far the price to pay went; 0 where that is less than ``step``, None where it is not known."""
    was, now = before.to_pay, after.to_pay
    if was is None or now is None or not was:
        return None
    size = float(now / was) - 1
    return size if abs(size) >= step else 0.0


def _reviewed(product: ProductSeries, before: Observation, after: Observation, many: float) -> float | None:
    """How far the number of reviews went from what was to come; 0 where that is usual, None where it is not known."""
    was, now = before.review_count, after.review_count
    if not was or now is None:
        return None
    if now - was <= -many:
        return now / was - 1
    if now - was < many:
        return 0.0
    weeks = (product.daily.get(before.day - timedelta(days=n)) for n in range(WEEKS.days, LEAST_DAYS - 1, -1))
    old = next((o for o in weeks if o is not None and o.review_count is not None), None)
    if old is None:
        return None
    day = timedelta(days=1)
    pace = max(0, was - (old.review_count or 0)) / ((before.observed_at - old.observed_at) / day)
    expected = pace * ((after.observed_at - before.observed_at) / day)
    new = now - was - expected
    return new / was if new >= max(many, SPREAD * math.sqrt(expected)) else 0.0


def _flag(comparison: Comparison, common: Common) -> Flag:
    """Its two ends are of a product that went about as far as half of them did."""
    typical = min(common.steps, key=lambda step: abs(step.size - common.size))
    facts: dict[str, Fact] = {"moved": len(common.steps), "of": common.of, "size": common.size}
    if common.kind is Kind.MARKET_PRICE:
        columns, chance = "price, coupon_percent, coupon_amount, prime_price, deal, elsewhere", None
        says = (
            "{moved:number} of {of:number} watched products became cheaper"
            if common.side < 0
            else "{moved:number} of {of:number} watched products became dearer"
        )
    else:
        columns, chance = "review_count, rating, elsewhere", common.chance
        says = (
            "{moved:number} of {of:number} watched products lost reviews at once"
            if common.side < 0
            else "{moved:number} of {of:number} watched products gained reviews at once"
        )
    where: tuple[str, ...] = ()
    if common.category:
        facts["category"] = common.category
        where = (" in {category}",)
    end = " up to {day:day}: {size:percent} in the median; it is the market's, and not told of each that followed"
    asins = ", ".join(literal(step.product.asin) for step in common.steps)
    sql = (
        f"SELECT observed_at, asin, {columns}, fetch_id\nFROM product_observation\n"
        f"WHERE marketplace = {literal(comparison.marketplace)} AND asin IN ({asins})\n"
        f"  AND observed_at BETWEEN {instant(typical.before.observed_at)} AND {instant(typical.after.observed_at)}\n"
        "ORDER BY observed_at, asin"
    )
    verdict = Verdict(
        common.kind,
        Severity.MEDIUM,
        (None, None),
        (says, *where, end),
        facts,
        magnitude=common.size,
        chance=chance,
    )
    return listing_flag(comparison, (typical.before, typical.after), verdict, sql)
