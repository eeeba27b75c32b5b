"""Sheets of the own numbers: day by day, and by search term."""

from collections.abc import Iterator

from reports.forms.sheet import Cell, Head, Line
from reports.forms.sheets import Sheets, figure


class Numbers(Sheets):
    """What exports of Seller Central say; only where there were any."""

    def day_heads(self) -> list[Head]:
        return self.heads(
            *("Day", "Sessions", "Page views", "Units", "Orders", "Sales", "Buy Box share", "Clicks", "Ad spend"),
            *("Ad sales", "Ad orders", "FBA stock", "On its way"),
        )

    def days(self) -> Iterator[Line]:
        for day in self.report.own.days:
            box = None if day.buy_box_percent is None else day.buy_box_percent / 100
            yield Line(
                [
                    Cell(day.day, "day"),
                    *(Cell(value, "number") for value in (day.sessions, day.page_views, day.units, day.orders)),
                    Cell(figure(day.sales), "money"),
                    Cell(figure(box), "share"),
                    Cell(day.ad_clicks, "number"),
                    *(Cell(figure(value), "money") for value in (day.ad_spend, day.ad_sales)),
                    *(Cell(value, "number") for value in (day.ad_orders, day.fulfillable, day.inbound)),
                ]
            )

    def term_heads(self) -> list[Head]:
        return self.heads("Search term", "Clicks", "Ad spend", "Ad sales", "Orders", "ACoS", "Organic place")

    def terms(self) -> Iterator[Line]:
        for term in self.report.own.terms:
            found = term.searched
            yield Line(
                [
                    Cell(found.term),
                    Cell(found.clicks, "number"),
                    *(Cell(figure(value), "money") for value in (found.spend, found.sales)),
                    Cell(found.orders, "number"),
                    Cell(figure(term.acos), "share"),
                    Cell(term.place.organic if term.place else None, "number"),
                ]
            )
