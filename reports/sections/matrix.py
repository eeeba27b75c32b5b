"""Where each product stands for each keyword at the end of the period: the cells of the keyword matrix, as values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from reports.period import Days
from reports.sections.reasons import because
from reports.sections.values import SPANS
from reports.sentences import Said
from reports.series import Change, Comparison, KeywordRead, KeywordSeries, ProductSeries


@dataclass(frozen=True, slots=True)
class Moved:
    """An organic place against an earlier reading: two places, or one that came from or went beyond the pages read."""

    day: date
    """Of the earlier reading."""
    before: int | None
    after: int | None
    """None: beyond the pages read."""

    @property
    def better(self) -> int:
        """1 where the place is better than it was, -1 where it is worse, 0 where it is the same."""
        before, after = self.before or float("inf"), self.after or float("inf")
        return (before > after) - (before < after)

    @property
    def change(self) -> Change | None:
        """As a change of numbers; None where one of the two is beyond the pages read."""
        if self.before is None or self.after is None:
            return None
        return Change(self.day, Decimal(self.before), Decimal(self.after))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a product stands for a keyword, as an organic result and as an ad."""

    organic: int | None
    """Over all results pages read; None where it is beyond them (``beyond``), or not known (``why``)."""
    beyond: int | None
    """So many pages were read without it among their organic results."""
    sponsored: int | None
    """The best of its ads."""
    why: tuple[Said, ...]
    """Why the organic place is not known."""
    moved: tuple[Moved | None, ...]
    """Against 1, 7 and 30 days before (SPANS); None where the two cannot be compared."""
    days: tuple[int | None, ...]
    """Organic place by day of the charts; None where it was beyond the pages read, or is not known."""
    first: bool = False
    """Whether the organic place is on page one."""


@dataclass(frozen=True, slots=True)
class Column:
    """One keyword."""

    series: KeywordSeries
    why: tuple[Said, ...]
    """Why it was not read at the end of the period; empty when it was."""
    places: Mapping[str, Place]
    """By ASIN."""


def matrix(comparison: Comparison, shown: Days) -> tuple[Column, ...]:
    """A column for each keyword. ``shown``: the days of each place's series."""
    days = tuple(shown)
    return tuple(_column(comparison, series, days) for series in comparison.keywords)


def _column(comparison: Comparison, series: KeywordSeries, days: tuple[date, ...]) -> Column:
    now = series.current(comparison.until)
    last = series.daily.get(comparison.night)
    unread = () if now else (because((last and last.reason) or "not_crawled"),)
    places = {product.asin: _place(product, series, now, unread, days) for product in comparison.products}
    return Column(series, unread, places)


def _place(
    product: ProductSeries,
    series: KeywordSeries,
    now: KeywordRead | None,
    unread: tuple[Said, ...],
    days: tuple[date, ...],
) -> Place:
    asin = product.asin
    line = tuple(r.place(asin).organic if (r := series.daily.get(day)) and r.known(asin) else None for day in days)
    if now is None:
        return Place(None, None, None, unread, (None,) * len(SPANS), line)
    place = now.place(asin)
    if not now.known(asin):
        return Place(None, None, place.sponsored, (because("ambiguous"),), (None,) * len(SPANS), line)
    moved = tuple(_moved(series, now, asin, span) for span in SPANS)
    beyond = None if place.organic else now.pages_read
    return Place(place.organic, beyond, place.sponsored, (), moved, line, first=place.organic_page == 1)


def _moved(series: KeywordSeries, now: KeywordRead, asin: str, span: int) -> Moved | None:
    """The organic place against the reading ``span`` days before, or the nearest up to one day in seven further back.

    None when the two cannot be compared: one of them is beyond pages that do not reach as far as the other.
    """
    days = (now.day - timedelta(days=back) for back in range(span, span + span // 7 + 1))
    then = next((read for day in days if (read := series.daily.get(day)) and read.known(asin)), None)
    if then is None:
        return None
    before, after = then.place(asin).organic, now.place(asin).organic
    # Found beyond the pages read then, it may have stood there all the time; likewise one beyond those read now.
    hidden = (before is None and (after or 0) > then.organic_results) or (
        after is None and (before or 0) > now.organic_results
    )
    return None if hidden or (before is None and after is None) else Moved(then.day, before, after)
