"""Axes: from values to parts of a picture's height, with ticks at round numbers."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

STEPS = (1, 2, 5, 10)
TICKS = 5
"""About so many on a linear axis."""
PLACES = 10
"""An axis of places reaches at least so far."""


@dataclass(frozen=True, slots=True)
class Scale:
    """The values from ``low`` to ``high``."""

    low: float
    high: float
    ticks: tuple[float, ...]
    log: bool = False
    upside_down: bool = False

    def down(self, value: float) -> float:
        """How far below the top a value lies, as a part of the height."""
        low, high, value = map(math.log, (self.low, self.high, value)) if self.log else (self.low, self.high, value)
        share = (value - low) / (high - low)
        return share if self.upside_down else 1 - share


def linear(values: Iterable[float], *, whole: bool = False, upside_down: bool = False) -> Scale:
    """From round number to round number around the values. ``whole``: they are counts, and so are the ticks."""
    seen = [*values] or [0.0, 1.0]
    low, high = min(seen), max(seen)
    if low == high:
        low, high = low - (1 if whole else abs(low) / 50 or 1), high + (1 if whole else abs(high) / 50 or 1)
        low = max(low, 0.0) if min(seen) >= 0 else low
    step = _round((high - low) / TICKS)
    step = max(step, 1) if whole else step
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    ticks = tuple(round(n * step, 9) for n in range(first, last + 1))
    return Scale(ticks[0], ticks[-1], ticks, upside_down=upside_down)


def logarithmic(values: Iterable[float], *, upside_down: bool = False) -> Scale:
    """From the 1, 2 or 5 of a power of ten below the values to that above; ticks at powers where those are many."""
    seen = [value for value in values if value > 0] or [1.0]
    powers = range(math.floor(math.log10(min(seen))), math.ceil(math.log10(max(seen))) + 1)
    rounds = [step * 10.0**power for power in powers for step in STEPS[:-1]]
    low = max(tick for tick in rounds if tick <= min(seen) * (1 + 1e-9))
    high = min((tick for tick in rounds if tick >= max(seen) * (1 - 1e-9) and tick > low), default=2 * low)
    ticks = [tick for tick in rounds if low <= tick <= high] or [low]
    if len(ticks) > TICKS + 2:
        ticks = [tick for tick in ticks if math.log10(tick) % 1 < 1e-9]
    return Scale(low, high, tuple(ticks), log=True, upside_down=upside_down)


def of_places(values: Iterable[float], first_page: int) -> tuple[Scale, float]:
    """Places with the first on top, and below the worst a lane for those that are not on the pages read."""
    worst = max([*values, first_page, PLACES])
    lane = math.ceil(worst * 1.12) + 1
    step = _round(worst / TICKS)
    ticks = (1.0, *(n * step for n in range(1, math.floor(worst / step) + 1)))
    return Scale(1, lane + math.ceil(worst * 0.06), ticks, upside_down=True), lane


def _round(step: float) -> float:
    """The nearest of 1, 2, 5, 10, 20 … that is not smaller."""
    power = 10.0 ** math.floor(math.log10(step))
    return power * next(n for n in STEPS if n * power >= step * (1 - 1e-9))
