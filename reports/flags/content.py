"""The title changed.

Model: a fact, compared after collapsing white space. Amazon tests titles on part of the visitors, so
a title may flip from crawl to crawl: one that was already seen within the last two weeks is not
announced again. A title in another language than the one before is none to compare it with.
"""

from collections.abc import Iterator
from datetime import timedelta

from reports.flags.flag import Flag, Verdict, day_name, product_flag
from reports.flags.kind import Kind, Severity
from reports.flags.rules import Rules
from reports.series import Comparison, ProductSeries

MEMORY = timedelta(days=14)


def flags(comparison: Comparison, rules: Rules) -> Iterator[Flag]:
    for product in comparison.products:
        yield from _of(comparison, product)


def _of(comparison: Comparison, product: ProductSeries) -> Iterator[Flag]:
    known = [(o, " ".join(o.title.split())) for o in product.observations if o.title]
    for n in range(1, len(known)):
        (before, old), (after, new) = known[n - 1], known[n]
        if before.language != after.language and before.language and after.language:
            continue
        if new == old or new in {title for seen, title in known[:n] if after.observed_at - seen.observed_at <= MEMORY}:
            continue
        yield product_flag(
            comparison,
            product,
            (before, after),
            Verdict(
                Kind.TITLE_CHANGED,
                Severity.MEDIUM if product.own else Severity.LOW,
                (old, new),
                f"Title changed on {day_name(after.day)}: “{old}” → “{new}”",
            ),
            columns="title",
        )
