"""Waves of bad reviews: more of one to three stars than the product's own share lets expect.

Model: the page rounds the shares of the stars to whole percent. The number of reviews with one to three stars thus lies
between two bounds. Reviews that stay do not grow fewer, so that every day between two ends tells something of both: the
bad reviews at the first are no more than those of any later day, those at the last no fewer than of any day before, the
reviews removed between taken into account. The lower bound at the last less the upper one at the first are bad reviews
that certainly came. Bounds that contradict each other (reviews were weighed anew) tell nothing.

Among the new reviews of the last 3, 7 and 14 days they are beta-binomial (Skellam, JRSS B 1948) around the largest
share that all reviews before may have had, with the weight of as many reviews as there were, and of 30 at most: bad
reviews come in batches (judgement). The smallest of the three probabilities counts threefold (Bonferroni). Told is what
chance brings rarely enough for all tests of the night together, at least five bad reviews and twice the expected
(judgement), and not again within two weeks.

A wave lasts until three days bring no more bad reviews than the share of all before them, each taken in the middle of
its bounds. What came up to then belongs to the wave that was told: the next begins after it.

Products that show one count (variations of one parent) are told once.
"""

import math
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Self

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from reports.flags.counted import Whole
from reports.flags.flag import Flag, Verdict, product_flag
from reports.flags.kind import Kind, Severity
from reports.flags.reviews import is_first_of_family
from reports.flags.rules import Rules
from reports.series import Comparison, Observation, ProductSeries

WINDOWS, NIGHTS = (3, 7, 14), 15
QUIET = 14
"""Days."""
LEAST_BAD, LEAST_RATIO = 5, 2.0
WEIGHT = 30
COLUMNS = "rating, review_count, rating_percents"


def flags(comparison: Comparison, rules: Rules) -> Iterator[Flag]:
    tests = cache(comparison.tests)
    for product in comparison.products:
        for flag in _of(comparison, product, rules, tests):
            if is_first_of_family(comparison, product, flag.day):
                yield flag


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page showed of its stars, day by day. Bad are reviews with one to three."""

    seen: list[Observation]
    count: Whole
    fewest: Whole
    """Bad ones at least, and at most, counted with all that were removed since the first day."""
    most: Whole
    removed: Whole
    day: Whole
    starts: list[Whole]
    """For each day and window, the first day of it."""

    @classmethod
    def of(cls, seen: list[Observation]) -> Self:
        count = np.array([o.review_count for o in seen], np.int64)
        share = np.array([_bad(o.rating_percents) for o in seen], np.int64).reshape(-1, 2)
        removed = np.cumsum(np.maximum(-np.diff(count, prepend=count[:1]), 0))
        fewest, most = -(-count * share[:, 0] // 200) + removed, count * share[:, 1] // 200 + removed
        day = np.array([o.day.toordinal() for o in seen], np.int64)
        # Observations may lie further apart than a window: it then reaches back to the one before.
        before = np.arange(len(day)) - 1
        starts = [np.maximum(np.minimum(np.searchsorted(day, day - days), before), 0) for days in WINDOWS]
        return cls(seen, count, fewest, most, removed, day, starts)

    def candidates(self) -> list[int]:
        """The days up to which enough bad ones may have come, whatever the window: few are left to be looked at."""
        start, removed = self.starts[-1], self.removed
        most = sliding_window_view(np.pad(self.most, (0, NIGHTS), mode="maximum"), NIGHTS + 1).min(axis=1)[start]
        fewest = sliding_window_view(np.pad(self.fewest, (NIGHTS, 0), mode="minimum"), NIGHTS + 1).max(axis=1)
        return [int(n) for n in np.flatnonzero(fewest - most - removed + removed[start] >= LEAST_BAD)]


@dataclass(frozen=True, slots=True)
class Wave:
    """Bad reviews from one observation to another."""

    first: int
    last: int
    new: int
    bad: int
    """Those that certainly came."""
    usual: float
    """The largest share of bad ones that there may have been before."""
    chance: float


def _of(comparison: Comparison, product: ProductSeries, rules: Rules, tests: Callable[[date], int]) -> Iterator[Flag]:
    seen = [o for _, o in sorted(product.daily.items()) if o.review_count and _bad(o.rating_percents)]
    first = bisect_left(seen, comparison.days[0], key=lambda o: o.day)
    # Most often nothing happened on the days in question, which the last few days tell.
    newest = seen[max(0, first - NIGHTS - 1) :] if first < len(seen) else []
    if not newest or not any(newest[n].day >= comparison.days[0] for n in Shown.of(newest).candidates()):
        return
    shown = Shown.of(seen)
    ratio = rules.factor(Kind.LOW_STAR_WAVE, LEAST_RATIO)
    told, ended = 0, 0
    for last in shown.candidates():
        if told and shown.day[last] - shown.day[told] <= QUIET:
            continue
        if ended < told:
            full = (n for n in range(told + 1, last) if shown.starts[0][n] >= told)
            ended = next((n for n in full if _calm(shown, int(shown.starts[0][n]), n)), ended)
        if ended < told:
            continue
        firsts = sorted({max(ended, int(start[last])) for start in shown.starts})
        waves = [wave for first in firsts if (wave := _wave(shown, first, last, ratio))]
        wave = min(waves, key=lambda w: w.chance, default=None)
        if wave and wave.chance <= rules.limit(Kind.LOW_STAR_WAVE, tests(seen[last].day)):
            told = last
            yield _flag(comparison, product, shown, wave)


def _wave(shown: Shown, first: int, last: int, ratio: float) -> Wave | None:
    """The bad reviews between two observations, where there are enough to speak of."""
    had, new = int(shown.count[first]), int(shown.count[last] - shown.count[first])
    most, fewest = int(shown.most[first : last + 1].min()), int(shown.fewest[first : last + 1].max())
    gone = int(shown.removed[last] - shown.removed[first])
    bad, usual = fewest - most - gone, min(1.0, (most - int(shown.removed[first])) / had)
    if not LEAST_BAD <= bad <= new or bad < ratio * new * usual or most < 0:
        return None
    if fewest > shown.most[last] or most < shown.fewest[first]:
        return None
    chance = len(WINDOWS) * bad_chance(bad, new, usual, had * WEIGHT / (had + WEIGHT))
    return Wave(first, last, new, bad, usual, min(1.0, chance))


def _calm(shown: Shown, first: int, last: int) -> bool:
    """Whether, in the middle of the bounds, no more bad reviews came than the share of those before lets expect."""
    both, removed = shown.fewest + shown.most, shown.removed
    came = int(both[last] - both[first] - 2 * (removed[last] - removed[first]))
    had, new = int(shown.count[first]), max(0, int(shown.count[last] - shown.count[first]))
    return came * had <= int(both[first] - 2 * removed[first]) * new


@cache
def _bad(percents: tuple[int, ...] | None) -> tuple[int, int] | None:
    """Between which half percents the share of one to three stars lies, by its own three and by the other two; None
    where these contradict each other."""
    if percents is None:
        return None
    good, bad = percents[:2], percents[2:]
    lower = max(sum(max(0, 2 * p - 1) for p in bad), 200 - sum(2 * p + 1 for p in good))
    upper = min(sum(2 * p + 1 for p in bad), 200 - sum(max(0, 2 * p - 1) for p in good))
    return (lower, upper) if lower <= upper else None


def bad_chance(bad: int, new: int, share: float, weight: float) -> float:
    """P(X >= bad) of a beta-binomial count among ``new``, whose beta has this mean and weight.

    At or below the mean it is counted as 1.
    """
    if bad <= new * share:
        return 1.0
    a, b = share * weight, (1 - share) * weight
    if not b:
        return 1.0
    log_first = (
        math.lgamma(new + 1) - math.lgamma(bad + 1) - math.lgamma(new - bad + 1)
        + math.lgamma(bad + a) + math.lgamma(new - bad + b) - math.lgamma(new + weight)
        + math.lgamma(weight) - math.lgamma(a) - math.lgamma(b)
    )  # fmt: skip
    term, total, k = math.exp(log_first), 0.0, bad
    while term > total * 1e-9:
        total += term
        if k == new:
            break
        term *= (new - k) / (k + 1) * (k + a) / (new - k - 1 + b)
        k += 1
    return min(1.0, total)


def _flag(comparison: Comparison, product: ProductSeries, shown: Shown, wave: Wave) -> Flag:
    before, after = shown.seen[wave.first], shown.seen[wave.last]
    was, now = (sum((end.rating_percents or ())[2:]) for end in (before, after))
    verdict = Verdict(
        Kind.LOW_STAR_WAVE,
        Severity.HIGH if product.own else Severity.MEDIUM,
        (was, now),
        (
            "At least {bad:number} of {new:number} new reviews in {elapsed:days} up to {day:day} gave 1 to 3 stars",
            "; of all before {was:number} % did. At that share it would come by chance {chance:rarity}",
        ),
        {
            "bad": wave.bad, "new": wave.new, "elapsed": (after.observed_at - before.observed_at) / timedelta(days=1),
            "was": was, "chance": wave.chance,
        },
        magnitude=wave.bad / (wave.new * wave.usual),
        chance=wave.chance,
        since=shown.seen[wave.first + 1].observed_at,
    )  # fmt: skip
    return product_flag(comparison, product, (before, after), verdict, columns=COLUMNS)
