"""The section that compares two periods, ready to print."""

from decimal import Decimal

from reports.against import Against, Compared, measures
from reports.page.cells import Cell, Cells, Delta, Head
from reports.page.told import Label, Telling
from reports.report import Report
from reports.series import Change
from reports.values import Measure
from reports.wording import NOTHING


class AgainstView:
    """Each product in both periods: what it was in the later, and against the earlier one."""

    def __init__(self, report: Report, cells: Cells, telling: Telling) -> None:
        self.cells, self.words = cells, cells.words
        self.columns = measures(report.comparison)
        self.now = self.words.span(report.period.days.first, report.period.days.last)
        self.before = self.words.span(report.period.against.first, report.period.against.last)
        self.last = report.period.against.last
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

    def _row(self, found: Compared) -> tuple[Cell, ...]:
        return tuple(self._cell(measure, found.values[measure.key]) for measure in self.columns)

    def _cell(self, measure: Measure, value: Against) -> Cell:
        now, before, head = value.now, value.before, self.words.say(measure.head)
        was = self.words.said(before.why)
        if before.value is not None:
            said = self.words.say("before: {value}", value=self.cells.number(measure.form, before.value))
            was = said if value.difference != 0 else ""
        if now.value is None:
            return Cell(head, NOTHING, "missing", note=self.words.said(now.why))
        text = self.cells.number(measure.form, now.value)
        return Cell(head, text, order=str(now.value), note=was, deltas=self._delta(measure, value))

    def _delta(self, measure: Measure, value: Against) -> tuple[Delta, ...]:
        if value.now.value is None or value.before.value is None:
            return ()
        change = Change(self.last, Decimal(value.before.value), Decimal(value.now.value))
        gain = change.difference * measure.better
        sense = "good" if gain > 0 else "bad" if gain < 0 else "flat"
        days = self.words.say(
            "of {now:count day|days}, before of {before:count day|days}", now=value.now.of, before=value.before.of
        )
        return (Delta(self.cells.change(measure, change), sense, days if value.now.of else ""),)
