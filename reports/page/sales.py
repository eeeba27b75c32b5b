"""The section on what products are estimated to sell, ready to print."""

from collections.abc import Iterable
from math import log

from markupsafe import Markup

from reports.page.cells import Cell, Cells, Delta, Head
from reports.page.told import Label, Telling
from reports.report import Report
from reports.sales.estimated import Range
from reports.sections.sales import Ratio, Revenue, Sold
from reports.sentences import Said
from reports.wording import NOTHING

WIDTH = 100
"""Of a bar; the style gives it its size."""


class Scale:
    """A logarithmic scale that holds all of some intervals."""

    def __init__(self, ranges: Iterable[Range | None]) -> None:
        ends = [end for each in ranges if each for end in (each.low, each.high)]
        self.first, self.last = log(min(ends, default=0) + 1), log(max(ends, default=0) + 1)

    def bar(self, units: Range, known: int | None = None) -> Markup:
        """The interval, its middle, and what is known to be true; hidden from screen readers, as it is told beside."""
        low, mid, high = (self._at(end) for end in (units.low, units.mid, units.high))
        mark = Markup('<path class="known" d="M{} 0v6"/>').format(self._at(known)) if known is not None else ""
        return Markup(
            '<svg class="range" viewBox="0 0 {} 6" preserveAspectRatio="none" aria-hidden="true">'
            '<rect x="{}" width="{}" height="6"/><path d="M{} 0v6"/>{}</svg>'
        ).format(WIDTH, low, max(1, high - low), mid, mark)

    def _at(self, units: int) -> int:
        return round(WIDTH * (log(units + 1) - self.first) / ((self.last - self.first) or 1))


class SalesView:
    """What each product sells, as intervals: never a number alone."""

    def __init__(self, report: Report, cells: Cells, telling: Telling) -> None:
        self._words, found = cells.words, report.sales
        say = self._words.say
        self.until = self._words.day(found.last)
        of = "Share of the units of {n:count product|products}"
        shares = say(of, n=found.shared) if found.shared else say("Share")
        heads = [say("Units a day"), say("Units in 30 days"), say("Revenue in 30 days"), shares]
        if any(each.change for each in found.products):
            heads.append(say("Against the period before"))
        self.heads = [Head(head, numbers=True, falling=True) for head in heads]
        self._days, self._months = Scale(p.day for p in found.products), Scale(p.month for p in found.products)
        told = [each for each in found.products if each.day or each.month]
        self.rows: list[tuple[Label, tuple[Cell, ...]]] = [(telling.labels[p.asin], self._row(p)) for p in told]
        self.without: dict[str, list[Label]] = {}
        """Products of which nothing is estimated, by the reason."""
        for each in found.products:
            if each not in told:
                self.without.setdefault(self._words.said(each.why_month), []).append(telling.labels[each.asin])
        rests = "{category}: {basis:phrases}."
        self.basis = list(dict.fromkeys(say(rests, category=p.category, basis=p.basis) for p in told))

    def _row(self, sold: Sold) -> tuple[Cell, ...]:
        heads = [head.text for head in self.heads]
        cells = (
            self._units(heads[0], sold.day, "{low:number}–{high:number} a day", sold.why_day, self._days),
            self._month(heads[1], sold),
            self._revenue(heads[2], sold),
            self._share(heads[3], sold.share),
        )
        return (*cells, self._change(heads[4], sold)) if heads[4:] else cells

    def _units(self, head: str, units: Range | None, text: str, why: tuple[Said, ...], scale: Scale) -> Cell:
        if units is None:
            return self._nothing(head, why)
        said = self._words.say(text, low=units.low, high=units.high)
        return Cell(head, said, order=str(units.mid), spark=scale.bar(units))

    def _month(self, head: str, sold: Sold) -> Cell:
        if sold.month is None:
            return self._nothing(head, sold.why_month)
        notes = []
        if sold.known is not None:
            notes.append(self._words.say("{units:number} in your own reports", units=sold.known))
        if sold.bracket is not None:
            notes.append(self._words.say("Amazon shows {units:number}+", units=sold.bracket))
        said = self._words.say("{low:number}–{high:number}", low=sold.month.low, high=sold.month.high)
        bar = self._months.bar(sold.month, sold.known)
        return Cell(head, said, order=str(sold.month.mid), note=self._words.joined(notes), spark=bar)

    def _revenue(self, head: str, sold: Sold) -> Cell:
        if sold.revenue is None:
            return self._nothing(head, sold.why_month or (Said("no price known"),))
        return Cell(head, self._money(sold.revenue), order=str(sold.revenue.mid))

    def _money(self, revenue: Revenue) -> str:
        text = "{low:number}–{high:number} {currency}"
        return self._words.say(text, low=revenue.low, high=revenue.high)

    def _share(self, head: str, share: Ratio | None) -> Cell:
        if share is None:
            return self._nothing(head, ())
        return Cell(
            head, self._words.say("{low:share}–{high:share}", low=share.low, high=share.high), order=f"{share.mid}"
        )

    def _change(self, head: str, sold: Sold) -> Cell:
        change = sold.change
        if change is None:
            return self._nothing(head, sold.why_change)
        text = self._words.say("{low:percent} to {high:percent}", low=change.low - 1, high=change.high - 1)
        sense, sign = ("good", "▲") if change.low > 1 else ("bad", "▼") if change.high < 1 else ("flat", "=")
        delta = () if sense == "flat" else (Delta(sign, sense, self._words.say("the whole interval is on one side")),)
        return Cell(head, text, order=f"{change.mid}", deltas=delta)

    def _nothing(self, head: str, why: tuple[Said, ...]) -> Cell:
        return Cell(head, NOTHING, "missing", note=self._words.said(why))
