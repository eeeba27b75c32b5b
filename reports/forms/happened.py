"""Sheets of what happened: flags, moves, promotions, changes of product pages, and every day as a row."""

import re
from collections.abc import Iterator
from decimal import Decimal

from reports.forms.daily import COLUMNS as DAILY
from reports.forms.daily import MONEY, Daily, daily
from reports.forms.sheet import Cell, Head, Line
from reports.forms.sheets import Sheets, figure
from reports.labels import KINDS, field_label
from reports.page.cells import Cells
from reports.page.contents import ContentsView
from reports.sections.promotions import Sort
from reports.sections.reasons import because
from reports.sections.values import Number
from reports.sentences import Said

SEVERITIES = {"high": "High", "medium": "Medium", "low": "Low"}
STATES = {"open": "lasts", "ended": "ended", "quiet": "nothing new any more"}
SPELLS = {
    Sort.COUPON: "Coupon",
    Sort.DEAL: "Deal",
    Sort.PRIME: "Prime price",
    Sort.STRUCK: "Struck-through price",
}
VERDICTS = frozenset({"better", "worse"})
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


class Happened(Sheets):
    """Flags, moves, promotions, content and days."""

    def flag_heads(self) -> list[Head]:
        heads = self.heads("Day", "Severity", "Product", "ASIN", "Kind", "Keyword")
        ends = self.heads("Before", "After", "Archived page before", "Archived page after", widest=18)
        return [*heads, self.prose("What happened"), *ends, *self.heads("Seen before (UTC)", "Seen (UTC)")]

    def flags(self) -> Iterator[Line]:
        for flag in self.report.flags:
            cells = [
                Cell(flag.day, "day"),
                Cell(self.say(SEVERITIES[flag.severity.word])),
                *self.named(flag.asin),
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

    def move_heads(self) -> list[Head]:
        heads = self.heads("Started", "State", "Ended", "Days", "Flags", "Severity", "Product", "ASIN")
        return [*heads, self.prose("What happened"), self.prose("What it did to you")]

    def moves(self) -> Iterator[Line]:
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
                *self.named(move.asin),
                Cell(view.sentence, "prose"),
                Cell(effects or None, "prose"),
            ]
            yield Line(cells, move.own)

    def promotion_heads(self) -> list[Head]:
        heads = self.heads("Product", "ASIN", "Promotion", "Badge", "Percent", "Amount", "Depth, up to", "First seen")
        return heads + self.heads("Last day without it before", "Last seen", "First day without it after")

    def promotions(self) -> Iterator[Line]:
        """One row a spell."""
        for product in self.report.promotions:
            for spell in product.spells:
                cells = [
                    *self.named(product.asin),
                    Cell(self.say(SPELLS[spell.sort])),
                    Cell(spell.badge),
                    Cell(spell.percent),
                    Cell(spell.amount, "money"),
                    Cell(figure(spell.depth), "share"),
                    Cell(spell.first, "day"),
                    Cell(spell.after, "day"),
                    Cell(spell.last, "day"),
                    Cell(spell.before, "day"),
                ]
                yield Line(cells, product.own)

    def content_heads(self) -> list[Head]:
        heads = self.heads("Product", "ASIN", "Part", "Day", "When", "What changed")
        ends = self.heads("Archived page before", "Archived page after", widest=18)
        return [*heads, self.prose("Before"), self.prose("After"), *ends]

    def contents(self) -> Iterator[Line]:
        view = ContentsView(self.report, Cells(self.words), self.telling)
        for change, told in zip(self.report.contents.changes, (*view.first, *view.others), strict=True):
            cells = [
                *self.named(change.asin),
                Cell(told.part),
                Cell(change.first, "day"),
                Cell(told.when),
                Cell(told.said or None),
                Cell(_text(change.before), "prose"),
                Cell(_text(change.after), "prose"),
                Cell(told.before),
                Cell(told.after),
            ]
            yield Line(cells, change.own)

    def daily_heads(self) -> list[Head]:
        return self.heads("Day", "Product", "ASIN", "Own", *(DAYS[name] for name in DAILY), "Not read")

    def daily(self) -> Iterator[Line]:
        for each in daily(self.report):
            values = [Cell(figure(each.values[n]), "money" if n in MONEY else FORMS.get(n, "number")) for n in DAILY]
            who, own = self.named(each.product.asin), each.product.own
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


def _text(shown: object) -> str | None:
    """A text of a page, or its bullets, one a line; None of what is no text."""
    if isinstance(shown, str):
        return shown
    lines = shown if isinstance(shown, tuple) else ()
    return "\n".join(lines) if lines and all(isinstance(each, str) for each in lines) else None


def _parsed(value: Number | str | None) -> Decimal | str | None:
    """What a flag says stood there: a number where it is one."""
    text = "" if value is None else str(value)
    return Decimal(text) if re.fullmatch(r"-?\d+(\.\d+)?", text, re.ASCII) else text or None
