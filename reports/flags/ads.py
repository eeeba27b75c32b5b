"""Ads of a product that begin or stop for a keyword.

Model: ads rotate with every request, so a product that advertises shows an ad in a part of the readings only. What the
last readings show (those in a row, the last seven, the last fourteen) is compared with the part of the four weeks
before them, as the beta-binomial prediction of :func:`reports.flags.standing.chance` has it: a product seen in two of
five readings must be unseen for weeks before its ads are said to have stopped, one seen always for a few nights. The
part must have changed by a quarter (judgement). Where a run of readings had itself been such a change, the next is
compared with that run alone: who advertised for ten days and stops is no rotation. The three looks share the
probability that the rules allow. A return, to what was usual before such a run, is told when chance would bring it in
one of a hundred (judgement): what was told is no longer so, and there are never more returns than changes told.

A reading that broke off before its last page cannot say that there is no ad, and counts only where it shows one. Told
is the first night that shows the change, and not again within two weeks.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from reports.flags.away import away
from reports.flags.flag import Flag, Verdict, keyword_flag
from reports.flags.kind import Kind, Severity
from reports.flags.rules import Rules
from reports.flags.standing import MEMORY, Limits, chance, newest, readings, recent, run
from reports.sentences import Fact
from reports.series import Comparison, KeywordRead, KeywordSeries, ProductSeries

CHANGED_BY = Decimal("0.25")
LOOKS = (7, 14)
LEAST, LEAST_BEFORE = 3, 5
"""Readings that show the new state, and readings before."""
AGAIN = timedelta(days=14)
RETURN = 0.01
"""The largest probability by chance at which a way back is told."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Readings that show ads in another part than those of the four weeks before."""

    start: int
    """The first of the new sort."""
    n: int
    counts: tuple[int, int]
    """Readings of the new sort, and all."""
    before: tuple[int, int]
    chance: float


class Shown:
    """The readings that know whether an ad of one product showed, and whether it did."""

    def __init__(self, reads: list[KeywordRead], asin: str, least: dict[Kind, float], limits: Limits) -> None:
        self.reads = [read for read in reads if read.ads_known(asin)]
        self.ads = [read.place(asin).sponsored is not None for read in self.reads]
        self._least, self._limits = least, limits
        self._turns: dict[int, Turn | None] = {}

    def turn(self, n: int) -> Turn | None:
        """The least probable of the looks at the readings up to one, where it is improbable enough."""
        if n not in self._turns:
            self._turns[n] = self._turn(n)
        return self._turns[n]

    def _turn(self, n: int) -> Turn | None:
        reads, ads, now = self.reads, self.ads, self.ads[n]
        kind = _kind(now)
        looks = {n + 1 - look for look in LOOKS if look <= n and reads[n].day - reads[n + 1 - look].day <= MEMORY}
        best: Turn | None = None
        for start in sorted(looks | {run(reads, ads, n) or 0}):
            counts = ads[start : n + 1].count(now), n + 1 - start
            if counts[0] < LEAST:
                continue
            since = recent(reads, start)
            if counts[0] == counts[1] and start and (turned := self._turned(start)):
                since = max(since, turned)
                if since == turned and self._was_usual(turned, now) and (back := self._back(start, n, turned)):
                    return back
            before = ads[since:start].count(now), start - since
            if before[1] < LEAST_BEFORE or counts[0] / counts[1] - before[0] / before[1] < self._least[kind]:
                continue
            probable = min(1.0, (len(LOOKS) + 1) * chance(*counts, *before))
            if best is None or probable < best.chance:
                best = Turn(ads.index(now, start), n, counts, before, probable)
        return best if best is not None and best.chance <= self._limits.of(kind, reads[n].day) else None

    def _turned(self, start: int) -> int | None:
        """Where the run of readings before began, if with it something had changed: what was before that is no
        usual."""
        previous = run(self.reads, self.ads, start - 1)
        if previous is None or start - previous < LEAST_BEFORE:
            return None
        return previous if any(map(self.turn, range(previous + LEAST - 1, start))) else None

    def _was_usual(self, start: int, state: bool) -> bool:
        """Whether most readings of the four weeks before showed this."""
        since = recent(self.reads, start)
        return 2 * self.ads[since:start].count(state) > start - since

    def _back(self, start: int, n: int, turned: int) -> Turn | None:
        """The readings from the ``start``-th on as a return from the run before them."""
        counts, before = (n + 1 - start, n + 1 - start), (0, start - turned)
        probable = chance(*counts, *before)
        return Turn(start, n, counts, before, probable) if probable <= RETURN else None

    def told(self, turn: Turn) -> bool:
        """Whether the same was told within two weeks, or since it began."""
        since = min(self.reads[turn.n].day - AGAIN, self.reads[turn.start].day)
        for m in range(turn.n - 1, -1, -1):
            if self.reads[m].day < since:
                return False
            if self.ads[m] is self.ads[turn.n] and self.turn(m):
                return True
        return False


def flags(comparison: Comparison, rules: Rules) -> Iterator[Flag]:
    limits = Limits(comparison, rules)
    least = {kind: float(rules.size(kind, CHANGED_BY)) for kind in (Kind.SPONSORED_GAINED, Kind.SPONSORED_LOST)}
    for series in comparison.keywords:
        reads = readings(series)
        advertised = {asin for read in reads for asin, place in read.places.items() if place.sponsored is not None}
        for product in comparison.products:
            if product.asin not in advertised:
                continue
            shown = Shown(reads, product.asin, least, limits)
            for n in newest(shown.reads, comparison.days):
                turn = shown.turn(n)
                if turn and not shown.told(turn):
                    yield _flag(comparison, series, product, shown, turn)


def _kind(began: bool) -> Kind:
    return Kind.SPONSORED_GAINED if began else Kind.SPONSORED_LOST


def _flag(comparison: Comparison, series: KeywordSeries, product: ProductSeries, shown: Shown, turn: Turn) -> Flag:
    n, asin = turn.n, product.asin
    reads, began = shown.reads, shown.ads[n]
    m = max(i for i in range(turn.start) if shown.ads[i] is not began)
    before, after = reads[m], reads[n]
    places = before.place(asin).sponsored, after.place(asin).sponsored
    seen, of = turn.counts
    seen_before, of_before = turn.before
    facts: dict[str, Fact] = {"first": reads[turn.start].day, "place": places[1] if began else places[0]}
    facts |= {"seen": seen, "of": of, "seen_before": seen_before, "of_before": of_before}
    if began:
        says = (
            "Ads began for “{keyword}” on {first:day}: now at sponsored place {place}, "
            "seen on {seen} of the last {of:count reading|readings}, before on {seen_before} of {of_before}"
        )
    else:
        facts |= {"seen": of - seen, "seen_before": of_before - seen_before}
        says = (
            "Ads stopped for “{keyword}” on {first:day}: last at sponsored place {place}, "
            "seen on {seen} of the last {of:count reading|readings}, before on {seen_before} of {of_before}"
        )
    follows = away(product, reads[turn.start].day, after.day)
    return keyword_flag(
        comparison,
        product,
        series.keyword,
        (before, after),
        Verdict(
            _kind(began),
            Severity.MEDIUM if product.own and not began and not follows else Severity.LOW,
            places,
            (says, *follows),
            facts,
            magnitude=seen / of - seen_before / of_before,
            chance=turn.chance,
            since=reads[turn.start].observed_at,
        ),
    )
