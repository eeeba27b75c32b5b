"""A rival that became cheaper than the own listing.

Model: both prices to pay of one night, from the day's last page of each; a night on which either is not known, or
cannot be bought, says nothing. A rival undercuts when it costs at least 2 % less (judgement: below that repricers play
for cents), fell since the last night that both were known, and had not undercut on any known night of two weeks.
So one that is always cheaper is none, and one that comes and goes is told once until it stayed away for as long. Where
the own price rose past the rival's, the seller knows.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from reports.flags.flag import Flag, Verdict, instant, listing_flag, literal
from reports.flags.kind import Kind, Severity
from reports.flags.paid import COLUMNS, relative, to_pay
from reports.flags.past import FOUR_WEEKS
from reports.flags.rules import Rules
from reports.sentences import Fact
from reports.series import Comparison, Observation, ProductSeries

MARGIN = Decimal("0.02")
WIDE = Decimal("0.10")
"""Below the own price: high."""
QUIET = 14
"""Days that a rival must stay away for its return to be news."""

SAYS = "Now costs less than yours: {after:amount} {currency} to pay against {own:amount} ({gap:percent}) on {day:day}"
WAS = "; it was {before:amount} against {own_before:amount} on {last:day}"

Pair = tuple[tuple[Observation, Decimal], tuple[Observation, Decimal]]
"""Rival and own listing on one day, with what was to pay."""


def flags(comparison: Comparison, rules: Rules) -> Iterator[Flag]:
    margin = rules.size(Kind.UNDERCUT, MARGIN)
    for day in comparison.days:
        if _known(comparison.own, day) is None:
            continue
        for rival in comparison.rivals:
            pair = _pair(comparison, rival, day) if rival.watched_on(day) else None
            if pair and _below(pair, margin) and (before := _before(comparison, rival, day, margin)):
                flag = _flag(comparison, rival, before, pair)
                if flag:
                    yield flag


def _known(product: ProductSeries, day: date) -> tuple[Observation, Decimal] | None:
    seen = product.daily.get(day)
    price = to_pay(seen) if seen else None
    return (seen, price) if seen and price is not None else None


def _pair(comparison: Comparison, rival: ProductSeries, day: date) -> Pair | None:
    its, own = _known(rival, day), _known(comparison.own, day)
    return (its, own) if its and own else None


def _below(pair: Pair, margin: Decimal) -> bool:
    (_, its), (_, own) = pair
    return its <= own * (1 - margin) and own > 0


def _before(comparison: Comparison, rival: ProductSeries, day: date, margin: Decimal) -> Pair | None:
    """The last night before on which both were known; None where the rival undercut in the two weeks before."""
    last: Pair | None = None
    for n in range(1, FOUR_WEEKS.days + 1):
        if last and n > QUIET:
            break
        pair = _pair(comparison, rival, day - timedelta(days=n))
        if pair and _below(pair, margin):
            return None
        last = last or pair
    return last


def _flag(comparison: Comparison, rival: ProductSeries, before: Pair, now: Pair) -> Flag | None:
    (then, was), (_, own_was) = before
    (seen, costs), (own_seen, own) = now
    if costs >= was:
        return None
    facts: dict[str, Fact] = {"before": was, "after": costs, "own": own, "own_before": own_was}
    gap = relative(own, costs)
    since, until = min(then.observed_at, before[1][0].observed_at), max(seen.observed_at, own_seen.observed_at)
    sql = (
        f"SELECT observed_at, asin, {COLUMNS}, elsewhere, fetch_id\nFROM product_observation\n"
        f"WHERE marketplace = {literal(comparison.marketplace)}"
        f" AND asin IN ({literal(rival.asin)}, {literal(comparison.own.asin)})\n"
        f"  AND observed_at BETWEEN {instant(since)} AND {instant(until)}\n"
        f"ORDER BY observed_at, asin"
    )
    verdict = Verdict(
        Kind.UNDERCUT,
        Severity.HIGH if -gap >= WIDE else Severity.MEDIUM,
        (was, costs),
        (SAYS, WAS),
        {**facts, "gap": gap, "last": then.day},
        magnitude=float(gap),
    )
    return listing_flag(comparison, (then, seen), verdict, sql, asin=rival.asin)
