"""What each chart of the report shows, as values by day: None wherever nothing is known.

The static pictures (:mod:`reports.page.plot`) and the charts that a script draws (:mod:`reports.page.payload`) are made
of the same.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from reports.flags import Kind
from reports.report import Report
from reports.sections.table import Row
from reports.sections.values import Form, Number
from reports.sentences import Said
from reports.series import KeywordRead, KeywordSeries, Observation, ProductSeries

Line = tuple[Number | None, ...]
"""Of one product, by day."""


@dataclass(frozen=True, slots=True)
class Chart:
    """Lines of all products over the days shown."""

    key: str
    topic: str
    """Charts of one topic take turns in one place; a flag is marked on those of its own."""
    title: Said
    note: Said
    form: Form
    lines: tuple[Line, ...]
    """In the order of the comparison's products, the own listing first."""
    log: bool = False
    upside_down: bool = False
    """Whether small values stand on top, as ranks do."""
    keyword: str | None = None
    beyond: tuple[Line, ...] = ()
    """Of places: how many result pages were read in vain, on days when the product was not among them."""
    first_page: int = 0
    """Of places: so many organic results stand on page one."""

    @property
    def printed(self) -> bool:
        """Whether it stands on paper too: of other topics than keywords, the first one does."""
        return self.key not in {"price", "review_count", "sessions"}


@dataclass(frozen=True, slots=True)
class Spot:
    """A product on the map of price and rating."""

    product: int
    price: Number
    rating: Number
    reviews: int | None


@dataclass(frozen=True, slots=True)
class Map:
    """Price to pay against rating, as read last."""

    spots: tuple[Spot, ...]
    absent: tuple[tuple[int, tuple[Said, ...]], ...]
    """Products that lack one of the two, with what is known of why."""

    @property
    def price(self) -> float:
        """The median of the prices."""
        return median(float(spot.price) for spot in self.spots)

    @property
    def rating(self) -> float:
        """The median of the ratings."""
        return median(float(spot.rating) for spot in self.spots)


TOPICS = {
    **dict.fromkeys(
        (
            Kind.BSR_JUMP, Kind.BSR_SLUMP, Kind.TOP_RANK_ENTERED, Kind.TOP_RANK_LEFT, Kind.BADGE_GAINED,
            Kind.BADGE_LOST, Kind.TITLE_CHANGED, Kind.BULLETS_CHANGED, Kind.IMAGE_CHANGED, Kind.VARIATIONS_CHANGED,
            Kind.A_PLUS_CHANGED, Kind.VIDEO_CHANGED, Kind.CATEGORY_CHANGED, Kind.NEWLY_WATCHED, Kind.MARKET_BSR,
        ),
        "bsr",
    ),
    **dict.fromkeys((Kind.REVIEW_BURST, Kind.REVIEWS_REMOVED, Kind.REVIEWS_MERGED, Kind.MARKET_REVIEWS), "reviews"),
    **dict.fromkeys((Kind.RATING_ROSE, Kind.RATING_FELL, Kind.LOW_STAR_WAVE), "rating"),
    **dict.fromkeys(
        (
            Kind.KEYWORD_GAINED, Kind.KEYWORD_LOST, Kind.PLACE_CLIMBED, Kind.PLACE_FELL, Kind.PASSED_OWN,
            Kind.SPONSORED_GAINED, Kind.SPONSORED_LOST, Kind.NEWCOMER,
        ),
        "place",
    ),
    **dict.fromkeys((Kind.SHARE_GAINED, Kind.SHARE_LOST), "share"),
}  # fmt: skip
"""Where a flag is marked; any other is one of the offer, and marked on the price."""


def topic(kind: Kind) -> str:
    """The topic of the charts on which a flag is marked."""
    return TOPICS.get(kind, "price")


def charts(report: Report) -> Iterator[Chart]:
    """All charts of a report over the days shown, in the order of the page."""
    comparison, days = report.comparison, tuple(report.shown)
    products = comparison.products

    def lines(value: Callable[[Observation], Number | None]) -> tuple[Line, ...]:
        return tuple(tuple(value(o) if (o := p.daily.get(day)) else None for day in days) for p in products)

    reviews = lines(lambda o: o.review_count)
    yield Chart(
        "to_pay", "price", Said("Price to pay"),
        Said("after coupon, for Prime members; {currency}", {"currency": comparison.currency}),
        Form.MONEY, lines(lambda o: o.to_pay),
    )  # fmt: skip
    yield Chart(
        "price", "price", Said("Listed price"),
        Said("in the Buy Box, before coupon; {currency}", {"currency": comparison.currency}),
        Form.MONEY, lines(lambda o: o.price),
    )  # fmt: skip
    yield Chart(
        "bsr", "bsr", Said("Best Sellers Rank"), Said("in the main category; logarithmic, the best on top"),
        Form.NUMBER, tuple(row.values["bsr"].days for row in report.rows), log=True, upside_down=True,
    )  # fmt: skip
    yield Chart(
        "new_reviews", "reviews", Said("New reviews"), Said("since the first day shown that has a count"),
        Form.NUMBER, tuple(map(_since_first, reviews)),
    )  # fmt: skip
    yield Chart("review_count", "reviews", Said("All reviews"), Said("the count on the page"), Form.NUMBER, reviews)
    yield Chart("rating", "rating", Said("Rating"), Said("stars"), Form.FIXED, lines(lambda o: o.rating))
    if report.own.days:
        numbers, others = {day.day: day for day in report.own.days}, tuple((None,) * len(days) for _ in products[1:])
        for key, title in (("units", Said("Your units")), ("sessions", Said("Your sessions"))):
            own = tuple(getattr(numbers[day], key) if day in numbers else None for day in days)
            yield Chart(key, "own", title, Said("from the exports you imported"), Form.NUMBER, (own, *others))
    if not comparison.keywords:
        return
    share = {h.asin: dict(zip(report.shown, h.organic.days, strict=True)) for h in report.share.products}
    yield Chart(
        "share", "share", Said("Share of search"),
        Said("of the organic places on the first pages of all keywords"),
        Form.SHARE, tuple(tuple(share[p.asin].get(day) for day in days) for p in products),
    )  # fmt: skip
    for n, series in enumerate(comparison.keywords):
        yield _places(n, series, products, days)


def _since_first(counts: Line) -> Line:
    first = next((count for count in counts if count is not None), 0)
    return tuple(None if count is None else count - first for count in counts)


def _places(n: int, series: KeywordSeries, products: Sequence[ProductSeries], days: Sequence[date]) -> Chart:
    reads = [series.daily.get(day) for day in days]
    return Chart(
        f"place_{n}", "place", Said("“{keyword}”", {"keyword": series.keyword}),
        Said("organic place; ▽ not on the pages read"),
        Form.NUMBER, tuple(tuple(r.place(p.asin).organic if r else None for r in reads) for p in products),
        upside_down=True, keyword=series.keyword,
        beyond=tuple(tuple(_beyond(r, p.asin) for r in reads) for p in products),
        first_page=max((r.first_page_results for r in reads if r), default=0),
    )  # fmt: skip


def _beyond(read: KeywordRead | None, asin: str) -> int | None:
    if read is None or not read.known(asin) or read.place(asin).organic is not None:
        return None
    return read.pages_read


def rating_map(rows: Sequence[Row]) -> Map:
    """Where the products of a position table stand in price and rating."""
    spots, absent = [], []
    for n, row in enumerate(rows):
        price, rating, reviews = (row.values[key] for key in ("to_pay", "rating", "review_count"))
        if price.value is not None and rating.value is not None:
            count = None if reviews.value is None else int(reviews.value)
            spots.append(Spot(n, price.value, rating.value, count))
        else:
            absent.append((n, row.unread or price.why + rating.why))
    return Map(tuple(spots), tuple(absent))
