"""What the sheets of a workbook share: their words, who is who, and figures."""

from decimal import Decimal
from typing import Any

from reports.forms.sheet import Cell, Head
from reports.page.told import Telling
from reports.report import Report
from reports.sections.values import Measure, Number
from reports.wording import Wording

SENSE = {1: "up", -1: "down", 0: "+"}
"""The formats of a change, by which way is better."""


class Sheets:
    """Sheets of one report in one language."""

    def __init__(self, report: Report, words: Wording) -> None:
        self.report = report
        self.words = words
        self.say = words.say
        self.telling = Telling(report.comparison, words)
        self.legend = words.say("▲ better, ▼ worse for the product")

    def heads(self, *texts: str, widest: int | None = None) -> list[Head]:
        made = [Head(self.say(text)) for text in texts]
        return [head._replace(widest=widest) for head in made] if widest else made

    def prose(self, text: str) -> Head:
        return Head(self.say(text), prose=True)

    def named(self, asin: str | None, title: str | None = None) -> list[Cell]:
        """Who it is, in two cells. ``title``: of a product that is not watched."""
        label = self.telling.stranger(asin, title) if asin and title else self.telling.whose(asin)
        return [Cell(f"{label.chip} {label.name}".strip()), Cell(label.asin)]


def difference(column: Measure, by: Number | None) -> Cell:
    """By how much a measure changed, with an arrow where one way is better."""
    return Cell(figure(by), f"{column.form.value}{SENSE[column.better]}")


def graded(column: Measure) -> str:
    """The rule that colours changes of a measure (see :class:`Head`)."""
    return f"{{cell}}*{column.better}" if column.better else ""


def figure(value: Any) -> Any:
    """A number with digits that mean something; anything else as it is."""
    return round(value, 6) if isinstance(value, Decimal) else value
