"""The section that compares two periods, ready to print."""

from decimal import Decimal

from reports.page.cells import Cell, Cells, Delta, Head
from reports.page.told import Label, Telling
from reports.report import Report
from reports.sections.against import Against, Compared, Summary, measures
from reports.sections.values import Measure
from reports.series import Change
from reports.wording import NOTHING


class AgainstView:
    """Each product in both periods: what it was in the later, and against the earlier one."""

    def __init__(self, report: Report, cells: Cells, telling: Telling) -> None:
        self.cells, self.words = cells, cells.words
        self.columns = measures(report.comparison)
        self.now = self.words.span(report.period.days.first, report.period.days.last)
        self.before = self.words.span(report.period.against.first, report.period.against.last)
        self.last = report.period.against.last
        self.partly = self._partly(report)
        self.heads = [Head(self.words.say(m.head), numbers=True, falling=m.better > 0) for m in self.columns]
        self.rows: list[tuple[Label, tuple[Cell, ...]]] = [
            (telling.labels[each.asin], self._row(each)) for each in report.against
        ]
        self.empty = all(
            value.before.value is None
            for each in report.against
            for key, value in each.values.items()
            if key != "nights"
        )

    def _partly(self, report: Report) -> str:
        """Of how many days the own page is known, where that is not all of both periods: a lowest price of fewer days
        is of less."""
        nights, days = report.against[0].values["nights"], (report.period.days, report.period.against)
        read = [int(part.value or 0) for part in (nights.now, nights.before)]
        if read == [len(each) for each in days]:
            return ""
        text = "Your page was read on {now:number} of {days:count day|days}, before on {before:number} of {of:number}."
        return self.words.say(text, now=read[0], days=len(days[0]), before=read[1], of=len(days[1]))

    def _row(self, found: Compared) -> tuple[Cell, ...]:
        return tuple(self._cell(measure, found.values[measure.key]) for measure in self.columns)

    def _cell(self, measure: Measure, value: Against) -> Cell:
        now, before, head = value.now, value.before, self.words.say(measure.head)
        if now.value is None:
            return Cell(head, NOTHING, "missing", note=self.words.said(now.why))
        text, order = self.cells.number(measure.form, now.value), str(now.value)
        if before.value is None:
            return Cell(head, text, order=order, note=self.words.said(before.why))
        was = self.cells.number(measure.form, before.value)
        note = self.words.say("before: {value}", value=was) if was != text else ""
        return Cell(head, text, order=order, note=note, deltas=(self._delta(measure, now, before, same=was == text),))

    def _delta(self, measure: Measure, now: Summary, before: Summary, *, same: bool) -> Delta:
        """``same``: whether both are written alike, and so told as one."""
        days = (
            self.words.say("of {now:count day|days}, before of {before:count day|days}", now=now.of, before=before.of)
            if now.of
            else ""
        )
        if same:
            return Delta("=", "flat", days)
        change = Change(self.last, Decimal(before.value or 0), Decimal(now.value or 0))
        gain = change.difference * measure.better
        sense = "good" if gain > 0 else "bad" if gain < 0 else "flat"
        return Delta(self.cells.change(measure, change), sense, days)
