"""Price cuts and rises.

Model: a price is a step function that the seller sets, not a noisy measurement, so each change is
real and only its size and its novelty decide. A change of at least 5 % against the last known price
is flagged (smaller ones are everyday repricing). Small steps that add up to 10 % against the price
that stood longest in the last four weeks are flagged once, as a slide. A price that goes back and
forth between the same levels (a repricer's see-saw) is flagged only when the step is 15 % or more.
The thresholds are judgement, not estimates; the see-saw after Chen, Mislove & Wilson, "An Empirical
Analysis of Algorithmic Pricing on Amazon Marketplace" (WWW 2016), who find such cycles common.

A missing price is no price change: after a gap the next known price is compared with the last known.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from reports.flags.flag import Flag, Verdict, amount, day_name, days_long, percent, product_flag
from reports.flags.kind import Kind, Severity
from reports.flags.rules import Rules
from reports.series import Comparison, Observation, ProductSeries

STEP = Decimal("0.05")
SLIDE = Decimal("0.10")
ALWAYS = Decimal("0.15")
"""A step of this size is flagged whatever came before."""
MEMORY = timedelta(days=28)
QUIET = timedelta(days=7)


def flags(comparison: Comparison, rules: Rules) -> Iterator[Flag]:
    for product in comparison.products:
        yield from _of(comparison, product)


def _of(comparison: Comparison, product: ProductSeries) -> Iterator[Flag]:
    known = [o for o in product.observations if o.price is not None]
    last_slide: datetime | None = None
    for n in range(1, len(known)):
        before, after = known[n - 1], known[n]
        step = _relative(before, after)
        past = [o for o in known[:n] if o is before or after.observed_at - o.observed_at <= MEMORY]
        if abs(step) >= ALWAYS or (abs(step) >= STEP and not _seesaw(past, after)):
            yield _step(comparison, product, past, after)
        elif step and past:
            level = _level(past)
            slid, earlier = _relative(level, after), _relative(level, before)
            told = last_slide is not None and after.observed_at - last_slide < QUIET
            if abs(slid) >= SLIDE > abs(earlier) and not told and slid * step > 0 and abs(step) < STEP:
                last_slide = after.observed_at
                yield _slide(comparison, product, level, after, slid)


def _step(
    comparison: Comparison,
    product: ProductSeries,
    past: list[Observation],
    after: Observation,
) -> Flag:
    before, step = past[-1], _relative(past[-1], after)
    price, money = before.price or Decimal(0), comparison.currency
    text = (
        f"Price {'cut' if step < 0 else 'rise'} {amount(price, money)} → {amount(after.price or Decimal(0), money)} "
        f"{money} ({percent(step)}) on {day_name(after.day)}; {_stood(past, before, after, money)}"
    )
    return _flag(comparison, product, (before, after), step, text)


def _slide(
    comparison: Comparison, product: ProductSeries, level: Observation, after: Observation, slid: Decimal
) -> Flag:
    money = comparison.currency
    text = (
        f"Price {'slid down' if slid < 0 else 'crept up'} {amount(level.price or Decimal(0), money)} → "
        f"{amount(after.price or Decimal(0), money)} {money} ({percent(slid)}) step by step "
        f"from {day_name(level.day)} to {day_name(after.day)}"
    )
    return _flag(comparison, product, (level, after), slid, text)


def _flag(
    comparison: Comparison,
    product: ProductSeries,
    ends: tuple[Observation, Observation],
    change: Decimal,
    text: str,
) -> Flag:
    kind = Kind.PRICE_CUT if change < 0 else Kind.PRICE_RISE
    verdict = Verdict(kind, _severity(change), (ends[0].price, ends[1].price), text, magnitude=float(change))
    return product_flag(comparison, product, ends, verdict, columns="price, currency, in_stock, deal")


def _stood(past: list[Observation], before: Observation, after: Observation, money: str) -> str:
    """How long the old price had stood, and any gap since it was last seen."""
    first = before
    for seen in reversed(past):
        if seen.price != before.price:
            break
        first = seen
    price = amount(before.price or Decimal(0), money)
    unseen = after.observed_at - before.observed_at
    if unseen > timedelta(days=2):
        return f"no price was seen for {days_long(unseen)} before, the last was {price}"
    stood = after.observed_at - first.observed_at
    if stood >= MEMORY - timedelta(days=1):
        return f"it had stood at {price} for four weeks or longer"
    return f"it had stood at {price} for {days_long(stood)}"


def _seesaw(past: list[Observation], after: Observation) -> bool:
    """Whether the new price was already left and taken up again within the last week."""
    week = [o.price for o in past if after.observed_at - o.observed_at <= QUIET]
    returns = sum(1 for a, b in pairwise(week) if a != b)
    return after.price in week and returns >= 2


def _level(past: list[Observation]) -> Observation:
    """The last observation of the price that stood longest; of equals, the earliest price."""
    stood: dict[Decimal | None, timedelta] = defaultdict(timedelta)
    for a, b in pairwise(past):
        stood[a.price] += b.observed_at - a.observed_at
    stood[past[-1].price] += timedelta(0)
    longest = max(stood, key=lambda price: stood[price])
    return next(o for o in reversed(past) if o.price == longest)


def _relative(before: Observation, after: Observation) -> Decimal:
    if not before.price or after.price is None:
        return Decimal(0)
    return after.price / before.price - 1


def _severity(change: Decimal) -> Severity:
    size = abs(change)
    if change < 0:
        return Severity.HIGH if size >= ALWAYS else Severity.MEDIUM if size >= SLIDE else Severity.LOW
    return Severity.MEDIUM if size >= ALWAYS else Severity.LOW
