"""Rivals that pass the own listing among the organic results of a keyword.

Model: a reading that knows both places says which of the two stood before the other; one that found neither says
nothing, and of one found alone the other is behind. A rival that stood behind for weeks has passed when it stands
before the own listing for so many readings in a row, at least three, as the four weeks before make improbable
(:func:`reports.flags.standing.chance_of_run`): two that take turns need a longer run, and after a reading behind the
own listing the rival needs a new run, judged against what it has shown by then. Or it has passed when the margin
between the two, in logarithms, has made a step that is as improbable (:func:`reports.flags.standing.chance_of_step`).
After two weeks it is no news any more.

Told is a pass onto or within page one, by two places at least (judgement), and before the place where the own listing
usually stood: where only the own listing fell, that is told, and not every rival that it fell behind. High when the own
listing is off page one by now, or the rival passes on three keywords in one night (judgement).
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cache, cached_property, partial
from operator import lt, sub
from statistics import median_high, median_low

from reports.flags.flag import Flag, Verdict, keyword_flag
from reports.flags.kind import Kind, Severity
from reports.flags.rules import Rules
from reports.flags.standing import (
    LATELY,
    Limits,
    Standing,
    chance_of_run,
    chance_of_step,
    log,
    newest,
    recent,
    run,
    steps,
    together,
)
from reports.sentences import Fact
from reports.series import Comparison, KeywordRead, ProductSeries

PASSED_BY = Decimal(2)
CONFIRMED, LATEST, LOOKS = 3, 14, 2
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


class Race:
    """The readings that say which of two stood before the other: those that know both places and found one."""

    def __init__(self, at: Standing, ours: Standing) -> None:
        if at.reads is not ours.reads:
            both = {read.run_id for read in at.reads} & {read.run_id for read in ours.reads}
            at, ours = at.only(both), ours.only(both)
        self.reads, self.rival, self.own = at.reads, at.places, ours.places
        if not (all(at.seen) or all(ours.seen)):
            known = [n for n, seen in enumerate(zip(at.seen, ours.seen, strict=True)) if any(seen)]
            self.reads = [at.reads[n] for n in known]
            self.rival, self.own = [at.places[n] for n in known], [ours.places[n] for n in known]
        self.ahead = list(map(lt, self.rival, self.own))

    @cached_property
    def margins(self) -> list[float]:
        """Of the rival over the own listing, in logarithms: below zero where it stands before it."""
        return [log(rival) - log(own) for rival, own in zip(self.rival, self.own, strict=True)]

    @cached_property
    def steps(self) -> list[float]:
        return steps(self.margins)


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
        race = Race(at, ours)
        sure = cache(partial(self._sure, race))
        for n in newest(race.reads, days):
            start = run(race.reads, race.ahead, n) if race.ahead[n] else None
            if start is None or not sure(start, n) or any(sure(start, m) for m in range(start, n)):
                continue
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


def _chance(race: Race, start: int, n: int, by: float) -> float:
    """Probability that chance brings the run from ``start`` to ``n``; 1 of one that is no pass."""
    count, since = n - start + 1, recent(race.reads, start)
    if not CONFIRMED <= count <= LATEST or race.reads[start].day - race.reads[since].day < LEAST_BEHIND:
        return 1.0
    rival, own = race.rival[start : n + 1], race.own[start : n + 1]
    if median_high(rival) >= median_low(race.own[since:start][-LATELY:]):
        return 1.0
    if race.rival[n] > race.reads[n].first_page_results or median_low(map(sub, own, rival)) < by:
        return 1.0
    by_run = chance_of_run(
        count, race.ahead[since:start].count(True), start - since, together(race.margins[since:start])
    )
    return min(1.0, LOOKS * min(by_run, chance_of_step(race.margins, race.steps, start, n)))


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
