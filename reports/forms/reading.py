"""Sheets of what the report rests on: how much was read, what was not and why, and what the file is."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from reports.forms.sheet import Cell, Head, Line
from reports.forms.sheets import Sheets, figure
from reports.labels import field_label
from reports.sections.quality import Coverage, FieldCoverage
from reports.sections.reasons import because
from reports.sentences import Said
from reports.unread import defect, elsewhere, unread


class Reading(Sheets):
    """Data quality, gaps, and about the report."""

    def quality_heads(self) -> list[Head]:
        return self.heads("What", "ASIN", "Read", "Asked for", "Share read", "Not asked for", "Why not")

    def quality(self) -> Iterator[Line]:
        found = self.report.quality
        for each in found.products:
            yield self._coverage(self.named(each.name), each)
        for each in found.keywords:
            yield self._coverage([Cell(f"“{each.name}”"), Cell(None)], each)
        for field in found.fields:
            yield self._coverage([Cell(self.say(field_label(field.field))), Cell(None)], field)

    def _coverage(self, name: Sequence[Cell], each: Coverage | FieldCoverage) -> Line:
        share = Decimal(each.read) / each.asked if each.asked else None
        idle, own = (each.idle, each.own) if isinstance(each, Coverage) else (None, False)
        reasons = [Said("{why}: {n:number}", {"why": because(code), "n": n}) for code, n in each.reasons.items()]
        cells = [
            *name,
            Cell(each.read, "number"),
            Cell(each.asked, "number"),
            Cell(figure(share), "share"),
            Cell(idle, "number"),
            Cell(self.words.said(reasons) or None),
        ]
        return Line(cells, own)

    def gap_heads(self) -> list[Head]:
        return self.heads("What", "ASIN", "Field", "From", "To", "Days", "Why not")

    def gaps(self) -> Iterator[Line]:
        for gap in self.report.comparison.gaps:
            name = self.named(gap.asin) if gap.asin else [Cell(f"“{gap.keyword}”"), Cell(None)]
            yield Line(
                [
                    *name,
                    Cell(self.say(field_label(gap.field) if gap.asin else "pages of search results")),
                    Cell(gap.first, "day"),
                    Cell(gap.last, "day"),
                    Cell(gap.days, "number"),
                    Cell(self.words.said(because(gap.reason))),
                ],
                gap.asin == self.report.comparison.own.asin,
            )

    def about(self, title: str, night: str) -> Iterator[Line]:
        comparison, against = self.report.comparison, self.report.period.against
        warnings = [
            self.words.said(each) for each in (unread(comparison), elsewhere(comparison), defect(comparison)) if each
        ]
        for name, value in (
            (self.say("Listing"), title),
            (self.say("What happened"), "\n".join([night, *warnings])),
            (self.say("Marketplace"), comparison.host),
            (self.say("Currency"), comparison.currency),
            (self.say("Time zone"), comparison.time_zone),
            (self.say("Compared with"), self.words.span(against.first, against.last)),
            (self.say("Data up to"), self.words.moment(comparison.until)),
            (self.say("Changes"), self.say("▲ better, ▼ worse for the product")),
        ):
            yield Line([Cell(name), Cell(value, "prose")])
