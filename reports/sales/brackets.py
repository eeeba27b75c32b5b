"""What "500+ bought in past month" says: at least 500, and fewer than the next number that the site would show."""

import numpy as np

from reports.effects.intervals import Floats

STEPS = (50, *range(100, 1000, 100), *range(1000, 10_000, 1000), *range(10_000, 100_000, 10_000), 100_000)
"""Numbers that the site shows: 50, the hundreds, the thousands, the tens of thousands. It does not publish them; they
are those that real pages show (``reports/SALES.md``), and show no others. Keepa, whose history can be imported, calls
the figure no estimate, and of the variation rather than of its family (its API's ``monthlySold``)."""
SHOWN = STEPS[0]
"""Fewer are not shown; but a page that shows none need not have sold fewer."""
OPEN = 10_000
"""From here on the highest number seen in a category may be the highest that is ever shown there."""


def upper(low: Floats) -> Floats:
    """The numbers that these lower bounds stay below: the next step; infinite above the last one, and above the highest
    seen where that is 10,000 or more. A number that is no step, as a new grouping of the site would bring, is taken for
    the wider of the groups it could be of: to the step after the next."""
    steps = np.array([*STEPS, np.inf, np.inf])
    at = np.searchsorted(steps, low, side="right")
    known = np.isin(low, STEPS)
    found: Floats = np.where(known, steps[np.minimum(at, len(steps) - 1)], steps[np.minimum(at + 1, len(steps) - 1)])
    if len(low) and low.max() >= OPEN:
        found = np.where(low == low.max(), np.inf, found)
    return found
