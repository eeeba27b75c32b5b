"""Level shifts: when a series left what was usual, and for how long.

The walk over the nights of one series. A shift is told on the first night whose last nights are rare enough (see
:mod:`reports.flags.level`) and far enough away: from the level, from the same weekdays before (where two of them were
read; a weekend is compared with weekends), and as ranked as well as without the category's movement, so that a product
that stands still while its category moves did not jump.

While shifted the old level is kept for comparison, and nothing more is told on that side. Two observed nights that are
nearer to the old level than to the new end the shift; a shift to the other side ends it at once; after two weeks the
new level is the usual one. Nights of a shift never make up the old level, unless it was no stay: gone within four
nights, or fading from its first night on as a single sale does.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from reports.flags.level import LENGTHS, MEMORY, RECENT, Bits, Floats, Judgement, common, judge

NEW_NORMAL = 14
STAY = 4
FADING = 0.75
"""Share of the nights that lead back, from which on a shift is taken for the trace of one sale."""


@dataclass(frozen=True, slots=True)
class Series:
    """One row: the table of each night without the category's movement, and as ranked."""

    table: Floats
    ranked: Floats
    judged: Judgement


@dataclass(frozen=True, slots=True)
class Bar:
    """What a shift to one side must reach: an effect in logarithms, and a chance that may differ by night."""

    effect: float
    limits: Floats


Bars = tuple[Bar, Bar]
"""Of jumps and of slumps."""


@dataclass(frozen=True, slots=True)
class Shift:
    """Nights are counted from the first of the series."""

    night: int
    since: int
    distance: float
    """From the usual level, in logarithms; negative is a jump."""
    chance: float
    usual: tuple[int, ...]
    """Nights that made up the level."""

    @property
    def side(self) -> int:
        return 1 if self.distance > 0 else -1


def shifts(series: Series, bars: Bars) -> Iterator[Shift]:
    """Every shift of a series, in order."""
    table, judged, least = series.table, series.judged, min(bar.effect for bar in bars)
    calm = np.ones(table.shape[0], bool)
    now: int | None = 0
    while now is not None:
        shift = _first(series, judged, now, bars)
        if shift is None:
            return
        yield shift
        known = judged.scatter[: shift.since]
        calm[shift.since :] = False
        judged = judge(table, least, calm, known)
        now = _end(series, judged, calm, shift, _first(series, judged, shift.night + 1, bars, -shift.side))
        if now is not None:
            judged = judge(table, least, calm, known)


def _first(series: Series, judged: Judgement, now: int, bars: Bars, side: int = 0) -> Shift | None:
    """The first shift from night ``now`` on; with a ``side``, to that side."""
    (jump, slump), far = bars, judged.distance
    told = (far * (side or np.sign(far)) > 0) & (np.abs(far) >= np.where(far < 0, jump.effect, slump.effect))
    told &= judged.chance <= np.where(far < 0, jump.limits[:, None], slump.limits[:, None])
    told[:now] = False
    for night in np.flatnonzero(told.any(-1)).tolist():
        for n in np.flatnonzero(told[night]).tolist():
            distance = float(far[night, n])
            if _holds(series, judged, night, n, jump if distance < 0 else slump):
                return Shift(
                    night,
                    _since(series.table[night], judged.latest[night], night, distance),
                    distance,
                    float(judged.chance[night][told[night]].min()),
                    tuple(night - MEMORY + column for column in np.flatnonzero(judged.usual[night]).tolist()),
                )
    return None


def _holds(series: Series, judged: Judgement, night: int, n: int, bar: Bar) -> bool:
    """Whether it is a shift as ranked, and by the same weekdays, too."""
    table, ranked = series.table[night], series.ranked[night]
    usual, distance = judged.usual[night], judged.distance[night, n]
    last = np.flatnonzero(~np.isnan(table))[: -LENGTHS[n] - 1 : -1]
    found = [float(common(ranked[last] - np.median(ranked[usual])))]
    weekdays = table[:MEMORY:7][usual[:MEMORY:7]]
    if len(weekdays) > 1:
        found.append(float(table[-1] - np.median(weekdays)))
    return all(apart * distance > 0 and abs(apart) >= bar.effect for apart in found)


def _since(table: Floats, latest: Floats, night: int, distance: float) -> int:
    """The first of the last nights without a break on the new side: nearer to the new level than to the old."""
    since = night
    for column, apart in zip(np.flatnonzero(~np.isnan(table))[::-1], latest[:RECENT], strict=False):
        if apart * distance < distance * distance / 2:
            break
        since = night - MEMORY + int(column)
    return since


def _end(series: Series, judged: Judgement, calm: Bits, shift: Shift, other: Shift | None) -> int | None:
    """Notes in ``calm`` how a shift ended, and returns the first night to be judged afresh; None when it lasts."""
    back: list[int] = []
    observed = np.flatnonzero(~np.isnan(series.table[:, -1]))
    for night in (int(n) for n in observed[observed > shift.night]):
        apart = float(judged.latest[night, 0])
        if np.isnan(apart) or night - shift.since >= NEW_NORMAL:
            # Two weeks, or nothing of the old level within memory: what came after it is the usual now.
            calm[: shift.since], calm[shift.since :] = False, True
            return night
        if other is not None and night == other.night:
            _leave(series, calm, shift, min(other.since, night))
            return night
        back = [*back, night] if apart * shift.side < abs(shift.distance) / 2 else []
        if len(back) > 1:
            _leave(series, calm, shift, back[0])
            return night + 1
    return None


def _leave(series: Series, calm: Bits, shift: Shift, end: int) -> None:
    """The nights of a shift that ended before ``end`` are not usual, if it was a stay; the later ones are."""
    levels = series.table[shift.since : end, -1]
    steps = np.diff(levels[~np.isnan(levels)]) * shift.side
    fading = steps.size > 0 and float(np.mean(steps < 0)) >= FADING
    calm[shift.since :] = True
    calm[shift.since : end] = end - shift.since < STAY or fading
