"""Looking back from an observation: what is judged, and what came before it."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import timedelta
from operator import attrgetter

from reports.series import Comparison, Observation, ProductSeries

FOUR_WEEKS = timedelta(days=28)
WEEK = timedelta(days=7)


def news(comparison: Comparison, product: ProductSeries) -> range:
    """Places of the observations on the comparison's days; those before them are history only."""
    start = bisect_left(product.observations, comparison.days[0], key=attrgetter("day"))
    return range(start, len(product.observations))


def back(seen: Sequence[Observation], n: int, within: timedelta = timedelta.max) -> Iterator[Observation]:
    """The observations before the ``n``-th, newest first, as far back as ``within`` before it."""
    now = seen[n].observed_at
    for place in range(n - 1, -1, -1):
        if now - seen[place].observed_at > within:
            return
        yield seen[place]


def unread(before: Observation, after: Observation) -> int:
    """Nights between both: those on which what changed was not read."""
    return max(0, (after.day - before.day).days - 1)
