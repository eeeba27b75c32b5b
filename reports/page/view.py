"""What the page shows, ready to print: a report put into words and cells, with nothing to compute left."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from markupsafe import Markup

from reports.flags import Flag
from reports.headline import headline, of_last_night
from reports.labels import field_label
from reports.page.against import AgainstView
from reports.page.cells import Cell, Cells, Head, Tile
from reports.page.contents import ContentsView
from reports.page.health import HealthView
from reports.page.journal import JournalView
from reports.page.ledger import LedgerView
from reports.page.lists import ListsView
from reports.page.own import OwnView
from reports.page.promotions import PromotionsView
from reports.page.proposals import ProposalsView
from reports.page.quality import QualityView
from reports.page.sales import SalesView
from reports.page.share import ShareView
from reports.page.sparkline import strip
from reports.page.told import DayFlags, DefectView, FlagView, Label, MoveView, Telling
from reports.report import Report
from reports.sections.quality import unread_on
from reports.sections.reasons import because
from reports.sections.table import BSR, PAGE_ONE, PER_DAY, PRICE, RATING, REVIEWS, Row
from reports.sections.values import Measure
from reports.series import Gap, ProductSeries
from reports.unread import defect, elsewhere, unread
from reports.wording import Wording

OPEN_DAYS = 7
"""Days of flags shown open; older ones are folded."""
LOOK = 12
"""Flags named first of a period that is longer than a night."""
TILES = (PRICE, BSR, RATING, REVIEWS, PAGE_ONE)


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
    """The context of a template: of the listing's own page, or of its part of the overview, which asks for less."""

    def __init__(self, report: Report, words: Wording, generated_at: datetime) -> None:
        comparison = report.comparison
        self.report = report
        self.comparison = comparison
        self.words = words
        self.cells = Cells(words)
        self.telling = Telling(comparison, words)
        self.until = words.moment(comparison.until)
        self.generated_at = words.moment(generated_at)
        self.headline = words.said(headline(comparison, report.flags, report.period.told, report.health))
        self.unread = words.said(unread(comparison))
        self.elsewhere = words.said(elsewhere(comparison))
        self.defect = words.said(defect(comparison))
        self.night = words.day_long(comparison.night)
        self.period = words.span(report.period.days.first, report.period.days.last)
        self.own = self.telling.labels[comparison.own.asin]
        self.long = report.period.told != "day"
        self.flag_count = len(report.flags)

    @cached_property
    def look(self) -> list[FlagView]:
        """What needs a look."""
        return [self.telling.flag(flag) for flag in self._first()]

    @cached_property
    def rest(self) -> list[DayFlags]:
        """All other flags, by day."""
        chosen = {id(flag) for flag in self._first()}
        return self.telling.by_day(flag for flag in self.report.flags if id(flag) not in chosen)

    @cached_property
    def rest_count(self) -> int:
        return sum(len(day.flags) for day in self.rest)

    @cached_property
    def open_days(self) -> frozenset[date]:
        """The days whose flags are shown open."""
        return frozenset(list(self.report.period.days)[-OPEN_DAYS:])

    @cached_property
    def moves(self) -> list[MoveView]:
        return self.telling.moves(self.report.moves)

    @cached_property
    def fresh(self) -> list[MoveView]:
        """Those with something new on the last day, at most two."""
        last = self.report.period.days.last
        return self.telling.moves(move for move in self.report.moves if move.news == last)[:2]

    @cached_property
    def columns(self) -> list[Head]:
        return [self.cells.head(measure) for measure in self.report.columns]

    @cached_property
    def rows(self) -> list[RowView]:
        return [self._row(row) for row in self.report.rows]

    @cached_property
    def tiles(self) -> list[Tile]:
        """The own listing at a glance, each measure with its place among the products known now."""
        return [self._tile(measure) for measure in TILES if measure.key in self.report.rows[0].values]

    @cached_property
    def standing(self) -> list[Cell | None]:
        """The same as cells; None for what does not apply to the listing."""
        own = self.report.rows[0].values
        return [self.cells.cell(each, own[each.key]) if each.key in own else None for each in TILES]

    @cached_property
    def severities(self) -> list[tuple[str, int]]:
        """How many flags of each severity need a look, the most severe first; none that there are none of."""
        counts = Counter(each.flag.severity for each in self.look)
        return [(severity.word, counts[severity]) for severity in sorted(counts, reverse=True)]

    @cached_property
    def keywords(self) -> list[Head]:
        return [Head(k.series.keyword, numbers=True, why=self.words.said(k.why)) for k in self.report.keywords]

    @cached_property
    def keyword_rows(self) -> list[tuple[Label, list[Cell]]]:
        products = self.comparison.products
        return [
            (self.telling.labels[p.asin], [self.cells.place(column, p.asin) for column in self.report.keywords])
            for p in products
        ]

    @cached_property
    def defects(self) -> list[DefectView]:
        return self.telling.defects(self.comparison)

    @cached_property
    def strips(self) -> list[tuple[Label, Markup, str]]:
        """Stock and coverage of each product, day by day."""
        labels = self.telling.labels
        return [(labels[p.asin], self._strip(p), self._coverage(p)) for p in self.comparison.products]

    @cached_property
    def gaps(self) -> list[GapView]:
        return [self._gap(gap) for gap in self.comparison.gaps]

    @cached_property
    def kinds(self) -> list[tuple[str, str]]:
        """Kinds of change that the other flags can be filtered by, and what each is called."""
        found = {each.flag.kind.value: each.kind for day in self.rest for each in day.flags}
        return sorted(found.items(), key=lambda item: item[1])

    @cached_property
    def flagged(self) -> list[Label]:
        """Products that they can be filtered by."""
        found = {each.flag.asin: each.label for day in self.rest for each in day.flags if each.flag.asin}
        order = {asin: n for n, asin in enumerate(self.telling.labels)}
        return sorted(found.values(), key=lambda label: (order.get(label.asin, len(order)), label.asin))

    @cached_property
    def health(self) -> HealthView:
        return HealthView(self.report, self.words)

    @cached_property
    def share(self) -> ShareView:
        return ShareView(self.report, self.cells, self.telling)

    @cached_property
    def numbers(self) -> OwnView:
        return OwnView(self.report, self.cells)

    @cached_property
    def lists(self) -> ListsView:
        return ListsView(self.report, self.cells, self.telling)

    @cached_property
    def sales(self) -> SalesView:
        return SalesView(self.report, self.cells, self.telling)

    @cached_property
    def promotions(self) -> PromotionsView:
        return PromotionsView(self.report, self.cells, self.telling)

    @cached_property
    def journal(self) -> JournalView:
        return JournalView(self.report, self.telling)

    @cached_property
    def contents(self) -> ContentsView:
        return ContentsView(self.report, self.cells, self.telling)

    @cached_property
    def ledger(self) -> LedgerView:
        return LedgerView(self.report, self.words, self.telling)

    @cached_property
    def against(self) -> AgainstView:
        return AgainstView(self.report, self.cells, self.telling)

    @cached_property
    def proposals(self) -> ProposalsView:
        return ProposalsView(self.report, self.telling)

    @cached_property
    def quality(self) -> QualityView:
        return QualityView(self.report, self.cells, self.telling)

    def _first(self) -> list[Flag]:
        """Of last night all, of more days the most severe; the own listing's before its like."""
        report = self.report
        flags = list(report.flags) if self.long else of_last_night(report.comparison, report.flags)
        return sorted(flags, key=lambda flag: (-flag.severity, not flag.own))[: LOOK if self.long else None]

    def _gap(self, gap: Gap) -> GapView:
        say, label = self.words.say, self.telling.labels.get(gap.asin or "")
        of, name = (label.chip, label.name) if label else (f"“{gap.keyword}”", say("keyword"))
        what = say(field_label(gap.field)) if label else say("result pages")
        when = self.words.span(gap.first, gap.last)
        return GapView(of, name, what, when, gap.days, self.words.said(because(gap.reason)))

    def _row(self, row: Row) -> RowView:
        cells = tuple(self.cells.cell(column, row.values[column.key]) for column in self.report.columns)
        return RowView(self.telling.labels[row.product.asin], cells, self.words.said(row.unread))

    def _tile(self, measure: Measure) -> Tile:
        own, more = self.report.rows[0], ""
        if measure is BSR and own.now and own.now.bsr_category:
            more = own.now.bsr_category
        if measure is REVIEWS and (pace := own.values[PER_DAY.key].value) is not None:
            more = self.words.say("{pace:fixed} a day", pace=pace)
        return self.cells.tile(measure, own.values[measure.key], more)

    def _strip(self, product: ProductSeries) -> Markup:
        states, say = [], self.words.say
        for day in self.comparison.days:
            seen = product.daily.get(day)
            if seen is None:
                code = unread_on(product, day, self.comparison.time_zone)
                state = "unwatched" if code == "not_watched" else "unread"
                what = self.words.said(because(code))
            elif seen.in_stock is None:
                reason = because(seen.missing.get("in_stock", "no_reason_recorded"))
                state, what = "unsaid", say("stock: {why}", why=reason)
            else:
                state, what = ("in", say("in stock")) if seen.in_stock else ("out", say("out of stock"))
            states.append((state, what, self.words.day(day)))
        label = say("{product}: stock and coverage day by day", product=self.telling.labels[product.asin].chip)
        return strip(states, label=label)

    def _coverage(self, product: ProductSeries) -> str:
        days = [day for day in self.comparison.days if product.watched_on(day)]
        read = sum(day in product.daily for day in days)
        return self.words.say("{read:number} of {of:count day|days}", read=read, of=len(days))
