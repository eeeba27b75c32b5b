"""The Buy Box went to another seller.

Model: a fact read from the page, by seller id where both pages show one, else by name. Sellers who
share a Buy Box take turns: a rival's change back to a seller seen in it within the last week is such
a turn and is not flagged; the own listing's changes always are.
"""

from collections.abc import Iterator
from datetime import timedelta

from reports.flags.flag import Flag, Verdict, day_name, product_flag
from reports.flags.kind import Kind, Severity
from reports.flags.rules import Rules
from reports.series import Comparison, Observation, ProductSeries

TURNS = timedelta(days=7)


def flags(comparison: Comparison, rules: Rules) -> Iterator[Flag]:
    for product in comparison.products:
        yield from _of(comparison, product)


def _of(comparison: Comparison, product: ProductSeries) -> Iterator[Flag]:
    known = [o for o in product.observations if o.seller]
    for n in range(1, len(known)):
        before, after = known[n - 1], known[n]
        if _same(before, after):
            continue
        familiar = any(_same(o, after) for o in known[:n] if after.observed_at - o.observed_at <= TURNS)
        if familiar and not product.own:
            continue
        severity = Severity.LOW if not product.own else Severity.MEDIUM if familiar else Severity.HIGH
        yield product_flag(
            comparison,
            product,
            (before, after),
            Verdict(
                Kind.BUY_BOX_CHANGED,
                severity,
                (before.seller, after.seller),
                f"Buy Box went from “{before.seller}” to “{after.seller}” on {day_name(after.day)}",
            ),
            columns="seller, seller_id, price, currency",
        )


def _same(a: Observation, b: Observation) -> bool:
    if a.seller_id and b.seller_id:
        return a.seller_id == b.seller_id
    return (a.seller or "").casefold().strip() == (b.seller or "").casefold().strip()
