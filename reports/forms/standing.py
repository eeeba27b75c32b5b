"""Sheets of where each product stands: now, against days before, for each keyword, and of the search results."""

from collections.abc import Iterator

from reports.forms.sheet import Cell, Head, Line
from reports.forms.sheets import SENSE, Sheets, difference, figure, graded
from reports.sections.against import ADS, SHARE, Summary, measures
from reports.sections.matrix import Moved
from reports.sections.share import Held
from reports.sections.values import SPANS, Form, Measure, Value
from reports.series import Change

SPAN = 1
"""Which of the spans the position sheet shows a change over: a week."""


class Standing(Sheets):
    """Position, changes, keywords, share of search, and the two periods."""

    def position_heads(self) -> list[Head]:
        heads = self.heads("Product", "ASIN")
        for column in self.report.columns:
            heads.append(Head(self.say(column.head)))
            if column.form is not Form.TEXT:
                text = self.say("{what:said}: change over {span:days}", what=column.head, span=SPANS[SPAN])
                heads.append(Head(text, rule=graded(column), note=self.legend if column.better else ""))
        return [*heads, Head(self.say("Title"))]

    def position(self) -> Iterator[Line]:
        for row in self.report.rows:
            cells = self.named(row.product.asin)
            for column in self.report.columns:
                value = row.values[column.key]
                cells.append(self._value(column, value))
                if column.form is not Form.TEXT:
                    cells.append(_change(column, value.changes[SPAN] if value.changes else None))
            yield Line([*cells, Cell(row.product.title)], row.product.own)

    def _value(self, column: Measure, value: Value) -> Cell:
        if value.missing:
            return Cell(None, note=self.words.said(value.why))
        note = self.words.said(value.note)
        if value.value is None:
            return Cell(self.words.said(value.said), note=note)
        return Cell(figure(value.value), column.form.value, note)

    def change_heads(self) -> list[Head]:
        heads = self.heads("Product", "ASIN", "Measure", "Now", "Better when", "Place", "Of")
        for span in SPANS:
            heads += [
                Head(self.say("{span:days} before: day", span=span)),
                Head(self.say("{span:days} before: value", span=span)),
                Head(self.say("{span:days} before: change since", span=span), rule="{cell}*$E2", note=self.legend),
                Head(self.say("{span:days} before: change in %", span=span), rule="{cell}*$E2"),
            ]
        return heads

    def changes(self) -> Iterator[Line]:
        for column in self.report.columns:
            if column.form is Form.TEXT:
                continue
            for row in self.report.rows:
                value, who = row.values[column.key], self.named(row.product.asin)
                better = Cell(column.better, "better")
                cells = [*who, Cell(self.say(column.head)), self._value(column, value), better]
                cells += [Cell(value.place, "number"), Cell(value.of if value.place else None, "number")]
                for change in value.changes or (None,) * len(SPANS):
                    percent = change.percent / 100 if change and change.percent is not None else None
                    cells += [
                        Cell(change.before_day if change else None, "day"),
                        Cell(figure(change.before) if change else None, column.form.value),
                        _change(column, change),
                        Cell(figure(percent), f"share{SENSE[column.better]}"),
                    ]
                yield Line(cells, row.product.own)

    def keyword_heads(self) -> list[Head]:
        heads = self.heads("Keyword", "Product", "ASIN", "Organic place", "Not on the first … pages", "Ad place")
        for span in SPANS:
            heads.append(Head(self.say("change over {span:days}", span=span), rule="-{cell}", note=self.legend))
        return heads

    def keywords(self) -> Iterator[Line]:
        for column in self.report.keywords:
            for row in self.report.rows:
                place = column.places[row.product.asin]
                moves = [
                    Cell(figure(m.change.difference) if m and m.change else None, "numberdown", self._came(m))
                    for m in place.moved
                ]
                yield Line(
                    [
                        Cell(column.series.keyword),
                        *self.named(row.product.asin),
                        Cell(place.organic, "number", self.words.said(place.why)),
                        Cell(place.beyond, "number"),
                        Cell(place.sponsored, "number"),
                        *moves,
                    ],
                    row.product.own,
                )

    def _came(self, moved: Moved | None) -> str:
        """Of a place that came from beyond the pages read, or went there: what it was."""
        if moved is None or moved.change is not None:
            return ""
        if moved.before is None:
            return self.say("beyond the pages read on {day:day}", day=moved.day)
        return self.say("{place:number} on {day:day}", place=moved.before, day=moved.day)

    def period_heads(self) -> list[Head]:
        heads = self.heads("Product", "ASIN", "Measure", "This period", "Better when", "Earlier period", "Change")
        heads[-1] = heads[-1]._replace(rule="{cell}*$E2", note=self.legend)
        return heads + self.heads("Days it rests on", "Days before")

    def periods(self) -> Iterator[Line]:
        """One row a measure and product, of both periods."""
        for column in measures(self.report.comparison):
            for product in self.report.against:
                value = product.values[column.key]
                cells = [
                    *self.named(product.asin),
                    Cell(self.say(column.head)),
                    self._summary(column, value.now),
                    Cell(column.better, "better"),
                    self._summary(column, value.before),
                    difference(column, value.difference),
                    Cell(value.now.of, "number"),
                    Cell(value.before.of, "number"),
                ]
                yield Line(cells, product.own)

    def _summary(self, column: Measure, found: Summary) -> Cell:
        return Cell(figure(found.value), column.form.value, self.words.said(found.why))

    def share_heads(self) -> list[Head]:
        heads = self.heads("Keyword", "Product", "ASIN", "Share of the results", "Results before", "Results: change")
        heads += self.heads("Share of the ads", "Ads before", "Ads: change")
        heads[5] = heads[5]._replace(rule="{cell}", note=self.legend)
        return heads

    def shares(self) -> Iterator[Line]:
        """Of all keywords together first, then of each; those that are watched before the biggest of the others."""
        share = self.report.share
        holders = (*share.products, *share.strangers)
        every = self.say("all keywords")
        for n, keyword in enumerate((every, *share.keywords)):
            for holder in holders:
                organic, sponsored = holder.keywords[n - 1] if n else (holder.organic, holder.sponsored)
                title = None if holder.asin in self.telling.labels else holder.title
                who = self.named(holder.asin, title)
                yield Line([Cell(keyword), *who, *_held(SHARE, organic), *_held(ADS, sponsored)], holder.own)


def _change(column: Measure, change: Change | None) -> Cell:
    return difference(column, change.difference if change else None)


def _held(column: Measure, held: Held) -> Iterator[Cell]:
    yield Cell(figure(held.share), "share")
    yield Cell(figure(held.before), "share")
    yield difference(column, held.change)
