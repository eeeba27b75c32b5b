"""How a rank translates into units in one category: what is known of the curve, as weights on a grid.

    log(units a day) = z(product) − b · (log(rank) − centre),    z(product) ~ t₅(a, spread)

A bracket is a sum over 30 days and a rank changes from day to day, so what is set beside a bracket is not a rank but
the sum of rank^−b over its days. Priors and their sources are in ``reports/SALES.md``.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reports.effects.intervals import Floats
from reports.sales.brackets import SHOWN
from reports.sales.evidence import MONTH, Sums

SLOPES: Floats = np.linspace(0.4, 1.52, 17)
SLOPE, SLOPE_SPREAD = 0.87, 0.2
SPREADS: Floats = np.array([0.1, 0.16, 0.25, 0.36, 0.5, 0.7, 1.0])
SPREAD = 0.4
"""Scale of the half-normal prior of how far products lie from the curve."""
TAILS = 5
"""Degrees of freedom of Student's t: now and then a product lies far off."""
STEP = 0.08
"""Of the grid of levels: finer than the smallest spread. The curve's own level is on every other."""
REACH = 2.0
"""How far the grid goes beyond what the evidence points to."""
MOST = 150
"""Products that a curve is taken from; more of them make it no better, only slower."""
DOUBT = 1e-4
"""How likely a piece of evidence is taken to be that contradicts all the rest, against its best."""


@dataclass(frozen=True, slots=True)
class Curve:
    """What is known of one category."""

    centre: float
    """Logarithm of the rank that the levels are of."""
    levels: Floats
    """The grid of z, and of a."""
    weights: Floats
    """Of slope, spread and level together; their sum is 1."""
    kernel: Floats
    """By spread, level a and level z: how products lie about the curve; each row sums to 1."""
    lowest: float
    highest: float
    """Between these logarithms of ranks it was calibrated."""


def fit(known: Sums) -> Curve:
    """The curve that the evidence tells of. There must be some."""
    known = _fewer(known)
    typical = _typical(known.ranks)
    centre = float(np.median(typical))
    shares = volumes(known.ranks, known.days, centre)
    low, high = np.log(np.maximum(known.low, 0.1)), np.log(known.high)
    ends = (
        [float((low - s).min()) for s in shares],
        [float((np.where(np.isinf(high), low, high) - s).max()) for s in shares],
    )
    levels: Floats = np.arange(min(ends[0]) - REACH, max(ends[1]) + REACH, STEP)
    kernel = _kernel(levels)
    about = kernel.reshape(-1, len(levels)).astype(np.float32)
    first = np.flatnonzero(np.diff(known.products, prepend=-1))
    likely = likelihood(known, shares, levels)
    chosen = np.minimum.reduceat(~known.shown, first) == 0
    weights: Floats = np.zeros((len(SLOPES), *kernel.shape[:2]))
    for n, share in enumerate(shares):
        each = np.add.reduceat(likely[n], first, axis=0)
        peak = each.max(axis=1, keepdims=True)
        found = np.log(_over(np.exp(each - peak), about) + 1e-30)
        total = found.sum(axis=0, dtype=float) + peak.sum()
        if chosen.any():
            # Only who sold at least SHOWN is seen with a bracket, and not all of these: given that much, it is as
            # likely as it is, and so its likelihood is divided by how likely so much was.
            at = np.flatnonzero(known.shown)
            beyond = (levels[None] + share[at][:, None] - np.log(SHOWN)) / np.sqrt(known.noise[at])[:, None]
            total -= np.log(_over(phi(beyond), about) + 1e-12).sum(axis=0, dtype=float)
        weights[n] = total.reshape(kernel.shape[:2])
    weights += (-(((SLOPES - SLOPE) / SLOPE_SPREAD) ** 2) / 2)[:, None, None]
    weights += (-((SPREADS / SPREAD) ** 2) / 2 + np.log(np.gradient(SPREADS)))[None, :, None]
    weights = np.exp(weights - weights.max())
    return Curve(centre, levels, weights / weights.sum(), kernel, float(typical.min()), float(typical.max()))


def volumes(ranks: Floats, days: Floats, centre: float) -> Floats:
    """By slope and row: the logarithm of what a product of level 0 sells on these days together."""
    known = np.maximum((~np.isnan(ranks)).sum(axis=1), 1)
    away = np.where(np.isnan(ranks), np.inf, ranks - centre)
    with np.errstate(divide="ignore"):
        found: Floats = np.stack([np.log(np.exp(-b * away).sum(axis=1) * days / known) for b in SLOPES])
    return found


def likelihood(known: Sums, shares: Floats, levels: Floats) -> Floats:
    """By slope, piece of evidence and level: the logarithm of how likely the evidence is, against its best."""
    scale = np.sqrt(known.noise)[None, :, None]
    at = shares[:, :, None] + levels
    low, high = np.log(np.maximum(known.low, 0.1))[None, :, None], np.log(known.high)[None, :, None]
    within = phi((high - at) / scale) - phi((low - at) / scale)
    half = np.where(np.isinf(high), np.inf, (high - low) / 2) / scale
    found: Floats = np.log(np.maximum(within / (2 * phi(half) - 1), 0) + DOUBT)
    return found


def phi(x: Floats) -> Floats:
    """The normal distribution function, within 1e-7 (Abramowitz & Stegun, "Handbook of Mathematical Functions",
    26.2.17)."""
    size = np.minimum(np.abs(x), 10)
    t = 1 / (1 + 0.2316419 * size)
    tail = np.exp(-size * size / 2) * 0.3989422804014327
    tail *= t * (0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
    found: Floats = np.where(x >= 0, 1 - tail, tail)
    return found


def _over(rows: Floats, about: NDArray[np.float32]) -> NDArray[np.float32]:
    """Their products. Not as a product of matrices: these are small, and BLAS would start threads that wait for each
    other where other processes have the cores."""
    found: NDArray[np.float32] = np.einsum("pz,az->pa", rows.astype(np.float32), about)
    return found


def _kernel(levels: Floats) -> Floats:
    apart = (levels[None, :] - levels[::2, None])[None] / SPREADS[:, None, None]
    found: Floats = (1 + apart**2 / TAILS) ** (-(TAILS + 1) / 2)
    found /= found.sum(axis=2, keepdims=True)
    return found


def _typical(ranks: Floats) -> Floats:
    """A logarithm of a rank that stands for each row."""
    with np.errstate(invalid="ignore"):
        found: Floats = np.nanmedian(np.where(np.isinf(ranks), np.nan, ranks), axis=1)
    return found


def _fewer(known: Sums) -> Sums:
    """The user's own products and as many others as there is room for, evenly over the ranks."""
    products, first = np.unique(known.products, return_index=True)
    own = np.unique(known.products[known.days < MONTH])
    others = products[~np.isin(products, own)]
    room = max(MOST - len(own), 0)
    if len(others) <= room:
        return known
    order = others[np.argsort(_typical(known.ranks[first])[~np.isin(products, own)])]
    chosen = order[np.linspace(0, len(order) - 1, room).astype(int)]
    return known.of(np.isin(known.products, np.concatenate([own[:MOST], chosen])))
