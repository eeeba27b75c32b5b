"""What chance brings is told as chance: Student's tail, and how often noise alone is told."""

import numpy as np
import pytest

from reports.flags.level import FAMILY, MEMORY, judge, movement, tables, tail
from reports.flags.shift import Bar, Series, shifts


@pytest.mark.parametrize(
    ("size", "degrees", "probability"),
    # Abramowitz & Stegun, table 26.10 (percentage points of the t-distribution), A = 1 - P.
    [
        (2.920, 2, 0.10),
        (4.604, 4, 0.01),
        (5.959, 6, 0.001),
        (4.587, 10, 0.001),
        (5.694, 10, 0.0002),
        (3.850, 20, 0.001),
    ],
)
def test_the_tail_is_that_of_the_tables(size: float, degrees: int, probability: float) -> None:
    found = tail(np.array([size]), np.array([float(degrees)]))[0]
    assert found == pytest.approx(probability, rel=0.02)


@pytest.mark.parametrize("memory", [0.0, 0.5, 0.8])
def test_noise_that_remembers_is_told_about_as_often_as_said(memory: float) -> None:
    """150 products for eight months, told what chance brings in one night of 500: not much more often."""
    chance = np.random.default_rng(1)
    levels = np.zeros((150, 300))
    levels[:, 0] = chance.normal(0, 0.25, 150)
    for night in range(1, levels.shape[1]):
        fresh = chance.normal(0, 0.25 * np.sqrt(1 - memory**2), 150)
        levels[:, night] = memory * levels[:, night - 1] + fresh
    table = tables(levels)
    judged, bar = judge(table, 0.0), Bar(0.0, np.full(300, 1 / 500))
    told = [s for n in range(150) for s in shifts(Series(table[n], table[n], judged.row(n)), (bar, bar))]
    assert sum(shift.night >= 60 for shift in told) <= 1.2 * 150 * 240 / 500


def test_a_table_holds_the_weeks_before_and_nothing_after() -> None:
    table = tables(np.arange(50.0)[None])[0]
    assert table[49].tolist() == [49.0 - n for n in reversed(range(MEMORY + 1))]
    assert np.isnan(table[0, :-1]).all() and table[0, -1] == 0


def test_the_movement_of_a_category_needs_five_products_watched_that_night() -> None:
    levels = np.tile(np.r_[np.zeros(20), np.ones(10)], (FAMILY, 1))
    watched = np.ones(levels.shape, bool)
    watched[0, 25:] = False
    moved = movement(tables(levels), tables(watched))
    assert moved[24, -1] == 1 and moved[19, -1] == 0 and np.isnan(moved[25, -1])
