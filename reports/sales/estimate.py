"""What the products of a category sold, drawn from all that is known of it: so many possible worlds.

Each world has one curve for all products, so that shares and ratios come from worlds, too, and not from intervals.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from reports.effects.intervals import Floats
from reports.period import Days
from reports.sales.curve import Curve, likelihood, volumes
from reports.sales.evidence import MONTH, Evidence, Sightings, Sums, Whole, luck, unseen

WORLDS = 400
BEYOND = 0.4
"""Standard deviation, as a logarithm, of how far the curve may bend away for each factor e of rank beyond those that it
was calibrated on: the slope is not the same for all ranks (Brynjolfsson, Hu & Smith, "The Longer Tail", 2010)."""
TODAY = 0.1
"""The same of how a day of the whole category differs from its month."""
NEEDED = 7
"""Days of a month whose rank must be known."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """Units in each world, products by worlds. NaN where nothing is estimated."""

    day: Floats
    month: Floats
    spans: tuple[Floats, ...]
    """Units a day over each span of days asked for."""


def draw(
    curve: Curve,
    known: Evidence,
    seen: Sightings,
    rows: Whole,
    *,
    last: date,
    spans: Sequence[Days] = (),
    seed: int = 0,
) -> Drawn:
    """What the products of these rows of the sightings sold: on the last day, in the 30 days up to it, and a day over
    the days of each span. The same seed, the same worlds."""
    chance = np.random.default_rng(seed)
    worlds = _worlds(curve, chance)
    slope, z = worlds[0], _levels(curve, known.sums, rows, worlds, chance)
    day_variance = known.day * known.day_freedom / chance.chisquare(known.day_freedom, WORLDS)
    end = seen.column(last)

    def over(first: int, final: int) -> Floats:
        """Units of these days together, before the luck of counting."""
        days = final - first + 1
        ranks = seen.span(final, days)[rows]
        volume = volumes(ranks, np.full(len(rows), float(days)), curve.centre)[slope].T
        return (
            z
            + volume
            + _beyond(curve, ranks, bent)
            + chance.normal(size=z.shape) * np.sqrt(luck(day_variance, days) + unseen(ranks, days)[:, None])
        )

    bent: Floats = chance.normal(size=(1, WORLDS))
    month = _counted(over(end - MONTH + 1, end), chance)
    month[(~np.isnan(seen.span(end, MONTH)[rows])).sum(axis=1) < NEEDED] = np.nan
    today = seen.span(end, 1)[rows]
    day = over(end, end) + chance.normal(size=WORLDS) * TODAY - day_variance / 2
    day = _counted(day, chance)
    day[~np.isfinite(today[:, 0])] = np.nan
    found = []
    for span in spans:
        first, final = seen.column(span.first), seen.column(span.last)
        rate = np.exp(over(first, final)) / len(span)
        rate[~np.isfinite(seen.span(final, len(span))[rows]).any(axis=1)] = np.nan
        found.append(rate)
    return Drawn(day, month, tuple(found))


def _worlds(curve: Curve, chance: np.random.Generator) -> tuple[Whole, Whole, Whole]:
    """Slope, spread and level of each world: places on the grid, taken in even steps of their weights."""
    at = np.searchsorted(curve.weights.ravel().cumsum(), (np.arange(WORLDS) + chance.random()) / WORLDS)
    at = chance.permutation(np.minimum(at, curve.weights.size - 1))
    slope, spread, level = np.unravel_index(at, curve.weights.shape)
    return slope, spread, level


def _levels(
    curve: Curve, known: Sums, rows: Whole, worlds: tuple[Whole, Whole, Whole], chance: np.random.Generator
) -> Floats:
    """The level of each product in each world, as its own evidence leaves it; else as the curve alone lets expect."""
    slope, spread, level = worlds
    about = curve.kernel[spread, level]
    total = about.cumsum(axis=1)
    found: Floats = np.empty((len(rows), WORLDS))
    wanted = chance.random(found.shape)
    for n, row in enumerate(rows):
        own: Whole = np.flatnonzero(known.products == row)
        mass = total
        if len(own):
            one = known.of(own)
            likely = likelihood(one, volumes(one.ranks, one.days, curve.centre), curve.levels).sum(axis=1)
            mass = (about * np.exp(likely - likely.max(axis=1, keepdims=True))[slope]).cumsum(axis=1)
        at = (mass < (wanted[n] * mass[:, -1])[:, None]).sum(axis=1)
        found[n] = curve.levels[np.minimum(at, len(curve.levels) - 1)]
    step = curve.levels[1] - curve.levels[0]
    return found + (chance.random(found.shape) - 0.5) * step


def _beyond(curve: Curve, ranks: Floats, bent: Floats) -> Floats:
    """How far the curve may have bent away at ranks that it was not calibrated on."""
    finite = np.where(np.isinf(ranks), np.nan, ranks)
    known = ~np.isnan(finite).all(axis=1)
    typical = np.full(len(ranks), curve.lowest)
    typical[known] = np.nanmedian(finite[known], axis=1)
    away = np.maximum(np.maximum(curve.lowest - typical, typical - curve.highest), 0)
    found: Floats = away[:, None] * BEYOND * bent
    return found


def _counted(logarithm: Floats, chance: np.random.Generator) -> Floats:
    """Whole units of an expectation."""
    found: Floats = chance.poisson(np.exp(np.minimum(logarithm, 16))).astype(float)
    return found
