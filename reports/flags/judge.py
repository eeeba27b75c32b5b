"""All flags of a comparison, newest and most severe first."""

from collections.abc import Callable, Iterator

from reports.flags import bsr, buybox, content, keywords, price, promotions, reviews, stock
from reports.flags.flag import Flag
from reports.series import Comparison

FAMILIES: tuple[Callable[[Comparison], Iterator[Flag]], ...] = (
    price.flags,
    promotions.flags,
    stock.flags,
    bsr.flags,
    reviews.flags,
    keywords.flags,
    buybox.flags,
    content.flags,
)


def flags(comparison: Comparison) -> list[Flag]:
    """Every flag on the comparison's days: by day (newest first), severity, own listing first, then ASIN."""
    window = frozenset(comparison.days)
    found = [flag for family in FAMILIES for flag in family(comparison) if flag.day in window]
    return sorted(
        found,
        key=lambda f: (-f.day.toordinal(), -f.severity, not f.own, f.asin, f.kind, f.keyword or "", f.observed_at),
    )
