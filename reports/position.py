"""Where each product stands: the cells of the position table, and the tiles of the own listing."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from reports.page.cells import SPANS, Cell, Delta, Tile
from reports.page.sparkline import sparkline
from reports.places import Places
from reports.series import Change, Comparison, ProductSeries
from reports.wording import NOTHING, Wording, ordinal, reason


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
        self.places = Places(comparison, words)

    def row(self, product: ProductSeries) -> tuple[Cell, ...]:
        """The cells of one product in the order of the table's columns."""
        return (
            self._value(product, PRICE),
            self._promotion(product),
            self._value(product, BSR, self._other_category(product)),
            self._value(product, RATING),
            self._value(product, REVIEWS),
            self._review_pace(product),
            *([self.places.page_one(product)] if self.comparison.keywords else []),
            self._stock(product),
            self._text(product, "Buy Box", "seller"),
        )

    def unread(self, product: ProductSeries) -> str:
        """Why the last crawl did not read the product, and when it was read last; empty when it was read."""
        if product.current(self.until) is not None:
            return ""
        failure = product.failure_on(self.comparison.days[-1])
        last = product.observations[-1] if product.observations else None
        seen = f", last read {self.words.day(last.day)}" if last else ""
        return reason(failure.outcome if failure else "not_crawled") + seen

    def _other_category(self, product: ProductSeries) -> str:
        """The main category of a product where it is not the own listing's: ranks of two cannot be compared."""
        own, now = self.comparison.own.current(self.until), product.current(self.until)
        return "" if now is None or (own and own.same_category(now)) else now.bsr_category or ""

    def _value(self, product: ProductSeries, measure: Measure, note: str = "") -> Cell:
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
        return Cell(measure.head, measure.show(self.words, value), note=note, deltas=deltas, spark=spark)

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
        return self.unread(product)

    def _promotion(self, product: ProductSeries) -> Cell:
        now = product.current(self.until)
        if now is None:
            return Cell("Coupon, deal", NOTHING, missing=True, note=self._why(product, "coupon_percent"))
        parts = []
        if now.coupon_percent:
            parts.append(f"Coupon {self.words.number(now.coupon_percent.normalize() + 0)} %")
        if now.coupon_amount:
            parts.append(f"Coupon {self.words.money(now.coupon_amount)}")
        if now.is_deal:
            parts.append(now.deal or "Deal")
        coupon = now.coupon_percent is not None or now.coupon_amount is not None
        unread = [] if coupon else [f for f in ("coupon_percent", "coupon_amount") if now.unread(f)]
        unread += ["is_deal"] if now.is_deal is None else []
        if not unread or now.in_stock is False:
            return Cell("Coupon, deal", " · ".join(parts) or "none")
        note = f"{'deal' if unread[0] == 'is_deal' else 'coupon'}: {self._why(product, unread[0])}"
        return Cell("Coupon, deal", " · ".join(parts) or NOTHING, missing=not parts, note=note)

    def _review_pace(self, product: ProductSeries) -> Cell:
        change = product.change(self.until, 7, lambda o: _decimal(o.review_count))
        if change is None:
            why = self.unread(product) or "needs a count now and 7 days before"
            return Cell("Per day", NOTHING, missing=True, note=why)
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
        pace = next(cell for cell in own if cell.head == "Per day")
        tiles = [
            self._tile(own, PRICE, "lowest", -1),
            self._tile(own, BSR, "best", -1),
            self._tile(own, RATING, "highest", 1),
            self._tile(own, REVIEWS, "most", 1, "" if pace.missing else f", {pace.text} a day"),
        ]
        if self.comparison.keywords:
            asin = self.comparison.own.asin
            reads = self.places.known(asin)
            first = sum(r.place(asin).organic_page == 1 for r in reads)
            unread = len(self.comparison.keywords) - len(reads)
            note = f"of {len(reads)} keyword{'' if len(reads) == 1 else 's'}" + (
                f", {unread} not known" if unread else ""
            )
            tiles.append(Tile("On page one", str(first) if reads else NOTHING, note, ()))
        return tiles

    def _tile(self, own: tuple[Cell, ...], measure: Measure, best: str, order: int, more: str = "") -> Tile:
        cell = next(c for c in own if c.head == measure.head)
        if cell.missing:
            return Tile(cell.head, cell.text, cell.note, ())
        now = [o for p in self.comparison.products if (o := p.current(self.until))]
        if measure is BSR:
            now = [o for o in now if o.same_category(now[0])]
            more = f" in {now[0].bsr_category}" if now[0].bsr_category else ""
        values = [v for o in now if (v := getattr(o, measure.field)) is not None]
        mine = getattr(now[0], measure.field)
        rank = 1 + sum((v - mine) * order > 0 for v in values)
        place = f"{best} of {len(values)}" if rank == 1 else f"{ordinal(rank)} {best} of {len(values)}"
        return Tile(cell.head, cell.text, place + more, cell.deltas)
