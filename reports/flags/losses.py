"""Which falls of a product's number of reviews are more than its own corrections.

Model: corrections come at random, each of a few reviews, so that a night's loss is compound Poisson: its variance is
its mean times the mean of the squares over the mean of the sizes (Feller, "An Introduction to Probability Theory",
vol. 1, 3rd ed. 1968, ch. XII.2). Mean and sizes are those of the product's own last 13 weeks, with three corrections of
three reviews beside them that every product is taken to have had, and the uncertainty of their mean; the tail is that
of the negative binomial with the same mean and variance. A loss is told when chance brings it rarely enough for all
tests of the night together, and it is at least three reviews and 2 % of them (judgement); one that goes on over several
nights once. A loss of which half came back in one night within four weeks was none: from then on it is a correction.

Less than a week of history tells nothing.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np

from reports.flags.counted import DAY, Nights
from reports.flags.kind import Kind
from reports.flags.pace import LEAST_TIME, tail
from reports.flags.rules import Rules

LEAST_LOST, LEAST_SHARE = 3, Decimal("0.02")
MEMORY, RETURN = 91 * DAY, 28 * DAY
PRIOR_LOSSES, PRIOR_LOSS = 3, 3

Limit = Callable[[Kind, date], float]


@dataclass(frozen=True, slots=True)
class Removal:
    """A loss to be told. ``largest`` is the largest of the product's corrections."""

    night: int
    chance: float
    largest: int


def removals(nights: Nights, rules: Rules, limit: Limit) -> Iterator[Removal]:
    least = rules.size(Kind.REVIEWS_REMOVED, LEAST_SHARE)
    corrections: list[tuple[int, int]] = []
    told: list[int] = []
    for night in map(int, np.flatnonzero(nights.rise < 0)):
        now, lost = int(nights.ended[night] - nights.exposure[night]), -int(nights.rise[night])
        for past in [n for n in told if _came_back(nights, n, night)]:
            told.remove(past)
            corrections.append((now, -int(nights.rise[past])))
        corrections = [(at, size) for at, size in corrections if at >= now - MEMORY]
        if lost >= LEAST_LOST and lost >= least * int(nights.count[night]):
            time = min(MEMORY, now - int(nights.ended[0] - nights.exposure[0]))
            sizes = [size for _, size in corrections]
            chance = _chance(lost, int(nights.exposure[night]), sizes, time)
            if chance <= limit(Kind.REVIEWS_REMOVED, nights.seen[night + 1].day):
                if not told or told[-1] != night - 1:
                    yield Removal(night, chance, max(sizes, default=0))
                told.append(night)
                continue
        corrections.append((now, lost))


def _came_back(nights: Nights, past: int, night: int) -> bool:
    """Whether half of what was lost came back in one night, within four weeks and before ``night``."""
    since = slice(past + 1, night)
    soon = nights.ended[since] - nights.ended[past] <= RETURN
    return bool((soon & (2 * nights.rise[since] >= -nights.rise[past])).any())


def _chance(lost: int, exposure: int, sizes: list[int], time: int) -> float:
    """The probability that corrections of these sizes in ``time`` seconds let expect so large a loss."""
    if time < LEAST_TIME:
        return 1.0
    total = sum(sizes) + 0.5
    mean = total / time * exposure
    squares = sum(size * size for size in sizes) + PRIOR_LOSSES * PRIOR_LOSS**2
    return tail(lost, mean, squares / (sum(sizes) + PRIOR_LOSSES * PRIOR_LOSS) * mean + mean * mean / total)
