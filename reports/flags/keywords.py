"""The organic place: page one entered or left, a climb or a fall within it.

Models of places and of runs: :mod:`reports.flags.standing`.

A *shift* is two readings in a row on one side of the level, each at least three places and half of the better place
away, or four of which the median is (judgement), that would come by chance less often than the rules allow; both looks
share that. A climb or fall within page one is three places away from all of the last seven readings but one, too: at
the top, neighbours that take turns move a product by several places. One reading is not enough: tests on visitors and
short stock-outs take products off a page for one night. Only that the own listing is gone, or there, by a third of the
page is told at once, where it was not so within four weeks. A shift within page one is a climb or a fall; one over its
edge is told as page one gained or lost, and one behind it not at all.

A *small step over the edge* of page one is a shift when the product stays there for so many readings, at least three,
as the share of such readings in the four weeks before makes improbable: who hovers at the edge must stay for longer. It
must stand where it stood in one of ten of these at most, and over the edge of the page as it was then: a page that got
longer is no move of the product. After two weeks it is no news any more.

Told is the first night that shows a change: not again within a week, nor in the same run of readings.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cache, partial
from statistics import median_high

from reports.flags.away import away
from reports.flags.flag import Flag, Verdict, keyword_flag
from reports.flags.kind import Kind, Severity
from reports.flags.passing import Passing
from reports.flags.rules import Rules
from reports.flags.standing import (
    COLD,
    Departure,
    Limits,
    Standing,
    chance_of_run,
    departure,
    log,
    newest,
    readings,
    recent,
    run,
    standing,
    together,
)  # fmt: skip
from reports.sentences import Fact
from reports.series import Comparison, KeywordRead, KeywordSeries, ProductSeries

SHIFT = Decimal(3)
CONFIRMED, LATEST = 3, 14
"""Readings that a small step needs at least, and after which it is no news any more."""
LOOKS = 2
AGAIN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Change:
    """What the readings up to the ``n``-th show, whether or not it was told before."""

    kind: Kind
    at: Standing
    start: int
    """The first reading that shows it."""
    n: int
    shift: Departure | None
    """None: a small step over the edge of page one."""
    chance: float


def flags(comparison: Comparison, rules: Rules) -> Iterator[Flag]:
    limits, least, own = Limits(comparison, rules), _least(rules), comparison.own
    passing = Passing(comparison, rules, limits)
    for series in comparison.keywords:
        reads = readings(series)
        ours = standing(reads, own.asin)
        for product in comparison.products:
            at = ours if product is own else standing(reads, product.asin)
            if at is None:
                continue
            judge = cache(partial(_judge, at, product.own, least, limits))
            for n in newest(at.reads, comparison.days):
                change = judge(n)
                if change is not None and not _told(judge, change):
                    yield _flag(comparison, series, product, change)
            if ours is not None and product is not own:
                passing.watch(series.keyword, product, at, ours)
    yield from passing.told()


def third(read: KeywordRead) -> int:
    """A third of page one, in places."""
    return max(5, min(10, read.first_page_results // 3))


def _least(rules: Rules) -> dict[Kind, float]:
    kinds = (Kind.KEYWORD_GAINED, Kind.KEYWORD_LOST, Kind.PLACE_CLIMBED, Kind.PLACE_FELL)
    return {kind: float(rules.size(kind, SHIFT)) for kind in kinds}


def _judge(at: Standing, own: bool, least: Mapping[Kind, float], limits: Limits, n: int) -> Change | None:
    for count in (1, 2, 4) if own else (2, 4):
        found = departure(at, n, count, min(least.values()))
        kind = found and _kind(at, n, found)
        if not found or not kind or found.moved < least[kind]:
            continue
        if not crossed(kind) and not found.beyond(min(least[kind], float(SHIFT))):
            continue
        if LOOKS * found.chance > limits.of(kind, at.reads[n].day):
            continue
        if count > 1 or (crossed(kind) and found.moved >= third(at.reads[n]) and not _was_there(at, n)):
            return Change(kind, at, found.start, n, found, LOOKS * found.chance)
    return _over_the_edge(at, n, limits)


def crossed(kind: Kind) -> bool:
    return kind in {Kind.KEYWORD_GAINED, Kind.KEYWORD_LOST}


def _was_there(at: Standing, n: int) -> bool:
    """Whether it was on this side of the edge of page one before, within four weeks."""
    return at.first[n] in at.first[recent(at.reads, n) : n]


def _kind(at: Standing, n: int, found: Departure) -> Kind | None:
    """What a shift is called; None of one behind page one."""
    if found.from_first == at.first[n]:
        if not at.first[n]:
            return None
        return Kind.PLACE_FELL if found.direction > 0 else Kind.PLACE_CLIMBED
    if at.first[found.start] != at.first[n]:
        return None
    return Kind.KEYWORD_GAINED if at.first[n] else Kind.KEYWORD_LOST


def _over_the_edge(at: Standing, n: int, limits: Limits) -> Change | None:
    start = run(at.reads, at.first, n)
    if start is None or not CONFIRMED <= n - start + 1 <= LATEST:
        return None
    gained, since = at.first[n], recent(at.reads, start)
    of = start - since
    if of < COLD:
        return None
    kind = Kind.KEYWORD_GAINED if gained else Kind.KEYWORD_LOST
    count = n - start + 1
    before = sum(at.first[i] == gained for i in range(since, start))
    edge = median_high(at.reads[i].first_page_results for i in range(since, start))
    line = (log(edge) + log(edge + 1)) / 2
    probable = chance_of_run(count, before, of, together([log(place) - line for place in at.places[since:start]]))
    if probable > limits.of(kind, at.reads[n].day):
        return None
    now, past = median_high(at.places[start : n + 1]), sorted(at.places[since:start])
    few = of // 10
    moved = now <= edge and now < past[few] if gained else now > edge and now > past[-1 - few]
    return Change(kind, at, start, n, None, probable) if moved else None


def _told(judge: Callable[[int], Change | None], change: Change) -> bool:
    """Whether the same was told within a week, or since the change began."""
    reads = change.at.reads
    since = min(reads[change.start].day, reads[change.n].day - AGAIN)
    for m in range(change.n - 1, COLD - 1, -1):
        if reads[m].day < since:
            return False
        earlier = judge(m)
        if earlier is not None and earlier.kind is change.kind:
            return True
    return False


def _flag(comparison: Comparison, series: KeywordSeries, product: ProductSeries, change: Change) -> Flag:
    kind, at, n, shift = change.kind, change.at, change.n, change.shift
    m = _last_usual(change)
    before, after = at.reads[m], at.reads[n]
    says, facts = _ways(before, after, product.asin)
    if crossed(kind):
        gained = kind is Kind.KEYWORD_GAINED
        head = (
            "Entered page one for “{keyword}” on {day:day}: organic place " if gained
            else "Left page one for “{keyword}” on {day:day}: organic place "
        )  # fmt: skip
    else:
        head = (
            "Climbed for “{keyword}” on {day:day}: organic place " if kind is Kind.PLACE_CLIMBED
            else "Fell for “{keyword}” on {day:day}: organic place "
        )  # fmt: skip
    says = (head, *says)
    if shift is not None and shift.start == n:
        says += ("; seen once so far",)
    else:
        says += ("; seen on {count:count reading|readings} in a row",)
        facts["count"] = n - change.start + 1
    if shift is not None and not crossed(kind):
        says += (", usually {best} to {worst}",) if shift.usual[0] < shift.usual[1] else (", usually {best}",)
        facts |= {"best": shift.usual[0], "worst": shift.usual[1]}
    places = before.place(product.asin).organic, after.place(product.asin).organic
    follows = away(product, at.reads[change.start].day, after.day)
    return keyword_flag(
        comparison,
        product,
        series.keyword,
        (before, after),
        Verdict(
            kind,
            Severity.LOW if follows else _severity(kind, product.own, shift, after),
            places,
            says + follows,
            facts,
            magnitude=float(shift.moved if shift else abs(at.places[n] - at.places[m])),
            chance=change.chance,
            since=at.reads[change.start].observed_at,
        ),
    )


def _last_usual(change: Change) -> int:
    """The last reading before that shows where it usually stood: on the other side of the edge, or at its level."""
    at, shift, m = change.at, change.shift, change.start - 1
    while m > 0:
        if not crossed(change.kind):
            usual = at.whole[m] and shift is not None and (at.places[m] - shift.level) * shift.direction <= 0
        else:
            usual = at.whole[m] and at.first[m] != at.first[change.n]
        if usual:
            break
        m -= 1
    return m


def _severity(kind: Kind, own: bool, shift: Departure | None, after: KeywordRead) -> Severity:
    moved = shift.moved if shift else 0
    match kind:
        case Kind.KEYWORD_GAINED:
            return Severity.MEDIUM if own or shift else Severity.LOW
        case Kind.KEYWORD_LOST if own:
            return Severity.HIGH if moved >= third(after) else Severity.MEDIUM
        case Kind.PLACE_FELL if own:
            return Severity.HIGH if 2 * moved >= after.first_page_results else Severity.MEDIUM
        case Kind.PLACE_CLIMBED:
            return Severity.MEDIUM if moved >= third(after) else Severity.LOW
    return Severity.LOW


def _ways(before: KeywordRead, after: KeywordRead, asin: str) -> tuple[tuple[str, ...], dict[str, Fact]]:
    """From one place to another, in words."""
    old, new = before.place(asin), after.place(asin)
    facts: dict[str, Fact] = {}
    if old.organic is None:
        first, facts["before_page"] = "beyond page {before_page}", before.pages_read
    else:
        first = "{before}" if old.organic_page == 1 else "{before} (page {before_page})"
        facts |= {"before": old.organic, "before_page": old.organic_page}
    if new.organic is None:
        second, facts["after_page"] = " → beyond page {after_page}", after.pages_read
    else:
        second = " → {after}" if new.organic_page == 1 else " → {after} (page {after_page})"
        facts |= {"after": new.organic, "after_page": new.organic_page}
    return (first, second), facts
