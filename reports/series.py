"""What a comparison holds: one listing, its rivals and keywords, as series that say what is missing.

Instants are UTC; a day is a day in the listing's own time zone. A value is None only with a reason
beside it. Prices are in the currency asked for: an amount shown in any other currency is kept in
``foreign_price`` and never stands in a series.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from reports.defect import Defect
from storage.model import Expected

CURRENT_WITHIN = timedelta(hours=18)
"""An observation is "now" when it is at most this much older than the newest page of the report:
one crawl may straddle midnight, and yesterday's crawl must never pass for today's."""

TESTS_OF_A_PRODUCT = 6
"""Statistical tests of one product in one night: rank, reviews come and gone, rating, low stars, share of search."""

NOT_THERE = frozenset({"absent_on_page", "not_applicable"})
"""Reasons that say something about the product: the page was understood, and there is no such thing.
Any other, and none at all, says only that we do not know."""


class RankLine(NamedTuple):
    """One Best Sellers Rank line of a page."""

    rank: int
    category: str
    category_id: str | None = None

    @property
    def key(self) -> str:
        """The category, by id where the page names one, so that two can be compared."""
        return self.category_id or self.category


class Observation(msgspec.Struct, frozen=True, gc=False):
    """What one product page said, with where it was read. A struct: a hundred thousand of them are made a night."""

    observed_at: datetime
    day: date
    closing: bool
    """Whether it is the day's last observation, the one that stands for the day."""
    fetch_id: int
    language: str | None = None
    """Of the page's texts, as a tag; None where it was not noted."""
    title: str | None = None
    brand: str | None = None
    price: Decimal | None = None
    list_price: Decimal | None = None
    foreign_price: tuple[Decimal, str | None] | None = None
    """Amount and currency as shown, when the currency is not the one asked for, or not known."""
    coupon_percent: Decimal | None = None
    coupon_amount: Decimal | None = None
    deal: str | None = None
    is_deal: bool | None = None
    availability: str | None = None
    in_stock: bool | None = None
    stock_left: int | None = None
    seller: str | None = None
    seller_id: str | None = None
    rating: Decimal | None = None
    review_count: int | None = None
    bsr: int | None = None
    bsr_category: str | None = None
    bsr_category_id: str | None = None
    prime_price: Decimal | None = None
    """For Prime members only, where it differs."""
    variation_count: int | None = None
    parent_asin: str | None = None
    offer_count: int | None = None
    """Other offers that the page announces."""
    offer_from: Decimal | None = None
    rating_percents: tuple[int, ...] | None = None
    """Percent of the ratings that gave 5, 4, 3, 2 and 1 stars."""
    bought_past_month_min: int | None = None
    badges: tuple[tuple[str, str | None], ...] | None = None
    """Kind (see :class:`storage.records.BadgeKind`) and text of each; empty where the page shows none."""
    bullets: tuple[str, ...] | None = None
    image_count: int | None = None
    main_image: str | None = None
    has_a_plus: bool | None = None
    has_video: bool | None = None
    ranks: tuple[RankLine, ...] = ()
    """Every Best Sellers Rank line, the main category first."""
    missing: Mapping[str, str] = msgspec.field(default_factory=dict)
    """Field -> reason, for the fields of this observation that have no value."""
    elsewhere: str | None = None
    """How its page is for another place than the one asked for; then it has no value of the offer."""

    def unread(self, name: str) -> bool:
        """Whether ``name`` has no value for want of reading: then its None says nothing about the product."""
        return getattr(self, name) is None and self.missing.get(name) not in NOT_THERE

    @property
    def to_pay(self) -> Decimal | None:
        """What one item costs who clips the coupon and is a Prime member: None when any part of that is not known."""
        if self.price is None or any(map(self.unread, ("coupon_percent", "coupon_amount", "prime_price"))):
            return None
        price = self.price if self.prime_price is None else min(self.price, self.prime_price)
        if self.coupon_percent:
            price -= (price * self.coupon_percent / 100).quantize(self.price)
        return max(price - (self.coupon_amount or 0), Decimal(0))

    @property
    def main_category(self) -> str:
        """The category of the rank, by id where the page names one, so that two can be compared."""
        return self.bsr_category_id or self.bsr_category or ""

    def same_category(self, other: "Observation") -> bool:
        """Whether the ranks of both count in one category, and so can be compared."""
        return self.main_category == other.main_category


@dataclass(frozen=True, slots=True)
class Failure:
    """A page that was asked for and not read."""

    observed_at: datetime
    day: date
    outcome: str
    detail: str | None = None
    fetch_id: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A value then and now, with the day really compared with."""

    before_day: date
    before: Decimal
    after: Decimal

    @property
    def difference(self) -> Decimal:
        return self.after - self.before

    @property
    def percent(self) -> Decimal | None:
        return self.difference / self.before * 100 if self.before else None


Spells = tuple[tuple[date, date | None], ...]
"""Local days on which something belonged to the listing, from the first to before the last; None is open."""
ALWAYS: Spells = ((date.min, None),)


def _within(spells: Spells, day: date) -> bool:
    return any(first <= day and (last is None or day < last) for first, last in spells)


@dataclass(frozen=True, slots=True)
class ProductSeries:
    """One product over time. ``observations`` reach back before the window (history for baselines)."""

    asin: str
    own: bool
    watched_from: datetime
    observations: tuple[Observation, ...]
    failures: tuple[Failure, ...] = ()
    daily: Mapping[date, Observation] = field(default_factory=dict)
    """The last observation of each day, taken whole: price and stock always come from one page."""
    watched: Spells = ALWAYS
    lowest: tuple[Decimal, date] | None = None
    """Lowest price to pay before the first observation, and its last day; None where nothing is older."""

    def watched_on(self, day: date) -> bool:
        return _within(self.watched, day)

    @property
    def title(self) -> str | None:
        return next((o.title for o in reversed(self.observations) if o.title), None)

    @property
    def brand(self) -> str | None:
        return next((o.brand for o in reversed(self.observations) if o.brand), None)

    def current(self, until: datetime) -> Observation | None:
        """The observation that stands for now, or None when the last crawl did not read the product."""
        last = self.observations[-1] if self.observations else None
        return last if last and until - last.observed_at <= CURRENT_WITHIN else None

    def failure_on(self, day: date) -> Failure | None:
        return next((f for f in reversed(self.failures) if f.day == day), None)

    def change(self, until: datetime, days: int, value: Callable[[Observation], Decimal | None]) -> Change | None:
        """The current value against the one ``days`` days before; None when either is not known.

        When that day has no value, the nearest earlier day stands in, up to one day in seven back.
        """
        now = self.current(until)
        after = value(now) if now else None
        if now is None or after is None:
            return None
        for back in range(days, days + days // 7 + 1):
            then = self.daily.get(now.day - timedelta(days=back))
            before = value(then) if then else None
            if then is not None and before is not None:
                return Change(then.day, before, after)
        return None


@dataclass(frozen=True, slots=True)
class Place:
    """Where one product stood for one keyword: None where it was not among the results read."""

    organic: int | None = None
    organic_page: int | None = None
    sponsored: int | None = None
    sponsored_page: int | None = None
    ambiguous: bool = False
    """The product stood there, and the page's own signs disagree whether as an ad."""


@dataclass(frozen=True, slots=True)
class KeywordRead:
    """One reading of a keyword's result pages in one crawl run.

    ``pages_read`` counts the pages from the first without a break: positions after an unread page
    cannot be counted. A product without a place is *beyond* these pages (censored), not missing;
    with ``pages_read`` 0 nothing is known, and ``reason`` says why.
    """

    run_id: str
    day: date
    began_at: datetime
    """When its first page came; ``observed_at`` is when its last came."""
    observed_at: datetime
    closing: bool
    pages_read: int
    organic_results: int
    """Organic results on the pages read: a censored position is worse than this."""
    first_page_results: int
    fetch_id: int | None
    reason: str | None
    """What came of the first page that was not read; None when all pages asked for were."""
    places: Mapping[str, Place]

    strangers: tuple[tuple[str, int], ...] = ()
    """ASIN and organic place of products on page one, watched or not, that came up for this keyword within the last
    four weeks, where it had been read for two weeks before."""

    def place(self, asin: str) -> Place:
        return self.places.get(asin, NOWHERE)

    def known(self, asin: str) -> bool:
        """Whether the organic place is known, be it as "beyond the pages read"."""
        place = self.place(asin)
        return self.pages_read > 0 and (place.organic is not None or not place.ambiguous)

    def ads_known(self, asin: str) -> bool:
        """Whether it is known that the product is advertised, or that it is not on any page asked for."""
        place = self.place(asin)
        return place.sponsored is not None or (self.pages_read > 0 and self.reason is None and not place.ambiguous)


NOWHERE = Place()


@dataclass(frozen=True, slots=True)
class KeywordSeries:
    keyword: str
    pages: int
    """Result pages the configuration asks for."""
    watched_from: datetime
    reads: tuple[KeywordRead, ...]
    daily: Mapping[date, KeywordRead] = field(default_factory=dict)
    """The last reading of each day that got anywhere; a day of failures only has the last of those."""
    watched: Spells = ALWAYS

    def watched_on(self, day: date) -> bool:
        return _within(self.watched, day)

    def current(self, until: datetime) -> KeywordRead | None:
        """The reading that stands for now, or None when the last crawl got no page of the keyword."""
        last = next((read for read in reversed(self.reads) if read.pages_read), None)
        return last if last and until - last.observed_at <= CURRENT_WITHIN else None


@dataclass(frozen=True, slots=True)
class Gap:
    """Days in a row on which something is not known, and why."""

    asin: str | None
    keyword: str | None
    field: str | None
    """None: the whole page."""
    first: date
    last: date
    days: int
    reason: str


NOTHING_EXPECTED = Expected()


class Expectation(NamedTuple):
    """What the listing was to be like from a local day to before another; None is open."""

    expected: Expected
    first: date
    end: date | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """One listing against its rivals. ``products`` has the own listing first."""

    listing: str
    marketplace: str
    host: str
    currency: str
    time_zone: str
    days: tuple[date, ...]
    """Every calendar day of the window, in order, crawled or not."""
    until: datetime
    products: tuple[ProductSeries, ...]
    keywords: tuple[KeywordSeries, ...]
    gaps: tuple[Gap, ...]
    defects: tuple[Defect, ...] = ()
    """What our reading lost on the marketplace's pages in the window, run by run."""
    expected: tuple[Expectation, ...] = ()
    """What the listing was to be like, in order of time."""
    _tests: dict[date, int] = field(default_factory=dict, repr=False, compare=False)

    def tests(self, day: date) -> int:
        """Statistical tests of a night: of each product watched then, and of each for every keyword."""
        if day not in self._tests:
            keywords = sum(k.watched_on(day) for k in self.keywords)
            products = sum(p.watched_on(day) for p in self.products)
            self._tests[day] = products * (TESTS_OF_A_PRODUCT + keywords)
        return self._tests[day]

    def expected_on(self, day: date) -> Expected:
        """What the listing was to be like on a day: what a crawl of it said last."""
        found = (e.expected for e in reversed(self.expected) if _within(((e.first, e.end),), day))
        return next(found, NOTHING_EXPECTED)

    @property
    def night(self) -> date:
        """The day of the newest page; the window may go on after it."""
        return self.until.astimezone(ZoneInfo(self.time_zone)).date()

    @property
    def own(self) -> ProductSeries:
        return self.products[0]

    @property
    def rivals(self) -> tuple[ProductSeries, ...]:
        return self.products[1:]
