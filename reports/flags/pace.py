"""How many reviews are usual: the pace at which they come, and how improbable so many more would be.

Model: counts with exposure. What comes between two observed days is negative binomial with mean pace × elapsed days,
so that a missed night is a longer exposure and nothing else (McCullagh & Nelder, "Generalized Linear Models", 2nd ed.
1989, ch. 6). As in the detection of outbreaks (Farrington et al., JRSS A 1996; Noufaily et al., Statistics in Medicine
2013) the variance of what is still to come has two parts:

- the dispersion that the usual nights show: the index of dispersion, squared residuals over counts (Cox & Lewis, "The
  Statistical Analysis of Series of Events", 1966, ch. 6), drawn towards 2 because few nights, or few events, cannot
  show how bursty a product is, and taken a quarter higher, about the standard error of four weeks (of a slow product
  it would be twice that, but there the prior says most). Of a stretch of several nights it is higher where neighbouring
  nights go together (clusters): by their correlation at lags of one and two nights with Bartlett's weights (Newey &
  West, Econometrica 1987).
- the uncertainty of the pace itself, that of a gamma-Poisson prediction.

The pace is that of the last four weeks, or of the last week where that is higher: growth is no outlier. The last three
nights, which are judged together, are not in it.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reports.flags.counted import DAY, Nights, Whole

LONGEST = 3
"""Nights that are judged together; what is usual is taken from those before them."""
MEMORY, LATELY = 28 * DAY, (7 + LONGEST - 1) * DAY
LEAST_TIME, LEAST_NIGHTS = 7 * DAY, 5
PRIOR_DISPERSION, PRIOR_NIGHTS = 2.0, 4.0
HIGHER = 1.25
"""Times the dispersion that is taken, and so the least there is."""
SURELY_USUAL = 2.0
"""Standard deviations up to which no count is rare enough to be looked at, whatever its distribution and the limit."""

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Pace:
    """What is usual, and the days it comes from."""

    counted: int
    days: float
    per_day: float
    """What is expected of a day; half an event more than was counted, so that it is never none."""
    total: float
    """The events that this rests on."""
    dispersion: float
    """Variance over mean of one night's count."""
    together: tuple[float, float]
    """How much neighbouring nights go together, one and two nights apart: correlations, negative ones as none."""

    def chance(self, count: int, days: float, nights: int) -> float:
        """Probability of at least ``count`` in so many days, of which so many nights were observed."""
        mean = self.per_day * days
        clusters = 1 + 2 * sum((1 - lag / nights) * self.together[lag - 1] for lag in range(1, min(nights, 3)))
        return tail(count, mean, self.dispersion * clusters * mean + mean * mean / self.total)


def pace(nights: Nights, usual: Mask, night: int) -> Pace | None:
    """The pace that a night is judged by, of the ``usual`` nights; None when they are too few to speak of one.

    Its sums are of whole numbers, so that it is the same to the last bit wherever it is worked out.
    """
    last = max(0, night + 1 - LONGEST)
    first = int(np.searchsorted(nights.ended[:last], nights.ended[night] - MEMORY))
    mask = usual[first:last]
    count, time = nights.new[first:last][mask], nights.exposure[first:last][mask]
    counted, days = int(count.sum()), int(time.sum())
    if days < LEAST_TIME or len(count) < LEAST_NIGHTS:
        return None
    rate = (counted + 0.5) / days
    residuals = _together(count, time, rate, 0)
    shown = 1 / (1 / len(count) + 1 / (counted + 0.5))
    dispersion = (shown * residuals / (counted + 0.5) + PRIOR_NIGHTS * PRIOR_DISPERSION) / (shown + PRIOR_NIGHTS)
    dispersion = HIGHER * max(1.0, dispersion)
    one, two = (max(0.0, _together(count, time, rate, lag) / residuals) for lag in (1, 2))
    lately = nights.ended[first:last][mask] >= nights.ended[night] - LATELY
    chosen, span = counted, days
    if lately.sum() >= LEAST_NIGHTS:
        counted_lately, days_lately = int(count[lately].sum()), int(time[lately].sum())
        if counted_lately * days > counted * days_lately:
            chosen, span = counted_lately, days_lately
    return Pace(counted, days / DAY, (chosen + 0.5) / span * DAY, chosen + 0.5, dispersion, (one, two))


def _together(count: Whole, time: Whole, rate: float, lag: int) -> float:
    """Sum of the products of the residuals of nights that are ``lag`` apart."""
    end = len(count) - lag
    counts, times = int(count[lag:] @ count[:end]), int(time[lag:] @ time[:end])
    return counts - rate * int(count[lag:] @ time[:end] + time[lag:] @ count[:end]) + rate * rate * times


def candidates(nights: Nights, usual: Mask, least: int, ratio: float) -> list[int]:
    """Nights that, with the one or two before them, brought ``least`` reviews, ``ratio`` times the usual, and more than
    scatter. All nights at once, so that few are left to be looked at one by one."""
    if len(usual) <= LEAST_NIGHTS:
        return []
    count, time = np.where(usual, nights.new, 0), np.where(usual, nights.exposure, 0)
    counts, times, numbers = (np.concatenate(([0], np.cumsum(values))) for values in (count, time, usual))
    last = np.maximum(np.arange(1, len(usual) + 1) - LONGEST, 0)
    first, recent = (
        np.minimum(np.searchsorted(nights.ended, nights.ended - memory), last) for memory in (MEMORY, LATELY)
    )
    total, span = counts[last] - counts[first], times[last] - times[first]
    known = (span >= LEAST_TIME) & (numbers[last] - numbers[first] >= LEAST_NIGHTS)
    lately, days = counts[last] - counts[recent], times[last] - times[recent]
    higher = (numbers[last] - numbers[recent] >= LEAST_NIGHTS) & (lately * span > total * days)
    total, span = np.where(higher, lately, total) + 0.5, np.maximum(np.where(higher, days, span), 1)
    found = np.zeros(len(usual), bool)
    new, exposed, whole = np.zeros_like(count), np.zeros_like(time), known
    for back in range(LONGEST):
        new[back:] += nights.new[: len(new) - back]
        exposed[back:] += nights.exposure[: len(new) - back]
        whole = whole & np.concatenate((np.zeros(back, bool), usual[: len(usual) - back]))
        mean = total / span * exposed
        scatter = SURELY_USUAL * np.sqrt(HIGHER * mean + mean * mean / total)
        found |= whole & (new >= least) & (new >= ratio * mean) & (new - mean >= scatter)
    return [int(night) for night in np.flatnonzero(found)]


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
