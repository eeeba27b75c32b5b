"""Sales, and the Best Sellers Rank that the site makes of them.

The rank is a power of the sales that the site remembers: rank = scale * sales ** (-1 / theta), theta 0.8 to 1.2
(Chevalier & Goolsbee, "Measuring Prices and Price Competition Online", QME 1, 2003; Brynjolfsson, Hu & Smith,
"Consumer Surplus in the Digital Economy", Management Science 49, 2003), and what is remembered decays exponentially,
so that a slow seller's rank jumps with each sale and then slides.
"""

import numpy as np

from tests.worlds.truth import NIGHTS, Counts, Numbers, Truth

STEPS = 8
"""A day: every three hours."""
LARGEST_RANK = 900_000
MEMORY = {"hourly": (0.6, 1.5), "daily": (1.0, 3.0), "long memory": (5.0, 5.0), "restless": (0.6, 1.5)}
BY_HOUR = np.array([0.35, 0.25, 0.6, 1.1, 1.3, 1.3, 1.6, 1.5])
"""Share of the day's rate in each step, from midnight UTC: people sleep."""
WEEK = {
    "weekend": np.array([0.85, 0.85, 0.85, 0.85, 0.85, 1.3, 1.3]),
    "weekdays": np.array([1.5, 1.2, 1.1, 1.1, 1.0, 0.55, 0.55]),
}
"""From Monday."""


def rates(truth: Truth) -> Numbers:
    """Sales a day that each product would make on each night."""
    chance, nights = truth.chance, np.arange(NIGHTS)
    rate = np.array(
        [p.sales * p.demand * (p.paid / p.cents) ** -p.elasticity * ~p.out * ~p.gone for p in truth.products]
    )
    rate *= truth.niche
    season = truth.laws["season"]
    if season in WEEK:
        rate *= WEEK[season][nights % 7]
    elif season == "trends":
        rate *= (1 + chance.uniform(-0.007, 0.007, len(rate)))[:, None] ** nights
    elif season == "regimes":
        rate *= np.where(np.cumsum(chance.random(rate.shape) < 1 / 9, axis=1) % 2, 1.35, 1.0)
    if truth.law("chance", "negative binomial"):
        rate *= chance.gamma(6, 1 / 6, rate.shape)
    elif truth.law("chance", "heavy tails"):
        rate *= np.exp(0.25 * np.clip(chance.standard_t(3, rate.shape), -8, 8))
    return rate


def ranks(truth: Truth, rate: Numbers, moments: Numbers) -> Counts:
    """Rank in the main category at each moment (days since the first midnight), by product."""
    chance, law = truth.chance, truth.laws["rank"]
    if law == "two clocks":
        sold = np.sqrt(_remembered(truth, rate, moments, 1.0) * _remembered(truth, rate, moments, 12.0))
    else:
        updated = np.floor(moments) if law == "daily" else moments
        sold = _remembered(truth, rate, updated, float(chance.uniform(*MEMORY[law])))
    rank = truth.scale * np.maximum(sold, 1e-3) ** (-1 / truth.theta)
    others = chance.normal(0, 0.12 if law == "restless" else 0.02, len(moments))
    rank *= np.exp(others + chance.normal(0, 0.03, rank.shape))
    return np.clip(np.rint(rank), 1, LARGEST_RANK).astype(np.int64)


def _remembered(truth: Truth, rate: Numbers, moments: Numbers, days: float) -> Numbers:
    """Sales a day as remembered at each moment, with an exponential memory of so many days."""
    chance, step = truth.chance, 1 / STEPS
    expected = np.repeat(rate, STEPS, axis=1) * np.tile(BY_HOUR / BY_HOUR.sum(), NIGHTS)
    sold = chance.poisson(expected) * np.exp(-step / 2 / days) / days
    memory = np.empty((len(rate), NIGHTS * STEPS + 1))
    memory[:, 0] = rate[:, 0]
    for n in range(NIGHTS * STEPS):
        memory[:, n + 1] = memory[:, n] * np.exp(-step / days) + sold[:, n]
    index = np.floor(moments * STEPS + 1e-9).astype(int)
    kept: Numbers = memory[:, index] * np.exp(-(moments - index * step) / days)
    # Who sold nothing for k days is overtaken by those who sold meanwhile, not by all whose memory fades as well: below
    # one sale's worth the rank slides as 1 / (1 + k / days).
    one = kept * days
    return np.where(one >= 1, kept, 1 / (days * (1 - np.log(np.clip(one, 1e-30, 1)))))
