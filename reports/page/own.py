"""The own numbers, ready to print."""

from decimal import Decimal

from reports.exported import Longer
from reports.page.cells import Cell, Cells, Delta
from reports.page.sparkline import sparkline
from reports.report import Report
from reports.sections.own import ACOS, MEASURES, Beside, Cover, Line, Term
from reports.sections.values import Form, Measure, Number
from reports.wording import NOTHING

TERMS, LONGER = 10, 4
"""Search terms and longer periods that are shown, those that cost most and the newest."""


class OwnView:
    """The measures of a period, the stock, the days beside the rivals' and the search terms."""

    def __init__(self, report: Report, cells: Cells) -> None:
        self.cells, self.words, own = cells, cells.words, report.own
        self.imported = own.imported
        self.says = self.words.said(own.says)
        self.before = self.words.span(report.period.against.first, report.period.against.last)
        self.compared = any(line.before.value is not None for line in own.lines)
        self.told = max((line.now.of for line in own.lines), default=0)
        self.of = self._of(report, self.told)
        self.lines = [(self.words.say(line.measure.head), self._line(line)) for line in own.lines]
        self.cover = self._cover(own.cover)
        shown = [m for m in MEASURES if any(each.own[m.key] is not None for each in own.beside)]
        self.heads = [self.words.say(measure.head) for measure in shown]
        self.rows = [(self.words.span(b.days.first, b.days.last), self._beside(b, shown)) for b in own.beside]
        self.weekly = any(len(each.days) > 1 for each in own.beside)
        self.terms = [(term.searched.term, self._term(term)) for term in own.terms[:TERMS]]
        self.terms_of = self.words.span(own.terms_of.first, own.terms_of.last) if own.terms_of else ""
        self.longer = [self._longer(each) for each in own.longer[:LONGER]]

    def _of(self, report: Report, told: int) -> str:
        """How many of the days have numbers."""
        if not told:
            return self.words.say("No export tells of a single day of this period.")
        text = "{told:number} of {days:count day|days} have numbers."
        return self.words.say(text, told=told, days=len(report.period.days))

    def _number(self, measure: Measure, value: Number | None) -> str:
        return NOTHING if value is None else self.cells.number(measure.form, value)

    def _line(self, line: Line) -> tuple[Cell, ...]:
        """The period, its days, what came on a day of it and on one of the period before, and the change. How many
        days it rests on is told where they are not those of the other lines."""
        say, measure, now = self.words.say, line.measure, line.now
        days = Cell(say("Day by day"), "", spark=sparkline([None if v is None else float(v) for v in line.days]))
        note = self.words.said(now.why) or ("" if now.of == self.told else say("of {days:count day|days}", days=now.of))
        period = Cell(say("Period"), self._number(measure, now.value), "missing" if now.why else "", note=note)
        now_a_day, before = (None if pace is None else self._pace(measure, pace) for pace in line.paces)
        cells = (period, days, Cell(say("A day"), "" if line.ratio else now_a_day or NOTHING))
        if not self.compared:
            return cells
        why = self.words.said(line.before.why)
        earlier = Cell(say("A day before"), before or NOTHING, "missing" if why else "", note=why)
        return (*cells, earlier, Cell(say("Change"), "", deltas=self._change(line)))

    def _pace(self, measure: Measure, pace: Number) -> str:
        return self.words.fixed(pace, 1) if measure.form is Form.NUMBER else self.cells.number(measure.form, pace)

    def _change(self, line: Line) -> tuple[Delta, ...]:
        if (change := line.change) is None:
            return ()
        gain = change * line.measure.better
        sense = "good" if gain > 0 else "bad" if gain < 0 else "flat"
        points = self.words.signed(change, self.words.fixed(100 * abs(change), 1))
        text = self.words.say("{by} pp", by=points) if line.ratio else self.words.voice.percent(float(change))
        return (Delta(text, sense, ""),)

    def _cover(self, cover: Cover) -> str:
        """How long the stock lasts, or why that is not known."""
        say = self.words.say
        parts = []
        if cover.days is not None:
            parts.append(
                say(
                    "Stock for {days:number} days at {pace:fixed} units a day (mean of {of:count day|days})",
                    days=round(cover.days),
                    pace=cover.pace,
                    of=cover.of,
                )
            )
        else:
            parts.append(say("How long the stock lasts is not known: {why}", why=self.words.said(cover.why)))
        if cover.counted:
            text = "{units:count unit|units} on {day:day}"
            parts.append(say(text, units=cover.fulfillable, day=cover.counted))
        if cover.inbound:
            parts.append(say("{units:number} more on their way", units=cover.inbound))
        return self.words.joined(parts)

    def _beside(self, found: Beside, shown: list[Measure]) -> list[str]:
        own = [self._number(measure, found.own[measure.key]) for measure in shown]
        bsr = NOTHING if found.bsr is None else self.words.number(round(found.bsr))
        return [*own, self._money(found.price), bsr, self._money(found.cheapest)]

    def _money(self, value: Decimal | None) -> str:
        return NOTHING if value is None else self.words.money(value)

    def _term(self, term: Term) -> list[str]:
        found, place = term.searched, term.place
        clicks, orders = (NOTHING if n is None else self.words.number(n) for n in (found.clicks, found.orders))
        acos = self._number(ACOS, term.acos)
        return [
            self._money(found.spend),
            clicks,
            orders,
            self._money(found.sales),
            acos,
            self._place(term) if place else "",
        ]

    def _place(self, term: Term) -> str:
        place = term.place
        if place is None or place.why:
            return NOTHING
        if place.organic is None:
            return self.words.say("> page {pages:number}", pages=place.beyond)
        return self.words.number(place.organic)

    def _longer(self, found: Longer) -> str:
        """What an export says of several days as a whole."""
        say, when = self.words.say, self.words.span(found.days.first, found.days.last)
        parts = [say("{units:count unit|units}", units=found.units)] if found.units is not None else []
        if found.sessions is not None:
            parts.append(say("{sessions:count session|sessions}", sessions=found.sessions))
        if found.sales is not None:
            parts.append(say("sales {amount:money}", amount=found.sales))
        if found.ad_spend is not None:
            parts.append(say("ad spend {amount:money}", amount=found.ad_spend))
        return say("{when}: {what}", when=when, what=self.words.joined(parts))
