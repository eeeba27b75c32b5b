"""Rivals that pass the own listing among the organic results of a keyword.

Model: a reading that knows both places says which of the two stood before the other; one that found neither says
nothing, and of one found alone the other is behind. A rival that stood behind for weeks has passed when it stands
before the own listing for so many readings in a row, at least three, as the four weeks before make improbable
(:func:`reports.flags.standing.chance_of_run`): two that take turns need a longer run, and after a reading behind the
own listing the rival needs a new run, judged against what it has shown by then.

Told is a pass onto or within page one, by two places at least (judgement), and before the place where the own listing
usually stood: where only the own listing fell, that is told, and not every rival that it fell behind. High when the own
listing is off page one by now, or the rival passes on three keywords in one night (judgement).
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from operator import sub
from statistics import median_high, median_low
from typing import NamedTuple

from reports.flags.flag import Flag, Verdict, keyword_flag
from reports.flags.kind import Kind, Severity
from reports.flags.rules import Rules
from reports.flags.standing import LATELY, MEMORY, Limits, Standing, chance_of_run, log, newest, recent, run, together
from reports.sentences import Fact
from reports.series import Comparison, KeywordRead, ProductSeries

PASSED_BY = Decimal(2)
CONFIRMED = 3
LEAST_BEHIND = timedelta(days=13)
MANY = 3


@dataclass(frozen=True, slots=True)
class Pass:
    """A rival before the own listing."""

    rival: ProductSeries
    keyword: str
    behind: KeywordRead
    """The last reading in which it stood behind."""
    began: KeywordRead
    now: KeywordRead
    readings: int
    """Since it began."""
    before: tuple[int, int]
    """In how many readings of the four weeks before it stood behind, and of how many."""
    chance: float


class Race(NamedTuple):
    """The readings that say which of two stood before the other: those that know both places and found one."""

    reads: list[KeywordRead]
    rival: list[int]
    own: list[int]
    ahead: list[bool]


class Passing:
    """Collects the passes of all keywords, since how many there are in one night makes them grave."""

    def __init__(self, comparison: Comparison, rules: Rules, limits: Limits) -> None:
        self._comparison, self._limits = comparison, limits
        self._by = float(rules.size(Kind.PASSED_OWN, PASSED_BY))
        self._found: list[Pass] = []

    def watch(self, keyword: str, rival: ProductSeries, at: Standing, ours: Standing) -> None:
        """Take note of the nights on which it is first sure that a rival has passed for this keyword."""
        days = self._comparison.days
        if at.reads is ours.reads and not any(
            at.places[n] < ours.places[n] and at.first[n] for n in newest(at.reads, days)
        ):
            return
        race = _race(at, ours, days[0] - 2 * MEMORY - timedelta(days=1))
        for n in newest(race.reads, days):
            start = run(race.reads, race.ahead, n) if race.ahead[n] else None
            if start is None:
                continue
            sure = (m for m in range(n, start - 1, -1) if self._sure(race, start, m))
            if next(sure, None) == n and next(sure, None) is None:
                since = recent(race.reads, start)
                before = race.ahead[since:start].count(False), start - since
                ends = race.reads[start - 1], race.reads[start], race.reads[n]
                chance = _chance(race, start, n, self._by)
                self._found.append(Pass(rival, keyword, *ends, n - start + 1, before, chance))

    def _sure(self, race: Race, start: int, n: int) -> bool:
        return _chance(race, start, n, self._by) <= self._limits.of(Kind.PASSED_OWN, race.reads[n].day)

    def told(self) -> Iterator[Flag]:
        watched = {series.keyword: series for series in self._comparison.keywords}
        many = Counter(
            (one.rival.asin, one.now.day) for one in self._found if watched[one.keyword].watched_on(one.now.day)
        )
        for one in self._found:
            yield _flag(self._comparison, one, many[one.rival.asin, one.now.day] >= MANY)


def _race(at: Standing, ours: Standing, since: date) -> Race:
    if at.reads is not ours.reads:
        both = {read.run_id for read in at.reads} & {read.run_id for read in ours.reads}
        at, ours = at.only(both), ours.only(both)
    rows = [
        (read, rival, own, rival < own)
        for read, rival, own, rival_seen, own_seen in zip(
            at.reads, at.places, ours.places, at.seen, ours.seen, strict=True
        )
        if (rival_seen or own_seen) and read.day >= since
    ]
    return Race(*(list(column) for column in zip(*rows, strict=True))) if rows else Race([], [], [], [])


def _chance(race: Race, start: int, n: int, by: float) -> float:
    """Probability that chance brings the run from ``start`` to ``n``; 1 of one that is no pass."""
    count, since = n - start + 1, recent(race.reads, start)
    if count < CONFIRMED or race.reads[start].day - race.reads[since].day < LEAST_BEHIND:
        return 1.0
    rival, own = race.rival[start : n + 1], race.own[start : n + 1]
    if median_high(rival) >= median_low(race.own[since:start][-LATELY:]):
        return 1.0
    if race.rival[n] > race.reads[n].first_page_results or median_low(map(sub, own, rival)) < by:
        return 1.0
    apart = [log(r) - log(o) for r, o in zip(race.rival[since:start], race.own[since:start], strict=True)]
    return chance_of_run(count, race.ahead[since:start].count(True), start - since, together(apart))


def _flag(comparison: Comparison, one: Pass, many: bool) -> Flag:
    old, new, own = one.behind.place(one.rival.asin), one.now.place(one.rival.asin), one.now.place(comparison.own.asin)
    facts: dict[str, Fact] = {"place": new.organic, "own": own.organic, "page": one.now.pages_read}
    facts |= {"count": one.readings, "behind": one.before[0], "of": one.before[1]}
    return keyword_flag(
        comparison,
        one.rival,
        one.keyword,
        (one.behind, one.now),
        Verdict(
            Kind.PASSED_OWN,
            Severity.HIGH if many or own.organic_page != 1 else Severity.MEDIUM,
            (old.organic, new.organic),
            (
                "Passed you for “{keyword}” on {day:day}: now at organic place {place}",
                ", you at {own}" if own.organic else ", you beyond page {page}",
                "; before you on {count:count reading|readings} in a row, behind you on {behind} of {of} before",
            ),
            facts,
            magnitude=float((own.organic or one.now.organic_results + 1) - (new.organic or 0)),
            chance=one.chance,
            since=one.began.observed_at,
        ),
    )
