"""A repricer that moves the price to and fro between the same levels, as Chen, Mislove & Wilson find common ("An
Empirical Analysis of Algorithmic Pricing on Amazon Marketplace", WWW 2016).

Model: a move returns when the price was near its new level within the week before. A return down and one up within two
weeks are a see-saw (judgement): a return up alone is a promotion that ended. It is of the price before coupons, for
that is what repricers move.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

from reports.flags.paid import relative
from reports.flags.past import FOUR_WEEKS, WEEK, back
from reports.series import Observation

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
    if not _returns([o for o in back(seen, n, WEEK) if o.price is not None], seen[n], least):
        return None
    priced = [o for o in back(seen, n, FOUR_WEEKS + FORTNIGHT + WEEK) if o.price is not None]
    priced = [*reversed(priced), seen[n]]
    moves = [(a, b) for a, b in pairwise(priced) if abs(relative(a.price, b.price)) >= least]
    if not moves or moves[-1][1] is not seen[n]:
        return None
    returns = [(b.observed_at, relative(a.price, b.price) > 0) for a, b in moves if _returns(priced, b, least)]
    swings = [
        at
        for at, up in returns
        if any(up is not other and timedelta(0) < at - earlier <= FORTNIGHT for earlier, other in returns)
    ]
    now = seen[n].observed_at
    if now not in swings:
        return None
    lately = [move for move in moves if now - move[1].observed_at <= FORTNIGHT]
    levels = [o.price or Decimal(0) for move in lately for o in move]
    begins = not any(timedelta(0) < now - at <= FOUR_WEEKS for at in swings)
    return Swing(*lately[0], len(lately), min(levels), max(levels), begins)


def _returns(past: Sequence[Observation], after: Observation, least: Decimal) -> bool:
    """Whether one of ``past`` had the price of ``after`` within the week before it."""
    return any(
        abs(relative(o.price, after.price)) <= least * NEAR
        for o in past
        if timedelta(0) < after.observed_at - o.observed_at <= WEEK
    )
