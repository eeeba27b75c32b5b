"""All flags of a comparison, newest and most severe first."""

from collections.abc import Callable, Iterator

from reports.flags import (
    ads,
    bsr,
    buybox,
    content,
    keywords,
    lifecycle,
    low_stars,
    lows,
    market,
    newcomer,
    price,
    promotions,
    ranks,
    ratings,
    reviews,
    share,
    stock,
    undercut,
    war,
)
from reports.flags.flag import Flag
from reports.flags.rules import Rules
from reports.series import Comparison

FAMILIES: tuple[Callable[[Comparison, Rules], Iterator[Flag]], ...] = (
    price.flags,
    lows.flags,
    undercut.flags,
    war.flags,
    promotions.flags,
    stock.flags,
    bsr.flags,
    ranks.flags,
    market.flags,
    reviews.flags,
    ratings.flags,
    low_stars.flags,
    keywords.flags,
    ads.flags,
    share.flags,
    newcomer.flags,
    buybox.flags,
    content.flags,
    lifecycle.flags,
)

NORMAL = Rules()


def flags(comparison: Comparison, rules: Rules = NORMAL) -> list[Flag]:
    """Every flag on the comparison's days of the products watched on the day: by day (newest first), severity, own
    listing first, then ASIN. What merely follows the market is left out."""
    window = frozenset(comparison.days)
    products = {p.asin: p for p in comparison.products}
    keywords = {k.keyword: k for k in comparison.keywords}
    found = [
        flag
        for family in FAMILIES
        for flag in family(comparison, rules)
        if flag.day in window
        and rules.tells(flag.kind)
        and (flag.asin not in products or products[flag.asin].watched_on(flag.day))
        and (flag.keyword not in keywords or keywords[flag.keyword].watched_on(flag.day))
    ]
    return sorted(market.withheld(comparison, rules, found), key=order)


def order(flag: Flag) -> tuple[int, int, bool, str, str, str, float]:
    """How flags are listed."""
    return (
        -flag.day.toordinal(),
        -flag.severity,
        not flag.own,
        flag.asin or "",
        flag.kind,
        flag.keyword or "",
        flag.observed_at.timestamp(),
    )
