"""Categories whose sales are known, made by several laws, for measuring what is estimated of them.

A product's sales wander from day to day about a level of its own; its rank follows from them by the law of the world,
with luck of its own; its page shows a bracket of the last 30 days. Units are whole, and the brackets count them.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from reports.effects.intervals import Floats
from reports.sales import Sightings
from reports.sales.brackets import STEPS

DAYS = 90
FIRST = date(2026, 1, 1)
HELD_OUT = 40
"""Products whose brackets are never shown."""


@dataclass(frozen=True)
class Law:
    """How rank follows from sales: log units = a − slope · log rank, and what lies about that."""

    name: str
    told: str
    slope: float = 1.0
    level: float = 11.9
    """a: logarithm of the units a day that rank 1 would stand for; 150,000 as in the demo."""
    products: float = 0.0
    """Standard deviation of the products about the curve, as a logarithm."""
    luck: float = 0.1
    """The same of a day's units about what the rank says."""
    bend: float = 0.0
    """The slope is this much more a factor e of rank beyond 5,000."""
    season: float = 0.0
    """How much more the same rank sells at the end than 60 days before, as a logarithm."""
    most: int = STEPS[-1]
    """The highest bracket shown."""
    shown: float = 1.0
    """Part of the products with enough sales that show a bracket."""
    sells: float = 2.3
    """Logarithm of the units a day of a typical product."""


LAWS = (
    Law("demo", "rank = 150,000 / units, as in `tracker demo`; 7 to 14 % of luck a day"),
    Law("flat", "slope 0.65, products 30 % about the curve", slope=0.65, level=8.0, products=0.3, luck=0.2),
    Law("steep", "slope 1.15, products 50 % about it", slope=1.15, level=13.0, products=0.5, luck=0.3),
    Law("bent", "slope 0.7 at the top, steeper below 5,000", slope=0.7, level=8.6, products=0.3, luck=0.2, bend=0.08),
    Law(
        "season", "the same rank sells 50 % more at the end", slope=0.9, level=11.0, products=0.3, luck=0.2, season=0.4
    ),
    Law(
        "capped",
        "big sellers, no bracket above 10K+",
        slope=0.8,
        level=11.5,
        products=0.3,
        luck=0.2,
        sells=5.5,
        most=10_000,
    ),
    Law("reticent", "half of the pages show no bracket", slope=0.9, level=11.0, products=0.4, luck=0.2, shown=0.5),
)


@dataclass(frozen=True)
class World:
    seen: Sightings
    units: Floats
    """True units, by product and day; the sightings hold what pages show, and those of the own product, the first."""
    bracketed: int

    def month(self) -> Floats:
        """True units of the last 30 days."""
        found: Floats = self.units[:, -30:].sum(axis=1)
        return found


def world(law: Law, brackets: int, own: bool, seed: int) -> World:
    """A category in which so many products show a bracket at the end; ``own``: whether units of 28 days are known."""
    chance = np.random.default_rng([seed, brackets, own, *law.name.encode()])
    count = 400
    level = law.sells + chance.normal(0, 1.2, count)
    wander = np.cumsum(chance.normal(0, 0.05, (count, DAYS)), axis=1)
    weekend = np.where(np.arange(DAYS) % 7 >= 5, chance.uniform(-0.1, 0.25, (count, 1)), 0)
    expected = level[:, None] + wander - wander.mean(axis=1, keepdims=True) + weekend
    units = chance.poisson(np.exp(expected + chance.normal(0, law.luck, expected.shape))).astype(float)
    season = law.season * np.clip(np.arange(DAYS) - (DAYS - 60), 0, None) / 60
    apart = chance.normal(0, law.products, (count, 1))
    ranks = _ranks(law, law.level + season + apart - expected)
    ranks = np.log(np.maximum(np.round(np.exp(ranks)), 1))
    month = np.apply_along_axis(lambda one: np.convolve(one, np.ones(30))[: len(one)], 1, units)
    month[:, :29] = np.nan
    steps = np.array([step for step in STEPS if step <= law.most], dtype=float)
    at = np.searchsorted(steps, np.nan_to_num(month), side="right") - 1
    shown: Floats = np.where((at >= 0) & (chance.random((count, 1)) < law.shown), steps[np.maximum(at, 0)], np.nan)
    able = np.flatnonzero(~np.isnan(shown[:, -1]) & (np.arange(count) > 0))[:brackets]
    others = np.setdiff1d(np.arange(1, count), able)[:HELD_OUT]
    rows = np.concatenate([[0], able, others])
    shown = shown[rows]
    shown[0], shown[1 + len(able) :] = np.nan, np.nan
    known = np.full((len(rows), DAYS), np.nan)
    if own:
        known[0, -28:] = units[0, -28:]
    asins = tuple(f"B{n:09d}" for n in range(len(rows)))
    return World(Sightings(asins, FIRST, ranks[rows], shown, known), units[rows], len(able))


def _ranks(law: Law, needed: Floats) -> Floats:
    """The logarithm of the rank at which the curve is so far down."""
    ranks: Floats = needed / law.slope
    if law.bend:  # slope · x + bend · (x − k)² / 2 = needed, beyond k
        knee = np.log(5000)
        over = needed - law.slope * knee
        root = np.sqrt(np.maximum(law.slope**2 + 2 * law.bend * over, 0))
        ranks = np.where(over > 0, knee + (root - law.slope) / law.bend, ranks)
    return ranks
