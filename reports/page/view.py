"""What the page shows, ready to print: a report put into words and cells, with nothing to compute left."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from reports.flags import Flag
from reports.headline import headline, of_last_night
from reports.labels import field_label
from reports.page.cells import Cell, Cells, Head, Tile
from reports.page.sparkline import strip
from reports.page.told import FlagView, Label, Telling
from reports.reasons import because
from reports.report import Report
from reports.series import ProductSeries
from reports.table import Row
from reports.unread import defect, elsewhere, unread
from reports.wording import Wording

OPEN_DAYS = 7
"""Days of flags shown open; older ones are folded."""
LOOK = 12
"""Flags named first of a period that is longer than a night."""
TILES = ("price", "bsr", "rating", "review_count", "page_one")


@dataclass(frozen=True, slots=True)
class RowView:
    label: Label
    cells: tuple[Cell, ...]
    unread: str
    """Why its page was not read last night; empty when it was."""


@dataclass(frozen=True, slots=True)
class GapView:
    """Days in a row on which something is not known."""

    of: str
    name: str
    what: str
    when: str
    days: int
    why: str


class View:
    """The context of the listing template."""

    def __init__(self, report: Report, words: Wording, generated_at: datetime) -> None:
        comparison = report.comparison
        self.report = report
        self.comparison = comparison
        self.words = words
        self.cells = Cells(words)
        self.telling = Telling(comparison, words)
        self.until = words.moment(comparison.until)
        self.generated_at = words.moment(generated_at)
        self.headline = words.said(headline(comparison, report.flags, report.period.sort))
        self.unread = words.said(unread(comparison))
        self.elsewhere = words.said(elsewhere(comparison))
        self.defect = words.said(defect(comparison))
        self.defects = self.telling.defects(comparison)
        self.night = words.day_long(report.period.days.last)
        self.period = words.span(report.period.days.first, report.period.days.last)
        self.own = self.telling.labels[comparison.own.asin]
        first = self._first()
        self.look = [self.telling.flag(flag) for flag in first]
        self.flag_count = len(report.flags)
        self.rest_count = len(report.flags) - len(first)
        chosen = {id(flag) for flag in first}
        days = self.telling.by_day(flag for flag in report.flags if id(flag) not in chosen)
        recent = set(list(report.period.days)[-OPEN_DAYS:])
        self.recent_flags = [each for each in days if each.day in recent]
        self.older_flags = [each for each in days if each.day not in recent]
        self.kinds, self.flagged = self._choices(flag for day in days for flag in day.flags)
        self.moves = self.telling.moves(report.moves)
        self.columns = [self.cells.head(measure) for measure in report.columns]
        self.rows = [self._row(row) for row in report.rows]
        self.tiles = [self._tile(key) for key in TILES if key in report.rows[0].values]
        self.keywords = [Head(k.series.keyword, numbers=True, why=words.said(k.why)) for k in report.keywords]
        self.keyword_rows = [
            (self.telling.labels[p.asin], [self.cells.place(column, p.asin) for column in report.keywords])
            for p in comparison.products
        ]
        self.strips = [(self.telling.labels[p.asin], self._strip(p), self._coverage(p)) for p in comparison.products]
        self.gaps = [
            GapView(
                self.telling.labels[g.asin].chip if g.asin else f"“{g.keyword}”",
                self.telling.labels[g.asin].name if g.asin else words.say("keyword"),
                words.say(field_label(g.field)) if g.asin else words.say("result pages"),
                words.span(g.first, g.last),
                g.days,
                words.said(because(g.reason)),
            )
            for g in comparison.gaps
        ]

    def _first(self) -> list[Flag]:
        """What needs a look: of last night all, of a week or month the gravest; the own listing's before its like."""
        report = self.report
        long = report.period.sort in ("week", "month")
        flags = list(report.flags) if long else of_last_night(report.comparison, report.flags)
        return sorted(flags, key=lambda flag: (-flag.severity, not flag.own))[: LOOK if long else None]

    def _choices(self, flags: Iterable[FlagView]) -> tuple[list[tuple[str, str]], list[Label]]:
        """Kinds of change, and products, that the flags can be filtered by."""
        kinds: dict[str, str] = {}
        products: dict[str, Label] = {}
        for each in flags:
            kinds[each.flag.kind.value] = each.kind
            if each.flag.asin:
                products[each.flag.asin] = each.label
        order = list(self.telling.labels)
        known = sorted(products.values(), key=lambda p: order.index(p.asin) if p.asin in order else len(order))
        return sorted(kinds.items(), key=lambda item: item[1]), known

    def _row(self, row: Row) -> RowView:
        cells = tuple(self.cells.cell(column, row.values[column.key]) for column in self.report.columns)
        return RowView(self.telling.labels[row.product.asin], cells, self.words.said(row.unread))

    def _tile(self, key: str) -> Tile:
        """The own listing at a glance, each measure with its place among the products known now."""
        own = self.report.rows[0]
        column = next(each for each in self.report.columns if each.key == key)
        more = ""
        if key == "bsr" and own.now and own.now.bsr_category:
            more = own.now.bsr_category
        if key == "review_count" and (pace := own.values["per_day"].value) is not None:
            more = self.words.say("{pace:fixed} a day", pace=pace)
        return self.cells.tile(column, own.values[key], more)

    def _strip(self, product: ProductSeries) -> Markup:
        states, say = [], self.words.say
        for day in self.comparison.days:
            seen, name = product.daily.get(day), self.words.day(day)
            if seen is None:
                failure = product.failure_on(day)
                unwatched = failure is None and day < product.watched_from.astimezone(self.words.zone).date()
                code = failure.outcome if failure else "not_watched" if unwatched else "not_crawled"
                state, what = "unwatched" if unwatched else "unread", self.words.said(because(code))
            elif seen.in_stock is None:
                reason = because(seen.missing.get("in_stock", "no_reason_recorded"))
                state, what = "unsaid", say("stock: {why}", why=reason)
            else:
                state, what = ("in", say("in stock")) if seen.in_stock else ("out", say("out of stock"))
            states.append((state, say("{day}: {what}", day=name, what=what)))
        label = say("{product}: stock and coverage day by day", product=self.telling.labels[product.asin].chip)
        return strip(states, label=label)

    def _coverage(self, product: ProductSeries) -> str:
        read = sum(day in product.daily for day in self.comparison.days)
        return self.words.say("{read:number} of {of:count day|days}", read=read, of=len(self.comparison.days))
