"""The lowest price to pay in 90 days, and the lowest ever seen.

Model: facts, told when they are new. What has to be beaten is the lowest price to pay from before the present fall: a
fall lasts until the price stands 5 % above its lowest again, so a slide by cents does not beat itself. A price is told
when it lies at least 2 % below that and below everything seen in 90 days (or ever); in the same fall not again before
another 5 % down. The lowest ever is that of 90 days too, and is told as the former only. All three are judgement.

Needs 90 days since the first known price to pay, and 30 of the last 90 nights read (judgement): a low of what nobody
looked at is none. What is older than the series comes as :attr:`reports.series.ProductSeries.lowest`.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from reports.flags.flag import Flag, Verdict, product_flag
from reports.flags.kind import Kind, Severity
from reports.flags.paid import COLUMNS, relative, to_pay
from reports.flags.past import back, news
from reports.flags.rules import Rules
from reports.sentences import Fact
from reports.series import Comparison, Observation, ProductSeries

LEAST = Decimal("0.02")
FURTHER = Decimal("0.05")
"""Up, the price has risen again; down, it is told again."""
QUARTER = timedelta(days=90)
LEAST_READ = 30

IN_90_DAYS = "Lowest price to pay in 90 days: {after:amount} {currency} on {day:day}"
EVER = "Lowest price to pay ever seen: {after:amount} {currency} on {day:day}"
FORMER = "; before this fall the lowest was {former:amount} on {former_day:day}"
READ = "; {read:number} of the 90 nights were read"


@dataclass(frozen=True, slots=True)
class Paid:
    """A known price to pay."""

    seen: Observation
    price: Decimal


def flags(comparison: Comparison, rules: Rules) -> Iterator[Flag]:
    first = comparison.days[0]
    for product in comparison.products:
        if any(_fell(product.observations, n) for n in news(comparison, product)):
            yield from (flag for flag in _of(comparison, rules, product) if flag.day >= first)


def _fell(seen: Sequence[Observation], n: int) -> bool:
    """Whether the price to pay is below all of the 90 days before: only then is the past walked through."""
    now = to_pay(seen[n])
    return now is not None and all(then is None or now < then for then in map(to_pay, back(seen, n, QUARTER)))


def _of(comparison: Comparison, rules: Rules, product: ProductSeries) -> Iterator[Flag]:
    known = [Paid(o, price) for o in product.observations if (price := to_pay(o)) is not None]
    fall, bottom = 0, Decimal(0)
    told: dict[Kind, Decimal] = {}
    for n, now in enumerate(known):
        if n == 0 or now.price >= bottom * (1 + FURTHER):
            fall, bottom, told = n, now.price, {}
            continue
        if now.price >= bottom:
            continue
        bottom = now.price
        if now.seen.observed_at - known[0].seen.observed_at < QUARTER:
            continue
        recent = bisect_left(known, now.seen.observed_at - QUARTER, key=lambda paid: paid.seen.observed_at)
        former = {
            Kind.LOWEST_EVER: _lowest(known[: fall + 1], known[:n], product.lowest),
            Kind.LOWEST_IN_90_DAYS: _lowest(known[recent : max(recent, fall) + 1], known[:n]),
        }
        below = {
            Kind.LOWEST_EVER: min(paid.price for paid in known[:n]),
            Kind.LOWEST_IN_90_DAYS: min(paid.price for paid in known[recent:n]) if recent < n else now.price,
        }
        if product.lowest:
            below[Kind.LOWEST_EVER] = min(below[Kind.LOWEST_EVER], product.lowest[0])
        read = len({paid.seen.day for paid in known[recent : n + 1]})
        for kind, (price, day) in former.items():
            enough = told[kind] * (1 - FURTHER) if kind in told else price * (1 - rules.size(kind, LEAST))
            if now.price <= enough and now.price < below[kind] and read >= LEAST_READ:
                told |= dict.fromkeys((kind, Kind.LOWEST_IN_90_DAYS), now.price)
                facts: dict[str, Fact] = {"former": price, "former_day": day, "read": read}
                yield _flag(comparison, product, (known[n - 1], now), kind, facts)
                break


def _lowest(
    before: Sequence[Paid], past: Sequence[Paid], older: tuple[Decimal, date] | None = None
) -> tuple[Decimal, date]:
    """The lowest price before the fall, and the last day of the past that had it."""
    price = min(paid.price for paid in before)
    if older and older[0] < price:
        return older
    return price, max(paid.seen.day for paid in past if paid.price == price)


def _flag(
    comparison: Comparison, product: ProductSeries, ends: tuple[Paid, Paid], kind: Kind, facts: dict[str, Fact]
) -> Flag:
    before, after = ends
    says = [EVER if kind is Kind.LOWEST_EVER else IN_90_DAYS, FORMER]
    says += [READ] if int(str(facts["read"])) < QUARTER.days else []
    former = Decimal(str(facts["former"]))
    return product_flag(
        comparison,
        product,
        (before.seen, after.seen),
        Verdict(
            kind,
            Severity.MEDIUM if kind is Kind.LOWEST_EVER else Severity.LOW,
            (before.price, after.price),
            tuple(says),
            {"after": after.price, **facts},
            magnitude=float(relative(former, after.price)),
        ),
        columns=COLUMNS,
        history=next((o for o in product.observations if o.day == facts["former_day"]), None),
    )
