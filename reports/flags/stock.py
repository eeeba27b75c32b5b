"""Out of stock, and back.

Model: a fact read from the page's availability. Every change between two pages that say it is flagged,
be it seen once only. A page that does not say, or was not understood, or was not read, is not a
stock-out, and neither is a missing price.
"""

from collections.abc import Iterator
from itertools import pairwise

from reports.flags.flag import Flag, Verdict, day_name, days_long, product_flag
from reports.flags.kind import Kind, Severity
from reports.flags.rules import Rules
from reports.series import Comparison, Observation, ProductSeries


def flags(comparison: Comparison, rules: Rules) -> Iterator[Flag]:
    for product in comparison.products:
        yield from _of(comparison, product)


def _of(comparison: Comparison, product: ProductSeries) -> Iterator[Flag]:
    known = [o for o in product.observations if o.in_stock is not None]
    since: Observation | None = None
    for before, after in pairwise(known):
        if since is None or before.in_stock != since.in_stock:
            since = before
        if before.in_stock == after.in_stock:
            continue
        if after.in_stock:
            kind, severity = Kind.BACK_IN_STOCK, Severity.MEDIUM
            bound = "at least" if since is known[0] else "about"
            text = (
                f"Back in stock on {day_name(after.day)}; it had been out for {bound} "
                f"{days_long(after.observed_at - since.observed_at)}"
            )
        else:
            kind, severity = Kind.OUT_OF_STOCK, Severity.HIGH
            shown = f" (“{after.availability}”)" if after.availability else ""
            left = f", with {before.stock_left} left the last time" if before.stock_left else ""
            text = f"Out of stock on {day_name(after.day)}{shown}; last seen in stock on {day_name(before.day)}{left}"
        yield product_flag(
            comparison,
            product,
            (before, after),
            Verdict(kind, severity, (_words(before), _words(after)), text),
            columns="in_stock, stock_left, availability, price",
        )


def _words(seen: Observation) -> str:
    return seen.availability or ("in stock" if seen.in_stock else "out of stock")
