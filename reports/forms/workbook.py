"""The report as an Excel workbook: where each product stands, what changed, what was told, and every day as a row."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from reports.forms.daily import COLUMNS as DAILY
from reports.forms.daily import MONEY, Daily, daily
from reports.forms.sheet import Book, Cell, Head, Line
from reports.headline import headline
from reports.labels import KINDS, field_label
from reports.matrix import Moved
from reports.page.told import Telling
from reports.quality import Coverage, FieldCoverage
from reports.reasons import because
from reports.report import Report
from reports.series import Change
from reports.unread import defect, elsewhere, unread
from reports.values import SPANS, Form, Measure, Number, Said, Value
from reports.wording import Wording

SPAN = 1
"""Which of the spans the position sheet shows a change over: a week."""
SEVERITIES = {"high": "High", "medium": "Medium", "low": "Low"}
STATES = {"open": "lasts", "ended": "ended", "quiet": "nothing new any more"}
VERDICTS = frozenset({"better", "worse"})
SENSE = {1: "up", -1: "down", 0: "+"}
"""The formats of a change, by which way is better."""
DAYS = {
    "price": "Price",
    "list_price": "List price",
    "discount": "Discount",
    "coupon_percent": "Coupon, %",
    "coupon_amount": "Coupon, amount",
    "prime_price": "Prime price",
    "to_pay": "To pay",
    "is_deal": "Deal",
    "in_stock": "In stock",
    "stock_left": "Pieces left",
    "seller": "Buy Box",
    "offer_count": "Other offers",
    "bsr": "BSR",
    "bsr_category": "Category",
    "rating": "Rating",
    "review_count": "Reviews",
    "bought_past_month_min": "Bought past month, at least",
    "per_day": "Reviews per day",
    "page_one": "Page one",
}
"""Headings of the daily sheet."""
FORMS = {
    "coupon_percent": "text",
    "discount": "share",
    "rating": "fixed",
    "per_day": "fixed",
    "seller": "text",
    "bsr_category": "text",
}


def workbook(report: Report, language: str, generated_at: datetime) -> bytes:
    """The workbook of a report (XLSX), its words and figures in ``language``. The same data make the same file."""
    return _Workbook(report, language).made(generated_at)


class _Workbook:
    def __init__(self, report: Report, language: str) -> None:
        comparison = report.comparison
        self.report = report
        self.words = Wording(language, comparison.currency, comparison.time_zone)
        self.say = self.words.say
        self.telling = Telling(comparison, self.words)

    def made(self, generated_at: datetime) -> bytes:
        report, comparison = self.report, self.report.comparison
        days = self.words.span(report.period.days.first, report.period.days.last)
        night = self.words.said(headline(comparison, report.flags, report.period.sort))
        title = f"{comparison.listing} – {days}"
        about = {"title": title, "comments": night, "created": generated_at.astimezone(UTC).replace(tzinfo=None)}
        book = Book(
            self.words, about, title, self.say("Data up to {moment}.", moment=self.words.moment(comparison.until))
        )
        book.sheet(self.say("Position"), self._position_heads(), self._position(), unprinted=1)
        book.sheet(self.say("Changes"), self._change_heads(), self._changes())
        if report.keywords:
            book.sheet(self.say("Keywords"), self._keyword_heads(), self._keywords())
        book.sheet(self.say("Flags"), self._flag_heads(), self._flags(), unprinted=4)
        book.sheet(self.say("Moves"), self._move_heads(), self._moves())
        book.sheet(self.say("Daily"), self._daily_heads(), self._daily())
        book.sheet(self.say("Data quality"), self._quality_heads(), self._quality())
        book.sheet(self.say("Not read"), self._gap_heads(), self._gaps())
        book.sheet(self.say("About"), self._heads("About", ""), self._about(title, night))
        return book.close()

    def _heads(self, *texts: str) -> list[Head]:
        return [Head(self.say(text)) for text in texts]

    def _named(self, asin: str | None) -> list[Cell]:
        """Who it is, in two cells."""
        label = self.telling.whose(asin)
        return [Cell(f"{label.chip} {label.name}".strip()), Cell(label.asin)]

    def _position_heads(self) -> list[Head]:
        heads = self._heads("Product", "ASIN")
        legend = self.say("▲ better, ▼ worse for the product")
        for column in self.report.columns:
            heads.append(Head(self.say(column.head)))
            if column.form is not Form.TEXT:
                text = self.say("{what:said}: change over {span:days}", what=column.head, span=SPANS[SPAN])
                rule = f"{{cell}}*{column.better}" if column.better else ""
                heads.append(Head(text, rule=rule, note=legend if column.better else ""))
        return [*heads, Head(self.say("Title"))]

    def _position(self) -> Iterator[Line]:
        for row in self.report.rows:
            cells = self._named(row.product.asin)
            for column in self.report.columns:
                value = row.values[column.key]
                cells.append(self._value(column, value))
                if column.form is not Form.TEXT:
                    cells.append(_difference(column, value.changes[SPAN] if value.changes else None))
            yield Line([*cells, Cell(row.product.title)], row.product.own)

    def _value(self, column: Measure, value: Value) -> Cell:
        if value.missing:
            return Cell(None, note=self.words.said(value.why))
        note = self.words.said(value.note)
        if value.value is None:
            return Cell(self.words.said(value.said), note=note)
        return Cell(_figure(value.value), column.form.value, note)

    def _change_heads(self) -> list[Head]:
        heads = [*self._heads("Product", "ASIN", "Measure", "Now", "Better when", "Place", "Of")]
        for span in SPANS:
            ago = self.say("{span:days} before", span=span)
            heads += [
                Head(f"{ago}: {self.say('day')}"),
                Head(f"{ago}: {self.say('value')}"),
                Head(f"{ago}: {self.say('change')}", rule="{cell}*$E2"),
                Head(f"{ago}: {self.say('change in %')}", rule="{cell}*$E2"),
            ]
        return heads

    def _changes(self) -> Iterator[Line]:
        for column in self.report.columns:
            if column.form is Form.TEXT:
                continue
            for row in self.report.rows:
                value, who = row.values[column.key], self._named(row.product.asin)
                better = Cell(column.better, "better")
                cells = [*who, Cell(self.say(column.head)), self._value(column, value), better]
                cells += [Cell(value.place, "number"), Cell(value.of if value.place else None, "number")]
                for change in value.changes or (None,) * len(SPANS):
                    percent = change.percent / 100 if change and change.percent is not None else None
                    cells += [
                        Cell(change.before_day if change else None, "day"),
                        Cell(_figure(change.before) if change else None, column.form.value),
                        _difference(column, change),
                        Cell(_figure(percent), f"share{SENSE[column.better]}"),
                    ]
                yield Line(cells, row.product.own)

    def _keyword_heads(self) -> list[Head]:
        heads = self._heads("Keyword", "Product", "ASIN", "Organic place", "Not on the first … pages", "Ad place")
        legend = self.say("▲ better, ▼ worse for the product")
        for span in SPANS:
            heads.append(Head(self.say("change over {span:days}", span=span), rule="-{cell}", note=legend))
        return heads

    def _keywords(self) -> Iterator[Line]:
        for column in self.report.keywords:
            for row in self.report.rows:
                place = column.places[row.product.asin]
                moves = [
                    Cell(_figure(m.change.difference) if m and m.change else None, "numberdown", self._came(m))
                    for m in place.moved
                ]
                yield Line(
                    [
                        Cell(column.series.keyword),
                        *self._named(row.product.asin),
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

    def _flag_heads(self) -> list[Head]:
        heads = self._heads("Day", "Severity", "Product", "ASIN", "Kind", "Keyword")
        heads += [Head(self.say("What happened"), prose=True)]
        ends = self._heads("Before", "After", "Archived page before", "Archived page after")
        return heads + [head._replace(widest=18) for head in ends] + self._heads("Seen before (UTC)", "Seen (UTC)")

    def _flags(self) -> Iterator[Line]:
        for flag in self.report.flags:
            cells = [
                Cell(flag.day, "day"),
                Cell(self.say(SEVERITIES[flag.severity.word])),
                *self._named(flag.asin),
                Cell(self.say(KINDS[flag.kind])),
                Cell(flag.keyword),
                Cell(flag.said(str(self.words.locale)), "prose"),
                Cell(_parsed(flag.before)),
                Cell(_parsed(flag.after)),
                Cell(flag.evidence.before_hash),
                Cell(flag.evidence.after_hash),
                Cell(flag.before_at, "moment"),
                Cell(flag.observed_at, "moment"),
            ]
            yield Line(cells, flag.own)

    def _move_heads(self) -> list[Head]:
        heads = self._heads("Started", "State", "Ended", "Days", "Flags", "Severity", "Product", "ASIN")
        return [*heads, Head(self.say("What happened"), prose=True), Head(self.say("What it did to you"), prose=True)]

    def _moves(self) -> Iterator[Line]:
        for view in self.telling.moves(self.report.moves):
            move = view.move
            effects = "\n".join(text for verdict, text in view.effects if verdict in VERDICTS)
            cells = [
                Cell(move.started, "day"),
                Cell(self.say(STATES[move.state])),
                Cell(move.ended, "day"),
                Cell(move.duration, "number"),
                Cell(move.flags, "number"),
                Cell(self.say(SEVERITIES[move.severity.word])),
                *self._named(move.asin),
                Cell(view.sentence, "prose"),
                Cell(effects or None, "prose"),
            ]
            yield Line(cells, move.own)

    def _daily_heads(self) -> list[Head]:
        return self._heads("Day", "Product", "ASIN", "Own", *(DAYS[name] for name in DAILY), "Not read")

    def _daily(self) -> Iterator[Line]:
        for each in daily(self.report):
            values = [Cell(_figure(each.values[n]), "money" if n in MONEY else FORMS.get(n, "number")) for n in DAILY]
            who, own = self._named(each.product.asin), each.product.own
            yield Line([Cell(each.day, "day"), *who, Cell(own), *values, Cell(self._lacks(each))], own)

    def _lacks(self, each: Daily) -> str | None:
        """Why there is no page of a day, or which values could not be read on it; nothing of what it does not show."""
        if each.reason:
            return self.words.said(because(each.reason))
        found = [
            Said("{field:said}: {why}", {"field": field_label(name), "why": because(code)})
            for name, code in each.unread.items()
        ]
        return self.words.said(found) or None

    def _quality_heads(self) -> list[Head]:
        return self._heads("What", "ASIN", "Read", "Of", "Share read", "Not asked for", "Why not")

    def _quality(self) -> Iterator[Line]:
        found = self.report.quality
        for each in found.products:
            yield self._coverage(self._named(each.name), each)
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
            Cell(_figure(share), "share"),
            Cell(idle, "number"),
            Cell(self.words.said(reasons) or None),
        ]
        return Line(cells, own)

    def _gap_heads(self) -> list[Head]:
        return self._heads("What", "ASIN", "Field", "From", "To", "Days", "Why not")

    def _gaps(self) -> Iterator[Line]:
        for gap in self.report.comparison.gaps:
            name = self._named(gap.asin) if gap.asin else [Cell(f"“{gap.keyword}”"), Cell(None)]
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

    def _about(self, title: str, night: str) -> Iterator[Line]:
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


def _difference(column: Measure, change: Change | None) -> Cell:
    return Cell(_figure(change.difference) if change else None, f"{column.form.value}{SENSE[column.better]}")


def _figure(value: Any) -> Any:
    """A number with digits that mean something; anything else as it is."""
    return round(value, 6) if isinstance(value, Decimal) else value


def _parsed(value: Number | str | None) -> Decimal | str | None:
    """What a flag says stood there: a number where it is one."""
    text = "" if value is None else str(value)
    return Decimal(text) if re.fullmatch(r"-?\d+(\.\d+)?", text, re.ASCII) else text or None
