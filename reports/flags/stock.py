"""Out of stock, back, and running low.

Model: a fact read from the page's availability. Every change between two pages that say it is told, be it seen once
only. A page that does not say, or was not understood, or was not read, is not a stock-out, and neither is a missing
price.

"Only 3 left" is news when it is not the page's habit: it is told at six left or fewer (half a dozen; judgement), when
no page of the week before said so, and of the nights of the four weeks before, of which five must be known, at most a
quarter did. A page in stock that counts nothing has more than it would count.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from reports.flags.flag import Flag, Verdict, product_flag
from reports.flags.kind import Kind, Severity
from reports.flags.past import FOUR_WEEKS, WEEK, back, news, unread
from reports.flags.rules import Rules
from reports.sentences import Fact
from reports.series import Comparison, Observation, ProductSeries

FEW = Decimal(6)
HABIT = 0.25
LEAST_NIGHTS = 5
COLUMNS = "in_stock, stock_left, availability, price"

OUT = "Out of stock on {day:day}"
OWN_OUT = "Your listing is out of stock on {day:day}"
SHOWN = " (“{shown}”)"
LAST_SEEN = "; last seen in stock on {last:day}"
WITH_LEFT = ", with {left:number} left the last time"
NOT_READ = "; {unread:count night|nights} not read in between"
BACK = "Back in stock on {day:day}; it had been out for about {out:days}"
BACK_AT_LEAST = "Back in stock on {day:day}; it had been out for at least {out:days}"
LOW = "Running low: {left:number} left on {day:day}"
OWN_LOW = "Your listing is running low: {left:number} left on {day:day}"
BEFORE_LEFT = "; {before:number} were left on {last:day}"
BEFORE_UNCOUNTED = "; the page counted none on {last:day}"
RARELY = ", and so few on {low:number} of {known:number} nights in the four weeks before"


def flags(comparison: Comparison, rules: Rules) -> Iterator[Flag]:
    few = rules.most(Kind.RUNNING_LOW, FEW)
    for product in comparison.products:
        for n in news(comparison, product):
            after = product.observations[n]
            if after.in_stock is None:
                continue
            before = next((o for o in back(product.observations, n) if o.in_stock is not None), None)
            if before and before.in_stock != after.in_stock:
                yield (_back if after.in_stock else _out)(comparison, product, n, before)
            if _low(after, few):
                yield from _running_low(comparison, product, n, few)


def _out(comparison: Comparison, product: ProductSeries, n: int, before: Observation) -> Flag:
    after = product.observations[n]
    facts: dict[str, Fact] = {"last": before.day, "shown": after.availability, "left": before.stock_left}
    says = [OWN_OUT if product.own else OUT, *([SHOWN] if after.availability else []), LAST_SEEN]
    says += [WITH_LEFT] if before.stock_left else []
    verdict = Verdict(Kind.OUT_OF_STOCK, Severity.HIGH, (_words(before), _words(after)), tuple(says), facts)
    return _flag(comparison, product, (before, after), verdict)


def _back(comparison: Comparison, product: ProductSeries, n: int, before: Observation) -> Flag:
    after, first, begun = product.observations[n], before, False
    for seen in back(product.observations, n):
        if seen.in_stock:
            begun = True
            break
        first = first if seen.in_stock is None else seen
    facts = {"out": (after.observed_at - first.observed_at) / timedelta(days=1)}
    says = BACK if begun else BACK_AT_LEAST
    verdict = Verdict(Kind.BACK_IN_STOCK, Severity.MEDIUM, (_words(before), _words(after)), (says,), facts)
    return _flag(comparison, product, (before, after), verdict)


def _flag(
    comparison: Comparison, product: ProductSeries, ends: tuple[Observation, Observation], verdict: Verdict
) -> Flag:
    if nights := unread(*ends):
        verdict = replace(verdict, says=(*verdict.says, NOT_READ), facts={**verdict.facts, "unread": nights})
    return product_flag(comparison, product, ends, verdict, columns=COLUMNS)


def _low(seen: Observation, few: Decimal) -> bool:
    return seen.in_stock is True and seen.stock_left is not None and seen.stock_left <= few


def _counts(seen: Observation) -> bool:
    """Whether the page says how many are left, or that it does not count them."""
    return seen.in_stock is True and not seen.unread("stock_left")


def _running_low(comparison: Comparison, product: ProductSeries, n: int, few: Decimal) -> Iterator[Flag]:
    seen, after = product.observations, product.observations[n]
    past = [o for o in back(seen, n, FOUR_WEEKS) if _counts(o)]
    if not past or any(
        _low(o, few) for o in [past[0], *(o for o in past if after.observed_at - o.observed_at <= WEEK)]
    ):
        return
    nights = {o.day: _low(o, few) for o in reversed(past)}
    low, known = sum(nights.values()), len(nights)
    if known < LEAST_NIGHTS or low > known * HABIT:
        return
    before, says = past[0], [OWN_LOW if product.own else LOW]
    says.append(BEFORE_UNCOUNTED if before.stock_left is None else BEFORE_LEFT)
    facts: dict[str, Fact] = {"left": after.stock_left, "last": before.day, "before": before.stock_left}
    if low:
        says, facts = [*says, RARELY], {**facts, "low": low, "known": known}
    verdict = Verdict(
        Kind.RUNNING_LOW,
        Severity.HIGH if product.own else Severity.MEDIUM,
        (_words(before), after.stock_left),
        tuple(says),
        facts,
    )
    yield product_flag(comparison, product, (before, after), verdict, columns=COLUMNS)


def _words(seen: Observation) -> str:
    return seen.availability or ("in stock" if seen.in_stock else "out of stock")
