"""How good the data of a period is: what was read of what was asked for, and why the rest was not.

A page counts by its day: the last one that was read stands for the day, and a day on which none came is lost. That the
page shows no such thing (it is out of stock, so it has no coupon) is an answer, and counts as read. Nights on which
nothing was asked for (the tracker did not run) are told apart: they are no failure of reading.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from reports.series import NOT_THERE, Comparison, Gap, KeywordSeries, Observation, ProductSeries

GAP_FIELDS = ("price", "bsr", "rating", "review_count", "in_stock", "seller")
"""Fields whose absence is told run by run."""
COUNTED_FIELDS = ("price", "coupon_percent", "is_deal", "bsr", "rating", "review_count", "in_stock", "seller")
"""Fields that the tables and charts are made of: their values are counted."""
OFFERED = frozenset({"price", "seller"})
"""What a page shows of an offer only: out of stock, it has none."""
NO_REASON = "no_reason_recorded"


@dataclass(frozen=True, slots=True)
class Coverage:
    """Nights of one product or keyword in the period."""

    name: str
    """ASIN or keyword."""
    own: bool
    read: int
    """Nights on which its page was read: of a keyword, all its pages."""
    partly: int
    """Of a keyword: nights on which only its first pages were read."""
    asked: int
    """Nights on which anything was asked for; the others are ``idle``."""
    idle: int
    """Nights on which it was watched and nothing was asked for."""
    reasons: Mapping[str, int]
    """Why nights that were asked for were not read, or not to the last page; the most frequent first."""


@dataclass(frozen=True, slots=True)
class FieldCoverage:
    """One field over all product pages that were asked for."""

    field: str
    read: int
    """Values, or a page's word that there is none."""
    asked: int
    reasons: Mapping[str, int]
    """Why the others are missing, the most frequent first."""


@dataclass(frozen=True, slots=True)
class Apart:
    """Pages of a product that are compared with no others: made for another place, or priced in another currency."""

    asin: str
    reason: str
    """``elsewhere: …``, ``other_currency`` or ``currency_unknown``."""
    pages: int
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Quality:
    products: tuple[Coverage, ...]
    keywords: tuple[Coverage, ...]
    fields: tuple[FieldCoverage, ...]
    """The least read first."""
    apart: tuple[Apart, ...]
    """The most pages first."""

    @property
    def values(self) -> tuple[int, int]:
        """Values that were read, of those that were asked for."""
        return sum(f.read for f in self.fields), sum(f.asked for f in self.fields)

    @property
    def pages(self) -> tuple[int, int]:
        """Nights of products and keywords that were read, of those that were asked for."""
        both = (*self.products, *self.keywords)
        return sum(c.read for c in both), sum(c.asked for c in both)

    @property
    def idle(self) -> int:
        """Nights of products and keywords on which nothing was asked for."""
        return sum(c.idle for c in (*self.products, *self.keywords))


def quality(comparison: Comparison) -> Quality:
    """What the comparison's days rest on."""
    return Quality(
        products=tuple(_of_product(comparison, product) for product in comparison.products),
        keywords=tuple(_of_keyword(comparison, series) for series in comparison.keywords),
        fields=tuple(sorted(_fields(comparison), key=lambda f: f.read / f.asked if f.asked else 1)),
        apart=tuple(sorted(_apart(comparison), key=lambda a: -a.pages)),
    )


def gaps(comparison: Comparison) -> tuple[Gap, ...]:
    """What is not known on the comparison's days, in runs of days with one reason."""
    return tuple(_gaps(comparison))


def _gaps(comparison: Comparison) -> Iterator[Gap]:
    zone = comparison.time_zone
    for product in comparison.products:
        whole, fields = [], defaultdict(list)
        for day in comparison.days:
            seen = product.daily.get(day)
            if seen is None:
                whole.append((day, unread_on(product, day, zone)))
                continue
            for name in GAP_FIELDS:
                if getattr(seen, name) is None:
                    reason = seen.missing.get(name, NO_REASON)
                    away = seen.in_stock is False and name in OFFERED and reason in NOT_THERE
                    fields[name].append((day, "out_of_stock" if away else reason))
        for first, last, count, reason in _runs(whole):
            yield Gap(product.asin, None, None, first, last, count, reason)
        for name, days in fields.items():
            for first, last, count, reason in _runs(days):
                yield Gap(product.asin, None, name, first, last, count, reason)
    for series in comparison.keywords:
        unread = [(day, why) for day in comparison.days if (why := _unread(series, day, zone))]
        for first, last, count, reason in _runs(unread):
            yield Gap(None, series.keyword, None, first, last, count, reason)


def unread_on(product: ProductSeries, day: date, zone: str) -> str:
    """Why there is no page of a product of a day (local, in ``zone``) on which it was not read."""
    return _lost(product, day) or _why_not(day, product.watched_from, zone)


def _lost(product: ProductSeries, day: date) -> str | None:
    """What came of the product's page on a day on which it was not read; None where none was asked for."""
    failure = product.failure_on(day)
    return failure.outcome if failure else None


def _unread(series: KeywordSeries, day: date, zone: str) -> str | None:
    """Why the keyword was not read, or not read to its last page, on ``day``; None when it was."""
    read = series.daily.get(day)
    if read is not None:
        return read.reason if read.pages_read < series.pages else None
    return _why_not(day, series.watched_from, zone)


def _why_not(day: date, watched_from: datetime, zone: str) -> str:
    """Why nothing was asked for on ``day``."""
    return "not_watched" if day < watched_from.astimezone(ZoneInfo(zone)).date() else "not_crawled"


def _runs(days: list[tuple[date, str]]) -> Iterator[tuple[date, date, int, str]]:
    """Neighbouring days with one reason, as (first, last, count, reason)."""
    start = 0
    for n in range(1, len(days) + 1):
        if n == len(days) or days[n][1] != days[start][1] or days[n][0] - days[n - 1][0] > timedelta(days=1):
            yield days[start][0], days[n - 1][0], n - start, days[start][1]
            start = n


def _often(reasons: Iterable[str]) -> Mapping[str, int]:
    return dict(Counter(reasons).most_common())


def _of_product(comparison: Comparison, product: ProductSeries) -> Coverage:
    days = [day for day in comparison.days if product.watched_on(day)]
    lost = [_lost(product, day) for day in days if day not in product.daily]
    reasons = [reason for reason in lost if reason]
    read = len(days) - len(lost)
    idle = len(lost) - len(reasons)
    return Coverage(product.asin, product.own, read, 0, read + len(reasons), idle, _often(reasons))


def _of_keyword(comparison: Comparison, series: KeywordSeries) -> Coverage:
    days = [day for day in comparison.days if series.watched_on(day)]
    reads = [read for day in days if (read := series.daily.get(day))]
    short = [read for read in reads if read.pages_read < series.pages and read.reason]
    partly = sum(read.pages_read > 0 for read in short)
    reasons = _often(read.reason for read in short if read.reason)
    return Coverage(
        series.keyword,
        own=False,
        read=len(reads) - len(short),
        partly=partly,
        asked=len(reads),
        idle=len(days) - len(reads),
        reasons=reasons,
    )


def _fields(comparison: Comparison) -> Iterator[FieldCoverage]:
    pages, lost = [], []
    for product in comparison.products:
        for day in filter(product.watched_on, comparison.days):
            seen = product.daily.get(day)
            if seen is not None:
                pages.append(seen)
            elif reason := _lost(product, day):
                lost.append(reason)
    for name in COUNTED_FIELDS:
        missing = [reason for seen in pages if (reason := _missing(seen, name))]
        yield FieldCoverage(name, len(pages) - len(missing), len(pages) + len(lost), _often(missing + lost))


def _missing(seen: Observation, name: str) -> str | None:
    """Why a field was not read; None where it was, be it as "there is none"."""
    if getattr(seen, name) is not None:
        return None
    if name == "coupon_percent" and seen.coupon_amount is not None:
        return None
    reason = seen.missing.get(name, NO_REASON)
    return None if reason in NOT_THERE else reason


def _apart(comparison: Comparison) -> Iterator[Apart]:
    for product in comparison.products:
        days = defaultdict(list)
        for day in comparison.days:
            seen = product.daily.get(day)
            if seen is not None and (seen.elsewhere or seen.foreign_price):
                reason = f"elsewhere: {seen.elsewhere}" if seen.elsewhere else seen.missing.get("price", NO_REASON)
                days[reason].append(day)
        for reason, found in days.items():
            yield Apart(product.asin, reason, len(found), found[0], found[-1])
