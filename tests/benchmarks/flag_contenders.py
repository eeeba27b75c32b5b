"""Who judges the same worlds: this project's flags, the fixed thresholds of commercial tools, and change points.

Each says which kinds it can tell; of the others it is not asked.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import ruptures
from numpy.typing import NDArray

from reports.flags import Kind, Rules, flags
from reports.series import Comparison, KeywordSeries, Observation, ProductSeries


class Told(NamedTuple):
    """One flag of a contender."""

    kind: Kind
    asin: str | None
    keyword: str | None
    day: date
    sentence: str = ""


class Contender(NamedTuple):
    name: str
    tells: frozenset[Kind]
    judge: Callable[[Comparison], Iterator[Told]]


def ours(comparison: Comparison) -> Iterator[Told]:
    for flag in flags(comparison, Rules()):
        yield Told(flag.kind, flag.asin, flag.keyword, flag.day, flag.sentence)


# The thresholds sellers set in such tools, or find set: what the tools' own help pages propose as alerts. Everything
# is compared with the reading before; nothing is known of the usual course.
PRICE_STEP = 0.05
"""Share: below it every repricer would ring."""
BSR_STEP = 0.5
"""Share of the rank of the day before, up or down."""
NEW_REVIEWS = 10
"""In one day."""
RATING_STEP = 0.1
"""What the page can show."""
PLACES = 5
"""Organic places from one reading to the next."""
FEW_LEFT = 10
"""The site itself says how many are left from there on."""
TOPS = (10, 100)


def thresholds(comparison: Comparison) -> Iterator[Told]:
    own = comparison.own.daily
    for product in comparison.products:
        yield from _offer(product, own)
        yield from _page(product)
    for keyword in comparison.keywords:
        for product in comparison.products:
            yield from _places(comparison, keyword, product)
        met: set[str] = set()
        for read in keyword.reads:
            for asin, _ in read.strangers:
                if asin not in met:
                    yield Told(Kind.NEWCOMER, asin, keyword.keyword, read.day)
            met |= {asin for asin, _ in read.strangers}


def _offer(product: ProductSeries, own: Mapping[date, Observation]) -> Iterator[Told]:
    asin = product.asin
    low: Decimal | None = None

    def told(kind: Kind, seen: Observation) -> Told:
        return Told(kind, asin, None, seen.day)

    for old, new in _known(product, "price"):
        step = float((new.price or 0) / (old.price or 1)) - 1
        if abs(step) >= PRICE_STEP:
            yield told(Kind.PRICE_CUT if step < 0 else Kind.PRICE_RISE, new)
    for old, new in _known(product, "to_pay"):
        was, now = old.to_pay or Decimal(0), new.to_pay or Decimal(0)
        low = was if low is None else low
        if now < low:
            yield told(Kind.LOWEST_IN_90_DAYS, new)
            low = now
        mine = own[new.day].to_pay if new.day in own else None
        if not product.own and mine is not None and now < mine <= was:
            yield told(Kind.UNDERCUT, new)
    shown = [o for o in product.observations if o.in_stock and not o.unread("coupon_percent") and o.is_deal is not None]
    for old, new in pairwise(shown):
        if old.coupon_percent != new.coupon_percent:
            started, ended = old.coupon_percent is None, new.coupon_percent is None
            yield told(Kind.COUPON_STARTED if started else Kind.COUPON_ENDED if ended else Kind.COUPON_CHANGED, new)
        if old.is_deal != new.is_deal:
            yield told(Kind.DEAL_STARTED if new.is_deal else Kind.DEAL_ENDED, new)
        both = [bool(o.coupon_percent and o.is_deal) for o in (old, new)]
        if product.own and both == [False, True]:
            yield told(Kind.PROMOTIONS_STACKED, new)
        if new.stock_left and new.stock_left <= FEW_LEFT and not old.stock_left:
            yield told(Kind.RUNNING_LOW, new)
        if not product.own and (new.offer_count or 0) > (old.offer_count or 0):
            yield told(Kind.OFFERS_MULTIPLYING, new)
        if product.own and (new.offer_count or 0) > (old.offer_count or 0):
            yield told(Kind.HIJACKER, new)
    for old, new in _known(product, "in_stock"):
        if old.in_stock != new.in_stock:
            yield told(Kind.BACK_IN_STOCK if new.in_stock else Kind.OUT_OF_STOCK, new)
    for old, new in _known(product, "seller"):
        if old.seller != new.seller:
            yield told(Kind.BUY_BOX_LOST if product.own else Kind.BUY_BOX_CHANGED, new)


def _page(product: ProductSeries) -> Iterator[Told]:
    def told(kind: Kind, day: date) -> Told:
        return Told(kind, product.asin, None, day)

    days = [product.daily[day] for day in sorted(product.daily)]
    for old, new in pairwise([o for o in days if o.bsr]):
        factor = (new.bsr or 1) / (old.bsr or 1)
        if abs(factor - 1) >= BSR_STEP and old.bsr_category == new.bsr_category:
            yield told(Kind.BSR_JUMP if factor < 1 else Kind.BSR_SLUMP, new.day)
        for limit in TOPS:
            inside = [min(line.rank for line in o.ranks) <= limit for o in (old, new)]
            if inside[0] != inside[1]:
                yield told(Kind.TOP_RANK_ENTERED if inside[1] else Kind.TOP_RANK_LEFT, new.day)
        if old.bsr_category != new.bsr_category:
            yield told(Kind.CATEGORY_CHANGED, new.day)
    for old, new in pairwise([o for o in days if o.review_count is not None]):
        more = (new.review_count or 0) - (old.review_count or 0)
        if more >= NEW_REVIEWS:
            yield told(Kind.REVIEW_BURST, new.day)
        elif more < 0:
            yield told(Kind.REVIEWS_REMOVED, new.day)
    for old, new in pairwise([o for o in days if o.rating is not None]):
        step = float(new.rating or 0) - float(old.rating or 0)
        if abs(step) >= RATING_STEP - 1e-9:
            yield told(Kind.RATING_ROSE if step > 0 else Kind.RATING_FELL, new.day)
    texts = {
        "title": Kind.TITLE_CHANGED, "bullets": Kind.BULLETS_CHANGED, "main_image": Kind.IMAGE_CHANGED,
        "variation_count": Kind.VARIATIONS_CHANGED, "has_a_plus": Kind.A_PLUS_CHANGED, "has_video": Kind.VIDEO_CHANGED,
    }  # fmt: skip
    for name, kind in texts.items():
        for old, new in _known(product, name):
            if getattr(old, name) != getattr(new, name):
                yield told(kind, new.day)
    for old, new in _known(product, "badges"):
        was, now = set(old.badges or ()), set(new.badges or ())
        if now - was:
            yield told(Kind.BADGE_GAINED, new.day)
        if was - now:
            yield told(Kind.BADGE_LOST, new.day)
    there = sorted(
        [(o.observed_at, o.day, True) for o in product.observations]
        + [(f.observed_at, f.day, False) for f in product.failures if f.outcome == "not_found"]
    )
    for (_, _, was_there), (_, day, is_there) in pairwise(there):
        if was_there != is_there:
            yield told(Kind.LISTING_BACK if is_there else Kind.LISTING_GONE, day)


def _places(comparison: Comparison, series: KeywordSeries, product: ProductSeries) -> Iterator[Told]:
    reads = [r for r in series.reads if r.pages_read == series.pages]
    for old, new in pairwise(reads):
        before, after = old.place(product.asin), new.place(product.asin)
        was, now = (p.organic or r.organic_results + 1 for p, r in ((before, old), (after, new)))
        on_page = [place <= read.first_page_results for place, read in ((was, old), (now, new))]
        if on_page[0] != on_page[1]:
            kind = Kind.KEYWORD_GAINED if on_page[1] else Kind.KEYWORD_LOST
            yield Told(kind, product.asin, series.keyword, new.day)
        elif abs(was - now) >= PLACES:
            kind = Kind.PLACE_CLIMBED if now < was else Kind.PLACE_FELL
            yield Told(kind, product.asin, series.keyword, new.day)
        mine = [r.place(comparison.own.asin).organic for r in (old, new)]
        if not product.own and mine[0] and mine[1] and was > mine[0] and now < mine[1]:
            yield Told(Kind.PASSED_OWN, product.asin, series.keyword, new.day)
        if bool(before.sponsored) != bool(after.sponsored):
            kind = Kind.SPONSORED_GAINED if after.sponsored else Kind.SPONSORED_LOST
            yield Told(kind, product.asin, series.keyword, new.day)


def _known(product: ProductSeries, name: str) -> Iterator[tuple[Observation, Observation]]:
    """Neighbouring observations that have the field."""
    return pairwise([o for o in product.observations if getattr(o, name) is not None])


WINDOW = 60
"""Nights looked back on each night."""
FRESH = 3
"""A change point so many nights back or fewer is news."""
PENALTY = 30.0
"""Times log(n), on series in units of their own night-to-night noise: of 2, 3, 5, 8, 12, 20, 30 and 50 the one with the
best F1 on the development worlds."""


def change_points(comparison: Comparison) -> Iterator[Told]:
    """PELT with the l2 cost (Killick, Fearnhead & Eckley, JASA 107, 2012), each night on the last 60 readings."""
    for product in comparison.products:
        days = [product.daily[day] for day in sorted(product.daily)]
        prices = [(o.day, float(np.log(float(o.price)))) for o in days if o.price]
        yield from _shifts(prices, 0.005, (Kind.PRICE_CUT, Kind.PRICE_RISE), product.asin, None)
        bsr = [(o.day, float(np.log(o.bsr))) for o in days if o.bsr]
        yield from _shifts(bsr, 0.02, (Kind.BSR_JUMP, Kind.BSR_SLUMP), product.asin, None)
        counted = [o for o in days if o.review_count is not None]
        new = [
            (b.day, ((b.review_count or 0) - (a.review_count or 0)) / (b.day - a.day).days)
            for a, b in pairwise(counted)
        ]
        yield from _shifts(new, 0.5, (None, Kind.REVIEW_BURST), product.asin, None)
    for series in comparison.keywords:
        reads = [series.daily[day] for day in sorted(series.daily) if series.daily[day].pages_read == series.pages]
        for product in comparison.products:
            places = [(r.day, float(r.place(product.asin).organic or r.organic_results * 1.2)) for r in reads]
            if len({place for _, place in places}) > 1:
                logs = [(day, float(np.log(place))) for day, place in places]
                yield from _shifts(logs, 0.03, (Kind.PLACE_CLIMBED, Kind.PLACE_FELL), product.asin, series.keyword)


def _shifts(
    series: list[tuple[date, float]],
    finest: float,
    kinds: tuple[Kind | None, Kind],
    asin: str,
    keyword: str | None,
) -> Iterator[Told]:
    """Change points of a series as (fell, rose), each told once; ``finest`` is the least noise it is taken to have."""
    values: NDArray[np.float64] = np.array([value for _, value in series])
    told = -WINDOW
    for now in range(14, len(values)):
        seen = values[max(0, now + 1 - WINDOW) : now + 1]
        noise = max(finest, float(np.std(np.diff(seen))) / np.sqrt(2))
        fit = ruptures.KernelCPD(kernel="linear", min_size=2).fit((seen / noise)[:, None])
        ends = fit.predict(pen=PENALTY * np.log(len(seen)))
        if len(ends) < 2 or len(seen) - ends[-2] > FRESH:
            continue
        at = now + 1 - (len(seen) - ends[-2])
        start = ends[-3] if len(ends) > 2 else 0
        kind = kinds[int(seen[ends[-2] :].mean() > seen[start : ends[-2]].mean())]
        if kind is not None and at - told > FRESH:
            yield Told(kind, asin, keyword, series[now][0])
        told = at


NOT_OF_THRESHOLDS = {
    Kind.PRICE_WAR, Kind.SEE_SAW, Kind.LOWEST_EVER, Kind.REVIEWS_MERGED, Kind.LOW_STAR_WAVE, Kind.SHARE_GAINED,
    Kind.SHARE_LOST, Kind.NEWLY_WATCHED, Kind.MARKET_BSR, Kind.MARKET_PRICE, Kind.MARKET_REVIEWS,
}  # fmt: skip
"""What no single number crosses a threshold in."""
SHIFTS = {
    Kind.PRICE_CUT, Kind.PRICE_RISE, Kind.BSR_JUMP, Kind.BSR_SLUMP, Kind.REVIEW_BURST, Kind.PLACE_CLIMBED,
    Kind.PLACE_FELL,
}  # fmt: skip
CONTENDERS = (
    Contender("these flags", frozenset(Kind), ours),
    Contender("fixed thresholds", frozenset(set(Kind) - NOT_OF_THRESHOLDS), thresholds),
    Contender("change points (ruptures)", frozenset(SHIFTS), change_points),
)
