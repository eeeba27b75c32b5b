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
from reports.sales.evidence import MONTH, Sums, Whole

Singles = NDArray[np.float32]


SLOPES: Floats = np.linspace(0.45, 1.41, 13)
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
MOST = 80
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
    products: Whole
    """Rows of the products with evidence of their own."""
    own: Singles
    """By slope, product and level: how likely that is, against its best."""
    lowest: float
    highest: float
    """Between these logarithms of ranks it was calibrated."""


def fit(known: Sums) -> Curve:
    """The curve that the evidence tells of. There must be some."""
    typical = _typical(known.ranks)
    centre = float(np.median(typical))
    shares = volumes(known.ranks, known.days, centre)
    low, high = np.log(np.maximum(known.low, 0.1)), np.log(known.high)
    first, last = (low - shares).min(), (np.where(np.isinf(high), low, high) - shares).max()
    levels: Floats = np.arange(first - REACH, last + REACH, STEP)
    kernel = _kernel(levels)
    products, begin = np.unique(known.products, return_index=True)
    likely = np.add.reduceat(likelihood(known, shares, levels), begin, axis=1)
    peak = likely.max(axis=2, keepdims=True)
    own = np.exp(likely - peak).astype(np.float32)
    chosen = _chosen(known, products, typical[begin])
    newest = known.shown & np.isin(known.products, products[chosen])
    weights: Floats = np.zeros((len(SLOPES), *kernel.shape[:2]))
    for n, share in enumerate(shares):
        total = _over(own[n, chosen], kernel) + peak[n, chosen].sum()
        # Only who sold at least SHOWN is seen with a bracket, and not all of these: given that much, it is as likely as
        # it is, and so its likelihood is divided by how likely so much was.
        beyond = (levels + share[newest, None] - np.log(SHOWN)) / np.sqrt(known.noise[newest, None])
        weights[n] = total - _over(phi(beyond) + np.float32(DOUBT), kernel)
    weights -= ((SLOPES[:, None, None] - SLOPE) / SLOPE_SPREAD) ** 2 / 2
    weights -= ((SPREADS / SPREAD) ** 2 / 2 - np.log(np.gradient(SPREADS)))[:, None]
    weights = np.exp(weights - weights.max())
    weights /= weights.sum()
    return Curve(centre, levels, weights, kernel, products, own, float(typical.min()), float(typical.max()))


def volumes(ranks: Floats, days: Floats, centre: float) -> Floats:
    """By slope and row: the logarithm of what a product of level 0 sells on these days together."""
    known = np.maximum((~np.isnan(ranks)).sum(axis=1), 1)
    away = np.where(np.isnan(ranks), np.inf, ranks - centre)
    with np.errstate(divide="ignore"):
        found: Floats = np.stack([np.log(np.exp(-b * away).sum(axis=1) * days / known) for b in SLOPES])
    return found


def likelihood(known: Sums, shares: Floats, levels: Floats) -> Singles:
    """By slope, piece of evidence and level: the logarithm of how likely the evidence is, against its best."""
    scale = np.sqrt(known.noise)
    low, high = np.log(np.maximum(known.low, 0.1)), np.log(known.high)
    ends = (((end - shares) / scale)[:, :, None].astype(np.float32) for end in (low, high))
    at = (levels / scale[:, None]).astype(np.float32)
    below, above = (phi(end - at) for end in ends)
    best = 2 * phi((high - low) / 2 / scale) - 1
    found: Singles = np.log(np.maximum((above - below) / best[:, None], 0) + np.float32(DOUBT))
    return found


def phi(x: Floats | Singles) -> Singles:
    """The normal distribution function, within 1e-6 (Abramowitz & Stegun, "Handbook of Mathematical Functions",
    26.2.17, in single precision: it is what takes the time)."""
    single = x.astype(np.float32, copy=False)
    size = np.minimum(np.abs(single), np.float32(10))
    t = 1 / (1 + np.float32(0.2316419) * size)
    tail = np.exp(-size * size / 2) * np.float32(0.3989422804)
    tail *= t * (0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
    found: Singles = np.where(single >= 0, 1 - tail, tail)
    return found


def _over(rows: Singles, kernel: Floats) -> Floats:
    """By spread and level a: the logarithm of how likely all of these products are. Not as a product of matrices: these
    are small, and BLAS would start threads that wait for each other where other processes have the cores."""
    about = kernel.reshape(-1, kernel.shape[2]).astype(np.float32)
    found: Floats = np.log(np.einsum("pz,az->pa", rows, about) + 1e-30).sum(axis=0, dtype=float)
    return found.reshape(kernel.shape[:2])


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


def _chosen(known: Sums, products: Whole, ranks: Floats) -> Whole:
    """Places of the products that the curve is taken from: the user's own, and as many others as there is room for,
    evenly over the ranks."""
    own = np.isin(products, known.products[known.days < MONTH])
    others = np.flatnonzero(~own)[np.argsort(ranks[~own])]
    room = max(MOST - int(own.sum()), 0)
    if len(others) > room:
        others = others[np.linspace(0, len(others) - 1, room).astype(int)]
    return np.concatenate([np.flatnonzero(own)[:MOST], others])
