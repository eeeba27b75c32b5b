"""What the products of a category sold, drawn from all that is known of it: so many possible worlds.

Each world has one curve for all products, so that shares and ratios come from worlds, too, and not from intervals.
"""

from datetime import date

import numpy as np

from reports.effects.intervals import Floats
from reports.period import ONE, Days
from reports.sales.curve import Curve, volumes
from reports.sales.evidence import MONTH, Evidence, Sightings, Whole, luck, unseen

WORLDS = 256
BEYOND = 0.4
"""Standard deviation, as a logarithm, of how far the curve may bend away for each factor e of rank beyond those that it
was calibrated on: the slope is not the same for all ranks (Brynjolfsson, Hu & Smith, "The Longer Tail", 2010)."""
TODAY = 0.1
"""The same of how a day of the whole category differs from its month."""
NEEDED = 7
"""Days of a month whose rank must be known."""


class Worlds:
    """Possible worlds of one category. All figures are arrays of products (the rows of the sightings) by worlds, NaN
    where nothing is estimated. The same seed makes the same worlds, whatever is asked of them."""

    def __init__(self, curve: Curve, known: Evidence, seen: Sightings, seed: int) -> None:
        self.curve, self.seen, self.seed = curve, seen, seed
        chance = np.random.default_rng(seed)
        at = np.searchsorted(curve.weights.ravel().cumsum(), (np.arange(WORLDS) + chance.random()) / WORLDS)
        at = chance.permutation(np.minimum(at, curve.weights.size - 1))
        self.slope, spread, level = np.unravel_index(at, curve.weights.shape)
        self.levels = _levels(curve, len(seen.asins), (self.slope, spread, level), chance)
        self.luck = known.day * known.day_freedom / chance.chisquare(known.day_freedom, WORLDS)
        """Variance of a day's units."""
        self.bent: Floats = chance.normal(size=WORLDS)

    def day(self, day: date) -> Floats:
        """Units of a day. None are estimated where no rank is known or the product could not be bought."""
        chance = np.random.default_rng([self.seed, day.toordinal()])
        whole = chance.normal(size=WORLDS) * TODAY - self.luck / 2
        found = _counted(self._over(Days(day, day), chance) + whole, chance)
        found[~np.isfinite(self.seen.span(self.seen.column(day), 1)[:, 0])] = np.nan
        return found

    def month(self, last: date) -> Floats:
        """Units of the 30 days up to a day."""
        chance = np.random.default_rng([self.seed, last.toordinal(), MONTH])
        found = _counted(self._over(Days(last - (MONTH - 1) * ONE, last), chance), chance)
        found[self.ranked(last) < NEEDED] = np.nan
        return found

    def ranked(self, last: date) -> Whole:
        """Of how many of the 30 days up to a day the rank, or that nothing could be bought, is known."""
        found: Whole = (~np.isnan(self.seen.span(self.seen.column(last), MONTH))).sum(axis=1)
        return found

    def rate(self, days: Days) -> Floats:
        """Units a day over some days."""
        chance = np.random.default_rng([self.seed, days.first.toordinal(), days.last.toordinal()])
        found: Floats = np.exp(self._over(days, chance)) / len(days)
        found[~np.isfinite(self._ranks(days)).any(axis=1)] = np.nan
        return found

    def _ranks(self, days: Days) -> Floats:
        return self.seen.span(self.seen.column(days.last), len(days))

    def _over(self, days: Days, chance: np.random.Generator) -> Floats:
        """The logarithm of what was sold on these days together, before the luck of counting."""
        ranks, count = self._ranks(days), len(days)
        volume = volumes(ranks, np.full(len(ranks), float(count)), self.curve.centre)[self.slope].T
        noise = np.sqrt(luck(self.luck, count) + unseen(ranks, count)[:, None])
        found: Floats = self.levels + volume + self._beyond(ranks) + chance.normal(size=self.levels.shape) * noise
        return found

    def _beyond(self, ranks: Floats) -> Floats:
        """How far the curve may have bent away at ranks that it was not calibrated on."""
        finite = np.where(np.isinf(ranks), np.nan, ranks)
        known = ~np.isnan(finite).all(axis=1)
        typical = np.full(len(ranks), self.curve.lowest)
        typical[known] = np.nanmedian(finite[known], axis=1)
        away = np.maximum(np.maximum(self.curve.lowest - typical, typical - self.curve.highest), 0)
        found: Floats = away[:, None] * BEYOND * self.bent
        return found


def _levels(curve: Curve, products: int, worlds: tuple[Whole, Whole, Whole], chance: np.random.Generator) -> Floats:
    """The level of each product in each world, as its own evidence leaves it; else as the curve alone lets expect."""
    slope, spread, level = worlds
    about = curve.kernel[spread, level].astype(np.float32)
    alone = about.cumsum(axis=1)
    found: Floats = np.empty((products, WORLDS))
    wanted = chance.random(found.shape)
    place = {row: n for n, row in enumerate(curve.products.tolist())}
    for row in range(products):
        mass = (about * curve.own[slope, place[row]]).cumsum(axis=1) if row in place else alone
        at = (mass < (wanted[row] * mass[:, -1])[:, None]).sum(axis=1)
        found[row] = curve.levels[np.minimum(at, len(curve.levels) - 1)]
    step = curve.levels[1] - curve.levels[0]
    found += (chance.random(found.shape) - 0.5) * step
    return found


def _counted(logarithm: Floats, chance: np.random.Generator) -> Floats:
    """Whole units of an expectation."""
    found: Floats = chance.poisson(np.exp(np.minimum(logarithm, 16))).astype(float)
    return found
