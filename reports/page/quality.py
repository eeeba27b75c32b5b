"""What the section on data quality sums up, ready to print."""

from collections.abc import Mapping
from dataclasses import dataclass

from reports.labels import field_label
from reports.page.cells import Cells
from reports.page.told import Label, Telling
from reports.report import Report
from reports.sections.quality import Coverage
from reports.sections.reasons import because
from reports.sentences import Said


@dataclass(frozen=True, slots=True)
class CoverageView:
    """What was read of one product, keyword or field."""

    label: Label | None
    name: str
    read: int
    asked: int
    share: str
    """Of those asked for; empty where nothing was."""
    why: str


class QualityView:
    def __init__(self, report: Report, cells: Cells, telling: Telling) -> None:
        self.words, found = cells.words, report.quality
        say = self.words.say
        self.summary: list[str] = []
        read, asked = found.values
        if asked:
            self.summary.append(
                say(
                    "{share:share} of the values asked for were read: {read:number} of {asked:number}.",
                    share=read / asked, read=read, asked=asked,
                )
            )  # fmt: skip
        nights, of = found.pages
        if of:
            text = "Product pages and keywords read completely: {nights:number} of {of:number}, each night counting."
            self.summary.append(say(text, nights=nights, of=of))
        if found.idle:
            self.summary.append(
                say("Not asked for, because the tracker did not run: {idle:count reading|readings}.", idle=found.idle)
            )
        self.fields = [
            self._view(None, say(field_label(each.field)), each.read, each.asked, each.reasons) for each in found.fields
        ]
        self.subjects = [
            *(self._coverage(telling.labels[each.name], each) for each in found.products),
            *(self._coverage(None, each) for each in found.keywords),
        ]
        self.apart = [
            (
                telling.labels[each.asin],
                say("{pages:count page|pages}", pages=each.pages),
                self.words.said(because(each.reason)),
                self.words.span(each.first, each.last),
            )
            for each in found.apart
        ]

    def _coverage(self, label: Label | None, found: Coverage) -> CoverageView:
        return self._view(label, found.name, found.read, found.asked, found.reasons)

    def _view(self, label: Label | None, name: str, read: int, asked: int, reasons: Mapping[str, int]) -> CoverageView:
        share = self.words.voice.share(read / asked) if asked else ""
        why = [Said("{why} ({times:number})", {"why": because(code), "times": n}) for code, n in reasons.items()]
        return CoverageView(label, name, read, asked, share, self.words.said(why))
