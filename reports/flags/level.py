"""What is usual for a rank, how far its last nights are from that, and how rarely chance brings them there.

Model of the logarithm of one product's rank in one category, one value a night, in the table of its last five weeks:

- The category's common movement is taken out. A night's movement is the median, over at least five products of the
  category, of each one's distance from its own median of those weeks (the first step of a median polish; Tukey,
  "Exploratory Data Analysis", 1977, ch. 11). All nights of one table are measured against the same medians, so that a
  category that moved for good is no shift of its products, neither on that night nor when the medians catch up.
- What is left is a level and a noise that remembers (AR(1)). The level is the median of the table without its last
  third, at most ten nights. Scale and memory are those of the same nights about it, joined with those of the tables
  that end where these begin, each about its own level: twelve weeks in all. A night counts whole up to a factor of
  three or three robust deviations (1.4826 × median absolute deviation), no further (winsorised; Huber, "Robust
  Statistics", 1981). Both are shrunk towards a prior, as if a week had been seen of a product that scatters by 0.2 in
  logs and forgets half a day by day (judgement); a scaled inverse χ² prior makes the predictive distribution Student's
  t, with the degrees of freedom of prior and history (Gelman et al., "Bayesian Data Analysis", 3rd ed. 2013, ch. 3),
  those of the history reduced for its memory (Bayley & Hammersley 1946: (1 - ρ²) / (1 + ρ²) of the nights).
- The last one, two, three, five and ten observed nights are tested, by the mean or the median of their distances,
  whichever is smaller: one wild night moves the mean only. A lonely night has the heavy tails of four degrees, about
  the prior's scatter at least. Each is tested as it lies about the level, and as it departs from where the night
  before it would lead (for a product that drifts the sharp test; not for one whose rank saws, see :data:`STEADY`).
  The probability is the smallest of the ten, two-sided, times five: the two of one length are nearly one test, and
  simulated AR(1) noise is then told about as often as said (tests/reports/test_flags_level).
- A rank follows sales that are remembered and fade: while nothing sells it falls behind by the same factor each night,
  and that is no rare thing for a slow seller. Distances are therefore measured in cube roots of sales, in which such
  counts are nearly normal (Wilson & Hilferty, PNAS 1931), with sales ~ rank^-0.87 (Brynjolfsson, Hu & Smith, "Consumer
  Surplus in the Digital Economy", Management Science 2003).

All arrays have a table's 36 nights last, tonight at the end; NaN is a night that was not read.
"""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bits = NDArray[np.bool_]
Kept = TypeVar("Kept", bound=np.generic)

MEMORY = 35
"""Nights of a table before tonight."""
LENGTHS = (1, 2, 3, 5, 10)
RECENT = max(LENGTHS)
TESTS = len(LENGTHS)
OLDER = (MEMORY - RECENT, 2 * (MEMORY - RECENT))
"""How many nights ago the tables were whose usual nights lie just before those of tonight's, and before these."""
LEAST = 6
"""Nights needed to speak of a level."""
FAMILY = 5
"""Products of one category needed to speak of its common movement (judgement)."""
PRIOR_SCALE, PRIOR_DEGREES = 0.2, 6.0
PRIOR_MEMORY, PRIOR_PAIRS = 0.5, 5.0
LONELY_DEGREES = 4
MEDIAN = float(np.pi) / 2 - 1
"""How much more a median varies than a mean, over the number of nights (of normal noise, whatever its memory)."""
WHOLE = float(np.log(3))
CUBE_ROOT = 3 / 0.87
FEW, STEADY = 0.7, 0.35
"""Beyond the first scale three sales or fewer are remembered (1 / (0.87 × 0.7)²), and a jump may be one of them: it is
measured in logarithms. Up to the second ten or more are remembered, and one more is no event by itself."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What every night of a series is worth. The last axis of the first two is that of :data:`LENGTHS`."""

    chance: Floats
    distance: Floats
    """Of the last nights from the level, in logarithms."""
    latest: Floats
    """Distance of the last observed nights one by one, tonight first."""
    usual: Bits
    """Nights of each table that make up the level."""
    scatter: Floats
    """Sums over them, see :func:`_scatter`."""

    def row(self, n: int) -> "Judgement":
        """That of one of several series."""
        return Judgement(self.chance[n], self.distance[n], self.latest[n], self.usual[n], self.scatter[n])


def tables(nights: NDArray[Kept]) -> NDArray[Kept]:
    """The table of every night; before the first there is nothing."""
    nothing = np.nan if nights.dtype.kind == "f" else False
    before = np.full((*nights.shape[:-1], MEMORY), nothing, nights.dtype)
    return sliding_window_view(np.concatenate([before, nights], -1), MEMORY + 1, axis=-1)


def movement(table: Floats, watched: Bits) -> Floats:
    """How far the category moved on each night of each table; NaN on nights of fewer than five products."""
    past = table[..., :-1]
    centre = np.where((~np.isnan(past)).sum(-1) > LEAST, median(past), np.nan)
    apart = np.moveaxis(np.where(watched, table - centre[..., None], np.nan), 0, -1)
    moved = np.full(apart.shape[:-1], np.nan)
    enough = (~np.isnan(apart)).sum(-1) >= FAMILY
    moved[enough] = median(apart[enough])
    return moved


def judge(table: Floats, least: float, calm: Bits | None = None, known: Floats | None = None) -> Judgement:
    """Judges the last nights of every table where they are at least so far away (in logarithms) from the level. Only
    ``calm`` nights may make up what is usual; the scatter of the first nights is ``known`` where it was judged before.
    """
    seen = ~np.isnan(table)
    order = np.cumsum(seen[..., ::-1], -1, dtype=np.int8)[..., ::-1]
    recent = np.clip(order[..., 0] // 3, 3, RECENT)
    usual = seen & (order > recent[..., None])
    if calm is not None:
        usual &= tables(calm)
    level = np.where(usual, table, np.nan)
    nights = usual.sum(-1)
    centre = median(level)
    scatter = _scatter(_cube_root(level - centre[..., None]), usual)
    if known is not None:
        scatter[..., : known.shape[-2], :] = known
    noise = np.stack([*_noise(scatter), nights], -1)

    # Columns counted k or more nights back come first; the last of them is the k-th night back.
    back = np.stack([np.count_nonzero(order >= k, axis=-1) for k in range(1, RECENT + 2)], -1)
    latest = np.take_along_axis(table, np.maximum(back - 1, 0), -1) - centre[..., None]
    tonight = seen[..., -1] & (nights >= LEAST)
    chance, distance = np.ones((*centre.shape, len(LENGTHS))), np.zeros((*centre.shape, len(LENGTHS)))
    for n, length in enumerate(LENGTHS):
        far = common(latest[..., :length])
        look = tonight & (recent >= length) & (np.abs(far) >= least)
        if look.any():
            distance[look, n] = far[look]
            chance[look, n] = _chance(length, far[look], latest[look, length], noise[look])
    return Judgement(chance, distance, latest[..., :RECENT], usual, scatter)


def _chance(length: int, far: Floats, before: Floats, noise: Floats) -> Floats:
    """How probable it is that the last nights are so far from the level, when the night before them was ``before``."""
    square, memory, degrees, nights = np.moveaxis(noise, -1, 0)
    measured, before = _cube_root(far), _cube_root(before)
    if length == 1:
        square = np.maximum(square, PRIOR_SCALE**2)
    measured = np.where(((square > FEW**2) | (length == 1)) & (far < 0), far, measured)
    doubt = _spread_of_mean(memory, nights) + MEDIAN / nights
    size = np.abs(measured) / np.sqrt(square * (_spread_of_mean(memory, np.full(1, length)) + doubt))

    powers = memory[:, None] ** np.arange(1, length + 1)
    kept = powers.mean(-1)  # of the night before, on average
    # The variance of their mean given that night: each night's news stays on in those that follow.
    after = (1 + memory) / (1 - memory) * ((1 - powers) ** 2).sum(-1) / length**2
    left = measured - kept * np.clip(before, -3 * np.sqrt(square), 3 * np.sqrt(square))
    step = np.abs(left) / np.sqrt(square * (after + (1 - kept) ** 2 * doubt))
    size = np.where((square <= STEADY**2) & (left * far > 0), np.maximum(size, step), size)
    return np.minimum(TESTS * tail(size, np.minimum(degrees, LONELY_DEGREES) if length == 1 else degrees), 1.0)


def _cube_root(distance: Floats) -> Floats:
    """A distance in logarithms of rank, measured in cube roots of sales; the same near zero."""
    return CUBE_ROOT * (1 - np.exp(-distance / CUBE_ROOT))


def tail(size: Floats, degrees: Floats) -> Floats:
    """P(|T| > size) of Student's t with an even number of degrees (Abramowitz & Stegun 26.7.4)."""
    cosine = 1 / (1 + size**2 / degrees)
    term, total = np.ones_like(size), np.ones_like(size)
    for k in range(1, int(degrees.max(initial=2)) // 2):
        term = term * cosine * (2 * k - 1) / (2 * k)
        total += np.where(2 * k < degrees, term, 0.0)
    return np.maximum(1 - np.sqrt(1 - cosine) * total, 1e-14)


def _scatter(apart: Floats, usual: Bits) -> Floats:
    """Of the usual nights about their level: how many, the sum of their squares, how many pairs of neighbours, the sum
    of their products, and of half their squares."""
    most = np.maximum(3 * 1.4826 * np.nan_to_num(median(np.abs(apart))), WHOLE)
    apart = np.where(usual, np.clip(apart, -most[..., None], most[..., None]), 0.0)
    pairs = usual[..., 1:] & usual[..., :-1]
    left, right = apart[..., :-1], apart[..., 1:]
    return np.stack(
        [
            np.count_nonzero(usual, -1),
            np.einsum("...i,...i", apart, apart),
            np.count_nonzero(pairs, -1),
            np.einsum("...i,...i", left, right),
            np.einsum("...i,...i", left**2 + right**2, pairs) / 2,
        ],
        -1,
    )


def _noise(scatter: Floats) -> tuple[Floats, Floats, Floats]:
    """Mean square of the noise, its memory from night to night, and the degrees of freedom of the former."""
    count, total, pairs, product, both = np.moveaxis(_summed(scatter), -1, 0)
    lag = np.divide(product, both, out=np.zeros_like(both), where=both > 0)
    lag = np.minimum(lag + (1 + 3 * lag) / np.maximum(pairs / len((0, *OLDER)), 5), 1.0)  # biased so (Kendall 1954)
    memory = np.clip((pairs * lag + PRIOR_PAIRS * PRIOR_MEMORY) / (pairs + PRIOR_PAIRS), 0.0, 0.9)
    square = total / np.maximum(count, 1) / (1 - _spread_of_mean(memory, np.maximum(scatter[..., 0], LEAST)))
    degrees = np.maximum(count * (1 - memory**2) / (1 + memory**2) - 1, 0.0)
    square = (PRIOR_DEGREES * PRIOR_SCALE**2 + degrees * square) / (PRIOR_DEGREES + degrees)
    return square, memory, (PRIOR_DEGREES + degrees) // 2 * 2


def _summed(scatter: Floats) -> Floats:
    """With that of the tables before."""
    summed = scatter.copy()
    for ago in OLDER:
        summed[..., ago:, :] += scatter[..., : max(0, scatter.shape[-2] - ago), :]
    return summed


def _spread_of_mean(memory: Floats, nights: Floats) -> Floats:
    """Variance of the mean of so many nights of AR(1) noise of variance 1."""
    count = np.maximum(nights, 1)
    return ((1 + memory) / (1 - memory) - 2 * memory * (1 - memory**count) / (count * (1 - memory) ** 2)) / count


def common(distances: Floats) -> Floats:
    """The mean or the median, whichever is nearer to zero; zero where they disagree about the side."""
    mean, ranked = distances.mean(-1), np.sort(distances, -1)
    length = distances.shape[-1]
    middle = np.where(mean > 0, ranked[..., (length - 1) // 2], ranked[..., length // 2])
    return np.where(mean * middle > 0, np.where(np.abs(mean) < np.abs(middle), mean, middle), 0.0)


def median(values: Floats) -> Floats:
    """Over the last axis, of what is not NaN: several times as fast as numpy's own on short rows."""
    count = (~np.isnan(values)).sum(-1)
    ranked = np.sort(values, -1)
    low = np.take_along_axis(ranked, np.maximum(count - 1, 0)[..., None] // 2, -1)[..., 0]
    high = np.take_along_axis(ranked, np.minimum(count // 2, values.shape[-1] - 1)[..., None], -1)[..., 0]
    return (low + high) / 2
