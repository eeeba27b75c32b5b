"""Where each product stands at the end of the period: the rows of the position table, as values."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from reports.period import Days
from reports.sections import offered
from reports.sections.reasons import because, why
from reports.sections.values import SPANS, Form, Measure, Number, Value
from reports.sentences import Said
from reports.series import Change, Comparison, KeywordSeries, Observation, ProductSeries

WEEK = 7

PRICE = Measure("price", "Price", Form.MONEY, first=-1)
TO_PAY = Measure("to_pay", "To pay", Form.MONEY, first=-1)
DISCOUNT = Measure("discount", "Discount", Form.SHARE, first=1)
PROMOTION = Measure("promotion", "Coupon, deal", Form.TEXT)
BSR = Measure("bsr", "BSR", Form.NUMBER, better=-1, first=-1, rank=True)
RATING = Measure("rating", "Rating", Form.FIXED, better=1, first=1)
REVIEWS = Measure("review_count", "Reviews", Form.NUMBER, first=1)
PER_DAY = Measure("per_day", "Reviews per day", Form.FIXED, first=1)
PAGE_ONE = Measure("page_one", "Page one", Form.NUMBER, better=1)
STOCK = Measure("stock", "Stock", Form.TEXT)
BUY_BOX = Measure("buy_box", "Buy Box", Form.TEXT)
BADGES = Measure("badges", "Badges", Form.TEXT)
COLUMNS = (PRICE, TO_PAY, DISCOUNT, PROMOTION, BSR, RATING, REVIEWS, PER_DAY, PAGE_ONE, STOCK, BUY_BOX, BADGES)
"""In the order of the table. Page one is left out where no keyword is watched."""


@dataclass(frozen=True, slots=True)
class Row:
    """One product: its values by the key of their measure."""

    product: ProductSeries
    now: Observation | None
    """What stands for the end of the period; None when its page was not read then."""
    unread: tuple[Said, ...]
    """Why not, and when it was read last; empty when it was."""
    values: Mapping[str, Value]


def table(comparison: Comparison, shown: Days) -> tuple[tuple[Measure, ...], tuple[Row, ...]]:
    """The columns, and a row for each product, the own one first. ``shown``: the days of each value's series."""
    columns = tuple(c for c in COLUMNS if c is not PAGE_ONE or comparison.keywords)
    made = [_Maker(comparison, product, tuple(shown)) for product in comparison.products]
    found = [{column.key: maker.value(column) for column in columns} for maker in made]
    for column in columns:
        if column.first:
            _place(column, made, found)
    rows = zip(made, found, strict=True)
    return columns, tuple(Row(maker.product, maker.now, maker.unread, values) for maker, values in rows)


def _place(column: Measure, made: list["_Maker"], found: list[dict[str, Value]]) -> None:
    """Number the values of a column by order; ranks only among those of the own listing's category."""
    own = made[0].now
    compared = [
        n
        for n, (maker, values) in enumerate(zip(made, found, strict=True))
        if values[column.key].value is not None
        and (column is not BSR or (own is not None and maker.now is not None and own.same_category(maker.now)))
    ]
    numbers = {n: found[n][column.key].value for n in compared}
    for n, value in numbers.items():
        better = sum((other - value) * column.first > 0 for other in numbers.values())  # type: ignore[operator]
        found[n][column.key] = found[n][column.key].placed(1 + better, len(numbers))


class _Maker:
    """Makes the values of one product."""

    def __init__(self, comparison: Comparison, product: ProductSeries, days: tuple[date, ...]) -> None:
        self.comparison = comparison
        self.product = product
        self.days = days
        self.until = comparison.until
        self.now = product.current(self.until)
        self.unread = () if self.now else self._unread()

    def value(self, column: Measure) -> Value:
        now = self.now
        if column is PAGE_ONE:
            return self._page_one()
        if now is None:
            return Value(None, why=self.unread, days=() if column.form is Form.TEXT else self._days(column))
        if column is PER_DAY:
            return self._pace(now.day)
        return offered.TEXTS[column.key](now) if column.form is Form.TEXT else self._number(now, column)

    def _unread(self) -> tuple[Said, ...]:
        failure = self.product.failure_on(self.comparison.night)
        last = self.product.observations[-1] if self.product.observations else None
        lost = because(failure.outcome if failure else "not_crawled")
        return (lost, Said("last read {day:day}", {"day": last.day})) if last else (lost,)

    def _number(self, now: Observation, column: Measure) -> Value:
        getter, days = self._getter(column), self._days(column)
        value = getter(now)
        if value is None:
            return Value(None, why=why(now, column.key), days=days)
        changes = tuple(self.product.change(self.until, span, getter) for span in SPANS)
        return Value(value, note=self._category() if column is BSR else (), changes=changes, days=days)

    def _getter(self, column: Measure) -> Callable[[Observation], Decimal | None]:
        """What a measure is of an observation; ranks are those in the category of the newest."""
        getter = GETTERS[column.key]
        newest = next((seen for seen in reversed(self.product.observations) if seen.bsr is not None), None)
        if column is not BSR or newest is None:
            return getter
        return lambda seen: getter(seen) if seen.same_category(newest) else None

    def _days(self, column: Measure) -> tuple[Number | None, ...]:
        if column is PER_DAY:
            return tuple(self._pace_on(day)[0] for day in self.days)
        if column is PAGE_ONE:
            return tuple(self._first_pages(day, self._watched(day)) for day in self.days)
        getter, daily = self._getter(column), self.product.daily
        return tuple(getter(seen) if (seen := daily.get(day)) else None for day in self.days)

    def _category(self) -> tuple[Said, ...]:
        """The main category of a product where it is not the own listing's: ranks of two cannot be compared."""
        own, now = self.comparison.own.current(self.until), self.now
        if now is None or not now.bsr_category or (own and own.same_category(now)):
            return ()
        return (Said("{category}", {"category": now.bsr_category}),)

    def _pace_on(self, day: date) -> tuple[Decimal | None, int, int]:
        """Reviews gained a night up to a day, how many, and over how many nights: a week, or one night more."""
        daily = self.product.daily
        after = seen.review_count if (seen := daily.get(day)) else None
        for back in (WEEK, WEEK + 1):
            then = daily.get(day - timedelta(days=back))
            if after is not None and then is not None and then.review_count is not None:
                gained = after - then.review_count
                return Decimal(gained) / back, gained, back
        return None, 0, 0

    def _pace(self, day: date) -> Value:
        value, gained, nights = self._pace_on(day)
        days = self._days(PER_DAY)
        if value is None:
            return Value(None, why=(Said("needs a count now and 7 days before"),), days=days)
        changes = tuple(self._changed(day, span, value, lambda then: self._pace_on(then)[0]) for span in SPANS)
        note = Said("{gained:number} in {nights:days}", {"gained": gained, "nights": nights})
        return Value(value, note=(note,), changes=changes, days=days)

    def _watched(self, day: date) -> list[KeywordSeries]:
        return [series for series in self.comparison.keywords if series.watched_on(day)]

    def _first_pages(self, day: date, among: Collection[KeywordSeries]) -> int | None:
        """On how many of these keywords the product was on page one; None where that is not known of all of them."""
        asin = self.product.asin
        reads = [read for series in among if (read := series.daily.get(day)) and read.known(asin)]
        if not reads or len(reads) < len(among):
            return None
        return sum(read.place(asin).organic_page == 1 for read in reads)

    def _page_one(self) -> Value:
        asin, days = self.product.asin, self._days(PAGE_ONE)
        known = [(k, r) for k in self.comparison.keywords if (r := k.current(self.until)) and r.known(asin)]
        if not known:
            return Value(None, why=(Said("no keyword read"),), days=days)
        words, reads = zip(*known, strict=True)
        places = [read.place(asin) for read in reads]
        count = sum(place.organic_page == 1 for place in places)
        best = min((place.organic for place in places if place.organic), default=None)
        of = Said("of {known:count keyword|keywords}", {"known": len(reads)})
        where = Said("best: {best:number}", {"best": best}) if best else beyond(min(read.pages_read for read in reads))

        newest = max(read.day for read in reads)
        changes = tuple(
            self._changed(newest, span, Decimal(count), lambda day: self._first_pages(day, words)) for span in SPANS
        )
        return Value(count, note=(of, where), changes=changes, days=days)

    def _changed(self, day: date, span: int, after: Decimal, value: Callable[[date], Number | None]) -> Change | None:
        """A value of a day against the one so many days before, or the nearest day up to one in seven further back."""
        for back in range(span, span + span // WEEK + 1):
            before = value(day - timedelta(days=back))
            if before is not None:
                return Change(day - timedelta(days=back), Decimal(before), after)
        return None


def beyond(pages: int) -> Said:
    """What is said of a place that is on none of the pages read."""
    return Said("> page {pages:number}", {"pages": pages})


def discount(seen: Observation) -> Decimal | None:
    """Share of the list price by which the price is below it; 0 where no list price above it is shown."""
    if seen.price is None or (seen.list_price is None and seen.unread("list_price")):
        return None
    if seen.list_price is None or seen.list_price <= seen.price:
        return Decimal(0)
    return (seen.list_price - seen.price) / seen.list_price


def _decimal(field: str) -> Callable[[Observation], Decimal | None]:
    def get(seen: Observation) -> Decimal | None:
        value = getattr(seen, field)
        return None if value is None else Decimal(value)

    return get


GETTERS: Mapping[str, Callable[[Observation], Decimal | None]] = {
    "price": _decimal("price"),
    "to_pay": lambda seen: seen.to_pay,
    "discount": discount,
    "bsr": _decimal("bsr"),
    "rating": _decimal("rating"),
    "review_count": _decimal("review_count"),
}
