"""Review bursts: more new reviews than the product's own pace lets expect.

Model: counts with exposure. New reviews between two observed days are negative binomial with mean
pace × elapsed days (so a missed night is a longer exposure, not a burst). The pace is the mean of the
last four weeks; the variance adds the overdispersion of those weeks (Pearson's estimate, shrunk
towards 2 because a few nights cannot show how bursty a product is) and the uncertainty of the pace
itself, as in a gamma-Poisson predictive distribution. Source: McCullagh & Nelder, "Generalized Linear
Models" (2nd ed., ch. 6); Farrington et al. 1996 and Noufaily et al. 2013 for the same idea in
outbreak detection, past outbreaks left out of the baseline included.

The last one, two and three observed days are tested; a flag needs p < 0.0001, at least five new
reviews and twice the expected. A count that falls (reviews removed, a correction) is followed by new
reviews only once it passes its highest value of the week before. A burst is told once, until a night
is usual again. Less than a week of history gives no flag.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from reports.flags.flag import Flag, Verdict, day_name, days_long, number, product_flag
from reports.flags.kind import Kind, Severity
from reports.flags.rules import Rules
from reports.series import Comparison, Observation, ProductSeries

MEMORY = timedelta(days=28)
CORRECTION = timedelta(days=7)
LEAST_DAYS, LEAST_NIGHTS = 7.0, 5
RARE, USUAL = 1e-4, 1e-2
LEAST_NEW, LEAST_RATIO = 5, 2.0
PRIOR_DISPERSION, PRIOR_NIGHTS = 2.0, 4
LONGEST = 3


@dataclass(frozen=True, slots=True)
class Night:
    """New reviews since the observed day before, and the days that passed between them."""

    before: Observation
    after: Observation
    new: int
    exposure: float


@dataclass(frozen=True, slots=True)
class Pace:
    """What the history lets expect, and the history it comes from."""

    per_day: float
    """Expected reviews a day; half a review more than was counted, so that it is never none."""
    total: float
    dispersion: float
    counted: int
    days: float
    since: Observation

    def chance(self, new: int, exposure: float) -> float:
        """Probability of at least ``new`` reviews in ``exposure`` days."""
        mean = self.per_day * exposure
        return tail(new, mean, self.dispersion * mean + mean * mean / self.total)


def flags(comparison: Comparison, rules: Rules) -> Iterator[Flag]:
    for product in comparison.products:
        yield from _of(comparison, product)


def _of(comparison: Comparison, product: ProductSeries) -> Iterator[Flag]:
    nights = _nights(product)
    bursting: set[int] = set()
    active = False
    for n, night in enumerate(nights):
        tests = []
        for length in range(1, min(LONGEST, n + 1) + 1):
            first = n - length + 1
            if any(k in bursting for k in range(first, n)):
                break
            pace = _pace(_history(nights[:first], bursting, night))
            if pace is not None:
                new = sum(x.new for x in nights[first : n + 1])
                exposure = sum(x.exposure for x in nights[first : n + 1])
                tests.append((pace.chance(new, exposure), first, new, exposure, pace))
        if active:
            calm = _pace(_history(nights[:n], bursting, night))
            active = calm is not None and calm.chance(night.new, night.exposure) < USUAL
            if active:
                bursting.add(n)
            continue
        if not tests:
            continue
        chance, first, new, exposure, pace = min(tests, key=lambda t: t[0])
        if chance < RARE and new >= LEAST_NEW and new >= LEAST_RATIO * pace.per_day * exposure:
            active = True
            bursting.update(range(first, n + 1))
            yield _flag(comparison, product, (nights[first].before, night.after), new, pace)


def _history(nights: list[Night], bursting: set[int], now: Night) -> list[Night]:
    """The usual nights of the last four weeks."""
    return [
        night for k, night in enumerate(nights)
        if k not in bursting and now.after.observed_at - night.after.observed_at <= MEMORY
    ]  # fmt: skip


def _nights(product: ProductSeries) -> list[Night]:
    counts = [o for o in sorted(product.daily.values(), key=lambda o: o.day) if o.review_count is not None]
    nights = []
    for n in range(1, len(counts)):
        before, after = counts[n - 1], counts[n]
        recent = [o.review_count or 0 for o in counts[:n] if before.observed_at - o.observed_at <= CORRECTION]
        new = max(0, (after.review_count or 0) - max(recent))
        nights.append(Night(before, after, new, (after.observed_at - before.observed_at) / timedelta(days=1)))
    return nights


def _pace(history: list[Night]) -> Pace | None:
    """The pace of these nights; None when they are too few to speak of one."""
    days = sum(night.exposure for night in history)
    if days < LEAST_DAYS or len(history) < LEAST_NIGHTS:
        return None
    counted = sum(night.new for night in history)
    total = counted + 0.5
    per_day = total / days
    pearson = sum((x.new - per_day * x.exposure) ** 2 / (per_day * x.exposure) for x in history if x.exposure)
    dispersion = (pearson + PRIOR_DISPERSION * PRIOR_NIGHTS) / (len(history) - 1 + PRIOR_NIGHTS)
    return Pace(per_day, total, max(1.0, dispersion), counted, days, history[0].before)


def tail(count: int, mean: float, variance: float) -> float:
    """P(X >= count) of a negative binomial with this mean and variance (variance > mean > 0).

    At or below the mean, where its terms may be too small for a float, it is counted as 1: nothing
    rare can stand there.
    """
    if count <= mean:
        return 1.0
    size = mean * mean / max(variance - mean, 1e-9)
    log_first = (
        math.lgamma(count + size) - math.lgamma(size) - math.lgamma(count + 1)
        + size * math.log(size / (size + mean)) + count * math.log(mean / (size + mean))
    )  # fmt: skip
    term, total, k = math.exp(log_first), 0.0, count
    while term > total * 1e-9:
        total += term
        term *= (k + size) / (k + 1) * mean / (size + mean)
        k += 1
    return min(1.0, total)


def _flag(
    comparison: Comparison,
    product: ProductSeries,
    ends: tuple[Observation, Observation],
    new: int,
    pace: Pace,
) -> Flag:
    before, after = ends
    elapsed = after.observed_at - before.observed_at
    chance = pace.chance(new, elapsed / timedelta(days=1))
    expected = pace.per_day * (elapsed / timedelta(days=1))
    years = 1 / (max(chance, 1e-12) * 365)
    rarity = "less than once in 100 years" if years > 100 else f"about once in {years:.0f} years"
    text = (
        f"{number(new)} new reviews in {days_long(elapsed)} up to {day_name(after.day)} "
        f"({number(before.review_count or 0)} → {number(after.review_count or 0)}); usually {_usual(pace)}. "
        f"At that pace it would come by chance {rarity}"
    )
    return product_flag(
        comparison,
        product,
        (before, after),
        Verdict(
            Kind.REVIEW_BURST,
            Severity.HIGH if new >= 20 and new >= 4 * expected else Severity.MEDIUM,
            (before.review_count, after.review_count),
            text,
            magnitude=new / expected,
        ),
        columns="review_count, rating",
        history=pace.since,
    )


def _usual(pace: Pace) -> str:
    """The pace in words, made of counted reviews only."""
    if not pace.counted:
        return f"none, as in the {pace.days:.0f} days before"
    if pace.counted >= 1.5 * pace.days:
        return f"{number(round(pace.counted / pace.days))} a day"
    return f"{number(pace.counted)} in {pace.days:.0f} days"
