"""The three measures of a move: what is compared, where enough is known for it, and what is said of both ends."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from statistics import fmean, median

from reports.effects import effect as words
from reports.effects.effect import Metric
from reports.effects.intervals import Interval, Paces, Step, ratio
from reports.effects.nights import (
    LEAST_AFTER,
    LEAST_BEFORE,
    PEERS,
    Counts,
    Levels,
    Places,
    Ranks,
    Window,
    enough,
    places,
)
from reports.sentences import Fact
from reports.series import Comparison

ALPHA = 0.05
WEEK = timedelta(days=7)
"""What was told so long before a move may still go on in it: a wave of bad reviews."""
LEAST_REVIEWS = 5
"""Before, for a pace to be compared with, of the own listing and of each of its peers."""


@dataclass(slots=True)
class Measure:
    """What is to be said of one measure, but for the answer."""

    metric: Metric
    keyword: str | None = None
    nights: tuple[int, int] = (0, 0)
    """Before, and of the move."""
    ends: tuple[float, float] | None = None
    """None where too little is known; then ``head`` says so."""
    step: Step | None = None
    """What is still to be solved; None where ``interval`` is known, or nothing can be."""
    alpha: float = ALPHA
    interval: Interval | None = None
    head: tuple[str, ...] = ()
    tail: tuple[str, ...] = ()
    facts: dict[str, Fact] = field(default_factory=dict)


class Measures:
    """Of one comparison, between two days. What depends only on the days is found once for all moves of these days."""

    def __init__(
        self,
        comparison: Comparison,
        first: date,
        last: date,
        other_reviews: Sequence[date] = (),
        alpha: float = ALPHA,
    ) -> None:
        self.comparison = comparison
        self.alpha = alpha
        """How often the interval of a measure may be wrong; all places together are one."""
        self.other_reviews = other_reviews
        """Days on which it was told of the own listing that reviews came or went for reasons of their own."""
        levels = Levels(comparison, first, last)
        counts = {product.asin: Counts(product, first, last) for product in comparison.products}
        self._ranks = cache(lambda window: Ranks(levels, window))
        self._places = cache(self._placed)
        self._paces = cache(lambda asin, window: counts[asin].split(window))

    def of(self, asin: str | None, window: Window) -> list[Measure]:
        """``asin``: who moved, and so is none of the peers."""
        return [self._rank(asin, window), *self._places(window), self._reviews(asin, window)]

    def _rank(self, asin: str | None, window: Window) -> Measure:
        ranks: Ranks = self._ranks(window)
        own, step, peers = ranks.against(asin)
        nights = len(own.before), len(own.after)
        if not enough(own):
            return few(Measure(Metric.BSR, None, nights), words.BSR, words.WITHOUT_STOCK if ranks.out else "")
        ends = math.exp(fmean(own.before)), math.exp(fmean(own.after))
        return Measure(
            Metric.BSR,
            nights=nights,
            ends=ends,
            step=step,
            alpha=self.alpha,
            head=(words.BSR, words.RANKED),
            tail=(words.PEERS if peers else words.PAST,),
            facts={"before": round(ends[0]), "after": round(ends[1]), "peers": peers},
        )

    def _placed(self, window: Window) -> list[Measure]:
        own, keywords = self.comparison.own.asin, [k for k in self.comparison.keywords if k.watched_on(window.first)]
        alpha = self.alpha / max(1, len(keywords))
        return [_place(series.keyword, places(series, own, window), alpha) for series in keywords]

    def _reviews(self, asin: str | None, window: Window) -> Measure:
        own = self.comparison.own.asin
        paces: Paces = self._paces(own, window)
        before, after = paces
        found = Measure(Metric.REVIEWS, None, (before.nights, after.nights))
        if not _known(paces):
            return few(found, words.REVIEWS)
        if any(window.first - WEEK <= day <= window.last for day in self.other_reviews):
            found.head = words.REVIEWS, words.OTHER_REVIEWS
            return found
        if before.count < LEAST_REVIEWS:
            found.head = words.REVIEWS, words.FEW_REVIEWS
            found.facts = {"count": before.count, "least": LEAST_REVIEWS}
            return found
        rivals = (p for p in self.comparison.rivals if p.asin != asin and p.watched_on(window.first))
        others = [self._paces(rival.asin, window) for rival in rivals]
        peers = [pace for pace in others if _known(pace) and pace[0].count >= LEAST_REVIEWS]
        peers = peers if len(peers) >= PEERS else []
        found.interval = ratio(paces, peers, self.alpha)
        found.ends = before.count / before.days, after.count / after.days
        found.head = words.REVIEWS, words.PACE
        found.tail = (words.PEERS if peers else words.PAST,)
        found.facts = {"before": found.ends[0], "after": found.ends[1], "peers": len(peers)}
        return found


def _known(paces: Paces) -> bool:
    return paces[0].nights >= LEAST_BEFORE and paces[1].nights >= LEAST_AFTER


def _place(keyword: str, seen: Places, alpha: float) -> Measure:
    step = seen.step
    found = Measure(Metric.PLACE, keyword, (len(step.before), len(step.after)), alpha=alpha)
    if not enough(step):
        return few(found, words.PLACE)
    beyond = [math.exp(median(values)) > seen.limit + 0.5 for values in (step.before, step.after)]
    ends = math.exp(fmean(step.before)), math.exp(fmean(step.after))
    found.facts = {"before": ends[0], "after": ends[1], "limit": seen.limit}
    if all(beyond):
        found.head = words.PLACE, words.BEYOND
        return found
    found.ends, found.step = ends, step
    found.head = (
        words.PLACE,
        words.FROM_BEYOND if beyond[0] else words.FROM_PLACE,
        words.TO_BEYOND if beyond[1] else words.TO_PLACE,
    )
    found.tail = (words.PAST, words.CENSORED) if seen.censored else (words.PAST,)
    return found


def few(found: Measure, subject: str, more: str = "") -> Measure:
    """Too few nights before, or of the move."""
    before = found.nights[0] < LEAST_BEFORE
    found.head = subject, words.FEW_BEFORE if before else words.FEW_AFTER, more
    found.facts |= {"least": LEAST_BEFORE if before else LEAST_AFTER}
    return found
