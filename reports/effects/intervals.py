"""Intervals for a change between the nights before and the nights of a move, of a level or of a pace.

They are central and two-sided, and hold with probability ``1 - alpha``.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist, fmean, median

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

RHO = np.tanh(np.linspace(0.2, 2.6, 9))
"""Autocorrelations from one night to the next that are equally likely beforehand: 0.2 to 0.99 (a rank remembers the
sales of days), in even steps of Fisher's z, on whose scale a correlation of any size is known equally well (Fisher, "On
the 'Probable Error' of a Coefficient of Correlation", Metron 1, 1921)."""
SIX = np.arange(6)
SPARE = np.diag([0.0, 0, *[1] * 6, 0])
"""Makes columns that are not used stand for themselves."""
LEAST_WEEKDAYS = 2
"""Times that each day of the week must have been seen before, for weekdays to be told apart."""
PRIOR_DISPERSION, PRIOR_NIGHTS = 2.0, 4
"""As in :mod:`reports.flags.pace`: a few nights cannot show how bursty reviews are."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A change, as a logarithm, and the bounds of its interval."""

    change: float
    low: float
    high: float


def t_quantile(alpha: float, freedom: float) -> float:
    """The value that Student's t exceeds with probability ``alpha / 2``, by the expansion of Fisher and Cornish
    (Abramowitz & Stegun, "Handbook of Mathematical Functions", 26.7.5): within 1 % from three degrees of freedom on."""
    z = NormalDist().inv_cdf(1 - alpha / 2)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + sum(term / freedom ** (n + 1) for n, term in enumerate(terms))


@dataclass(frozen=True, slots=True)
class Step:
    """Values of observed nights in order, and the night from which on they may stand at another level."""

    days: Sequence[int]
    """As ordinals."""
    values: Sequence[float]
    first: int

    @property
    def before(self) -> list[float]:
        return [value for day, value in zip(self.days, self.values, strict=True) if day < self.first]

    @property
    def after(self) -> list[float]:
        return [value for day, value in zip(self.days, self.values, strict=True) if day >= self.first]

    @property
    def weekdays(self) -> bool:
        """Whether enough weeks are known for the days of the week to be told apart."""
        before = Counter(day % 7 for day in self.days if day < self.first)
        return len(before) == 7 and min(before.values()) >= LEAST_WEEKDAYS


def steps(cases: Sequence[Step], alphas: Sequence[float]) -> list[Interval]:
    """By how much each level changed, in noise that hangs together from night to night, nights missing or not.

    The model is a regression on a step and, where enough weeks are known, on days of the week, with first-order
    autoregressive errors: nights that are k apart are correlated as the k-th power. For each autocorrelation on a grid
    it is solved by generalised least squares, and weighs as its marginal likelihood (level, step, weekdays and scale
    integrated out; Zellner & Tiao, "Bayesian Analysis of the Regression Model with Autocorrelated Errors", JASA 59,
    1964). So the interval also has the uncertainty of the autocorrelation, which few nights leave large. What is then
    known of the step is a mixture of Student distributions; it is taken for one with their mean and variance.
    """
    if not cases:
        return []
    products, logarithms, freedom = zip(*map(_products, cases), strict=True)
    table, free = np.array(products), np.array(freedom)[:, None]
    known, answer = table[..., :-1, :-1], table[..., :-1, -1]
    inverse = np.linalg.inv(known)
    beta = (inverse @ answer[..., None])[..., 0]
    left = np.maximum(table[..., -1, -1] - (beta * answer).sum(axis=-1), 1e-9)
    likely = -np.array(logarithms) - np.linalg.slogdet(known)[1] / 2 - free / 2 * np.log(left)
    weights = np.exp(likely - likely.max(axis=1, keepdims=True))
    weights /= weights.sum(axis=1, keepdims=True)
    step = beta[..., 1]
    change = (weights * step).sum(axis=1)
    spread = (weights * (left / free * inverse[..., 1, 1] + (step - change[:, None]) ** 2)).sum(axis=1)
    halves = [t_quantile(alpha, f) * math.sqrt(v) for alpha, f, v in zip(alphas, freedom, spread, strict=True)]
    return [Interval(c, c - half, c + half) for c, half in zip(change.tolist(), halves, strict=True)]


def _products(case: Step) -> tuple[Floats, Floats, int]:
    """For each autocorrelation the sums of products of columns and values, whitened; half the logarithm of the
    determinant of the noise; and the degrees of freedom.

    Whitened, a night is x(i) − r x(i−1) over the root of 1 − r², with r the autocorrelation over its gap. So the sums
    are needed once a length of gap, not once an autocorrelation.
    """
    days = np.asarray(case.days)
    rows = np.zeros((len(days), 9))
    rows[:, 0] = 1
    rows[:, 1] = days >= case.first
    if case.weekdays:
        rows[:, 2:8] = (days % 7)[:, None] == SIX
    rows[:, 8] = case.values
    rows[:, 8] -= rows[:, 8].mean()
    gaps = np.diff(days)
    sums = np.outer(rows[0], rows[0])[None] + (SPARE if not case.weekdays else 0)
    logarithm = np.zeros(len(RHO))
    for gap in np.unique(gaps):
        before, after = rows[:-1][gaps == gap], rows[1:][gaps == gap]
        tied = (RHO**gap)[:, None, None]
        across = after.T @ before
        sums = sums + (after.T @ after - tied * (across + across.T) + tied**2 * (before.T @ before)) / (1 - tied**2)
        logarithm += len(after) / 2 * np.log1p(-(RHO ** (2 * gap)))
    return sums, logarithm, len(days) - (8 if case.weekdays else 2)


@dataclass(frozen=True, slots=True)
class Reviews:
    """New reviews of several nights."""

    count: int
    days: float
    squares: float
    """Of each night's count, over its days."""
    nights: int

    @property
    def logarithm(self) -> float:
        """Of the pace a day; of half a review more, so that none is no infinity."""
        return math.log((self.count + 0.5) / self.days)

    @property
    def pearson(self) -> float:
        """Sum of the squared distances from the pace, over what it lets expect."""
        pace = (self.count + 0.5) / self.days
        return self.squares / pace - 2 * self.count + pace * self.days


Paces = tuple[Reviews, Reviews]
"""Before and during a move."""


def variance(paces: Paces) -> float:
    """Of the logarithm of the ratio of both, about: with one overdispersion, which is Pearson's estimate (McCullagh &
    Nelder, "Generalized Linear Models", 2nd ed., ch. 6.2), shrunk towards 2."""
    before, after = paces
    prior = PRIOR_DISPERSION * PRIOR_NIGHTS
    free = before.nights + after.nights - 2
    dispersion = max(1.0, (before.pearson + after.pearson + prior) / (free + PRIOR_NIGHTS))
    return dispersion / (before.count + 0.5) + dispersion / (after.count + 0.5)


def ratio(own: Paces, peers: Sequence[Paces], alpha: float) -> Interval:
    """Of the pace during over the pace before, less the middle of the peers' (none: as it is).

    Logarithms of counts are about normal (the delta method); the variance of a median of n is π/2 times that of their
    mean (Kendall & Stuart, "The Advanced Theory of Statistics", vol. 1, ch. 14), their spread taken from the median
    absolute deviation, and never below what the counts themselves let expect.
    """
    change, width = own[1].logarithm - own[0].logarithm, variance(own)
    if peers:
        changes = [after.logarithm - before.logarithm for before, after in peers]
        middle = median(changes)
        spread = 1.4826 * median(abs(c - middle) for c in changes)
        change -= middle
        width += math.pi / 2 * max(spread**2, fmean(map(variance, peers))) / len(peers)
    half = t_quantile(alpha, own[0].nights + own[1].nights - 2) * math.sqrt(width)
    return Interval(change, change - half, change + half)
