"""Exports of Seller Central for the world of world.py: the own mug in March 2026, each day but the 20th.

Sold are 4 a day, 6 at weekends, at 24.99 in 50 sessions; ads run since the 16th, cost 10.00 a day and bring two of the
mugs, by one search term; on the 31st 60 are in stock. A report of all of February says 100 units.
"""

from datetime import UTC, date, datetime

from storage.own.keep import Named, keep
from storage.own.read import Given, export
from storage.store import Store

_BUSINESS = "(Child) ASIN,Sessions - Total,Page Views - Total,Units Ordered,Ordered Product Sales,Total Order Items\n"
_ADS = "Date,Currency,Campaign Name,Ad Group Name,{},Clicks,Spend,7 Day Total Sales,7 Day Total Orders (#)\n"
_STOCK = "sku\tasin\tafn-fulfillable-quantity\nMUG\t{}\t60\n"


def fill(store: Store, asin: str) -> None:
    """Import them all."""
    days = [date(2026, 3, day) for day in range(1, 32) if day != 20]
    files = {f"business-{day}.csv": _sold(asin, 6 if day.weekday() >= 5 else 4) for day in days}
    files["business-2026-02-01_2026-02-28.csv"] = _sold(asin, 100)
    for name, head, what in (("ads", "Advertised ASIN", asin), ("terms", "Customer Search Term", "Steel Mug")):
        rows = [f"{day},USD,Mugs,main,{what},12,10.00,49.98,2\n" for day in days if day.day >= 16]
        files[f"{name}.csv"] = _ADS.format(head) + "".join(rows)
    files["stock-2026-03-31.txt"] = _STOCK.format(asin)
    given = Given(own={"com": frozenset({asin})})
    read = [(name, export(text.encode(), name, given, date(2026, 4, 1))) for name, text in files.items()]
    keep(store, [Named(found, name, "") for name, found in read if found], datetime(2026, 4, 1, 9, tzinfo=UTC))


def _sold(asin: str, units: int) -> str:
    return f"{_BUSINESS}{asin},50,70,{units},${units * 24.99:.2f},{units}\n"
