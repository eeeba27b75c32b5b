"""The rating rose or fell, and whether the reviews that came or went can explain it; and waves of bad reviews.

Model of the rating: a mean that the page rounds to tenths, so that one lying near an edge flickers between two values.
A step of 0.1 is told when three observed days in a row show it, a larger one at once; a level that was left within the
last four weeks is not told again for a step of 0.1 (judgement).

Whether the count explains it follows from the rounding alone, taking the rating for the simple mean of all reviews:
``n`` reviews with a rating of ``r`` have between ``n(r − 0.05)`` and ``n(r + 0.05)`` stars in all, and each new or
removed review 1 to 5. A rating outside what that allows cannot come from so many reviews, whatever their stars: others
were removed or merged in, or the site weighs them anew (its rating is not quite the simple mean).

Model of a wave: the page rounds the shares of the stars to whole percent. The number of reviews with one to three stars
thus lies between two bounds; the lower one now less the upper one then are bad reviews that certainly came. Among the
new reviews of the last 3, 7 and 14 days they are beta-binomial (Skellam, JRSS B 1948) around the largest share that all
reviews before may have had, with the weight of as many reviews as there were, and of 30 at most: bad reviews come in
batches (judgement). The smallest of the three probabilities counts threefold (Bonferroni). Told is what chance brings
rarely enough for all tests of the night together, at least five bad reviews and twice the expected (judgement), and not
again within two weeks.

Products that show one rating and count (variations of one parent) are told once.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import cache

import numpy as np

from reports.flags.counted import DAY, Whole
from reports.flags.flag import Flag, Verdict, product_flag
from reports.flags.kind import Kind, Severity
from reports.flags.reviews import is_first_of_family
from reports.flags.rules import Rules
from reports.sentences import Fact
from reports.series import Comparison, Observation, ProductSeries

STEP, WIDE, HALF = Decimal("0.1"), Decimal("0.2"), Decimal("0.05")
NIGHTS = 3
MEMORY = timedelta(days=28)
TELLING = 3
"""Stars between the bounds of what new reviews gave on average, up to which these are worth saying."""
WINDOWS = (3, 7, 14)
QUIET = 14 * DAY
LEAST_BAD, LEAST_RATIO = 5, 2.0
WEIGHT = 30
COLUMNS = "rating, review_count, rating_percents"


def flags(comparison: Comparison, rules: Rules) -> Iterator[Flag]:
    tests = cache(comparison.tests)
    for product in comparison.products:
        seen = [o for _, o in sorted(product.daily.items()) if o.rating is not None]
        for flag in (*_moves(comparison, product, seen, rules), *_waves(comparison, product, rules, tests)):
            if is_first_of_family(comparison, product, flag.day):
                yield flag


def _moves(comparison: Comparison, product: ProductSeries, seen: list[Observation], rules: Rules) -> Iterator[Flag]:
    level: Observation | None = None
    away: list[Observation] = []
    left: dict[Decimal | None, date] = {}
    least = {True: rules.size(Kind.RATING_ROSE, STEP), False: rules.size(Kind.RATING_FELL, STEP)}
    for now in seen:
        step = _step(level, now)
        if level is None or not step:
            level, away = now, []
            continue
        if away and (_step(level, away[-1]) > 0) != (step > 0):
            away = []
        away.append(now)
        if abs(step) < least[step > 0] or (abs(step) < WIDE and len(away) < NIGHTS):
            continue
        known = left.get(now.rating)
        if abs(step) >= WIDE or known is None or now.day - known > MEMORY:
            yield _moved(comparison, product, (level, now), step, away[0])
        left[level.rating] = now.day
        level, away = now, []


def _step(level: Observation | None, now: Observation) -> Decimal:
    if level is None or level.rating is None or now.rating is None:
        return Decimal(0)
    return now.rating - level.rating


def _moved(
    comparison: Comparison,
    product: ProductSeries,
    ends: tuple[Observation, Observation],
    step: Decimal,
    first: Observation,
) -> Flag:
    before, after = ends
    rose = step > 0
    possible, why, facts = explained(before, after)
    matters = abs(step) >= WIDE or possible is False
    severity = Severity.HIGH if product.own and not rose else Severity.MEDIUM if matters else Severity.LOW
    moved = (
        "Rating rose {before:fixed} → {after:fixed} on {day:day}"
        if rose
        else "Rating fell {before:fixed} → {after:fixed} on {day:day}"
    )
    verdict = Verdict(
        Kind.RATING_ROSE if rose else Kind.RATING_FELL,
        severity,
        (before.rating, after.rating),
        (moved, *why),
        {"before": before.rating, "after": after.rating} | facts,
        magnitude=float(step),
        since=first.observed_at,
    )
    return product_flag(comparison, product, ends, verdict, columns=COLUMNS)


def explained(before: Observation, after: Observation) -> tuple[bool | None, tuple[str, ...], dict[str, Fact]]:
    """Whether the reviews between can explain the step, and how that is said; None where they were not counted."""
    had, has, was, now = before.review_count, after.review_count, before.rating, after.rating
    if not had or not has or was is None or now is None:
        return None, (), {}
    more = has - had
    lowest, highest = had * (was - HALF), had * (was + HALF)
    least, most = has * (now - HALF), has * (now + HALF)
    one, five = (1, 5) if more > 0 else (5, 1)
    if not (lowest + one * more < most and highest + five * more > least):
        says = "; no review came or went (simple mean): some were exchanged or weighted anew"
        if more > 0:
            says = (
                "; the {more:count new review|new reviews} cannot explain it, whatever their stars (simple mean): "
                "others were removed, merged in or weighted anew"
            )
        elif more < 0:
            says = (
                "; the {fewer:count review|reviews} that went cannot explain it, whatever their stars (simple mean): "
                "others were merged in or weighted anew"
            )
        return False, (says,), {"more": more, "fewer": -more}
    if more < 0:
        return True, ("; the {fewer:count review|reviews} that went can explain it",), {"fewer": -more}
    lower, upper = max(Decimal(1), (least - highest) / more), min(Decimal(5), (most - lowest) / more)
    if upper - lower > TELLING:
        return True, ("; the {more:count new review|new reviews} can explain it",), {"more": more}
    facts: dict[str, Fact] = {
        "more": more,
        "lower": lower.quantize(STEP, ROUND_FLOOR),
        "upper": upper.quantize(STEP, ROUND_CEILING),
    }
    return (
        True,
        ("; the {more:count new review|new reviews} explain it with {lower:fixed} to {upper:fixed} stars on average",),
        facts,
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page showed of its stars, day by day. Bad are reviews with one to three."""

    seen: list[Observation]
    count: Whole
    share: Whole
    """Of the bad ones, in half percent: its lower and its upper bound."""
    fewest: Whole
    most: Whole


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


def _waves(
    comparison: Comparison, product: ProductSeries, rules: Rules, tests: Callable[[date], int]
) -> Iterator[Flag]:
    seen = [o for _, o in sorted(product.daily.items()) if o.review_count and _bad(o.rating_percents)]
    count = np.array([o.review_count for o in seen], np.int64)
    share = np.array([_bad(o.rating_percents) for o in seen], np.int64).reshape(-1, 2)
    shown = Shown(seen, count, share, -(-count * share[:, 0] // 200), count * share[:, 1] // 200)
    at = np.array([o.observed_at.timestamp() for o in seen], np.int64)
    starts = [np.maximum(np.searchsorted(at, at - days * DAY, "right") - 1, 0) for days in WINDOWS]
    certain = np.max([shown.fewest - shown.most[start] for start in starts], axis=0)
    ratio = rules.factor(Kind.LOW_STAR_WAVE, LEAST_RATIO)
    told = 0
    for last in map(int, np.flatnonzero(certain >= LEAST_BAD)):
        if told and at[last] - at[told] <= QUIET:
            continue
        firsts = {max(told, int(start[last])) for start in starts}
        wave = min(
            filter(None, (_wave(shown, n, last, ratio) for n in sorted(firsts))), key=lambda w: w.chance, default=None
        )
        if wave and wave.chance <= rules.limit(Kind.LOW_STAR_WAVE, tests(seen[last].day)):
            told = last
            yield _flag(comparison, product, shown, wave)


def _wave(shown: Shown, first: int, last: int, ratio: float) -> Wave | None:
    """The bad reviews between two observations, where there are enough to speak of."""
    had, new = int(shown.count[first]), int(shown.count[last] - shown.count[first])
    bad, usual = int(shown.fewest[last] - shown.most[first]), int(shown.share[first, 1]) / 200
    if not LEAST_BAD <= bad <= new or bad < ratio * new * usual:
        return None
    chance = len(WINDOWS) * bad_chance(bad, new, usual, had * WEIGHT / (had + WEIGHT))
    return Wave(first, last, new, bad, usual, min(1.0, chance))


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
    was, now = (round(int(shown.share[n].sum()) / 4) for n in (wave.first, wave.last))
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
