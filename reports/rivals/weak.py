"""Rivals that are worth watching no longer: gone, out of stock for long, elsewhere, or far from who else there is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from itertools import zip_longest

from reports.rivals.evidence import LASTING, Evidence, Known
from reports.rivals.score import LEAST_KNOWN, Scored, scored
from reports.sentences import Said

GONE_DAYS = 3
"""Days in a row without its page, before a rival is said to be gone."""
READ_DAYS = 7
"""Days of the last two weeks on which keywords must have been read, before a rival is said to be on none."""
FAR = 0.25
"""By so much its score is to be lower than that of who would replace it."""


class Why(StrEnum):
    """Why a rival is to be replaced, the plainest first."""

    GONE = "gone"
    CATEGORY = "other_category"
    KEYWORDS = "on_no_keyword"
    STOCK = "out_of_stock"
    SCORE = "far_below"


@dataclass(frozen=True, slots=True)
class Weak:
    """A rival that is to be replaced, with who could take its place."""

    rival: Scored
    why: Why
    says: tuple[Said, ...]
    by: Scored | None
    """The best product that is not watched, each for one rival; None where there is none."""

    @property
    def product(self) -> Known:
        return self.rival.product


def weak(found: Evidence, best: Sequence[Scored]) -> list[Weak]:
    """The rivals to replace; ``best``: who else there is, best first."""
    judged = [(rival, _why(found, rival)) for rival in (scored(found, asin) for asin in found.subject.rivals)]
    clear = [(rival, why) for rival, why in judged if why]
    order = list(Why)
    clear.sort(key=lambda each: (order.index(each[1][0]), each[0].score))
    rest = sorted(
        (rival for rival, why in judged if not why and rival.known >= LEAST_KNOWN), key=lambda each: each.score
    )
    pairs = list(zip_longest(clear, best[: len(clear)]))
    result = [Weak(rival, why, says, by) for (rival, (why, says)), by in pairs]
    return result + [
        Weak(rival, Why.SCORE, (_far(rival, other),), other)
        for rival, other in zip(rest, best[len(clear) :], strict=False)
        if other.score - rival.score >= FAR
    ]


def _far(rival: Scored, other: Scored) -> Said:
    return Said(
        "it competes with you far less ({score:share}) than who is not watched ({other:share})",
        {"score": rival.score, "other": other.score},
    )


def _why(found: Evidence, rival: Scored) -> tuple[Why, tuple[Said, ...]] | None:
    return next(_reasons(found, rival), None)


def _reasons(found: Evidence, rival: Scored) -> Iterator[tuple[Why, tuple[Said, ...]]]:
    asin = rival.product.asin
    state = found.states.get(asin)
    if state and state.gone >= GONE_DAYS:
        said = Said("its page was not found on the last {days:count day|days} it was asked for", {"days": state.gone})
        yield Why.GONE, (said,)
    own = found.own.ranks
    if own and rival.product.ranks and not own.keys() & rival.product.ranks.keys():
        category = next(iter(rival.product.ranks.values())).category
        yield Why.CATEGORY, (Said("it is in another category: {category}", {"category": category}),)
    last = found.subject.night - LASTING
    read = {day for days in found.readings.values() for day in days if day > last}
    if len(read) >= READ_DAYS and not any(
        asin in reading for days in found.readings.values() for day, reading in days.items() if day > last
    ):
        facts = {"keywords": len(found.readings), "days": LASTING.days}
        yield Why.KEYWORDS, (Said("on none of {keywords:count keyword|keywords} in {days:number} days", facts),)
    if state and state.out_since and state.out_since <= found.subject.night - LASTING + timedelta(days=1):
        yield Why.STOCK, (Said("out of stock since {day:day}", {"day": state.out_since}),)
