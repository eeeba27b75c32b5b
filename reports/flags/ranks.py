"""Top ranks and badges: entered, left, gained, lost.

Model of a top rank: of every category that a page gives a rank in, a product is among the first 10 (or 100) when the
median of its last five observed days is, and beyond when that is beyond rank 12 (or 120); between the two it stays
where it was. It has turned when that rank also left its own level (:mod:`reports.flags.level`, at ten times the share
of a test, for few products stand at an edge), or has stood on the other side for two weeks (three days where that takes
back what was told): a rank that wanders to and fro across an edge has done nothing. A turn is news when the product had
stood on the one side for four weeks, or when it takes back such a turn.

Model of a badge: it is there or it is not, but Amazon shows badges to part of the visitors and for the keyword they
came by. So a turn counts when three observed days in a row show it, five of Amazon's Choice, which hangs on keywords,
and is news when it had been otherwise for two weeks, or takes back such a turn. All this is judgement.

What stood at the first observation is no news. A category without a line on a page, a page whose badges were not
understood, and a page of a product that is out of stock and shows no badge say nothing. Of several tops entered or left
at once the farthest is told.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property, partial
from itertools import chain
from statistics import median

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from reports.flags.flag import Flag, Verdict, product_flag
from reports.flags.kind import Kind, Severity
from reports.flags.level import Judgement, judge, tables
from reports.flags.rules import Rules
from reports.sentences import Fact
from reports.series import Comparison, Observation, ProductSeries, RankLine
from storage.records import BadgeKind

TOPS = (10, 100)
EDGE = 1.2
"""A rank beyond this many times the top has left it."""
SMOOTH, LASTING, BACK = 5, 14, 3
CROSSING = 10
"""Times the share of a test: a level is asked only where an edge was crossed, which few products do (judgement)."""
"""Observed days whose median is a product's rank here."""
LEAST = math.log(EDGE)
NIGHTS, CHOICE_NIGHTS = 3, 5
SETTLED, SETTLED_BADGE, LONG = timedelta(days=28), timedelta(days=14), timedelta(days=56)
BADGES = {
    BadgeKind.BEST_SELLER: "Best Seller",
    BadgeKind.AMAZONS_CHOICE: "Amazon’s Choice",
    BadgeKind.NEW_RELEASE: "#1 New Release",
}
"""What a badge says on the page."""


@dataclass(frozen=True, slots=True)
class Turn:
    """From one side to the other: the last night before, the first after, and the one that made it sure."""

    before: Observation
    since: Observation
    after: Observation
    into: bool
    stood: timedelta
    """How long it had stood on the other side."""
    at_least: bool
    """Whether it may have been longer: it did so when it was first seen, or for more than eight weeks."""
    nights: int


def flags(comparison: Comparison, rules: Rules) -> Iterator[Flag]:
    window = frozenset(comparison.days)
    nights = [(product, [o for o in product.observations if o.closing]) for product in comparison.products]
    badges = (flag for product, read in nights for flag in _badges(comparison, rules, product, read))
    return (flag for flag in chain(_tops(comparison, rules, nights), badges) if flag.day in window)


def turns(
    seen: Iterable[tuple[Observation, bool | None]],
    settled: timedelta,
    sure: Callable[[list[Observation], bool, bool], bool],
) -> Iterator[Turn]:
    """The turns that are news. ``seen`` says of each night on which side it stands, None is on neither; ``sure`` is
    asked of the nights in a row on the other side, newest last, whether they lead in, and take back what was told."""
    side: bool | None = None
    started = last = None
    pending: list[Observation] = []
    told, from_the_first = False, True
    for night, shown in seen:
        if side is None or started is None or last is None:
            side, started, last = shown, night, night
        elif shown in {None, side}:
            last, pending = night, []
        else:
            pending.append(night)
            if not sure(pending, bool(shown), told):
                continue
            stood = pending[0].observed_at - started.observed_at
            novel = stood >= settled
            if novel or told:
                least = from_the_first or stood > LONG
                yield Turn(last, pending[0], night, bool(shown), min(stood, LONG), least, len(pending))
            side, started, last, pending = shown, pending[0], night, []
            told, from_the_first = novel, False


Lines = list[tuple[Observation, RankLine]]
"""The rank in one category, night by night."""


def _tops(
    comparison: Comparison, rules: Rules, nights: list[tuple[ProductSeries, list[Observation]]]
) -> Iterator[Flag]:
    days = tuple(_nights(rules, kind, SMOOTH) for kind in (Kind.TOP_RANK_ENTERED, Kind.TOP_RANK_LEFT))
    found: list[tuple[ProductSeries, Lines, dict[int, list[tuple[Observation, bool | None]]]]] = []
    for product, read in nights:
        categories: dict[str, Lines] = defaultdict(list)
        for night in read:
            for line in night.ranks:
                categories[line.key].append((night, line))
        for lines in categories.values():
            best, worst = min(line.rank for _, line in lines), max(line.rank for _, line in lines)
            tops = [top for top in TOPS if best <= top and worst > top * EDGE and len(lines) > max(days)]
            sides = {top: list(_sides(lines, top, days)) for top in tops}
            crossed = {top: seen for top, seen in sides.items() if {True, False} <= {side for _, side in seen}}
            if crossed:
                found.append((product, lines, crossed))
    departed = _Departed(comparison, rules, [lines for _, lines, _ in found])
    for row, (product, lines, crossed) in enumerate(found):
        turned: dict[tuple[datetime, bool], tuple[int, Turn]] = {}
        for top, seen in crossed.items():
            for turn in turns(seen, SETTLED, partial(departed.sure, row)):
                key = turn.after.observed_at, turn.into
                if not turn.into or key not in turned:
                    turned[key] = top, turn
        for top, turn in turned.values():
            end = next(n for n, (night, _) in enumerate(lines, start=1) if night is turn.after)
            first = end - days[0 if turn.into else 1]
            yield _top(comparison, product, top, turn, (lines[max(0, 2 * first - end) : first], lines[first:end]))


class _Departed:
    """Whether a rank is on the other side of an edge because it left its level, or for long."""

    def __init__(self, comparison: Comparison, rules: Rules, found: list[Lines]) -> None:
        self._comparison, self._rules, self._found = comparison, rules, found
        self._first = min((lines[0][0].day for lines in found), default=date.min)

    @cached_property
    def _judged(self) -> Judgement:
        levels = np.full((len(self._found), 1 + max(self._night(lines[-1][0]) for lines in self._found)), np.nan)
        for row, lines in enumerate(self._found):
            levels[row, [self._night(night) for night, _ in lines]] = np.log([line.rank for _, line in lines])
        return judge(tables(levels), LEAST)

    def _night(self, night: Observation) -> int:
        return (night.day - self._first).days

    def sure(self, row: int, pending: list[Observation], into: bool, back: bool) -> bool:
        if len(pending) >= (BACK if back else LASTING):
            return True
        kind, side = (Kind.TOP_RANK_ENTERED, -1) if into else (Kind.TOP_RANK_LEFT, 1)
        where = row, self._night(pending[-1])
        rare = float(self._judged.chance[where][self._judged.distance[where] * side > 0].min(initial=1.0))
        # Most nights nothing is rare, and then the night's tests need not be counted.
        return rare < 1 and rare <= CROSSING * self._rules.limit(kind, self._comparison.tests(pending[-1].day))


def _sides(lines: Lines, top: int, days: tuple[int, ...]) -> Iterator[tuple[Observation, bool | None]]:
    """On which side of ``top`` a product is on each night: None is on neither."""
    ranks, most = np.array([line.rank for _, line in lines]), max(days)
    into, out = (np.median(sliding_window_view(ranks, n), axis=-1)[most - n :] for n in days)
    inside, outside = into <= top, out > top * EDGE
    for (night, _), near, far in zip(lines[most - 1 :], inside.tolist(), outside.tolist(), strict=True):
        yield night, True if near else False if far else None


def _nights(rules: Rules, kind: Kind, nights: int) -> int:
    """Observed days that a turn of this kind takes."""
    return max(1, round(rules.size(kind, Decimal(nights))))


def _top(comparison: Comparison, product: ProductSeries, top: int, turn: Turn, lines: tuple[Lines, Lines]) -> Flag:
    """``lines`` are those of the days that decided, and of as many before."""
    past, last = lines
    was, now = (round(median(line.rank for _, line in part)) for part in lines)
    edge = top if turn.into else top * EDGE
    since = next(night for night, line in last if (line.rank <= edge) is turn.into)
    facts: dict[str, Fact] = _stood(turn) | {
        "top": top, "category": last[-1][1].category, "was": was, "now": now, "nights": len(last),
    }  # fmt: skip
    if turn.into:
        kind = Kind.TOP_RANK_ENTERED
        severity = Severity.MEDIUM if product.own or top == min(TOPS) else Severity.LOW
        says = (
            "Entered the top {top:number} of {category} on {day:day}: rank {was:number} → {now:number}",
            ", the median of {nights:count crawled night|crawled nights}",
            "; before that it had stood outside for at least {stood:days}"
            if turn.at_least
            else "; before that it had stood outside for {stood:days}",
        )
    else:
        kind = Kind.TOP_RANK_LEFT
        severity = Severity.HIGH if product.own else Severity.LOW
        says = (
            "Left the top {top:number} of {category} on {day:day}: rank {was:number} → {now:number}",
            ", the median of {nights:count crawled night|crawled nights}",
            "; it had stood there for at least {stood:days}"
            if turn.at_least
            else "; it had stood there for {stood:days}",
        )
    verdict = Verdict(kind, severity, (was, now), says, facts, magnitude=now / was, since=since.observed_at)
    ends = past[-1][0], last[-1][0]
    return product_flag(comparison, product, ends, verdict, columns="rank, category", line=last[-1][1])


def _badges(comparison: Comparison, rules: Rules, product: ProductSeries, nights: list[Observation]) -> Iterator[Flag]:
    read = [(night, dict(night.badges)) for night in nights if night.badges is not None]
    worn = frozenset(chain.from_iterable(shown for _, shown in read))
    for badge, name in BADGES.items():
        if badge not in worn:
            continue
        days = CHOICE_NIGHTS if badge is BadgeKind.AMAZONS_CHOICE else NIGHTS
        into, out = (_nights(rules, kind, days) for kind in (Kind.BADGE_GAINED, Kind.BADGE_LOST))
        seen = ((night, badge in shown) for night, shown in read if badge in shown or night.in_stock is not False)
        for turn in turns(seen, SETTLED_BADGE, partial(_long, into, out)):
            yield _badge(comparison, product, badge, name, turn)


def _long(into: int, out: int, pending: list[Observation], on: bool, _: bool) -> bool:
    """Whether so many nights in a row are enough."""
    return len(pending) >= (into if on else out)


def _badge(comparison: Comparison, product: ProductSeries, badge: BadgeKind, name: str, turn: Turn) -> Flag:
    worn = turn.after if turn.into else turn.before
    subject = dict(worn.badges or ()).get(badge)
    facts: dict[str, Fact] = {"badge": name} | _stood(turn)
    if subject:
        facts["subject"] = subject
    best = badge is not BadgeKind.NEW_RELEASE
    if turn.into:
        kind = Kind.BADGE_GAINED
        severity = Severity.MEDIUM if best and not product.own else Severity.LOW
        says = (
            "Badge “{badge}” for “{subject}” gained on {day:day}" if subject else "Badge “{badge}” gained on {day:day}",
            *_seen(turn),
            "; before that it had been without for at least {stood:days}"
            if turn.at_least
            else "; before that it had been without for {stood:days}",
        )
    else:
        kind = Kind.BADGE_LOST
        severity = Severity.HIGH if best and product.own else Severity.LOW
        says = (
            "Badge “{badge}” for “{subject}” lost on {day:day}" if subject else "Badge “{badge}” lost on {day:day}",
            *_seen(turn),
            "; it had had it for at least {stood:days}" if turn.at_least else "; it had had it for {stood:days}",
        )
    shown = subject or name
    values = (None, shown) if turn.into else (shown, None)
    verdict = Verdict(kind, severity, values, says, facts, since=turn.since.observed_at)
    return product_flag(comparison, product, (turn.before, turn.after), verdict, columns="badges, in_stock")


def _stood(turn: Turn) -> dict[str, Fact]:
    return {"stood": turn.stood / timedelta(days=1), "since": turn.since.day, "nights": turn.nights}


def _seen(turn: Turn) -> Iterator[str]:
    if turn.nights > 1:
        yield ", so since {since:day} ({nights:count crawled night|crawled nights} in a row)"
