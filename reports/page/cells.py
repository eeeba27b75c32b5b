"""What a table of the report is made of: values put into words, with their changes and a sparkline."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from markupsafe import Markup

from reports.page.sparkline import sparkline
from reports.sections.matrix import Column, Moved
from reports.sections.values import SPANS, Form, Measure, Number, Value
from reports.series import Change
from reports.wording import NOTHING, Wording


@dataclass(frozen=True, slots=True)
class Delta:
    text: str
    sense: str
    """good, bad or flat: whether it is better for the product it stands beside."""
    note: str


@dataclass(frozen=True, slots=True)
class Head:
    """Of a column: what stands in it, and how it sorts."""

    text: str
    numbers: bool
    falling: bool = False
    """Whether the best is the highest."""
    why: str = ""
    """Why the whole column is empty."""


@dataclass(frozen=True, slots=True)
class Cell:
    head: str
    text: str
    look: str = ""
    """What its style knows it by: text, missing, out or beyond."""
    order: str = ""
    """The number that it sorts by; empty where there is none."""
    note: str = ""
    place: str = ""
    placed: str = ""
    """Its place among all products, short and in full."""
    deltas: tuple[Delta, ...] = ()
    spark: Markup | None = None


@dataclass(frozen=True, slots=True)
class Tile:
    """Where the own listing stands in one measure."""

    name: str
    text: str
    place: str
    deltas: tuple[Delta, ...] = ()
    spark: Markup | None = None


PLACED = {
    "price": "No. {place:number} of {of:number}, the cheapest first",
    "bsr": "No. {place:number} of {of:number}, the best first",
    "rating": "No. {place:number} of {of:number}, the highest first",
    "review_count": "No. {place:number} of {of:number}, the most first",
}


DIGITS = {Form.FIXED: 1, Form.SHARE: 3}
"""Decimals that a change is told with: one that is less is none."""


class Cells:
    """Puts the values of one report into cells."""

    def __init__(self, words: Wording) -> None:
        self.words = words

    def number(self, form: Form, value: Number) -> str:
        """A number as its column writes it."""
        match form:
            case Form.MONEY:
                return self.words.money(Decimal(value))
            case Form.FIXED:
                return self.words.fixed(value, 1)
            case Form.SHARE:
                return self.words.voice.share(float(value))
        return self.words.number(value)

    def head(self, measure: Measure) -> Head:
        return Head(
            self.words.say(measure.head), measure.form is not Form.TEXT, falling=(measure.first or measure.better) > 0
        )

    def cell(self, measure: Measure, value: Value) -> Cell:
        head, spark = self.words.say(measure.head), self._spark(measure, value.days)
        if value.missing:
            return Cell(head, NOTHING, "missing", note=self.words.said(value.why), spark=spark)
        note = self.words.said(value.note)
        if value.value is None:
            return Cell(head, self.words.said(value.said), "text", note=note)
        ranked = {"place": value.place, "of": value.of} if value.place and value.of > 1 else {}
        placed = self.words.say("No. {place:number} of {of:number}", **ranked) if ranked else ""
        if measure.form is Form.FIXED and ranked:  # a mean: what it is made of is told on demand
            placed, note = self.words.joined((placed, note)), ""
        return Cell(
            head,
            self.number(measure.form, value.value),
            order=str(value.value),
            note=note,
            place=f"{value.place}/{value.of}" if ranked else "",
            placed=placed,
            deltas=self._deltas(measure, value.changes),
            spark=spark,
        )

    def tile(self, measure: Measure, value: Value, more: str = "") -> Tile:
        cell = self.cell(measure, value)
        placed = PLACED.get(measure.key)
        ranked = placed and cell.place
        place = self.words.say(placed, place=value.place, of=value.of) if placed and ranked else cell.note
        return Tile(cell.head, cell.text, self.words.joined((place, more)), cell.deltas, cell.spark)

    def place(self, column: Column, asin: str) -> Cell:
        """Where a product stands for a keyword, as a result and as an ad."""
        place, keyword = column.places[asin], column.series.keyword
        spark = sparkline(place.days, inverted=True)
        ad = self.words.say("Ad {place:number}", place=place.sponsored) if place.sponsored else ""
        if place.why:
            why = "" if column.why else self.words.said(place.why)
            return Cell(keyword, NOTHING, "missing", note=" · ".join(filter(None, (why, ad))), spark=spark)
        deltas = self._together([self._moved(moved) if moved else None for moved in place.moved])
        if place.organic is None:
            beyond = self.words.say("> page {pages:number}", pages=place.beyond)
            return Cell(keyword, beyond, "beyond", note=ad, deltas=deltas, spark=spark)
        return Cell(
            keyword,
            self.words.number(place.organic),
            "first" if place.first else "",
            order=str(place.organic),
            note=ad,
            deltas=deltas,
            spark=spark,
        )

    def _moved(self, moved: Moved) -> Delta:
        sense = {1: "good", 0: "flat", -1: "bad"}[moved.better]
        if moved.before is None:
            note = self.words.say("beyond the pages read on {day:day}", day=moved.day)
            return Delta(self.words.say("new"), sense, note)
        note = self.words.say("{place:number} on {day:day}", place=moved.before, day=moved.day)
        if moved.after is None:
            return Delta(self.words.say("from {place:number}", place=moved.before), sense, note)
        return Delta(self._steps(moved.before - moved.after), sense, note)

    def _deltas(self, measure: Measure, changes: Sequence[Change | None]) -> tuple[Delta, ...]:
        return self._together([self._delta(measure, span, c) for span, c in zip(SPANS, changes, strict=False)])

    def _delta(self, measure: Measure, span: int, change: Change | None) -> Delta:
        if change is None:
            return Delta(NOTHING, "flat", self.words.say("nothing to compare with {span:days} before", span=span))
        gain = change.difference * measure.better
        sense = "good" if gain > 0 else "bad" if gain < 0 else "flat"
        was = self.number(measure.form, change.before)
        note = self.words.say("{value} on {day:day}", value=was, day=change.before_day)
        return Delta(self.change(measure, change), sense, note)

    def _together(self, deltas: Sequence[Delta | None]) -> tuple[Delta, ...]:
        """Each with the days that it looks back; those that say the same as one."""
        made = []
        each = [(delta, span) for delta, span in zip(deltas, SPANS, strict=False) if delta]
        for _, group in groupby(each, key=lambda item: (item[0].text, item[0].sense)):
            alike, back = zip(*group, strict=True)
            spans = "/".join(map(self.words.number, back))
            said = self.words.say("{spans} d {change}", spans=spans, change=alike[0].text)
            made.append(Delta(said, alike[0].sense, self.words.joined(dict.fromkeys(delta.note for delta in alike))))
        return tuple(made)

    def change(self, measure: Measure, change: Change) -> str:
        """By how much a value differs from before: ``−20.5 %`` of money, ``▲ 132`` of a rank, else ``+0.2``."""
        by = change.difference
        if not round(by, DIGITS.get(measure.form, 9)):
            return "="
        if measure.rank:
            return self._steps(-by)
        if measure.form is Form.SHARE:
            return self.words.say("{by} pp", by=self.words.signed(by, self.words.fixed(100 * abs(by), 1)))
        if measure.form is Form.MONEY and change.percent is not None:
            return self.words.percent(change.percent)
        return self.words.signed(by, self.number(measure.form, abs(by)))

    def _steps(self, up: Decimal | int) -> str:
        """So many places up, or down."""
        return "=" if not up else f"{'▲' if up > 0 else '▼'} {self.words.number(max(up, -up))}"

    def _spark(self, measure: Measure, days: Sequence[Number | None]) -> Markup:
        return sparkline([None if v is None else float(v) for v in days], inverted=measure.rank, log=measure.rank)
