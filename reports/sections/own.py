"""The seller's own numbers of a period, against the one before, and beside what the pages of the rivals say.

A total counts the days that an export tells of, and says how many; two periods are compared by what came on a day of
each, so that a missing day is no loss. A ratio is made of the days that have both of its parts. Stock lasts as long as
what can be sold now would at the units of the last two to four weeks.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from statistics import median

from reports.exported import NOTHING, Day, Exported, Longer, Searched
from reports.flags.paid import to_pay
from reports.period import ONE, Days, Period
from reports.sections.against import Summary
from reports.sections.matrix import Column, Place
from reports.sections.values import Form, Measure, Number
from reports.sentences import Said
from reports.series import Comparison

SALES_DAYS, LEAST_DAYS = 30, 14
"""Days with units that the pace of sales is taken from, at most and at least."""
FRESH = 14
"""Days after which a count of the stock says nothing of today."""
BY_DAY = 31
"""Days of a period up to which they are told one by one, and not by week."""

Pick = Callable[[Day], Number | None]
NO_EXPORT = Said("no export has these days")

SESSIONS = Measure("sessions", "Sessions", Form.NUMBER, 1)
UNITS = Measure("units", "Units", Form.NUMBER, 1)
CONVERSION = Measure("conversion", "Conversion", Form.SHARE, 1)
SALES = Measure("sales", "Sales", Form.MONEY, 1)
BUY_BOX = Measure("buy_box", "Buy Box share", Form.SHARE, 1)
AD_SPEND = Measure("ad_spend", "Ad spend", Form.MONEY)
AD_SALES = Measure("ad_sales", "Ad sales", Form.MONEY, 1)
ACOS = Measure("acos", "ACoS", Form.SHARE, -1)
TACOS = Measure("tacos", "TACoS", Form.SHARE, -1)

_TOTALS: dict[Measure, Pick] = {
    SESSIONS: lambda day: day.sessions,
    UNITS: lambda day: day.units,
    SALES: lambda day: day.sales,
    AD_SPEND: lambda day: day.ad_spend,
    AD_SALES: lambda day: day.ad_sales,
}
_RATIOS: dict[Measure, tuple[Pick, Pick]] = {
    CONVERSION: (lambda day: day.units, lambda day: day.sessions),
    BUY_BOX: (
        lambda day: None if day.buy_box_percent is None else day.buy_box_percent / 100 * (day.page_views or 0),
        lambda day: None if day.buy_box_percent is None else day.page_views,
    ),
    ACOS: (lambda day: day.ad_spend, lambda day: day.ad_sales),
    TACOS: (lambda day: day.ad_spend, lambda day: day.sales),
}
_WITHOUT = {
    CONVERSION: Said("no session in these days"),
    BUY_BOX: Said("no page view in these days"),
    ACOS: Said("no sale by an ad in these days"),
    TACOS: Said("no sale in these days"),
}
MEASURES = (SESSIONS, UNITS, CONVERSION, SALES, BUY_BOX, AD_SPEND, AD_SALES, ACOS, TACOS)


@dataclass(frozen=True, slots=True)
class Line:
    """One measure in both periods."""

    measure: Measure
    now: Summary
    before: Summary
    days: tuple[Number | None, ...] = field(default=(), repr=False)
    """By day of the charts, None where no export says it."""

    @property
    def ratio(self) -> bool:
        return self.measure in _RATIOS

    @property
    def a_day(self) -> tuple[Decimal | None, Decimal | None]:
        """Of a total, what came on a day of the period, and of the one before."""
        now, before = (
            None if self.ratio or part.value is None else Decimal(part.value) / part.of
            for part in (self.now, self.before)
        )
        return now, before

    @property
    def paces(self) -> tuple[Number | None, Number | None]:
        """What two periods are compared by: what came on a day, or the ratio."""
        return (self.now.value, self.before.value) if self.ratio else self.a_day

    @property
    def change(self) -> Decimal | None:
        """Of a ratio by how much it differs, of a total by what part of what came on a day before; None where one of
        the two is not known."""
        if self.ratio:
            known = self.now.value is not None and self.before.value is not None
            return Decimal(self.now.value or 0) - Decimal(self.before.value or 0) if known else None
        now, before = self.a_day
        return None if now is None or not before else now / before - 1


@dataclass(frozen=True, slots=True)
class Cover:
    """How long the stock lasts."""

    days: Decimal | None
    why: tuple[Said, ...] = ()
    """Why that is not known."""
    counted: date | None = None
    """When it was counted."""
    fulfillable: int | None = None
    inbound: int | None = None
    pace: Decimal | None = None
    """Units a day ..."""
    of: int = 0
    """... in the mean of so many days."""


@dataclass(frozen=True, slots=True)
class Beside:
    """A day or a week: the own numbers, and what the pages say."""

    days: Days
    own: dict[str, Number | None]
    """By the keys of the measures."""
    price: Decimal | None
    """The own price to pay; of a week the median, as of the others."""
    bsr: Decimal | None
    cheapest: Decimal | None
    """The lowest price to pay of all rivals."""


@dataclass(frozen=True, slots=True)
class Term:
    """A search term that ads were shown for."""

    searched: Searched
    place: Place | None
    """Where the listing stands for it as a keyword; None where it is not watched."""

    @property
    def acos(self) -> Decimal | None:
        spend, sales = self.searched.spend, self.searched.sales
        return None if spend is None or not sales else spend / sales


@dataclass(frozen=True, slots=True)
class Own:
    """The own numbers of a period."""

    lines: tuple[Line, ...] = ()
    cover: Cover = Cover(None)
    beside: tuple[Beside, ...] = ()
    """Empty where no day of the period has numbers."""
    terms: tuple[Term, ...] = ()
    terms_of: Days | None = None
    longer: tuple[Longer, ...] = ()
    """What exports say of several days at once, and no total here counts."""
    imported: bool = False
    """Whether there was ever an export of this product."""
    days: tuple[Day, ...] = field(default=(), repr=False)
    """Those of the charts that an export tells of."""
    says: tuple[Said, ...] = ()
    """The period in a sentence; empty without numbers."""


def reach(period: Period, shown: Days) -> Days:
    """The days whose numbers are looked at."""
    return Days(min(shown.first, period.against.first, period.days.last - SALES_DAYS * ONE), period.days.last)


def own_numbers(
    comparison: Comparison, period: Period, shown: Days, keywords: Sequence[Column], found: Exported = NOTHING
) -> Own:
    """The own numbers of a listing's period. ``keywords``: where it stands for those that are watched."""
    if not found.any:
        return Own()
    lines = tuple(_line(measure, period, shown, found) for measure in MEASURES)
    told = tuple(line for line in lines if line.now.value is not None or line.before.value is not None)
    cover = _cover(period.days.last, found)
    places = {column.series.keyword.casefold(): column.places[comparison.own.asin] for column in keywords}
    return Own(
        lines=told,
        cover=cover,
        beside=_known([_beside(comparison, days, found) for days in _parts(period.days)]),
        terms=tuple(Term(each, places.get(each.term)) for each in found.terms),
        terms_of=found.terms_of,
        longer=found.longer,
        imported=True,
        days=tuple(day for day in found.days.values() if day.day in shown),
        says=tuple(_says(lines, cover)),
    )


def _line(measure: Measure, period: Period, shown: Days, found: Exported) -> Line:
    now, before = (_summary(measure, _of(days, found)) for days in (period.days, period.against))
    days = tuple(_summary(measure, _of(Days(day, day), found)).value for day in shown)
    return Line(measure, now, before, days)


def _of(days: Days, found: Exported) -> list[Day]:
    return [day for each in days if (day := found.days.get(each))]


def _summary(measure: Measure, days: Iterable[Day]) -> Summary:
    """A total or a ratio of the days that say what it is made of."""
    if measure in _TOTALS:
        parts = [part for day in days if (part := _TOTALS[measure](day)) is not None]
        return Summary(sum(parts), len(parts)) if parts else Summary(None, why=(NO_EXPORT,))
    above, below = _RATIOS[measure]
    both = [(a, b) for day in days if (a := above(day)) is not None and (b := below(day)) is not None]
    if not both:
        return Summary(None, why=(NO_EXPORT,))
    whole = sum((Decimal(b) for _, b in both), Decimal(0))
    if not whole:
        return Summary(None, len(both), (_WITHOUT[measure],))
    return Summary(sum((Decimal(a) for a, _ in both), Decimal(0)) / whole, len(both))


def _cover(last: date, found: Exported) -> Cover:
    counted = max(
        (day for day in found.days.values() if day.fulfillable is not None), key=lambda d: d.day, default=None
    )
    if counted is None or last - counted.day > FRESH * ONE:
        return Cover(None, (Said("no count of the stock in the last {days:number} days", {"days": FRESH}),))
    units = [day.units for day in found.days.values() if day.units is not None and day.day <= counted.day][-SALES_DAYS:]
    about = {"counted": counted.day, "fulfillable": counted.fulfillable, "inbound": counted.inbound}
    if len(units) < LEAST_DAYS:
        facts = {"days": len(units), "least": LEAST_DAYS}
        why = Said("units of {days:count day|days} only; it takes {least:number} to tell a pace", facts)
        return Cover(None, (why,), **about)  # type: ignore[arg-type]
    pace = Decimal(sum(units)) / len(units)
    if not pace:
        why = Said("nothing was sold in {days:count day|days}", {"days": len(units)})
        return Cover(None, (why,), pace=pace, of=len(units), **about)  # type: ignore[arg-type]
    return Cover((counted.fulfillable or 0) / pace, pace=pace, of=len(units), **about)  # type: ignore[arg-type]


def _parts(days: Days) -> list[Days]:
    """The days one by one, or by calendar week where they are many; the newest first."""
    if len(days) <= BY_DAY:
        return [Days(day, day) for day in reversed(list(days))]
    weeks: dict[date, list[date]] = {}
    for day in days:
        weeks.setdefault(day - day.weekday() * ONE, []).append(day)
    return [Days(week[0], week[-1]) for week in reversed(weeks.values())]


def _known(parts: Sequence[Beside]) -> tuple[Beside, ...]:
    """From the first that has numbers to the last, those between them included."""
    known = [n for n, part in enumerate(parts) if any(value is not None for value in part.own.values())]
    return tuple(parts[known[0] : known[-1] + 1]) if known else ()


def _beside(comparison: Comparison, days: Days, found: Exported) -> Beside:
    mine = _of(days, found)
    seen = [page for day in days if (page := comparison.own.daily.get(day))]
    cheapest = [
        min(prices)
        for day in days
        if (
            prices := [
                price
                for p in comparison.products
                if not p.own and (o := p.daily.get(day)) and (price := to_pay(o)) is not None
            ]
        )
    ]
    return Beside(
        days=days,
        own={measure.key: _summary(measure, mine).value for measure in MEASURES},
        price=_median(price for page in seen if (price := to_pay(page)) is not None),
        bsr=_median(Decimal(page.bsr) for page in seen if page.bsr is not None),
        cheapest=_median(cheapest),
    )


def _median(values: Iterable[Decimal]) -> Decimal | None:
    found = list(values)
    return median(found) if found else None


def _says(lines: Sequence[Line], cover: Cover) -> Iterable[Said]:
    values = {line.measure: line for line in lines if line.now.value is not None}
    if UNITS in values:
        line = values[UNITS]
        facts = {"units": line.now.value, "days": line.now.of, "pace": line.a_day[0]}
        yield Said("{units:count unit|units} in {days:count day|days}, {pace:fixed} a day", facts)
        if line.change is not None:
            yield Said("{change:percent} a day against the period before", {"change": line.change})
    if CONVERSION in values:
        yield Said("conversion {share:share}", {"share": values[CONVERSION].now.value})
    if ACOS in values:
        yield Said("ACoS {share:share}", {"share": values[ACOS].now.value})
    if cover.days is not None:
        yield Said("stock for {days:number} days", {"days": round(cover.days)})
