"""A repricer that moves the price to and fro between the same levels, as Chen, Mislove & Wilson find common ("An
Empirical Analysis of Algorithmic Pricing on Amazon Marketplace", WWW 2016); or down by small steps and up in one, the
price cycle of Edgeworth (Maskin & Tirole, Econometrica 56, 1988).

Model: a move returns when the price was near its new level within two weeks before. A see-saw is a return to a level of
the week before when there was one the other way within two weeks (one up alone is a promotion that ended), or the third
return in four weeks (judgement). It is of the price before coupons, for that is what repricers move.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from reports.flags.paid import relative
from reports.flags.past import FOUR_WEEKS, WEEK, back
from reports.series import Observation

RETURNS = 3
FORTNIGHT = timedelta(days=14)
NEAR = Decimal("0.4")
"""Part of the least step within which two prices are one level."""


@dataclass(frozen=True, slots=True)
class Swing:
    """A return to an earlier level, as part of a see-saw."""

    before: Observation
    """The last page before its first move."""
    first: Observation
    """That first move."""
    moves: int
    low: Decimal
    high: Decimal
    begins: bool
    """Whether it is the first such return for four weeks."""


def swing(seen: Sequence[Observation], n: int, least: Decimal) -> Swing | None:
    """The see-saw that the move to the ``n``-th observation is part of. ``least`` is the least step that is a move."""
    if not _returns((o for o in back(seen, n, FORTNIGHT) if o.price is not None), seen[n], least, FORTNIGHT):
        return None
    priced = [o for o in back(seen, n, 2 * FOUR_WEEKS + FORTNIGHT) if o.price is not None]
    priced = [*reversed(priced), seen[n]]
    moves = [(a, b) for a, b in pairwise(priced) if abs(relative(a.price, b.price)) >= least]
    swings = _swings(priced, moves, least)
    now = seen[n].observed_at
    if now not in swings:
        return None
    lately = [move for move in moves if now - move[1].observed_at <= FOUR_WEEKS]
    levels = [o.price or Decimal(0) for move in lately for o in move]
    begins = not any(timedelta(0) < now - at <= FOUR_WEEKS for at in swings)
    return Swing(*lately[0], len(lately), min(levels), max(levels), begins)


def _swings(
    priced: Sequence[Observation], moves: Sequence[tuple[Observation, Observation]], least: Decimal
) -> list[datetime]:
    """When the moves were made that are part of a see-saw."""
    found: list[datetime] = []
    returns: list[tuple[datetime, bool, bool]] = []
    """When, whether up, and whether to a level of the week before."""
    for before, after in moves:
        if not _returns(priced, after, least, FORTNIGHT):
            continue
        at, up = after.observed_at, relative(before.price, after.price) > 0
        soon = _returns(priced, after, least, WEEK)
        both_ways = soon and any(quick and up is not way and at - then <= FORTNIGHT for then, way, quick in returns)
        if both_ways or sum(at - then <= FOUR_WEEKS for then, _, _ in returns) >= RETURNS - 1:
            found.append(at)
        returns.append((at, up, soon))
    return found


def _returns(past: Iterable[Observation], after: Observation, least: Decimal, within: timedelta) -> bool:
    """Whether one of ``past`` had the price of ``after``, so long before it at most."""
    return any(
        abs(relative(o.price, after.price)) <= least * NEAR
        for o in past
        if timedelta(0) < after.observed_at - o.observed_at <= within
    )
