"""Top ranks and badges: entered, left, gained, lost.

Model: facts with a memory for hovering. Of every category that a page gives a rank in, a product is among the first 10
(or 100) from rank 10 on, and no longer beyond rank 12 (or 120); between the two it stays where it was. A badge is there
or it is not. Both flicker: ranks hover at the edge, and Amazon shows badges to part of the visitors and for the keyword
they came by. So a turn counts when two observed days in a row show it (three for Amazon's Choice, which hangs on
keywords), and it is news when the product had stood on the other side for a week, or when it takes back such a turn
(judgement). What stood at the first observation is no news.

A category without a line on a page, a page whose badges were not understood, and a page of a product that is out of
stock and shows no badge say nothing. Of several thresholds passed at once the farthest is told.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from reports.flags.flag import Flag, Verdict, product_flag
from reports.flags.kind import Kind, Severity
from reports.flags.rules import Rules
from reports.sentences import Fact
from reports.series import Comparison, Observation, ProductSeries, RankLine
from storage.records import BadgeKind

TOPS = (10, 100)
EDGE = 1.2
"""A rank beyond this many times the top has left it."""
NIGHTS = 2
CHOICE_NIGHTS = 1
"""Nights more that Amazon's Choice takes."""
SETTLED = timedelta(days=7)
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
    from_the_first: bool
    """Whether it had done so since it was first seen: then it may be longer."""
    nights: int


def flags(comparison: Comparison, rules: Rules) -> Iterator[Flag]:
    window = frozenset(comparison.days)
    for product in comparison.products:
        nights = [o for o in product.observations if o.closing]
        for flag in (*_tops(comparison, rules, product, nights), *_badges(comparison, rules, product, nights)):
            if flag.day in window:
                yield flag


def turns(seen: Iterable[tuple[Observation, bool | None]], into: int, out: int) -> Iterator[Turn]:
    """The turns that are news. ``seen`` says of each night on which side it stands, None is on neither; a turn
    takes ``into`` or ``out`` nights in a row."""
    side: bool | None = None
    started = last = None
    pending: list[Observation] = []
    settled, from_the_first = False, True
    for night, shown in seen:
        if side is None or started is None or last is None:
            side, started, last = shown, night, night
        elif shown in {None, side}:
            last, pending = night, []
        else:
            pending.append(night)
            if len(pending) < (into if shown else out):
                continue
            stood = pending[0].observed_at - started.observed_at
            novel = stood >= SETTLED
            if novel or settled:
                yield Turn(last, pending[0], night, bool(shown), stood, from_the_first, len(pending))
            side, started, last, pending = shown, pending[0], night, []
            settled, from_the_first = novel, False


def _tops(comparison: Comparison, rules: Rules, product: ProductSeries, nights: list[Observation]) -> Iterator[Flag]:
    into, out = (_nights(rules, kind) for kind in (Kind.TOP_RANK_ENTERED, Kind.TOP_RANK_LEFT))
    lines: dict[str, list[tuple[Observation, RankLine]]] = defaultdict(list)
    for night in nights:
        for line in night.ranks:
            lines[line.key].append((night, line))
    for shown in lines.values():
        best, worst = min(line.rank for _, line in shown), max(line.rank for _, line in shown)
        found: dict[tuple[date, bool], tuple[int, Turn]] = {}
        for top in TOPS:
            if best > top or worst <= top * EDGE:
                continue
            for turn in turns(((night, _side(line.rank, top)) for night, line in shown), into, out):
                key = turn.after.day, turn.into
                if not turn.into or key not in found:
                    found[key] = top, turn
        ranks = {night.day: line for night, line in shown}
        for top, turn in found.values():
            yield _top(comparison, product, top, turn, (ranks[turn.before.day], ranks[turn.after.day]))


def _side(rank: int, top: int) -> bool | None:
    return True if rank <= top else False if rank > top * EDGE else None


def _nights(rules: Rules, kind: Kind, more: int = 0) -> int:
    """Nights in a row that a turn of this kind takes."""
    return max(1, round(rules.size(kind, Decimal(NIGHTS + more))))


def _top(
    comparison: Comparison, product: ProductSeries, top: int, turn: Turn, lines: tuple[RankLine, RankLine]
) -> Flag:
    was, now = lines
    facts = _stood(turn) | {"top": top, "category": now.category, "was": was.rank, "now": now.rank}
    if turn.into:
        kind = Kind.TOP_RANK_ENTERED
        severity = Severity.MEDIUM if product.own or top == min(TOPS) else Severity.LOW
        says = (
            "Entered the top {top:number} of {category} on {day:day}: rank {was:number} → {now:number}",
            *_seen(turn),
            "; before that it had stood outside for at least {stood:days}"
            if turn.from_the_first
            else "; before that it had stood outside for {stood:days}",
        )
    else:
        kind = Kind.TOP_RANK_LEFT
        severity = Severity.HIGH if product.own else Severity.LOW
        says = (
            "Left the top {top:number} of {category} on {day:day}: rank {was:number} → {now:number}",
            *_seen(turn),
            "; it had stood there for at least {stood:days}"
            if turn.from_the_first
            else "; it had stood there for {stood:days}",
        )
    verdict = Verdict(
        kind, severity, (was.rank, now.rank), says, facts, magnitude=now.rank / was.rank, since=turn.since.observed_at
    )
    ends = turn.before, turn.after
    return product_flag(comparison, product, ends, verdict, columns="rank, category", line=now)


def _badges(comparison: Comparison, rules: Rules, product: ProductSeries, nights: list[Observation]) -> Iterator[Flag]:
    read = [(night, dict(night.badges)) for night in nights if night.badges is not None]
    for badge, name in BADGES.items():
        if not any(badge in shown for _, shown in read):
            continue
        more = CHOICE_NIGHTS if badge is BadgeKind.AMAZONS_CHOICE else 0
        seen = ((night, badge in shown) for night, shown in read if badge in shown or night.in_stock is not False)
        for turn in turns(seen, _nights(rules, Kind.BADGE_GAINED, more), _nights(rules, Kind.BADGE_LOST, more)):
            yield _badge(comparison, product, badge, name, turn)


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
            if turn.from_the_first
            else "; before that it had been without for {stood:days}",
        )
    else:
        kind = Kind.BADGE_LOST
        severity = Severity.HIGH if best and product.own else Severity.LOW
        says = (
            "Badge “{badge}” for “{subject}” lost on {day:day}" if subject else "Badge “{badge}” lost on {day:day}",
            *_seen(turn),
            "; it had had it for at least {stood:days}" if turn.from_the_first else "; it had had it for {stood:days}",
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
