"""What products are estimated to sell, as it stands in the record and in the workbook."""

from collections.abc import Iterator
from decimal import Decimal

from reports.forms.shape import Interval, Money, SoldProduct
from reports.forms.sheet import Cell, Head, Line
from reports.forms.sheets import Sheets
from reports.sales.estimated import Range
from reports.sections.sales import Ratio, Revenue, Sales
from reports.wording import Wording


def sold_of(sales: Sales, words: Wording) -> list[SoldProduct]:
    """The reasons in the language of ``words``."""

    def money(amount: Decimal) -> Money:
        return Money(amount=f"{amount:f}", currency=words.currency)

    return [
        SoldProduct(
            asin=each.asin,
            own=each.own,
            last=sales.last,
            category=each.category,
            day=_interval(each.day),
            month=_interval(each.month),
            revenue_low=money(each.revenue.low) if each.revenue else None,
            revenue_high=money(each.revenue.high) if each.revenue else None,
            price=money(each.revenue.price) if each.revenue else None,
            share=_interval(each.share),
            change=_interval(each.change),
            known=each.known,
            bracket=each.bracket,
            basis=words.said(each.basis) or None,
            day_reason=words.said(each.why_day) or None,
            month_reason=words.said(each.why_month) or None,
            change_reason=words.said(each.why_change) or None,
        )
        for each in sales.products
    ]


def _interval(found: Range | Ratio | None) -> Interval | None:
    if found is None:
        return None
    return Interval(low=round(found.low, 4), mid=round(found.mid, 4), high=round(found.high, 4))


class Selling(Sheets):
    """Its sheet: two columns an interval."""

    def sales_heads(self) -> list[Head]:
        units = self.heads("Units a day: from", "Units a day: to", "Units in 30 days: from", "Units in 30 days: to")
        money = self.heads("Revenue in 30 days: from", "Revenue in 30 days: to")
        shares = self.heads("Share of these products: from", "Share of these products: to")
        change = self.heads("Against the period before: from", "Against the period before: to")
        known = self.heads("In your own reports", "Amazon shows at least")
        who = self.heads("Product", "ASIN", "Main category")
        return [*who, *units, *money, *shares, *change, *known, self.prose("Rests on")]

    def sales(self) -> Iterator[Line]:
        for each in self.report.sales.products:
            why = self.words.said(each.why_month)
            cells = [*self.named(each.asin), Cell(each.category)]
            cells += _ends(each.day, "number", self.words.said(each.why_day)) + _ends(each.month, "number", why)
            cells += _ends(each.revenue, "money", why) + _ends(each.share, "share", why)
            cells += _ends(each.change, "share+", self.words.said(each.why_change), less=1)
            cells += [
                Cell(each.known, "number"),
                Cell(each.bracket, "number"),
                Cell(self.words.said(each.basis), "prose"),
            ]
            yield Line(cells, each.own)


def _ends(found: Range | Revenue | Ratio | None, form: str, why: str, less: int = 0) -> list[Cell]:
    if found is None:
        return [Cell(None, note=why), Cell(None)]
    return [Cell(found.low - less, form), Cell(found.high - less, form)]
