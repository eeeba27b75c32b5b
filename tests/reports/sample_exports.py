"""Exports of Seller Central for the sample listing: read and kept as `tracker import` does it.

Units of the days are 20, 21 … 26 and again from 20, ten sessions for each; two days are lacking (nights 9 and 30); ads
cost a fifth of the sales and bring half of them; a report of a whole month says what no day does.
"""

from datetime import UTC, date, datetime, time, timedelta

import duckdb

from storage.own.keep import Named, add
from storage.own.read import Given, export

LACKING = (9, 30)
BUSINESS = "(Parent) ASIN,(Child) ASIN,Title,Sessions - Total,Page Views - Total,Featured Offer (Buy Box) Percentage,"
BUSINESS += "Units Ordered,Ordered Product Sales,Total Order Items\n"
ADS = "Date,Currency,Campaign Name,Ad Group Name,Advertised SKU,Advertised ASIN,Impressions,Clicks,Spend,"
ADS += "7 Day Total Sales,7 Day Total Orders (#),7 Day Total Units (#)\n"
TERMS = "Date,Currency,Campaign Name,Ad Group Name,Targeting,Match Type,Customer Search Term,Impressions,Clicks,Spend,"
TERMS += "7 Day Total Sales,7 Day Total Orders (#),7 Day Total Units (#)\n"
STOCK = "sku\tasin\tafn-fulfillable-quantity\tafn-inbound-working-quantity\tafn-inbound-shipped-quantity\t"
STOCK += "afn-inbound-receiving-quantity\nMUG-1\t{}\t483\t0\t240\t0\n"


def units(night: int) -> int:
    """What was sold on a day."""
    return 20 + night % 7


def fill(con: duckdb.DuckDBPyConnection, asin: str, first: date, nights: int, keywords: tuple[str, ...]) -> None:
    """Import the exports of ``nights`` days."""
    days = [(night, first + timedelta(days=night)) for night in range(nights) if night not in LACKING]
    files = {f"business-{day}.csv": BUSINESS + _sold(asin, units(night)) for night, day in days}
    files[f"business-{first}_{first + timedelta(days=27)}.csv"] = BUSINESS + _sold(asin, 640)
    files["ads.csv"] = ADS + "".join(
        f"{day},USD,SP mugs,main,MUG-1,{asin},9000,{3 * units(n)},{units(n) * 7:.2f},{units(n) * 17.5:.2f},5,5\n"
        for n, day in days
    )
    terms = (*keywords, "b0other017", "mug gift for dad")
    files["terms.csv"] = TERMS + "".join(
        f"{day},USD,SP mugs,main,{term},EXACT,{term},900,{9 - 2 * n},{20 - 4 * n}.50,{max(0, 60 - 20 * n)}.00,1,1\n"
        for _, day in days
        for n, term in enumerate(terms)
    )
    files[f"stock-{first + timedelta(days=nights - 2)}.txt"] = STOCK.format(asin)
    given, today = Given(own={"com": frozenset({asin})}), first + timedelta(days=nights)
    read = [(name, export(text.encode(), name, given, today)) for name, text in files.items()]
    now = [Named(found, name, "") for name, found in read if found and not found.unread]
    assert len(now) == len(files)
    add(con, now, datetime.combine(today, time(), UTC))


def _sold(asin: str, sold: int) -> str:
    return f'{asin},{asin},Mugs,{10 * sold},{13 * sold},97.50%,{sold},"${sold * 35:,.2f}",{sold - 1}\n'
