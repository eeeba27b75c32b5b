"""Two periods compared: per product, what each measure was in the period and in the earlier one.

A measure is summed up so that one odd night does not decide it: prices, ranks and places by their median. Of ranks, of
which it is the ratio that matters, the median is the right one: it is the same on a logarithmic scale. Ranks count in
one main category only, that of the newest page; a period in another has none to compare. A place beyond the pages read
is known to be no better than the next after their last: where the median falls among such, it is not known, only that
it is no better. Keywords are those read in both periods; where none was read in the earlier one, those of the period.
Reviews are counted by day, for the days that two counts span differ from one period to the other. Who usually holds the
Buy Box is who did in the earlier period: that another one has taken it over is a loss, for however long.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, inf
from statistics import median

from reports.flags.paid import to_pay
from reports.period import ONE, Days, Period
from reports.sections.reasons import because, why
from reports.sections.share import Held, Shares
from reports.sections.values import Form, Measure, Number
from reports.sentences import Said
from reports.series import Comparison, KeywordRead, KeywordSeries, Observation, ProductSeries


@dataclass(frozen=True, slots=True)
class Summary:
    """One measure of one product in one period."""

    value: Number | None
    of: int = 0
    """Days that it rests on; of places, readings."""
    why: tuple[Said, ...] = ()
    """Why there is no value."""


@dataclass(frozen=True, slots=True)
class Against:
    """One measure of one product in both periods."""

    now: Summary
    before: Summary

    @property
    def difference(self) -> Number | None:
        """None where one of the two is not known."""
        if self.now.value is None or self.before.value is None:
            return None
        return self.now.value - self.before.value


@dataclass(frozen=True, slots=True)
class Compared:
    """One product, with its measures by key."""

    asin: str
    own: bool
    values: dict[str, Against]


def against(comparison: Comparison, period: Period, shares: Shares) -> tuple[Compared, ...]:
    """Each product in both periods, the own one first. ``shares``: those of both."""
    both = [k for k in comparison.keywords if reads_of([k], period.days) and reads_of([k], period.against)]
    reads = {days: reads_of(both or comparison.keywords, days) for days in (period.days, period.against)}
    shown = measures(comparison)
    found = []
    for product, holder in zip(comparison.products, shares.products, strict=True):
        seller, newest = _usual_seller(product, period), _newest_rank(product, period.days)
        held = (holder.organic, holder.sponsored)
        parts = []
        for days, share in ((period.days, _share_now), (period.against, _share_before)):
            read = [seen for day in days if (seen := product.daily.get(day))]
            paid = [price for seen in read if (price := to_pay(seen)) is not None]
            parts.append(_Part(product, days, read, paid, reads[days], seller, newest, tuple(map(share, held))))
        now, before = parts
        values = {m.key: Against(tell(now), tell(before)) for m, tell in _TOLD.items() if m in shown}
        found.append(Compared(product.asin, product.own, values))
    return tuple(found)


def measures(comparison: Comparison) -> tuple[Measure, ...]:
    """The rows or columns, in order: those of search results only where a keyword is watched."""
    return tuple(m for m in _TOLD if comparison.keywords or m not in (ORGANIC, SHARE, ADS))


@dataclass(frozen=True, slots=True)
class _Part:
    """One product in one of the periods."""

    product: ProductSeries
    days: Days
    seen: Sequence[Observation]
    """By day, those that were read."""
    paid: Sequence[Decimal]
    """The price to pay on the days on which it is known."""
    reads: Sequence[KeywordRead]
    """Those that stand for the days, of the keywords read in both periods."""
    seller: str | None
    """Who usually holds the Buy Box."""
    newest: Observation | None
    """The newest page with a rank."""
    shares: tuple[Decimal | None, ...]
    """Of the results and of the ads."""

    def without(self, name: str) -> tuple[Said, ...]:
        """Why nothing is known of a field: what the newest page says, else why there is none."""
        if self.seen:
            return why(self.seen[-1], name)
        lost = Counter(failure.outcome for failure in self.product.failures if failure.day in self.days)
        watched = any(map(self.product.watched_on, self.days))
        return (because(lost.most_common(1)[0][0] if lost else "not_crawled" if watched else "not_watched"),)


def _to_pay(part: _Part) -> Summary:
    paid = part.paid
    return Summary(median(paid), len(paid)) if paid else Summary(None, why=part.without("to_pay"))


def _lowest(part: _Part) -> Summary:
    paid = part.paid
    return Summary(min(paid), len(paid)) if paid else Summary(None, why=part.without("to_pay"))


def _bsr(part: _Part) -> Summary:
    ranked = [seen for seen in part.seen if seen.bsr is not None]
    ranks = [seen.bsr or 0 for seen in ranked if part.newest and seen.same_category(part.newest)]
    if not ranks:
        return Summary(None, why=(Said("ranked in another category"),) if ranked else part.without("bsr"))
    return Summary(round(median(ranks)), len(ranks))


def _reviews(part: _Part) -> Summary:
    """From the last count before the period (one day in seven back where the night before has none) to its last."""
    counted = [(seen.day, seen.review_count) for seen in part.seen if seen.review_count is not None]
    for back in range(1, 2 + len(part.days) // 7):
        seen = part.product.daily.get(part.days.first - back * ONE)
        if seen is not None and seen.review_count is not None:
            counted.insert(0, (seen.day, seen.review_count))
            break
    if len(counted) < 2:
        reason = (Said("needs two counts"),) if counted else part.without("review_count")
        return Summary(None, why=reason)
    (first, was), (last, now) = counted[0], counted[-1]
    return Summary(Decimal(now - was) / (last - first).days, (last - first).days)


def _rating(part: _Part) -> Summary:
    rated = [seen.rating for seen in part.seen if seen.rating is not None]
    return Summary(rated[-1], 1) if rated else Summary(None, why=part.without("rating"))


def _in_stock(part: _Part) -> Summary:
    return _part_of([seen.in_stock for seen in part.seen if seen.in_stock is not None], part.without("in_stock"))


def _buy_box(part: _Part) -> Summary:
    sellers = [seller for seen in part.seen if (seller := seen.seller_id or seen.seller)]
    return _part_of([seller == part.seller for seller in sellers], part.without("seller"))


def _part_of(days: Sequence[bool], without: tuple[Said, ...]) -> Summary:
    return Summary(Decimal(sum(days)) / len(days), len(days)) if days else Summary(None, why=without)


def _organic(part: _Part) -> Summary:
    return placed(part.product.asin, part.reads)


def placed(asin: str, reads: Sequence[KeywordRead]) -> Summary:
    """The median organic place of a product over these readings."""
    places = [(read.place(asin).organic, read.organic_results + 1) for read in reads if read.known(asin)]
    if not places:
        return Summary(None, why=(Said("no keyword read"),))
    best = median(place or beyond for place, beyond in places)
    worst = median(place or inf for place, _ in places)
    if best != worst:
        said = Said("{place:number} at best: mostly beyond the pages read", {"place": ceil(best)})
        return Summary(None, len(places), (said,))
    return Summary(Decimal(best), len(places))


def _held(part: _Part, n: int) -> Summary:
    share = part.shares[n]
    nothing = Said("no keyword read") if n == 0 else Said("no ads seen")
    return Summary(share) if share is not None else Summary(None, why=(nothing,))


def _nights(part: _Part) -> Summary:
    days = sum(part.product.watched_on(day) or day in part.product.daily for day in part.days)
    return Summary(len(part.seen), days) if days else Summary(None, why=(because("not_watched"),))


def reads_of(keywords: Sequence[KeywordSeries], days: Days) -> list[KeywordRead]:
    """The readings of these keywords that stand for the days."""
    return [read for series in keywords for day in days if (read := series.daily.get(day)) and read.pages_read]


def _usual_seller(product: ProductSeries, period: Period) -> str | None:
    """Who mostly held the Buy Box in the earlier period; where that is not known, in the later."""
    for days in (period.against, period.days):
        seen = filter(None, map(product.daily.get, days))
        if sellers := Counter(seller for each in seen if (seller := each.seller_id or each.seller)):
            return sellers.most_common(1)[0][0]
    return None


def _newest_rank(product: ProductSeries, days: Days) -> Observation | None:
    return next((seen for seen in reversed(product.observations) if seen.day <= days.last and seen.bsr), None)


def _share_now(held: Held) -> Decimal | None:
    """Of the keywords that were read in both periods, where there are any."""
    return held.share if held.before is None or held.change is None else held.before + held.change


def _share_before(held: Held) -> Decimal | None:
    return held.before


ORGANIC = Measure("organic", "Organic place, median", Form.NUMBER, better=-1, rank=True)
SHARE = Measure("share", "Share of the results", Form.SHARE, better=1)
ADS = Measure("ads", "Share of the ads", Form.SHARE)
_TOLD: dict[Measure, Callable[[_Part], Summary]] = {
    Measure("to_pay", "To pay, median", Form.MONEY): _to_pay,
    Measure("lowest", "To pay, lowest", Form.MONEY): _lowest,
    Measure("bsr", "BSR, median", Form.NUMBER, better=-1, rank=True): _bsr,
    Measure("reviews", "Reviews per day", Form.FIXED): _reviews,
    Measure("rating", "Rating at the end", Form.FIXED, better=1): _rating,
    Measure("in_stock", "Days in stock", Form.SHARE, better=1): _in_stock,
    Measure("buy_box", "Buy Box with the usual seller", Form.SHARE, better=1): _buy_box,
    ORGANIC: _organic,
    SHARE: lambda part: _held(part, 0),
    ADS: lambda part: _held(part, 1),
    Measure("nights", "Nights read", Form.NUMBER): _nights,
}
