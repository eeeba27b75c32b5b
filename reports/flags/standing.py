"""Where a product stands among the results of a keyword, reading by reading, and how far that is out of the usual.

Model of the organic place: its logarithm jitters around a level. Clicks fall with about a power of the place (the
discount of DCG is of that sort; Järvelin & Kekäläinen, ACM TOIS 2002; Craswell et al., WSDM 2008), so 3 → 8 matters and
33 → 38 does not; two places are added, so that one place at the top, where places are whole numbers, is jitter too.

- A product that is not found is beyond the pages read: its place is censored at the first place behind them (Tobin
  1958), which bounds a fall or a climb from below and says nothing of a move behind the pages. A reading that broke off
  says that much less, and does not count for the level.
- The level is the median of the last seven readings.
- How far readings in a row are from the level before them is measured by how far the readings of the last six weeks
  were from theirs, on that side or on both: whatever makes places wander from night to night (tests on visitors,
  neighbours that move) is in that scale. It is the distance that four in five did not reach, so that a move or two in
  those weeks do not hide the next one, drawn towards 0.2 as by eight readings that showed it. The mean of several
  readings varies the less, the less they go together: by the correlation of neighbours, drawn towards 0.5. The distance
  over the scale is referred to Student's distribution, in Wallace's normal form (Ann. Math. Stat. 1959), where a
  reading counts as 0.63 degrees of freedom: so much does such a quantile make of it. Where single readings were as far
  before, so many in a row must be improbable, too.

Model of what is seen or not (an ad, a place on page one, a rival before the own listing): so many readings of the new
sort come by chance as a beta-binomial prediction from the last four weeks has it (Skellam, JRSS B 1948), with Jeffreys'
prior of half a reading of each sort. In a row, readings of what wanders slowly are worth fewer.
"""

import math
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from statistics import median

from reports.flags.kind import Kind
from reports.flags.rules import Rules
from reports.rise import Usual
from reports.series import Comparison, KeywordRead, KeywordSeries

MEMORY = timedelta(days=28)
SCALE_MEMORY = timedelta(days=42)
FAR_BACK = SCALE_MEMORY // timedelta(days=1)
LATELY = 7
COLD = 4
"""Readings needed to speak of a level."""
TESTS = 4
"""Statistical tests that share the part of a product and a keyword: shift, edge of page one, passing, ads."""
PRIOR_SCALE, PRIOR_READINGS = 0.2, 8.0
QUANTILE, NORMAL_QUANTILE, EFFICIENCY = 0.8, 1.2816, 0.63
"""Of absolute distances: that of a standard normal distribution, and how much of the readings it makes use of."""
PRIOR_TOGETHER, PRIOR_PAIRS = 0.5, 8
"""How much neighbouring readings go together, and pairs of readings that showed it."""
NEAR = 3
"""Standard deviations within which a line is near."""
AS_FAR = 0.9
"""Part of a distance from which on a reading was as far."""
TOP = 6
"""Down to this place a move is measured in places, behind it in shares of the place."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Places of one product in the readings that know them, in order."""

    reads: Sequence[KeywordRead]
    places: Sequence[int]
    """Organic place; of a product beyond the pages read, the first place behind them."""
    seen: Sequence[bool]
    whole: Sequence[bool]
    """Whether it was seen, or is not on any page asked for."""
    first: Sequence[bool]
    """Whether it was on page one."""
    apart: dict[int, float | None] = field(default_factory=dict)
    """How far readings stood from the level before them, where that was asked; None: not known."""

    def only(self, runs: Set[str]) -> "Standing":
        """Its readings in these crawl runs."""
        kept = [n for n, read in enumerate(self.reads) if read.run_id in runs]
        columns = (self.reads, self.places, self.seen, self.whole, self.first)
        return Standing(*([column[n] for n in kept] for column in columns))  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Departure:
    """Readings in a row away from the level."""

    start: int
    level: int
    direction: int
    """1: further back, -1: further to the front."""
    moved: int
    """Places, of the reading that moved least."""
    from_first: bool
    """Whether it mostly stood on page one before."""
    chance: float
    usual: tuple[int, int]
    """Best and worst of the readings that the level is of."""
    reach: int
    """The farthest of them on this side, but one."""

    def beyond(self, least: float) -> bool:
        """Whether it moved by so many places from what it reaches without."""
        now = self.level + self.direction * self.moved
        return (now - self.reach) * self.direction >= least * max(1.0, min(now, self.reach) / TOP)


class Limits:
    """The largest probability by chance at which a kind is told of one product for one keyword, night by night."""

    def __init__(self, comparison: Comparison, rules: Rules) -> None:
        self._comparison, self._rules = comparison, rules
        self._known: dict[tuple[Kind, date], float] = {}

    def of(self, kind: Kind, day: date) -> float:
        key = kind, day
        if key not in self._known:
            self._known[key] = self._rules.limit(kind, TESTS * self._comparison.tests(day))
        return self._known[key]


def readings(series: KeywordSeries) -> list[KeywordRead]:
    """The closing readings that got anywhere, in order."""
    return [series.daily[day] for day in sorted(series.daily) if series.daily[day].pages_read]


def newest(reads: Sequence[KeywordRead], days: Sequence[date]) -> Iterator[int]:
    """Indices of the readings on these days, the last days there are."""
    n = len(reads)
    while n > 0 and reads[n - 1].day >= days[0]:
        n -= 1
    yield from range(n, len(reads))


def standing(reads: Sequence[KeywordRead], asin: str) -> Standing | None:
    """None where the product never was among the organic results."""
    placed = [read.places.get(asin) for read in reads]
    organic = [place.organic if place else None for place in placed]
    if not any(organic):
        return None
    if None not in organic:
        always = [True] * len(reads)
        first = [place.organic_page == 1 for place in placed if place]
        return Standing(reads, [place for place in organic if place], always, always, first)
    if any(place.ambiguous for place in placed if place and place.organic is None):
        known = [n for n, read in enumerate(reads) if read.known(asin)]
        reads, placed, organic = [reads[n] for n in known], [placed[n] for n in known], [organic[n] for n in known]
    first = [place is not None and place.organic_page == 1 for place in placed]
    return Standing(
        reads,
        [place or read.organic_results + 1 for place, read in zip(organic, reads, strict=True)],
        [place is not None for place in organic],
        [place is not None or read.reason is None for place, read in zip(organic, reads, strict=True)],
        first,
    )


def departure(at: Standing, n: int, count: int, least: float) -> Departure | None:
    """Whether the ``count`` readings up to the ``n``-th stand apart from the level before them, by ``least`` places at
    the top and in proportion behind it: two each, more on average and all of them by half of it."""
    start = n - count + 1
    before = _before(at, start)
    if len(before) < COLD:
        return None
    places = at.places
    stood = sorted(places[i] for i in before)
    level = stood[len(stood) // 2]
    direction = 1 if places[n] > level else -1
    known = 2 * sum(at.seen[i] for i in before) > len(before)
    each = least if count <= 2 else least / 2
    for i in range(start, n + 1):
        place = places[i]
        if (place - level) * direction < each * max(1.0, min(place, level) / TOP):
            return None
        if not (at.seen[i] if direction < 0 else known):
            return None
    now = sorted(places[start : n + 1])[(count - (direction > 0)) // 2]
    if abs(now - level) < least * max(1.0, min(now, level) / TOP):
        return None
    apart = sum(abs(log(places[i]) - log(level)) for i in range(start, n + 1)) / count
    return Departure(
        start=start,
        level=level,
        direction=direction,
        moved=abs(now - level),
        from_first=2 * sum(at.first[i] for i in before) > len(before),
        chance=_chance_of_shift(apart * direction, count, _wandered(at, start)),
        usual=(stood[0], stood[-1]),
        reach=stood[-2] if direction > 0 else stood[1],
    )


def _before(at: Standing, start: int) -> list[int]:
    """The last readings before the ``start``-th that the level is of."""
    found: list[int] = []
    i = start - 1
    while i >= 0 and len(found) < LATELY:
        if at.whole[i]:
            found.append(i)
        i -= 1
    while found and at.reads[start].day - at.reads[found[-1]].day > MEMORY:
        found.pop()
    return found


def _wandered(at: Standing, start: int) -> list[float]:
    """How far each of the readings before stood from the level before it, the newest first."""
    since, found, known = at.reads[start].day - SCALE_MEMORY, [], at.apart
    for n in range(start - 1, -1, -1):
        if at.reads[n].day < since:
            break
        if n not in known:
            known[n] = _apart(at, n)
        distance = known[n]
        if distance is not None:
            found.append(distance)
    return found


def _apart(at: Standing, n: int) -> float | None:
    before = _before(at, n) if at.whole[n] else []
    if len(before) < COLD or not (at.seen[n] or 2 * sum(at.seen[i] for i in before) > len(before)):
        return None
    stood = sorted(at.places[i] for i in before)
    return log(at.places[n]) - log(stood[len(stood) // 2])


def _chance_of_shift(apart: float, count: int, wandered: list[float]) -> float:
    same = [abs(distance) for distance in wandered if distance * apart >= 0]
    scale = max(_reached(wandered), _reached(same)) / NORMAL_QUANTILE
    weight = EFFICIENCY * len(wandered)
    freedom = PRIOR_READINGS + weight
    variance = (PRIOR_READINGS * PRIOR_SCALE**2 + weight * scale**2) / freedom
    pairs = PRIOR_PAIRS + len(wandered)
    together = (PRIOR_TOGETHER * PRIOR_PAIRS + len(wandered) * max(0.0, correlation(wandered))) / pairs
    probable = student(abs(apart) / math.sqrt(variance * (1 + (count - 1) * together) / count), freedom)
    seldom = sum(distance >= AS_FAR * abs(apart) for distance in same)
    return max(probable, chance_of_run(count, seldom, len(wandered), 0.0)) if seldom else probable


def steps(values: Sequence[float]) -> list[float]:
    """How far each of these values is from the level before it, the first ones from nothing."""
    levels = [sorted(values[max(0, n - LATELY) : n]) for n in range(len(values))]
    return [v - stood[len(stood) // 2] if len(stood) >= COLD else 0.0 for v, stood in zip(values, levels, strict=True)]


def chance_of_step(values: Sequence[float], apart: Sequence[float], start: int, n: int) -> float:
    """Probability that values which wander are, from the ``start``-th to the ``n``-th, so far from the level before
    them. ``apart`` are their :func:`steps`."""
    if start < COLD:
        return 1.0
    count, level = n - start + 1, values[start] - apart[start]
    wandered = apart[max(COLD, start - FAR_BACK) : start]
    return _chance_of_shift(math.fsum(values[start : n + 1]) / count - level, count, list(wandered))


def _reached(wandered: list[float]) -> float:
    """The distance that four in five did not reach."""
    return sorted(map(abs, wandered))[int(QUANTILE * len(wandered))] if wandered else 0.0


def correlation(values: Sequence[float]) -> float:
    """Of each value with the next, both taken from zero."""
    total = math.fsum(v * v for v in values)
    return math.fsum(a * b for a, b in pairwise(values)) / total if total else 0.0


def student(t: float, freedom: float) -> float:
    """P(|T| >= t) of Student's distribution."""
    z = (8 * freedom + 1) / (8 * freedom + 3) * math.sqrt(freedom * math.log1p(t * t / freedom))
    return math.erfc(z / math.sqrt(2))


def run(reads: Sequence[KeywordRead], states: Sequence[bool], n: int) -> int | None:
    """Where the run of equal states that the ``n``-th ends began; None where that is not within four weeks."""
    start, state, since = n, states[n], reads[n].day - MEMORY
    while start > 0 and states[start - 1] == state:
        start -= 1
        if reads[start].day < since:
            return None
    return start or None


def recent(reads: Sequence[KeywordRead], start: int) -> int:
    """Index of the first reading of the four weeks before the ``start``-th."""
    since, n = reads[start].day - MEMORY, start
    while n > 0 and reads[n - 1].day >= since:
        n -= 1
    return n


@cache
def chance(shown: int, of: int, before: int, readings: int) -> float:
    """Probability that at least ``shown`` of ``of`` readings show what ``before`` of ``readings`` showed."""
    return Usual(before / readings, (before + 0.5) / (readings + 1), readings + 1.0).chance(shown, of)


def chance_of_run(count: int, before: int, readings: int, together: float) -> float:
    """The same of ``count`` readings in a row, where neighbouring readings go together: they are worth fewer.

    ``together`` is the correlation of what lies under them from reading to reading; n such readings are worth
    n (1 - r) / (1 + r) (Bayley & Hammersley, JRSS Supplement 1946).
    """
    r = min(0.9, max(0.0, together))
    worth = 1 + (count - 1) * (1 - r) / (1 + r)
    a, b = before + 0.5, readings - before + 0.5
    return math.exp(math.lgamma(a + worth) - math.lgamma(a) + math.lgamma(a + b) - math.lgamma(a + b + worth))


def together(margins: Sequence[float]) -> float:
    """How much neighbouring readings go together in crossing a line, of their distances from it; not at all where they
    wander too little to come near it."""
    middle = median(margins)
    apart = [margin - middle for margin in margins]
    if middle**2 * len(apart) > NEAR**2 * math.fsum(distance**2 for distance in apart):
        return 0.0
    return correlation(apart)


@cache
def log(place: int) -> float:
    return math.log(place + 2)
