"""Price cuts and rises, and see-saws.

Model: a price is a step function that the seller sets, not a noisy measurement, so each change is real and only its
size and its novelty decide. Compared is the price to pay (see :mod:`reports.flags.paid`). A change of at least 5 %
against the last known price is told. Small steps that add up to twice that against the price that stood longest in the
last four weeks, under the same coupon, are told once in a week, as a slide, unless the price had been about there in
these weeks before. Where a repricer goes to and fro (see
:mod:`reports.flags.seesaw`), that is told once when it begins, and the steps back to its levels no more, however large;
any other step is told as ever. The thresholds are judgement, not estimates.

A missing price is no price change: after a gap the next known price is compared with the last known.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

from reports.flags.flag import Flag, Verdict, product_flag
from reports.flags.kind import Kind, Severity
from reports.flags.paid import COLUMNS, STEP, Step, coupon, relative, step_to, to_pay
from reports.flags.past import FOUR_WEEKS, WEEK, back, news, unread
from reports.flags.rules import Rules
from reports.flags.seesaw import Swing, swing
from reports.sentences import Fact
from reports.series import Comparison, Observation, ProductSeries

SLIDE = 2
"""Times the least step that small ones must add up to."""
LARGE, MEDIUM = Decimal("0.15"), Decimal("0.10")

CUT = "Price cut {before:amount} → {after:amount} {currency} ({change:percent}) on {day:day}"
RISE = "Price rise {before:amount} → {after:amount} {currency} ({change:percent}) on {day:day}"
PAID_CUT = "Price to pay cut {before:amount} → {after:amount} {currency} ({change:percent}) on {day:day}"
PAID_RISE = "Price to pay raised {before:amount} → {after:amount} {currency} ({change:percent}) on {day:day}"
SHELF = ", before coupon and Prime price {shelf_before:amount} → {shelf_after:amount}"
SHELF_STAYS = ", before coupon and Prime price {shelf_after:amount} as it was"
NOT_READ = ", before any coupon or Prime price (not read)"
STOOD = "; it had stood at {before:amount} for {stood:days}"
STOOD_AT_LEAST = "; it had stood at {before:amount} for at least {stood:days}"
STOOD_LONG = "; it had stood at {before:amount} for four weeks or longer"
GAP = "; no price was read for {unread:count night|nights} before, the last was {before:amount}"
SLID = (
    "Price slid down {before:amount} → {after:amount} {currency} ({change:percent}) step by step "
    "from {first:day} to {day:day}"
)
CREPT = (
    "Price crept up {before:amount} → {after:amount} {currency} ({change:percent}) step by step "
    "from {first:day} to {day:day}"
)
TO_AND_FRO = (
    "Price goes to and fro between {low:amount} and {high:amount} {currency}: {moves:count move|moves} from "
    "{first:day} to {day:day}; steps back to where it was lately are not told one by one any more"
)


def flags(comparison: Comparison, rules: Rules) -> Iterator[Flag]:
    for product in comparison.products:
        for n in news(comparison, product):
            made = step_to(product.observations, n)
            if made and (made.change or made.shelf):
                yield from _judged(comparison, rules, product, n, made)


def _judged(comparison: Comparison, rules: Rules, product: ProductSeries, n: int, made: Step) -> Iterator[Flag]:
    least = rules.size(Kind.PRICE_CUT if made.change < 0 else Kind.PRICE_RISE, STEP)
    move = rules.size(Kind.SEE_SAW, STEP)
    to_and_fro = swing(product.observations, n, move) if abs(made.shelf) >= move else None
    if to_and_fro and to_and_fro.begins:
        yield _see_saw(comparison, product, made, to_and_fro)
    if to_and_fro:
        return
    if made.told_as_price(least):
        yield _step(comparison, product, n, made)
    elif abs(made.change) < least:
        yield from _slide(comparison, product, n, least, to_pay if made.paid else _shown)


def _step(comparison: Comparison, product: ProductSeries, n: int, made: Step) -> Flag:
    facts: dict[str, Fact] = {"before": made.ends[0], "after": made.ends[1], "change": made.change}
    if made.paid is None:
        says = [CUT if made.change < 0 else RISE]
        says += [NOT_READ] if None in (made.before.to_pay, made.after.to_pay) else []
    elif made.paid == (made.before.price, made.after.price):
        says = [CUT if made.change < 0 else RISE]
    else:
        says = [PAID_CUT if made.change < 0 else PAID_RISE, SHELF if made.shelf else SHELF_STAYS]
    stood, more = _stood(product.observations, n, made)
    facts |= {"shelf_before": made.before.price, "shelf_after": made.after.price} | more
    ends = made.before, made.after
    return product_flag(comparison, product, ends, _verdict((*says, stood), facts), columns=COLUMNS)


def _verdict(says: tuple[str, ...], facts: dict[str, Fact]) -> Verdict:
    """Of a change from ``before`` to ``after``, which is a share of ``change``."""
    change, values = Decimal(str(facts["change"])), (Decimal(str(facts["before"])), Decimal(str(facts["after"])))
    kind = Kind.PRICE_CUT if change < 0 else Kind.PRICE_RISE
    return Verdict(kind, _severity(change), values, says, facts, magnitude=float(change))


def _stood(seen: Sequence[Observation], n: int, made: Step) -> tuple[str, dict[str, Fact]]:
    """How long the old price had stood, or for how long none was seen."""
    if nights := unread(made.before, made.after):
        return GAP, {"unread": nights}
    value, first, begun = (to_pay if made.paid else _shown), made.before, False
    for seen_before in back(seen, n):
        price = value(seen_before)
        if price is not None and price != made.ends[0]:
            begun = True
            break
        if price is not None:
            first = seen_before
    stood = made.after.observed_at - first.observed_at
    if stood >= FOUR_WEEKS - timedelta(days=1):
        return STOOD_LONG, {}
    return (STOOD if begun else STOOD_AT_LEAST), {"stood": stood / timedelta(days=1)}


def _slide(
    comparison: Comparison,
    product: ProductSeries,
    n: int,
    least: Decimal,
    value: Callable[[Observation], Decimal | None],
) -> Iterator[Flag]:
    seen = product.observations
    level = _crossed(seen, n, least, value)
    if level is None:
        return
    slid = relative(value(level), value(seen[n]))
    lately = range(n - 1, n - 1 - sum(1 for _ in back(seen, n, WEEK)), -1)
    for m in lately:
        earlier = _crossed(seen, m, least, value)
        if earlier and relative(value(earlier), value(seen[m])) * slid > 0:
            return
    facts: dict[str, Fact] = {"before": value(level), "after": value(seen[n]), "change": slid, "first": level.day}
    verdict = _verdict((SLID if slid < 0 else CREPT,), facts)
    yield product_flag(comparison, product, (level, seen[n]), verdict, columns=COLUMNS)


def _crossed(
    seen: Sequence[Observation], n: int, least: Decimal, value: Callable[[Observation], Decimal | None]
) -> Observation | None:
    """The level from which small steps have now led as far as a slide goes; None where they have not just done so."""
    after = seen[n]
    past = [o for o in back(seen, n, FOUR_WEEKS) if value(o) is not None and coupon(o) == coupon(after)]
    if not past or value(after) in (None, value(past[0])):
        return None
    level = _level(past[::-1], value)
    slid, earlier = relative(value(level), value(after)), relative(value(level), value(past[0]))
    small = relative(value(past[0]), value(after))
    if not (abs(slid) >= least * SLIDE > abs(earlier) and slid * small > 0 and abs(small) < least):
        return None
    way = -1 if slid < 0 else 1
    older = [o for o in past if o.observed_at < level.observed_at]
    return None if any(relative(value(after), value(o)) * way >= -least for o in older) else level


def _level(past: list[Observation], value: Callable[[Observation], Decimal | None]) -> Observation:
    """The last observation of the price that stood longest; of equals, the earliest price."""
    stood: dict[Decimal | None, timedelta] = defaultdict(timedelta)
    for a, b in pairwise(past):
        stood[value(a)] += b.observed_at - a.observed_at
    stood[value(past[-1])] += timedelta(0)
    longest = max(stood, key=lambda price: stood[price])
    return next(o for o in reversed(past) if value(o) == longest)


def _see_saw(comparison: Comparison, product: ProductSeries, made: Step, found: Swing) -> Flag:
    facts: dict[str, Fact] = {"low": found.low, "high": found.high, "moves": found.moves, "first": found.first.day}
    return product_flag(
        comparison,
        product,
        (made.before, made.after),
        Verdict(
            Kind.SEE_SAW,
            Severity.LOW,
            (made.before.price, made.after.price),
            TO_AND_FRO,
            facts,
            magnitude=float(relative(found.high, found.low)),
            since=found.first.observed_at,
        ),
        columns=COLUMNS,
        history=found.before,
    )


def _shown(seen: Observation) -> Decimal | None:
    return seen.price


def _severity(change: Decimal) -> Severity:
    size = abs(change)
    if change < 0:
        return Severity.HIGH if size >= LARGE else Severity.MEDIUM if size >= MEDIUM else Severity.LOW
    return Severity.MEDIUM if size >= LARGE else Severity.LOW
