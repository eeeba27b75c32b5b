"""Where each product stands: the cells of the position table, the keyword matrix and the own tiles."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from markupsafe import Markup

from reports.series import Change, Comparison, KeywordSeries, ProductSeries
from reports.sparkline import sparkline
from reports.wording import NOTHING, Wording, ordinal, reason

SPANS = (1, 7)
"""Days the tables look back."""


@dataclass(frozen=True, slots=True)
class Delta:
    text: str
    sense: str
    """good, bad or flat: whether it is better for the product it stands beside."""
    note: str


@dataclass(frozen=True, slots=True)
class Cell:
    head: str
    text: str
    missing: bool = False
    note: str = ""
    deltas: tuple[Delta, ...] = ()
    spark: Markup | None = None


@dataclass(frozen=True, slots=True)
class Tile:
    """Where the own listing stands in one measure."""

    name: str
    text: str
    place: str
    deltas: tuple[Delta, ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """A column of numbers: how its values and changes read, and which way is better."""

    head: str
    field: str
    show: Callable[[Wording, Decimal], str]
    change: Callable[[Wording, Change], str]
    better: int = 0
    """1: more is better, -1: less is, 0: neither."""
    rank: bool = False


def _decimal(value: Decimal | int | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _money(w: Wording, change: Change) -> str:
    percent = f" ({w.percent(change.percent)})" if change.percent is not None else ""
    return w.signed(change.difference, w.money(abs(change.difference))) + percent


def _rank(w: Wording, change: Change) -> str:
    return f"{'▲' if change.difference < 0 else '▼'} {w.number(abs(change.difference))}"


def _points(w: Wording, change: Change) -> str:
    return w.signed(change.difference, w.fixed(abs(change.difference), 1))


def _count(w: Wording, change: Change) -> str:
    return w.signed(change.difference, w.number(abs(change.difference)))


PRICE = Measure("Price", "price", Wording.money, _money)
BSR = Measure("BSR", "bsr", Wording.number, _rank, better=-1, rank=True)
RATING = Measure("Rating", "rating", lambda w, v: w.fixed(v, 1), _points, better=1)
REVIEWS = Measure("Reviews", "review_count", Wording.number, _count)


class Position:
    """Cells of one comparison."""

    def __init__(self, comparison: Comparison, words: Wording) -> None:
        self.comparison = comparison
        self.words = words
        self.until = comparison.until

    def row(self, product: ProductSeries) -> tuple[Cell, ...]:
        """The cells of one product in the order of the table's columns."""
        return (
            self._value(product, PRICE),
            self._promotion(product),
            self._value(product, BSR),
            self._value(product, RATING),
            self._value(product, REVIEWS),
            self._review_pace(product),
            self._stock(product),
            self._text(product, "Buy Box", "seller"),
        )

    def _value(self, product: ProductSeries, measure: Measure) -> Cell:
        daily = [product.daily.get(day) for day in self.comparison.days]
        values = [None if o is None else _decimal(getattr(o, measure.field)) for o in daily]
        spark = sparkline(
            [None if v is None else float(v) for v in values],
            label=f"{measure.head} over {len(values)} days",
            inverted=measure.rank,
            log=measure.rank,
        )
        now = product.current(self.until)
        value = getattr(now, measure.field) if now else None
        if value is None:
            return Cell(measure.head, NOTHING, missing=True, note=self._why(product, measure.field), spark=spark)
        deltas = tuple(self._delta(product, measure, days) for days in SPANS)
        return Cell(measure.head, measure.show(self.words, value), deltas=deltas, spark=spark)

    def _delta(self, product: ProductSeries, measure: Measure, days: int) -> Delta:
        change = product.change(self.until, days, lambda o: _decimal(getattr(o, measure.field)))
        if change is None:
            return Delta(f"{days} d {NOTHING}", "flat", f"no value {days} days before to compare with")
        gain = change.difference * measure.better
        sense = "good" if gain > 0 else "bad" if gain < 0 else "flat"
        text = measure.change(self.words, change) if change.difference else "="
        note = f"was {measure.show(self.words, change.before)} on {self.words.day(change.before_day)}"
        return Delta(f"{days} d {text}", sense, note)

    def _why(self, product: ProductSeries, field: str) -> str:
        """Why there is no current value, and when there was one."""
        now = product.current(self.until)
        if now is not None:
            if field == "price" and now.foreign_price is not None:
                amount, currency = now.foreign_price
                shown = self.words.money(amount, currency) if currency else self.words.number(amount)
                return f"shown as {shown}: not compared"
            if now.in_stock is False and field in {"price", "seller"}:
                return "out of stock"
            return reason(now.missing.get(field, "no_reason_recorded"))
        failure = product.failure_on(self.comparison.days[-1])
        last = product.observations[-1] if product.observations else None
        seen = f", last read {self.words.day(last.day)}" if last else ""
        return reason(failure.outcome if failure else "not_crawled") + seen

    def _promotion(self, product: ProductSeries) -> Cell:
        now = product.current(self.until)
        if now is None:
            return Cell("Coupon, deal", NOTHING, missing=True, note=self._why(product, "coupon_percent"))
        parts = []
        if now.coupon_percent:
            parts.append(f"Coupon {self.words.number(now.coupon_percent.normalize())} %")
        if now.coupon_amount:
            parts.append(f"Coupon {self.words.money(now.coupon_amount)}")
        if now.is_deal:
            parts.append(now.deal or "Deal")
        unread = [f for f in ("coupon_percent", "is_deal") if now.unread(f)]
        if unread and not parts:
            return Cell("Coupon, deal", NOTHING, missing=True, note=self._why(product, unread[0]))
        return Cell("Coupon, deal", " · ".join(parts) or "none")

    def _review_pace(self, product: ProductSeries) -> Cell:
        change = product.change(self.until, 7, lambda o: _decimal(o.review_count))
        if change is None:
            return Cell("Per day", NOTHING, missing=True, note="needs a count 7 days before")
        now = product.current(self.until)
        nights = (now.day - change.before_day).days if now else 7
        note = f"{self.words.number(change.difference)} in {nights} days"
        return Cell("Per day", self.words.fixed(change.difference / nights, 1), note=note)

    def _stock(self, product: ProductSeries) -> Cell:
        now = product.current(self.until)
        if now is None or now.in_stock is None:
            return Cell("Stock", NOTHING, missing=True, note=self._why(product, "in_stock"))
        if not now.in_stock:
            return Cell("Stock", "Out", note=now.availability or "")
        return Cell("Stock", f"{now.stock_left} left" if now.stock_left else "In stock")

    def _text(self, product: ProductSeries, head: str, field: str) -> Cell:
        now = product.current(self.until)
        value = getattr(now, field) if now else None
        return Cell(head, value) if value else Cell(head, NOTHING, missing=True, note=self._why(product, field))

    def tiles(self) -> list[Tile]:
        """The own listing at a glance, each measure with its rank among the products known now."""
        own = self.row(self.comparison.own)
        pace = next(cell.text for cell in own if cell.head == "Per day")
        tiles = [
            self._tile(own, PRICE, "lowest", -1),
            self._tile(own, BSR, "best", -1),
            self._tile(own, RATING, "highest", 1),
            self._tile(own, REVIEWS, "most", 1, f", {pace} a day"),
        ]
        if self.comparison.keywords:
            reads = [r for k in self.comparison.keywords if (r := k.current(self.until))]
            first = sum(r.place(self.comparison.own.asin).organic_page == 1 for r in reads)
            unread = len(self.comparison.keywords) - len(reads)
            note = f"of {len(reads)} keywords" + (f", {unread} not read" if unread else "")
            tiles.append(Tile("On page one", str(first) if reads else NOTHING, note, ()))
        return tiles

    def _tile(self, own: tuple[Cell, ...], measure: Measure, best: str, order: int, more: str = "") -> Tile:
        cell = next(c for c in own if c.head == measure.head)
        if cell.missing:
            return Tile(cell.head, cell.text, cell.note, ())
        now = [o for p in self.comparison.products if (o := p.current(self.until))]
        values = [v for o in now if (v := getattr(o, measure.field)) is not None]
        mine = getattr(self.comparison.own.current(self.until), measure.field)
        rank = 1 + sum((v - mine) * order > 0 for v in values)
        place = f"{best} of {len(values)}" if rank == 1 else f"{ordinal(rank)} {best} of {len(values)}"
        return Tile(cell.head, cell.text, place + more, cell.deltas)

    def place(self, series: KeywordSeries, asin: str) -> Cell:
        """Organic place with its change, and the ad's place, in the newest reading."""
        now = series.current(self.until)
        if now is None:
            last = series.daily.get(self.comparison.days[-1])
            return Cell(series.keyword, NOTHING, missing=True, note=reason((last and last.reason) or "not_crawled"))
        place = now.place(asin)
        ad = f"Ad {place.sponsored}" if place.sponsored else ""
        if not now.known(asin):
            return Cell(series.keyword, NOTHING, missing=True, note=f"{reason('ambiguous')} {ad}".strip())
        deltas = [d for days in SPANS if (d := self._moved(series, asin, days))]
        values = [
            r.place(asin).organic if (r := series.daily.get(day)) and r.known(asin) else None
            for day in self.comparison.days
        ]
        text = str(place.organic) if place.organic else f"> page {now.pages_read}"
        spark = sparkline(values, label=f"organic place for {series.keyword}", inverted=True)
        return Cell(series.keyword, text, note=ad, deltas=tuple(deltas), spark=spark)

    def _moved(self, series: KeywordSeries, asin: str, days: int) -> Delta | None:
        """The organic place against the reading ``days`` days before; None when both are beyond the pages."""
        now = series.current(self.until)
        earlier = [
            read
            for back in range(days, days + days // 7 + 1)
            if now and (read := series.daily.get(now.day - timedelta(days=back))) and read.known(asin)
        ]
        if now is None or not earlier:
            return None
        then = earlier[0]
        before, after = then.place(asin).organic, now.place(asin).organic
        day = self.words.day(then.day)
        if before is None:
            return Delta(f"{days} d new", "good", f"was beyond page {then.pages_read} on {day}") if after else None
        if after is None:
            return Delta(f"{days} d from {before}", "bad", f"was at {before} on {day}")
        moved = "=" if before == after else f"{'▲' if after < before else '▼'} {abs(before - after)}"
        sense = "flat" if before == after else "good" if after < before else "bad"
        return Delta(f"{days} d {moved}", sense, f"was at {before} on {day}")
