"""The report's days as CSV: one row a product and day, for a spreadsheet or a program.

Headings and codes are English and stay; what is added later stands at the end. Money is in the row's ``currency``,
shares are parts of 1, instants UTC. The file is UTF-8 with a byte order mark, by which Excel knows it. Text that a
spreadsheet could take for a formula has an apostrophe before it (see :mod:`storage.export`).
"""

import csv
from io import StringIO
from typing import Any

from reports.forms.daily import COLUMNS, daily
from reports.forms.visible import line
from reports.report import Report
from storage.export import neutral

HEADINGS = (
    "listing",
    "marketplace",
    "day",
    "asin",
    "own",
    "title",
    "currency",
    *COLUMNS,
    "observed_at",
    "reason",
    "missing",
)
"""``reason``: why no page of the day was read. ``missing``: what the page that was read lacks, ``name=reason`` each."""


def delimited(report: Report) -> bytes:
    """The days of the report's charts as CSV, product by product, the own one first."""
    comparison = report.comparison
    file = StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(HEADINGS)
    for each in daily(report):
        product, seen = each.product, each.seen
        missing = " ".join(f"{name}={reason}" for name, reason in each.missing.items())
        head = (comparison.listing, comparison.marketplace, each.day, product.asin, product.own, product.title)
        values = (each.values[name] for name in COLUMNS)
        row = (*head, comparison.currency, *values, seen.observed_at if seen else None, each.reason, missing or None)
        writer.writerow([_cell(value) for value in row])
    return file.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    return neutral(line(value) if isinstance(value, str) else value)
