"""How the number of a product's reviews went from one observed day to the next.

A count that falls (reviews removed, variations split, a correction) is followed by new reviews only once it passes its
highest value of the week before; where it fell by five or more, how many came until then cannot be told.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reports.flags.content import same_variations, variations
from reports.series import Observation, ProductSeries

Whole = NDArray[np.int64]
DAY = 86_400
CORRECTION = 7 * DAY
HIDDEN = 5


@dataclass(frozen=True, slots=True)
class Nights:
    """What happened between observed days: night ``n`` lies between ``seen[n]`` and ``seen[n + 1]``. Times are in
    seconds and whole, so that no sum depends on where a series begins."""

    seen: list[Observation]
    count: Whole
    """Of each observation."""
    ended: Whole
    exposure: Whole
    rise: Whole
    """Count less the count before, be it below none."""
    new: Whole
    """Reviews that certainly came."""
    hidden: NDArray[np.bool_]
    """The count is far below where it fell from: how many came cannot be told."""

    def ends(self, first: int, last: int) -> tuple[Observation, Observation]:
        """The observations around some nights."""
        return self.seen[first], self.seen[last + 1]

    def family_changed(self, night: int) -> bool:
        old, new = map(variations, self.ends(night, night))
        return old is not None and new is not None and not same_variations(old, new)


def nights(product: ProductSeries) -> Nights:
    seen = [o for _, o in sorted(product.daily.items()) if o.review_count is not None]
    count = np.array([o.review_count for o in seen], np.int64)
    at = np.array([o.observed_at.timestamp() for o in seen], np.int64)
    had, has, rise = count[:-1], count[1:], np.diff(count)
    highest = had
    if (rise < 0).any():
        highest = had.copy()
        for back in range(1, min(CORRECTION // DAY + 2, len(had))):
            recent = at[back:-1] - at[: -back - 1] <= CORRECTION
            np.maximum(highest[back:], np.where(recent, had[:-back], 0), out=highest[back:])
    new = np.maximum(has - highest, 0)
    hidden = (new == 0) & (highest - np.minimum(had, has) >= HIDDEN)
    return Nights(seen, count, at[1:], np.maximum(np.diff(at), 1), rise, new, hidden)
