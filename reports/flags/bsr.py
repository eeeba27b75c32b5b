"""BSR jumps and slumps: the rank left its own level and stayed away.

Model: level shift in the logarithm of the main category's rank, one value per day.

- The common movement of the category is taken out first. Each night is judged in the table of its
  last four weeks, products by days: a day's movement is the median, over at least five watched
  products of that category, of each one's distance from its own median of those weeks (the first step
  of a median polish; Tukey, "Exploratory Data Analysis", 1977). All days of one table are measured
  against the same medians, so that a category that moved for good is no shift of its products, neither
  on that day nor when the medians catch up. A night on which fewer than five were read is judged without.
- A day stands out when it is more than 3.5 robust standard deviations (1.4826 × median absolute
  deviation, never taken below 0.15 in logs) from the median of the last four weeks: the Hampel
  identifier (Hampel 1974; Davies & Gather, "The identification of multiple outliers", JASA 1993).
  It must also be a factor of 1.5 away from that median, as ranked as well as without the common
  movement, and from the same weekdays before, so that a weekend is compared with weekends.
- One such day may be one sale of a slow seller; two observed days in a row on one side are a shift.
  A factor of three beyond six deviations is told at once.
- While shifted the old level is kept for comparison. Two days near it end the shift; after two weeks
  the new level becomes the normal one. Days of a shift never enter the old level.

Fewer than eight days of history give no flag. A change of the main category starts anew.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from statistics import median

from reports.flags.flag import Flag, Verdict, day_name, number, product_flag
from reports.flags.kind import Kind, Severity
from reports.flags.rules import Rules
from reports.series import Comparison, Observation, ProductSeries

MEMORY = timedelta(days=28)
LEAST_HISTORY = 8
SCALES = 3.5
FLOOR = 0.15
SHORT_FLOOR = 0.25
"""Scale floor under two weeks of history, when weekdays cannot be compared yet."""
EFFECT = math.log(1.5)
AT_ONCE, AT_ONCE_SCALES = math.log(3), 6.0
LEAST_RANKS = 5
NEW_NORMAL = timedelta(days=14)
FAMILY = 5
"""Products of one category needed to speak of its common movement."""


@dataclass(frozen=True, slots=True)
class Point:
    """One day of one product. ``level`` is the logarithm of the rank."""

    day: date
    seen: Observation
    rank: int
    level: float
    category: str


@dataclass(slots=True)
class Shift:
    direction: int
    size: float
    since: date
    back: int = 0


@dataclass(slots=True)
class Walk:
    """What is known while walking through one product's days."""

    calm: list[Point] = field(default_factory=list)
    pending: list[tuple[Point, float]] = field(default_factory=list)
    shifted: list[Point] = field(default_factory=list)
    shift: Shift | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """The four weeks up to one night: how far the category moved on each day. Empty: not known."""

    movement: Mapping[date, float]

    def level(self, point: Point) -> float:
        """The logarithm of the rank less the category's movement of its day."""
        return point.level - (self.movement[point.day] if self.movement else 0.0)

    def past(self, points: list[Point], now: Point) -> list[Point]:
        """Those of ``points`` that ``now`` can be compared with."""
        return [p for p in _recent(points, now) if not self.movement or p.day in self.movement]


def flags(comparison: Comparison, rules: Rules) -> Iterator[Flag]:
    points = {product.asin: _points(product) for product in comparison.products}
    tables: dict[tuple[str, date], Table] = {}
    for product in comparison.products:
        for point in points[product.asin]:
            key = point.category, point.day
            if key not in tables:
                tables[key] = _table(points.values(), point)
        yield from _walk(comparison, product, points[product.asin], tables)


def _points(product: ProductSeries) -> list[Point]:
    return [
        Point(o.day, o, o.bsr, math.log(o.bsr), o.main_category)
        for o in sorted(product.daily.values(), key=lambda o: o.day)
        if o.bsr
    ]


def _table(series: Iterable[list[Point]], now: Point) -> Table:
    """The table that the night of ``now`` is judged in, in ``now``'s category."""
    apart: dict[date, list[float]] = defaultdict(list)
    for points in series:
        past = _recent(points, now)
        if len(past) < LEAST_HISTORY - 1:
            continue
        centre = median(p.level for p in past)
        tonight = [p for p in points if p.day == now.day and p.category == now.category]
        for point in [*past, *tonight]:
            apart[point.day].append(point.level - centre)
    movement = {day: median(values) for day, values in apart.items() if len(values) >= FAMILY}
    return Table(movement if now.day in movement else {})


def _walk(
    comparison: Comparison,
    product: ProductSeries,
    points: list[Point],
    tables: Mapping[tuple[str, date], Table],
) -> Iterator[Flag]:
    walk = Walk()
    for point in points:
        table = tables[point.category, point.day]
        if walk.shift is not None and _still_shifted(walk, walk.shift, table, point):
            continue
        past = table.past(walk.calm, point)
        if len(past) < LEAST_HISTORY:
            _calm_down(walk, point)
            continue
        distance = table.level(point) - median(table.level(p) for p in past)
        scale = _scale(past, table)
        if not _stands_out(past, table, point, distance, scale):
            _calm_down(walk, point)
            continue
        if walk.pending and (walk.pending[-1][1] > 0) != (distance > 0):
            _calm_down(walk)
        walk.pending.append((point, distance))
        at_once = abs(distance) >= AT_ONCE and abs(distance) >= AT_ONCE_SCALES * scale
        if at_once or len(walk.pending) >= 2:
            yield _flag(comparison, product, past, walk.pending)
            walk.shift = Shift(1 if distance > 0 else -1, abs(distance), walk.pending[0][0].day)
            walk.shifted = [p for p, _ in walk.pending]
            walk.pending = []


def _calm_down(walk: Walk, *more: Point) -> None:
    """What seemed to stand out was not the beginning of a shift: it belongs to the usual days."""
    walk.calm += [*(p for p, _ in walk.pending), *more]
    walk.pending = []


def _still_shifted(walk: Walk, shift: Shift, table: Table, point: Point) -> bool:
    """Follow a shift; False when it was given up and ``point`` must be judged afresh."""
    old = [p for p in table.past(walk.calm, point) if p.day < shift.since]
    if not old:
        # Another category, or nothing of the old level within memory: what came after it is the normal now.
        walk.calm, walk.shifted, walk.shift = walk.shifted, [], None
        return False
    distance = table.level(point) - median(table.level(p) for p in old)
    if distance * shift.direction < shift.size / 2:
        shift.back += 1
        walk.calm.append(point)
        if shift.back >= 2:
            walk.shift, walk.shifted = None, []
        return True
    shift.back = 0
    walk.shifted.append(point)
    if point.day - shift.since >= NEW_NORMAL:
        walk.calm, walk.shifted, walk.shift = walk.shifted, [], None
    return True


def _recent(points: list[Point], now: Point) -> list[Point]:
    return [p for p in points if p.category == now.category and timedelta(0) < now.day - p.day <= MEMORY]


def _scale(past: list[Point], table: Table) -> float:
    centre = median(table.level(p) for p in past)
    spread = 1.4826 * median(abs(table.level(p) - centre) for p in past)
    return max(spread, FLOOR if past[-1].day - past[0].day >= timedelta(days=13) else SHORT_FLOOR)


def _stands_out(past: list[Point], table: Table, point: Point, distance: float, scale: float) -> bool:
    if abs(distance) < max(EFFECT, SCALES * scale):
        return False
    as_ranked = point.level - median(p.level for p in past)
    if as_ranked * distance <= 0 or abs(as_ranked) < EFFECT:
        return False
    if abs(point.rank - median(p.rank for p in past)) < LEAST_RANKS:
        return False
    weekday = [table.level(p) for p in past if p.day.weekday() == point.day.weekday()]
    if len(weekday) < 2:
        return True
    from_weekday = table.level(point) - median(weekday)
    return from_weekday * distance > 0 and abs(from_weekday) >= EFFECT


def _flag(
    comparison: Comparison, product: ProductSeries, past: list[Point], pending: list[tuple[Point, float]]
) -> Flag:
    point = pending[-1][0]
    ranks = sorted(p.rank for p in past)
    usual = round(median(ranks))
    low, high = ranks[len(ranks) // 10], ranks[-1 - len(ranks) // 10]
    factor = point.rank / usual
    jump = pending[-1][1] < 0
    nights = "" if len(pending) == 1 else f", outside that {len(pending)} crawled days in a row"
    text = (
        f"BSR {'jump' if jump else 'slump'} {number(usual)} → {number(point.rank)}"
        f"{f' in {point.seen.bsr_category}' if point.seen.bsr_category else ''} on {day_name(point.day)} "
        f"({_times(factor)}); usually {number(low)} to {number(high)}{nights}"
    )
    severity = Severity.HIGH if abs(math.log(factor)) >= AT_ONCE else Severity.MEDIUM
    return product_flag(
        comparison,
        product,
        (past[-1].seen, point.seen),
        Verdict(Kind.BSR_JUMP if jump else Kind.BSR_SLUMP, severity, (usual, point.rank), text, magnitude=factor),
        columns="rank, category",
        history=past[0].seen,
    )


def _times(factor: float) -> str:
    return f"{1 / factor:.1f} times better" if factor < 1 else f"{factor:.1f} times worse"
