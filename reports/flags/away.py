"""Whether a product could be found at all: its page was gone, or it was out of stock for days.

Then it is in no search results, and its ads rest: what it loses there, and finds again afterwards, follows from that,
which is told by itself (:mod:`reports.flags.lifecycle`, :mod:`reports.flags.stock`). Three days out of stock, and a
week from being away to being found again, are judgement.
"""

from bisect import bisect_left
from datetime import date, timedelta
from operator import attrgetter

from reports.flags.lifecycle import NOT_FOUND
from reports.series import ProductSeries

OUT_FOR = 3
"""Days in a row on which a page said so."""
SOON = timedelta(days=7)

GONE = "; its page was gone"
OUT = "; it was out of stock"


def away(product: ProductSeries, since: date, day: date) -> tuple[str, ...]:
    """What to say of a change in the search results that began on one day and is told on another: nothing, where the
    product was there all the time from a week before on."""
    if any(since - SOON <= lost.day <= day for lost in product.failures if lost.outcome == NOT_FOUND):
        return (GONE,)
    seen, out = product.observations, 0
    for n in range(bisect_left(seen, since - SOON - timedelta(days=OUT_FOR), key=attrgetter("day")), len(seen)):
        if seen[n].day > day:
            break
        if seen[n].closing and seen[n].in_stock is not None:
            out = 0 if seen[n].in_stock else out + 1
            if out >= OUT_FOR and seen[n].day >= since - SOON:
                return (OUT,)
    return ()
